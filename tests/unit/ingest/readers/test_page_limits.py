import pytest

from newswire.reasons import Reason
from services.ingest.readers.html import MOST_ATTRIBUTES
from tests.unit.ingest.readers.packed import outcomes

TEXT = b"<p>" + b"The ferry to the outer islands was late again on Friday. " * 5 + b"</p>"


def tag(attributes: int, name: bytes = b"div") -> bytes:
    return b"<%s %s>" % (name, b" ".join(b"a%d=1" % number for number in range(attributes)))


def test_a_tag_may_have_many_attributes_and_long_ones() -> None:
    page = (
        b"<html><title>Ferry late</title>" + tag(MOST_ATTRIBUTES - 1) + b'<p title="' + b"word " * 5_000 + b'">' + TEXT
    )
    assert outcomes(page + b"</html>", "a.html") == ["Ferry late"]


def test_what_looks_like_attributes_in_a_script_or_a_comment_is_none() -> None:
    words = b"for (i = 0; i <n; i++) { " + b"a = 1; " * 1_000
    page = (
        b"<html><title>Ferry late</title><script>" + words + b"</script><!-- <p " + words + b"-->" + TEXT + b"</html>"
    )
    assert outcomes(page, "a.html") == ["Ferry late"]


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "page",
    [
        b"<html>" + tag(200_000) + TEXT,
        b"<html>" + tag(200_000, b"script") + TEXT,
        b"<html><p x='>' " + tag(200_000)[5:] + TEXT,
        b"<html><p don't " + tag(200_000)[5:] + TEXT,
        b"<html>" + b"<" * 20_000_000,
        b"<html><p>" + b">" * 19_000_000,
        b"<html><p>" + b"&" * 19_000_000,
    ],
    ids=["attributes", "script", "quoted bracket", "apostrophe", "brackets", "closing brackets", "ampersands"],
)
def test_no_page_takes_long(page: bytes) -> None:
    assert outcomes(page, "a.html") == [Reason.TOO_LARGE]
