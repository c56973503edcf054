from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.ingest.world import World

MakeWorld = Callable[..., World]


@pytest.fixture
def make_world(tmp_path: Path) -> Iterator[MakeWorld]:
    """Worlds over one directory; each is closed at the end."""
    made: list[World] = []

    def make(**differently: Any) -> World:
        made.append(World(tmp_path, **differently))
        return made[-1]

    yield make
    for world in made:
        world.ledger.close()


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    return make_world()
