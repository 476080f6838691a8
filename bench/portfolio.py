"""The portfolio over a whole country: time and memory of the command, and openpyxl on the same cells.

    python -m bench.portfolio [AGENCIES]

Each kind is made by `ita-xl batch --resume --portfolio` in a process of its own, over a journal as a batch leaves
it: records are made up from a seed, and small files stand for workbooks and results that are not converted again.
openpyxl's write-only mode, its fastest, writes the same values.
"""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell

from ita_xl.batch import journal
from ita_xl.batch.record import Record, State
from ita_xl.cli.common import Exit
from ita_xl.data import library, profiles
from ita_xl.domain.codes import Code
from ita_xl.domain.effect import Progress
from ita_xl.domain.tree import INSTRUMENTS, SURVEYS, TOTAL, Kind, Tree
from ita_xl.drawing import looks

PROVINCES = 77
_TYPES = {"องค์การบริหารส่วนตำบล": 64, "เทศบาลตำบล": 30, "เทศบาลเมือง": 3, "เทศบาลนคร": 1, "ส่วนราชการ": 2}
_FIRST = "บ้าน หนอง ห้วย โคก ดอน ท่า วัง นา คลอง บึง ทุ่ง เขา ป่า สระ ลำ แม่ ปาก บาง ไทร โพธิ์".split()
_SECOND = "ใหม่ เหนือ ใต้ กลาง ใหญ่ น้อย แก้ว ทอง ขาว แดง ดำ ยาว สูง แหลม กระทุ่ม ประดู่ มะขาม งิ้ว ยาง ไผ่".split()


def records(agencies: int, year: int = 2568, seed: int = 1) -> Iterator[Record]:
    """Records as a batch leaves them: one in a hundred failed, one in fifty without a total."""
    chance = random.Random(seed)
    tree = profiles.profile(2565).tree  # a year whose questions all have their place
    levels = [(level.name, level.min_total) for level in profiles.profile(year).levels]
    worths = {code: float(tree.effective_weights[code]) for code in tree.codes(Kind.QUESTION)}
    for number in range(agencies):
        kind = chance.choices(list(_TYPES), list(_TYPES.values()))[0]
        name = (
            f"{kind}{chance.choice(_FIRST)}{chance.choice(_SECOND)}{chance.choice(['', '', chance.choice(_FIRST)])}"
        )
        place = f"จังหวัดที่ {number % PROVINCES + 1}", f"อำเภอที่ {number // PROVINCES % 12 + 1}"
        source = f"{place[0]}/{name} {number}.xlsx"
        findings = [_finding(chance) for _ in range(chance.randrange(4))]
        if chance.random() < 0.01:
            yield Record(source, State.FAILED, findings=[_finding(chance, Code.FILE_DAMAGED, "error")])
            continue
        skill = min(chance.gauss(0.86, 0.07), 0.99)
        questions = {code: _score(chance, code, skill) for code in worths}
        total = None if chance.random() < 0.02 else _mean(tree, questions, TOTAL)
        level = next((name for name, least in levels if total is not None and total >= least), "")
        yield Record(
            source,
            State.DONE,
            output=source,
            modified=1.7e9 + number,
            agency=name,
            agency_type=kind,
            province=place[0],
            district=place[1],
            year=year,
            total=total,
            level=level,
            instruments={code: _mean(tree, questions, code) for code in INSTRUMENTS},
            indicators={code: _mean(tree, questions, code) for code in tree.codes(Kind.INDICATOR)},
            questions=questions,
            weak=[code for i in SURVEYS for code in tree.below(i, Kind.QUESTION) if questions[code] < 85],
            missing=[code for code in tree.below("OIT", Kind.QUESTION) if questions[code] == 0],
            changes={} if total is None else {year - 1: round(chance.gauss(2, 6), 2)},
            next_level=_next(levels, total, questions, worths),
            own_texts=_texts(chance, number),
            findings=findings,
            **_plans(random.Random(number), year, tree),
        )


