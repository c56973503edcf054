"""Each case of the corpus alone, without processes and without a broker: which one is wrong is in the test's name.

That nothing of it gets in the way of anything else, and what is logged and told, is the integration test's.
"""

import os

import pytest

from newswire.logging import printable
from tests.corpus import CASES, Case, write
from tests.corpus.nodes import UNREADABLE
from tests.unit.ingest.world import World

# What a file's mode forbids is not forbidden to root, who may run this.
ALONE = [case for case in CASES if case.name != UNREADABLE]


@pytest.mark.parametrize("case", ALONE, ids=lambda case: printable(case.name)[-60:])
def test_a_bad_file_has_the_outcome_that_is_right(world: World, case: Case) -> None:
    try:
        path = write(case, world.root)
    except PermissionError:  # a device is only root's to make
        assert case.make
        return
    os.utime(path, (world.clock.now - 60, world.clock.now - 60), follow_symlinks=False)
    world.rescan.look_through()
    while world.turn():
        pass
    assert sorted(letter.reason for letter in world.memory.letters) == sorted(case.refused)
    assert len(world.memory.articles) == case.articles
    assert bool(world.waiting()) == (case.place is None)
    assert case.place is None or (world.data / case.place).is_dir()
