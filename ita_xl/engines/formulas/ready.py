"""Formulas made ready to be computed."""

from __future__ import annotations

from functools import lru_cache

from ita_xl.engines.formulas.calls import BY_NAME
from ita_xl.engines.formulas.making import CALLS, single
from ita_xl.engines.formulas.pages import Formula
from ita_xl.engines.formulas.syntax import parsed
from ita_xl.engines.formulas.values import Unknown

CALLS.update(BY_NAME)


@lru_cache(maxsize=4096)
def ready(formula: str) -> Formula | None:
    """A formula, without its "=" and with `HERE` for its own row, as it is computed; None for one that is not
    understood."""
    try:
        return single(parsed(formula))
    except Unknown:
        return None
