"""A small window for whoever works without a command line: choose a workbook, press what the ribbon has too."""
