"""Turn the scores of an ITA result into the analysis that a Thai public agency publishes."""

__version__ = "0.2.0"
