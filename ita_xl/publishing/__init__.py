"""What leaves the agency: the copy of a workbook with only its published sheets."""
