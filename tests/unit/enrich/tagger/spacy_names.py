"""Run as a process: tags standard input with the pipeline that is named; spaCy's own directory comes last."""

import json
import site
import sys
from pathlib import Path


def main() -> None:
    site.addsitedir(str(next(Path(sys.argv[1]).glob("lib/python3*/site-packages"))))
    from services.enrich.tagger.choice import tagger  # noqa: PLC0415 - only now can spaCy be found

    named = tagger(sys.argv[2])
    assert named is not None
    json.dump([(one.start, one.end, one.type) for one in named.tag(sys.stdin.read(), [0], [])], sys.stdout)


if __name__ == "__main__":
    main()
