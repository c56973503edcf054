"""Near-duplicates of one wire's story get one ``cluster``: ``sketch`` is pure, ``index`` remembers."""

from services.ingest.cluster.index import TABLES, Clusters, Story
from services.ingest.cluster.sketch import sketch

__all__ = ["TABLES", "Clusters", "Story", "sketch"]
