import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.readers.dateline import _DASHED, _HEAD, LONGEST, dateline, signature

REST = "The council met on Friday."


@pytest.mark.parametrize(
    ("head", "place", "agency", "day"),
    [
        ("KYIV - ", "KYIV", None, None),
        ("KYIV – ", "KYIV", None, None),
        ("KYIV — ", "KYIV", None, None),
        ("KYIV -- ", "KYIV", None, None),
        ("KYIV, Feb 7 (AFP) - ", "KYIV", "AFP", None),
        ("KYIV, Feb. 7, 2025 (Xinhua) -- ", "KYIV", "Xinhua", "2025-02-07"),
        ("KYIV, 7 February 2025 - ", "KYIV", None, "2025-02-07"),
        ("KYIV, Friday, Feb 7 (AFP) - ", "KYIV", "AFP", None),
        ("KYIV (Reuters) - ", "KYIV", "Reuters", None),
        ("KYIV, Ukraine (AP) — ", "KYIV, Ukraine", "AP", None),
        ("KYIV, Ukraine - ", "KYIV, Ukraine", None, None),
        ("WASHINGTON, D.C. (AP) — ", "WASHINGTON, D.C.", "AP", None),
        ("NEW YORK/LONDON, Feb 7 (Reuters) - ", "NEW YORK/LONDON", "Reuters", None),
        ("PORT-AU-PRINCE - ", "PORT-AU-PRINCE", None, None),
        ("SÃO PAULO (AFP) - ", "SÃO PAULO", "AFP", None),
        ("ST. PETERSBURG - ", "ST. PETERSBURG", None, None),
        ("Berlin (dpa) - ", "Berlin", "dpa", None),
        ("Rio de Janeiro, Feb 7 (EFE) - ", "Rio de Janeiro", "EFE", None),
        ("(Reuters) - ", None, "Reuters", None),
        ("KYIV, Feb 31, 2025 (AFP) - ", "KYIV", "AFP", None),
        ("LONDON, Feb 7 (Reuters) – ", "LONDON", "Reuters", None),
        ("BEIJING, Feb. 7 (Xinhua) -- ", "BEIJING", "Xinhua", None),
        ("LOS ANGELES, Calif., Feb 7 (AP) — ", "LOS ANGELES, Calif.", "AP", None),
        ("FRANKFURT (Oder), 7. Februar (dpa) - ", "FRANKFURT (Oder)", "dpa", None),
        ("'S-HERTOGENBOSCH (ANP) - ", "'S-HERTOGENBOSCH", "ANP", None),
        ("Brüssel/Wien (APA/dpa) - ", "Brüssel/Wien", "APA/dpa", None),
    ],
)
def test_a_dateline_is_taken_apart(head: str, place: str | None, agency: str | None, day: str | None) -> None:
    found = dateline(head + REST)
    assert found is not None
    assert (found.place, found.agency, found.day, found.rest) == (place, agency, day, REST)


@pytest.mark.parametrize(
    ("head", "place", "agency", "day"),
    [
        ("Strasbourg, 10 juil 2024 (AFP) - ", "Strasbourg", "AFP", "2024-07-10"),
        ("Bruxelles, le 1er février 2025 (AFP) - ", "Bruxelles", "AFP", "2025-02-01"),
        ("BERLIN, 7. Februar (dpa) - ", "BERLIN", "dpa", None),
        ("Madrid, 7 feb (EFE).- ", "Madrid", "EFE", None),
        ("MADRID, 7 (EUROPA PRESS) - ", "MADRID", "EUROPA PRESS", None),
        ("Bogotá, 7 de febrero de 2025 (EFE) - ", "Bogotá", "EFE", "2025-02-07"),
        ("Lisboa, 07 fev 2025 (Lusa) – ", "Lisboa", "Lusa", "2025-02-07"),
        ("Roma, 7 feb. (askanews) - ", "Roma", "askanews", None),
        ("Den Haag, 7 maart (ANP) - ", "Den Haag", "ANP", None),
        ("BRUSSEL 7/2 (BELGA) = ", "BRUSSEL", "BELGA", None),
        ("ABU DHABI, 7th February, 2025 (WAM) -- ", "ABU DHABI", "WAM", "2025-02-07"),
    ],
)
def test_a_day_may_be_written_in_the_language_of_the_agency(
    head: str, place: str, agency: str, day: str | None
) -> None:
    found = dateline(head + REST)
    assert found is not None
    assert (found.place, found.agency, found.day, found.rest) == (place, agency, day, REST)


