"""The text of an article, divided: paragraphs, sentences, dateline, words in a comparable form.

Everything here keeps code point offsets: what is cut, folded or skipped never moves a character.
"""

from services.enrich.text.build import build

__all__ = ["build"]
