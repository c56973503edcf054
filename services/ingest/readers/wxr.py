"""Exports of WordPress (WXR): each published post is one article, whatever the size of the export.

    <rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/" …><channel>
      <wp:author><wp:author_login>jo</wp:author_login><wp:author_display_name>Jo D</wp:author_display_name></wp:author>
      <item><title>Ferry late</title><content:encoded><![CDATA[The ferry was late.]]></content:encoded>
        <wp:status>publish</wp:status><wp:post_type>post</wp:post_type> …</item>
    </channel></rss>

A post that is scheduled is held until its date. Drafts, pages, attachments, posts
behind a password and the rest of a site are no articles: one sentence at the end
counts them, not one letter each.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC

import msgspec

from newswire.reasons import Reason
from services.ingest.readers import elements, entry, feed, xml
from services.ingest.readers.elements import Piece
from services.ingest.readers.encoding import clean
from services.ingest.readers.entry import Entry
from services.ingest.readers.feed import Feed
from services.ingest.readers.format import Bytes, Context, Head
from services.ingest.readers.iptc import when
from services.ingest.readers.record import RawArticle, Record, Refused
from services.ingest.readers.tree import Element, text_at

# What news sites call their articles; everything else (page, attachment, nav_menu_item, product …) is none.
POSTS = frozenset(("post", "article", "articles", "news", "story", "stories", "press_release", "press-release"))
PUBLISHED, SCHEDULED = "publish", "future"

# Of the part before the first post: titles, authors, and thousands of categories.
LONGEST_HEADER = 8 * 1024 * 1024  # characters
MOST_KINDS = 20  # of what is left out, named one by one

_CHARSET = re.compile(r"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")

# What WordPress makes of its own markup when it shows a post.
_CAPTION = re.compile(r"\[caption\b[^\[\]]{0,500}\]((?:(?!\[/?caption\b).){0,3000})\[/caption\]", re.DOTALL)
_EMBEDDED = re.compile(r"\[(embed|audio|video|playlist|gallery)\b[^\[\]]{0,1000}\](?:[^\[\]]{0,1000}\[/\1\])?")
_SHORTCODE = re.compile(r"\[/[a-z][\w-]{1,40}\]|\[[a-z][\w-]{1,40}\s[^\[\]=]{0,40}=[^\[\]]{0,1000}\]")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_BLOCK_EDITOR = "<!-- wp:"


def recognises(head: Head) -> bool:
    """RSS with a word of WordPress's export."""
    root = xml.root(head)
    return root is not None and root.name == "rss" and "wordpress.org/export/" in head.text


def read(stream: Bytes, context: Context) -> Iterator[Record]:
    """See ``format.Stream``; constant memory."""
    header, around = "", ""
    site: _Site | None = None
    left_out: Counter[str] = Counter()
    number = 0
    for piece in elements.pieces(elements.decoded(stream, "utf-8"), feed.ITEMS, context.limits.document):
        if not piece.name:
            around = piece.text
            header += "" if site or len(header) > LONGEST_HEADER else piece.text
            continue
        number += 1
        site = site or _Site(header, context)
        record = site.record(piece, number)
        if isinstance(record, str):
            left_out[record] += 1
        else:
            yield record
        if piece.fault == elements.CUT:
            return
    if "rss>" not in around[-200:]:
        message = "It ends in the middle; its posts so far are read. Export it again, whole."
        yield Refused(reason=Reason.TRUNCATED, message=message)
    elif left_out:
        yield _told(left_out)
    elif not number:
        yield Refused(reason=Reason.EMPTY, message="It is a WordPress export without posts; export all content.")


class _Site:
    """What the export says before its first post."""

    def __init__(self, header: str, context: Context) -> None:
        declared = _CHARSET.match(header.lstrip("\ufeff \n"))
        self._context = context._replace(charset=declared[1] if declared else None)
        self._feed = Feed.of(header, context)
        root = feed.recovered(header)
        self._authors = dict(_authors(root)) if root is not None else {}

    def record(self, piece: Piece, number: int) -> Record | str:
        """The article in ``piece``; what it is, where it is none."""
        found = feed.parsed(piece, number, self._feed, self._context)
        if isinstance(found, Refused):
            return found
        kind, status = text_at(found, "post_type") or "post", text_at(found, "status") or PUBLISHED
        if kind not in POSTS:
            return kind
        if status not in (PUBLISHED, SCHEDULED):
            return f"{status} {kind}"
        if text_at(found, "post_password"):
            return f"protected {kind}"
        _show(found)
        article = feed.article(Entry(found, self._feed.base), self._feed, self._context, piece)
        return (
            self._completed(article, found, scheduled=status == SCHEDULED)
            if isinstance(article, RawArticle)
            else article
        )

    def _completed(self, article: RawArticle, item: Element, *, scheduled: bool) -> RawArticle:
        # The dates in GMT are the sure ones; a draft has zeros there.
        published = when(text_at(item, "post_date_gmt"), UTC) or article.published_at
        published = published or when(text_at(item, "post_date"), self._context.zone)
        return msgspec.structs.replace(
            article,
            byline=self._authors.get(article.byline or "", article.byline),
            published_at=published,
            updated_at=when(text_at(item, "post_modified_gmt"), UTC),
            embargo=published if scheduled else None,
            pubstatus="withheld" if scheduled and published is None else "usable",
        )


def _authors(root: Element) -> Iterator[tuple[str, str]]:
    """Names by login."""
    for author in root.iter("{*}author"):
        login, name = text_at(author, "author_login"), text_at(author, "author_display_name")
        if login and name:
            yield login, name


def _show(item: Element) -> None:
    """Make of the content of a post, which has WordPress's own marks, what its readers see."""
    for part in item:
        if isinstance(part.tag, str) and entry.kind(part) in ("content:encoded", "excerpt:encoded"):
            part.text = _shown(part.text or "")


def _shown(content: str) -> str:
    content = _CAPTION.sub(r"<figure><figcaption>\1</figcaption></figure>", content)
    content = _SHORTCODE.sub("", _EMBEDDED.sub("", content))
    if _BLOCK_EDITOR in content:
        return content
    return _BLANK_LINE.sub("<p>", content.replace("\r\n", "\n")).replace("\n", "<br>")


def _told(left_out: Counter[str]) -> Refused:
    """One refusal for everything that is no article."""
    kinds = [f"{count:,} {clean(kind)[:40]}" for kind, count in left_out.most_common(MOST_KINDS)]
    rest = left_out.total() - sum(count for _, count in left_out.most_common(MOST_KINDS))
    kinds += [f"{rest:,} of other kinds"] if rest else []
    message = (
        f"Not read, because they are no published articles: {', '.join(kinds)}."
        " Its published posts are read; publish what should be, and export it again."
    )
    return Refused(reason=Reason.UNSUPPORTED, message=message, original=b"")
