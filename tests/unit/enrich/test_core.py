import msgspec

from newswire import enriched
from newswire.enriched import Entity, Mention
from newswire.reasons import Reason
from services.enrich.core import Done, Job, Refused, bare, fit, process, without_enrichment
from tests.unit.enrich.messages import NOW, article, job


def test_an_enriched_message_carries_what_ingest_knew_and_when() -> None:
    answer = process(job(4, agency="AFP"), lambda one, _: bare(one, "ok", []), now=lambda: NOW)
    assert isinstance(answer, Done)
    document = enriched.decode(answer.value)
    assert (document.agency, document.ingested_at, document.enriched_at) == ("AFP", NOW, NOW)


def test_what_is_no_article_is_refused_with_its_reason() -> None:
    broken = process(Job(b"{", "article/1", NOW), lambda one, _: bare(one, "ok", []), now=lambda: NOW)
    assert isinstance(broken, Refused)
    assert broken.reason is Reason.BAD_MESSAGE
    later = process(Job(b"{}", "article/2", NOW), lambda one, _: bare(one, "ok", []), now=lambda: NOW)
    assert isinstance(later, Refused)
    assert later.reason is Reason.UNKNOWN_SCHEMA


def test_an_article_lost_to_enrichment_goes_on_with_its_text() -> None:
    answer = without_enrichment(job(4, body="The text."), Reason.ENRICHMENT_TIMEOUT, now=lambda: NOW)
    assert isinstance(answer, Done)
    document = enriched.decode(answer.value)
    assert document.body == "The text."
    assert (document.enrichment.status, document.enrichment.errors) == ("failed", ["enrichment_timeout"])


def test_a_withdrawn_article_becomes_a_tombstone_without_text() -> None:
    tombstone = bare(article(1, pubstatus="canceled", title="Secret", caption="Secret"), "skipped", [])
    assert (tombstone.pubstatus, tombstone.title, tombstone.body, tombstone.caption) == ("canceled", None, "", None)


def test_a_document_that_is_too_large_loses_its_mentions_first_and_its_text_never() -> None:
    mentions = [Mention(text="Kyiv", start=i, end=i + 4) for i in range(500)]
    entity = Entity(type="place", name="Kyiv", id=None, mentions=mentions, count=500, salience=1.0)
    document = msgspec.structs.replace(bare(article(1, body="b" * 2000), "ok", []), entities=[entity])
    assert fit(document) == enriched.encode(document)
    trimmed = fit(document, cap=4000)
    assert trimmed is not None
    kept = enriched.decode(trimmed)
    assert kept.enrichment.truncated
    assert (kept.body, kept.entities[0].count, kept.entities[0].mentions) == (document.body, 500, [])
    assert fit(document, cap=1000) is None
