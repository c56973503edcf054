import io

from msgspec.structs import replace
from rich.console import Console

from newswire.cli.annotated import view
from newswire.enriched import Enriched
from tests.unit.cli.annotated.documents import HOSTILE, PLAIN


def shown(document: Enriched, *, coloured: bool = False) -> str:
    out = io.StringIO()
    console = Console(
        file=out,
        width=100,
        highlight=False,
        force_terminal=coloured,
        color_system="truecolor" if coloured else None,
        no_color=not coloured,
    )
    view.show(console, document)
    return out.getvalue()


def test_without_colours_marks_are_brackets_that_say_the_type() -> None:
    text = shown(PLAIN)
    assert "[LOC Kano] speaks" in text
    assert "dateline   [LOC KANO]" in text
    assert "caption    [PER Ada Obi] in Kano" in text
    assert "[PER Ada Obi] spoke in [LOC Kano] on [DATE Friday].\n\nAt the bank\nThe " in text


def test_marks_that_cross_are_both_there() -> None:
    assert "The [ORG Bank of [LOC Kano]][LOC  closed]." in shown(PLAIN)


def test_what_was_found_stands_below_the_text() -> None:
    text = shown(PLAIN)
    assert "PER person 2   ORG organization 1   LOC place 4   DATE date 1" in text
    assert "12.00°N 8.50°W" in text
    assert "disaster.manmade.accident  claimed  0.90" in text
    assert "people at least 9 killed, 2 injured" in text
    assert '"Two were hurt."' in text


def test_with_colours_there_are_no_brackets_and_the_legend_looks_like_the_text() -> None:
    text = shown(PLAIN, coloured=True)
    assert "\x1b[1;36mAda Obi\x1b[0m spoke in \x1b[1;32mKano\x1b[0m" in text
    assert "\x1b[1;36mperson 2\x1b[0m" in text
    assert "[PER" not in text


def test_nothing_of_an_article_reaches_the_terminal_unescaped() -> None:
    text = shown(HOSTILE)
    assert "\\x1b[2J\\x07\\u202e" in text
    assert not set(text) & set("\x1b\x07\u202e")
    # In colour the only escapes are colours.
    assert all(part[:1] == "[" and part.partition("m")[1] for part in shown(HOSTILE, coloured=True).split("\x1b")[1:])
    assert "\x1b[2J" not in shown(HOSTILE, coloured=True)


def test_a_terminal_that_takes_ascii_alone_gets_no_line_of_escapes() -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="backslashreplace")
    view.show(Console(file=out, width=100, highlight=False), PLAIN)
    out.seek(0)
    assert out.readline() == "-" * 100 + "\n"


def test_an_article_with_nothing_in_it_is_shown_as_that() -> None:
    bare = replace(PLAIN, title=None, body="", caption=None, dateline=None, entities=[], places=[], dates=[], events=[])
    assert "no names and no dates" in shown(replace(bare, subheads=[]))
