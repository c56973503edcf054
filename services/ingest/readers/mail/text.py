"""The plain text of an e-mail without what is not the article: signature, footer, wrapping, the head of a forward."""

import re
from typing import NamedTuple

# A signature is four lines by custom; those of companies, with a disclaimer, have twenty.
SIGNATURE_LINES = 20
SIGNATURE_CHARACTERS = 4000
# A line of dashes without the blank that marks a signature may be one all the same, if little follows.
BARE_SIGNATURE_LINES = 10

_SIGNATURE = re.compile(r"^--(?P<marked> )?[ \t]*$", re.MULTILINE)
_LIST_FOOTER = re.compile(r"^_{20,}[ \t]*\n[^\n]*mailing list[^\n]*$", re.MULTILINE | re.IGNORECASE)
# What newsletters have above their text.
_VIEW_ONLINE = re.compile(
    r"\A\s*(?:view|read|open)\b[^\n]{0,60}\b(?:online|on the web|in (?:your )?browser)\b[^\n]{0,300}\n\s*\n",
    re.IGNORECASE,
)
_UNSUBSCRIBE = re.compile(r"\b(?:unsubscribe|newsletter abbestellen|désabonner|desinscribirse)\b", re.IGNORECASE)
_FORWARDED = re.compile(
    r"^(?:-{2,}[ \t]*(?:forwarded message|original message|weitergeleitete nachricht|ursprüngliche nachricht|"
    r"message transféré|message d'origine|mensaje reenviado|messaggio inoltrato)[ \t]*-*|"
    r"begin forwarded message:|anfang der weitergeleiteten nachricht:|début du message réexpédié ?:)[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_FIELDS = {
    **dict.fromkeys(("from", "von", "de", "da", "expéditeur"), "from"),
    **dict.fromkeys(("date", "sent", "datum", "gesendet", "envoyé", "fecha", "enviado", "data"), "date"),
    **dict.fromkeys(("subject", "betreff", "objet", "asunto", "oggetto"), "subject"),
    **dict.fromkeys(("to", "an", "à", "para", "a", "cc", "kopie", "reply-to", "antwort an"), "to"),
}
_FIELD = re.compile(r"\*?(?P<name>[^\W\d_][\w -]{0,20}?)[ \t]?:\*?[ \t]+(?P<value>\S.*)")
_CLEARSIGNED = re.compile(
    r"\A\s*-----BEGIN PGP SIGNED MESSAGE-----\n(?:[^\n]+\n)*\n(?P<text>.*?)\n-----BEGIN PGP SIGNATURE-----", re.DOTALL
)
_PGP = "-----BEGIN PGP MESSAGE-----"


class Forward(NamedTuple):
    """A message that was forwarded inside another: its headers as shown there, and its text."""

    before: str
    fields: dict[str, str]
    text: str


def is_encrypted(text: str) -> bool:
    """Whether all of ``text`` is an encrypted message."""
    return text.lstrip().startswith(_PGP)


def trimmed(text: str) -> str:
    """``text``, which is clean, without the signature and the footers below it; a signature alone stays."""
    if signed := _CLEARSIGNED.match(text):
        text = re.sub(r"^- ", "", signed["text"], flags=re.MULTILINE)
    text = _without_footer(_VIEW_ONLINE.sub("", text, count=1))
    unsigned = _without_signature(text)
    return unsigned if unsigned.strip() else text


def forwarded(text: str) -> Forward | None:
    """The message that ``text`` forwards, if it does."""
    mark = _FORWARDED.search(text)
    if mark is None:
        return None
    fields: dict[str, str] = {}
    lines = text[mark.end() :].lstrip("\n> ").split("\n")
    below = 0
    for below, line in enumerate(lines):  # noqa: B007 - where the text begins
        found = _FIELD.fullmatch(line.lstrip("> \t").rstrip())
        name = _FIELDS.get(found["name"].casefold()) if found else None
        if found is None or name is None:
            if not line.strip() or not fields:
                break
            continue  # a header that goes on
        fields.setdefault(name, found["value"].strip("* \t"))
    if "from" not in fields:
        return None
    return Forward(text[: mark.start()], fields, "\n".join(lines[below:]))


def unflowed(text: str, *, deleted: bool) -> str:
    """``format=flowed`` text with its lines joined: one that ends in a blank goes on. ``deleted``: the blank goes."""
    pieces: list[str] = []
    goes_on = False
    for raw in text.split("\n"):
        line = raw[1:] if raw.startswith(" ") else raw
        if pieces and not (goes_on and raw != "-- "):
            pieces.append("\n")
        goes_on = line.endswith(" ") and line != "-- "
        pieces.append(line[:-1] if goes_on and deleted else line)
    return "".join(pieces)


def _without_signature(text: str) -> str:
    for mark in _SIGNATURE.finditer(text, max(0, len(text) - SIGNATURE_CHARACTERS)):
        below = sum(1 for line in text[mark.end() :].split("\n") if line.strip())
        if below <= (SIGNATURE_LINES if mark["marked"] else BARE_SIGNATURE_LINES):
            return text[: mark.start()]
    return text


def _without_footer(text: str) -> str:
    if found := _LIST_FOOTER.search(text):
        text = text[: found.start()]
    body, gap, last = text.rstrip().rpartition("\n\n")
    return body if gap and len(last) < 1000 and _UNSUBSCRIBE.search(last) else text
