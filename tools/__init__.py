"""Tools of the maintainers; nothing here ships."""
