"""A Windows Python under Wine, and what of this project runs on it: `python3 dev.py windows`, docs/windows.md."""
