"""The list of provinces that get a view over their agencies: names with addresses, from a CSV file."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from ita_xl import files
from ita_xl.batch.portfolio.agencies import place_name
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.domain.thai import folded, tidy

_HEADINGS = {"province": ("province", "จังหวัด"), "email": ("email", "e-mail", "อีเมล")}
"""How the columns may be headed."""


def key_of(province: str) -> str:
    """The same for one province however it is written."""
    return folded(place_name(province))


def read(path: Path) -> tuple[dict[str, str], list[Finding]]:
    """Addresses by province, of a province with several rows those of all of them; and findings on such rows
    and on a guessed encoding. Raises `Unusable`."""
    rows: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    listed, findings = _rows(path)
    for number, name, email in listed:
        rows[key_of(name)].append((number, tidy(place_name(name)), email))
    for several in rows.values():
        if len(several) > 1:
            numbers = ", ".join(str(number) for number, *_ in several)
            told = {"file": files.shown(path), "province": several[0][1], "rows": numbers}
            findings.append(Finding(Code.PROVINCE_TWICE, values=told))
    return {same[0][1]: ", ".join(email for *_, email in same if email.strip()) for same in rows.values()}, findings


def _rows(path: Path) -> tuple[list[tuple[int, str, str]], list[Finding]]:
    """Each row that names a province: its number from 1, province and addresses."""
    try:
        lines, notes = files.csv_rows(path)
    except ValueError as error:
        told = {"file": files.shown(path), "detail": str(error)}
        raise Unusable(Finding(Code.FILE_UNREADABLE, values=told)) from error
    heading, *rows = lines or [[]]
    columns = {
        key: next((n for n, text in enumerate(heading) if tidy(text).casefold() in words), None)
        for key, words in _HEADINGS.items()
    }
    at, email = columns["province"], columns["email"]
    if at is None or email is None:
        raise Unusable(Finding(Code.PROVINCE_LIST_UNREADABLE, values={"file": files.shown(path)}))
    filled = [(number, row) for number, row in enumerate(rows, 2) if len(row) > max(at, email) and row[at].strip()]
    return [(number, row[at], row[email]) for number, row in filled], notes
