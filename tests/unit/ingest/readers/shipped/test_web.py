"""Feeds, pages and e-mails as the big publishers and their programs make them."""

import pytest

from tests.unit.ingest.readers.reading import guid
from tests.unit.ingest.readers.shipped.stories import BODY, DAY, LEAD, MORE, WHOLE, article, fields

RSS = (
    '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0">'
    "<channel><title><![CDATA[{title}]]></title><link>https://h.example/</link>"
    "<language>en-gb</language>{item}</channel></rss>"
)
HTML = f"<p>{LEAD}</p><p>{MORE}</p>"


def rss(title: str, item: str) -> str:
    return RSS.replace("{title}", title).replace("{item}", f"<item>{item}</item>")


FEEDS: dict[str, tuple[str, dict[str, object]]] = {
    "BBC": (
        rss(
            "Harbour News",
            f"<title><![CDATA[Ferry late]]></title><description><![CDATA[{LEAD}]]></description>"
            "<link>https://h.example/news/articles/c1?at_medium=RSS</link>"
            '<guid isPermaLink="false">https://h.example/news/articles/c1#0</guid>'
            "<pubDate>Fri, 07 Feb 2025 10:15:00 GMT</pubDate>"
            '<media:thumbnail width="240" height="135" url="https://h.example/a.jpg"/>',
        ),
        {"title": "Ferry late", "body": LEAD, "agency": "Harbour News", "language": "en-gb", "published_at": WHOLE},
    ),
    "WordPress": (
        rss(
            "Harbour Notes",
            "<title>Ferry &#8216;late&#8217;</title><link>https://h.example/ferry/</link>"
            "<dc:creator><![CDATA[Kari Nordmann]]></dc:creator><pubDate>Fri, 07 Feb 2025 10:15:00 +0000</pubDate>"
            '<guid isPermaLink="false">https://h.example/?p=12</guid><description><![CDATA[Late.]]></description>'
            f'<content:encoded>'
            f'<![CDATA[{HTML}<p>The post <a href="x">Ferry</a> appeared first on <a href="y">Harbour Notes</a>.'
            "</p>]]></content:encoded>",
        ),
        {"title": "Ferry ‘late’", "body": BODY, "byline": "Kari Nordmann", "published_at": WHOLE},
    ),
    "Medium": (
        rss(
            "Stories by Kari Nordmann on Medium",
            "<title><![CDATA[Ferry late]]></title><link>https://h.example/ferry-1?source=rss</link>"
            '<guid isPermaLink="false">https://h.example/p/1</guid><category><![CDATA[ferry]]></category>'
            "<dc:creator><![CDATA[Kari Nordmann]]></dc:creator><pubDate>Fri, 07 Feb 2025 10:15:00 GMT</pubDate>"
            "<atom:updated>2025-02-07T10:15:00.000Z</atom:updated>"
            f'<content:encoded><![CDATA[<figure><img alt="" src="x"/><figcaption>The quay.</figcaption></figure>{HTML}'
            '<img src="https://h.example/stat?event=1" width="1" height="1" alt="">]]></content:encoded>',
        ),
        {"title": "Ferry late", "body": BODY, "caption": "The quay.", "updated_at": WHOLE, "byline": "Kari Nordmann"},
    ),
    "Feedburner": (
        rss(
            "Harbour",
            f"<title>Ferry late</title><link>https://feeds.h.example/~r/1</link><description>{LEAD}&lt;div&gt;&lt;img "
            'src="x"/&gt;&lt;/div&gt;</description><feedburner:origLink>https://h.example/ferry</feedburner:origLink>'
            "<pubDate>2025-02-07T10:15:00Z</pubDate>",
        ),
        {"body": LEAD, "published_at": WHOLE, "uri": "https://h.example/ferry"},
    ),
    "Google Alerts": (
        '<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:google.example,2005:reader/1</id>'
        '<title>Alert - ferry</title>'
        "<link href='https://h.example/alerts/1' rel='self'/><updated>2025-02-07T10:15:00Z</updated><entry>"
        "<id>tag:google.example,2013:alerts/feed:7</id><title type='html'>&lt;b&gt;Ferry&lt;/b&gt; late</title>"
        "<link href='https://www.google.example/url?rct=j&amp;url=https://h.example/ferry'/>"
        "<published>2025-02-07T10:15:00Z</published><updated>2025-02-07T10:15:00Z</updated>"
        f"<content type='html'>{LEAD.replace('ferry', '&lt;b&gt;ferry&lt;/b&gt;')}</content><author><name/></author>"
        "</entry></feed>",
        {"title": "Ferry late", "body": LEAD, "published_at": WHOLE, "byline": None},
    ),
    "Blogger": (
        "<?xml version='1.0' encoding='UTF-8'?><feed xmlns='http://www.w3.org/2005/Atom'>"
        "<title type='text'>Harbour</title>"
        "<entry><id>tag:blogger.example,1999:blog-1.post-2</id><published>2025-02-07T11:15:00.000+01:00</published>"
        "<updated>2025-02-07T11:15:00.000+01:00</updated><title type='text'>Ferry late</title>"
        f"<content type='html'>{HTML.replace('<', '&lt;')}</content>"
        "<link rel='replies' type='text/html' href='https://h.example/ferry#comments'/>"
        "<link rel='alternate' type='text/html' href='https://h.example/ferry'/>"
        "<author><name>Kari Nordmann</name><email>noreply@blogger.example</email></author></entry></feed>",
        {"body": BODY, "uri": "https://h.example/ferry", "byline": "Kari Nordmann", "published_at": WHOLE},
    ),
    "a feed with dates for people": (
        rss(
            "Harbour",
            f"<title>Ferry late</title><pubDate>February 7, 2025 10:15 am</pubDate><description>{LEAD}</description>",
        ),
        {"published_at": WHOLE},
    ),
    "an agency's feed with its dateline": (
        rss(
            "TASS",
            f"<title>Ferry late</title><description>OSLO, February 7. /TASS/. {LEAD}</description><guid>1</guid>",
        ),
        {"dateline": "OSLO", "body": LEAD, "identifier": guid("1", "https://h.example/")},
    ),
}  # fmt: skip

