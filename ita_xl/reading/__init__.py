"""From a workbook's cells to what they mean."""
