"""The document that is signed: one description of it, drawn as Word and as PDF."""
