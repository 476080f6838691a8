"""Commands that are imported when they are asked for: one line needs one of them, and waits for no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module

import click


class Deferred(MutableMapping[str, click.Command]):
    """Commands by name. places: the module of this package and the name in it, as "workbooks.run"."""

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = dict(places)
        self._made: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._made:
            module, _, attribute = self._places[name].partition(".")
            self._made[name] = getattr(import_module(f"ita_xl.cli.{module}"), attribute)
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._places or name in self._made

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._made[name] = command

    def __delitem__(self, name: str) -> None:
        self._places.pop(name, None)
        self._made.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys([*self._places, *self._made]))

    def __len__(self) -> int:
        return len({*self._places, *self._made})
