import base64
import io
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswire.reasons import Reason
from services.ingest.readers import read_records
from services.ingest.readers.record import Identifier, RawArticle
from tests.unit.ingest.readers.reading import Reading, never_the_net

TOP = """Received: from mx.zna.example by in.example; Fri, 7 Feb 2025 15:32:10 +0000
From: Kari Nordmann <kari@zna.example>
To: wire@paper.example
Subject: Storm closes two airports
Date: Fri, 7 Feb 2025 16:32:00 +0100
Message-ID: <s1.7@mail.zna.example>
MIME-Version: 1.0
"""
TEXT = """OSLO - Gusts of wind closed two airports in the north on Friday.

"Stay at home," said a spokeswoman of the rescue service.
"""
LONG = TEXT + "\n" + "The wind went on all day and all night long. " * 12 + "\n"


def mail(*, top: str = TOP, kind: str = "text/plain; charset=utf-8", more: str = "", body: str = TEXT) -> bytes:
    return f"{top}Content-Type: {kind}\n{more}\n{body}".encode().replace(b"\n", b"\r\n")


def part(kind: str, body: str, more: str = "") -> str:
    return f"Content-Type: {kind}\n{more}\n{body}\n"


def several(kind: str, *parts: str, boundary: str = "b1") -> tuple[str, str]:
    inside = "".join(f"--{boundary}\n{one}\n" for one in parts)
    return f'multipart/{kind}; boundary="{boundary}"', f"Of several parts.\n{inside}--{boundary}--\n"


EML = Reading("a.eml")
records, article, refused = EML.records, EML.article, EML.refused


def test_every_part_goes_into_its_field() -> None:
    found = article(mail(more="Content-Language: en-GB\n"))
    assert (found.title, found.byline, found.dateline) == ("Storm closes two airports", "Kari Nordmann", "OSLO")
    assert (found.agency, found.language) == (None, "en-GB")
    assert found.published_at == datetime(2025, 2, 7, 15, 32, tzinfo=UTC)
    assert found.identifier == Identifier(scheme="guid", issuer="mail.zna.example", value="s1.7@mail.zna.example")
    assert found.body.startswith("Gusts of wind closed")
    assert found.body.endswith("of the rescue service.")


@pytest.mark.parametrize("name", ["a", "a.txt", "a.html"])
def test_it_is_told_by_its_headers_whatever_it_is_called(name: str) -> None:
    assert read_records(mail(), name, UTC).format == "eml"
    assert read_records(b" \r\n\r\n" + mail(), name, UTC).format == "eml"


@pytest.mark.parametrize(
    "text",
    [
        "From: the start\nit was a text.\n\nIt went on.",
        "Subject: snow\n\nIt snows.",
        "Date: 2025-02-07 Snow\n\nIt snows.",
        "To: me\nCc: you\n\nText.",
    ],
)
def test_a_text_that_begins_a_little_like_an_email_is_a_text(text: str) -> None:
    assert read_records(text.encode(), "a.txt", UTC).format == "text"


def test_what_is_named_as_an_email_and_is_none_is_told_so() -> None:
    found = refused(b"\n" + TEXT.encode().replace(b"OSLO - ", b""))
    assert found.reason is Reason.BAD_FORMAT
    assert ".eml" in found.message


@pytest.mark.parametrize(
    ("sender", "byline", "agency"),
    [
        ("AFP <desk@afp.example>", None, "AFP"),
        ("Press Office Oslo <press@oslo.example>", None, "Press Office Oslo"),
        ("kari@zna.example", None, None),
        ('"Nordmann, Kari" <kari@zna.example>', "Nordmann, Kari", None),
        ("=?utf-8?q?K=C3=A5re_Nordmann?= <kare@zna.example>", "Kåre Nordmann", None),
        ("kari@zna.example (Kari Nordmann)", "Kari Nordmann", None),
        ("<<<>>>", None, None),
    ],
)
def test_a_person_is_the_byline_and_a_desk_the_agency(sender: str, byline: str | None, agency: str | None) -> None:
    found = article(mail(top=TOP.replace("Kari Nordmann <kari@zna.example>", sender)))
    assert (found.byline, found.agency) == (byline, agency)


