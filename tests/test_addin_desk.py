"""Installing the add-in, taking it out, and what the doctor says: on a made-up desk, never on this one."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ita_xl.addin import build, desk, doctor, install
from ita_xl.addin.desk import Desk, Shortcut
from ita_xl.addin.package import settings_of
from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.engines.live import box
from tests.conftest import Ita

Registry = dict[str, dict[str, object] | None]

EXCEL = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
CLOUD = r"HKCU\Software\Policies\Microsoft\Cloud\Office\16.0"
OFFICE = r"HKCU\Software\Policies\Microsoft\Office\16.0"
TRUST_CENTER = r"HKCU\Software\Microsoft\Office\16.0"
RULES = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
MANAGED = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Policy Manager"
CHILD_PROCESSES = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"


def link(shortcut: Shortcut) -> bytes:
    """In place of what only Windows can write."""
    words = [str(shortcut.program), shortcut.arguments, shortcut.description]
    return json.dumps(words, ensure_ascii=False).encode()


def laid_out(folder: Path, system: str = desk.WINDOWS) -> Desk:
    """A desk on which everything is right, except that the add-in is not installed."""
    home = folder / "สมชาย ใจดี"
    python = home / "โปรแกรม ไพทอน" / "python.exe"
    python.parent.mkdir(parents=True)
    for name in ("python.exe", "pythonw.exe"):
        python.with_name(name).touch()
    roaming = home / "AppData" / "Roaming"
    (roaming / "Microsoft").mkdir(parents=True)
    (roaming / "Microsoft" / "other.txt").write_text("of another program")
    (folder / "Microsoft Excel.app").mkdir()
    made = Desk(
        system=system,
        environment={"APPDATA": str(roaming), "HOME": str(home), "USERPROFILE": str(home)},
        python=python,
        base=python.parent,
        registry=lambda key: {},
        excel_windows=list,
        link=link,
        logs=home / "state" / "ita_xl" / "log",
        applications=folder,
    )
    return with_registry(made, {})


def with_registry(place: Desk, registry: Registry) -> Desk:
    """The desk with an Excel and these keys in its registry."""
    keys: Registry = {EXCEL: {"": r"C:\Office\EXCEL.EXE"}, **registry}
    return replace(place, registry=lambda key: keys.get(key, {}))


@pytest.fixture
def place(tmp_path: Path) -> Desk:
    return laid_out(tmp_path)


def everything(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else b"" for p in folder.rglob("*")}


def codes(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings if finding.code != Code.DESK_FINE]


def refusal(job: Callable[[], object]) -> list[str]:
    with pytest.raises(Unusable) as caught:
        job()
    return [finding.code for finding in caught.value.findings]


# install and uninstall


def test_install_puts_the_add_in_where_excel_loads_it_when_it_starts(place: Desk) -> None:
    assert install.install(place) == []
    addin = Path(place.environment["APPDATA"]) / "Microsoft" / "Excel" / "XLSTART" / "ita_xl.xlam"
    assert addin.read_bytes() == build.build(str(place.python.with_name("pythonw.exe")))
    assert "สมชาย ใจดี" in settings_of(addin.read_bytes())["python"]


def test_install_puts_every_verb_into_the_start_menu(place: Desk) -> None:
    install.install(place)
    menu = Path(place.environment["APPDATA"]) / "Microsoft/Windows/Start Menu/Programs/ประเมิน ITA"
    entries = [json.loads(path.read_bytes()) for path in menu.iterdir()]
    assert {program for program, _, _ in entries} == {str(place.windowless)}
    commands = {f"attach {verb} --alert" for verb in desk.VERBS} | {"addin choose", "addin doctor --alert"}
    assert {words for _, words, _ in entries} == {f"-P -m ita_xl {command}" for command in commands}
    for path in menu.iterdir():
        assert re.fullmatch(r'[^\\/:*?"<>|]+\.lnk', path.name)
    assert all(len(description) < 260 for _, _, description in entries), "the limit for a shortcut's description"


def test_nothing_is_written_outside_the_users_folder_and_uninstall_leaves_nothing(
    tmp_path: Path, place: Desk
) -> None:
    place.logs.parent.parent.mkdir()
    before = everything(tmp_path)
    install.install(place)
    roaming = str(Path(place.environment["APPDATA"]).relative_to(tmp_path))
    assert all(name.startswith(roaming) for name in set(everything(tmp_path)) - set(before))
    for ours in (place.logs / "ita_xl.log", place.generated / "3.11" / "excel.py"):
        ours.parent.mkdir(parents=True, exist_ok=True)
        ours.write_text("what a button could not do, and what pywin32 knows of Excel")
    assert install.uninstall(place)
    assert everything(tmp_path) == before
    assert not install.uninstall(place)


def test_uninstall_keeps_what_others_put_beside_it(place: Desk) -> None:
    install.install(place)
    other = place.addin.with_name("PERSONAL.XLSB")
    other.write_text("macros of the clerk's own")
    install.uninstall(place)
    assert other.exists()


def test_uninstall_keeps_an_empty_startup_folder_that_was_excels_own(tmp_path: Path, place: Desk) -> None:
    place.addin.parent.mkdir(parents=True)
    before = everything(tmp_path)
    install.install(place)
    install.uninstall(place)
    assert everything(tmp_path) == before


def test_uninstall_removes_no_folder_that_a_forged_note_names(tmp_path: Path, place: Desk) -> None:
    other = tmp_path / "ของผู้อื่น"
    other.mkdir()
    install.install(place)
    place.note.write_text(str(other), encoding="utf-8")
    install.uninstall(place)
    assert other.exists()


def test_installing_again_does_not_forget_which_folders_were_ours(tmp_path: Path, place: Desk) -> None:
    before = everything(tmp_path)
    install.install(place)
    install.install(place)
    install.uninstall(place)
    assert everything(tmp_path) == before


def test_an_add_in_that_a_virus_scanner_takes_away_is_told(
    installed: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told from one that was never installed by the entries of the Start menu."""
    installed.addin.unlink()
    assert codes(doctor.examine(installed)) == [Code.ADDIN_TAKEN_AWAY]
    monkeypatch.setattr("ita_xl.addin.install._make_shortcuts", lambda place: place.addin.unlink() or [])
    assert codes(install.install(installed)) == [Code.ADDIN_TAKEN_AWAY]


