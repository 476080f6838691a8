"""A workbook that is chosen in a window and run, from the Start menu: without a console and without Excel."""

from __future__ import annotations

from msgspec.structs import replace

from ita_xl import jobs, log
from ita_xl.addin.desk import WINDOWS, Desk
from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.engines.live import box
from ita_xl.live_jobs import Said


def run(desk: Desk, lang: str = "th") -> Said | None:
    """Ask for a workbook, run it, and show how it went; None if none was chosen. Raises `Unusable` where there are
    no such windows."""
    if desk.system != WINDOWS:
        raise Unusable(Finding(Code.NO_STARTUP_FOLDER))
    path = desk.choose()
    if path is None:
        return None
    try:
        outcome = jobs.run(path)
        said = Said(outcome.findings, outcome, ("live.ran", {"file": path.name}))
    except Unusable as error:
        said = Said(list(error.findings))
    except Exception as error:
        said = Said([Finding(Code.PROGRAM_FAILED_WORKBOOK_UNCHANGED, values={"log": log.write(error, "choose")})])
    return replace(said, shown=box.show(said.text(lang), say("live.title", lang)))
