"""The way from xlwings' Windows engine to `com_objects`, so that every call of the engine is really made.

On Windows it is COM itself: pywin32's IDispatch, VARIANTs and enumerators, with objects of this process at the
other end. Elsewhere modules of the same names stand in for pywin32 while the engine is imported, with the part of
its late-bound objects that the engine uses; what could not pass as a VARIANT does not pass there either.
"""

from __future__ import annotations

import atexit
import ctypes
import datetime as dt
import functools
import importlib
import itertools
import sys
import types
from collections.abc import Callable, Iterator
from decimal import Decimal
from types import ModuleType, SimpleNamespace
from typing import Any

from tests import com_objects, fake_excel
from tests.com_objects import NO_MEMBER, UNKNOWN_NAME, Collection, Served
from tests.excel_cells import REFUSED, ComError

LOST = -2147417848
"""The object is not connected any more."""

ARGUMENTS = {"Copy": ("Before", "After"), "Close": ("SaveChanges",)}
"""Of methods that the engine calls with names, what the type library calls their arguments."""


def gone_through(served: Collection) -> Iterator[Any]:
    """The objects of a collection, each of which is a call of its own."""
    for number in itertools.count(1):
        served.desk.carried(f"{served.kind}.Next")
        items = served._items_()
        if number > len(items):
            return
        yield items[number - 1]


# ---- pywin32's part, where there is none ----


class _Error(Exception):
    """pywin32's `com_error`."""

    hresult = property(lambda self: self.args[0])
    excepinfo = property(lambda self: self.args[2])


def _across(action: Callable[[], Any]) -> Any:
    try:
        return action()
    except ComError as error:
        source = error.excepinfo if error.hresult == REFUSED else None
        raise _Error(error.hresult, "text of Windows", source, None) from error
    except AttributeError as error:
        raise _Error(NO_MEMBER, "text of Windows", None, None) from error
    except RuntimeError as error:
        raise _Error(LOST, "text of Windows", None, None) from error


def _variant(value: Any) -> Any:
    """What pywin32 makes a VARIANT of, as it arrives. Raises `TypeError` for anything else."""
    if isinstance(value, list | tuple):
        if len({len(line) if isinstance(line, list | tuple) else -1 for line in value}) > 1:
            raise TypeError("All rows of an array must be of the same length")
        return tuple(map(_variant, value))
    if isinstance(value, _Object):
        return value._oleobj_.served
    if isinstance(value, dt.datetime) and value.tzinfo is None:
        raise TypeError("a moment without a zone")
    if value is None or isinstance(value, bool | int | float | str | Decimal | dt.datetime):
        return value
    if hasattr(value, "_inner"):  # what xlwings wraps objects in
        return _variant(value._inner)
    raise TypeError(f"{type(value)} can not be converted to a COM VARIANT")


def _object(found: Any) -> Any:
    if isinstance(found, tuple):
        return tuple(map(_object, found))
    if isinstance(found, dt.datetime):
        return found.replace(tzinfo=dt.UTC)
    return _Object(_Pointer(found)) if isinstance(found, Served) else found


class _Pointer:
    """IDispatch."""

    def __init__(self, served: Served) -> None:
        self.served = served

    def GetIDsOfNames(self, _: int, name: str) -> str:
        if not self.served.has(name):
            raise _Error(UNKNOWN_NAME, "Unknown name.", None, None)
        return name

    def invoke(self, name: str, *args: Any, put: bool = False) -> Any:
        given = [_variant(value) for value in args]
        return _object(_across(lambda: self.served.member(name, given, put=put)))


class _Object:
    """A late-bound object, of an Excel that tells what is a property and what a method."""

    def __init__(self, pointer: _Pointer) -> None:
        object.__setattr__(self, "_oleobj_", pointer)

    def __getattr__(self, name: str) -> Any:
        served = self._oleobj_.served
        if name.startswith("_") or not served.has(name):
            raise AttributeError(name)
        if served.is_method(name):
            return types.MethodType(functools.partial(_method, name), self)
        return self._oleobj_.invoke(name)

    def __setattr__(self, name: str, value: Any) -> None:
        if not self._oleobj_.served.has(name):
            raise AttributeError(name)
        self._oleobj_.invoke(name, value, put=True)

    def __call__(self, *args: Any) -> Any:
        return self._oleobj_.invoke("_value_", *args)

    def __iter__(self) -> Iterator[Any]:
        served = self._oleobj_.served
        _across(lambda: served.desk.carried(f"{served.kind}._NewEnum"))
        items = gone_through(served)
        while (found := _across(lambda: next(items, items))) is not items:
            yield _object(found)


def _method(name: str, self: _Object, *args: Any, **named: Any) -> Any:
    return self._oleobj_.invoke(name, *args, *_in_order(name, named))


def _in_order(name: str, named: dict[str, Any]) -> list[Any]:
    return [named.get(one) for one in ARGUMENTS[name]] if named else []


