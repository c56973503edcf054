"""Clean text to paragraphs, whichever way its writer told them apart."""

import re

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
    if "\n" in text and not _BLANK.search(text) and _are_sentences(text):
        return [line for raw in text.split("\n") if (line := " ".join(raw.split()))]
    found: list[str] = []
    for block in _BLANK.split(text):
        if "\n" in block:
            found.extend(_block([line for raw in block.split("\n") if (line := " ".join(raw.split()))]))
        elif paragraph := " ".join(block.split()):
            found.append(paragraph)
    return found


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
