"""Each sample comes to what its gauge says; read tests/gauges/*.txt."""

from __future__ import annotations

from pathlib import Path

import pytest

from ita_xl import jobs, pipeline
from ita_xl.engines.package.engine import Package
from tools import gauges, samples


@pytest.mark.parametrize("name", samples.SAMPLES)
def test_a_sample_comes_to_its_gauge(name: str, samples: Path, tmp_path: Path) -> None:
    outcome = jobs.run(samples / name, tmp_path / "out.xlsx")
    wanted = (gauges.FOLDER / f"{Path(name).stem}.txt").read_text(encoding="utf-8")
    assert gauges.gauge(outcome) == wanted


@pytest.mark.parametrize("name", samples.SAMPLES)
def test_the_papers_of_a_sample_say_what_their_gauges_do(name: str, samples: Path) -> None:
    port = Package.open(samples / name)
    pipeline.run(port)
    for kind, text in gauges.papers(port).items():
        wanted = (gauges.FOLDER / f"{Path(name).stem}.{kind}.txt").read_text(encoding="utf-8")
        assert text == wanted, kind


@pytest.mark.parametrize("name", samples.SAMPLES)
def test_the_result_read_again_comes_to_the_same(name: str, samples: Path, tmp_path: Path) -> None:
    first = jobs.run(samples / name, tmp_path / "first.xlsx")
    second = jobs.run(tmp_path / "first.xlsx", tmp_path / "second.xlsx")
    assert gauges.gauge(second) == gauges.gauge(first)
