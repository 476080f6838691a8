"""Results from what an agency has: pasted text, spreadsheets, web pages, Word and PDF files, into its workbook."""
