"""Read mutants of every format until the time is up; or, given files, read those and say what is wrong with them."""

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from newswire.logging import printable
from tests.fuzz.hunt import Finding, hunt, judge
from tests.fuzz.mutant import mutant
from tests.fuzz.seeds import seeds

EVERY = 10.0  # seconds between two lines of progress


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="inputs that were saved by an earlier run")
    parser.add_argument("--seconds", type=float, default=120, help="how long, over all readers (default: 120)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (default: one a processor)")
    parser.add_argument("--seed", type=int, help="the run to repeat (default: a new one)")
    parser.add_argument("--save", type=Path, help="directory for what is found (default: a temporary one)")
    asked = parser.parse_args()
    if asked.files:
        return _again(asked.files)
    start = asked.seed if asked.seed is not None else random.SystemRandom().randrange(1_000_000)
    save = asked.save or Path(tempfile.gettempdir(), f"newswire-fuzz-{start}")
    print(f"Seed {start}, {asked.jobs} processes, {asked.seconds:.0f} s; findings go to {save}.", flush=True)
    try:
        return _hunt(start, asked.seconds, asked.jobs, save)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


def _hunt(start: int, length: float, jobs: int, save: Path) -> int:
    known, kinds, read = seeds(), Counter[str](), Counter[str]()
    began = said = time.monotonic()
    for heard in hunt(start, length, jobs):
        if isinstance(heard, Finding):
            kinds[heard.kind] += 1
            if kinds[heard.kind] == 1:
                path = _save(heard, *mutant(start, heard.number, known), save)
                print(f"Found: {printable(heard.kind)}\n       {path}", flush=True)
            continue
        read = heard.read
        if time.monotonic() - said > EVERY:
            said = time.monotonic()
            print(f"{said - began:4.0f} s  {read.total():,} inputs, {len(kinds)} kinds of findings", flush=True)
    width = max(map(len, read), default=0)
    for form, count in sorted(read.items()):
        print(f"{form:{width}}  {count:,}")
    if missing := set(known) - set(read):
        print(f"Not reached: {', '.join(sorted(missing))}; give it more time.")
    for kind, count in kinds.most_common():
        print(f"{count:6,} × {printable(kind)}")
    print(f"{read.total():,} inputs, {len(kinds)} kinds of findings.")
    return 1 if kinds else 0


def _save(finding: Finding, name: str, data: bytes, directory: Path) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    suffix = Path(name).suffix if name.isascii() and name.isprintable() else ""
    path = directory / f"{finding.number}{suffix}"
    path.write_bytes(data)
    (directory / f"{finding.number}.why").write_text(f"{name!r}\n{finding.told}\n")
    return path


def _again(files: list[Path]) -> int:
    told = {path: judge(path.name, path.read_bytes(), 0) for path in files}
    for path, wrong in told.items():
        print(f"{path}: {wrong or 'nothing is wrong with it.'}")
    return 1 if any(told.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
