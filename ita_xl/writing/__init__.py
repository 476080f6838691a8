"""From an outcome to cells: merging with what a person wrote, placing, reviewing."""
