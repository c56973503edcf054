"""Clean text to paragraphs, whichever way its writer told them apart."""

import re
from collections.abc import Sequence

from newswire.plain import is_tidy

# The widest line that programs break text at; a longer one was not broken by a program.
WRAP_WIDTH = 100
# A wrapped line is nearly full: the next word did not fit.
WRAP_LEAST = 40

# Where so many lines end like sentences, no program broke them: each is a paragraph.
SENTENCES = 0.8

_SENTENCE = re.compile(r"[.!?…。！？][\"'”’»)\]]*[^\S\n]*$", re.MULTILINE)
_BLANK = re.compile(r"\n(?:[^\S\n]*\n)+")


def paragraphs(text: str, *, tidy: bool | None = None) -> list[str]:
    """The paragraphs of ``text``, none empty, runs of spaces single.

    ``tidy`` is whether `newswire.plain.is_tidy` says so of it, or of a text that it is lines of; None: not known.

    Blank lines separate paragraphs; where there are none, line ends do if the lines
    are sentences. Between blank lines, lines that a program wrapped are joined;
    long lines are paragraphs of their own; short ones (a table, a list, a poem)
    stay lines.
    """
    tidy = is_tidy(text) if tidy is None else tidy
    return (tidy and _spaced(text.split("\n"))) or _blocks(text, tidy=tidy)


def of_lines(lines: Sequence[str], *, tidy: bool) -> list[str]:
    """The paragraphs of a text that is ``lines``."""
    return (tidy and _spaced(lines)) or _blocks("\n".join(lines), tidy=tidy)


def _spaced(lines: Sequence[str]) -> list[str]:
    """The paragraphs where each is one tidy line and blank ones stand between them, as in most texts; else none."""
    if any(lines[::2]) and any(lines[1::2]):
        return []
    return [paragraph for line in lines if (paragraph := line.strip(" "))]


def _blocks(text: str, *, tidy: bool) -> list[str]:
    """The paragraphs of any text."""
    single = _stripped if tidy else _single
    blocks = _BLANK.split(text)
    if len(blocks) == 1 and "\n" in text and _are_sentences(text):
        return [line for raw in text.split("\n") if (line := single(raw))]
    found: list[str] = []
    for block in blocks:
        if "\n" in block:
            found.extend(_block([line for raw in block.split("\n") if (line := single(raw))]))
        elif paragraph := single(block):
            found.append(paragraph)
    return found


def _single(line: str) -> str:
    """``line`` with every run of white space one space."""
    return " ".join(line.split())


def _stripped(line: str) -> str:
    """The same, where it is tidy: there is nothing to be done but to a space at an end."""
    return line.strip(" ")


def _are_sentences(text: str) -> bool:
    text = text.strip()
    return len(_SENTENCE.findall(text)) >= max(2, SENTENCES * (text.count("\n") + 1))


def _block(lines: list[str]) -> list[str]:
    if not lines:
        return []
    widest = max(map(len, lines))
    if widest > WRAP_WIDTH:
        return lines
    if len(lines) > 1 and min(map(len, lines[:-1])) >= WRAP_LEAST:
        return [" ".join(lines)]
    return ["\n".join(lines)]