HEAD = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Ferry late | Harbour Times</title>'
    '<link rel="canonical" href="https://h.example/ferry">'
)
LONG = "".join(f"<p>{LEAD} {MORE} This was the {number}th time.</p>" for number in range(4, 9))

PAGES: dict[str, tuple[str, dict[str, object]]] = {
    "schema.org in a graph": (
        HEAD
        + '<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebPage"},{"@type":'
        '"NewsArticle","headline":"Ferry late","datePublished":"2025-02-07T11:15:00+01:00","author":[{"@type":"Person",'
        '"name":"Kari Nordmann"}],"publisher":{"@type":"NewsMediaOrganization","name":"Harbour '
        'Times"}}]}</script></head>'
        f"<body><nav>Home</nav><article><h1>Ferry late</h1>{LONG}</article></body></html>",
        {"title": "Ferry late", "byline": "Kari Nordmann", "agency": "Harbour Times", "published_at": WHOLE},
    ),
    "AP on the web": (
        HEAD
        + '<meta property="og:site_name" content="AP News">'
        '<meta property="article:published_time" content="2025-02-07T10:15:00">'
        "</head><body><main><h1>Ferry late</h1><div>By&nbsp;KARI NORDMANN</div><article>"
        f"<p>OSLO, Norway (AP) — {LEAD}</p>{LONG}"
        "</article></main></body></html>",
        {"dateline": "OSLO, Norway", "agency": "AP News", "published_at": WHOLE},
    ),
    "a date in words": (
        HEAD + '<meta name="date" content="February 7, 2025"></head>'
        f"<body><article><h1>Ferry late</h1>{LONG}</article></body></html>",
        {"published_at": DAY},
    ),
}  # fmt: skip

MAIL = (
    "From: Kari Nordmann <kari@substack.example>\r\nTo: you@h.example\r\nSubject: Ferry late\r\n"
    "Date: Fri, 7 Feb 2025 10:15:00 +0000\r\nMessage-ID: <1.2@mg1.substack.example>\r\nMIME-Version: 1.0\r\n"
    'List-Unsubscribe: <https://h.example/u>\r\nContent-Type: multipart/alternative; boundary="b"\r\n\r\n'
    "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nView this post on the web at "
    "https://h.example/p/ferry\r\n\r\n"
    f"{LEAD} {LEAD} {LEAD}\r\n\r\n{MORE}\r\n\r\nUnsubscribe https://h.example/u\r\n--b\r\n"
    f"Content-Type: text/html; charset=utf-8\r\n\r\n<div>{HTML}</div>\r\n--b--\r\n"
)


@pytest.mark.parametrize("maker", FEEDS)
def test_a_feed_is_read_as_its_maker_meant_it(maker: str) -> None:
    data, expected = FEEDS[maker]
    assert fields(article(data, "a.xml"), **expected) == expected


@pytest.mark.parametrize("maker", PAGES)
def test_a_page_is_read_as_its_maker_meant_it(maker: str) -> None:
    data, expected = PAGES[maker]
    found = article(data, "a.html")
    assert fields(found, **expected) == expected
    assert found.uri == "https://h.example/ferry"
    assert MORE in found.body


def test_a_newsletter_is_an_article_of_its_writer() -> None:
    found = article(MAIL, "a.eml")
    assert (found.title, found.byline, found.published_at) == ("Ferry late", "Kari Nordmann", WHOLE)
    assert found.body == f"{LEAD} {LEAD} {LEAD}\n\n{MORE}"
    assert found.identifier == guid("1.2@mg1.substack.example", "mg1.substack.example")
