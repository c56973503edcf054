"""JSON, NDJSON and CSV: cut, nested, of the wrong types, and with one bad record among good ones."""

import json
from typing import Any

from newswire.reasons import Reason
from tests.corpus.case import UNTOLD, Case, prose


def _json(topic: str, **fields: Any) -> bytes:
    return json.dumps({"title": f"Report on {topic}", "body": prose(topic), **fields}).encode()


def _without(topic: str, missing: str) -> bytes:
    return json.dumps({"title": f"Report on {topic}", missing: None}).encode()


def _lines(*records: bytes) -> bytes:
    return b"\n".join(records) + b"\n"


def _wrong(name: str, value: Any) -> Case:
    """An article one of whose fields has a type that it cannot have."""
    kind = type(value).__name__
    return Case(
        f"wrong-{name}-{kind}.json",
        f"{name} is a {kind}",
        _json(f"{name} as {kind}", **{name: value}),
        (Reason.BAD_FORMAT,),
    )


def _ninjs(topic: str, **fields: Any) -> bytes:
    made = {"uri": f"urn:newsml:ntb.example:{topic}", "type": "text", "headline": topic, "body_text": prose(topic)}
    return json.dumps(made | fields).encode()


_CUTS = (
    ("string", b'{"title": "Report on cuts", "body": "The insp'),
    ("key", b'{"title": "Report on cuts", "bo'),
    ("escape", b'{"title": "Report on cuts", "body": "The \\u00'),
    ("list", b'[{"title": "Report on cut lists", "body": "The inspectors'),
    ("literal", b'{"title": tru'),
)