@pytest.mark.parametrize(
    ("head", "place", "agency"),
    [
        ("Tegucigalpa, Jan 2 (EFE).- ", "Tegucigalpa", "EFE"),
        ("MOSCOW. Feb 7 (Interfax) - ", "MOSCOW", "Interfax"),
        ("MOSCOW, February 7. /TASS/. ", "MOSCOW", "TASS"),
        ("(ANSA) - ROMA, 11 OTT - ", "ROMA", "ANSA"),
        ("(ANSA) - Rome, October 11 - ", "Rome", "ANSA"),
        ("(ANSA) - ROME - ", "ROME", "ANSA"),
        ("(AGI) - Roma, 7 feb. - ", "Roma", "AGI"),
        ("New Delhi, Feb 7 (PTI) ", "New Delhi", "PTI"),
        ("Paris (AFP) ", "Paris", "AFP"),
        ("La Habana, 7 feb (Prensa Latina) ", "La Habana", "Prensa Latina"),
        ("New Delhi [India], February 7 (ANI): ", "New Delhi, India", "ANI"),
        ("OSLO (NTB): ", "OSLO", "NTB"),
        ("Frankfurt a.M. (epd). ", "Frankfurt a.M.", "epd"),
        ("Hannover (epd). ", "Hannover", "epd"),
        ("TOKYO, Feb. 7, Kyodo - ", "TOKYO", "Kyodo"),
        ("CANBERRA, Aug 1 AAP - ", "CANBERRA", "AAP"),
        ("Tokyo, Feb. 7 (Jiji Press)--", "Tokyo", "Jiji Press"),
        ("LONDON--(BUSINESS WIRE)--", "LONDON", "BUSINESS WIRE"),
        ("NEW YORK, Feb. 7, 2025 /PRNewswire/ -- ", "NEW YORK", "PRNewswire"),
        ("Paris, France | AFP | ", "Paris, France", "AFP"),
        ("Paris, France | AFP | Friday 2/7/2025 - 10:12 UTC+1 | 345 words ", "Paris, France", "AFP"),
        ("PARIS — ", "PARIS", None),
        ("Jan 30 (Reuters) - ", None, "Reuters"),
    ],
)
def test_the_agency_stands_before_or_behind_and_with_or_without_a_dash(
    head: str, place: str | None, agency: str | None
) -> None:
    found = dateline(head + REST)
    assert found is not None
    assert (found.place, found.agency, found.rest) == (place, agency, REST)


@pytest.mark.parametrize(
    "text",
    [
        "NATO - the western alliance - has met.",
        "The minister - who had been ill - came back.",
        "Well-known people met on Friday.",
        "Talks (which failed) - and others - went on.",
        "He said so - and left.",
        "2025 - The year of the flood.",
        "A - The first letter.",
        "The long sentence that goes on for many words before there is any dash in it at all - And then goes on.",
        "Berlin (SPD) Olaf Example spoke first.",
        "Agence France-Presse (AFP) Photographers were there.",
        "In London, 7 March (a Friday) The day began with rain.",
        "In London, 7 March (Friday) The day began with rain.",
        "Rome | Weather | Sunny all day.",
        "Olaf Example (SPD): We must talk.",
        "On May 7 - The day of the vote.",
        "Mar 3 - The council met.",
        "",
    ],
)
def test_a_dash_does_not_make_a_dateline(text: str) -> None:
    assert dateline(text) is None


def test_a_dateline_may_stand_alone() -> None:
    found = dateline("KYIV, Feb 7 (AFP) -")
    assert found is not None
    assert (found.place, found.agency, found.rest) == ("KYIV", "AFP", "")


PIECES = (
    "OSLO",
    "Oslo",
    ", ",
    "Feb 7",
    "7. Februar",
    "(",
    ")",
    "AFP",
    "/",
    " - ",
    "--",
    "—",
    ".",
    ":",
    " | ",
    "The ",
    " ",
)


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=12).map("".join))
def test_what_follows_a_dateline_is_the_end_of_the_paragraph(text: str) -> None:
    found = dateline(text)
    assert found is None or text.rstrip().endswith(found.rest)


@given(
    st.lists(st.sampled_from((*PIECES, "a" * (LONGEST - 2), " ", "\n", ")", "-", "–", "—", "a")), max_size=9).map(
        "".join
    )
)
def test_a_glance_sees_every_dash_that_may_end_a_dateline(text: str) -> None:
    assert _DASHED.match(text) or not _HEAD.match(text)


@pytest.mark.parametrize(
    ("paragraph", "rest"),
    [("El alcalde pidió calma. EFE", "El alcalde pidió calma."), ("“It is late.” TT", "“It is late.”")],
)
def test_an_agency_behind_the_last_sentence_signs_it(paragraph: str, rest: str) -> None:
    found = signature(paragraph)
    assert found is not None
    assert found.rest == rest


@pytest.mark.parametrize("paragraph", ["He works for the U.S. AP", "He works for AFP", "He works for AFP."])
def test_an_agency_that_the_sentence_is_about_signs_nothing(paragraph: str) -> None:
    assert signature(paragraph) is None


@pytest.mark.parametrize(
    ("head", "agency"), [("МОСКВА, 7 февраля. /ТАСС/. ", "ТАСС"), ("КИЕВ, 7 февраля (Укринформ) - ", "Укринформ")]
)
def test_datelines_in_other_alphabets_are_known(head: str, agency: str) -> None:
    found = dateline(f"{head}Порт закрыт.")
    assert found is not None
    assert (found.place, found.agency, found.rest) == (head.partition(",")[0], agency, "Порт закрыт.")
