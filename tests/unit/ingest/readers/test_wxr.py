import io
import itertools
from datetime import UTC

import pytest
from hypothesis import given

from newswire.reasons import Reason
from services.ingest.readers import read
from services.ingest.readers.format import Context, Limits
from services.ingest.readers.record import RawArticle, Refused
from tests.unit.ingest.readers.reading import at, guid, never_the_net
from tests.unit.ingest.readers.wires import PIECES, article, damaged, records, refused

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<!-- This is an export. -->
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Harbour Notes</title><link>https://harbour.example</link>
<language>en-US</language><wp:author><wp:author_login><![CDATA[jo]]></wp:author_login>
<wp:author_display_name><![CDATA[Jo Doe]]></wp:author_display_name></wp:author>
"""
END = "</channel></rss>"


def post(content: str = "The ferry was late.", *, status: str = "publish", kind: str = "post", more: str = "") -> str:
    return f"""<item><title>Ferry late</title><link>https://harbour.example/ferry</link>
<pubDate>Sat, 14 Feb 2026 10:00:00 +0000</pubDate><dc:creator><![CDATA[jo]]></dc:creator>
<guid isPermaLink="false">https://harbour.example/?p=1</guid><description></description>
<content:encoded><![CDATA[{content}]]></content:encoded><excerpt:encoded><![CDATA[]]></excerpt:encoded>
<wp:post_date_gmt>2026-02-14 09:00:00</wp:post_date_gmt><wp:post_modified_gmt>2026-02-15 09:00:00</wp:post_modified_gmt>
<wp:status><![CDATA[{status}]]></wp:status><wp:post_type><![CDATA[{kind}]]></wp:post_type>{more}</item>
"""


def test_a_published_post_is_an_article() -> None:
    assert article(HEAD + post() + END) == RawArticle(
        title="Ferry late",
        body="The ferry was late.",
        byline="Jo Doe",
        agency="Harbour Notes",
        language="en-US",
        published_at=at("2026-02-14T09:00:00"),
        updated_at=at("2026-02-15T09:00:00"),
        uri="https://harbour.example/ferry",
        identifier=guid("https://harbour.example/?p=1", "harbour.example"),
    )


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ("One\nline.\n\nTwo [sic].", "One\nline.\n\nTwo [sic]."),
        ("One.\r\n\r\nTwo.", "One.\n\nTwo."),
        (
            "<!-- wp:paragraph -->\n<p>One\nline.</p>\n<!-- /wp:paragraph -->\n\n<ul><li>Two.</li></ul>",
            "One line.\n\nTwo.",
        ),
        (
            'One.\n\n[gallery ids="1,2"]\n\n[embed]https://x.example/v[/embed]\n\n[box color="red"]Two.[/box]',
            "One.\n\nTwo.",
        ),
        ('One.[caption id="a" width="3"]<img src="x"/> The quay[/caption]', "One."),
    ],
)
def test_the_marks_of_wordpress_become_paragraphs(content: str, body: str) -> None:
    assert article(HEAD + post(content) + END).body == body


def test_the_caption_of_a_picture_is_kept() -> None:
    content = '[caption id="a" width="3"]<img src="x"/> The quay[/caption]The ferry was late.'
    assert article(HEAD + post(content) + END).caption == "The quay"


def test_a_scheduled_post_is_held_until_its_date() -> None:
    assert article(HEAD + post(status="future") + END).embargo == at("2026-02-14T09:00:00")


def test_a_scheduled_post_without_a_date_is_withheld() -> None:
    undated = post(status="future").replace("2026-02-14 09:00:00", "0000-00-00 00:00:00").replace("pubDate", "x")
    assert article(HEAD + undated + END).pubstatus == "withheld"


def test_everything_that_is_no_article_is_one_refusal_with_counts() -> None:
    attachments = [post(status="inherit", kind="attachment")] * 1200
    others = [post(status="draft"), post(kind="page"), post(more="<wp:post_password>x</wp:post_password>")]
    first, second = records(HEAD + post() + "".join([*attachments, *others]) + END)
    assert isinstance(first, RawArticle)
    assert isinstance(second, Refused)
    assert second.reason is Reason.UNSUPPORTED
    assert "1,200 attachment, 1 draft post, 1 page, 1 protected post" in second.message
    assert second.original == b""


@pytest.mark.parametrize("status", ["draft", "future", "pending", "private"])
def test_the_text_of_an_unpublished_post_is_in_no_letter(status: str) -> None:
    broken = post("Secret.", status=status).replace("</title>", "</titel>")
    assert b"Secret" not in (refused(HEAD + broken + END).original or b"")


def test_a_broken_post_does_not_end_the_export() -> None:
    first, second = records(HEAD + post().replace("</title>", "</titel>") + post() + END)
    assert isinstance(first, Refused)
    assert first.reason is Reason.BAD_FORMAT
    assert isinstance(second, RawArticle)


def test_an_export_that_is_cut_off_is_read_so_far_and_tried_again() -> None:
    for end in (HEAD + post(), HEAD + post() + post()[:300]):
        *posts, last = records(end)
        assert [type(one) for one in posts] == [RawArticle]
        assert isinstance(last, Refused)
        assert last.reason is Reason.TRUNCATED


def test_an_export_without_posts_is_empty() -> None:
    assert refused(HEAD + END).reason is Reason.EMPTY


def test_posts_in_another_encoding_are_read_as_declared() -> None:
    export = (HEAD + post("Blåbær på kaia.") + END).replace("UTF-8", "ISO-8859-1")
    assert article(export.encode("latin-1")).body == "Blåbær på kaia."


class Endless:
    """An export that goes on as long as it is read."""

    def __init__(self) -> None:
        self._ahead = HEAD.encode()

    def read(self, size: int = -1, /) -> bytes:
        while len(self._ahead) < size:
            self._ahead += post().encode() * 100
        data, self._ahead = self._ahead[:size], self._ahead[size:]
        return data


def test_posts_come_before_the_export_has_ended() -> None:
    found = itertools.islice(read(Endless(), Context("a.xml", UTC)), 3)
    assert [isinstance(one.record, RawArticle) for one in found] == [True] * 3


def test_a_post_that_is_too_long_is_refused_alone() -> None:
    export = io.BytesIO((HEAD + post("x" * 3_000_000) + post() + END).encode())
    first, second = read(export, Context("a.xml", UTC, Limits(document=100_000)))
    assert isinstance(first.record, Refused)
    assert first.record.reason is Reason.TOO_LARGE
    assert len(first.record.original or b"") <= 100_000
    assert isinstance(second.record, RawArticle)


@given(damaged(HEAD + post('[caption id="a"]<img> b[/caption]c') + END, [*PIECES, "<item>", "[caption x]", "wp:"]))
def test_no_export_is_too_strange(data: bytes) -> None:
    never_the_net(records(data))


@pytest.mark.timeout(30)
@pytest.mark.parametrize("piece", ["[caption x]", "[embed ", "[a b=", "[/", "[embed]x", "\n\n", "[gallery]"])
def test_no_post_takes_long(piece: str) -> None:
    never_the_net(records(HEAD + post(piece * (100_000 // len(piece))) + END))
