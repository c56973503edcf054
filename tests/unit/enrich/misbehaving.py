"""A worker process whose articles tell it what to do: hang, die, print, or be enriched."""

import os
import sys
import time

import msgspec

from newswire.article import Article
from newswire.enriched import Enriched
from services.enrich.core import Enrich, SoFar, bare
from services.enrich.serve import serve


def enrich(article: Article, so_far: SoFar) -> Enriched:
    match article.body:
        case "found something":
            so_far(bare(article, "partial", ["enrichment_timeout"]))
            so_far(msgspec.structs.replace(bare(article, "partial", ["enrichment_timeout"]), people=["Ada Obi"]))
            time.sleep(3600)
        case "slow":
            so_far(bare(article, "partial", ["enrichment_timeout"]))
        case "hang":
            time.sleep(3600)  # what the pool's limit is for
        case "die":
            os._exit(3)
        case "print":
            print("noise on standard output")
    return bare(article, "ok", [])


def make() -> Enrich:
    if os.environ.get("NEWSWIRE_TEST_NO_START"):
        sys.exit("cannot start")
    return enrich


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]), make)
