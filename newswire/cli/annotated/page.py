"""Enriched articles as one web page: self-contained, without script, for light, dark and paper.

The page is written piece by piece, so that any number of articles fits into
memory. Whatever an article holds is escaped, and a policy in the page itself
forbids the browser to load or run anything.
"""

import html
from collections import Counter
from importlib.resources import files
from typing import Final

from newswire.cli.annotated.facts import Happening, Table, about, happenings, paragraphs, tables
from newswire.cli.annotated.marks import CODES, KINDS, Mark, change, marks, runs
from newswire.enriched import Enriched
from newswire.logging import printable

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
# Joiners and the soft hyphen change how letters look and nothing else; scripts need them.
JOINERS: Final = frozenset("\u200c\u200d\u00ad")
NUMBERS: Final = frozenset({"mentions", "salience", "confidence", "coordinates"})


def head(title: str) -> str:
    """The page up to its first article."""
    style = files(__package__).joinpath("page.css").read_text("utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f"<title>{_escaped(' '.join(title.split())[:200])}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n"
    )


def foot() -> str:
    """What closes the page."""
    return "</main>\n</body>\n</html>\n"


def article(document: Enriched, number: int) -> str:
    """One article; ``number`` tells the articles of a page apart."""
    return _Article(document, number).html()


class _Article:
    """The pieces of one article's HTML."""

    def __init__(self, document: Enriched, number: int) -> None:
        self._document = document
        self._name = f"a{number}"
        self._marks = marks(document)
        self._paragraphs = list(paragraphs(document))

    def html(self) -> str:
        document = self._document
        parts = [f'<article id="{self._name}">', f"<h1{_AUTO}>{self._field('title', document.title or '–')}</h1>"]
        facts = [(name, _escaped(value)) for name, value in about(document)]
        if document.dateline:
            facts.append(("dateline", f"<bdi>{self._field('dateline', document.dateline.text)}</bdi>"))
        parts.append(_list(facts))
        if document.caption:
            parts.append(f'<p class="caption"{_AUTO}>{self._field("caption", document.caption)}</p>')
        for number, paragraph in enumerate(self._paragraphs):
            parts += [f"<h3{_AUTO}>{_escaped(heading)}</h3>" for heading in paragraph.headings]
            if paragraph.start < paragraph.end:
                inside = self._field("body", document.body, paragraph.start, paragraph.end)
                parts.append(f'<p class="text" id="{self._name}p{number}"{_AUTO}>{inside}</p>')
        parts += [self._legend(), *map(_table, tables(document))]
        events = happenings(document)
        if events:
            parts += ["<section>", "<h2>Events</h2>", *map(self._event, events), "</section>"]
        return "\n".join([*parts, "</article>\n"])

    def _field(self, name: str, text: str, start: int = 0, end: int | None = None) -> str:
        made: list[str] = []
        open_marks: tuple[Mark, ...] = ()
        for run in runs(text, self._marks.get(name, []), start, end):
            made += [_tags(open_marks, run.marks), _escaped(run.text)]
            open_marks = run.marks
        return "".join(made) + _tags(open_marks, ())

    def _legend(self) -> str:
        found = Counter(mark.kind for several in self._marks.values() for mark in several)
        parts = [f"{_opened(kind, '')}{kind} {found[kind]}</mark>" for kind in KINDS if found[kind]]
        return f'<p class="legend">{" ".join(parts) or "no names and no dates"}</p>'

    def _event(self, event: Happening) -> str:
        kind = f"<strong>{_escaped(event.type)}</strong>"
        status = f'<span class="status">{_escaped(event.status)}</span> <span class="faint">{event.score}</span>'
        facts = _list([(name, _escaped(value)) for name, value in event.facts]) if event.facts else ""
        return f'<div class="event">{kind}{status}{facts}{"".join(map(self._evidence, event.evidence))}</div>'

    def _evidence(self, span: tuple[int, int]) -> str:
        """The sentence, as a link to the paragraph that it stands in."""
        sentence = f"“{_escaped(' '.join(self._document.body[slice(*span)].split()))}”"
        within = (number for number, one in enumerate(self._paragraphs) if one.start <= span[0] < one.end)
        at = next(within, None)
        inside = sentence if at is None else f'<a href="#{self._name}p{at}">{sentence}</a>'
        return f"<p{_AUTO}>{inside}</p>"


# A text's own direction: Arabic stands beside English on one page.
_AUTO: Final = ' dir="auto"'


def _tags(before: tuple[Mark, ...], after: tuple[Mark, ...]) -> str:
    closed, opened = change(before, after)
    return "</mark>" * len(closed) + "".join(_opened(mark.kind, mark.told) for mark in opened)


def _opened(kind: str, told: str) -> str:
    title = f' title="{_escaped(" ".join(told.split()))}"' if told else ""
    return f'<mark class="{kind}" data-code="{CODES[kind]}"{title}>'


def _table(table: Table) -> str:
    kinds = [' class="number"' if column in NUMBERS else "" for column in table.columns]
    heads = "".join(f"<th{kind}>{column}</th>" for kind, column in zip(kinds, table.columns, strict=True))
    rows = "\n".join(
        "<tr>" + "".join(f"<td{kind}>{_escaped(cell)}</td>" for kind, cell in zip(kinds, row, strict=True)) + "</tr>"
        for row in table.rows
    )
    return (
        f'<section class="found">\n<h2>{table.title}</h2>\n<div class="wide"><table>\n'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table></div>\n</section>"
    )


def _list(facts: list[tuple[str, str]]) -> str:
    """Names and values; the values are HTML already."""
    return "<dl>" + "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts) + "</dl>"


def _escaped(text: str) -> str:
    """Text for HTML: markup is text, and what is not printable is an escape, but for lines and joiners."""
    return html.escape("".join(c if c == "\n" or c in JOINERS else printable(c) for c in text))
