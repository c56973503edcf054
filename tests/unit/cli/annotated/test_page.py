"""The page is read back by an HTML parser, as a browser would."""

import re
from itertools import pairwise

from lxml import html
from msgspec.structs import replace

from newswire.cli.annotated import page
from newswire.enriched import Enriched
from tests.unit.cli.annotated.documents import HARM, HOSTILE, PLAIN

# Everything that the page is made of; nothing else may appear in it, whatever an article holds.
ELEMENTS = {
    *("html", "head", "meta", "title", "style", "body", "main", "article", "section", "div", "span", "strong", "bdi"),
    *("h1", "h2", "h3", "p", "a", "mark", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"lang", "charset", "name", "content", "http-equiv", "id", "class", "dir", "title", "data-code", "href"}


def read(*documents: Enriched) -> html.HtmlElement:
    articles = "".join(page.article(document, number) for number, document in enumerate(documents, 1))
    return html.document_fromstring((page.head("A page") + articles + page.foot()).encode())


def texts(tree: html.HtmlElement, path: str) -> list[str]:
    return [str(one.text_content()) for one in tree.xpath(path)]


def test_the_text_is_as_written_and_every_mark_says_what_it_is() -> None:
    tree = read(PLAIN)
    assert texts(tree, "//h1") == ["Kano speaks"]
    assert texts(tree, "//p[@class='caption']") == ["Ada Obi in Kano"]
    assert texts(tree, "//p[@class='text']") == [
        "Ada Obi spoke in Kano on Friday.",
        "The Bank of Kano closed.\nTwo were hurt.",
    ]
    assert texts(tree, "//h3") == ["At the bank"]
    marked = [(one.text_content(), one.get("class"), one.get("title")) for one in tree.xpath("//p[@id='a1p0']//mark")]
    assert marked == [
        ("Ada Obi", "person", "person: Ada Obi"),
        ("Kano", "place", "place: Kano"),
        ("Friday", "date", "date: 2025-02-07"),
    ]


def test_marks_that_cross_are_nested_properly() -> None:
    inside = page.article(PLAIN, 1).partition('id="a1p1"')[2].partition("</p>")[0]
    assert (
        re.sub(r"<mark class=\"(.).*?>", r"<\1>", inside)
        .partition("The ")[2]
        .startswith("<o>Bank of <p>Kano</mark></mark><p> closed</mark>.")
    )


def test_what_was_found_stands_below_the_text() -> None:
    tree = read(PLAIN)
    assert texts(tree, "//section/h2") == ["Names", "Places", "Dates", "Events"]
    assert ["Kano", "city", "NG", "", "12.00°N 8.50°W", "0.98"] in [texts(row, "td") for row in tree.xpath("//tr")]
    (link,) = tree.xpath("//div[@class='event']//a")
    assert (link.text_content(), link.get("href")) == ("“Two were hurt.”", "#a1p1")
    assert tree.xpath("//*[@id='a1p1']")


def test_whatever_an_article_holds_is_text() -> None:
    tree = read(HOSTILE, PLAIN)
    assert {one.tag for one in tree.iter()} <= ELEMENTS
    assert {name for one in tree.iter() for name in one.attrib} <= ATTRIBUTES
    assert all(one.get("href").startswith("#") for one in tree.iter("a"))
    assert len(tree.xpath("//main/article")) == 2
    # All of it is there, with what is not printable as escapes.
    assert texts(tree, "//h1")[0] == HARM.encode("unicode_escape").decode()
    assert texts(tree, "//title") == ["A page"]
    assert html.fromstring(page.head(HARM) + page.foot()).findtext(".//title").startswith("</p><script>")


def test_the_page_loads_and_runs_nothing() -> None:
    made = page.head("x") + page.article(HOSTILE, 1) + page.foot()
    assert "default-src 'none'" in made
    assert not re.search(r"url\(|@import|src=|<link|<script", page.head("x"))
    assert not set(made) & set("\x1b\x07\u202e")


def test_articles_of_one_page_do_not_share_ids() -> None:
    ids = [one.get("id") for one in read(PLAIN, PLAIN, HOSTILE).xpath("//*[@id]")]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"a\d+(p\d+)?", one) for one in ids)


def test_every_kind_has_a_look_in_light_dark_and_print() -> None:
    style = page.head("x").partition("<style>")[2].partition("</style>")[0]
    light, dark, printed = re.split(r"@media \([^)]*dark\)|@media print", style)
    for kind in ("person", "organization", "place", "group", "nationality", "event", "work", "other"):
        assert f"--{kind}:" in light
        assert f"--{kind}:" in dark
    assert "mark {" in printed


def test_joiners_that_scripts_need_stay_and_directions_that_deceive_do_not() -> None:
    made = page.article(replace(PLAIN, title="می\u200cشود \u2067x", entities=[]), 1)
    assert "می\u200cشود \\u2067x" in made
    assert 'dir="auto"' in made


def test_headings_of_a_page_go_down_step_by_step() -> None:
    levels = [int(one.tag[1]) for one in read(PLAIN).iter("h1", "h2", "h3")]
    assert levels[0] == 1
    assert all(after - before <= 2 for before, after in pairwise(levels))