class _Never:
    """A kind of object that there is none of."""


def _modules() -> dict[str, ModuleType]:
    """pywin32, as far as the engine uses it."""

    def module(name: str, **members: Any) -> ModuleType:
        made = ModuleType(name)
        vars(made).update(members)
        return made

    client = module(
        "win32com.client",
        CDispatch=_Object,
        CoClassBaseClass=_Never,
        DispatchBaseClass=_Never,
        Dispatch=None,
        DispatchEx=None,
    )
    utc = SimpleNamespace(utc=lambda: dt.UTC)
    python = module(
        "pythoncom", CoInitialize=lambda: None, com_error=_Error, ole_error=_Error, __file__=ctypes.pythonapi._name
    )
    made = [
        python,
        client,
        module("win32com", client=client),
        module("pywintypes", com_error=_Error, error=type("error", (Exception,), {}), TimeType=dt.datetime),
        module("win32con", MB_OK=0, MB_OKCANCEL=1, MB_YESNO=4, MB_YESNOCANCEL=3, MB_ICONINFORMATION=64),
        module("win32timezone", TimeZoneInfo=utc),
        *map(module, ("win32api", "win32gui", "win32process")),
    ]
    vars(made[4])["MB_ICONWARNING"] = 48
    return {one.__name__: one for one in made}


def _without_pywin32() -> Any:
    """xlwings' Windows engine, imported where there is no pywin32."""
    stood_in = _modules()
    libraries = {
        "windll": SimpleNamespace(),
        "oledll": SimpleNamespace(ole32=SimpleNamespace(CLSIDFromString=lambda *_: 0)),
        "PyDLL": lambda _: SimpleNamespace(PyCom_PyObjectFromIUnknown=SimpleNamespace()),
    }
    held = {name: sys.modules.get(name) for name in stood_in}
    before = {name: getattr(ctypes, name, None) for name in libraries}
    try:
        sys.modules.update(stood_in)
        for name, library in libraries.items():
            setattr(ctypes, name, library)
        return importlib.import_module("xlwings._xlwindows")
    finally:
        for name, library in before.items():
            delattr(ctypes, name) if library is None else setattr(ctypes, name, library)
        for name, module in held.items():
            sys.modules.pop(name) if module is None else sys.modules.__setitem__(name, module)
        sys.modules.pop("xlwings._xlwindows", None)  # who wants it puts it there


# ---- pywin32 itself ----


def _with_pywin32() -> tuple[Any, Callable[[Served], Any], Callable[[Any], Served]]:
    """xlwings' engine, and pywin32's client for an object of ours, and the way back."""
    import pythoncom
    import winerror
    from win32com.client import CDispatch, build
    from win32com.server import policy, util
    from win32com.server.exception import COMException
    from xlwings import _xlwindows

    numbers: dict[str, int] = {}

    class Policy(policy.DynamicPolicy):  # type: ignore[misc]
        """IDispatch of an object of ours. DISPIDs are those of names, whichever object has them."""

        def _getdispid_(self, name: str, _: int) -> int:
            if not self._obj_.served.has(name):
                raise COMException(scode=winerror.DISP_E_UNKNOWNNAME)
            number = numbers.setdefault(name, 1000 + len(numbers))
            self._dyn_dispid_to_name_[number] = name
            return number

        def _invoke_(self, dispid: int, lcid: int, flags: int, args: tuple[Any, ...]) -> Any:
            try:
                return super()._invoke_(dispid, lcid, flags, args)
            except ComError as error:
                if error.hresult == REFUSED:
                    raise COMException(scode=error.excepinfo[-1] or REFUSED) from error
                return error.hresult, -1, None
            except AttributeError:
                return NO_MEMBER, -1, None
            except RuntimeError:
                return LOST, -1, None

    class Server:
        """What the gateway of pywin32 calls."""

        def __init__(self, served: Served) -> None:
            self.served = served

        def _dynamic_(self, name: str, _: int, flags: int, args: tuple[Any, ...]) -> Any:
            served = self.served
            if flags == pythoncom.DISPATCH_PROPERTYGET and served.is_method(name):
                raise AttributeError(name)
            if name == "_NewEnum":
                assert isinstance(served, Collection)
                served.desk.carried(f"{served.kind}._NewEnum")
                return util.wrap(Listed(served), pythoncom.IID_IEnumVARIANT)
            found = served.member(name, [arriving(one) for one in args], put=bool(flags & 12))
            return leaving(found)

    class Listed(util.ListEnumerator):  # type: ignore[misc]
        """IEnumVARIANT."""

        def __init__(self, served: Collection) -> None:
            super().__init__(gone_through(served))

        def Next(self, count: int) -> list[Any]:
            return [leaving(one) for one in itertools.islice(self._list_, count)]

    pointer = pythoncom.TypeIIDs[pythoncom.IID_IDispatch]

    def arriving(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(arriving, value))
        return of(value) if isinstance(value, pointer) else value

    def leaving(found: Any) -> Any:
        if isinstance(found, Served):
            return util.wrap(Server(found), usePolicy=Policy)
        if isinstance(found, tuple):  # else it is taken for several results
            return (tuple(map(moments, found)),)
        return moments(found)

    def moments(found: Any) -> Any:
        if isinstance(found, tuple):
            return tuple(map(moments, found))
        return found.replace(tzinfo=dt.UTC) if isinstance(found, dt.datetime) else found

    class Client(CDispatch):  # type: ignore[misc]
        """Late-bound as pywin32 does it; what a type library tells is told by the object itself."""

        def _LazyAddAttr_(self, name: str) -> bool:
            served = self._lazydata_
            if not served.has(name):
                return False
            entry = build.MapEntry(self._oleobj_.GetIDsOfNames(0, name), (name,))
            (self._olerepr_.mapFuncs if served.is_method(name) else self._olerepr_.propMap)[name] = entry
            return True

        def _wrap_dispatch_(self, ob: Any, *_: Any) -> Any:
            return client(ob)

        def __iter__(self) -> Iterator[Any]:
            items = self._oleobj_.InvokeTypes(pythoncom.DISPID_NEWENUM, 0, 3, (13, 10), ())
            return map(self._get_good_object_, items.QueryInterface(pythoncom.IID_IEnumVARIANT))

        def _make_method_(self, name: str) -> Any:
            return types.MethodType(functools.partial(invoked, name), self)

    def invoked(name: str, made: Any, *args: Any, **named: Any) -> Any:
        given = [getattr(one, "_oleobj_", one) for one in (*args, *_in_order(name, named))]
        number = made._olerepr_.mapFuncs[name].dispid
        return made._get_good_object_(made._oleobj_.Invoke(number, 0, 3, 1, *given))

    def client(ob: Any) -> Any:
        told = SimpleNamespace(defaultDispatchName=None, propMap={}, propMapGet={}, propMapPut={}, mapFuncs={})
        return Client(ob, told, None, of(ob))

    def of(ob: Any) -> Served:
        found: Served = util.unwrap(getattr(ob, "_oleobj_", ob)).served
        return found

    return _xlwindows, lambda served: client(leaving(served)), of


