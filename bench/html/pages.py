"""Kinds of page, each a function that puts a story into one; the text to be found is known."""

import json
from collections.abc import Callable, Sequence
from typing import NamedTuple

from bench.html.stories import (
    COMMENTS,
    COOKIES,
    FOOTER,
    MENU,
    NEWSLETTER,
    SUBHEADS,
    SUBSCRIBE,
    TEASERS,
    Story,
    story,
)

EACH = 5  # pages of each kind
URL = "https://harbour.example/2026/story-{}"


class Sample(NamedTuple):
    """A page, and what is in it: ``text`` are the paragraphs to be found, "" where the page is no article.

    ``optional`` may be given or left out: sub-headings.
    """

    kind: str
    html: bytes
    text: str
    story: Story
    optional: str = ""


Made = tuple[str, Sequence[str]]  # a page, and the paragraphs of it that are to be found


def samples() -> list[Sample]:
    """Every kind of page with ``EACH`` stories."""
    found = []
    for number, (kind, make) in enumerate(KINDS.items()):
        for turn in range(EACH):
            told = story(100 * number + turn, paragraphs=4 + 2 * turn)
            page, text = make(told)
            found.append(Sample(kind, page.encode(), "\n".join(text), told, "\n".join(SUBHEADS)))
    for turn in range(EACH):
        told = story(9000 + turn, german=True)
        page = _page(told, f"<article>{_body(told.paragraphs)}</article>").replace('"utf-8"', '"iso-8859-1"')
        found.append(Sample("latin-1", page.encode("latin-1"), "\n".join(told.paragraphs), told))
    return found


def _p(texts: Sequence[str], tag: str = "p") -> str:
    return "\n".join(f"<{tag}>{text}</{tag}>" for text in texts)


def _list(items: Sequence[str], name: str) -> str:
    links = "".join(f'<li><a href="/{number}">{item}</a></li>' for number, item in enumerate(items))
    return f'<ul class="{name}">{links}</ul>'


def _body(texts: Sequence[str]) -> str:
    """Paragraphs, with links inside some."""
    linked = [
        text.replace(" the ", ' <a href="/topic">the</a> ', 1) if at % 3 == 0 else text for at, text in enumerate(texts)
    ]
    return _p(linked)


def _linked_data(told: Story, **more: object) -> str:
    value = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": "The Harbour Times"},
            {
                "@type": "NewsArticle",
                "headline": told.title,
                "author": [{"@type": "Person", "name": told.author}],
                "datePublished": told.published,
                "publisher": {"@type": "Organization", "name": "The Harbour Times"},
                **more,
            },
        ],
    }
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def _page(told: Story, main: str, head: str | None = None) -> str:
    """The frame most sites have: a menu above, teasers and small print below."""
    head = _linked_data(told) if head is None else head
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{told.title} | The Harbour Times</title>
<link rel="canonical" href="{URL.format(len(told.paragraphs))}">{head}<style>p {{ margin: 0 }}</style></head><body>
<header><nav>{_list(MENU, "menu")}</nav></header>
{main}
<footer>{_list(FOOTER, "foot")}</footer><script>var page = "<p>no text</p>";</script></body></html>"""


def _metas(told: Story) -> str:
    return (
        f'<meta property="og:title" content="{told.title}"><meta property="og:type" content="article">'
        f'<meta name="author" content="{told.author}"><meta property="article:published_time" content="{told.published}">'
    )


def _plain(told: Story) -> Made:
    return _page(
        told, f"<main><article><h1>{told.title}</h1>{_body(told.paragraphs)}</article></main>"
    ), told.paragraphs


def _newspaper(told: Story) -> Made:
    main = f"""<div class="grid"><div class="col-8"><h1 class="headline">{told.title}</h1>
<div class="meta">By <a rel="author" href="/a">{told.author}</a> <time datetime="{told.published}">today</time></div>
<div class="share"><a href="#">Share</a> <a href="#">Print</a></div>
<div class="story-body">{_body(told.paragraphs)}</div></div>
<aside class="col-4"><h3>Most read</h3>{_list(TEASERS, "most-read")}</aside></div>"""
    return _page(told, main, _metas(told)), told.paragraphs


def _blog(told: Story) -> Made:
    main = f"""<div id="page"><div id="content"><div class="post hentry"><h2 class="entry-title">{told.title}</h2>
