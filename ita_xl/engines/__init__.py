"""Workbooks as rows and cells, whatever holds them: a package, openpyxl, an open Excel."""
