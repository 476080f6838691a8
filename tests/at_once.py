"""An engine that does its work in this process, when it is handed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import Any

from ita_xl.batch.engines import Engine, Limits


class AtOnce(Executor):
    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:
            done.set_exception(error)
        return done


@contextmanager
def in_this_process(workers: int = 1, limits: Limits | None = None) -> Iterator[Engine]:
    """In the place of `engines.local`."""
    yield Engine(AtOnce(), workers)
