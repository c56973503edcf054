"""Newswire: from a news article dropped into a directory to a search hit with its entities and events."""

__version__ = "0.1.0"