def test_installing_again_renews_and_unblocks(place: Desk) -> None:
    install.install(place)
    place.addin.write_bytes(b"older")
    place.mark_of_the_web.write_text("[ZoneTransfer]\nZoneId=3")
    assert install.install(place) == []
    assert place.addin.read_bytes() == build.build(str(place.windowless))
    assert not place.mark_of_the_web.exists()


def test_an_add_in_that_excel_holds_open_is_not_touched(place: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    install.install(place)
    before = everything(place.home)

    def held(*paths: object, **options: object) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(os, "replace", held)
    assert refusal(lambda: install.install(place)) == [Code.ADDIN_FILE_LOCKED]
    monkeypatch.setattr(Path, "unlink", held)
    assert refusal(lambda: install.uninstall(place)) == [Code.ADDIN_FILE_LOCKED]
    monkeypatch.undo()
    assert everything(place.home) == before


def test_a_full_disk_leaves_nothing_half_written(place: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    before = everything(place.home)

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert refusal(lambda: install.install(place)) == [Code.FILE_UNWRITABLE]
    assert everything(place.home) == before


def test_without_shortcuts_the_add_in_is_installed_all_the_same(place: Desk) -> None:
    def fail(shortcut: Shortcut) -> bytes:
        raise OSError("no COM here")

    crippled = replace(place, link=fail)
    assert codes(install.install(crippled)) == [Code.START_MENU_INCOMPLETE]
    assert crippled.addin.exists()
    install.uninstall(crippled)
    assert not list(place.home.rglob("*ประเมิน*"))


def test_a_python_that_excel_could_not_use_is_refused_before_anything_is_written(place: Desk) -> None:
    before = everything(place.home)
    store = replace(place, base=Path("C:/Program Files/WindowsApps/PythonSoftwareFoundation.Python.3.13_x64"))
    assert refusal(lambda: install.install(store)) == [Code.STORE_PYTHON]
    place.windowless.unlink()
    assert refusal(lambda: install.install(place)) == [Code.PYTHON_GONE]
    place.windowless.touch()
    assert everything(place.home) == before


def test_on_a_mac_the_add_in_goes_into_offices_startup_folder(tmp_path: Path) -> None:
    mac = laid_out(tmp_path, desk.MAC)
    before = everything(tmp_path)
    assert install.install(mac) == []
    assert mac.addin.relative_to(mac.home).as_posix() == (
        "Library/Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized/Excel/ita_xl.xlam"
    )
    assert codes(doctor.examine(mac)) == [Code.MAC_BUTTONS]
    install.uninstall(mac)
    assert everything(tmp_path) == before


@pytest.mark.parametrize("job", [install.install, install.uninstall, doctor.examine])
def test_where_there_is_no_excel_to_add_to_it_is_said(job: Callable[[Desk], object], tmp_path: Path) -> None:
    assert refusal(lambda: job(laid_out(tmp_path / "a", "linux"))) == [Code.NO_STARTUP_FOLDER]
    assert refusal(lambda: job(replace(laid_out(tmp_path / "b"), environment={}))) == [Code.NO_STARTUP_FOLDER]


# doctor


def examined(place: Desk, **changes: Any) -> list[str]:
    return codes(doctor.examine(replace(place, **changes)))


@pytest.fixture
def installed(place: Desk) -> Desk:
    install.install(place)
    return place


def test_a_well_installed_add_in_has_every_check_named_as_fine(installed: Desk) -> None:
    found = doctor.examine(installed)
    assert codes(found) == []
    assert [finding.values["what_en"] for finding in found] == [
        say(f"doctor.{check}", "en")
        for check in ("python", "excel", "addin", "shortcuts", "macros", "processes", "one_drive")
    ]


def test_the_doctor_changes_nothing(tmp_path: Path, installed: Desk) -> None:
    before = everything(tmp_path)
    doctor.examine(installed)
    assert everything(tmp_path) == before


def test_before_installing_the_doctor_says_what_is_missing(place: Desk) -> None:
    assert examined(place) == [Code.ADDIN_MISSING, Code.START_MENU_INCOMPLETE]


def test_an_add_in_of_another_version_python_or_hand_is_found(installed: Desk) -> None:
    installed.addin.write_bytes(build.build("C:/old/pythonw.exe"))
    (found,) = (finding for finding in doctor.examine(installed) if finding.code != Code.DESK_FINE)
    assert (found.code, found.values["python"]) == (Code.ADDIN_OF_OTHER_PROGRAM, "C:/old/pythonw.exe")
    installed.addin.write_bytes(b"not an add-in")
    assert examined(installed) == [Code.ADDIN_OF_OTHER_PROGRAM]


def test_a_blocked_add_in_is_found(installed: Desk) -> None:
    installed.mark_of_the_web.write_text("[ZoneTransfer]\nZoneId=3")
    assert examined(installed) == [Code.ADDIN_BLOCKED]


def test_missing_programs_are_found(installed: Desk) -> None:
    assert examined(installed, registry=lambda key: {}) == [Code.EXCEL_NOT_FOUND]
    installed.windowless.unlink()
    assert examined(installed) == [Code.PYTHON_GONE]


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (rf"{OFFICE}\Common", "vbaoff"),
        (rf"{CLOUD}\Common", "vbaoff"),
        (r"HKLM\Software\Policies\Microsoft\Office\16.0\Common", "vbaoff"),
        (rf"{OFFICE}\Common\Security", "requirealwaysonmacrosig"),
        (rf"{OFFICE}\Excel\Security", "requireaddinsig"),
        (rf"{TRUST_CENTER}\Excel\Security", "disablealladdins"),
        (rf"{TRUST_CENTER}\Excel\Security\Trusted Locations", "alllocationsdisabled"),
        (rf"{OFFICE}\Excel\Resiliency", "restricttolist"),
    ],
)
def test_settings_that_stop_an_add_in_are_named(installed: Desk, key: str, name: str) -> None:
    found = doctor.examine(with_registry(installed, {key: {name: 1}}))
    assert [finding.values["detail"] for finding in found if finding.code == Code.SECURITY_SETTINGS] == [name]
    assert examined(with_registry(installed, {key: {name: 0}})) == []


