"""The index templates, as data."""
