"""How well near-duplicates are told from articles that only look alike, and what it costs."""
