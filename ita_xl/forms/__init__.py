"""Forms for the offices that carry out a plan: handed out, filled in, and collected again."""
