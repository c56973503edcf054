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


def test_points_above_the_dateline_stay_and_subheads_still_point_at_their_paragraphs() -> None:
    body = f"(Adds quote)\n\n* Third time\n\nBy Kari Nordmann\n\nAP\n\nOSLO (AP) - {LONG}\n\n{OTHER}"
    parts = marked_parts(
        body, [Subhead(text="Points", at=body.index("* Third")), Subhead(text="Pause", at=body.index(OTHER))]
    )
    assert parts.body == f"* Third time\n\n{LONG}\n\n{OTHER}"
    assert (parts.byline, parts.agency, parts.dateline) == ("Kari Nordmann", "AP", "OSLO")
    assert parts.subheads == [Subhead(text="Points", at=0), Subhead(text="Pause", at=parts.body.index(OTHER))]


def test_bullets_without_a_dateline_below_them_change_nothing() -> None:
    body = f"* One of many\n\n* Another one\n\n{LONG}"
    assert marked_parts(body).body == body


def test_whose_the_text_is_is_no_part_of_it() -> None:
    for notice in (
        "© Agence France-Presse",
        "Copyright 2025 The AP. All rights reserved.",
        "(c) 2025 Zna",
        "All rights reserved.",
    ):
        assert marked_parts(f"{LONG}\n\n{notice}").body == LONG
    assert marked_parts(f"{LONG}\n\nCopyright law is next on the list.").body.endswith("on the list.")
