"""Converting many workbooks: the caller reads and writes, the workers convert, the journal remembers."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, replace
from pathlib import Path

from ita_xl import files, jobs
from ita_xl.batch.collect import Source
from ita_xl.batch.journal import Journal, Key, digest
from ita_xl.batch.record import Record, failed
from ita_xl.batch.work import Converted, Task
from ita_xl.batch.workers import Limits, Workers
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable

_AHEAD = 3
"""Workbooks held ready for each worker, so that none waits and memory stays bounded."""

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
"""What will keep every further result from being written."""


_Running = dict[Future[Converted], tuple[Source, Key, float, float]]
"""Tasks that are out: workbook, key, when the workbook was last changed, when the task was handed out."""


@dataclass(frozen=True)
class Batch:
    """How workbooks are converted. output: the folder of the results. lang: of the messages. work: what a worker
    does with one."""

    output: Path
    workers: Workers
    journal: Journal
    limits: Limits
    lang: str
    work: Callable[[Task], Converted]

    def run(self, sources: Iterable[Source]) -> Iterator[Record]:
        """Convert workbooks and write their results; gives each record as soon as it is known, in any order.

        Raises `Unusable` when nothing more can be converted or written; what was done until then stays done.
        """
        running: _Running = {}
        for source in sources:
            begun = self._begin(source)
            if isinstance(begun, Record):
                yield begun
                continue
            key, task, modified = begun
            running[self.workers.executor.submit(self.work, task)] = (source, key, modified, time.monotonic())
            while len(running) >= self.workers.number * _AHEAD:
                yield from self._finished(running)
        while running:
            yield from self._finished(running)

    def _begin(self, source: Source) -> Record | tuple[Key, Task, float]:
        """What is known without converting, else the task."""
        target = self.output / source.place
        try:
            content = files.read_bytes(source.path)
            modified = source.path.stat().st_mtime
            if files.lock_file(target):
                raise Unusable(Finding(Code.FILE_OPEN_ELSEWHERE, values={"file": target.name}))
            standing = files.read_bytes(target) if target.exists() else None
        except Unusable as error:
            return self._failed(source, error.findings)
        except OSError as error:  # it went away between two looks at it
            finding = Finding(
                Code.FILE_UNREADABLE, values={"file": source.path.name, "detail": error.strerror or str(error)}
            )
            return self._failed(source, [finding])
        key = Key(source.known_as, digest(content), f"lang={self.lang}")
        if known := self.journal.done(key, standing):
            return replace(known, source=str(source.path), modified=modified)
        known_findings = jobs.open_elsewhere(source.path)
        task = Task(str(source.path), source.path.name, content, known_findings, standing, self.lang)
        return key, task, modified

    def _finished(self, running: _Running) -> Iterator[Record]:
        """The records of those that end next."""
        done, _ = wait(running, timeout=self._patience, return_when=FIRST_COMPLETED)
        late = set() if done else self._late(running)
        for future in done | late:
            source, key, modified, _ = running.pop(future)
            try:
                if future in late:
                    raise TimeoutError
                converted = future.result()
            except Exception as error:
                yield self._failed(source, [self.workers.why(error, source.path.name, self.limits)], modified)
                continue
            record = replace(converted.record, modified=modified)
            if converted.made is not None:
                record = self._written(source, record, converted.made)
                if record.output:
                    self.journal.add(key, record, converted.made)
            yield record

    @property
    def _patience(self) -> float | None:
        """Seconds after which a task that was handed out must have ended, whether or not the workers see to it."""
        return self.limits.seconds * (_AHEAD + 1) if self.limits.seconds else None

    def _late(self, running: _Running) -> set[Future[Converted]]:
        """Tasks that have been out for so long that their worker must hang."""
        since = time.monotonic() - (self._patience or 0)
        late = {future for future, (*_, begun) in running.items() if begun <= since}
        for future in late:
            future.cancel()
        return late

    def _written(self, source: Source, record: Record, made: bytes) -> Record:
        """The record with its result in place, or why it could not be written."""
        target = self.output / source.place
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            files.write_whole(target, made)
        except (OSError, Unusable) as error:
            cause = error if isinstance(error, OSError) else error.__cause__
            detail = cause.strerror if isinstance(cause, OSError) else str(error)
            finding = Finding(Code.FILE_UNWRITABLE, values={"file": target.name, "detail": detail})
            if isinstance(cause, OSError) and (cause.errno in _FULL or not os.path.isdir(self.output)):
                raise Unusable(finding) from error
            return self._failed(source, [finding], record.modified)
        return replace(record, output=source.place)

    def _failed(self, source: Source, findings: Sequence[Finding], modified: float = 0.0) -> Record:
        return replace(failed(str(source.path), findings, self.lang), modified=modified)
