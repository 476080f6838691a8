"""The Thai handbook in docs/th: its chapters, the example that they tell, its pictures, and the book to print.

python -m tools.handbook            build/คู่มือ.pdf
python -m tools.handbook pictures   docs/th/ภาพ anew, and the book (needs LibreOffice, Xvfb, fonts-thai-tlwg)
"""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "docs" / "th"
PICTURES = FOLDER / "ภาพ"
EXAMPLES = FOLDER / "ตัวอย่าง"
"""The files that the example begins with, as a reader finds them."""
