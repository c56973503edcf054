from dataclasses import dataclass

import pytest

from newswire.settings import (
    Declared,
    ElasticsearchSettings,
    KafkaSettings,
    SettingsError,
    load,
    one_of,
    redact,
    retention,
    seconds,
    setting,
    shown,
    size,
    whole,
)


@dataclass(frozen=True, slots=True)
class Example:
    count: int = setting("NEWSWIRE_COUNT", whole(1, 9), "3", "how many")
    wait: float = setting("NEWSWIRE_WAIT", seconds, "250ms", "how long")
    mode: str = setting("NEWSWIRE_MODE", one_of("a", "b"), "a", "which")
    secret: str = setting("NEWSWIRE_SECRET", one_of("", "x"), "", "hidden", secret=True)


def test_defaults_are_read_as_if_they_had_been_set() -> None:
    assert load(Example, {}) == Example(count=3, wait=0.25, mode="a", secret="")


def test_an_empty_variable_counts_as_not_set() -> None:
    assert load(Example, {"NEWSWIRE_COUNT": " "}).count == 3


def test_every_mistake_is_named_at_once_and_no_secret_is_shown() -> None:
    with pytest.raises(SettingsError) as caught:
        load(Example, {"NEWSWIRE_COUNT": "12", "NEWSWIRE_WAIT": "soon", "NEWSWIRE_SECRET": "hunter2"})
    assert len(caught.value.mistakes) == 3
    assert "NEWSWIRE_COUNT: '12' is not a whole number from 1 to 9." in caught.value.mistakes
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(("raw", "expected"), [("5", 5.0), ("1.5s", 1.5), ("2m", 120.0), ("90d", 7_776_000.0)])
def test_durations_have_units(raw: str, expected: float) -> None:
    assert seconds(raw) == expected


@pytest.mark.parametrize(("raw", "expected"), [("10", 10), ("64kb", 65536), ("5MB", 5_242_880)])
def test_sizes_have_units(raw: str, expected: int) -> None:
    assert size(raw) == expected


def test_retention_knows_for_ever() -> None:
    assert retention("forever") == -1
    assert retention("90d") == 7_776_000_000


def test_addresses_and_secrets_are_shown_redacted() -> None:
    assert redact("https://user:word@host:9200/x") == "https://(redacted)@host:9200/x"
    assert shown(Declared("A", "", "", secret=True), {"A": "word"}) == "(set)"
    assert load(KafkaSettings, {}).bootstrap == "127.0.0.1:9092"


@pytest.mark.parametrize("raw", ["localhost:9200", "http://localhost", "ftp://a:1", "http://a:port", "https://[a"])
def test_an_address_of_elasticsearch_has_a_scheme_and_a_port(raw: str) -> None:
    with pytest.raises(SettingsError, match="NEWSWIRE_ELASTICSEARCH"):
        load(ElasticsearchSettings, {"NEWSWIRE_ELASTICSEARCH": raw})


@pytest.mark.parametrize("raw", ["localhost", "localhost:abc", "a:1,b", ":9092"])
def test_an_address_of_kafka_is_host_and_port(raw: str) -> None:
    with pytest.raises(SettingsError, match="NEWSWIRE_KAFKA"):
        load(KafkaSettings, {"NEWSWIRE_KAFKA": raw})


def test_several_brokers_are_separated_by_commas() -> None:
    assert load(KafkaSettings, {"NEWSWIRE_KAFKA": "a:9092,[::1]:9093"}).bootstrap == "a:9092,[::1]:9093"
