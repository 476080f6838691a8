"""Where workbooks are converted: processes of this machine, or a Dask cluster. Both are executors as of
`concurrent.futures`; what they add is how a failure of theirs is told.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ita_xl import __version__, log
from ita_xl.batch.work import prepare
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable

if TYPE_CHECKING:
    from pebble import ProcessPool


_PATIENCE = 10
"""Seconds that a scheduler has to answer."""


LEAST_MEMORY = 256
"""Megabytes without which no process can begin."""


@dataclass(frozen=True)
class Limits:
    """For one workbook: seconds, and megabytes of the process that converts it. 0 is no limit."""

    seconds: float = 120
    memory: int = 1024


@dataclass(frozen=True)
class Workers:
    """number: how many workbooks are converted at a time. address: of the cluster, empty on this machine."""

    executor: Executor
    number: int
    address: str = ""

    def why(self, error: BaseException, name: str, limits: Limits) -> Finding:
        """Why a workbook was not converted. Raises `Unusable` if the cluster itself is gone."""
        if isinstance(error, TimeoutError):
            return Finding(Code.TOOK_TOO_LONG, values={"file": name, "seconds": f"{limits.seconds:g}"})
        kind = type(error).__name__
        if kind in ("ProcessExpired", "BrokenProcessPool", "KilledWorker", "MemoryError"):
            return Finding(Code.PROCESS_DIED, values={"file": name, "detail": kind})
        if self.address and isinstance(error, CancelledError | OSError):
            raise Unusable(Finding(Code.SCHEDULER_LOST, values={"address": self.address})) from error
        return Finding(Code.PROGRAM_FAILED_WORKBOOK_UNCHANGED, values={"log": log.write(error, f"batch: {name}")})


class _Pool(Executor):
    """A pebble pool as an executor: unlike the standard library's it ends a task that takes too long, and a worker
    that dies takes only its own task along."""

    def __init__(self, pool: ProcessPool, seconds: float) -> None:
        self._pool, self._seconds = pool, seconds or None

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        return self._pool.submit(fn, self._seconds, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        if cancel_futures:
            self._pool.stop()
        else:
            self._pool.close()
        if wait:
            self._pool.join()


@contextmanager
def local(number: int, limits: Limits) -> Iterator[Workers]:
    """Processes of this machine."""
    from pebble import ProcessPool

    pool = ProcessPool(number, initializer=prepare, initargs=(limits.memory,), context=get_context("spawn"))
    executor = _Pool(pool, limits.seconds)
    try:
        yield Workers(executor, number)
    finally:
        executor.shutdown(cancel_futures=True)


@contextmanager
def cluster(address: str) -> Iterator[Workers]:
    """The workers of a Dask cluster, which must have this version of ita_xl. Raises `Unusable` if there is no such
    cluster."""
    try:
        from distributed import Client
    except ImportError as error:
        raise Unusable(Finding(Code.CLUSTER_NOT_INSTALLED)) from error
    try:
        _knock(address)  # because a client that finds nobody cannot be closed
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise Unusable(Finding(Code.NO_SCHEDULER, values={"address": address, "detail": str(error)})) from error
    try:
        versions = client.run(_version)
        if not versions or set(versions.values()) != {__version__}:
            found = ", ".join(sorted({str(v) for v in versions.values()})) or "-"
            raise Unusable(
                Finding(Code.WORKERS_DIFFER, values={"address": address, "found": found, "ours": __version__})
            )
        yield Workers(client.get_executor(pure=False), sum(client.ncores().values()), address)
    finally:
        client.close(timeout=2)


def _knock(address: str) -> None:
    """Raises `OSError` or `ValueError` where nobody answers, or nobody who speaks first, as a scheduler does: a
    client would wait for ever."""
    parts = urlsplit(address)
    if parts.scheme not in ("tcp", "tls") or not parts.hostname or not parts.port:
        raise ValueError("tcp://host:port")
    with socket.create_connection((parts.hostname, parts.port), _PATIENCE) as line:
        if parts.scheme == "tcp" and not line.recv(1):
            raise ConnectionError("closed")


def _version() -> str:
    from ita_xl import __version__

    return __version__
