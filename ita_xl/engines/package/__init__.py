"""The package engine: our sheets are rewritten inside the .xlsx package, all else is carried over as it is."""
