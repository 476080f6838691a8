"""Figures in running text: "ปี 2563 มีคะแนนรวม 88.98 คะแนน อยู่ในระดับ A"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ita_xl.domain.thai import arabic_digits, parse_number

_FIGURE = re.compile(
    r"(?:ผลคะแนน|คะแนนรวม|คะแนนเฉลี่ย|ค่าคะแนน|ได้คะแนน|คะแนนการประเมิน|คะแนน ITA)"
    r"(?:รวม|เฉลี่ย|เท่ากับ|คือ|ที่ได้|\s|:|=)*"
    r"(\d{1,3}(?:\.\d{1,4})?)(?!\d|\s*(?:คะแนน\s*)?ขึ้นไป)"
)
_LEVEL = re.compile(r"^\s*(?:คะแนน)?[\s,]*(?:ซึ่ง)?(?:อยู่ใน|จัดอยู่ใน|ได้|มีผลการประเมินใน)?\s*(?:เกณฑ์)?ระดับ\s*[“\"]?\s*")
_LEVEL_ALONE = re.compile(r"ระดับ(?:ผล)?(?:การประเมิน)?(?:คุณธรรมและความโปร่งใส)?\s*[:=]?\s*")
_YEAR = re.compile(r"(?<!\d)(25[5-9]\d)(?!\d)")
_BOUNDED = re.compile(r"น้อยกว่า|ต่ำกว่า|สูงกว่า|มากกว่า|ไม่ถึง|เกณฑ์|เป้าหมาย|ค่าเฉลี่ยของ|ประเทศ|เพิ่มขึ้น|ลดลงจาก|ต่างกัน")
_OTHERS = re.compile(r"\b(?:IIT|EIT|OIT)\b|ตัวชี้วัด|แบบวัด|แบบตรวจ")


@dataclass(frozen=True, slots=True)
class Told:
    """A total that a text tells of. year: 0 where the text names none before it. level: empty where it names
    none."""

    year: int
    total: Fraction
    level: str = ""


def totals(text: str, levels: Sequence[str]) -> Iterator[Told]:
    """Every total of a text. levels: the names of levels that there are."""
    plain = arabic_digits(text)
    for found in _FIGURE.finditer(plain):
        before = plain[max(0, found.start() - 400) : found.start()]
        year = max(_YEAR.finditer(before), key=lambda one: one.start(), default=None)
        since = before[year.end() :] if year else before
        if _BOUNDED.search(since[-30:]) or _OTHERS.search(since):
            continue
        typed = parse_number(found[1])
        if typed and typed.value is not None and typed.value <= 100:
            yield Told(int(year[1]) if year else 0, typed.value, _level(plain[found.end() :], levels))


def level_in(text: str, levels: Sequence[str]) -> str:
    """The level that a text gives to no year: "ระดับผลการประเมิน: ผ่านดี"; empty where it names none, or a year."""
    found = _LEVEL_ALONE.search(text)
    if not found or _YEAR.search(text):
        return ""
    return max(
        (one for one in levels if re.match(re.escape(one) + r"(?![A-Za-zก-๙])", text[found.end() :])),
        key=len,
        default="",
    )


def _level(after: str, levels: Sequence[str]) -> str:
    lead = _LEVEL.match(after)
    rest = after[lead.end() :] if lead else ""
    named = [level for level in levels if lead and re.match(re.escape(level) + r"(?![A-Za-z])", rest)]
    return max(named, key=len, default="")