# ---- for whoever wants an engine ----


def _served(found: Any) -> Served:
    of: Served = found._oleobj_.served
    return of


class _Boundary:
    """xlwings' Windows engine, and how an object of ours becomes one that it talks to, and the way back."""

    _client: Callable[[Served], Any]
    _of: Callable[[Any], Served]

    def __init__(self) -> None:
        if sys.platform == "win32":
            self.module, self._client, self._of = _with_pywin32()
        else:
            self.module = _without_pywin32()
            self._client, self._of = _object, _served
        atexit.unregister(self.module.cleanup)  # it would end every Excel without a workbook
        for kind in (self.module.App, self.module.Book):
            kind.behind = property(self._behind)

    def _behind(self, found: Any) -> Any:
        return self._of(found.xl._inner).model

    def client(self, served: Served) -> Any:
        return self.module.COMRetryObjectWrapper(self._client(served))


_boundary = functools.cache(_Boundary)


class Desk(com_objects.Desk):
    """The stand-in below COM. What the engine asks Windows itself, not Excel, is told here: which windows of Excel
    there are, whose they are, and what a person answers in a box."""

    def __init__(self) -> None:
        super().__init__()
        self.module = _boundary().module
        self.module.N_COM_ATTEMPTS = 1  # xlwings itself would call a busy Excel again, for ever
        self.module.get_excel_hwnds = lambda: iter([app.hwnd for app in self.apps.running])
        self.module.get_xl_app_from_hwnd = self._of_window
        self.module.win32process = SimpleNamespace(GetWindowThreadProcessId=lambda window: (0, window - 1000))
        self.module.win32api = SimpleNamespace(MessageBox=self._box)
        in_front = SimpleNamespace(GetForegroundWindow=lambda: 0, SetWindowPos=lambda *_: 0)
        self.module.windll = SimpleNamespace(user32=in_front)
        self.module.is_hwnd_xl_app = lambda _: False

    @property
    def engine(self) -> Any:
        return self.module.engine

    def given(self, model: Any) -> Any:
        if isinstance(model, fake_excel.App):
            return self.module.App(xl=_boundary().client(com_objects.App(self, model)))
        return self.module.Book(xl=_boundary().client(com_objects.Book(self, model)))

    def _of_window(self, window: int) -> Any:
        found = next(app for app in self.apps.running if app.hwnd == window)
        return _boundary().client(com_objects.App(self, found))

    def _box(self, _: int, text: str, title: str, style: int) -> int:
        self.carried("App.Alert")
        self.alerts.append(text)
        return {"yes": 6, "no": 7}[self.answer] if style & 4 else 1


class BelowCom(fake_excel.Desk):
    """The live engine over COM on a workbook of this Excel."""

    excel = Desk