def _plans(chance: random.Random, year: int, tree: Tree) -> dict[str, Any]:
    """Measures as the reference has them: a handful, each of one to three offices, a third of the steps late."""
    named = list(library.plan().measures.values())
    questions = tree.codes(Kind.QUESTION)
    plan = []
    for wordings in chance.sample(named, chance.randrange(3, 9)):
        codes = chance.sample(questions, chance.randrange(1, 4))
        days = [f"{year - 543 + (m < 10)}-{m:02}-28" for m in chance.sample(range(1, 13), chance.randrange(1, 5))]
        tasks = [
            [f"กอง{o}", day, 1, int(chance.random() < 0.6), 0] for o in chance.sample(_SECOND, 2) for day in days
        ]
        above = [code for q in codes if (code := tree.ancestor(q, Kind.INDICATOR))]
        plan.append(
            {"name": wordings.name[0], "codes": codes, "indicators": list(dict.fromkeys(above)), "tasks": tasks}
        )
    last = [
        {
            "name": wordings.name[0] if chance.random() < 0.9 else f"มาตรการของเรา {chance.randrange(10_000)}",
            "codes": chance.sample(questions, 2),
            "progress": chance.choice(list(Progress)).value,
            "effect": "unknown",
            "before": round(chance.uniform(60, 95), 2),
            "after": round(chance.uniform(60, 95), 2),
        }
        for wordings in chance.sample(named, chance.randrange(7))
    ]
    return {"plan": plan, "last": last, "measures": len(plan)}


def _score(chance: random.Random, code: str, skill: float) -> float:
    if code.startswith("O"):
        return 100.0 if chance.random() < skill else 0.0
    return round(min(100.0, max(20.0, chance.gauss(skill * 100 + 3, 7))), 2)


def _mean(tree: Tree, questions: dict[str, float], code: str) -> float:
    below = tree.below(code, Kind.QUESTION)
    weights = [float(tree.effective_weights[question]) for question in below]
    return round(sum(w * questions[q] for w, q in zip(weights, below, strict=True)) / sum(weights), 2)


def _next(
    levels: Sequence[tuple[str, Any]], total: float | None, questions: dict[str, float], worths: dict[str, float]
) -> dict[str, Any] | None:
    """The level above, and the questions that lack most until it is reached."""
    better = [(name, float(least)) for name, least in levels if total is not None and total < least]
    if not better or total is None:
        return None
    name, least = better[-1]
    path, after = [], total
    for code in sorted(worths, key=lambda code: -worths[code] * (100 - questions[code])):
        if after >= least:
            break
        gain = round(worths[code] * (100 - questions[code]), 2)
        path.append({"code": code, "gain": gain})
        after += gain
    return {"level": name, "gap": round(least - total, 2), "path": path, "tied": [], "total_after": round(after, 2)}


def _texts(chance: random.Random, number: int) -> dict[str, str]:
    """Marks of own texts; every tenth agency shares some with its neighbours."""
    shared = {f"shared-{number // 40}-{n}": f"ประเด็นที่ต้องแก้ไข!F{n + 6}" for n in range(3) if number % 10 == 0}
    return shared | {f"{number}-{n}": f"มาตรการปีถัดไป!D{n + 9}" for n in range(chance.randrange(12))}


def _finding(chance: random.Random, code: str = "", severity: str = "") -> dict[str, Any]:
    severity = severity or chance.choice(["error", "warning", "note"])
    return {
        "code": code or Code.CODE_UNDERSTOOD,
        "severity": severity,
        "sheet": "",
        "cell": "",
        "message": "แฟ้มเสียหาย อ่านไม่ได้",
        "hint": "ใช้สำเนาที่สมบูรณ์",
    }


