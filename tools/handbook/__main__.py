"""python -m tools.handbook [pictures]: see tools/handbook/__init__.py."""

from __future__ import annotations

import sys

from tools.handbook import book

if __name__ == "__main__":
    if sys.argv[1:] == ["pictures"]:
        from tools.handbook import pictures  # starts programs that the book does not need

        for path in pictures.make():
            print(path)
    print(book.make())
