"""One workbook of a batch, in a process that may die of it: bytes in, bytes and a record out."""

from __future__ import annotations

import gc
import signal
from collections.abc import Sequence
from dataclasses import dataclass

from ita_xl import files, jobs, log
from ita_xl.batch.record import Record, failed, record_of
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable

_MEGABYTE = 2**20


@dataclass(frozen=True)
class Task:
    """A workbook to convert. source: its path, for messages. known: what the caller already found. standing: what
    lies at the result's place now, None if nothing does. lang: of the messages."""

    source: str
    name: str
    content: bytes
    known: Sequence[Finding] = ()
    standing: bytes | None = None
    lang: str = "th"


@dataclass(frozen=True)
class Converted:
    """made: the workbook with its results, None if nothing could be made."""

    record: Record
    made: bytes | None = None


def convert(task: Task) -> Converted:
    """Convert a workbook. Never raises: whatever goes wrong is in the record."""
    try:
        if task.standing is not None:
            jobs.refuse_replacing(task.standing, task.name)
        content = files.checked_package(task.content, task.name)
        outcome, made = jobs.convert(content, task.name, task.known, seal=True)
        return Converted(record_of(outcome, task.source, task.lang), made)
    except Unusable as error:
        findings = list(error.findings)
    except MemoryError:
        findings = [Finding(Code.PROCESS_DIED, values={"file": task.name, "detail": "MemoryError"})]
    except Exception as error:
        findings = [
            Finding(
                Code.PROGRAM_FAILED_WORKBOOK_UNCHANGED, values={"log": log.write(error, f"batch: {task.source}")}
            )
        ]
    return Converted(failed(task.source, findings, task.lang))


def prepare(memory: int) -> None:
    """Set a worker process up. memory: the most that it may take, in megabytes; 0 for no limit."""
    # Who stops the whole with Ctrl+C wants one answer, not one from every process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Workbooks leave few circles of references; looking for them as often as usual costs a tenth of the time.
    gc.set_threshold(50_000)
    gc.freeze()
    if memory:
        try:
            import resource
        except ImportError:  # Windows has none; there the limit on unpacked sizes has to do
            return
        resource.setrlimit(resource.RLIMIT_AS, (memory * _MEGABYTE, memory * _MEGABYTE))
