from collections.abc import Callable
from datetime import UTC

import pytest

from newswire.reasons import Reason
from services.ingest.readers import tree, xml
from services.ingest.readers.format import Context, Head
from services.ingest.readers.record import Refused
from tests.unit.ingest.readers.wires import refused


def parsed(data: str | bytes, charset: str | None = None) -> tree.Element:
    found = parse(data, charset)
    assert not isinstance(found, Refused), found
    return found


def parse(data: str | bytes, charset: str | None = None) -> tree.Element | Refused:
    return xml.parse(data.encode() if isinstance(data, str) else data, Context("a.xml", UTC, charset=charset))


def reason(data: str | bytes) -> Reason | None:
    found = parse(data)
    return found.reason if isinstance(found, Refused) else None


def text(data: str | bytes, charset: str | None = None) -> str | None:
    return tree.text_of(parsed(data, charset))


WHOLE = """<?xml version="1.0" encoding="utf-8"?>
<!-- a licence, with > and <tags> -->
<!DOCTYPE story PUBLIC "-//X//DTD Story > 1//EN" "story.dtd" [<!ENTITY pic SYSTEM "p.jpg" NDATA jpg> <!-- it's ]> -->]>
<?style none?>
<story lang="en" note='a "b"'>
<p>Bread &amp; b&uuml;tter <![CDATA[<raw>]]></p><!-- > -->
</story>
"""


def test_the_prolog_is_left_out_whatever_is_in_it() -> None:
    assert text(WHOLE) == "Bread & bütter <raw>"


def test_a_file_that_is_cut_off_is_truncated_wherever_the_cut_is() -> None:
    end = WHOLE.rindex("</story>") + len("</story>")
    doctype = range(WHOLE.index("]> --"), WHOLE.index("]>\n<?style") + 2)  # an end that looks like the real one
    cuts = [cut for cut in range(1, end) if cut not in doctype]
    assert {cut: why for cut in cuts if (why := reason(WHOLE[:cut])) is not Reason.TRUNCATED} == {}


@pytest.mark.parametrize(
    "data",
    ["<a><b></a>", "<a></b>", "<a/><a/>", "<a b=1/>", "<a b='1' b='2'/>", "<a>]]></a>", "<a><b c='<'/></a>", "<a/>x"],
)
def test_a_file_with_a_mistake_is_malformed_and_says_in_which_line(data: str) -> None:
    found = parse("<?xml version='1.0'?>\n<!--\n-->\n" + data)
    assert isinstance(found, Refused)
    assert found.reason is Reason.BAD_FORMAT
    assert "line 4" in found.message


@pytest.mark.parametrize(
    "data",
    [
        '<!DOCTYPE a [<!ENTITY e "text">]><a>&e;</a>',
        '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
        '<!DOCTYPE a [<!ENTITY e "text">]><a b="&e;"/>',
        '<!DOCTYPE a [<!ENTITY l "ha"><!ENTITY m "&l;&l;&l;&l;">]><a>&m;</a>',
    ],
)
def test_an_entity_of_the_files_own_is_refused_by_name(data: str) -> None:
    found = parse(data)
    assert isinstance(found, Refused)
    assert found.reason is Reason.BAD_FORMAT
    assert "&e;" in found.message or "&m;" in found.message


def test_a_document_type_that_points_elsewhere_is_not_followed() -> None:
    assert (
        text('<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x" [<!ENTITY % p SYSTEM "file:///dev/zero"> %p;]><a>x</a>') == "x"
    )


def test_a_document_type_cannot_define_a_known_name_anew() -> None:
    assert text('<!DOCTYPE a [<!ENTITY amp "x"><!ENTITY eacute "x">]><a>&amp;&eacute;</a>') == "&é"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("AT&T & co", "AT&T & co"),
        ("caf&eacute;&nbsp;&mdash; &lt;b&gt;", "café — <b>"),
        ("it&#146;s &#x93;so&#x94;", "it’s “so”"),
        ("a&#1;b\x01c&#xB;d", "abcd"),
        ("&# &#x; &#99999999;", "&# &#x; &#99999999;"),
        ("<![CDATA[&nbsp; & &x;]]>", "&nbsp; & &x;"),
        ("<!-- & &x; -->a&b", "a&b"),
        ("&amp;eacute;", "&eacute;"),
    ],
)
def test_what_can_mean_one_thing_only_is_repaired(written: str, read: str) -> None:
    assert text(f"<a>{written}</a>") == read


def test_prefixes_that_nobody_declared_do_no_harm() -> None:
    root = parsed('<x:a><x:b y:c="1">text</x:b></x:a>')
    assert tree.name(root) == "a"
    assert tree.attribute(tree.child(root, "b"), "c") == "1"
    assert reason("<x:a><x:b></x:a>") is Reason.BAD_FORMAT
    assert reason("<x:a><x:b>") is Reason.TRUNCATED


