"""Trains the tagger of the enrich service: ``make train-tagger`` (see docs/tagger.md)."""
