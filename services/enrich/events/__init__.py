"""Events of an article, found by trigger words, a linear model and word order (docs/decisions 22 and 51)."""

from services.enrich.events.detect import detect

__all__ = ["detect"]
