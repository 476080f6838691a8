import sys

from ita_xl import begun

begun.tell(sys.argv)

from ita_xl.cli import main  # noqa: E402 (it takes long)

if __name__ == "__main__":
    main()
