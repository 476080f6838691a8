"""What is known of one agency and year: inputs, outcome, and how it is judged and checked."""
