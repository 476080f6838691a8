"""Workers that do their work in this process, when it is handed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import Any

from ita_xl.batch.workers import Limits, Workers


class AtOnce(Executor):
    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:
            done.set_exception(error)
        return done


@contextmanager
def in_this_process(workers: int = 1, limits: Limits | None = None) -> Iterator[Workers]:
    """In the place of `workers.local`."""
    yield Workers(AtOnce(), workers)
