"""A folder for Windows that runs without any Python on the desk: `python3 dev.py installer`, docs/installer.md."""
