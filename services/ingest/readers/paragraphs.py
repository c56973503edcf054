"""Clean text to paragraphs, whichever way its writer told them apart."""

import re

from newswire.plain import is_plain

# The widest line that programs break text at; a longer one was not broken by a program.
WRAP_WIDTH = 100
# A wrapped line is nearly full: the next word did not fit.
WRAP_LEAST = 40

# Where so many lines end like sentences, no program broke them: each is a paragraph.
SENTENCES = 0.8

_SENTENCE = re.compile(r"[.!?…。！？][\"'”’»)\]]*[^\S\n]*$", re.MULTILINE)
_BLANK = re.compile(r"\n(?:[^\S\n]*\n)+")


def paragraphs(text: str) -> list[str]:
    """The paragraphs of ``text``, none empty, runs of spaces single.

    Blank lines separate paragraphs; where there are none, line ends do if the lines
    are sentences. Between blank lines, lines that a program wrapped are joined;
    long lines are paragraphs of their own; short ones (a table, a list, a poem)
    stay lines.
    """
    single = _single_of_plain if is_plain(text) else _single
    if single is _single_of_plain and "\n " not in text:  # so a blank line has nothing in it
        blocks = [block.strip("\n") for block in text.split("\n\n")]
        if "  " not in text:
            single = _stripped
    else:
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


def _single_of_plain(line: str) -> str:
    """The same, where all white space in it is spaces: nothing is to be done to most lines."""
    return _single(line) if "  " in line else line.strip(" ")


def _stripped(line: str) -> str:
    """The same, where no two spaces stand together: nothing but one at an end."""
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
