"""The assessment itself: scores, levels, ranks, changes. Standard library only, no input or output."""