CASES = (
    *(
        Case(f"cut-{where}.json", f"JSON that ends inside a {where}", data, (Reason.TRUNCATED,))
        for where, data in _CUTS
    ),
    Case("number.json", "a number", b"42", (Reason.BAD_FORMAT,)),
    Case("string.json", "a string", b'"Only a string."', (Reason.BAD_FORMAT,)),
    Case("null.json", "null", b"null", (Reason.BAD_FORMAT,)),
    Case("object.json", "an object without fields", b"{}", (Reason.NO_BODY,)),
    Case("list.json", "a list without articles", b"[]", (Reason.EMPTY,)),
    Case("lists.json", "a list of lists", b"[[], [[]]]", (Reason.BAD_FORMAT,)),
    Case("other.json", "JSON of something else", b'{"name": "left-pad", "version": "1.3.0"}', (Reason.NO_BODY,)),
    Case("no-body.json", "a headline", _without("nothing", "body"), (Reason.NO_BODY,)),
    Case("blank-body.json", "a text of blanks", _json("blanks", body=" \n "), (Reason.NO_BODY,)),
    *(_wrong("title", value) for value in ({"en": "a"}, True)),
    *(_wrong("body", value) for value in (42, {"rows": [1, 2]}, False)),
    Case("deep-lists.json", "100,000 lists inside one another", b"[" * 100_000 + b"]" * 100_000, (Reason.BAD_FORMAT,)),
    Case(
        "deep-objects.json",
        "100,000 objects inside one another",
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        (Reason.BAD_FORMAT,),
    ),
    Case("deep-cut.json", "a million brackets that nobody closes", b"[" * 1_000_000, (Reason.TRUNCATED,)),
    Case(
        "deep-field.json",
        "an article with a field that is deep",
        _json("depths", extra=0).replace(b"0}", b"[" * 50_000 + b"]" * 50_000 + b"}"),
        (Reason.BAD_FORMAT,),
    ),
    Case(
        "duplicate-keys.json",
        "an article with two texts",
        _json("pairs")[:-1] + b', "body": "' + prose("keys").encode() + b'"}',
        (Reason.BAD_FORMAT,),
    ),
    Case(
        "nan.json", "numbers that JSON does not have", _json("numbers")[:-1] + b', "score": NaN}', (Reason.BAD_FORMAT,)
    ),
    Case(
        "digits.json",
        "a number of 100,000 digits",
        _json("digits")[:-1] + b', "score": ' + b"9" * 100_000 + b"}",
        (Reason.BAD_FORMAT,),
    ),
    Case("half.json", "half of a character", _json("halves").replace(b"week", b"w\\ud800k"), (Reason.BAD_FORMAT,)),
    Case("nul.json", "a NUL in the text", _json("naughts").replace(b"week", b"w\\u0000k"), articles=1),
    Case(
        "raw-break.json",
        "a line break inside a string",
        _json("breaks").replace(b"week", b"we\nek"),
        (Reason.BAD_FORMAT,),
    ),
    Case(
        "single-quotes.json",
        "what Python prints",
        b"{'title': 'Report', 'body': 'The inspectors.'}",
        (Reason.BAD_FORMAT,),
    ),
    Case("comments.json", "JSON with comments", b"// articles\n" + _json("comments"), (Reason.BAD_FORMAT,)),
    Case("utf16.json", "JSON in UTF-16", _json("wide lists").decode().encode("utf-16"), articles=1),
    Case(
        "latin1.json",
        "JSON in Latin-1",
        '{"title": "Kontrollør", "body": "Kontrollørene så på øya på lørdag."}'.encode("latin-1"),
        articles=1,
    ),
    Case("garbage-after.json", "an article and noise", _json("afterthoughts") + b" %%%", (Reason.BAD_FORMAT,)),
    Case(
        "one-bad.json",
        "a list with one record that is none",
        b"[" + _json("firsts") + b", 42, " + _json("thirds") + b"]",
        (Reason.BAD_FORMAT,),
        2,
    ),
    Case(
        "cut-after-one.json",
        "a list that ends in its second article",
        b"[" + _json("beginnings") + b', {"title": "Se',
        (Reason.TRUNCATED,),
        1,
    ),
    *(
        Case(
            f"date-{name}.json",
            f"a date that is {value!r}",
            _json(f"the date {name}", date=value),
            (Reason.BAD_FORMAT,),
        )
        for name, value in (
            ("month", "2026-13-01"),
            ("zero", "0000-01-01"),
            ("word", "yesterday"),
            ("object", {"y": 1}),
        )
    ),
    Case(
        "date-9999.json",
        "a date in the year 9999",
        _json("far dates", date="9999-12-31T23:59:59-14:00"),
        (Reason.BAD_FORMAT,),
    ),
    Case(
        "date-number.json",
        "a date of 400 digits",
        _json("long dates")[:-1] + b', "date": ' + b"9" * 400 + b"}",
        (Reason.BAD_FORMAT,),
    ),
    Case(
        "zone-99.json",
        "a time zone that there is not",
        _json("zones", date="2026-02-13T10:00:00+99:99"),
        (Reason.BAD_FORMAT,),
    ),
    Case("long-id.json", "an identifier of a million letters", _json("names", id="x" * 1_000_000), articles=1),
    Case("script-url.json", "an address that is a script", _json("scripts", url="javascript:alert(1)"), articles=1),
    Case("file-url.json", "an address of a file", _json("addresses", url="file:///etc/passwd"), articles=1),
    Case("bare-url.json", "an address without a path", _json("hosts", url="https://news.example/"), articles=1),
    Case(
        "picture.ninjs",
        "a picture in ninjs",
        _ninjs("pictures", type="picture", versioncreated="2026-02-13T10:00:00Z", body_text=None),
        (Reason.UNSUPPORTED,),
    ),
    Case(
        "kill-nothing.ninjs",
        "a kill that names an item nobody knows",
        _ninjs("ghosts", pubstatus="canceled"),
        (Reason.KILL_UNMATCHED,),
        1,
    ),
    Case(
        "withheld.ninjs",
        "a text that waits for its release",
        _ninjs(f"waiting {UNTOLD}", pubstatus="withheld"),
        held=True,
    ),
    Case(
        "embargo-3000.ninjs",
        "an embargo of a thousand years",
        _ninjs(f"patience {UNTOLD}", embargoed="3000-01-01T00:00:00Z"),
        held=True,
    ),
    Case(
        "embargo-word.ninjs",
        "an embargo nobody understands",
        _ninjs(f"riddles {UNTOLD}", embargoed="when the cock crows"),
        held=True,
    ),
    Case(
        "one-bad.ndjson",
        "lines of which one is none",
        _lines(_json("line one"), b"oops", _json("line three")),
        (Reason.BAD_FORMAT,),
        2,
    ),
    Case(
        "cut.ndjson",
        "lines of which the last is cut",
        _lines(_json("whole lines"), b'{"title": "Ha')[:-1],
        (Reason.TRUNCATED,),
        1,
    ),
    Case(
        "deep.ndjson",
        "lines of which one is deep",
        _lines(_json("even lines"), b"[" * 50_000, _json("odd lines")),
        (Reason.BAD_FORMAT,),
        2,
    ),
    Case("blank.ndjson", "blank lines", b"\n\n\n", (Reason.EMPTY,)),
    Case("numbers.ndjson", "lines of numbers", b"1\n2\n", (Reason.BAD_FORMAT,)),
    Case(
        "nul.ndjson",
        "lines of which one holds NULs",
        _lines(_json("before"), bytes(20), _json("behind")),
        (Reason.BAD_FORMAT,),
        2,
    ),
    Case(
        "encoding.ndjson",
        "lines of which one is no UTF-8",
        _lines(_json("left"), b'{"body": "\xff\xfe \x81"}', _json("right")),
        (Reason.BAD_ENCODING,),
        2,
    ),
    Case(
        "embargo.ndjson",
        "lines of which one is under embargo",
        _lines(_json("free lines"), _ninjs(f"late {UNTOLD}", embargoed="3000-01-01T00:00:00Z")),
        articles=1,
        held=True,
    ),
    Case("header.csv", "a table without rows", b"title,body\n", (Reason.EMPTY,)),
    Case("columns.csv", "a table of something else", b"sku,price,stock\n1,2,3\n", (Reason.BAD_FORMAT,)),
    Case(
        "ragged.csv",
        "rows with too few and too many fields",
        f"title,body\nonly a title\nReport on rows,{prose('rows').replace(',', ';')},x,y,z\n".encode(),
        (Reason.BAD_FORMAT, Reason.BAD_FORMAT),
    ),
    Case(
        "quote.csv",
        "a quotation mark that nobody closes",
        b'title,body\nReport,"The inspectors wrote\nand wrote',
        (Reason.TRUNCATED,),
    ),
    Case(
        "wide.csv", "a table of 10,000 columns", b"title,body" + b",x" * 10_000 + b"\nReport,x\n", (Reason.BAD_FORMAT,)
    ),
    Case("no-body.csv", "a row without a text", b"title,body\nReport,\n", (Reason.NO_BODY,)),
)