<div class="entry-content">{_body(told.paragraphs)}</div><div class="post-meta">Posted in <a href="/c">Notes</a></div></div>
<div id="comments"><h3>3 thoughts on this post</h3><ol>{_p(COMMENTS[:3], "li")}</ol></div></div>
<div id="sidebar"><h3>Recent posts</h3>{_list(TEASERS, "recent")}<h3>Archive</h3>{_list(["May 2026", "April 2026"], "arch")}</div></div>"""
    return _page(told, main, _metas(told)), told.paragraphs


def _ticker(told: Story) -> Made:
    entries = "".join(
        f'<div class="entry"><time datetime="{told.published}">1{number}:05</time><div class="text"><p>{text}</p></div></div>'
        for number, text in enumerate(told.paragraphs)
    )
    main = f'<main><h1>{told.title}</h1><div class="live-blog">{entries}</div></main>'
    return _page(told, main), told.paragraphs


def _banner(told: Story) -> Made:
    banner = f'<div id="consent-banner" class="cookie-consent" role="dialog">{_p(COOKIES)}</div>'
    return _page(told, f"{banner}<article><h1>{told.title}</h1>{_body(told.paragraphs)}</article>"), told.paragraphs


def _wall(told: Story) -> Made:
    wall = f'<div id="consent-wall" class="cookie-consent" role="dialog">{_p(COOKIES)}</div>'
    return _page(told, wall, ""), ()


def _paywall(told: Story) -> Made:
    teaser = told.paragraphs[:2]
    box = f'<div class="paywall">{_p(SUBSCRIBE)}</div>'
    head = _linked_data(told, isAccessibleForFree=False)
    return _page(told, f"<article><h1>{told.title}</h1>{_body(teaser)}{box}</article>", head), teaser


def _amp(told: Story) -> Made:
    main = f"""<amp-sidebar id="s">{_list(MENU, "amp-menu")}</amp-sidebar><article class="amp-wp-article">
<h1>{told.title}</h1><amp-img src="a.jpg" width="4" height="3"></amp-img>
<div class="amp-wp-article-content">{_body(told.paragraphs)}<amp-ad type="x">Advertisement</amp-ad></div></article>"""
    return _page(told, main).replace("<html ", "<html ⚡ "), told.paragraphs


def _comments(told: Story) -> Made:
    thread = "".join(
        f'<li class="comment"><b>reader{number}</b><p>{COMMENTS[number % len(COMMENTS)]} ({number})</p></li>'
        for number in range(40)
    )
    main = f"<article><h1>{told.title}</h1>{_body(told.paragraphs)}</article>"
    return _page(told, f'{main}<section id="comments" class="comments"><ul>{thread}</ul></section>'), told.paragraphs


def _interleaved(told: Story) -> Made:
    parts = []
    for number, text in enumerate(told.paragraphs):
        parts.append(f"<p>{text}</p>")
        if number % 2:
            teaser = TEASERS[number // 2 % len(TEASERS)]
            parts.append(f'<div class="related-inline"><span>Read also:</span> <a href="/r">{teaser}</a></div>')
    return _page(told, f"<article><h1>{told.title}</h1>{''.join(parts)}</article>"), told.paragraphs


def _table(told: Story) -> Made:
    rows = [("Northside", "12"), ("Harbour", "9"), ("Old Mill", "7")]
    table = "".join(f"<tr><td>{town}</td><td>{votes}</td></tr>" for town, votes in rows)
    half = len(told.paragraphs) // 2
    main = f"<article><h1>{told.title}</h1>{_p(told.paragraphs[:half])}<table>{table}</table>{_p(told.paragraphs[half:])}</article>"
    return _page(told, main), [*told.paragraphs[:half], *(" ".join(row) for row in rows), *told.paragraphs[half:]]


def _data_only(told: Story) -> Made:
    head = _linked_data(told, articleBody=" ".join(told.paragraphs))
    return _page(told, '<div id="root"><p>Please enable JavaScript to read this page.</p></div>', head), told.paragraphs


def _breaks(told: Story) -> Made:
    text = "<br><br>\n".join(told.paragraphs)
    return _page(told, f'<h1>{told.title}</h1><div class="text">{text}</div>', _metas(told)), told.paragraphs


def _old(told: Story) -> Made:
    cells = "".join(f'<a href="/{item}">{item}</a><br>' for item in MENU)
    text = "".join(f'<font face="Times" size="3">{text}</font><p>' for text in told.paragraphs)
    page = f"""<HTML><HEAD><TITLE>{told.title}</TITLE></HEAD><BODY BGCOLOR=white><TABLE WIDTH=800><TR>
