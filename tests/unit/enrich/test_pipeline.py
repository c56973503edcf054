from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newswire import enriched
from newswire.article import Article
from newswire.enriched import Enriched
from newswire.reasons import Reason
from services.enrich import pipeline
from services.enrich.pipeline import Enricher
from tests.unit.enrich.messages import article
from tests.unit.enrich.places import little

BODY = (
    "Foreign Minister Orla Quist arrived in Kyiv on Friday.\n\n"
    "Quist will meet officials of the Rural Transport Authority and of Ukraine's foreign ministry.\n\n"
    "Shelling killed four people in the Donetsk region in January, local officials said."
)


@pytest.fixture(scope="module")
def enricher(tmp_path_factory: pytest.TempPathFactory) -> Enricher:
    return Enricher(places=little.gazetteer(tmp_path_factory.mktemp("gazetteer")))


def news(**fields: object) -> Article:
    given: dict[str, object] = {
        "title": "Quist in Kyiv",
        "body": BODY,
        "dateline": "KYIV",
        "caption": "A street in Toretsk",
        "published_at": datetime(2025, 2, 7, tzinfo=UTC),
    }
    return article(**(given | fields))  # type: ignore[arg-type] # the fields of one test


def without_clock(document: Enriched) -> bytes:
    enrichment = msgspec.structs.replace(document.enrichment, milliseconds=0)
    return enriched.encode(msgspec.structs.replace(document, enrichment=enrichment))


def test_the_document_is_valid_and_complete(enricher: Enricher) -> None:
    document = enriched.decode(enriched.encode(enricher.enrich(news())))
    assert document.enrichment.status == "ok"
    assert document.enrichment.model == "newswire-tagger-1"
    assert document.enrichment.version == 7
    assert document.people == ["Orla Quist"]
    assert document.organizations == ["Rural Transport Authority", "Ukraine's foreign ministry"]
    assert document.place_names == ["Donetsk Oblast", "Kyiv", "Toretsk"]
    assert document.countries == ["UA"]
    assert document.dateline is not None
    assert document.dateline.place == "Kyiv"
    assert document.dates


def test_every_mention_is_the_text_at_its_offsets(enricher: Enricher) -> None:
    one = news()
    document = enricher.enrich(one)
    assert {mention.field for entity in document.entities for mention in entity.mentions} == {
        "title",
        "dateline",
        "caption",
        "body",
    }
    for entity in document.entities:
        assert entity.count == len(entity.mentions)
        for mention in entity.mentions:
            assert getattr(one, mention.field)[mention.start : mention.end] == mention.text


def test_what_stands_in_title_and_lead_matters_most(enricher: Enricher) -> None:
    salience = {entity.name: entity.salience for entity in enricher.enrich(news()).entities}
    assert salience["Orla Quist"] > salience["Rural Transport Authority"]
    assert salience["Kyiv"] > salience["Donetsk region"]
    assert list(salience.values()) == sorted(salience.values(), reverse=True)
    assert all(0 < value < 1 for value in salience.values())


def test_the_same_article_gives_the_same_bytes(enricher: Enricher) -> None:
    assert without_clock(enricher.enrich(news())) == without_clock(enricher.enrich(news()))


def test_order_of_articles_does_not_matter(enricher: Enricher) -> None:
    before = without_clock(enricher.enrich(news()))
    enricher.enrich(news(body="Orla Quist is a village near Paris, Texas."))
    assert without_clock(enricher.enrich(news())) == before


def test_a_dateline_left_in_the_body_is_resolved_there(enricher: Enricher) -> None:
    document = enricher.enrich(news(dateline=None, body=f"KYIV (AFP) - {BODY}", title=None))
    assert document.dateline is not None
    assert (document.dateline.text, document.dateline.place) == ("KYIV", "Kyiv")
    kyiv = next(entity for entity in document.entities if entity.name == "Kyiv")
    assert (kyiv.mentions[0].start, kyiv.mentions[0].field) == (0, "body")


def test_of_a_slow_article_is_told_what_was_found_so_far(tmp_path_factory: pytest.TempPathFactory) -> None:
    impatient = Enricher(slow=0.0, places=little.gazetteer(tmp_path_factory.mktemp("gazetteer")))
    told: list[Enriched] = []
    document = impatient.enrich(news(), told.append)
    assert [one.enrichment.status for one in told] == ["partial"] * len(told)
    assert all(one.enrichment.errors == ["enrichment_timeout"] for one in told)
    assert (told[0].people, told[0].dates, told[0].events) == ([], [], [])
    last = told[-1]
    assert (last.people, last.dates, last.events) == (document.people, document.dates, document.events)
    assert document.enrichment.status == "ok"


def test_a_withdrawn_article_is_skipped(enricher: Enricher) -> None:
    document = enricher.enrich(news(pubstatus="canceled"))
    assert document.enrichment.status == "skipped"
    assert document.entities == []
    assert document.body == ""


def test_a_long_text_is_read_to_the_cap_and_kept_whole(tmp_path_factory: pytest.TempPathFactory) -> None:
    short = Enricher(text_cap=60, places=little.gazetteer(tmp_path_factory.mktemp("gazetteer")))
    document = short.enrich(news(dateline=None, caption=None))
    assert document.enrichment.truncated
    assert document.body == BODY
    assert document.place_names == ["Kyiv"]


@pytest.mark.parametrize("step", ["find_times", "detect", "places", "entities", "build"])
def test_what_fails_leaves_what_the_other_steps_found(
    enricher: Enricher, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError(step)

    monkeypatch.setattr(pipeline, step, fail)
    document = enricher.enrich(news())
    assert document.enrichment.status == "partial"
    assert document.enrichment.errors == [Reason.ENRICHMENT_CRASH]
    assert document.people or step == "entities"
    enriched.decode(enriched.encode(document))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.text(max_size=60) | st.none())
def test_no_text_makes_it_fail(enricher: Enricher, body: str, title: str | None) -> None:
    document = enricher.enrich(article(body=body, title=title))
    assert document.enrichment.status == "ok"
    assert document.body == body


@pytest.mark.parametrize("body", ["", "\n", "\u2028", "A" * 5000, "Ж" * 300, "“", "U.S." * 400])
def test_odd_bodies_are_enriched(enricher: Enricher, body: str) -> None:
    assert enricher.enrich(article(body=body)).enrichment.status == "ok"


SPANISH = (
    "KIEV - El presidente dijo el viernes que el ejército había tomado la ciudad de Toretsk y que en 2024 murieron "
    "tres personas en un ataque con drones. Según la policía, dos hombres fueron arrestados en Kyiv, pero no hay "
    "más datos sobre los detenidos. La protesta del 07.02.2025 terminó sin incidentes y el alcalde pidió calma a todos."
)


def test_the_language_is_what_the_text_says_not_what_a_feed_calls_everything(enricher: Enricher) -> None:
    assert enricher.enrich(news(language="es-ES")).language == "en"
    assert enricher.enrich(news(body=SPANISH, language="en")).language == "es"
    assert enricher.enrich(news(body=SPANISH, language=None)).language == "es"
    assert enricher.enrich(news(body="Kyiv 1, Toretsk 2.", language="uk-UA")).language == "uk"


def test_another_language_than_english_gives_places_and_numbers_but_nothing_invented(enricher: Enricher) -> None:
    document = enricher.enrich(news(title=None, caption=None, body=SPANISH, language=None))
    assert document.enrichment.status == "ok"
    assert (document.events, document.people, document.organizations) == ([], [], [])
    assert [date.value for date in document.dates] == ["2024", "2025-02-07"]
