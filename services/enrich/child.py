"""A worker process of the real kind; the pool starts it as ``python -m services.enrich.child FD PARENT``."""

import sys

from newswire import settings
from services.enrich.core import Enrich
from services.enrich.pipeline import Enricher
from services.enrich.serve import serve
from services.enrich.settings import EnrichSettings


def enricher() -> Enrich:
    """Load the gazetteer and the lexicons; well under a second."""
    own = settings.load(EnrichSettings)
    return Enricher(text_cap=own.text_cap, tagger=own.tagger, slow=own.article_seconds / 10).enrich


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]), enricher)
