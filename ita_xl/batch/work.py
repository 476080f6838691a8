"""One workbook of a batch, in a process that may die of it: bytes in, bytes and a record out."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ita_xl import files, jobs, log, structures
from ita_xl.batch.record import Record, failed, record_of
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable

_MEGABYTE = 2**20


@dataclass(frozen=True)
class Task:
    """A workbook to convert. source: its path, for messages. known: what the caller already found. standing: what
    lies at the result's place now, None if nothing does. lang: of the messages. report: the endings of the signed
    document's files, if it is to be made."""

    source: str
    name: str
    content: bytes
    known: Sequence[Finding] = ()
    standing: bytes | None = None
    lang: str = "th"
    report: Sequence[str] = ()


@dataclass(frozen=True)
class Converted:
    """made: the workbook with its results, None if nothing could be made. papers: the signed document's files, by
    their ending."""

    record: Record
    made: bytes | None = None
    papers: Mapping[str, bytes] = field(default_factory=dict)


def convert(task: Task, structure: bytes | None = None) -> Converted:
    """Convert a workbook. Never raises: whatever goes wrong is in the record. structure: the content of a file with
    one that the workbooks of its year are to have."""
    try:
        if task.standing is not None:
            jobs.refuse_replacing(task.standing, task.name)
        content = files.checked_package(task.content, task.name)
        known = list(task.known)
        if structure is not None:
            content, found = structures.adopted(content, task.name, structure)
            known += found
        outcome, made = jobs.convert(content, task.name, known, seal=True)
        papers = _papers(made, task) if task.report and outcome.years else {}
        return Converted(record_of(outcome, task.source, task.lang), made, papers)
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


def _papers(made: bytes, task: Task) -> Mapping[str, bytes]:
    """The signed document of a result, once for each ending."""
    from ita_xl.engines.package.engine import Package
    from ita_xl.report import making

    wishes = making.Wishes(formats=tuple(task.report))
    found = making.papers(Package(made, task.name), wishes).made
    if making.PDF in task.report:
        from ita_xl.report.pdf import forget

        forget()
    return {ending: paper.content for ending, paper in zip(task.report, found, strict=True)}


def prepare(memory: int) -> None:
    """Set a worker process up. memory: the most that it may take, in megabytes; 0 for no limit."""
    # Who stops the whole with Ctrl+C wants one answer, not one from every process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Workbooks leave few circles of references; looking for them as often as usual costs a tenth of the time.
    gc.set_threshold(50_000)
    gc.freeze()
    if memory:
        _limit(memory * _MEGABYTE)


def _limit(memory: int) -> None:
    """Let this process take no more memory than so many bytes. What would be more is a `MemoryError`."""
    if sys.platform == "win32":
        import pywintypes
        import win32api
        import win32job

        kind = win32job.JobObjectExtendedLimitInformation
        try:
            job = win32job.CreateJobObject(None, "")
            limits = win32job.QueryInformationJobObject(job, kind)
            limits["ProcessMemoryLimit"] = memory
            limits["BasicLimitInformation"]["LimitFlags"] = win32job.JOB_OBJECT_LIMIT_PROCESS_MEMORY
            win32job.SetInformationJobObject(job, kind, limits)
            win32job.AssignProcessToJobObject(job, win32api.GetCurrentProcess())
        except pywintypes.error:  # in a job that allows none within; the limit on unpacked sizes has to do
            return
    else:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