def test_a_byline_in_the_text_comes_before_the_sender() -> None:
    assert article(mail(body="By Ola Nordmann\n\n" + TEXT)).byline == "Ola Nordmann"


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("=?utf-8?B?U3TDuHJt?= =?iso-8859-1?Q?_over_=D8ya?=", "Størm over Øya"),
        ("Fwd: FW: Storm", "Storm"),
        ("Score: 2-1", "Score: 2-1"),
        ("=?utf-8?B?!!!?= Storm", "=?utf-8?B?!!!?= Storm"),
        ("=?x-none?Q?Storm?=", "Storm"),
        ("Storm\n over the\n\tnorth", "Storm over the north"),
        ("Større", "Større"),
        ("", None),
    ],
)
def test_a_subject_is_read_as_people_see_it(subject: str, title: str | None) -> None:
    assert article(mail(top=TOP.replace("Storm closes two airports", subject))).title == title


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("iso-8859-1", "cp1252"),
        ("windows-1251", "cp1251"),
        ("shift_jis", "shift_jis"),
        ("us-ascii", "utf-8"),
        ("x-unknown", "utf-8"),
    ],
)
@pytest.mark.parametrize("transfer", ["8bit", "base64", "quoted-printable"])
def test_every_charset_in_every_transfer_encoding_is_read(charset: str, encoding: str, transfer: str) -> None:
    text = {"cp1251": "Ветер закрыл аэропорт.", "shift_jis": "風が空港を閉鎖した。"}.get(
        encoding, "Vinden – «Ø» – stengte."
    )
    data = text.encode(encoding)
    if transfer == "base64":
        data = base64.encodebytes(data)
    elif transfer == "quoted-printable":
        data = "".join(f"={byte:02X}" for byte in data).encode()
    top = f"{TOP}Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: {transfer}\n\n"
    assert article(top.encode() + data).body == text


@pytest.mark.parametrize(
    "charset", ["idna", "punycode", "unicode_escape", "rot13", "zip", "base64", "undefined", "\0", "a" * 5000]
)
def test_what_is_no_charset_is_not_used_as_one(charset: str) -> None:
    assert article(mail(kind=f"text/plain; charset={charset}")).title == "Storm closes two airports"


def test_the_plain_text_is_read_before_the_html() -> None:
    kind, body = several("alternative", part("text/plain", LONG), part("text/html", f"<p>{LONG}</p>"))
    found = article(mail(kind=kind, body=body))
    assert found.dateline == "OSLO"
    assert len(found.body.split("\n\n")) == 3


def test_html_is_read_where_the_plain_text_is_a_stub() -> None:
    html = "<h1>Snow</h1><p>" + LONG + "</p><h2>What next</h2><p>They will open again on Saturday.</p><p>Perhaps.</p>"
    kind, body = several("alternative", part("text/plain", "Your program shows no HTML."), part("text/html", html))
    found = article(mail(kind=kind, body=body))
    assert "program" not in found.body
    assert found.dateline == "OSLO"
    assert [found.body[one.at :][:9] for one in found.subheads if one.text == "What next"] == ["They will"]


def test_pictures_in_and_beside_a_text_are_left_out() -> None:
    picture = part("image/png; name=a.png", "AAAA", "Content-Transfer-Encoding: base64\n")
    inner, text = several("related", part("text/html", "<p>" + TEXT + "</p>"), picture, boundary="b2")
    kind, body = several("mixed", part(inner, text), picture, part("text/plain", "PS: more."))
    found = article(mail(kind=kind, body=body))
    assert found.body.endswith("PS: more.")


def test_a_text_signed_beside_it_is_read() -> None:
    kind, body = several("signed", part("text/plain", TEXT), part("application/pgp-signature", "iQ=="))
    assert article(mail(kind=kind, body=body)).body == article(mail()).body


def test_a_text_signed_around_it_is_read() -> None:
    signed = f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{TEXT}\n"
    signed += "-----BEGIN PGP SIGNATURE-----\n\niQ\n-----END PGP SIGNATURE-----\n"
    assert article(mail(body=signed)).body == article(mail()).body


