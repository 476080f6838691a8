"""What an agency asks its own people: answers read, matched to questions, scored, and kept apart from results."""
