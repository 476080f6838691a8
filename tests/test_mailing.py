"""`ita-xl mail DIR`: to each agency its own workbook, to each province its portfolio."""

from __future__ import annotations

import csv
import io
import json
import shutil
from email import message_from_bytes, policy
from pathlib import Path

import openpyxl
import pytest

from ita_xl.domain.codes import Code
from ita_xl.engines.package.engine import Package
from ita_xl.layout import HOME
from ita_xl.layout.keys import FieldKey
from ita_xl.mail.message import Message
from tests.conftest import Ita, sure
from tests.post_office import Clerk, Place, a_place  # noqa: F401

TABLE = "ผลการส่งอีเมล.csv"


def workbook(sample: Path, target: Path, name: str, province: str, to: str) -> None:
    """The sample as another agency's."""
    port = Package.open(sample)
    said: dict[FieldKey, str] = {"agency": name, "province": province, "mail_to": to}
    for key, value in said.items():
        field = HOME.field(key)
        port.write(HOME.title, field.row, field.column, [[value]])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(port.to_bytes())


@pytest.fixture(name="results")
def the_results(tmp_path: Path, samples: Path, ita: Ita) -> Path:
    """What a batch left: three agencies of two provinces, one of them without an address, one with mistakes."""
    sample = samples / "reference-2565.xlsx"
    inbox = tmp_path / "ส่งมา"
    workbook(sample, inbox / "น่าน/ก.xlsx", "อบต.กอไก่", "น่าน", "ก <a@example.go.th>; b@example.go.th")
    workbook(sample, inbox / "น่าน/ข.xlsx", "อบต.ขอไข่", "น่าน", "")
    workbook(sample, inbox / "แพร่/ค.xlsx", "อบต.คอควาย", "แพร่", "c@example.go.th")
    workbook(samples / "mistakes-2565.xlsx", inbox / "แพร่/ง.xlsx", "อบต.งองู", "แพร่", "d@example.go.th")
    out = tmp_path / "ผล"
    assert ita("batch", inbox, "-o", out).code == 1
    return out


def table(folder: Path) -> dict[tuple[str, str], str]:
    rows = csv.DictReader((folder / TABLE).read_text(encoding="utf-8-sig").splitlines())
    return {(row["แฟ้ม"], row["ถึง"]): row["ผล"] for row in rows}


def everybody(clerk: Clerk) -> list[str]:
    return sorted(to for envelope in clerk.received for to in envelope.rcpt_tos)


def test_every_agency_gets_a_draft_with_its_own_workbook_at_its_own_address(results: Path, ita: Ita) -> None:
    done = ita("mail", results, "--yes")
    draft = message_from_bytes((results / "ร่างอีเมล/น่าน/ก.eml").read_bytes(), policy=policy.default)
    assert draft["To"] == "ก <a@example.go.th>, b@example.go.th"
    assert "อบต.กอไก่" in draft["Subject"]
    (attached,) = draft.iter_attachments()
    assert str(attached.get_filename()) == "ก.xlsx"
    assert attached.get_content() == (results / "น่าน/ก.xlsx").read_bytes()
    assert sorted(p.name for p in (results / "ร่างอีเมล").rglob("*.eml")) == ["ก.eml", "ค.eml"]
    assert table(results) == {
        ("น่าน/ก.xlsx", "ก <a@example.go.th>"): "บันทึกร่างแล้ว",
        ("น่าน/ก.xlsx", "b@example.go.th"): "บันทึกร่างแล้ว",
        ("น่าน/ข.xlsx", ""): "ไม่ได้ส่ง",
        ("แพร่/ค.xlsx", "c@example.go.th"): "บันทึกร่างแล้ว",
        ("แพร่/ง.xlsx", ""): "ไม่ได้ส่ง",
    }
    assert done.code == 1, "two need mending"
    assert "ยังไม่ได้ระบุผู้รับ" in done.err and "มีรายการที่ต้องแก้ไข" in done.err


def test_a_workbook_that_was_corrected_and_converted_again_is_mailed_once(
    results: Path, tmp_path: Path, samples: Path, ita: Ita
) -> None:
    mended = tmp_path / "ส่งมา" / "แพร่/ค.xlsx"
    workbook(samples / "reference-2565.xlsx", mended, "เทศบาลตำบลคอควาย", "แพร่", "new@example.go.th")
    assert ita("batch", tmp_path / "ส่งมา", "-o", results, "--resume").code == 1
    ita("mail", results, "--yes")
    lines = (results / TABLE).read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[1:3] for line in lines if line.startswith("แพร่/ค")] == [
        ["เทศบาลตำบลคอควาย", "new@example.go.th"]
    ]


