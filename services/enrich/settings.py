"""The enrich service's own settings."""

import os
from dataclasses import dataclass

from newswire.settings import port, seconds, setting, whole


def workers(raw: str) -> int:
    """A number of processes; ``auto`` is one for each core this process may use."""
    if raw == "auto":
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return whole(1, 256)(raw)


# What NEWSWIRE_TAGGER may be: our own, none, or a pipeline of spaCy's by its name.
OWN, RULES, SPACY = "own", "rules", "spacy:"


def tagger_name(raw: str) -> str:
    """A value of NEWSWIRE_TAGGER."""
    if raw in (OWN, RULES) or (raw.startswith(SPACY) and raw != SPACY):
        return raw
    raise ValueError("is none of own, rules and spacy:PIPELINE (spacy:en_core_web_lg, say)")


@dataclass(frozen=True, slots=True)
class EnrichSettings:
    """How many worker processes, how much they get at once, and how long an article may take."""

    port: int = setting("NEWSWIRE_ENRICH_PORT", port, "9102", "metrics and health of the enrich service")
    workers: int = setting("NEWSWIRE_ENRICH_WORKERS", workers, "auto", "enrichment processes")
    batch_articles: int = setting("NEWSWIRE_ENRICH_BATCH", whole(1, 4096), "256", "articles taken from Kafka at once")
    batch_seconds: float = setting(
        "NEWSWIRE_ENRICH_LINGER", seconds, "20ms", "how long a batch waits for more articles; part of every latency"
    )
    article_seconds: float = setting(
        "NEWSWIRE_ENRICH_LIMIT",
        seconds,
        "10s",
        "time for one article; then its process is replaced and it goes on with what was found",
    )
    text_cap: int = setting(
        "NEWSWIRE_ENRICH_TEXT_CAP", whole(1_000, 10_000_000), "200000", "characters of a body that are looked at"
    )
    tagger: str = setting(
        "NEWSWIRE_TAGGER",
        tagger_name,
        OWN,
        "who names persons, organisations and places: own, rules (no tagger), spacy:PIPELINE",
    )
