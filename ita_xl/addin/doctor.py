"""What keeps the buttons from working on this computer, in plain answers. Reads only, and starts nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PureWindowsPath

from ita_xl.addin.build import NAME, build
from ita_xl.addin.desk import MAC, WINDOWS, Desk
from ita_xl.addin.install import interpreter_findings
from ita_xl.addin.package import settings_of
from ita_xl.data import LANGUAGES, say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding

_APP_PATH = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
_FOLDERS = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
_DISABLED = r"HKCU\Software\Microsoft\Office\16.0\Excel\Resiliency\DisabledItems"

_OFFICE = (
    r"HKLM\Software\Policies\Microsoft\Office\16.0",
    r"HKCU\Software\Policies\Microsoft\Office\16.0",
    r"HKCU\Software\Policies\Microsoft\Cloud\Office\16.0",
    r"HKCU\Software\Microsoft\Office\16.0",
)
"""What an administrator ordered for the computer, for the user and from the cloud, then what was chosen in the
Trust Center."""

_FORBIDDING = (
    ("Common", "vbaoff"),
    (r"Common\Security", "requirealwaysonmacrosig"),
    (r"Excel\Security", "requireaddinsig"),
    (r"Excel\Security", "disablealladdins"),
    (r"Excel\Security\Trusted Locations", "alllocationsdisabled"),
    (r"Excel\Resiliency", "restricttolist"),
)
"""Settings that stop an unsigned add-in of the startup folder when they are 1. VBAWarnings is not among them: that
folder is a trusted location, where it does not count."""

_NO_CHILD_PROCESSES = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"
"""Defender's rule "Block all Office applications from creating child processes"."""

_DEFENDER = r"Microsoft\Windows Defender"
_RULES = (
    rf"HKLM\SOFTWARE\Policies\{_DEFENDER}\Windows Defender Exploit Guard\ASR\Rules",
    rf"HKLM\SOFTWARE\{_DEFENDER}\Windows Defender Exploit Guard\ASR\Rules",
)
_MANAGED_RULES = rf"HKLM\SOFTWARE\Policies\{_DEFENDER}\Policy Manager"
_BLOCK, _WARN = "1", "6"


def examine(desk: Desk) -> list[Finding]:
    """One or more findings for each thing that has to be right. Raises `Unusable` where there can be no add-in."""
    checks = (_python, _excel, _addin, _shortcuts, _office, _defender, _one_drive, _dialogs)
    return [finding for check in checks for finding in check(desk)]


def _python(desk: Desk) -> Iterator[Finding]:
    wrong = list(interpreter_findings(desk))
    yield from wrong or [_fine("python", desk.windowless)]
    if desk.system == MAC:
        yield Finding(Code.MAC_BUTTONS)


def _excel(desk: Desk) -> Iterator[Finding]:
    if desk.system == MAC:
        path: object = desk.applications / "Microsoft Excel.app"
        found = Path(str(path)).exists()
    else:
        path = next(
            (value for hive in ("HKLM", "HKCU") if (value := _value(desk, rf"{hive}\{_APP_PATH}", ""))), None
        )
        found = path is not None
    yield _fine("excel", path) if found else Finding(Code.EXCEL_NOT_FOUND)


def _addin(desk: Desk) -> Iterator[Finding]:
    try:
        installed = desk.addin.read_bytes()
    except OSError:
        installed_once = any(path.exists() for path in desk.shortcuts)
        code = Code.ADDIN_TAKEN_AWAY if installed_once else Code.ADDIN_MISSING
        yield Finding(code, values={"file": str(desk.addin)})
        return
    wrong = []
    if installed != build(str(desk.windowless)):
        found = {"version": "-", "python": "-", **settings_of(installed)}
        wrong.append(Finding(Code.ADDIN_OF_OTHER_PROGRAM, values=found))
    if desk.mark_of_the_web.exists():
        wrong.append(Finding(Code.ADDIN_BLOCKED, values={"file": str(desk.addin)}))
    items = desk.registry(_DISABLED) if desk.system == WINDOWS else {}
    if any(_names_addin(value) for value in (items or {}).values()):
        wrong.append(Finding(Code.ADDIN_SWITCHED_OFF, values={"file": NAME}))
    yield from wrong or [_fine("addin", desk.addin)]


