"""Write the corpus of bad files: ``python -m tests.corpus DIR``."""

import argparse
import sys
from pathlib import Path

from newswire.logging import printable
from tests.corpus import CASES, Case, write


def _expected(case: Case) -> str:
    words = [reason.value for reason in case.refused]
    if case.articles:
        words.append(f"{case.articles} published")
    if case.held:
        words.append("held")
    return ", ".join(words) or "left alone"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.corpus", description="Write the corpus of bad files.")
    parser.add_argument("directory", type=Path, help="where to; made where missing, should be empty")
    parser.add_argument("--list", action="store_true", help="only say what there is, and what has to become of it")
    asked = parser.parse_args()
    for case in CASES:
        if not asked.list:
            try:
                write(case, asked.directory)
            except OSError as error:
                print(f"{printable(case.name)} is left out: {error.strerror}.", file=sys.stderr)
                continue
        print(f"{printable(case.name)}\t{case.what}\t{_expected(case)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
