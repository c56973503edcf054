"""An article that only gets its revision and cluster is the one that a decoder and an encoder would have made."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from newswire.article import Article, Source, completed, encode

MARKS = ('"revision":0', ',"revision":0,', ',"cluster":null,"source":', '\\",', "{", "é")
TEXTS = st.text(max_size=20) | st.lists(st.sampled_from(MARKS)).map("".join)


@given(
    body=TEXTS,
    title=st.none() | TEXTS,
    path=TEXTS,
    revision=st.integers(0, 2**53),
    cluster=st.none() | st.binary(min_size=8, max_size=8).map(bytes.hex),
)
def test_completing_is_encoding_anew(
    body: str, title: str | None, path: str, revision: int, cluster: str | None
) -> None:
    source = Source(path=path, member=path, format="text", bytes=1, sha256="ab" * 32)
    article = Article(id="0" * 32, revision=0, title=title, body=body, uri=title, source=source)
    assert completed(encode(article), revision, cluster) == encode(replace(article, revision=revision, cluster=cluster))
