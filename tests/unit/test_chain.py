"""From issue to measure: what a published document leaves out or names without reason."""

from __future__ import annotations

from ita_xl.domain.chain import Gap, codes_in, gaps


def test_the_reference_report_breaks_its_chain_in_four_places() -> None:
    raised = "I13 I14 I20 E1 E11 E12 E14 E15".split()
    acted = "I13 I14 I20 E11 E12 E14".split()
    planned = "I14 I15 I20 E1 E11 E12 E14".split()
    found = list(gaps(raised, raised, acted, planned))
    assert (Gap.NO_MEASURE, "I13") in found
    assert (Gap.NO_ISSUE, "I15") in found
    assert (Gap.NO_ACTION, "E1") in found
    assert {gap for gap, code in found if code == "E15"} == {Gap.NO_ACTION, Gap.NO_MEASURE}
    assert len(found) == 5


def test_a_whole_chain_has_no_gap() -> None:
    assert list(gaps(["I1"], ["I1"], ["I1"], ["I1"])) == []


def test_codes_are_found_as_people_write_them() -> None:
    assert codes_in("(I14,I15) ข้อ E 14 และ O-42, I๑๓ O\u20111") == ("I14", "I15", "E14", "O42", "I13", "O1")
    assert codes_in("กลุ่ม LINE 2566, CO2, E-Service") == ()
