"""JSON of programming interfaces, scrapers and data sets."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from newswire.reasons import Reason
from services.ingest.readers.record import RawArticle, Refused
from tests.unit.ingest.readers.reading import guid
from tests.unit.ingest.readers.shipped.stories import (
    BODY,
    DAY,
    LEAD,
    MORE,
    WHOLE,
    article,
    articles,
    fields,
    records,
    refused,
)

SHIPPED: dict[str, tuple[Any, dict[str, object]]] = {
    "news-please": (
        {
            "authors": ["Kari Nordmann"], "date_download": "2025-02-08 01:02:03", "date_modify": None,
            "date_publish": "2025-02-07 10:15:00", "description": "Late again.", "filename": "a.html.json",
            "image_url": "https://harbour.example/a.jpg", "language": "en", "localpath": None,
            "maintext": f"{LEAD}\n{MORE}",
            "source_domain": "harbour.example", "title": "Ferry late", "title_page": None, "title_rss": None,
            "url": "https://harbour.example/ferry-late",
        },
        {
            "title": "Ferry late", "body": BODY, "byline": "Kari Nordmann", "agency": "harbour.example",
            "language": "en",
            "published_at": WHOLE, "updated_at": None, "uri": "https://harbour.example/ferry-late",
            "identifier": None,
        },
    ),
    "newspaper3k": (
        {
            "source_url": "https://harbour.example", "url": "https://harbour.example/ferry-late",
            "title": "Ferry late",
            "top_image": "https://harbour.example/a.jpg", "images": [], "movies": [], "text": BODY,
            "keywords": ["ferry"],
            "meta_keywords": [""], "tags": [], "authors": ["Kari Nordmann", "Ola Hansen"],
            "publish_date": "2025-02-07 10:15:00+00:00", "summary": "Late.", "meta_lang": "en",
        },
        {"title": "Ferry late", "body": BODY, "byline": "Kari Nordmann, Ola Hansen", "published_at": WHOLE,
        "language": "en"},
    ),
    "HuffPost": (
        {
            "link": "https://www.harbour.example/entry/ferry_us_1", "headline": "Ferry late", "category": "TRAVEL",
            "short_description": LEAD, "authors": "Kari Nordmann, Contributor", "date": "2025-02-07",
        },
        {"title": "Ferry late", "body": LEAD, "byline": "Kari Nordmann, Contributor", "published_at": DAY},
    ),
    "CC-News": (
        {
            "title": "Ferry late", "text": BODY, "domain": "www.harbour.example", "date": "2025-02-07 10:15:00",
            "description": "Late.", "url": "https://www.harbour.example/ferry-late", "image_url": "",
        },
        {"body": BODY, "agency": "www.harbour.example", "published_at": WHOLE},
    ),
    "Signal Media": (
        {
            "id": "f7ca322d", "content": BODY, "title": "Ferry late", "media-type": "News", "source": "Harbour Times",
            "published": "2025-02-07T10:15:00Z",
        },
        {"body": BODY, "agency": "Harbour Times", "published_at": WHOLE, "identifier": guid("f7ca322d",
        "Harbour Times")},
    ),
    "a newspaper's archive in parts": (
        {
            "id": "b2e8", "article_url": "https://harbour.example/ferry", "title": "Ferry late",
            "author": "Kari Nordmann",
            "published_date": 1738923300000, "type": "article", "source": "Harbour Times",
            "contents": [
                {"content": "Travel", "mime": "text/plain", "type": "kicker"},
                {"content": "Ferry late", "mime": "text/plain", "type": "title"},
                {"content": "By Kari Nordmann", "mime": "text/plain", "type": "byline"},
                {"content": 1738923300000, "mime": "text/plain", "type": "date"},
                {"fullcaption": "A ferry.", "type": "image", "blurb": "A ferry."},
                {"content": LEAD, "subtype": "paragraph", "type": "sanitized_html", "mime": "text/html"},
                {"content": f"<span class=\"x\">{MORE}</span>", "subtype": "paragraph", "type": "sanitized_html"},
                None,
            ],
        },
        {"body": BODY, "published_at": WHOLE, "byline": "Kari Nordmann", "identifier": guid("b2e8", "Harbour Times")},
    ),
    "Elasticsearch, one line of a dump": (
        {
            "_index": "news", "_type": "_doc", "_id": "77", "_score": 1,
            "_source": {"headline": "Ferry late", "body": BODY, "published_at": 1738923300000, "source": "NTB"},
        },
        {"title": "Ferry late", "body": BODY, "published_at": WHOLE, "identifier": guid("77", "NTB")},
    ),
    "MongoDB, one line of an export": (
        {
            "_id": {"$oid": "5f1e"}, "title": "Ferry late", "text": BODY, "source": "NTB",
            "published": {"$date": "2025-02-07T10:15:00Z"}, "modified": {"$date": {"$numberLong": "1738923300000"}},
        },
        {"published_at": WHOLE, "updated_at": WHOLE, "identifier": guid("5f1e", "NTB")},
    ),
    "WordPress, one post": (
        {
            "id": 12, "date": "2025-02-07T11:15:00", "date_gmt": "2025-02-07T10:15:00",
            "guid": {"rendered": "https://harbour.example/?p=12"}, "modified": "2025-02-07T12:15:00",
            "modified_gmt": "2025-02-07T11:15:00", "slug": "ferry-late", "status": "publish", "type": "post",
            "link": "https://harbour.example/ferry-late/", "title": {"rendered": "Ferry &#8216;late&#8217;"},
            "content": {"rendered": f"\n<p>{LEAD}</p>\n\n<p>{MORE}</p>\n", "protected": False},
            "excerpt": {"rendered": "<p>Late.</p>", "protected": False}, "author": 3, "categories": [1],
        },
        {
            "title": "Ferry ‘late’", "body": BODY, "byline": None, "published_at": WHOLE,
            "updated_at": datetime(2025, 2, 7, 11, 15, tzinfo=UTC), "uri": "https://harbour.example/ferry-late/",
            "identifier": guid("12", "harbour.example"),
        },
    ),
    "a scraper that prints dates for people": (
        {"Title": "Ferry late", "Text": BODY, "Published Date": "February 7, 2025 10:15 am",
        "Author": "By Kari Nordmann"},
        {"title": "Ferry late", "body": BODY, "published_at": WHOLE, "byline": "Kari Nordmann"},
    ),
    "a browser that prints dates": (
        {"headline": "Ferry late", "articleBody": BODY, "datePublished": "Fri Feb 07 2025 11:15:00 GMT+0100 (CET)"},
        {"title": "Ferry late", "body": BODY, "published_at": WHOLE},
    ),
    "CamelCase": (
        {"ArticleTitle": "Ferry late", "FullText": BODY, "PubDate": "2025/02/07 10:15:00",
        "Url": "https://a.example/1"},
        {"title": "Ferry late", "body": BODY, "published_at": WHOLE, "uri": "https://a.example/1"},
    ),
    "HTML under body_html, and a date of our own": (
        {"title": "Ferry late", "body_html": f"<p>{LEAD}</p><p>{MORE}</p>",
        "published_at": "2025-02-07T10:15:00Z", "author": "K"},
        {"title": "Ferry late", "body": BODY, "published_at": WHOLE, "byline": "K"},
    ),
    "an agency's own fields, embargoed": (
        {
            "id": "9", "headline": "Ferry late", "body": f"OSLO (NTB) - {LEAD}\n\n{MORE}", "agency": "NTB",
            "embargoed": "2025-02-07T10:15:00Z", "pubstatus": "usable", "byline": "Von Kari Nordmann, NTB",
        },
        {"embargo": WHOLE, "pubstatus": "usable", "dateline": "OSLO", "body": BODY, "byline": "Kari Nordmann"},
    ),
    "withheld": (
        {"id": "9", "headline": "Ferry late", "body": BODY, "agency": "NTB", "pubstatus": "Withheld"},
        {"pubstatus": "withheld", "embargo": None},
    ),
    "embargoed without saying until when": (
        {"id": "9", "headline": "Ferry late", "body": BODY, "agency": "NTB", "embargo": True},
        {"pubstatus": "withheld", "embargo": None},
    ),
    "not embargoed": (
        {"id": "9", "headline": "Ferry late", "body": BODY, "agency": "NTB", "embargo": False},
        {"pubstatus": "usable", "embargo": None},
    ),
    "killed": (
        {"id": "9", "agency": "NTB", "pubstatus": "killed", "updated_at": "2025-02-07T10:15:00Z"},
        {"pubstatus": "canceled", "body": "", "identifier": guid("9", "NTB"), "updated_at": WHOLE},
    ),
}  # fmt: skip

ANSWERS: dict[str, tuple[Any, dict[str, object]]] = {
    "NewsAPI": (
        {
            "status": "ok", "totalResults": 1,
            "articles": [
                {
                    "source": {"id": None, "name": "Harbour Times"}, "author": "Kari Nordmann", "title": "Ferry late",
                    "description": "Late.", "url": "https://harbour.example/1", "urlToImage": None,
                    "publishedAt": "2025-02-07T10:15:00Z", "content": f"{LEAD}… [+1234 chars]",
                }
            ],
        },
        {"body": LEAD, "agency": "Harbour Times", "byline": "Kari Nordmann", "published_at": WHOLE},
    ),
    "GNews": (
        {
            "totalArticles": 1,
            "articles": [
                {
                    "title": "Ferry late", "description": "Late.", "content": f"{LEAD}... [1234 chars]",
                    "url": "https://harbour.example/1", "image": "https://harbour.example/1.jpg",
                    "publishedAt": "2025-02-07T10:15:00Z", "source": {"name": "Harbour Times",
                    "url": "https://harbour.example"},
                }
            ],
        },
        {"body": LEAD, "agency": "Harbour Times", "published_at": WHOLE},
    ),
    "Guardian": (
        {
            "response": {
                "status": "ok", "total": 1, "currentPage": 1,
                "results": [
                    {
                        "id": "travel/2025/feb/07/ferry-late", "type": "article", "sectionName": "Travel",
                        "webPublicationDate": "2025-02-07T10:15:00Z", "webTitle": "Ferry late | Travel",
                        "webUrl": "https://harbour.example/travel/ferry-late",
                        "apiUrl": "https://api.harbour.example/1",
                        "fields": {
                            "headline": "Ferry late", "trailText": "Late.", "byline": "Kari Nordmann in Oslo",
                            "bodyText": BODY, "lastModified": "2025-02-07T11:15:00Z", "publication": "The Harbour",
                        },
                    }
                ],
            }
        },
        {
            "title": "Ferry late", "body": BODY, "byline": "Kari Nordmann in Oslo", "agency": "The Harbour",
            "published_at": WHOLE, "updated_at": datetime(2025, 2, 7, 11, 15, tzinfo=UTC),
            "uri": "https://harbour.example/travel/ferry-late",
        },
    ),
    "New York": (
        {
            "status": "OK", "copyright": "…",
            "response": {
                "docs": [
                    {
                        "abstract": "Late again.", "web_url": "https://harbour.example/2025/02/07/ferry.html",
                        "snippet": "Late",
                        "lead_paragraph": LEAD, "source": "The Harbour Times", "multimedia": [],
                        "headline": {"main": "Ferry late", "kicker": None, "print_headline": "Late"},
                        "pub_date": "2025-02-07T10:15:00+0000", "document_type": "article", "_id": "hbt://article/1",
                        "byline": {"original": "By Kari Nordmann", "person": [{"firstname": "Kari"}]},
                        "word_count": 300,
                    }
                ],
                "meta": {"hits": 1},
            },
        },
        {
            "title": "Ferry late", "byline": "Kari Nordmann", "agency": "The Harbour Times", "published_at": WHOLE,
            "identifier": guid("hbt://article/1", "The Harbour Times"),
        },
    ),
    "mediastack": (
        {
            "pagination": {"limit": 1},
            "data": [
                {
                    "author": None, "title": "Ferry late", "description": LEAD, "url": "https://harbour.example/1",
                    "source": "Harbour Times", "language": "en", "published_at": "2025-02-07T10:15:00+00:00",
                }
            ],
        },
        {"body": LEAD, "agency": "Harbour Times", "language": "en", "byline": None},
    ),
    "Bing": (
        {
            "_type": "News",
            "value": [
                {
                    "name": "Ferry late", "url": "https://harbour.example/1", "description": LEAD,
                    "provider": [{"_type": "Organization", "name": "Harbour Times"}],
                    "datePublished": "2025-02-07T10:15:00.0000000Z",
                }
            ],
        },
        {"title": "Ferry late", "body": LEAD, "agency": "Harbour Times", "published_at": WHOLE},
    ),
    "Event Registry": (
        {
            "articles": {
                "page": 1, "totalResults": 1,
                "results": [
                    {
                        "uri": "8154321", "lang": "eng", "isDuplicate": False, "date": "2025-02-07",
                        "time": "10:20:00",
                        "dateTime": "2025-02-07T10:20:00Z", "dateTimePub": "2025-02-07T10:15:00Z", "dataType": "news",
                        "url": "https://harbour.example/1", "title": "Ferry late", "body": BODY,
                        "source": {"uri": "harbour.example", "dataType": "news", "title": "Harbour Times"},
                        "authors": [{"uri": "kari@harbour.example", "name": "Kari Nordmann", "isAgency": False}],
                    }
                ],
            }
        },
        {"body": BODY, "byline": "Kari Nordmann", "published_at": WHOLE, "language": "eng",
        "uri": "https://harbour.example/1"},
    ),
    "a search in Elasticsearch": (
        {
            "took": 3, "timed_out": False, "_shards": {"total": 1},
            "hits": {
                "total": {"value": 1},
                "hits": [{"_index": "news", "_id": "77", "_source": {"title": "Ferry late", "content": BODY,
                "publisher": "NTB"}}],
            },
        },
        {"body": BODY, "identifier": guid("77", "NTB")},
    ),
    "webz": (
        {
            "posts": [
                {
                    "thread": {"uuid": "1", "site": "harbour.example"}, "uuid": "2",
                    "url": "https://harbour.example/1",
                    "author": "Kari Nordmann", "published": "2025-02-07T12:15:00.000+02:00", "title": "Ferry late",
                    "text": BODY, "language": "english",
                }
            ]
        },
        {"agency": "harbour.example", "published_at": WHOLE, "identifier": guid("2", "harbour.example")},
    ),
    "NewsData": (
        {
            "status": "success",
            "results": [
                {
                    "article_id": "ab", "title": "Ferry late", "link": "https://harbour.example/1",
                    "creator": ["Kari Nordmann"],
                    "description": "Late.", "content": BODY, "pubDate": "2025-02-07 10:15:00", "source_id": "harbour",
                    "source_name": "Harbour Times", "language": "english",
                }
            ],
        },
        {"body": BODY, "agency": "Harbour Times", "byline": "Kari Nordmann", "identifier": guid("ab",
        "Harbour Times")},
    ),
    "a scraper's list": (
        {"scraped_at": "2025-02-08", "items": [{"title": "Ferry late", "paragraphs": [LEAD, MORE],
        "date": "7 February 2025"}]},
        {"title": "Ferry late", "body": BODY, "published_at": DAY},
    ),
    "an article in an envelope": (
        {"status": 200, "article": {"title": "Ferry late", "text": BODY}},
        {"title": "Ferry late", "body": BODY},
    ),
    "ninjs in an envelope": (
        {
            "_items": 1,
            "items": [
                {"guid": "urn:newsml:a:1", "type": "text", "headline": "Ferry late",
                "body_html": f"<p>{LEAD}</p><p>{MORE}</p>"}
            ],
        },
        {"title": "Ferry late", "body": BODY},
    ),
}  # fmt: skip


@pytest.mark.parametrize("maker", [*SHIPPED, *ANSWERS])
def test_an_article_is_read_as_its_maker_meant_it(maker: str) -> None:
    value, expected = SHIPPED.get(maker) or ANSWERS[maker]
    found = article(value)
    assert fields(found, **expected) == expected


def test_lines_of_dumps_are_read_like_single_ones() -> None:
    lines = [json.dumps(value) for value, _ in SHIPPED.values()]
    found = articles("\n".join(lines), "dump.jsonl")
    assert [one.body for one in found] == [article(value).body for value, _ in SHIPPED.values()]


def test_lines_that_steer_a_bulk_load_are_no_articles() -> None:
    data = f'{{"index": {{"_index": "news", "_id": "1"}}}}\n{{"title": "Ferry late", "body": "{LEAD}"}}\n'
    assert [one.title for one in articles(data * 2, "bulk.ndjson")] == ["Ferry late"] * 2


@pytest.mark.parametrize("value", [{"status": "ok", "articles": []}, {"hits": {"total": 0, "hits": []}}])
def test_an_answer_without_articles_is_empty(value: object) -> None:
    found = refused(value)
    assert found.reason is Reason.EMPTY


@pytest.mark.parametrize(
    "value",
    [
        {"status": "error", "code": "apiKeyInvalid", "message": "Your key is invalid."},
        {"articles": [{"url": "https://harbour.example/1", "title": "Ferry late", "seendate": "20250207T101500Z"}]},
        {"data": {"data": {"data": {"data": {"data": {"data": {"text": "Too deep."}}}}}}},
    ],
)
def test_an_answer_without_text_has_no_body(value: object) -> None:
    found = refused(value)
    assert found.reason is Reason.NO_BODY


def test_what_goes_with_an_article_is_none() -> None:
    value = {
        "title": "Ferry late",
        "body": BODY,
        "items": [{"title": "Other", "text": "Another text."}],
        "data": {"text": "x"},
    }
    assert article(value).title == "Ferry late"


def test_a_bad_article_in_an_envelope_is_refused_alone_with_its_own_bytes() -> None:
    found = records({"articles": [{"title": "A", "text": LEAD}, {"title": "B", "text": LEAD, "date": "someday"}]})
    assert isinstance(found[0], RawArticle)
    assert isinstance(found[1], Refused)
    assert (
        found[1].original == json.dumps({"title": "B", "text": LEAD, "date": "someday"}, separators=(",", ":")).encode()
    )


def test_a_held_article_in_an_envelope_shows_nothing() -> None:
    found = refused({"articles": [{"id": 7, "text": LEAD, "embargo": "someday"}]})
    assert found.original == b'{"identifier":7,"uri":null}'
