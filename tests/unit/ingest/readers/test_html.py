import json
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswire.article import Subhead
from newswire.reasons import Reason
from services.ingest.readers import html
from services.ingest.readers.format import Context
from services.ingest.readers.record import RawArticle, Refused
from tests.unit.ingest.readers.reading import at, never_the_net
from tests.unit.ingest.readers.wires import PIECES, article, damaged, records, refused

TEXT = [
    "The ferry to the outer islands was late again on Saturday because ice had closed the harbour mouth all night.",
    "It was the third time this winter, the harbour master said, and nobody at the quay seemed surprised any more.",
    "Schools on the islands stayed closed until noon, and the post came with the fishermen as it used to do.",
]
BODY = "".join(f"<p>{text}</p>" for text in TEXT)
MENU = '<nav><ul><li><a href="/">Home</a><li><a href="/s">Sport</a></ul></nav>'


def page(main: str = f"<article>{BODY}</article>", head: str = "", attributes: str = 'lang="en-GB"') -> str:
    body = f"<body>{MENU}{main}<footer>All rights reserved</footer></body>"
    return f"<!DOCTYPE html><html {attributes}><head>{head}</head>{body}</html>"


def linked(**more: object) -> str:
    value = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Ferry late", **more}
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def test_every_field_of_a_page_finds_its_place() -> None:
    head = (
        '<meta charset="utf-8"><title>Ferry late | Harbour Times</title><link rel="canonical" href="https://h.example/a#x">'
        + meta("og:site_name", "Harbour Times")
        + meta("article:published_time", "2026-02-14T10:00:00+01:00")
        + meta("article:modified_time", "2026-02-15T10:00:00Z")
        + meta("author", "By Jo Doe")
    )
    figure = "<figure><img><figcaption>The quay at dawn (Photo: Bild AS)</figcaption></figure>"
    first, second, third = TEXT
    top = f"<h1>Ferry late</h1>{figure}<p>OSLO, Feb 14 (NTB) - {first}</p>"
    main = f"<article>{top}<h2>Third time</h2><p>{second}</p><p>{third}</p></article>"
    assert article(page(main, head), "a.html") == RawArticle(
        title="Ferry late",
        body="\n\n".join(TEXT),
        subheads=[Subhead(text="Third time", at=len(first) + 2)],
        caption="The quay at dawn",
        credit="Bild AS",
        byline="Jo Doe",
        agency="Harbour Times",
        dateline="OSLO",
        language="en-GB",
        published_at=at("2026-02-14T09:00:00"),
        updated_at=at("2026-02-15T10:00:00"),
        uri="https://h.example/a",
    )


def test_what_the_page_says_for_machines_goes_before_what_it_shows() -> None:
    head = "<title>Shown</title>" + meta("og:title", "Shared") + meta("author", "Webmaster")
    facts = linked(
        author=[{"@type": "Person", "name": "Jo Doe"}, "Kim Roe"],
        datePublished="2026-02-14T10:00:00Z",
        publisher={"name": "Harbour Times"},
        mainEntityOfPage={"@id": "https://h.example/a"},
    )
    found = article(page(head=head + facts))
    assert (found.title, found.byline, found.agency) == ("Ferry late", "Jo Doe, Kim Roe", "Harbour Times")
    assert (found.uri, found.published_at) == ("https://h.example/a", at("2026-02-14T10:00:00"))


@pytest.mark.parametrize(
    "script",
    [
        '{"@graph": [{"@type": "WebSite"}, {"@type": ["Thing", "BlogPosting"], "headline": "Ferry late"}]}',
        '[{"@type": "WebPage", "mainEntity": {"@type": "ReportageNewsArticle", "headline": "Ferry late"}}]',
        '<!-- {"@type": "http://schema.org/NewsArticle", "name": "Ferry\tlate"} -->',
        '{"@type": "NewsArticle", "headline": ["Ferry <b>late</b>"]};',
    ],
)
def test_the_article_is_found_among_other_data(script: str) -> None:
    head = f'<title>Other</title><script type="application/ld+json">{script}</script>'
    assert article(page(head=head)).title == "Ferry late"


