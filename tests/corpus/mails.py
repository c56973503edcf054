"""E-mail, mailboxes and web archives."""

import base64
import gzip
from functools import partial

from newswire.reasons import Reason
from tests.corpus.case import Case, prose


def _mail(topic: str, *, headers: str = "Content-Type: text/plain; charset=utf-8", body: str | None = None) -> bytes:
    text = prose(topic) if body is None else body
    return (
        f"From: Desk <desk@harbour.example>\r\nTo: news@harbour.example\r\nSubject: Report on {topic}\r\n"
        f"Date: Fri, 13 Feb 2026 10:00:00 +0000\r\nMessage-ID: <{topic.replace(' ', '.')}@harbour.example>\r\n"
        f"MIME-Version: 1.0\r\n{headers}\r\n\r\n{text}\r\n"
    ).encode()


def _deep(depth: int) -> bytes:
    opened = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(depth))
    closed = "".join(f"\r\n--b{n}--\r\n" for n in reversed(range(depth)))
    return (
        b"From: a@b.example\r\nSubject: Boxes\r\nMIME-Version: 1.0\r\n"
        + f"{opened}Content-Type: text/plain\r\n\r\n{prose('boxes')}{closed}".encode()
    )


def _parts(topic: str, *parts: str, end: str = "--b--\r\n") -> bytes:
    return _mail(
        topic,
        headers="Content-Type: multipart/mixed; boundary=b",
        body="".join(f"--b\r\n{part}\r\n" for part in parts) + end,
    )


def _record(kind: str, payload: bytes, *, length: int | None = None) -> bytes:
    return (
        (
            f"WARC/1.0\r\nWARC-Type: {kind}\r\nContent-Type: application/http; msgtype={kind}\r\n"
            "WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
            f"WARC-Date: 2026-02-13T10:00:00Z\r\nWARC-Target-URI: https://harbour.example/report/{len(payload)}\r\n"
            f"Content-Length: {len(payload) if length is None else length}\r\n\r\n"
        ).encode()
        + payload
        + b"\r\n\r\n"
    )


def _response(topic: str, *, status: str = "200 OK", kind: str = "text/html") -> bytes:
    page = (
        f"<html><head><title>{topic}</title></head><body><article><h1>{topic}</h1><p>{prose(topic)}</p>"
        f"<p>{prose('more ' + topic)}</p></article></body></html>"
    )
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(page)}\r\n\r\n{page}".encode()


_PICTURE = (
    "Content-Type: image/png; name=quay.png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(90)).decode()
)
_WARCINFO = _record("warcinfo", b"software: harbour\r\n")
_PGP = "-----BEGIN PGP MESSAGE-----\n\nhQEMA0000000000000AQf/aBcDeFgH\n=abcd\n-----END PGP MESSAGE-----\n"