def test_all_that_leaves_is_shown_first_and_nothing_leaves_unasked(results: Path, ita: Ita) -> None:
    done = ita("mail", results)
    assert done.code == 2, "nobody is there to be asked"
    for shown in ("น่าน/ก.xlsx", "a@example.go.th", "b@example.go.th", "แพร่/ค.xlsx", "c@example.go.th", "เมกะไบต์"):
        assert shown in done.err
    assert not (results / "ร่างอีเมล").exists() and not (results / TABLE).exists()
    rehearsed = ita("mail", results, "--dry-run")
    assert "c@example.go.th" in rehearsed.err
    assert not (results / "ร่างอีเมล").exists() and not (results / TABLE).exists()


def test_all_are_sent_over_one_connection_and_a_repeat_sends_nothing_twice(
    results: Path, place: Place, ita: Ita
) -> None:
    with place.opened() as clerk:
        first = ita("mail", results, "--send", "--yes", "--per-minute", "0")
        assert sorted(to for envelope in clerk.received for to in envelope.rcpt_tos) == [
            "a@example.go.th",
            "b@example.go.th",
            "c@example.go.th",
        ]
        assert len({id(session) for session in clerk.sessions}) <= 2, "one before and one after STARTTLS"
        assert len(clerk.received) == 2
        again = ita("mail", results, "--send", "--yes", "--per-minute", "0")
        assert len(clerk.received) == 2
    assert (first.code, again.code) == (1, 1)
    assert set(table(results).values()) == {"เคยส่งแล้ว", "ไม่ได้ส่ง"}


def test_a_batch_of_mail_that_stops_goes_on_where_it_ended(results: Path, place: Place, ita: Ita) -> None:
    with place.opened() as clerk:
        clerk.replies["c@example.go.th"] = ["451 Later"] * 4
        first = ita("mail", results, "--send", "--yes", "--per-minute", "0")
        assert first.code == 4
        assert table(results)["แพร่/ค.xlsx", "c@example.go.th"] == "ยังส่งไม่ได้"
        ita("mail", results, "--send", "--yes", "--per-minute", "0")
    assert sorted(to for envelope in clerk.received for to in envelope.rcpt_tos) == [
        "a@example.go.th",
        "b@example.go.th",
        "c@example.go.th",
    ]


