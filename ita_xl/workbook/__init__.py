"""The workbook: where things stand in it, how it is read, written and drawn."""