@pytest.mark.parametrize(
    "below",
    [
        "-- \nKari Nordmann\nzna, Oslo\n",
        "--\nKari\n",
        "_______________________________________________\nNews mailing list\nNews@zna.example\n",
        "You get this because you asked for it. Click here to unsubscribe.\n",
    ],
)
def test_signatures_and_footers_are_left_out(below: str) -> None:
    assert article(mail(body=TEXT + "\n" + below)).body == article(mail()).body


def test_a_footer_that_a_list_adds_as_a_part_is_left_out() -> None:
    footer = part("text/plain", "_____________________________\nNews mailing list\nhttps://zna.example/list\n")
    kind, body = several("mixed", part("text/plain", TEXT), footer)
    assert article(mail(kind=kind, body=body)).body == article(mail()).body


def test_subheads_of_several_texts_keep_their_places() -> None:
    html = part("text/html", f"<p>{LONG}</p><h2>What next</h2><p>They open again.</p>")
    kind, body = several("mixed", part("text/plain", "A first text."), html)
    found = article(mail(kind=kind, body=body))
    assert [found.body[one.at :] for one in found.subheads] == ["They open again."]


def test_a_line_of_dashes_in_a_long_text_is_no_signature() -> None:
    body = TEXT + "\n--\n\n" + "\n\n".join(f"Paragraph {number} of the text." for number in range(30))
    assert article(mail(body=body)).body.endswith("29 of the text.")


def test_a_text_that_is_all_signature_is_kept() -> None:
    assert article(mail(body="-- \nIt snows.\n")).body.endswith("It snows.")


def test_flowed_lines_are_joined() -> None:
    body = "Gusts of wind closed \ntwo airports \nin the north.\n\n Fromage.\n-- \nKari\n"
    assert (
        article(mail(kind="text/plain; format=flowed", body=body)).body
        == "Gusts of wind closed two airports in the north.\n\nFromage."
    )


FORWARD = (
    """FYI, Ola

---------- Forwarded message ---------
From: Per Hansen <per@znb.example>
Date: Thu, Feb 6, 2025 at 9:15 AM
Subject: Snow in the south
To: <ola@paper.example>


"""
    + TEXT
)


def test_what_is_forwarded_is_the_article() -> None:
    found = article(mail(body=FORWARD))
    assert (found.title, found.byline) == ("Snow in the south", "Per Hansen")
    assert found.published_at == datetime(2025, 2, 6, 9, 15, tzinfo=UTC)
    assert found.body == article(mail()).body


def test_a_long_text_with_a_forward_below_it_is_the_article() -> None:
    found = article(mail(body=LONG + FORWARD))
    assert found.title == "Storm closes two airports"


ATTACHED = '<?xml version="1.0"?><nitf><body><body.head><hedline><hl1>Snow</hl1></hedline></body.head>' + (
    "<body.content><p>It snows in the south.</p></body.content></body></nitf>"
)


def attached(name: str, body: str, kind: str = "application/octet-stream") -> str:
    return part(kind, body, f'Content-Disposition: attachment; filename="{name}"\n')


def test_an_attached_article_is_read_as_what_it_is() -> None:
    kind, body = several(
        "mixed", part("text/plain", "Please find attached."), attached("a.json", '{"body": "It snows."}')
    )
    found = article(mail(kind=kind, body=body))
    assert found.body == "It snows."


def test_an_article_beside_an_attached_one_is_read_too() -> None:
    kind, body = several("mixed", part("text/plain", LONG), attached("../../a.json", '{"body": "It snows."}'))
    first, second = records(mail(kind=kind, body=body))
    assert isinstance(first, RawArticle)
    assert isinstance(second, RawArticle)
    assert (first.title, second.body) == ("Storm closes two airports", "It snows.")


def test_an_attached_archive_and_email_are_opened() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.json", '{"body": "It snows."}')
    zipped = attached(
        "a.zip", base64.b64encode(packed.getvalue()).decode(), "application/zip\nContent-Transfer-Encoding: base64"
    )
    kind, body = several("mixed", zipped, part("message/rfc822", mail().decode().replace("\r\n", "\n")))
    first, second = records(mail(kind=kind, body=body))
    assert isinstance(first, RawArticle)
    assert isinstance(second, RawArticle)
    assert (first.body, second.title) == ("It snows.", "Storm closes two airports")


