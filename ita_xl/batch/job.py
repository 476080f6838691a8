"""A batch as a whole: its output folder with results, journal, log and table of findings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from ita_xl import files
from ita_xl.batch import journal, portfolio, report
from ita_xl.batch.collect import collect
from ita_xl.batch.portfolio import counted
from ita_xl.batch.record import Record
from ita_xl.batch.run import Batch
from ita_xl.batch.work import Converted, Task, convert
from ita_xl.batch.workers import Limits, Workers
from ita_xl.case.outcome import finding_json
from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.files.windows import reachable


class Job:
    """Workbooks on their way into an output folder. records: of those that are finished. findings: on what was
    given, not on any one workbook."""

    def __init__(
        self,
        given: Sequence[Path],
        output: Path,
        *,
        resume: bool = False,
        lang: str = "th",
        work: Callable[[Task], Converted] = convert,
        papers: Sequence[str] = (),
    ) -> None:
        """given: files, folders and patterns. work: what is done with each workbook. papers: the endings of the
        signed documents' files, if these are to be made. Raises `Unusable` if there is nothing to do or no place
        for it."""
        if resume:
            files.sweep(output)
        done = journal.read(output) if resume else {}
        places = {source: entry.record.output for source, entry in done.items()}
        self.sources, self.findings = collect(given, output, places)
        self.records: list[Record] = []
        self._output, self._lang, self._done, self._work, self._papers = output, lang, done, work, papers

    def refuse_over(self, target: Path) -> None:
        """Raises `Unusable` if another file would take the place of a workbook or of what the job writes."""
        made = [source.place for source in self.sources]
        made += [say("batch.table", self._lang), say("batch.log", self._lang), journal.NAME]
        ours = [*(source.path for source in self.sources), *(self._output / place for place in made)]
        if files.real(target) in map(files.real, ours):
            told = {"file": files.shown(target), "folder": target.parent}
            raise Unusable(Finding(Code.RESULT_OVER_SOURCE, values=told))

    def run(self, workers: Workers, limits: Limits) -> Iterator[Record]:
        """Convert, and give each record as soon as it is known. Raises `Unusable` when nothing more can be done;
        what was done until then stays, and a job that resumes goes on from there."""
        log = self._output / say("batch.log", self._lang)
        try:
            files.make_folder(self._output)
            with (
                closing(journal.Journal(self._output, self._done)) as notes,
                open(reachable(log), "a", encoding="utf-8") as told,
            ):
                batch = Batch(self._output, workers, notes, limits, self._lang, self._work, self._papers)
                for record in batch.run(self.sources):
                    self.records.append(record)
                    moment = dt.datetime.now().astimezone().isoformat(timespec="seconds")
                    line = f"{moment} {report.line(record, self._lang)}\n"
                    told.write(line.encode("utf-8", "replace").decode())
                    yield record
        except OSError as error:
            raise files.refused(Path(error.filename or self._output), error, Code.FILE_UNWRITABLE) from error

    def finish(self, target: Path | None = None, roster: Path | None = None, on: dt.date | None = None) -> None:
        """Write the table of findings, and the portfolio if a target for it is given. on: the day of which it tells
        what is late; None for today. Adds a finding to a workbook
        of which there is a newer one, and findings on the roster to the job's. Raises `Unusable` if something
        cannot be written, after writing the other."""
        newer = {older.source: new.source for older, new in counted(self.records).superseded}
        self.records = [_superseded(r, newer.get(r.source), self._lang) for r in self.records]
        self.records.sort(key=lambda record: record.source)
        unwritten: list[Finding] = []
        try:
            report.write_findings(self.records, self._output / say("batch.table", self._lang), self._lang)
        except Unusable as error:
            unwritten += error.findings
        if target:
            self.findings += portfolio.write(self.records, target, roster, self._lang, self._output, on)
        if unwritten:
            raise Unusable(*unwritten)


def _superseded(record: Record, newer: str | None, lang: str) -> Record:
    if newer is None:
        return record
    told = finding_json(Finding(Code.NEWER_WORKBOOK, values={"newer": newer}), lang)
    place = sum(finding["severity"] == "error" for finding in record.findings)
    return replace(record, findings=[*record.findings[:place], told, *record.findings[place:]])