@pytest.mark.parametrize(
    ("registry", "expected"),
    [
        ({RULES: {CHILD_PROCESSES: "1"}}, [Code.DEFENDER_FORBIDS]),
        ({RULES: {CHILD_PROCESSES: 6}}, [Code.DEFENDER_FORBIDS]),
        ({RULES: {CHILD_PROCESSES: "2"}}, []),
        (
            {MANAGED: {"asrrules": f"3b576869-a4ec-4529-8536-b80a7769e899=2|{CHILD_PROCESSES.upper()}=1"}},
            [Code.DEFENDER_FORBIDS],
        ),
        ({RULES: None}, [Code.SETTINGS_UNREADABLE]),
        ({rf"{OFFICE}\Excel\Security": None}, [Code.SETTINGS_UNREADABLE]),
    ],
)
def test_a_rule_against_child_processes_is_found_where_it_may_be_read(
    installed: Desk, registry: Registry, expected: list[str]
) -> None:
    assert examined(with_registry(installed, registry)) == expected


def test_folders_in_onedrive_are_found(installed: Desk) -> None:
    folders = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
    cloud = r"C:\Users\สมชาย ใจดี\OneDrive - อบจ"
    synced = replace(installed, environment={**installed.environment, "OneDriveCommercial": cloud})
    assert examined(with_registry(synced, {folders: {"personal": rf"{cloud}\Documents"}})) == [
        Code.PATH_IN_ONEDRIVE
    ]
    assert examined(with_registry(synced, {folders: {"personal": r"%USERPROFILE%\Documents"}})) == []
    assert examined(with_registry(synced, {folders: {"personal": rf"{cloud} 2\Documents"}})) == []


def test_an_open_dialog_in_excel_is_found(installed: Desk) -> None:
    assert examined(installed, excel_windows=lambda: [True, False]) == [Code.EXCEL_WAITS]
    assert examined(installed, excel_windows=lambda: [True, True]) == []