def left_by_a_batch(inbox: Path, output: Path, made: Iterable[Record]) -> Iterator[Record]:
    """Folders as a batch leaves them that has converted everything. Gives the records on their way into the
    journal, and holds none: a new process counts the memory of the one that starts it as its own."""
    output.mkdir()
    with closing(journal.Journal(output, {})) as notes:
        for record in made:
            source, result = record.source.encode(), record.output.encode()
            for path, content in ((inbox / record.output, source), (output / record.output, result)):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            key = journal.Key(os.path.abspath(inbox / record.output), journal.digest(source), "lang=th")
            notes.add(key, record, result)
            yield record


def command(*arguments: str | Path) -> tuple[float, float, float]:
    """Seconds on the clock and of one core that a command takes in a process of its own, and its peak in MB."""
    start = time.perf_counter()
    nowhere = subprocess.DEVNULL
    called = [sys.executable, "-m", "ita_xl", *map(str, arguments)]
    started = subprocess.Popen(called, stdout=nowhere, stderr=nowhere)
    _, status, used = os.wait4(started.pid, 0)
    started.returncode = os.waitstatus_to_exitcode(status)
    if started.returncode not in (Exit.CLEAN, Exit.FINDINGS):
        raise SystemExit(f"ita-xl {arguments[0]} ended with {started.returncode}")
    return time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def rewritten(sheets: Sequence[Sequence[Sequence[Any]]], *, styled: bool) -> None:
    """The same values by openpyxl. styled: each with font, lines and alignment, as ours have."""
    made = openpyxl.Workbook(write_only=True)
    font, lines = looks.font(), looks.box()
    for rows in sheets:
        page = made.create_sheet()
        for row in rows:
            cells = [WriteOnlyCell(page, value) for value in row] if styled else row
            for cell in cells if styled else ():
                cell.font, cell.border, cell.alignment = font, lines, looks.ENTRY
            page.append(cells)
    made.save(io.BytesIO())


def main() -> None:
    agencies = int(sys.argv[1]) if len(sys.argv) > 1 else 8320
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        inbox, output, roster = folder / "in", folder / "out", folder / "roster.csv"
        usable = (record for record in records(agencies) if record.output)
        left = enumerate(left_by_a_batch(inbox, output, usable))
        lines = [f"{r.agency}{'' if n % 20 else 'ฯ'},{r.province},{r.district}" for n, r in left]
        roster.write_text("\n".join(["หน่วยงาน,จังหวัด,อำเภอ", *lines]), encoding="utf-8-sig")
        batch = ("batch", inbox, "-o", output, "--resume", "--lang", "th")
        print(f"{len(lines)} agencies, journal of {(output / journal.NAME).stat().st_size / 2**20:.0f} MB")
        seconds = {}
        for name in ("", "portfolio.xlsx", "portfolio.csv", "portfolio.parquet"):
            wanted = ("--portfolio", folder / name, "--roster", roster) if name else ()
            wall, busy, peak = command(*batch, *wanted)
            seconds[name] = busy
            size = f"{(folder / name).stat().st_size / 2**20:5.1f} MB" if name else ""
            told = f"{wall:6.2f} s, of one core {busy:6.2f} s, peak memory {peak:4.0f} MB"
            print(f"{name or 'without portfolio':18} {told} {size}")
        book = openpyxl.load_workbook(folder / "portfolio.xlsx", read_only=True)
        sheets = [[list(row) for row in page.iter_rows(values_only=True)] for page in book]
    ours = seconds["portfolio.xlsx"] - seconds[""]
    print(f"{'the workbook alone':18} {'':9} of one core {ours:6.2f} s")
    for name, styled in (("openpyxl, styled", True), ("openpyxl, plain", False)):
        start = time.process_time()
        rewritten(sheets, styled=styled)
        busy = time.process_time() - start
        print(f"{name:18} {'':9} of one core {busy:6.2f} s, {busy / ours:5.2f} times as long as ours")


if __name__ == "__main__":
    main()
