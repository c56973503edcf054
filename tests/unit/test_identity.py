"""Frozen vectors: a value that changes here gives every stored article a second life under another id."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswire import identity
from newswire.identity import DAY, external_version, fix_revision
from newswire.plain import is_plain

NOW = 1_738_886_400_000


def test_the_id_of_a_text_ignores_spacing_and_unicode_form() -> None:
    assert identity.id_of_text("Title  one", "Body\n\ntwo é") == "a178716cbc725da3a7c3e57744188b98"
    assert identity.id_of_text("Title one", "Body two e\u0301") == "a178716cbc725da3a7c3e57744188b98"
    assert identity.id_of_text(None, "Body") == "cc4887c2b36ea75b31ec9ff0ae098697"


def test_the_id_of_an_identifier_is_bound_to_its_issuer() -> None:
    assert identity.id_of_identifier("guid", "Newswire", "quake-ionian-1") == "77c098b106b014f62ff74471cbd211cb"
    assert identity.id_of_identifier("guid", "Other", "quake-ionian-1") != "77c098b106b014f62ff74471cbd211cb"


def test_a_web_address_names_an_article_only_with_a_path() -> None:
    assert identity.id_of_url("https://news.example/a/b?c=1") == "e2b8485a29295cb5188ff79c2748ebeb"
    assert identity.id_of_url("https://news.example/") is None
    assert identity.id_of_url("https://news.example") is None
    assert identity.id_of_url("not an address") is None
    assert identity.id_of_url("https://[news.example/a") is None


def test_keys_of_stories_and_letters_are_frozen() -> None:
    assert identity.story_key("conflict.remote.air_drone_strike", 692194, "2025-02-06") == "9b83fd7190079bc0"
    assert identity.letter_id("ingest", "a.txt", None, b"abc") == "6bfb786b3c48fe1747640907502f1385"
    assert len({identity.letter_id("ingest", "a.txt", None, b"", number) for number in (None, 0, 1)}) == 3


@pytest.mark.parametrize("wanted", [None, -1, NOW + DAY + 1])
def test_an_instant_that_cannot_be_is_the_next_after_the_last(wanted: int | None) -> None:
    assert fix_revision(wanted, now=NOW, last=41, taken=False) == 42
    assert fix_revision(wanted, now=NOW, last=None, taken=False) == 1


def test_an_instant_of_another_content_is_the_next_after_the_last() -> None:
    assert fix_revision(NOW, now=NOW, last=NOW + 5, taken=True) == NOW + 6


def test_an_earlier_instant_stays_what_it_is() -> None:
    assert fix_revision(NOW - DAY, now=NOW, last=NOW, taken=False) == NOW - DAY


def test_the_version_packs_revision_withdrawal_rank_and_enrichment() -> None:
    assert external_version(NOW, canceled=False, status="ok", enrichment_version=1) == 1_780_619_673_600_385


RANKED = ["skipped", "failed", "partial", "ok"]
documents = st.tuples(
    st.integers(0, 2**43), st.booleans(), st.sampled_from(RANKED), st.integers(0, identity.MAX_ENRICHMENT_VERSION)
)


@given(documents, documents)
def test_versions_order_as_revision_then_withdrawal_then_rank_then_enrichment(
    a: tuple[int, bool, str, int], b: tuple[int, bool, str, int]
) -> None:
    def version(d: tuple[int, bool, str, int]) -> int:
        return external_version(d[0], canceled=d[1], status=d[2], enrichment_version=d[3])

    def rank(d: tuple[int, bool, str, int]) -> tuple[int, bool, int, int]:
        return d[0], d[1], RANKED.index(d[2]), d[3]

    assert (version(a) < version(b)) == (rank(a) < rank(b))
    assert version(a) < 2**63


def test_an_enrichment_version_beyond_its_bits_is_refused() -> None:
    with pytest.raises(ValueError, match="128"):
        external_version(NOW, canceled=False, status="ok", enrichment_version=128)


@given(st.text(st.sampled_from("ab é\u0301\u00a0\u2003\u200b\x1c\x85\t\n\r ") | st.characters(), max_size=12))
def test_collapsed_text_is_what_its_rule_says(text: str) -> None:
    assert identity.collapse(text) == " ".join(unicodedata.normalize("NFC", text).split())


@given(st.text(max_size=8) | st.text(st.characters(codec="ascii"), max_size=8))
def test_plain_text_is_printable_but_for_line_feeds(text: str) -> None:
    assert is_plain(text) == text.replace("\n", "").isprintable()