def test_a_server_that_is_lost_stops_the_mailing_and_what_left_is_in_the_table(
    results: Path, place: Place, ita: Ita, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ita_xl.domain.findings import Finding, Unusable
    from ita_xl.mail.delivery import Post, Result

    deliver = Post.deliver

    def losing(self: Post, message: Message) -> list[Result]:
        if "c@" in message.to[0].email:
            raise Unusable(Finding(Code.SERVER_UNREACHABLE, values={"server": "x", "detail": "gone"}))
        return deliver(self, message)

    monkeypatch.setattr(Post, "deliver", losing)
    with place.opened():
        done = ita("mail", results, "--send", "--yes", "--per-minute", "0")
    assert done.code == 4
    assert table(results)["น่าน/ก.xlsx", "b@example.go.th"] == "ส่งแล้ว"
    assert table(results)["แพร่/ค.xlsx", "c@example.go.th"] == "ไม่ได้ส่ง"


def test_without_a_server_nothing_is_sent_and_the_table_says_so(results: Path, place: Place, ita: Ita) -> None:
    done = ita("mail", results, "--send", "--yes", "--host", "127.0.0.1", "--port", "9")
    assert done.code == 4
    assert Code.SERVER_UNREACHABLE in done.err
    assert "ส่งแล้ว" not in table(results).values()


def test_a_province_gets_the_portfolio_over_its_agencies(results: Path, tmp_path: Path, ita: Ita) -> None:
    names = tmp_path / "จังหวัด.csv"
    names.write_text("จังหวัด,อีเมล\nจังหวัดน่าน,nan@example.go.th\nตรัง,trang@example.go.th\n", encoding="utf-8-sig")
    done = ita("mail", results, "--provinces", names, "--yes")
    draft = message_from_bytes((results / "ร่างอีเมล/น่าน.eml").read_bytes(), policy=policy.default)
    assert (draft["To"], "จังหวัดน่าน" in draft["Subject"]) == ("nan@example.go.th", True)
    body = sure(draft.get_body(("plain",))).get_content()
    assert "จำนวน 2 แห่ง" in body and "2565" in body
    (attached,) = draft.iter_attachments()
    assert str(attached.get_filename()) == "ภาพรวมผลการประเมิน ITA จังหวัดน่าน.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(attached.get_content()))
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    told = " ".join(cells)
    assert "กอไก่" in told and "ขอไข่" in told and "คอควาย" not in told
    assert "ไม่มีสมุดงานของจังหวัดตรัง" in done.err


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp874"])
def test_a_list_of_provinces_is_read_as_excel_saves_it(encoding: str, tmp_path: Path) -> None:
    from ita_xl.batch import provinces

    names = tmp_path / "x.csv"
    names.write_bytes("จังหวัด;อีเมล\r\n จ.น่าน ;nan@example.go.th\r\n".encode(encoding))
    addresses, findings = provinces.read(names)
    assert addresses == {"น่าน": "nan@example.go.th"}
    assert [finding.code for finding in findings] == [Code.FILE_IN_THAI_ANSI] * (encoding == "cp874")


def test_a_list_without_its_headings_or_without_a_batch_is_said(
    results: Path, tmp_path: Path, samples: Path, ita: Ita
) -> None:
    names = tmp_path / "x.csv"
    names.write_text("a,b\nน่าน,nan@example.go.th\n", encoding="utf-8")
    assert Code.PROVINCE_LIST_UNREADABLE in ita("mail", results, "--provinces", names, "--yes").err
    names.write_text("จังหวัด,อีเมล\nน่าน,nan@example.go.th\n", encoding="utf-8")
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(samples / "reference-2565.xlsx", alone)
    assert Code.NO_BATCH_RESULTS in ita("mail", alone, "--provinces", names, "--yes").err


def test_what_changed_since_it_was_shown_does_not_leave(
    results: Path, place: Place, ita: Ita, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ita_xl.batch.mailing import Mailing, Planned

    message = Mailing.message

    def meanwhile(self: Mailing, planned: Planned) -> Message:
        if planned.item.place == "น่าน/ก.xlsx":
            shutil.copy(results / "แพร่/ค.xlsx", results / "น่าน/ก.xlsx")
        return message(self, planned)

    monkeypatch.setattr(Mailing, "message", meanwhile)
    with place.opened() as clerk:
        done = ita("mail", results, "--send", "--yes", "--per-minute", "0")
    assert Code.CHANGED_SINCE_SHOWN in done.err
    assert clerk.recipients() == [["c@example.go.th"]]


@pytest.mark.parametrize("words", [("--to", "x@example.go.th"), ("--outlook",)])
def test_one_address_for_all_workbooks_is_refused(results: Path, ita: Ita, words: tuple[str, ...]) -> None:
    assert ita("mail", results, "--yes", *words).code == 2


# ---- drafts, each with a name of its own ----


def sent_in(folder: Path, samples: Path, *places: str) -> Path:
    """A folder of workbooks, each of the agency that its file is called after."""
    for place in places:
        name = Path(place).stem
        workbook(
            samples / "reference-2565.xlsx",
            folder / place,
            f"{name} {Path(place).suffix}",
            "น่าน",
            "a@example.go.th",
        )
    return folder


def subjects(drafts: Path) -> dict[str, str]:
    """What each draft carries, by its path."""
    found = {}
    for path in drafts.rglob("*.eml"):
        (attached,) = message_from_bytes(path.read_bytes(), policy=policy.default).iter_attachments()
        found[path.relative_to(drafts).as_posix()] = str(attached.get_filename())
    return found


def test_two_workbooks_of_one_stem_have_a_draft_each(tmp_path: Path, samples: Path, ita: Ita) -> None:
    folder = sent_in(tmp_path / "ผล", samples, "อบต.xlsx", "อบต.xltx", "อีกแห่ง.xlsx", "ก/อบต.xlsx")
    assert ita("mail", folder, "--yes").code == 0
    found = subjects(folder / "ร่างอีเมล")
    assert sorted(found.values()) == ["อบต.xlsx", "อบต.xlsx", "อบต.xltx", "อีกแห่ง.xlsx"]
    assert {"อีกแห่ง.eml", "ก/อบต.eml"} <= set(found) and "อบต.eml" not in found
    again = ita("mail", folder, "--yes")
    assert subjects(folder / "ร่างอีเมล") == found, "the names stay"
    assert "มีร่างอยู่แล้ว 4" in again.err


def test_a_province_and_a_workbook_of_its_name_have_a_draft_each(tmp_path: Path, samples: Path, ita: Ita) -> None:
    inbox, out, names = tmp_path / "ส่งมา", tmp_path / "ผล", tmp_path / "จังหวัด.csv"
    sent_in(inbox, samples, "น่าน.xlsx")
    ita("batch", inbox, "-o", out)
    names.write_text("จังหวัด,อีเมล\nน่าน,nan@example.go.th\n", encoding="utf-8")
    assert ita("mail", out, "--provinces", names, "--yes").code == 0
    assert sorted(subjects(out / "ร่างอีเมล").values()) == [
        "น่าน.xlsx",
        "ภาพรวมผลการประเมิน ITA จังหวัดน่าน.xlsx",
    ]


def test_a_province_in_two_rows_of_the_list_gets_one_message_at_all_its_addresses(
    results: Path, tmp_path: Path, ita: Ita
) -> None:
    names = tmp_path / "จังหวัด.csv"
    rows = ("จังหวัด,อีเมล", "น่าน,a@nan.go.th", "แพร่,phrae@example.go.th", "จ.น่าน,b@nan.go.th", "จังหวัดน่าน,")
    names.write_text("\n".join(rows), encoding="utf-8")
    done = ita("mail", results, "--provinces", names, "--yes")
    draft = message_from_bytes((results / "ร่างอีเมล/น่าน.eml").read_bytes(), policy=policy.default)
    assert draft["To"] == "a@nan.go.th, b@nan.go.th"
    assert "จังหวัดน่าน มากกว่าหนึ่งแถว (แถวที่ 2, 4, 5)" in done.err
    told = ita("mail", results, "--provinces", names, "--dry-run", "--json").json["findings"]
    assert [finding["code"] for finding in told if finding["symbol"] == "province-twice"] == [Code.PROVINCE_TWICE]


def test_the_name_of_a_province_leads_out_of_no_folder(tmp_path: Path, samples: Path, ita: Ita) -> None:
    inbox, out, names = tmp_path / "ส่งมา", tmp_path / "ผล", tmp_path / "จังหวัด.csv"
    workbook(samples / "reference-2565.xlsx", inbox / "ก.xlsx", "อบต.ก", "../../น่าน", "")
    ita("batch", inbox, "-o", out)
    names.write_text("จังหวัด,อีเมล\n../../น่าน,nan@example.go.th\n", encoding="utf-8")
    ita("mail", out, "--provinces", names, "--yes")
    assert [path.parent.name for path in tmp_path.rglob("*.eml")] == ["ร่างอีเมล"]


# ---- one message stops no other ----


def test_a_draft_that_cannot_be_written_costs_only_itself(results: Path, ita: Ita) -> None:
    (results / "ร่างอีเมล/น่าน/ก.eml").mkdir(parents=True)
    done = ita("mail", results, "--yes", "--force")
    assert done.code == 3 and Code.FILE_IS_FOLDER in done.err
    assert table(results)["น่าน/ก.xlsx", "b@example.go.th"] == "ไม่ได้ส่ง"
    assert table(results)["แพร่/ค.xlsx", "c@example.go.th"] == "บันทึกร่างแล้ว"


def test_a_workbook_on_which_the_program_fails_costs_only_its_own_message(
    results: Path, ita: Ita, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ita_xl.batch import mailing
    from ita_xl.mail.prepare import Wishes, prepare

    def failing(content: bytes, name: str, wishes: Wishes) -> object:
        if name == "ก.xlsx":
            raise ZeroDivisionError
        return prepare(content, name, wishes)

    monkeypatch.setattr(mailing, "prepare", failing)
    done = ita("mail", results, "--yes")
    assert done.code == 70 and "โปรแกรมทำงานผิดพลาด" in done.err
    assert table(results)["แพร่/ค.xlsx", "c@example.go.th"] == "บันทึกร่างแล้ว"


def test_a_table_that_cannot_be_written_hides_nothing_of_what_was_done(results: Path, ita: Ita) -> None:
    (results / TABLE).mkdir()
    done = ita("mail", results, "--yes")
    assert done.code == 3 and Code.FILE_IS_FOLDER in done.err
    assert "บันทึกร่างแล้ว 3" in done.err
    assert sorted(p.name for p in (results / "ร่างอีเมล").rglob("*.eml")) == ["ก.eml", "ค.eml"]


def test_a_table_in_which_somebody_wrote_is_kept(results: Path, ita: Ita) -> None:
    ita("mail", results, "--yes")
    (results / TABLE).write_text("โทรแจ้งแล้ว", encoding="utf-8")
    ita("mail", results, "--yes")
    assert (results / f"{Path(TABLE).stem}.backup-001.csv").read_text(encoding="utf-8") == "โทรแจ้งแล้ว"


def test_a_journal_that_names_files_elsewhere_lets_none_of_them_leave(
    results: Path, tmp_path: Path, ita: Ita
) -> None:
    from ita_xl.batch import journal

    shutil.copy(results / "แพร่/ค.xlsx", tmp_path / "ลับ.xlsx")
    book = results / journal.NAME
    book.write_text(book.read_text().replace(json.dumps("แพร่/ค.xlsx"), json.dumps("../ลับ.xlsx")))
    assert "ลับ" not in ita("mail", results, "--yes").err
    assert not list(tmp_path.glob("*.eml"))
