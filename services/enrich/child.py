"""A worker process of the real kind; the pool starts it as ``python -m services.enrich.child FD PARENT``."""

import gc
import sys
from typing import Final

from newswire import settings
from services.enrich.core import Enrich
from services.enrich.pipeline import Enricher
from services.enrich.serve import serve
from services.enrich.settings import EnrichSettings

# Objects that an article may leave before Python looks for cycles among them; it leaves hardly any.
MANY: Final = 20_000


def enricher() -> Enrich:
    """Load the gazetteer and the lexicons, for a process that does nothing else; well under a second."""
    own = settings.load(EnrichSettings)
    work = Enricher(text_cap=own.text_cap, tagger=own.tagger, slow=own.article_seconds / 10).enrich
    # What was loaded is no garbage, and is not looked through for any.
    gc.collect()
    gc.freeze()
    gc.set_threshold(MANY)
    return work


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]), enricher)