@pytest.mark.parametrize(
    "script", ["{", "[" * 5000, '"x"', "null", '{"@type": 3}', '{"@type": "NewsArticle", "author": [[]]}', "[1e999]"]
)
def test_data_that_make_no_sense_do_no_harm(script: str) -> None:
    head = f'<title>Ferry late</title><script type="application/ld+json">{script}</script>'
    assert article(page(head=head)).title == "Ferry late"


def test_a_text_that_is_only_in_the_data_is_the_text() -> None:
    found = article(
        page('<div id="root"><p>Please enable JavaScript.</p></div>', linked(articleBody="\n\n".join(TEXT)))
    )
    assert found.body == "\n\n".join(TEXT)


def test_a_beginning_in_the_data_does_not_replace_the_text() -> None:
    assert article(page(head=linked(articleBody=TEXT[0][:60] + " …"))).body == "\n\n".join(TEXT)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("<title>Ferry late | Harbour Times</title>", "Ferry late"),
        ("<title>Ferry late - Harbour Times</title>" + meta("og:site_name", "Harbour Times"), "Ferry late"),
        ("<title>Ferry late - again</title>", "Ferry late - again"),
        ("<title>Fish &amp;amp; ice</title>", "Fish & ice"),
        (meta("og:title", "Ferry late"), "Ferry late"),
        ("", None),
    ],
)
def test_a_title_is_without_the_name_of_the_site(title: str, expected: str | None) -> None:
    assert article(page(head=title)).title == expected


@pytest.mark.parametrize(
    ("head", "uri"),
    [
        ('<link rel="canonical" href="/">' + meta("og:url", "https://h.example/a"), "https://h.example/a"),
        ('<base href="https://h.example/b/"><link rel="shortlink canonical" href="a">', "https://h.example/b/a"),
        ('<link rel="canonical" href="javascript:x">', "https://crawled.example/p?id=1"),
        ('<link rel="canonical" href="//h.example/a">', "https://h.example/a"),
        ("", "https://crawled.example/p?id=1"),
    ],
)
def test_the_address_is_the_canonical_one_else_that_it_came_from(head: str, uri: str) -> None:
    context = Context("a.html", UTC, uri="https://crawled.example/p?id=1")
    (found,) = html.read(page(head=head).encode(), context)
    assert isinstance(found, RawArticle)
    assert found.uri == uri


@pytest.mark.parametrize(
    ("charset", "head", "said"),
    [
        ("utf-8", "", None),
        ("utf-8", '<meta charset="iso-8859-1">', None),
        ("utf-8-sig", "", "latin-1"),
        ("cp1251", '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">', None),
        ("cp1251", "", "windows-1251"),
        ("cp1252", '<meta charset="no-such-thing">', None),
        ("utf-16", "", None),
        ("shift_jis", '<meta charset="Shift_JIS">', None),
    ],
)
def test_a_page_is_read_in_the_encoding_it_is_in(charset: str, head: str, said: str | None) -> None:
    word = {"cp1251": "паром", "shift_jis": "渡船"}.get(charset, "Fähre")
    data = page(f"<article><p>{word} {TEXT[0]}</p>{BODY}</article>", head).encode(charset)
    (found,) = html.read(data, Context("a.html", UTC, charset=said))
    assert isinstance(found, RawArticle)
    assert found.body.startswith(word)


def test_what_lies_over_the_page_is_no_text() -> None:
    words = "<p>We value your privacy and that of our 812 partners very much indeed.</p>" * 3
    wall = f'<div id="cookie-wall">{words}</div>'
    assert article(page(f"{wall}<article>{BODY}</article>")).body == "\n\n".join(TEXT)
    assert refused(page(wall)).reason is Reason.NO_BODY


def test_what_is_hidden_is_no_text() -> None:
    hidden = (
        '<p style="color:red; display: none">Nobody is meant to read this sentence, which stands here for machines.</p>'
    )
    assert article(page(f"<article>{hidden}{BODY}</article>")).body == "\n\n".join(TEXT)


def test_a_page_that_is_hidden_until_its_script_has_run_is_read() -> None:
    assert article(page(attributes='style="visibility:hidden"')).body == "\n\n".join(TEXT)


