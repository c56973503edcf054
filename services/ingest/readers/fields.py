"""An article whose parts have names: the objects of JSON, the rows of a table.

``names`` has the forms that are known: our own with what others write instead,
schema.org's NewsArticle and its kin, told by ``@type``, and the items of a JSON
Feed. Values are texts, or what they usually hold: a thing with a name, a list of
names, an instant as a number.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

import msgspec
from msgspec.structs import replace

from newswire.reasons import Reason
from services.ingest.readers import byline
from services.ingest.readers.address import host
from services.ingest.readers.iptc import STATUSES
from services.ingest.readers.markup import Flat
from services.ingest.readers.names import OWN, UTC_ENDINGS, Form, Held
from services.ingest.readers.parts import marked_parts
from services.ingest.readers.record import Identifier, Pubstatus, RawArticle, Record, Refused
from services.ingest.readers.values import flat_of, headline_of, instant_of, line_of, texts_of

# A list of names as programs print it into a table: ['Kari Nordmann', 'Ola Hansen'].
_PRINTED = re.compile(r"""\[\s*(?:(?:'[^']*'|"[^"]*")\s*(?:,\s*|(?=\])))*\]""")
_QUOTED = re.compile(r"""'([^']*)'|"([^"]*)\"""")

_YES, _NO = frozenset(("true", "yes", "1")), frozenset(("false", "no", "0"))


class _Mistake(ValueError):
    """A field that cannot be used; its text is a sentence without its end."""


def article(value: Mapping[str, Any], form: Form, zone: tzinfo, original: bytes | None) -> Record:
    """The article in ``value``, whose fields go by the names of ``form``.

    ``original`` is what a letter shows of it, None where that is the whole file;
    of one that is not to be published yet, only its name.
    """
    fields = _Fields(value, form, zone)
    if fields.may_be_held():
        original = msgspec.json.encode({key: fields.first(key) for key in ("identifier", "uri")})
    try:
        return fields.article(original)
    except _Mistake as mistake:
        return Refused(reason=Reason.BAD_FORMAT, message=f"{mistake}; correct it and drop it again.", original=original)


def is_schema_org_article(value: Any) -> bool:
    """Whether its ``@type`` is that of an article, or one of its kinds."""
    typed = value.get("@type") if isinstance(value, dict) else None
    return any(isinstance(name, str) and name.endswith(("Article", "BlogPosting")) for name in _listed(typed))


def has_body(value: Mapping[str, Any]) -> bool:
    """Whether ``value`` has a text under one of our own names for it; an object there may be an article of its own."""
    return any(texts_of(held.value) for held in OWN.parts(value).get("body", ()) if not isinstance(held.value, dict))


def has_text(value: Mapping[str, Any]) -> bool:
    """Whether ``value`` has any text; a teaser is one, too."""
    parts = OWN.parts(value)
    return any(texts_of(held.value) for field in ("body", "summary") for held in parts.get(field, ()))


class _Fields:
    """The parts of one article by our names of them."""

    def __init__(self, value: Mapping[str, Any], form: Form, zone: tzinfo) -> None:
        self._parts = form.parts(value)
        self._form = form
        self._zone = zone

    def first(self, field: str) -> Any:
        """What the first name of ``field`` holds, as it stands."""
        return next((held.value for held in self._held(field)), None)

    def may_be_held(self) -> bool:
        """Whether anything says that it is not to be published yet, however badly."""
        status = self.first("pubstatus")
        return self.first("embargo") is not None or (isinstance(status, str) and _word(status) == "withheld")

    def article(self, original: bytes | None) -> Record:
        """The article. Raises _Mistake."""
        pubstatus, embargo = self._release()
        flat = self._text("body") or self._text("summary") or Flat("", [])
        if not flat.body and pubstatus != "canceled":
            message = (
                f"It has no text: none of {', '.join(self._form.names['body'][:3])} holds any; send it with its text."
            )
            return Refused(reason=Reason.NO_BODY, message=message, original=original)
        agency, uri = self._line("agency"), self._line("uri", "url")
        identifier = _identifier(self._line("identifier", "id"), uri, agency)
        if pubstatus == "canceled" and not (identifier or uri):
            message = "It takes back an article and does not say which; give it the id or the url of that article."
            return Refused(reason=Reason.KILL_UNMATCHED, message=message, original=original)
        parts = marked_parts(flat.body, flat.subheads)
        if not parts.body:
            parts = replace(parts, body=flat.body, subheads=flat.subheads)
        return RawArticle(
            title=self._headline(),
            body=parts.body,
            subheads=parts.subheads,
            caption=self._line("caption") or "\n\n".join(flat.captions) or None,
            credit=self._line("credit"),
            byline=self._byline() or parts.byline,
            agency=agency or parts.agency,
            dateline=self._line("dateline") or parts.dateline,
            language=self._line("language"),
            published_at=self._instant("published_at") or parts.instant(self._zone),
            updated_at=self._instant("updated_at"),
            uri=uri,
            pubstatus=pubstatus,
            embargo=embargo,
            identifier=identifier,
        )

    def _held(self, field: str) -> list[Held]:
        return self._parts.get(field, [])

    def _release(self) -> tuple[Pubstatus, datetime | None]:
        """The status, and until when it is held; held without saying until when is withheld."""
        pubstatus = _pubstatus(self.first("pubstatus"))
        embargo = self.first("embargo")
        word = str(embargo).strip().lower() if isinstance(embargo, bool | int | str) else ""
        if word in _NO:
            return pubstatus, None
        if word in _YES:
            return ("withheld" if pubstatus == "usable" else pubstatus), None
        return pubstatus, self._instant("embargo")

    def _text(self, field: str) -> Flat | None:
        """The first text with a paragraph. Raises _Mistake where there are values and none is a text."""
        strange = False
        for _, value in self._held(field):
            texts = texts_of(value)
            if texts is None:
                strange = True
            elif (flat := flat_of(texts)).body:
                return flat
        if strange:
            raise _Mistake(f"{field} is neither a text nor a list of paragraphs")
        return None

    def _line(self, field: str, name: str | None = None) -> str | None:
        """The first text, on one line. Raises _Mistake where there are values and none is a text or has a name."""
        strange = False
        for _, value in self._held(field):
            try:
                if text := line_of(value):
                    return text
            except ValueError:
                strange = True
        if strange:
            raise _Mistake(f"{name or field} is neither a text nor a thing with a name")
        return None

    def _headline(self) -> str | None:
        text = self._line("title")
        return headline_of(text) if text else None

    def _byline(self) -> str | None:
        """Names; a number is an account, and an address no name."""
        written = self._line("byline")
        if written and _PRINTED.fullmatch(written):
            written = ", ".join(one or other for one, other in _QUOTED.findall(written))
        if not written or written.isdecimal() or "://" in written:
            return None
        return byline.names(written)

    def _instant(self, field: str) -> datetime | None:
        for name, value in self._held(field):
            zone = UTC if name.endswith(UTC_ENDINGS) else self._zone
            try:
                return instant_of(value, zone)
            except ValueError as error:
                shown = f" {value[:40]!r}" if isinstance(value, str) else ""
                raise _Mistake(f"{field}{shown} {error}") from None
        return None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _word(status: str) -> str:
    return status.strip().lower()


def _pubstatus(value: Any) -> Pubstatus:
    if value is None:
        return "usable"
    word = _word(value) if isinstance(value, str) else ""
    if word != "usable" and word not in STATUSES:
        raise _Mistake(f"pubstatus {str(value)[:40]!r} is none of usable, withheld and canceled")
    return STATUSES.get(word, "usable")


def _identifier(value: str | None, uri: str | None, agency: str | None) -> Identifier | None:
    """What the source calls the article; a web address needs no issuer and is left to ``uri``."""
    is_web = bool(uri) and str(uri).lower().startswith(("http://", "https://"))
    if value:
        return Identifier(scheme="guid", issuer=agency or _host(uri if is_web else None), value=value)
    if uri and not is_web:
        return Identifier(scheme="uri", issuer=agency or "", value=uri)
    return None


def _host(uri: str | None) -> str:
    try:
        return host(uri) or ""
    except ValueError:  # [, for one, begins an address of a kind
        return ""
