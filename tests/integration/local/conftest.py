"""One stack for the tests that only look at it; the others start their own."""

from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch

from newswire.local import LocalStack
from newswire.local.testing import temporary_stack


@pytest.fixture(scope="session")
def own_stack() -> Iterator[LocalStack]:
    with temporary_stack() as stack:
        yield stack


@pytest.fixture
def search(own_stack: LocalStack) -> Iterator[Elasticsearch]:
    with Elasticsearch(own_stack.elasticsearch) as client:
        yield client
