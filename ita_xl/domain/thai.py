"""What people really type: Thai digits, look-alike spellings, commas, stray spaces, odd question codes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache

from msgspec import Struct

from ita_xl.domain.numbers import exact

_THAI_DIGITS = "๐๑๒๓๔๕๖๗๘๙"
_THAI_LETTERS = frozenset(map(chr, range(0x0E01, 0x0E50)))
_TO_THAI = str.maketrans("0123456789", _THAI_DIGITS)
_TO_ARABIC = str.maketrans(_THAI_DIGITS, "0123456789")
_ANY_THAI = re.compile(f"[{_THAI_DIGITS}]")
_MARKS = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_INVISIBLE = re.compile(f"[{_MARKS}]")
_AROUND = re.compile(rf"^[\s{_MARKS}]+|[\s{_MARKS}]+$")
"""What other programs put around texts: marks of direction, places where a line may or may not break."""
_BLANK = re.compile("[\u115f\u1160\u2800\u3164\uffa0]")
"""Letters without ink, which count as spaces."""
_DASH = "-\u2010-\u2015\u2212\ufe58\ufe63\uff0d"
_NOT_ASCII_DASH = re.compile(f"[{_DASH[1:]}]")
_NO_VALUE = re.compile(f"[{_DASH}_.]+")
_LONGEST_NUMBER = 40
_WITH_UNIT = re.compile(
    r"(ร้อยละ|(?:ปีงบประมาณ|ปี)?(?:พ\.ศ\.)?)([+-]?[\d.,]+)"
    "(%|％|คะแนน|แต้ม|เปอร์เซ็นต์|เปอร์เซนต์|percent|points?)?",
    re.IGNORECASE,
)
"""A number with the words that may stand around it, written without spaces."""


def arabic_digits(text: str) -> str:
    """0-9 for ๐-๙; everything else stays."""
    return _ANY_THAI.sub(lambda digit: digit[0].translate(_TO_ARABIC), text)


def plain_dashes(text: str) -> str:
    """The hyphen of a keyboard for every dash and hyphen that word processors put in its place."""
    return text if text.isascii() else _NOT_ASCII_DASH.sub("-", text)


def onto(words: str) -> str:
    """Words that follow a Thai word: written on, and only what does not begin with a Thai letter after a space."""
    return words if words[:1] in _THAI_LETTERS else f" {words}"


def within(name: str) -> str:
    """A name between Thai words: written on at both ends, but for an end that is no Thai letter."""
    return onto(name) if name[-1:] in _THAI_LETTERS else f"{onto(name)} "


def thai_digits(text: str) -> str:
    """๐-๙ for 0-9; the digits of codes such as I14 stay, and so do those of addresses."""
    return re.sub(r"[A-Za-z][\w.:/-]*|\d", lambda m: m[0].translate(_TO_THAI) if m[0].isdigit() else m[0], text)


@lru_cache(maxsize=8192)
def tidy(text: str) -> str:
    """One spelling for texts that look the same: no invisible characters, single plain spaces, sara am and sara ae
    each as one character (nikhahit + sara aa, with or without a tone mark between, and twice sara e look alike)."""
    plain = text if text.isascii() else _BLANK.sub(" ", _INVISIBLE.sub("", text))
    plain = re.sub("\u0e4d([\u0e48-\u0e4b]?)\u0e32", "\\1\u0e33", plain).replace("เเ", "แ")
    return " ".join(unicodedata.normalize("NFC", plain).split())


def bare(text: str) -> str:
    """A text without spaces and invisible marks around it; inside it stays as it is, as in a file's name."""
    return _AROUND.sub("", text)


def same_text(left: str, right: str) -> bool:
    """Equal to a reader: spelling variants, spaces, digits and letter case do not count."""
    return folded(left) == folded(right)


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """One form of all texts that are equal to a reader."""
    return arabic_digits(tidy(text)).replace(" ", "").casefold()


class Typed(Struct, frozen=True):
    """A number as typed. value: None for an empty cell or a dash. readings: what had to be understood
    ("thai digits", "comma", "spaces", "dash", "percent", "unit"), each worth a note."""

    value: Fraction | None
    readings: tuple[str, ...] = ()


