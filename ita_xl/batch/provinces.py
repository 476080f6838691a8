"""The list of provinces that get a view over their agencies: names with addresses, from a CSV file."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from ita_xl import files
from ita_xl.batch.portfolio.agencies import place_name
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding
from ita_xl.domain.thai import folded, tidy
from ita_xl.mail import lists

_HEADING = ("province", "จังหวัด")


def key_of(province: str) -> str:
    """The same for one province however it is written."""
    return folded(place_name(province))


def read(path: Path) -> tuple[dict[str, str], list[Finding]]:
    """Addresses by province, of a province with several rows those of all of them; and findings on such rows
    and on a guessed encoding. Raises `Unusable`."""
    rows: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    listed, findings = lists.read(path, _HEADING, Code.PROVINCE_LIST_UNREADABLE)
    for number, name, email in listed:
        rows[key_of(name)].append((number, tidy(place_name(name)), email))
    for several in rows.values():
        if len(several) > 1:
            numbers = ", ".join(str(number) for number, *_ in several)
            told = {"file": files.shown(path), "province": several[0][1], "rows": numbers}
            findings.append(Finding(Code.PROVINCE_TWICE, values=told))
    return {same[0][1]: ", ".join(email for *_, email in same if email.strip()) for same in rows.values()}, findings
