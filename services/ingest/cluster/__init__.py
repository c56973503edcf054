"""Near-duplicates of one wire's story get one ``cluster``: ``sketch`` is pure, ``index`` remembers."""

import os

# One thread does what there is to do here. Read when numpy is loaded, which is later.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from services.ingest.cluster.index import TABLES, Clusters, Story
from services.ingest.cluster.sketch import sketch

__all__ = ["TABLES", "Clusters", "Story", "sketch"]
