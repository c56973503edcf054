"""What the tests of the index share."""

import zlib
from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch

from tests.integration.index.shelf import Shelf


@pytest.fixture
def shelf(client: Elasticsearch, request: pytest.FixtureRequest) -> Iterator[Shelf]:
    """A family of the test's own, declared."""
    made = Shelf(client, f"shelf-{zlib.crc32(request.node.name.encode()):08x}")
    made.declare()
    yield made
    made.remove()