def test_an_add_in_that_excel_switched_off_is_found(installed: Desk) -> None:
    item = b"\x01\0\0\0" + str(installed.addin).lower().encode("utf-16-le")
    disabled = r"HKCU\Software\Microsoft\Office\16.0\Excel\Resiliency\DisabledItems"
    assert examined(with_registry(installed, {disabled: {"7f3a": item}})) == [Code.ADDIN_SWITCHED_OFF]
    assert examined(with_registry(installed, {disabled: {"7f3a": b"another one", "": ""}})) == []


# The commands


@pytest.fixture
def ita(ita: Ita, monkeypatch: pytest.MonkeyPatch, place: Desk) -> Ita:
    """The command line, on the made-up desk."""
    monkeypatch.setattr(desk, "here", lambda: place)
    return ita


def test_the_commands_install_examine_and_remove(ita: Ita, place: Desk) -> None:
    assert ita("addin", "doctor")[0] == 1
    code, out, err = ita("addin", "install")
    assert (code, out) == (0, "")
    assert "โปรดปิดและเปิด Excel ใหม่" in err
    assert ita("addin", "doctor")[0] == 0
    assert "ถอนส่วนเสริม" in ita("addin", "uninstall")[2]
    assert "nothing to remove" in ita("addin", "uninstall", "--lang", "en")[2]
    assert not place.addin.exists()


@pytest.fixture
def boxes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What message boxes of Windows say."""
    shown: list[str] = []
    monkeypatch.setattr(box, "show", lambda text, title: not shown.append(text))  # type: ignore[func-returns-value]
    return shown


def test_from_the_start_menu_the_doctor_answers_in_a_window(ita: Ita, place: Desk, boxes: list[str]) -> None:
    ita("addin", "doctor", "--alert")
    ita("addin", "install")
    ita("addin", "doctor", "--alert")
    missing, fine = boxes
    assert "ยังไม่ได้ติดตั้งส่วนเสริม" in missing and "Python" not in missing
    assert "Python" in fine


def test_a_workbook_that_is_chosen_in_a_window_is_run(
    ita: Ita, place: Desk, boxes: list[str], samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = tmp_path / "อบต ก.xlsx"
    book.write_bytes((samples / "reference-2565.xlsx").read_bytes())
    answers = [book, tmp_path / "ไม่มี.xlsx", None]
    monkeypatch.setattr(desk, "here", lambda: replace(place, choose=lambda: answers.pop(0)))
    assert [ita("addin", "choose").code for _ in range(3)] == [0, 3, 0]
    done, missing = boxes
    assert book.name in done and "96.99" in done and book.with_name("อบต ก.backup-001.xlsx").exists()
    assert "ไม่พบแฟ้ม" in missing


def test_the_doctor_answers_scripts_in_one_document(ita: Ita, place: Desk) -> None:
    code, out, err = ita("addin", "doctor", "--json", "--lang", "en")
    found = json.loads(out)["findings"]
    assert (code, err) == (1, "")
    assert [finding["code"] for finding in found if finding["severity"] == "error"] == [Code.ADDIN_MISSING]
    assert found[0]["message"] == f"Python: fine ({place.windowless})"


def test_failures_have_the_exit_codes_of_every_command(
    ita: Ita, place: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "here", lambda: replace(place, system="linux"))
    assert ita("addin", "install")[0] == 3
    assert ita("addin", "sing")[0] == 2
    monkeypatch.setattr(desk, "here", lambda: replace(place, python=Path("/nowhere/python.exe")))
    code, _, err = ita("addin", "install", "--lang", "en")
    assert (code, Code.PYTHON_GONE in err) == (1, True)


def test_an_add_in_is_built_for_handing_out(ita: Ita, tmp_path: Path) -> None:
    file = tmp_path / "ส่วนเสริม.xlam"
    assert ita("addin", "build", "-o", str(file))[0] == 0
    assert file.read_bytes() == build.build()
    ita("addin", "build", "-o", str(file), "--python", r"%LOCALAPPDATA%\ita\pythonw.exe")
    assert settings_of(file.read_bytes())["python"] == r"%LOCALAPPDATA%\ita\pythonw.exe"
    assert ita("addin", "build", "-o", str(tmp_path / "x.xlsm"))[0] == 2
    assert ita("addin", "build", "-o", str(tmp_path / "none" / "x.xlam"))[0] == 3


def test_this_computer_answers_without_excel() -> None:
    here = desk.here()
    assert here.windowless.exists() or here.system == desk.WINDOWS
    assert here.registry(EXCEL) == {} or here.system == desk.WINDOWS
    assert list(here.excel_windows()) == [] or here.system == desk.WINDOWS