<TD WIDTH=150 VALIGN=top>{cells}</TD><TD VALIGN=top><H1>{told.title}</H1>By {told.author}<P>{text}</TD></TR></TABLE>
<CENTER><FONT SIZE=1>{FOOTER[-1]}</FONT></CENTER></BODY></HTML>"""
    return page, told.paragraphs


def _short(told: Story) -> Made:
    text = [told.paragraphs[0]]
    return _page(told, f"<article><h1>{told.title}</h1>{_p(text)}</article>"), text


def _long(told: Story) -> Made:
    parts = []
    for number, text in enumerate(told.paragraphs):
        parts.append(f"<p>{text}</p>")
        if number % 3 == 2:
            parts.append(f"<h2>{SUBHEADS[number // 3 % len(SUBHEADS)]}</h2>")
    quote = f"<blockquote><p>{told.paragraphs[-1]}</p></blockquote>"
    main = f"<main><article><header><h1>{told.title}</h1></header>{''.join(parts[:-1])}{quote}</article></main>"
    return _page(told, main), told.paragraphs


def _agency(told: Story) -> Made:
    figure = "<figure><img src='a.jpg'><figcaption>Boats in the harbour at dawn. Photo: Kai Bild</figcaption></figure>"
    first, *rest = told.paragraphs
    main = f"<div class='Article'><h1>{told.title}</h1>{figure}<p>OSLO, Feb 14 (NTB) - {first}</p>{_p(rest)}</div>"
    return _page(told, main, _metas(told)), told.paragraphs


def _divs(told: Story) -> Made:
    main = f'<div class="x1"><div class="x2"><h1>{told.title}</h1><div class="x3">{_p(told.paragraphs, "div")}</div></div></div>'
    return _page(told, main, _metas(told)), told.paragraphs


def _section(told: Story) -> Made:
    teasers = "".join(
        f'<div class="teaser"><h3><a href="/{number}">{teaser}</a></h3><p>{teaser} and more on this.</p></div>'
        for number, teaser in enumerate(TEASERS * 3)
    )
    page = _page(told, f'<main class="front">{teasers}</main>', '<meta property="og:type" content="website">')
    return page.replace(told.title, "The Harbour Times").replace("/2026/story-", "/?"), ()


def _xhtml(told: Story) -> Made:
    page = f"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en"><head><title>{told.title}</title>{_metas(told).replace('">', '"/>')}</head>
<body><div id="nav">{_list(MENU, "menu")}</div><div id="main"><h1>{told.title}</h1>{_p(told.paragraphs)}</div></body></html>"""
    return page, told.paragraphs


def _boxes(told: Story) -> Made:
    half = len(told.paragraphs) // 2
    box = f'<div class="newsletter-signup"><h4>{NEWSLETTER[0]}</h4><p>{NEWSLETTER[1]}</p><form><input><button>Sign up</button></form></div>'
    share = '<div class="social-share"><a href="#">Facebook</a><a href="#">WhatsApp</a><a href="#">E-mail</a></div>'
    main = f"""<article><h1>{told.title}</h1>{share}{_p(told.paragraphs[:half])}{box}<div class="ad">Advertisement</div>
{_p(told.paragraphs[half:])}{share}<div class="tags">Topics: <a href="/t">Harbour</a> <a href="/t">Council</a></div></article>"""
    return _page(told, main), told.paragraphs


def _endless(told: Story) -> Made:
    other = story(77_000 + len(told.paragraphs), paragraphs=3)
    following = (
        f'<article class="next"><h1>{other.title}</h1>{_p([text.upper() for text in other.paragraphs[:3]])}</article>'
    )
    return _page(told, f"<article><h1>{told.title}</h1>{_p(told.paragraphs)}</article>{following}"), told.paragraphs


def _hidden(told: Story) -> Made:
    hidden = f'<div style="display:none">{_p(TEASERS)}</div><noscript><p>Your browser is too old for our video.</p></noscript>'
    main = f"<article><h1>{told.title}</h1>{hidden}{_p(told.paragraphs)}<template><p>{COMMENTS[0]}</p></template></article>"
    return _page(told, main), told.paragraphs


def _interview(told: Story) -> Made:
    turns = "".join(
        f"<p><strong>And what about number {n}?</strong></p><p>{t}</p>" for n, t in enumerate(told.paragraphs)
    )
    text = [part for n, t in enumerate(told.paragraphs) for part in (f"And what about number {n}?", t)]
    return _page(told, f"<article><h1>{told.title}</h1>{turns}</article>"), text


def _gallery(told: Story) -> Made:
    figures = "".join(f"<figure><img><figcaption>Picture {n} of 9</figcaption></figure>" for n in range(9))
    main = f'<article><h1>{told.title}</h1>{_p(told.paragraphs)}<div class="gallery">{figures}</div></article>'
    return _page(told, main), told.paragraphs


def _bullets(told: Story) -> Made:
    half = len(told.paragraphs) // 2
    main = f"<article><h1>{told.title}</h1>{_p(told.paragraphs[:half])}<ul>{_p(told.paragraphs[half:], 'li')}</ul></article>"
    return _page(told, main), told.paragraphs


def _nested(told: Story) -> Made:
    main = "<div>" * 300 + f"<h1>{told.title}</h1>{_p(told.paragraphs)}" + "</div>" * 300
    return _page(told, main), told.paragraphs


KINDS: dict[str, Callable[[Story], Made]] = {
    "plain": _plain,
    "newspaper": _newspaper,
    "weblog": _blog,
    "live ticker": _ticker,
    "cookie banner": _banner,
    "cookie wall": _wall,
    "paywall": _paywall,
    "AMP": _amp,
    "many comments": _comments,
    "links between": _interleaved,
    "table": _table,
    "JSON-LD only": _data_only,
    "line breaks": _breaks,
    "1998": _old,
    "short": _short,
    "long read": _long,
    "agency": _agency,
    "divisions": _divs,
    "section front": _section,
    "XHTML": _xhtml,
    "boxes": _boxes,
    "endless scroll": _endless,
    "hidden parts": _hidden,
    "interview": _interview,
    "gallery": _gallery,
    "bullets": _bullets,
    "deeply nested": _nested,
}
