"""A small statistical tagger: which words of a text name a person, an organisation or a place.

A convolutional network over words, trained by ``tools/train_tagger`` and run here with
numpy alone. What the lexicons and rules say of a word is part of what it reads.
"""

import os

# A worker has a core for itself, and the products are small: more threads than one only get in each other's way.
# Read when numpy is loaded first; whoever sets it keeps it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from services.enrich.tagger.tagger import Span, Tagger

__all__ = ["Span", "Tagger"]
