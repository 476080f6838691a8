"""A mark by which we know that nobody changed a document: whoever saves it again takes it away, or breaks it."""

from __future__ import annotations

import re
from hashlib import sha256

_END_OF_ZIP = b"PK\x05\x06"
_END_LENGTH = 22
_PDF_MARK = re.compile(rb"%ita_xl ([0-9a-f]{64})\n(?=startxref\n)")


def sealed(content: bytes) -> bytes:
    """A Word file or PDF with its mark."""
    digest = sha256(content).hexdigest().encode()
    if content.startswith(b"%PDF"):
        at = content.rindex(b"startxref\n")
        return content[:at] + b"%ita_xl " + digest + b"\n" + content[at:]
    comment = b"ita_xl " + digest
    return content[:-2] + len(comment).to_bytes(2, "little") + comment


def untouched(content: bytes) -> bool:
    """Whether a file is just as it was sealed."""
    if content.startswith(b"%PDF"):
        marks = list(_PDF_MARK.finditer(content))
        bare = _PDF_MARK.sub(b"", content)
        return len(marks) == 1 and marks[0][1] == sha256(bare).hexdigest().encode()
    end = content.rfind(_END_OF_ZIP)
    comment = content[end + _END_LENGTH :] if end >= 0 else b""
    bare = content[: end + _END_LENGTH - 2] + b"\0\0"
    return comment == b"ita_xl " + sha256(bare).hexdigest().encode()
