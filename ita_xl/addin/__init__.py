"""The ribbon add-in for Excel: built from text on any system, put into and taken out of a user's own folders."""