def test_a_saved_page_is_read_as_a_page() -> None:
    top = "From: <Saved by Blink>\nSnapshot-Content-Location: https://zna.example/storm\nSubject: Storm\n"
    kind, body = several(
        "related", part("text/html; charset=utf-8", f"<!DOCTYPE html><html><body><p>{LONG}</p></body></html>")
    )
    found = read_records(mail(top=top, kind=kind, body=body), "a.mht", UTC)
    assert all("Saved by" not in repr(one) for one in found.records)


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("EMBARGOED UNTIL 00:01 GMT 8 Feb: Storm", TEXT),
        ("Storm", "EMBARGOED UNTIL 00:01 GMT, 8 February 2025\n\n" + TEXT),
        ("Storm", "Oslo city\n\n*** Embargo: Saturday, 8 Feb, 0001 GMT ***\n\n" + TEXT),
    ],
)
def test_an_embargo_in_subject_or_text_holds(subject: str, body: str) -> None:
    found = article(mail(top=TOP.replace("Storm closes two airports", subject), body=body))
    assert found.embargo == datetime(2025, 2, 8, 0, 1, tzinfo=UTC)
    assert "mbargo" not in found.body


def test_an_embargo_in_html_holds() -> None:
    found = article(mail(kind="text/html", body=f"<p>EMBARGOED UNTIL FURTHER NOTICE</p><p>{TEXT}</p>"))
    assert (found.pubstatus, "EMBARGO" in found.body) == ("withheld", False)


def test_a_kill_by_email_is_unmatched() -> None:
    assert (
        refused(mail(top=TOP.replace("Storm closes", "MANDATORY KILL: Storm closes"))).reason is Reason.KILL_UNMATCHED
    )


ENCRYPTED = several("encrypted", part("application/pgp-encrypted", "Version: 1"), part("application/octet-stream", "x"))


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        (*ENCRYPTED, Reason.ENCRYPTED),
        ("application/pkcs7-mime; smime-type=enveloped-data", "MIAG", Reason.ENCRYPTED),
        ("text/plain", "-----BEGIN PGP MESSAGE-----\n\nhQ==\n-----END PGP MESSAGE-----\n", Reason.ENCRYPTED),
        ("application/pkcs7-mime; smime-type=signed-data", "MIAG", Reason.UNSUPPORTED),
        ('multipart/report; boundary="b1"', "--b1\n\nFailed.\n--b1--\n", Reason.UNSUPPORTED),
        ("text/plain", "\n \n", Reason.NO_BODY),
        ("image/png", "AAAA", Reason.NO_BODY),
        ("text/calendar", "BEGIN:VCALENDAR", Reason.NO_BODY),
        ("multipart/mixed", "--b1\n\nText\n--b1--\n", Reason.BAD_FORMAT),
        ('multipart/mixed; boundary="b1"', "Text without parts.\n", Reason.TRUNCATED),
        ('multipart/mixed; boundary="b1"', "--b1\n\nText that is cut", Reason.TRUNCATED),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(kind: str, body: str, expected: Reason) -> None:
    assert refused(mail(kind=kind, body=body)).reason is expected


def test_an_inner_part_without_an_end_is_read() -> None:
    kind, body = several("mixed", part('multipart/alternative; boundary="b2"', "--b2\n\n" + TEXT))
    assert article(mail(kind=kind, body=body)).body == article(mail()).body


def test_ten_thousand_parts_are_too_many() -> None:
    kind, body = several("mixed", *(part("text/plain", "x") for _ in range(10_000)))
    assert "1,000 parts" in refused(mail(kind=kind, body=body)).message


@pytest.mark.timeout(20)
def test_a_thousand_parts_in_one_another_are_too_deep() -> None:
    body = "".join(f'--b{n}\nContent-Type: multipart/mixed; boundary="b{n + 1}"\n\n' for n in range(1000))
    assert "deep" in refused(mail(kind='multipart/mixed; boundary="b0"', body=body)).message


def test_a_hundred_emails_in_one_another_are_too_deep() -> None:
    data = mail(body="x" * 10).decode().replace("\r\n", "\n")
    for number in range(100):
        kind, body = several("mixed", part("message/rfc822", data), boundary=f"m{number}")
        data = mail(kind=kind, body=body).decode().replace("\r\n", "\n")
    assert refused(data.encode()).reason is Reason.ARCHIVE_BOMB


