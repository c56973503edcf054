"""The benchmark's articles, and that its parts can be run."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from bench.enrich import stories, worker
from newswire import article

ROOT = Path(__file__).parents[3]


def test_the_same_seed_makes_the_same_articles_and_another_one_others() -> None:
    first = stories.wire(3, seed=1)
    assert [one.value for one in first] == [one.value for one in stories.wire(3, seed=1)]
    assert len({one.text for one in first + stories.wire(3, seed=2)}) == 6


def test_wire_stories_have_the_length_of_wire_stories() -> None:
    assert all(stories.WORDS <= one.words <= stories.WORDS + 100 for one in stories.wire(20, seed=3))


def test_varied_articles_are_of_every_kind_and_length() -> None:
    several = stories.varied(800, seed=4)
    kinds = Counter(one.kind for one in several)
    assert set(kinds) == set(stories.KINDS)
    assert kinds["news"] / 800 == pytest.approx(0.66, abs=0.06)
    words = sorted(one.words for one in several)
    assert words[0] < 30
    assert words[-1] > 3_000
    assert all(one.text.isupper() for one in several if one.kind == "capitals")


def test_every_article_is_a_message_of_the_raw_topic() -> None:
    for one in stories.varied(50, seed=5):
        assert article.decode(one.value).body == one.text


def test_the_kernel_s_summary_of_memory_is_read() -> None:
    assert 5 < worker.rollup(os.getpid())["Pss"] <= worker.rollup(os.getpid())["Rss"]


def test_the_slowest_article_and_the_time_of_each_part_are_measured() -> None:
    command = [sys.executable, "-m", "bench.enrich", "--json", "--articles", "10", "--varied", "20"]
    command += ["--part", "slowest", "--part", "steps"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=120, check=True)
    figures = json.loads(done.stdout)
    assert set(figures) == {"slowest", "steps"}
    assert figures["slowest"]["slowest"] >= figures["slowest"]["p99"] >= figures["slowest"]["median"] > 0
    assert sum(figures["steps"].values()) == pytest.approx(1)
    assert set(figures["steps"]) & {"dates", "entities", "events", "text"}
