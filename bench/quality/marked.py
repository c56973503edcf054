r"""Our own gold texts: plain text with the marks in it, so that a person can read, check and correct them.

A text begins with a line ``== id date event``, then come its headline, a blank
line and the paragraphs. The event is the tag of what the headline reports, ``none``
where that is none of them, or left out where two could be meant. Marks cannot be nested:

    [PER Ada Obi]   [ORG Bank of China]
    [LOC Kano|12.0,8.5]         a place with latitude and longitude; right within 161 km,
    [LOC Sahara|23,13~2000]     or within the kilometres behind ~
    [LOC Ghana|GH]              a country, with its ISO 3166-1 code
    [DATE Friday|2025-02-07]    a time expression with its TIMEX3 value

Lines that begin with ``#`` before the first text are remarks.
"""

import re
from pathlib import Path

from bench.quality.sample import Expression, GoldSet, Named, Sample, Span, Toponym

GOLD = Path(__file__).with_name("gold")
TUNED_ON, HELD_OUT = GOLD / "tuned_on.txt", GOLD / "held_out.txt"

_HEAD = re.compile(r"^== (?P<id>[a-z0-9-]+) (?P<date>\d{4}-\d\d-\d\d)(?: (?P<tag>[a-z_.]+))?\n", re.MULTILINE)
_MARK = re.compile(r"\[(?P<type>PER|ORG|LOC|DATE) (?P<text>[^][|\s][^][|]*)(?:\|(?P<more>[^][|]+))?\]")
_POINT = re.compile(r"(?P<lat>-?\d+(?:\.\d+)?),(?P<lon>-?\d+(?:\.\d+)?)(?:~(?P<within>\d+))?")
_COUNTRY = re.compile(r"[A-Z]{2}")


class MarkError(ValueError):
    """A mark that cannot be read; the message names the text and the mark."""


def own() -> list[GoldSet]:
    """The two halves: what may be looked at while something is changed, and what may not."""
    return [GoldSet("own", read(TUNED_ON)), GoldSet("own, held out", read(HELD_OUT))]


def read(path: Path) -> list[Sample]:
    """All texts of a file; raises MarkError at the first mark that is wrong."""
    parts = _HEAD.split(path.read_text("utf-8"))[1:]
    return [_sample(*parts[at : at + 4]) for at in range(0, len(parts), 4)]


def _sample(name: str, date: str, tag: str | None, text: str) -> Sample:
    title, _, body = text.strip().partition("\n\n")
    names: set[Named] = set()
    toponyms: list[Toponym] = []
    times: list[Expression] = []
    fields: dict[str, str] = {}
    for field, marked in (("title", title), ("body", body)):
        plain, at = "", 0
        for mark in _MARK.finditer(marked):
            plain += marked[at : mark.start()]
            at = mark.end()
            span = Span(field, len(plain), len(plain) + len(mark["text"]))
            plain += mark["text"]
            if mark["type"] == "DATE":
                if not mark["more"]:
                    raise MarkError(f"{name}: {mark[0]} has no value.")
                # Only those of the body are looked for.
                times += [Expression(span.start, span.end, None, mark["more"])] if field == "body" else []
                continue
            names.add(Named(span, mark["type"]))
            if mark["type"] == "LOC":
                toponyms.append(_toponym(name, mark, span))
            elif mark["more"]:
                raise MarkError(f"{name}: {mark[0]} is no place and has a position.")
        fields[field] = plain + marked[at:]
        if stray := re.search(r".{0,20}[][|].{0,20}", fields[field]):
            raise MarkError(f"{name}: a bracket or bar that belongs to no mark: {stray[0]!r}.")
    return Sample(
        id=name,
        published_at=f"{date}T00:00:00Z",
        names=frozenset(names),
        toponyms=tuple(toponyms),
        times=tuple(times),
        tag=tag,
        **fields,
    )


def _toponym(name: str, mark: re.Match[str], span: Span) -> Toponym:
    where = mark["more"] or ""
    if _COUNTRY.fullmatch(where):
        return Toponym(span, country=where)
    if point := _POINT.fullmatch(where):
        near = float(point["within"]) if point["within"] else Toponym(span).within
        return Toponym(span, float(point["lat"]), float(point["lon"]), near)
    raise MarkError(f"{name}: {mark[0]} says neither latitude and longitude nor a country.")
