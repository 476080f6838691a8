"""The first sign of life after a click: a text in Excel's status bar, before anything is imported that takes long.

Everything that could help here (pywin32, xlwings, our own texts) takes longer to import than Python itself takes to
start. So Windows is asked by ctypes, and the text comes with the click.
"""

from __future__ import annotations

import os
import sys

TEXT = "ITA_XL_BEGUN"
"""The variable in which the button hands the text over."""

_WINDOW = "--hwnd="
_OWN_OBJECTS = 0xFFFFFFF0
"""OBJID_NATIVEOM: a window of Excel is asked for Excel's own objects."""
_DISPATCH = bytes.fromhex("0004020000000000C000000000000046")
"""IID_IDispatch, as it lies in memory."""
_GET, _PUT, _THE_VALUE, _STRING = 2, 4, -3, 8
"""DISPATCH_PROPERTYGET, DISPATCH_PROPERTYPUT, DISPID_PROPERTYPUT and VT_BSTR."""


def tell(words: list[str]) -> None:
    """Show the text of a button in the status bar of the Excel that it belongs to; the button takes it away again.
    Nothing is said without a button, or where Excel is busy. words: of the command line."""
    text = os.environ.pop(TEXT, "")
    window = next((word.removeprefix(_WINDOW) for word in words if word.startswith(_WINDOW)), "")
    if text and window.isdigit():
        _show(int(window), text)


def _show(window: int, text: str) -> None:
    if sys.platform != "win32":
        return
    import ctypes
    from ctypes import POINTER, byref, c_int, c_uint, c_ushort, c_void_p

    class Variant(ctypes.Structure):
        _fields_ = (("kind", c_ushort), ("unused", c_ushort * 3), ("value", c_void_p), ("more", c_void_p))

    class Given(ctypes.Structure):
        _fields_ = (("values", POINTER(Variant)), ("named", POINTER(c_int)), ("count", c_uint), ("names", c_uint))

    nothing, method = bytes(16), ctypes.WINFUNCTYPE
    number_of = method(ctypes.HRESULT, c_void_p, POINTER(ctypes.c_wchar_p), c_uint, c_uint, POINTER(c_int))(5, "")
    invoke = method(
        *(ctypes.HRESULT, c_int, c_void_p, c_uint, c_ushort, POINTER(Given), POINTER(Variant), c_void_p, c_void_p)
    )(6, "")
    release = method(ctypes.c_ulong)(2, "")

    def use(this: c_void_p, name: str, how: int, given: Given) -> Variant:
        number, found = c_int(), Variant()
        number_of(this, nothing, byref(ctypes.c_wchar_p(name)), 1, 0, byref(number))
        invoke(this, number, nothing, 0, how, byref(given), byref(found) if how == _GET else None, None, None)
        return found

    find, strings = ctypes.windll.user32.FindWindowExW, ctypes.windll.oleaut32
    find.argtypes = [c_void_p, c_void_p, ctypes.c_wchar_p, ctypes.c_wchar_p]
    find.restype = strings.SysAllocString.restype = c_void_p
    strings.SysAllocString.argtypes, strings.SysFreeString.argtypes = [ctypes.c_wchar_p], [c_void_p]
    windows = ctypes.oledll.oleacc
    windows.AccessibleObjectFromWindow.argtypes = [c_void_p, c_uint, c_void_p, c_void_p]
    held, excel, shown = c_void_p(), Variant(), Variant(kind=_STRING)
    try:
        ctypes.oledll.ole32.CoInitialize(None)
        sheet = find(find(window, None, "XLDESK", None), None, "EXCEL7", None)
        windows.AccessibleObjectFromWindow(sheet, _OWN_OBJECTS, _DISPATCH, byref(held))
        excel = use(held, "Application", _GET, Given())
        shown.value = strings.SysAllocString(text)
        given = Given(ctypes.pointer(shown), ctypes.pointer(c_int(_THE_VALUE)), 1, 1)
        use(c_void_p(excel.value), "StatusBar", _PUT, given)
    except OSError:
        return
    finally:
        strings.SysFreeString(shown.value)
        for one in (c_void_p(excel.value), held):
            if one:
                release(one)
