"""Versions of one story, from their texts to what a search shows."""

from collections.abc import Iterator
from random import Random

import pytest
from elasticsearch import Elasticsearch

from bench.clusters import newsroom
from bench.clusters.wire import Wire, named
from newswire.cli import hits
from services.ingest.cluster import sketch

from .shelf import Shelf, shelf


@pytest.fixture
def library(client: Elasticsearch) -> Iterator[Shelf]:
    """A story in three versions of one wire, the same on another wire, and one that shares its people."""
    rng = Random(8)  # noqa: S311 - repeatable on purpose
    about = newsroom.cast(rng)
    story, other = newsroom.story(rng, 10, about), newsroom.story(rng, 10, about)
    bodies = [
        ("AFP", story),
        ("AFP", newsroom.corrected(rng, story)),
        ("AFP", newsroom.extended(rng, story)),
        ("dpa", story),
        ("AFP", other),
    ]
    wire = Wire()
    texts = [newsroom.text(body) for _, body in bodies]
    wanted = [named(n, sketch(text), agency) for n, ((agency, _), text) in enumerate(zip(bodies, texts, strict=True))]
    clusters, _ = wire.take(wanted)
    for made in shelf(client, "versions"):
        made.put_all(
            [
                {"id": one.id, "title": "Ferry to Karsk", "body": text, "agency": one.issuer, "cluster": cluster}
                for one, text, cluster in zip(wanted, texts, clusters, strict=True)
            ]
        )
        made.refresh()
        yield made


def test_versions_of_a_story_are_one_hit_that_counts_them(library: Shelf) -> None:
    found = library.ask("ferry").hits
    assert sorted((hit.agency, hit.folded) for hit in found) == [("AFP", 0), ("AFP", 2), ("dpa", 0)]
    (folded,) = [hit for hit in found if hit.folded]
    assert "and 2 more versions" in " ".join(str(line) for line in hits.lines(folded))


def test_all_versions_are_hits_when_asked_for(library: Shelf) -> None:
    assert len(library.ask("ferry", folded=False).hits) == 5
