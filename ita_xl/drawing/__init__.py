"""Drawing the template with openpyxl: the only place that knows looks. A run writes values, never looks."""
