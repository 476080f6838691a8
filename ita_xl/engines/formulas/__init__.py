"""Our own formulas computed: what a spreadsheet program will show, for those who only show what is stored.

Only what our formulas need is understood, as Excel computes it. Of all else the result is not known (`Unknown`),
and nothing is stored for it.
"""
