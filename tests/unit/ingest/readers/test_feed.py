import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswire.article import Subhead
from newswire.reasons import Reason
from services.ingest.readers.record import RawArticle, Refused
from tests.unit.ingest.readers.reading import at, guid, never_the_net, uri
from tests.unit.ingest.readers.wires import PIECES, article, damaged, records, refused

NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"'
)


def rss(items: str, channel: str = "<title>Harbour Times</title><link>https://harbour.example/</link>") -> str:
    return f'<?xml version="1.0"?>\n<rss version="2.0" {NAMESPACES}><channel>{channel}{items}</channel></rss>'


def item(inside: str = "<description>The ferry was late.</description>") -> str:
    return f"<item><title>Ferry late</title>{inside}</item>"


def atom(entries: str, feed: str = "<title>Harbour Times</title>", attributes: str = "") -> str:
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0" '
        f'xmlns:app="http://www.w3.org/2007/app" {attributes}>{feed}{entries}</feed>'
    )


FULL = item(
    """<link>/news/1#top</link><guid isPermaLink="false">17</guid><pubDate>Sat, 14 Feb 2026 10:00:00 +0100</pubDate>
<dc:creator>Jo Doe</dc:creator><dc:creator>Kim Roe</dc:creator><description>In short.</description>
<content:encoded><![CDATA[<p>OSLO, Feb 14 (NTB) - The ferry was late.</p><h2>Why</h2><p>Ice.</p>
<figure><img><figcaption>The quay</figcaption></figure>]]></content:encoded>
<media:content url="x.jpg"><media:title>No headline</media:title><media:credit>Bild AS</media:credit></media:content>"""
)


def test_every_field_of_an_entry_finds_its_place() -> None:
    channel = "<title>Harbour &amp; Times</title><link>https://harbour.example/</link><language>en-gb</language>"
    assert article(rss(FULL, channel)) == RawArticle(
        title="Ferry late",
        body="The ferry was late.\n\nIce.",
        subheads=[Subhead(text="Why", at=21)],
        caption="The quay",
        credit="Bild AS",
        byline="Jo Doe, Kim Roe",
        agency="Harbour & Times",
        dateline="OSLO",
        language="en-gb",
        published_at=at("2026-02-14T09:00:00"),
        uri="https://harbour.example/news/1",
        identifier=guid("17", "https://harbour.example/"),
    )


def test_atom_says_the_same_in_its_own_words() -> None:
    entry = """<entry xml:lang="nb"><id>tag:harbour.example,2026:1</id><title type="html">Ferry &amp;amp; ice</title>
<link rel="enclosure" href="x.mp3"/><link href="one"/><published>2026-02-14T10:00:00+01:00</published>
<updated>2026-02-15T00:00:00Z</updated><author><name>Jo Doe</name><email>jo@harbour.example</email></author>
<summary>In short.</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Sent &#229;</p>
<p>To.</p></div></content></entry>"""
    assert article(atom(entry, attributes='xml:base="https://harbour.example/blog/"')) == RawArticle(
        title="Ferry & ice",
        body="Sent å\n\nTo.",
        byline="Jo Doe",
        agency="Harbour Times",
        language="nb",
        published_at=at("2026-02-14T09:00:00"),
        updated_at=at("2026-02-15T00:00:00"),
        uri="https://harbour.example/blog/one",
        identifier=uri("tag:harbour.example,2026:1"),
    )


