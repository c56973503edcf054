"""The article as the steps of enrichment read it."""

from bisect import bisect_right
from datetime import UTC, date, datetime

from newswire.article import Article
from services.enrich.model import Sentence, Text
from services.enrich.text import dateline
from services.enrich.text.sentences import paragraphs, sentences


def build(article: Article, *, cap: int | None = None) -> Text:
    """Divide ``article`` into paragraphs and sentences.

    Only the first ``cap`` code points of the body are divided, cut at the end of a
    word; offsets count from the start of the whole body all the same. A dateline
    that is still in the body belongs to no sentence. Never raises.
    """
    body = article.body if cap is None or len(article.body) <= cap else _cut(article.body, cap)
    head = dateline.find(body) if not article.dateline else None
    headings = sorted(heading.at for heading in article.subheads)
    divided = []
    for number, paragraph in enumerate(paragraphs(body)):
        start = max(paragraph.start, head.after) if head else paragraph.start
        for sentence in sentences(body, start, paragraph.end):
            above = bisect_right(headings, sentence.start)
            divided.append(Sentence(sentence.start, sentence.end, number, above))
    return Text(
        body=body,
        title=article.title,
        caption=article.caption,
        dateline=article.dateline,
        sentences=divided,
        written=_day(article.published_at),
        head=(head.start, head.end) if head else None,
    )


def _cut(body: str, cap: int) -> str:
    space = max(body.rfind(" ", 0, cap), body.rfind("\n", 0, cap))
    return body[: space if space > cap // 2 else cap]


def _day(published: datetime | None) -> date | None:
    """The publication's day in the zone its source wrote it in; UTC where it has none."""
    if published is None:
        return None
    return (published if published.tzinfo else published.replace(tzinfo=UTC)).date()