def _names_addin(item: object) -> bool:
    return isinstance(item, bytes) and NAME.encode("utf-16-le") in item.lower()


def _shortcuts(desk: Desk) -> Iterator[Finding]:
    missing = [path.stem for path in desk.shortcuts if not path.exists()]
    if missing:
        yield Finding(Code.START_MENU_INCOMPLETE, values={"detail": ", ".join(missing)})
    elif desk.shortcuts:
        yield _fine("shortcuts", next(iter(desk.shortcuts)).parent)


def _office(desk: Desk) -> Iterator[Finding]:
    if desk.system != WINDOWS:
        return
    keys = [(rf"{root}\{key}", name) for root in _OFFICE for key, name in _FORBIDDING]
    if any(desk.registry(key) is None for key, _ in keys):
        yield Finding(Code.SETTINGS_UNREADABLE, values=_both("macros"))
        return
    forbidding = [name for key, name in keys if _value(desk, key, name) == 1]
    if forbidding:
        yield Finding(Code.SECURITY_SETTINGS, values={"detail": ", ".join(dict.fromkeys(forbidding))})
    else:
        yield _fine("macros")


def _defender(desk: Desk) -> Iterator[Finding]:
    if desk.system != WINDOWS:
        return
    if any(desk.registry(key) is None for key in (*_RULES, _MANAGED_RULES)):
        yield Finding(Code.SETTINGS_UNREADABLE, values=_both("processes"))
        return
    managed = str(_value(desk, _MANAGED_RULES, "asrrules") or "").casefold()
    rules = dict(rule.partition("=")[::2] for rule in managed.split("|"))
    states = [rules.get(_NO_CHILD_PROCESSES), *(_value(desk, key, _NO_CHILD_PROCESSES) for key in _RULES)]
    if {str(state) for state in states} & {_BLOCK, _WARN}:
        yield Finding(Code.DEFENDER_FORBIDS)
    else:
        yield _fine("processes")


def _one_drive(desk: Desk) -> Iterator[Finding]:
    if desk.system != WINDOWS:
        return
    synced = [desk.environment[key] for key in ("OneDrive", "OneDriveCommercial") if desk.environment.get(key)]
    documents = str(_value(desk, _FOLDERS, "personal") or "")
    documents = documents.replace("%USERPROFILE%", desk.environment.get("USERPROFILE", ""))
    inside = [path for path in (documents, str(desk.python)) if any(_below(path, folder) for folder in synced)]
    if inside:
        yield Finding(Code.PATH_IN_ONEDRIVE, values={"path": inside[0]})
    else:
        yield _fine("one_drive", documents)


def _below(path: str, folder: str) -> bool:
    return PureWindowsPath(path.casefold()).is_relative_to(PureWindowsPath(folder.casefold()))


def _dialogs(desk: Desk) -> Iterator[Finding]:
    windows = desk.excel_windows()
    if not all(windows):
        yield Finding(Code.EXCEL_WAITS)
    elif windows:
        yield _fine("dialogs")


def _value(desk: Desk, key: str, name: str) -> object:
    return (desk.registry(key) or {}).get(name)


def _fine(what: str, detail: object = "") -> Finding:
    return Finding(Code.DESK_FINE, values={**_both(what), "detail": f" ({detail})" if detail else ""})


def _both(what: str) -> Mapping[str, str]:
    """The name of a check in every language, for the catalogue's slots."""
    suffix = {"th": "", "en": "_en"}
    return {f"what{suffix[lang]}": say(f"doctor.{what}", lang) for lang in LANGUAGES}
