"""What the tests of the formats in XML and HTML share: files called so, and samples that are damaged."""

from hypothesis import strategies as st

from tests.unit.ingest.readers.reading import Reading

XML = Reading("a.xml")
records, article, refused = XML.records, XML.article, XML.refused


def damaged(sample: str, pieces: list[str]) -> st.SearchStrategy[bytes]:
    """``sample`` with some of its characters replaced by one of ``pieces``, and perhaps cut off."""
    places = st.integers(0, len(sample))
    blow = st.tuples(places, st.integers(0, 40), st.sampled_from(pieces) | st.text(max_size=5))

    def damage(blows: list[tuple[int, int, str]], end: int) -> bytes:
        text = sample
        for place, length, piece in blows:
            text = text[:place] + piece + text[place + length :]
        return text[:end].encode("utf-8", "replace")

    return st.builds(damage, st.lists(blow, min_size=1, max_size=5), st.just(10 * len(sample)) | places)


PIECES = [
    "<",
    ">",
    "&",
    '"',
    "</p>",
    "<p>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "&nbsp;",
    "&x;",
    "&#7;",
    "x:",
    "\0",
    "1",
    "urn:",
]
