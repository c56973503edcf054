"""An enriched article for a person to read: in the terminal (``view``) or as a web page (``page``).

Both show the same: title, dateline, caption and body with what was found in them
marked, a legend, and then what it was found to be. Anybody may have written the
text, so nothing of it reaches a terminal or a browser as anything but text.
"""
