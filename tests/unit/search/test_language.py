import pytest

from newswire.search.fields import BOX, FIELDS
from newswire.search.language import DEEPEST, MOST_WORDS, parse
from newswire.search.lexer import LONGEST_TEXT
from newswire.search.nodes import Between, Either, Every, Like, Needed, Node, Pattern, Phrase, Without, Word, wanted

TITLE = FIELDS["title"]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("drone", Word("drone")),
        ("drone attack", Every((Word("drone"), Word("attack")))),
        ("drone AND attack", Every((Word("drone"), Word("attack")), strict=True)),
        ("flood OR storm", Either((Word("flood"), Word("storm")))),
        ("a OR b c", Either((Word("a"), Every((Word("b"), Word("c")))))),
        ("(a OR b) c", Every((Either((Word("a"), Word("b"))), Word("c")))),
        ("war -Gaza", Every((Word("war"), Without(Word("Gaza"))))),
        ("war NOT Gaza", Every((Word("war"), Without(Word("Gaza"))))),
        ("-Gaza", Without(Word("Gaza"))),
        ("NOT -Gaza", Word("Gaza")),
        ("-(a b)", Without(Every((Word("a"), Word("b"))))),
        ("+war peace", Every((Needed(Word("war")), Word("peace")))),
        ('"cease fire"', Phrase("cease fire")),
        ("“cease fire”", Phrase("cease fire")),
        ('"troops withdraw"~4', Phrase("troops withdraw", 4)),
        ("dron*", Pattern("dron*")),
        ("wom?n", Pattern("wom?n")),
        ("Zelenski~", Like("Zelenski", 2)),
        ("Kyev~1", Like("Kyev", 1)),
        ("title:drone", Word("drone", TITLE)),
        ("Title:drone", Word("drone", TITLE)),
        ('title:"drone attack"', Phrase("drone attack", 0, TITLE)),
        ("title:(a OR b)", Either((Word("a", TITLE), Word("b", TITLE)))),
        ("killed:>5", Between("5", "", FIELDS["killed"], low_in=False)),
        ("killed:<=5", Between("", "5", FIELDS["killed"])),
        ("killed:5..9", Between("5", "9", FIELDS["killed"])),
        ("date:[2025-01 TO *]", Between("2025-01", "", FIELDS["date"])),
        ("-date:{2025-01 to 2025-02}", Without(Between("2025-01", "2025-02", FIELDS["date"]))),
    ],
)
def test_what_is_written_is_what_is_meant(text: str, tree: Node) -> None:
    assert parse(text).node == tree
    assert not parse(text).notes


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("9/11", ["9/11"]),
        ("Trump: peace", ["Trump:", "peace"]),
        ("title: peace", ["title:", "peace"]),
        ("https://news.example/a?b=c&d", ["https://news.example/a?b=c&d"]),
        ("12:30", ["12:30"]),
        ("e-mail", ["e-mail"]),
        ("_exists_:title", ["_exists_:title"]),
        ("/drone.*/", ["/drone.*/"]),
        ("war^9", ["war^9"]),
        ("covid - 19", ["covid", "19"]),
        ("who won?", ["who", "won"]),
        ("5..9 >3", ["5..9", ">3"]),
        ("drone (", ["drone"]),
        ("drone )", ["drone"]),
        (') drone ("', ["drone"]),
        ('"cease fire', ["cease", "fire"]),
        ("AND drone OR", ["drone"]),
        ("drone AND AND OR attack", ["drone", "attack"]),
        ("OR", ["OR"]),
        ("title:", ["title:"]),
        ("title:()", []),
        ("!!! ... ---", []),
        ("* ?", []),
        ("", []),
    ],
)
def test_what_only_looks_like_a_sign_is_a_word(text: str, words: list[str]) -> None:
    leaves = list(wanted(parse(text).node))
    assert all(isinstance(leaf, Word) and leaf.field is BOX for leaf in leaves)
    assert [leaf.text for leaf in leaves if isinstance(leaf, Word)] == words


@pytest.mark.parametrize(
    ("text", "read"),
    [("*drone", "drone"), ("d*", "d"), ("?rone*", "rone"), ("dr*o*n*e*s", "dr o n e s")],
)
def test_a_wildcard_that_would_read_the_whole_dictionary_is_left_out_and_said(text: str, read: str) -> None:
    parsed = parse(text)
    assert parsed.node == Word(read)
    assert text in parsed.notes[0]


def test_a_wildcard_alone_asks_for_nothing() -> None:
    assert parse("*").node is None


def test_a_page_of_text_is_cut_and_said() -> None:
    parsed = parse("word " * LONGEST_TEXT)
    assert len(list(wanted(parsed.node))) == MOST_WORDS
    assert len(parsed.notes) == 2


def test_parentheses_beyond_any_use_do_no_harm() -> None:
    parsed = parse("(" * 900 + "drone" + ")" * 900 + " attack")
    assert [leaf.text for leaf in wanted(parsed.node) if isinstance(leaf, Word)] == ["drone", "attack"]
    assert _depth(parsed.node) <= DEEPEST


def test_words_behind_parentheses_that_are_never_closed_are_read() -> None:
    parsed = parse("a OR (b (c d")
    assert [leaf.text for leaf in wanted(parsed.node) if isinstance(leaf, Word)] == ["a", "b", "c", "d"]


def test_what_is_excluded_is_not_wanted() -> None:
    assert list(wanted(parse("drone -(Gaza OR title:Kyiv)").node)) == [Word("drone")]


def _depth(node: Node | None) -> int:
    match node:
        case Every(parts) | Either(parts):
            return 1 + max(map(_depth, parts))
        case Without(part) | Needed(part):
            return 1 + _depth(part)
        case _:
            return 0


@pytest.mark.parametrize("value", ["trump", '"Donald Trump"', "(trump OR biden)", ">5"])
def test_a_mistyped_field_is_told_the_nearest(value: str) -> None:
    (note,) = parse(f"storm -Persn:{value}").notes
    assert note == "Persn: is no field and was read as words; did you mean person:?"


@pytest.mark.parametrize(
    "text", ["Trump: peace", "http://a.b/c", "12:30", "re:invent", "note:this", "title:x", "TITLE:x", "a::b", "persn:"]
)
def test_what_only_looks_like_a_field_is_told_nothing(text: str) -> None:
    assert parse(text).notes == ()