def test_pages_without_an_article_are_refused() -> None:
    teasers = "".join(
        f"<div><h3><a href=/{n}>Teaser {n}</a></h3><p>Something short about it.</p></div>" for n in range(20)
    )
    assert refused(page(f"<main>{teasers}</main>")).reason is Reason.NO_BODY
    assert refused(page("<p>Too short.</p>")).reason is Reason.NO_BODY
    assert refused("<html></html>").reason is Reason.NO_BODY
    front = page(head='<link rel="canonical" href="https://h.example/">')
    assert refused(front).reason is Reason.UNSUPPORTED


def test_a_menu_alone_is_no_article() -> None:
    assert refused(page("")).reason is Reason.NO_BODY
    assert refused(page(f"<div>{'Home World Politics Business Sport Culture ' * 5}</div>")).reason is Reason.NO_BODY


def test_a_text_without_spaces_between_its_words_is_a_text() -> None:
    text = (
        "港の入り口が一晩中氷に閉ざされたため、離島行きのフェリーは土曜日もまた遅れたと港長が語った。今冬三度目である。"
    )
    assert article(page(f"<article><p>{text}</p></article>")).body == text


def test_a_text_deep_inside_the_page_is_found() -> None:
    assert article(page("<div>" * 1000 + BODY + "</div>" * 1000)).body == "\n\n".join(TEXT)


@pytest.mark.parametrize(
    "start",
    ["<html>", "<!doctype HTML>", "<!-- saved --><HTML>", '<?xml version="1.0"?><html xmlns="x">', "\n\n<head>"],
)
def test_a_page_is_recognised_by_its_beginning(start: str) -> None:
    assert article(f"{start}<body><article>{BODY}</article></body></html>", "a.txt").body == "\n\n".join(TEXT)


def test_a_piece_of_markup_is_an_article_of_all_its_text() -> None:
    assert article(f"<p>{TEXT[0]}</p><ul><li>And more.</ul>", "a.txt").body == f"{TEXT[0]}\n\nAnd more."


def test_the_same_page_gives_the_same_article() -> None:
    assert records(page()) == records(page())


SAMPLE = page(
    head=linked(author="Jo Doe", url="https://h.example/a") + meta("og:title", "x") + '<link rel="canonical" href="/a">'
)


@given(damaged(SAMPLE, [*PIECES, "<div>", "</article>", "<script>", "{", "http://[", "<table>", "<h1>", "<!doctype"]))
def test_no_page_is_too_strange(data: bytes) -> None:
    never_the_net(list(html.read(data, Context("a.html", UTC, uri="https://h.example/p"))))


@given(st.binary(max_size=200))
def test_no_bytes_are_too_strange_for_a_page(data: bytes) -> None:
    never_the_net(records(b"<html><p>" + data))


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<a>",
        "<div>",
        "<div>a</div>",
        "<p>b",
        "<!--",
        "<!-- -->",
        "<i><p>",
        "<a b='",
        "&",
        "<meta charset=",
        "x ",
    ],
)
def test_no_page_takes_long(piece: str) -> None:
    never_the_net(records("<html><body>" + piece * (60_000 // len(piece)), "a.html"))


def test_a_control_character_by_reference_beside_a_menu_is_left_out() -> None:
    main = f"<article><p>{TEXT[0]}</p>be&#1;fore{MENU}be&#1;hind<p>{TEXT[1]}</p><p>{TEXT[2]}</p></article>"
    body = article(page(main)).body
    assert all(text in body for text in TEXT)


def test_a_page_of_tags_alone_is_too_large() -> None:
    found = refused("<html>" + "<a>" * 300_000)
    assert isinstance(found, Refused)
    assert found.reason is Reason.TOO_LARGE


@pytest.mark.parametrize(("tags", "tag"), [("<table><tr><td>", "table"), ("<article><h1>", "article")])
def test_what_is_nested_very_deeply_does_not_take_long(tags: str, tag: str) -> None:
    page = "<html><body>" + tags * 300 + BODY
    never_the_net(records(page))
    root = html._parsed(page)
    assert root is not None
    assert len(html._nested(root, tag)) == 300 - html.MOST_NESTED