RSS_1 = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 {NAMESPACES}>
<channel rdf:about="https://harbour.example/rss"><title>Harbour Times</title><link>https://harbour.example/</link>
<items><rdf:Seq><rdf:li resource="https://harbour.example/1"/></rdf:Seq></items></channel>
<item rdf:about="https://harbour.example/1"><title>Ferry late</title><link>https://harbour.example/1</link>
<description>The ferry was late.</description><dc:date>2026-02-14</dc:date></item></rdf:RDF>"""


@pytest.mark.parametrize(
    "feed",
    [
        RSS_1,
        RSS_1.replace("http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/", 1),
        rss(item()).replace('version="2.0"', 'version="0.91"'),
        rss(item()).replace(NAMESPACES, ""),
        rss(item()).replace(NAMESPACES, 'xmlns="http://backend.userland.com/rss2"'),
        atom("<entry><title>Ferry late</title><content>The ferry was late.</content></entry>"),
        atom("<entry><title>Ferry late</title><summary>The ferry was late.</summary></entry>").replace(
            "http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#"
        ),
        "<feed><title>Harbour Times</title><entry><title>Ferry late</title>"
        "<summary>The ferry was late.</summary></entry></feed>",
        '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>Harbour Times</a:title><a:entry>'
        "<a:title>Ferry late</a:title><a:content>The ferry was late.</a:content></a:entry></a:feed>",
    ],
)
def test_every_dialect_is_read(feed: str) -> None:
    found = article(feed, "feed")
    assert (found.title, found.body, found.agency) == ("Ferry late", "The ferry was late.", "Harbour Times")


def test_a_lone_entry_is_an_article() -> None:
    entry = (
        '<entry xmlns="http://www.w3.org/2005/Atom"><id>urn:x:1</id><title>T</title><content>Text.</content></entry>'
    )
    assert article(entry).identifier == uri("urn:x:1")


@pytest.mark.parametrize(
    ("inside", "body"),
    [
        (
            "<description>&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two &amp;amp; three.&lt;/p&gt;</description>",
            "One.\n\nTwo & three.",
        ),
        (
            "<description>&amp;lt;p&amp;gt;One.&amp;lt;/p&amp;gt;&amp;lt;p&amp;gt;Two.&amp;lt;/p&amp;gt;</description>",
            "One.\n\nTwo.",
        ),
        ("<description><p>One<br>two & three.</description>", "One\ntwo & three."),
        ("<description><p>One.</p><p>Two.</p></description>", "One.\n\nTwo."),
        ("<description>AT&T &nbsp;said so.</description>", "AT&T said so."),
        ("<description/><content:encoded>Full.</content:encoded>", "Full."),
        ("<content:encoded></content:encoded><description>Short.</description>", "Short."),
        ("<description>First.</description><content:encoded><![CDATA[<p>Full]]>.</content:encoded>", "Full."),
        ("<description>Text.&lt;p&gt;The post A appeared first on B.&lt;/p&gt;</description>", "Text."),
        ("<undeclared:text>No.</undeclared:text><description>Yes.</description>", "Yes."),
    ],
)
def test_the_text_is_found_however_it_is_written(inside: str, body: str) -> None:
    assert article(rss(item(inside))).body == body


@pytest.mark.parametrize(
    ("author", "byline"),
    [
        ("<author>jo@harbour.example (Jo Doe)</author>", "Jo Doe"),
        ("<author>Jo Doe &lt;jo@harbour.example&gt;</author>", "Jo Doe"),
        ("<author>jo@harbour.example</author>", None),
        ("<author>jo@harbour.example</author><dc:creator>Jo Doe</dc:creator>", "Jo Doe"),
        ("<atom:author><atom:name>Jo Doe</atom:name></atom:author>", "Jo Doe"),
        ("<dc:creator><![CDATA[Jo &amp; Kim]]></dc:creator>", "Jo & Kim"),
    ],
)
def test_authors_are_names(author: str, byline: str | None) -> None:
    assert article(rss(item(f"{author}<description>Text.</description>"))).byline == byline


@pytest.mark.parametrize(
    ("names", "link", "name"),
    [
        ("<guid>https://www.harbour.example/?p=1</guid>", "https://www.harbour.example/?p=1", "harbour.example"),
        ('<guid isPermaLink="false">https://harbour.example/?p=1</guid>', None, "harbour.example"),
        ("<guid>17</guid>", None, "https://harbour.example/"),
        ("<link>news/1</link>", "https://harbour.example/news/1", None),
        ("<link>javascript:alert(1)</link>", None, None),
        ("<link>http://[bad/</link>", None, None),
        (
            '<atom:link rel="self" href="https://x.example/"/><link>https://y.example/a</link>',
            "https://y.example/a",
            None,
        ),
    ],
)
def test_an_entry_is_known_by_its_guid_else_by_its_address(names: str, link: str | None, name: str | None) -> None:
    found = article(rss(item(f"{names}<description>Text.</description>")))
    assert found.uri == link
    assert (found.identifier and found.identifier.issuer) == name


def test_a_guid_that_several_pages_share_names_none_of_them() -> None:
    same = "<guid isPermaLink='false'>https://harbour.example/feed</guid><description>Text.</description>"
    feed = rss("".join(item(f"<link>https://harbour.example/{number}</link>{same}") for number in range(2)))
    assert [found.identifier for found in records(feed) if isinstance(found, RawArticle)] == [None, None]


def test_numbers_of_two_feeds_do_not_mean_the_same_article() -> None:
    numbered = item("<guid>1</guid><description>Text.</description>")
    sport = rss(numbered, "<title>A</title><link>https://harbour.example/sport</link>")
    world = rss(numbered, "<title>A</title><link>https://harbour.example/world</link>")
    assert article(sport).identifier != article(world).identifier


def test_a_tombstone_takes_its_entry_back() -> None:
    feed = atom(
        '<at:deleted-entry ref="urn:x:1" when="2026-02-14T10:00:00Z"><at:comment>Wrong.</at:comment></at:deleted-entry>'
    )
    assert article(feed) == RawArticle(
        body="", pubstatus="canceled", identifier=uri("urn:x:1"), updated_at=at("2026-02-14T10:00:00")
    )


def test_a_tombstone_without_a_name_takes_nothing_back() -> None:
    assert refused(atom("<at:deleted-entry/>")).reason is Reason.KILL_UNMATCHED


def test_a_draft_is_withheld_and_its_text_is_in_no_letter() -> None:
    control = "<app:control><app:draft>yes</app:draft></app:control>"
    held = f"<entry><id>urn:x:1</id><title>Secret</title>{control}<content>Hidden text.</content></entry>"
    assert article(atom(held)).pubstatus == "withheld"
    for broken in (held.replace("Hidden text.", ""), held.replace("</id>", "</di>")):
        assert b"Secret" not in (refused(atom(broken)).original or b"")


def test_an_entry_of_an_aggregator_belongs_to_its_source() -> None:
    source = '<source url="https://other.example/rss">Other Paper</source><description>Text.</description>'
    assert article(rss(item(source))).agency == "Other Paper"


def test_a_broken_entry_is_refused_alone_with_its_own_bytes() -> None:
    broken = "<item><title>Broken</titel><description>Text.</description></item>"
    first, second, third = records(rss(item() + broken + item()))
    assert isinstance(first, RawArticle)
    assert isinstance(third, RawArticle)
    assert isinstance(second, Refused)
    assert (second.reason, second.original) == (Reason.BAD_FORMAT, broken.encode())
    assert second.message.startswith("Entry 2 ")


def test_an_entry_that_never_ends_does_not_take_the_next_with_it() -> None:
    first, second = records(rss("<item><title>Broken</title>" + item()))
    assert isinstance(first, Refused)
    assert isinstance(second, RawArticle)


def test_end_tags_inside_sections_and_comments_end_nothing() -> None:
    assert (
        article(rss(item("<!-- </item> --><description><![CDATA[</item> is a tag.]]></description>"))).body
        == "is a tag."
    )


def test_a_feed_that_is_cut_off_is_read_so_far_and_tried_again() -> None:
    whole = rss(item() + item())
    for end in (len(whole) - 8, len(whole) - 25, whole.rindex("<title>")):
        found = records(whole[:end])
        assert isinstance(found[0], RawArticle)
        assert isinstance(found[-1], Refused)
        assert found[-1].reason is Reason.TRUNCATED
        assert [one for one in found if isinstance(one, Refused)] == [found[-1]]


@pytest.mark.parametrize(
    ("feed", "reason"),
    [
        (rss(""), Reason.EMPTY),
        (rss(item("")), Reason.NO_BODY),
        (rss(item("<enclosure url='x.mp3' type='audio/mpeg'/>")), Reason.NO_BODY),
        (atom('<entry><title>T</title><content type="image/png">iVBORw0KGgo=</content></entry>'), Reason.NO_BODY),
        (atom('<entry><title>T</title><content src="https://x.example/a.html" type="html"/></entry>'), Reason.NO_BODY),
        (rss(item("<description>&mine;</description>")), Reason.BAD_FORMAT),
    ],
)
def test_what_is_no_article_is_refused(feed: str, reason: Reason) -> None:
    assert refused(feed).reason is reason


def test_other_encodings_are_read_as_declared() -> None:
    feed = rss(item("<description>Блины с мёдом.</description>")).replace('"1.0"?', '"1.0" encoding="windows-1251"?')
    assert article(feed.encode("cp1251")).body == "Блины с мёдом."


SAMPLE = rss(FULL) + atom('<at:deleted-entry ref="urn:x:1"/><entry><id>1</id><content>Text.</content></entry>')


@given(damaged(SAMPLE, [*PIECES, "<item>", "</item>", "<entry>", "<guid>", "</rss>", 'xmlns:a="']))
def test_no_feed_is_too_strange(data: bytes) -> None:
    never_the_net(records(data))


@given(st.binary(max_size=100))
def test_no_bytes_in_a_feed_are_too_strange(data: bytes) -> None:
    never_the_net(records(rss(item("<description>\0</description>")).encode().replace(b"\0", data)))


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "piece",
    [
        "<item>",
        "<item ",
        "</item>",
        "<item/>",
        "<title>",
        "<![CDATA[",
        "<!--",
        "<a:item>",
        "<x ",
        "&",
        "<item><title>",
        "<media:group>",
    ],
)
def test_no_feed_takes_long(piece: str) -> None:
    for before in ("", "<item>", "<item><title>x<b>"):
        never_the_net(records(rss(before + piece * (20_000 // len(piece)))))
