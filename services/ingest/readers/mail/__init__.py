"""E-mail: its parts, its headers, and the text of an article in it."""
