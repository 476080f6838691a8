"""python -m tools.generate FOLDER [--count 8320] [--seed 1] ...: see --help."""

from __future__ import annotations

import csv
import time
from collections import Counter
from dataclasses import replace
from functools import partial
from multiprocessing import Pool
from pathlib import Path

import click

from ita_xl.data import profiles
from tools import generate

_COLUMNS = "path agency type district province year shape run again refused mistakes".split()


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--count", default=8320, show_default=True)
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same bytes.")
@click.option(
    "--year", default=2565, show_default=True, type=click.IntRange(profiles.years()[0], profiles.years()[-1])
)
@click.option(
    "--mistakes", default=generate.USUAL.mistakes, show_default=True, help="Share with a clerk's mistakes."
)
@click.option("--damaged", default=generate.USUAL.damaged, show_default=True, help="Share that cannot be used.")
@click.option("--run", default=generate.USUAL.run, show_default=True, help="Share that was run once; slow to make.")
@click.option("--saved", default=generate.USUAL.saved, show_default=True, help="Share as office programs save it.")
@click.option("--jobs", default=1, show_default=True, help="Processes.")
@click.option(
    "--planted", type=click.Path(dir_okay=False, path_type=Path), help="CSV of what is to be found where."
)
def main(folder: Path, count: int, seed: int, year: int, jobs: int, planted: Path | None, **shares: float) -> None:
    """Write the workbooks of COUNT agencies into FOLDER, by province."""
    start = time.perf_counter()
    generate.base(year)  # before there are processes, so that those which are forked share it
    one = partial(_write, folder, seed, year, generate.Mix(**shares))
    found: Counter[str] = Counter()
    size = 0
    rows = []
    with Pool(jobs) as pool:
        numbers = pool.imap(one, range(count), chunksize=16)
        with click.progressbar(numbers, length=count) as progress:
            for made, length in progress:
                size += length
                found[made.damage or ("with mistakes" if made.mistakes else "plain")] += 1
                found["second of its agency"] += bool(made.again)
                found["were run"] += made.run
                rows.append(_row(made))
    seconds = time.perf_counter() - start
    click.echo(f"{count} files, {size / 1e6:.0f} MB, {seconds:.0f} s, {seconds * 1000 / max(count, 1):.1f} ms each")
    for kind, number in found.most_common():
        click.echo(f"{number:6} {kind}")
    if planted:
        with planted.open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream).writerows([_COLUMNS, *rows])


def _write(folder: Path, seed: int, year: int, mix: generate.Mix, number: int) -> tuple[generate.Made, int]:
    """A file on disk, without its content, and its length in bytes."""
    made = generate.make(number, seed, year, mix)
    generate.write(folder, made)
    return replace(made, content=None), len(made.content or b"")


def _row(made: generate.Made) -> list[object]:
    who = made.agency
    slips = "; ".join(f"{slip.code} {slip.sheet}!{slip.cell}" for slip in made.mistakes)
    return [
        *(made.path, who.name, who.type, who.district, who.province, made.year),
        *(made.shape, int(made.run), made.again, made.refused, slips),
    ]


if __name__ == "__main__":
    main()
