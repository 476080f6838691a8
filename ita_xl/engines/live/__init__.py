"""The workbook that is open in Excel."""
