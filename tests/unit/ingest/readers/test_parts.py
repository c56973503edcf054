from newswire.article import Subhead
from services.ingest.readers.parts import Parts, article_parts, marked_parts

LONG = "The committee met for a third time and put the decision off until the spring, as it had done before."
OTHER = "Its chair said that the figures were not complete and that nobody should read anything into them yet."


def test_every_part_among_the_paragraphs_has_its_field() -> None:
    paragraphs = [
        "The bridge. (Photo: AFP)",
        "By Kari Nordmann",
        f"OSLO, 14 February 2026 (NTB) - {LONG}",
        "Pause",
        OTHER,
    ]
    assert article_parts(paragraphs) == Parts(
        body=f"{LONG}\n\n{OTHER}",
        subheads=[Subhead(text="Pause", at=len(LONG) + 2)],
        caption="The bridge.",
        credit="AFP",
        byline="Kari Nordmann",
        agency="NTB",
        dateline="OSLO",
        day="2026-02-14",
    )


def test_marked_subheads_move_with_their_paragraphs() -> None:
    body = f"By Kari Nordmann\n\nOSLO (NTB) - {LONG}\n\n{OTHER}\n\nAFP"
    parts = marked_parts(
        body, [Subhead(text="Pause", at=body.index(OTHER)), Subhead(text="Last", at=body.index("AFP"))]
    )
    assert (parts.byline, parts.dateline, parts.agency) == ("Kari Nordmann", "OSLO", "NTB")
    assert parts.body == f"{LONG}\n\n{OTHER}"
    assert parts.subheads == [Subhead(text="Pause", at=parts.body.index(OTHER))]


def test_short_paragraphs_of_a_marked_text_are_no_subheads() -> None:
    assert marked_parts(f"{LONG}\n\nPause\n\n{OTHER}").subheads == []


def test_nothing_has_no_parts() -> None:
    assert article_parts([]) == Parts("", [])
    assert marked_parts("") == Parts("", [])
