"""Many workbooks: every one converted by itself, whatever happens to the others, and a view over all of them."""
