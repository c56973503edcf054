"""Tables of data sets and spreadsheets."""

from datetime import UTC, datetime

import pytest

from newswire.reasons import Reason
from services.ingest.readers.format import Limits
from tests.unit.ingest.readers.packed import outcomes
from tests.unit.ingest.readers.reading import guid
from tests.unit.ingest.readers.shipped.stories import BODY, DAY, LEAD, MORE, WHOLE, article, fields

QUOTED = BODY.replace("\n\n", "\n")

TABLES: dict[str, tuple[str, dict[str, object]]] = {
    "All the News": (
        ",id,title,publication,author,date,year,month,url,content\n"
        f'0,17283,Ferry late,Harbour Times,Kari Nordmann,2025-02-07,2025.0,2.0,,"{BODY}"\n',
        {
            "title": "Ferry late", "body": BODY, "byline": "Kari Nordmann", "agency": "Harbour Times",
            "published_at": DAY, "uri": None, "identifier": guid("17283", "Harbour Times"),
        },
    ),
    "All the News, second edition": (
        "date,year,month,day,author,title,article,url,section,publication\n"
        f'2025-02-07 10:15:00,2025,2.0,7,Kari Nordmann,Ferry late,"{BODY}",https://h.example/ferry,,Harbour Times\n',
        {"body": BODY, "published_at": WHOLE, "uri": "https://h.example/ferry", "agency": "Harbour Times"},
    ),
    "summaries for machines": (f'id,article,highlights\nab12,"{BODY}","Late."\n', {"body": BODY}),
    "true and false": (
        f'title,text,subject,date\nFerry late,"OSLO (Reuters) - {LEAD}",worldnews,"February 7, 2025 "\n',
        {"body": LEAD, "agency": "Reuters", "dateline": "OSLO", "published_at": DAY},
    ),
    "a broadcaster, tabs": (
        f"category\tfilename\ttitle\tcontent\ntravel\t001.txt\tFerry late\t {LEAD}\n",
        {"title": "Ferry late", "body": LEAD},
    ),
    "a list of authors as programs print it": (
        "Headline,Article text,Date published,Authors,Url\n"
        f"Ferry late,\"{LEAD}\",2025-02-07T10:15:00Z,\"['Kari Nordmann', 'Ola Hansen']\",https://h.example/1\n",
        {"byline": "Kari Nordmann, Ola Hansen", "published_at": WHOLE, "body": LEAD},
    ),
    "teasers alone": (
        "title,description,link,pubDate,guid\n"
        f"Ferry late,{LEAD.replace(',', '')},https://h.example/1,\"Fri, 07 Feb 2025 10:15:00 GMT\",1\n",
        {"body": LEAD.replace(",", ""), "published_at": WHOLE, "identifier": guid("1", "h.example")},
    ),
    "Guardian fields, flattened": (
        f'id,webTitle,webPublicationDate,webUrl,fields.bodyText\ntravel/1,Ferry late,2025-02-07T10:15:00Z,https://h.example/1,"{BODY}"\n',
        {"title": "Ferry late", "body": BODY, "published_at": WHOLE},
    ),
    "days with slashes": (
        f'title,body,date\nFerry late,"{LEAD}",2/13/2025\n',
        {"published_at": datetime(2025, 2, 13, tzinfo=UTC)},
    ),
    "Unix time": (f'title,body,timestamp\nFerry late,"{LEAD}",1738923300\n', {"published_at": WHOLE}),
    "an embargo": (
        f'id;agency;title;body;embargo;pubstatus\n1;NTB;Ferry late;"{LEAD}";2025-02-07T10:15:00Z;Usable\n',
        {"embargo": WHOLE, "pubstatus": "usable"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("maker", TABLES)
def test_a_table_is_read_as_its_maker_meant_it(maker: str) -> None:
    table, expected = TABLES[maker]
    assert fields(article(table, "a.csv"), **expected) == expected


def test_a_day_that_could_be_two_is_refused() -> None:
    assert outcomes(f'title,body,date\nFerry late,"{LEAD}",2/3/2025\n'.encode()) == [Reason.BAD_FORMAT]


def test_a_table_of_numbers_is_no_table_of_articles() -> None:
    assert outcomes(b"20250207\t1\tNOR\thttps://h.example/1\n" * 3, "20250207.export.CSV") == [Reason.BAD_FORMAT]


def row(number: int, body: str = LEAD) -> str:
    return f'{number},"{body}",2025-02-07,https://h.example/{number}\n'


TOP = "title,body,date,url\n"
SMALL = Limits(document=2_000)


def test_a_row_that_is_too_large_does_not_end_a_table_that_tells_its_rows() -> None:
    table = TOP + row(1) + row(2, "so on, " * 500) + row(3)
    assert outcomes(table.encode(), "a.csv", SMALL) == ["1", Reason.TOO_LARGE, "3"]


def test_rows_behind_a_quote_that_is_never_closed_are_read() -> None:
    plain = [row(number).replace('"', "").replace(", ", " ") for number in range(100)]
    table = TOP + row(1) + '2,"never closed,2025-02-07,https://h.example/2\n' + "".join(plain)
    assert outcomes(table.encode(), "a.csv", SMALL) == ["1", Reason.TOO_LARGE, *map(str, range(100))]


def test_lines_of_a_large_cell_are_no_rows() -> None:
    table = TOP + row(1) + row(2, "one, two, three, four\n" * 200) + row(3)
    assert outcomes(table.encode(), "a.csv", SMALL) == ["1", Reason.TOO_LARGE, "3"]


def test_a_table_that_does_not_tell_its_rows_ends_with_one_that_is_too_large() -> None:
    table = f'title,body\nA,"{LEAD}"\nB,"{MORE * 100}"\nC,"{LEAD}"\n'
    assert outcomes(table.encode(), "a.csv", SMALL) == ["A", Reason.TOO_LARGE]


@pytest.mark.timeout(20)
def test_many_rows_that_are_too_large_take_no_longer() -> None:
    table = TOP + ('1,"never closed,2025-02-07,https://h.example/2\n' + "x,\n" * 700) * 500
    assert set(outcomes(table.encode(), "a.csv", SMALL)) <= {Reason.TOO_LARGE, Reason.BAD_FORMAT, Reason.TRUNCATED, "1"}


def test_a_first_line_without_an_end_is_too_large() -> None:
    assert outcomes(b"x" * 5_000, "a.csv", SMALL) == [Reason.TOO_LARGE]