def parse_number(raw: object) -> Typed | None:
    """The number in a cell, however it was typed; None if it is not a number at all.

    Numbers come as they are. Texts may hold Thai digits, a decimal comma, spaces, and the words for points,
    percent or a Buddhist year around the number.
    """
    if raw is None:
        return Typed(None)
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int | float | Decimal | Fraction):
        try:
            return Typed(exact(raw))
        except (InvalidOperation, ValueError, OverflowError):
            return None
    if not isinstance(raw, str):
        return None
    text = tidy(raw)
    if len(text) > _LONGEST_NUMBER:
        return None
    readings = [] if text == raw else ["spaces"]
    if not text:
        return Typed(None)
    if _NO_VALUE.fullmatch(text):
        return Typed(None, ("dash",))
    plain = arabic_digits(text)
    if plain != text:
        readings.append("thai digits")
    if " " in plain:
        plain = plain.replace(" ", "")
        readings.append("spaces")
    found = _WITH_UNIT.fullmatch(plain_dashes(plain))
    if not found:
        return None
    before, number, after = found.groups()
    if before or after:
        readings.append("percent" if after in ("%", "％") else "unit")
    if re.fullmatch(r"\d+,\d{1,2}", number):
        number = number.replace(",", ".")
        readings.append("comma")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)", number):
        return None
    return Typed(Fraction(Decimal(number)), tuple(dict.fromkeys(readings)) or ("text",))


class TypedCode(Struct, frozen=True):
    """A question code as typed. code: what it means, None if unclear; candidates: what it may mean."""

    code: str | None
    odd: bool = False
    candidates: tuple[str, ...] = ()


_PREFIX = re.compile(r"^(ข้อที่|ข้อ|คำถามที่|คำถาม|ตัวชี้วัดย่อยที่|ตัวชี้วัดที่|ตัวชี้วัด|no\.?|item)", re.IGNORECASE)
_LOOKS_LIKE = {"I": "1l|iI", "O": "0oO", "E": "eE"}


def parse_code(raw: object, known: Collection[str], letter: str = "", previous: str | None = None) -> TypedCode:
    """The node code in a cell: "I13", "ข้อ I13", "O-34", "o42", "042", "115" (I15), 15.0, "I๑๓", "9.1".

    known: codes that exist. letter: I, E or O, the letter of the sheet on which the code stands; without
    it a bare number may be any of them. previous: the code in the row above, which settles "11" (I11 or,
    with 1 typed for I, I1) when it continues the sequence.
    """
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    text = str(raw)
    if text in known:
        return TypedCode(text)
    plain = plain_dashes(arabic_digits(tidy(text)))
    plain = _PREFIX.sub("", plain).strip()
    plain = re.sub(r"[\s\-_:]+|\.$|(?<=[A-Za-z|])\.(?=\d)", "", plain)
    if plain in known:
        return TypedCode(plain, odd=True)
    letters = [letter] if letter else list(_LOOKS_LIKE)
    candidates = [code for one in letters for code in _readings(plain, one) if code in known]
    candidates = list(dict.fromkeys(candidates))
    if len(candidates) > 1:
        following = _successor(previous, letter)
        candidates = [code for code in candidates if code == following] or candidates
    if len(candidates) == 1:
        return TypedCode(candidates[0], odd=True)
    return TypedCode(None, odd=True, candidates=tuple(candidates))


def _readings(plain: str, letter: str) -> list[str]:
    match = re.fullmatch(r"([A-Za-z|]?)(\d{1,9}(?:\.\d{1,9})?)", plain)
    if not match:
        return []
    head, digits = match[1], match[2]
    letters = {k for k, looks in _LOOKS_LIKE.items() if head and (head in looks or head.upper() == k)}
    number = str(int(digits)) if digits.isdigit() else digits
    found = [f"{one}{number}" for one in letters if one == letter]
    if not head:
        found += [number, f"{letter}{number}"]
        if digits[0] in _LOOKS_LIKE[letter] and digits[1:].isdigit():
            found.append(f"{letter}{int(digits[1:])}")
    return found


def _successor(previous: str | None, letter: str) -> str:
    number = int(previous[1:]) if previous and previous[1:].isdigit() else 0
    return f"{letter}{number + 1}"


_LIKE_A_CODE = re.compile(r"\S{0,6}\s?\d[\d.]*")
_SUMMING = re.compile(r"(ค่า|คะแนน|ผล)*(เฉลี่ย|รวม)|average|mean\b|total|sum\b", re.IGNORECASE)
_CLOSING = re.compile(
    r"\W*(ลงชื่อ|ลงนาม|หมายเหตุ|ที่มา|แหล่งที่มา|ผู้(กรอก|จัดทำ|รายงาน|ตรวจ|รับรอง|ให้ข้อมูล)|วันที่|ข้อมูล ณ)"
    r"|[\s(]*(\.{4}|…{2}|_{4})"
)


def like_a_code(text: str) -> bool:
    """Whether somebody meant a code, even one that does not exist: few letters, then digits ("I99", "ข้อ 31")."""
    return _LIKE_A_CODE.fullmatch(text) is not None


def sums_up(text: str) -> bool:
    """Whether the label of a row says that it sums up others: "ค่าเฉลี่ย", "คะแนนรวม", "Total"."""
    return _SUMMING.match(text) is not None


def closes(text: str) -> bool:
    """Whether a text stands below a table to close it: a signature, a date, a note, a source."""
    return _CLOSING.match(text) is not None
