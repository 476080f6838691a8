"""Converting many workbooks: the caller reads and writes, the workers convert, the journal remembers."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace
from pathlib import Path

from ita_xl import files
from ita_xl.batch.collect import Source
from ita_xl.batch.journal import Journal, Key, digest
from ita_xl.batch.record import Record, failed
from ita_xl.batch.work import Converted, Task
from ita_xl.batch.workers import Limits, Workers
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.files import locks
from ita_xl.files.windows import reachable
from ita_xl.report import making

_AHEAD = 3
"""Workbooks held ready for each worker, so that none waits and memory stays bounded."""


@dataclass(frozen=True)
class _Out:
    """A task that is out. modified: when its workbook was last changed. standing: what lies at the result's place.
    begun: when the task was handed out."""

    source: Source
    key: Key
    modified: float
    standing: bytes | None
    begun: float = field(default_factory=time.monotonic)


_Running = dict[Future[Converted], _Out]


@dataclass(frozen=True)
class Batch:
    """How workbooks are converted. output: the folder of the results. lang: of the messages. work: what a worker
    does with one. report: the endings of the signed documents' files, if these are to be made."""

    output: Path
    workers: Workers
    journal: Journal
    limits: Limits
    lang: str
    work: Callable[[Task], Converted]
    report: Sequence[str] = ()

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
            out = self.workers.executor.submit(self.work, task)
            running[out] = _Out(source, key, modified, task.standing)
            while len(running) >= self.workers.number * _AHEAD:
                yield from self._finished(running)
        while running:
            yield from self._finished(running)

    def _begin(self, source: Source) -> Record | tuple[Key, Task, float]:
        """What is known without converting, else the task."""
        target = self.output / source.place
        try:
            content = files.read_bytes(source.path)
            modified = os.stat(reachable(source.path)).st_mtime
            locks.refuse_open(target)
            files.refuse_protected(target)
            standing = files.standing(target)
        except Unusable as error:
            return self._failed(source, error.findings)
        except OSError as error:  # it went away between two looks at it
            return self._failed(source, files.refused(source.path, error, Code.FILE_UNREADABLE).findings)
        key = Key(source.known_as, digest(content), " ".join([f"lang={self.lang}", *self.report]))
        if known := self.journal.done(key, standing):
            return replace(known, source=str(source.path), output=source.place, modified=modified)
        noted = locks.noted(source.path)
        task = Task(str(source.path), source.path.name, content, noted, standing, self.lang, self.report)
        return key, task, modified

    def _finished(self, running: _Running) -> Iterator[Record]:
        """The records of those that end next."""
        done, _ = wait(running, timeout=self._patience, return_when=FIRST_COMPLETED)
        late = set() if done else self._late(running)
        for future in done | late:
            out = running.pop(future)
            name, modified = out.source.path.name, out.modified
            try:
                if future in late:
                    raise TimeoutError
                converted = future.result()
            except Exception as error:
                yield self._failed(out.source, [self.workers.why(error, name, self.limits)], modified)
                continue
            record = replace(converted.record, modified=modified)
            if converted.made is not None:
                record = self._written(out, record, converted)
                if record.output and converted.made is not None:
                    self.journal.add(out.key, record, converted.made)
            yield record

    @property
    def _patience(self) -> float | None:
        """Seconds after which a task that was handed out must have ended, whether or not the workers see to it."""
        return self.limits.seconds * (_AHEAD + 1) if self.limits.seconds else None

    def _late(self, running: _Running) -> set[Future[Converted]]:
        """Tasks that have been out for so long that their worker must hang."""
        since = time.monotonic() - (self._patience or 0)
        late = {future for future, out in running.items() if out.begun <= since}
        for future in late:
            future.cancel()
        return late

    def _written(self, out: _Out, record: Record, converted: Converted) -> Record:
        """The record with its result in place, or why it could not be written."""
        target = self.output / out.source.place
        try:
            files.make_folder(target.parent)
            for ending, paper in converted.papers.items():
                making.put(target.with_suffix(ending), paper)
            if converted.made is not None:
                files.replace(target, converted.made, out.standing)
        except Unusable as error:
            if files.full(error) or not os.path.isdir(self.output):
                raise
            return self._failed(out.source, error.findings, record.modified)
        return replace(record, output=out.source.place)

    def _failed(self, source: Source, findings: Sequence[Finding], modified: float = 0.0) -> Record:
        return replace(failed(str(source.path), findings, self.lang), modified=modified)