@pytest.mark.parametrize(
    ("declared", "written"),
    [
        ("iso-8859-1", "iso-8859-1"),
        ("iso-8859-1", "cp1252"),
        ("iso-8859-1", "utf-8"),
        ("windows-1251", "utf-8"),
        ("utf-8", "cp1252"),
        ("utf-16", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16", "utf-16-le"),
        ("utf-16", "utf-16-be"),
        ("UTF-8", "utf-8-sig"),
        ("iso-8859-15", "iso-8859-15"),
        ("no-such-thing", "utf-8"),
        ("punycode", "utf-8"),
        ("unicode_escape", "utf-8"),
        ("idna", "utf-8"),
    ],
)
def test_an_encoding_is_as_declared_or_as_it_really_is(declared: str, written: str) -> None:
    assert text(f'<?xml version="1.0" encoding="{declared}"?><a>Café</a>'.encode(written)) == "Café"


@pytest.mark.parametrize("charset", ["shift_jis", "gb18030", "big5", "iso-2022-jp", "euc-jp", "utf-16"])
def test_east_asian_encodings_are_honoured(charset: str) -> None:
    assert text(f'<?xml version="1.0" encoding="{charset}"?><a>日本</a>'.encode(charset)) == "日本"


def test_the_transport_knows_the_encoding_better_than_the_file() -> None:
    assert text('<?xml version="1.0" encoding="iso-8859-1"?><a>Мир</a>'.encode("koi8-r"), "koi8-r") == "Мир"


@pytest.mark.parametrize("data", ["", " \n", "\ufeff"])
def test_nothing_is_empty(data: str) -> None:
    assert reason(data) is Reason.EMPTY


@pytest.mark.timeout(60)  # what grows with the square takes hours
@pytest.mark.parametrize(
    "make",
    [
        lambda: "<" * 20_000_000,
        lambda: "<a>" * 400_000,
        lambda: "<a>" + "x" * 15_000_000 + "</a>",
        lambda: "<a " + " ".join(f'a{number}="x"' for number in range(1_000_000)) + "/>",
        lambda: "<a>" + "<b/>" * 4_000_000 + "</a>",
        lambda: "<a>" + "&" * 2_000_000 + "</a>",
        lambda: "<a>" + "<![CDATA[" * 400_000 + "&",
        lambda: "<!--" * 400_000,
        lambda: "<?" * 400_000,
        lambda: "<!DOCTYPE " * 400_000,
        lambda: "<!DOCTYPE a [" + "<!--\"'" * 400_000,
        lambda: "<!DOCTYPE a [" + "<![" * 400_000 + "]>",
        lambda: "<a>" + "&a" * 2_000_000,
        lambda: "<a " + "b='" * 400_000,
        lambda: "<a>" + "\n" * 10_000_000,
        lambda: "<a xmlns:" + "a" * 5_000_000,
    ],
)
def test_no_file_takes_long(make: Callable[[], str]) -> None:
    assert parse(make()) is not None


def test_a_root_is_told_without_a_parser() -> None:
    def root(data: bytes) -> str | None:
        found = xml.root(Head("a", data, data.decode(errors="replace")))
        return found.name if found else None

    assert root(WHOLE.encode()) == "story"
    assert root(b"<x:feed xmlns:x='y'") == "feed"
    assert root("<?xml version='1.0'?><feed/>".encode("utf-16-le")) == "feed"
    assert root(b"<!-- only a comment -->") is None
    assert root(b"plain text") is None


def test_other_xml_is_unsupported_and_named() -> None:
    found = refused("<?xml version='1.0'?><invoice><p>Ten crates.</p></invoice>")
    assert found.reason is Reason.UNSUPPORTED
    assert "<invoice>" in found.message


def test_other_xml_that_is_cut_off_is_tried_again() -> None:
    assert refused("<?xml version='1.0'?><invoice><p>Ten cra").reason is Reason.TRUNCATED
    assert refused("<?xml vers").reason is Reason.TRUNCATED


def test_a_part_that_is_emptied_leaves_the_text_after_it() -> None:
    root = parsed("<a>one <b>two</b> three <c/><b>four</b> five</a>")
    for part in tree.children(root, "b"):
        tree.empty(part)
    assert tree.text_of(root) == "one three five"


@pytest.mark.parametrize(
    "mark",
    ["<embargoed>2099-01-01</embargoed>", '<pubStatus qcode="stat:withheld"/>', "<Status FormalName='Embargoed'/>"],
)
def test_what_is_held_and_broken_shows_nothing_of_itself(mark: str) -> None:
    assert refused(f"<?xml version='1.0'?><item>{mark}<text>The inspectors").original == b""


def test_what_is_broken_and_tells_of_an_embargo_shows_itself() -> None:
    assert refused("<?xml version='1.0'?><item><text>The arms embargo was").original is None
