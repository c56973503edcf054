import io

import msgspec
from rich.console import Console

from newswire.cli import hits
from newswire.search.answer import Answer, FacetValue, Hit, Snippet, Total

HIT = Hit(
    id="9f2c",
    score=1.5,
    title=Snippet("War\x1b[2J and peace", [(0, 3)]),
    published_at="2025-02-07T00:00:00Z",
    url=None,
    source="a.txt",
    agency="AFP\nforged",
    byline=None,
    language="en",
    cluster=None,
    tags=["law.trial"],
    statuses=[],
    fatalities=None,
    places=["Kyiv"],
    people=[],
    organizations=[],
    countries=[],
    snippets=[Snippet("One.\n\nTwo \u202e.", [])],
    folded=2,
)
ANSWER = Answer(total=Total(3, True), milliseconds=4, complete=True, notes=[], hits=[HIT])


def shown(answer: Answer) -> str:
    console = Console(file=io.StringIO(), width=300, highlight=False)
    hits.show(console, answer)
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_nothing_of_an_article_reaches_the_terminal_unescaped() -> None:
    text = shown(ANSWER)
    assert "War\\x1b[2J and peace" in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "AFP\\nforged" in text


def test_what_is_counted_is_said() -> None:
    assert shown(ANSWER).startswith("3 articles\n")
    assert shown(msgspec.structs.replace(ANSWER, total=Total(1, True))).startswith("1 article\n")
    assert shown(msgspec.structs.replace(ANSWER, total=Total(10_000, False))).startswith("more than 10,000 articles\n")
    assert "and 2 more versions" in shown(ANSWER)


def test_an_answer_that_is_not_whole_says_so() -> None:
    assert "Not everything was searched" in shown(msgspec.structs.replace(ANSWER, complete=False))


def test_the_cursor_stands_on_one_line() -> None:
    cursor = "x" * 700
    assert f"with --after {cursor}\n" in shown(msgspec.structs.replace(ANSWER, next=cursor))


def test_an_article_without_a_title_is_shown_by_its_beginning() -> None:
    assert "One. Two" in hits.lines(msgspec.structs.replace(HIT, title=None))[0].plain


def test_a_country_goes_by_its_name_and_what_is_not_listed_is_mentioned() -> None:
    facets = {"countries": [FacetValue("UA", 3, name="Ukraine"), FacetValue("XX", 1)], "people": [FacetValue("A", 1)]}
    text = shown(msgspec.structs.replace(ANSWER, facets=facets, facets_cut=["countries"]))
    assert "Ukraine (UA)\n" in text
    assert " XX\n  … and more\n" in text
    assert text.count("and more\n") == 1


def test_the_longest_bar_is_the_most_frequent_value() -> None:
    first, second = hits.bars([FacetValue("UA", 1200, chosen=True), FacetValue("RU", 1)])
    assert first.plain.count("█") == hits.BAR
    assert second.plain.count("█") == 1
    assert first.plain.index("UA") == second.plain.index("RU")