def test_enormous_headers_are_refused() -> None:
    found = refused(mail(top=TOP + "X-Junk: " + "x" * 300_000 + "\n"))
    assert (found.reason, "262,144" in found.message) == (Reason.BAD_FORMAT, True)


def test_a_text_longer_than_an_article_may_be_is_refused() -> None:
    assert refused(mail(body="a\n" * 1_100_000)).reason is Reason.TOO_LARGE


def test_a_header_that_comes_twice_counts_once() -> None:
    assert article(mail(top=TOP + "Subject: Another\nMessage-ID: <other@host>\n")).title == "Storm closes two airports"


@pytest.mark.parametrize(
    "date", ["", "yesterday", "Fri, 32 Feb 2025 16:32:00 +0100", "Fri, 01 Jan 9999 00:00:00 +0000", "x" * 10_000]
)
def test_a_date_that_is_none_is_left_out(date: str) -> None:
    assert article(mail(top=TOP.replace("Fri, 7 Feb 2025 16:32:00 +0100", date))).published_at is None


@pytest.mark.parametrize("message_id", ["", "<>", "no-brackets@host", "<a b@host>", "<@host>"])
def test_an_identifier_that_is_none_is_left_out(message_id: str) -> None:
    assert article(mail(top=TOP.replace("<s1.7@mail.zna.example>", message_id))).identifier is None


HEADERS = st.sampled_from(
    [
        "From: ",
        "Subject: ",
        "Date: ",
        "Message-ID: ",
        "Content-Type: ",
        "multipart/mixed; boundary=",
        "text/html",
        "b",
        "--b",
        "--b--",
        "Content-Transfer-Encoding: base64",
        "Content-Disposition: attachment; filename*0*=",
        "filename*1=",
        "=?utf-8?B?",
        "?=",
        "\n",
        "\r\n",
        "\n\n",
        "; charset=",
        "a@b",
        "<",
        ">",
        "---------- Forwarded message ---------\nFrom: ",
        "-- \n",
        "message/rfc822",
        '"',
        "utf-8''%ff",
    ]
)


@given(st.lists(HEADERS | st.text(max_size=8), max_size=40).map("".join))
def test_no_email_is_too_strange(text: str) -> None:
    never_the_net(records(text.encode("utf-8", "replace")))
    never_the_net(records((TOP + text).encode("utf-8", "replace")))


@given(st.integers(0, 900), st.integers(0, 900), st.binary(max_size=10))
def test_no_damage_is_too_strange(start: int, end: int, noise: bytes) -> None:
    kind, body = several("alternative", part("text/plain", TEXT), part("text/html", f"<p>{TEXT}</p>"))
    data = mail(kind=kind, body=body)
    never_the_net(records(data[:start] + noise + data[end:]))


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "data",
    [
        mail(top="From: " + "(" * 200_000 + "\nDate: x\n"),
        mail(top="From: a@b\nSubject: " + "=?utf-8?B?" * 20_000 + "\n"),
        mail(top="From: a@b\n" + "A: b\n" * 40_000),
        mail(kind="text/plain" + "; a*0*=x" * 20_000),
        mail(kind="text/plain" + '; a="\\' * 30_000),
        mail(body="--\n" * 100_000),
        mail(body="> " * 100_000),
        mail(body="_" * 300_000),
        mail(kind="text/plain; format=flowed", body="a \n" * 100_000),
        mail(kind="multipart/mixed; boundary=b", body="--b\n" * 100_000),
        mail(kind="multipart/mixed; boundary=b", body="--b \n\n--" * 100_000),
        mail(kind="text/html", body="<" * 300_000),
        mail(body="---- original message ----\nFrom: a\n" * 50_000),
        mail(more="Content-Transfer-Encoding: base64\n", body="A" * 500_000),
        mail(more="Content-Transfer-Encoding: quoted-printable\n", body="=\n" * 200_000),
    ],
    ids=range(15),
)
def test_no_email_takes_long(data: bytes) -> None:
    never_the_net(records(data))
