"""Enrich: what an article is about, with the evidence."""
