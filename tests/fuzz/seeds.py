"""What the fuzzer starts from: a well-formed file of every format, the corpus of bad ones, and the samples."""

from collections import defaultdict
from pathlib import Path

from services.ingest.readers.encoding import loosely
from services.ingest.readers.format import HEAD, Head, Unread
from services.ingest.readers.formats import format_of
from tests.corpus import CASES
from tests.fuzz.samples import good

# A larger one would be mutated in a place that does not matter.
LONGEST = 50_000  # bytes


def form_of(data: bytes, name: str = "a") -> str:
    """The name of the format that ``data`` is in."""
    head = Head(name, data[:HEAD], loosely(data[:HEAD]).lstrip())
    form = format_of(head)
    return "unread" if isinstance(form, Unread) else form.name


def seeds() -> dict[str, list[bytes]]:
    """The seeds of each format."""
    samples = [path.read_bytes() for path in sorted(Path("samples").glob("*")) if path.is_file()]
    bad = [case.bytes for case in CASES if not case.make and not callable(case.content)]
    found: dict[str, list[bytes]] = defaultdict(list)
    for data in (*good(), *bad, *samples[:20]):
        if 0 < len(data) <= LONGEST:
            found[form_of(data)].append(data)
    return dict(found)