CASES = (
    Case("no-text.eml", "a message without a text", _mail("silence", body=""), (Reason.NO_BODY,)),
    Case(
        "headers.eml",
        "the headers of a message and no more",
        _mail("heads")[: _mail("heads").index(b"\r\n\r\n")],
        (Reason.NO_BODY,),
    ),
    Case("picture.eml", "a message that is a picture", _parts("quays", _PICTURE), (Reason.NO_BODY,)),
    Case("deep.eml", "2,000 parts inside one another", partial(_deep, 2_000), (Reason.BAD_FORMAT,)),
    Case(
        "boundary.eml",
        "parts whose mark never comes",
        _mail("lost marks", headers="Content-Type: multipart/mixed; boundary=never"),
        (Reason.TRUNCATED,),
    ),
    Case(
        "no-boundary.eml",
        "parts without a mark",
        _mail("no marks", headers="Content-Type: multipart/mixed"),
        (Reason.BAD_FORMAT,),
    ),
    Case(
        "base64.eml",
        "base64 that is none",
        _mail("sixty-fours", headers="Content-Type: text/plain\r\nContent-Transfer-Encoding: base64", body="%%%%"),
        (Reason.NO_BODY,),
    ),
    Case(
        "charset.eml",
        "a character set that there is not",
        _mail("mail sets", headers="Content-Type: text/plain; charset=klingon"),
        articles=1,
    ),
    Case(
        "charset-codec.eml",
        "a character set that is a program's own",
        _mail("mail codecs", headers="Content-Type: text/plain; charset=rot13"),
        articles=1,
    ),
    Case(
        "charset-zip.eml",
        "a character set that unpacks",
        _mail("mail zips", headers="Content-Type: text/plain; charset=zlib_codec"),
        articles=1,
    ),
    Case(
        "utf7.eml",
        "a message in UTF-7",
        _mail("mail sevens", headers="Content-Type: text/plain; charset=utf-7"),
        articles=1,
    ),
    Case(
        "long-header.eml",
        "a header of a million letters",
        _mail("mail heads", headers="X-Long: " + "x" * 1_000_000),
        (Reason.BAD_FORMAT,),
    ),
    Case(
        "many-headers.eml",
        "100,000 headers",
        _mail("mail crowds", headers="X-A: b\r\n" * 100_000 + "X-Last: c"),
        (Reason.BAD_FORMAT,),
    ),
    Case(
        "pgp.eml",
        "a message in PGP",
        _mail(
            "keys",
            headers='Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b',
            body="--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--b\r\n"
            f"Content-Type: application/octet-stream\r\n\r\n{_PGP}\r\n--b--",
        ),
        (Reason.ENCRYPTED,),
    ),
    Case("pgp-inline.eml", "a message whose text is in PGP", _mail("locks", body=_PGP), (Reason.ENCRYPTED,)),
    Case(
        "smime.eml",
        "a message in S/MIME",
        _mail(
            "seals",
            headers="Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n"
            "Content-Transfer-Encoding: base64",
            body="MIIBHgYJKoZIhvcNAQcDoIIBDzCCAQsCAQA=",
        ),
        (Reason.ENCRYPTED,),
    ),
    Case("pgp.txt", "a file in PGP", _PGP.encode(), (Reason.ENCRYPTED,)),
    Case("date.eml", "a message of the 32nd", _mail("mail dates").replace(b"13 Feb", b"32 Foo"), articles=1),
    Case(
        "one-bad.mbox",
        "a mailbox with one empty message",
        b"From a@b.example Fri Feb 13 10:00:00 2026\n"
        + _mail("boxed mails").replace(b"\r", b"")
        + b"\nFrom a@b.example Fri Feb 13 10:01:00 2026\n"
        + _mail("bare mails", body="").replace(b"\r", b""),
        (Reason.NO_BODY,),
        1,
    ),
    Case(
        "garbage.mbox",
        "a mailbox of noise",
        b"From a@b.example Fri Feb 13 10:00:00 2026\n" + bytes(range(128, 256)) * 4,
        (Reason.BAD_ENCODING,),
    ),
    Case(
        "no-pages.warc",
        "a web archive without pages",
        _WARCINFO + _record("request", b"GET / HTTP/1.1\r\n\r\n"),
        (Reason.EMPTY,),
    ),
    Case(
        "not-found.warc",
        "a web archive of a page that was not there",
        _WARCINFO + _record("response", _response("lost pages", status="404 Not Found")),
        (Reason.EMPTY,),
    ),
    Case(
        "picture.warc",
        "a web archive of a picture",
        _record("response", b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\n"),
        (Reason.EMPTY,),
    ),
    Case(
        "cut.warc",
        "a web archive that ends in its second page",
        _record("response", _response("first pages")) + _record("response", _response("second pages"))[:-200],
        (Reason.TRUNCATED,),
        1,
    ),
    Case(
        "length.warc",
        "a web archive that lies about a length",
        _record("response", _response("lying pages"), length=10**12),
        (Reason.TRUNCATED,),
    ),
    Case(
        "length-word.warc",
        "a web archive whose length is a word",
        _record("response", _response("wordy pages")).replace(b"Content-Length: ", b"Content-Length: many ", 1),
        (Reason.BAD_FORMAT,),
    ),
    Case(
        "noise.warc",
        "a web archive that goes on in noise",
        _record("response", _response("quiet pages")) + b"\x93" * 500,
        (Reason.BAD_FORMAT,),
        1,
    ),
    Case(
        "cut.warc.gz",
        "a packed web archive that ends in a page",
        gzip.compress(_record("response", _response("packed pages")))
        + gzip.compress(_record("response", _response("cut pages")))[:-40],
        (Reason.TRUNCATED,),
        1,
    ),
)
