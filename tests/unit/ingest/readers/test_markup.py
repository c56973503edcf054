import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswire.article import Subhead
from services.ingest.readers.markup import flatten, plain


@pytest.mark.parametrize(
    ("fragment", "body"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("<p>One.<p>Two.", "One.\n\nTwo."),
        ("<div>One <b>bold</b>\n  word.</div>tail", "One bold word.\n\ntail"),
        ("<P>Fish &amp; chips&nbsp;&eacute; &#233; &#x201c;x&#8221;</P>", "Fish & chips é é “x”"),
        ("One<br>two<br/><br />three", "One\ntwo\n\nthree"),
        ("<ul><li>One<li>Two</ul>", "One\n\nTwo"),
        ("<table><tr><th>Town<th>Votes</tr><tr><td>Oslo</td><td>12</td></tr></table>", "Town | Votes\nOslo | 12"),
        ("<table><tr><td><p>One.</p><p>Two.</p></td></tr></table>", "One.\n\nTwo."),
        ("<pre>One.\n\nTwo.</pre>", "One.\n\nTwo."),
        ("a\nb", "a\nb"),
        ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
        ("a &lt;b&gt; c", "a <b> c"),
        ("<xhtml:p>One.</xhtml:p><xhtml:p>Two.</xhtml:p>", "One.\n\nTwo."),
        ("<![CDATA[a & <b> &amp;]]>", "a & <b> &amp;"),
        ("caf&#101;&#769;", "café"),
        ("Zu&shy;cker", "Zucker"),
    ],
)
def test_markup_becomes_paragraphs(fragment: str, body: str) -> None:
    assert flatten(fragment).body == body


@pytest.mark.parametrize(
    "fragment",
    [
        "<script>if (a < b) document.write('<p>no</p>')</script>",
        "<STYLE>p > a {}</STYLE >",
        "<noscript>no</noscript>",
        "<figure><figure>no</figure>no</figure>",
        "<iframe src=x><p>no</p></iframe>",
        "<!-- <p>no</p> -->",
        "<!---->",
        "<svg><title>no</title><text>no</text></svg>",
        "<select><option>no</select>",
        '<img alt="a > b" src="x">',
        "<a title='it is > that'></a>",
    ],
)
def test_what_is_no_text_is_left_out(fragment: str) -> None:
    assert flatten(f"<p>Before.</p>{fragment}<p>After.</p>").body == "Before.\n\nAfter."


def test_headings_become_sub_headings_of_the_paragraphs_after_them() -> None:
    flat = flatten("<h1>Top</h1><p>One.</p><h2>Why <i>ice</i></h2><p>Two.</p><h3>The end</h3>")
    assert flat.body == "One.\n\nTwo."
    assert flat.subheads == [Subhead(text="Top", at=0), Subhead(text="Why ice", at=6)]
    assert flat.body[6:] == "Two."


def test_headings_alone_are_a_text() -> None:
    assert flatten("<h2>One</h2><h2>Two</h2>").body == "One\n\nTwo"


def test_captions_are_told_apart_from_the_text() -> None:
    flat = flatten("<figure><img><figcaption>The <b>quay</b></figcaption></figure><p>Text.</p>")
    assert flat.body == "Text."
    assert flat.captions == ["The quay"]


@pytest.mark.parametrize("name", ["figure", "noscript", "svg", "textarea", "title", "object"])
def test_an_element_that_is_never_closed_swallows_nothing(name: str) -> None:
    assert flatten(f"<p>One.</p><{name}><p>Two.</p>").body == "One.\n\nTwo."


@pytest.mark.parametrize("fragment", ['<p>One <a href="x>two</a> three', "<p>One <a href=x two three", "<p>One <3 two"])
def test_a_broken_tag_swallows_nothing_but_itself(fragment: str) -> None:
    assert flatten(fragment).body.startswith("One")


def test_one_line_is_made_of_a_title_with_markup() -> None:
    assert plain("<p>Ferry <b>late</b>&amp;<br>cold</p>") == "Ferry late& cold"


@given(st.text(alphabet="ab <>&;\n\t\x85\x1e\x1f#é\u0301", max_size=60))
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    words = "".join(flatten(f"<p>{html.escape(text)}</p>").body.split())
    assert words == "".join(flatten(text.replace("&", "&amp;").replace("<", "&lt;")).body.split())


TAGS = [
    "p",
    "div",
    "h2",
    "br",
    "table",
    "tr",
    "td",
    "pre",
    "figure",
    "figcaption",
    "script",
    "svg",
    "x:p",
    "li",
    "title",
]
PIECES = st.one_of(
    st.sampled_from([f"<{name}>" for name in TAGS] + [f"</{name}>" for name in TAGS]),
    st.sampled_from(
        ["<!--", "-->", "<![CDATA[", "]]>", "<", ">", "<a b='", "'", '="', "/", "&", "&#1;", "&#xd800;", "\n"]
    ),
    st.text(max_size=5),
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_no_markup_is_too_strange(fragment: str) -> None:
    flat = flatten(fragment)
    assert all(0 <= subhead.at < len(flat.body) for subhead in flat.subheads)
    assert "\n\n\n" not in flat.body
    assert flat.body == flat.body.strip()
    assert not {"\x1c", "\x1d", "\x1e", "\x1f", "\x00"} & set(flat.body)


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<a ",
        "<!",
        "<!--",
        "</",
        '<a ="',
        "<a b='\"",
        "<![CDATA[",
        "<figure>",
        "<figure><figcaption>",
        "<script>",
        "<div>",
        "<textarea>",
        "<h2>",
        "&#",
        "&#9" + "9" * 5000,
        "<table><tr><td>",
        "<svg><math>",
        "<br>",
        "<a<b<",
        "<script ",
        "<pre>\n",
    ],
)
def test_no_markup_takes_long(piece: str) -> None:
    flatten(piece * (200_000 // len(piece)))
    flatten(piece * (100_000 // len(piece)) + ">" + piece * (100_000 // len(piece)))
