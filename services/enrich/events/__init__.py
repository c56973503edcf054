"""Events of an article, found by trigger words and word order (docs/decisions/0022-events-by-triggers.md)."""

from services.enrich.events.detect import detect

__all__ = ["detect"]
