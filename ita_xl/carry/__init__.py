"""What a new workbook takes over from last year's: figures, the agency's data and texts, its plan and measures."""

from ita_xl.carry.last_year import Carried, LastYear, carry, last_year, open_last_year

__all__ = ["Carried", "LastYear", "carry", "last_year", "open_last_year"]
