"""The parts of an e-mail, in bounded depth, number and time.

Only cutting is done here; the standard library reads the parameters of a header,
its own cutting is recursive and takes a thousand nested parts for a thousand
generators.
"""

import binascii
import quopri
import re
from collections.abc import Iterator
from email.message import Message
from functools import cached_property

# Enough for fifty relays and their signatures.
HEADER_BYTES = 256 * 1024
# The longest parameters are those of signatures, which nobody reads here.
PARAMETER_CHARACTERS = 2000
# A forwarded forward of a signed message with pictures has eight.
DEPTH = 16
PARTS = 1000

_BLANK_LINE = re.compile(rb"^[ \t]*\r?\n", re.MULTILINE)
_FIELD = re.compile(rb"^(?P<name>[!-9;-~]{1,100})[ \t]*:(?P<value>[^\n]*(?:\n[ \t][^\n]*)*)(?:\n|\Z)", re.MULTILINE)
_BOUNDARY_CHARACTERS = 200  # the standard has 70


class Malformed(Exception):
    """The parts of a message cannot be told apart; the text is a sentence."""


class Cut(Malformed):
    """The message ends before its parts do."""


class Part:
    """One part: its headers, which are cut at once, and its body, which stays as it was sent.

    ``data`` is the whole e-mail: parts in parts are places in it, not copies of it.
    """

    def __init__(self, data: bytes, start: int = 0, end: int | None = None) -> None:
        self._data = data
        self._end = len(data) if end is None else end
        blank = _BLANK_LINE.search(data, start, min(self._end, start + HEADER_BYTES))
        if blank is None and self._end - start > HEADER_BYTES:
            raise Malformed(f"Its headers have more than {HEADER_BYTES:,} bytes; correct them and drop it again.")
        head = data[start : blank.start() if blank else self._end]
        self._body = blank.end() if blank else self._end
        self.fields: dict[str, str] = {}
        for field in _FIELD.finditer(head.replace(b"\r\n", b"\n")):
            name = field["name"].decode("ascii").lower()
            # A header that comes twice counts once: the first is the one that mail programs show.
            self.fields.setdefault(name, _text(field["value"]))

    @cached_property
    def _parameters(self) -> Message:
        message = Message()
        for name in ("content-type", "content-disposition"):
            if value := self.fields.get(name):
                message[name] = value[:PARAMETER_CHARACTERS]
        return message

    @property
    def kind(self) -> str:
        """``text/plain`` and the like; text where nothing is said."""
        return self._parameters.get_content_type()

    @property
    def is_attached(self) -> bool:
        """Whether it is a file that was sent along, not a part of the text."""
        return self._parameters.get_content_disposition() == "attachment"

    @property
    def file_name(self) -> str | None:
        """The name of the file that it is, without directories."""
        try:
            name = self._parameters.get_filename()
        except (ValueError, UnicodeError, LookupError):  # an encoded name that is none
            name = None
        return re.split(r"[\\/]", name)[-1].strip() or None if name else None

    def parameter(self, name: str) -> str | None:
        """A parameter of the Content-Type."""
        try:
            value = self._parameters.get_param(name)
        except (ValueError, UnicodeError, LookupError):
            return None
        value = value[2] if isinstance(value, tuple) else value
        return value.strip() or None if isinstance(value, str) else None

    def content(self) -> bytes:
        """The body without its transfer encoding; what is wrong in that is passed over."""
        body = self._data[self._body : self._end]
        match self.fields.get("content-transfer-encoding", "").lower():
            case "base64":
                return _base64(body)
            case "quoted-printable":
                return quopri.decodestring(body)
            case _:
                return body

    def parts(self) -> Iterator["Part"]:
        """The parts of a multipart. Raises Cut where the last one has no end, Malformed where nothing parts them."""
        boundary = self.parameter("boundary")
        if not boundary or len(boundary) > _BOUNDARY_CHARACTERS:
            raise Malformed("It says that it has several parts and not what separates them; send it again.")
        mark = re.escape(boundary.encode("utf-8", "replace"))
        lines = re.compile(rb"^--" + mark + rb"(?P<last>--)?[ \t]*\r?(?:\n|\Z)", re.MULTILINE)
        start: int | None = None
        for line in lines.finditer(self._data, self._body, self._end):
            if start is not None:
                yield Part(self._data, start, max(start, line.start() - 1))
            if line["last"]:
                return
            start = line.end()
        if start is not None:
            yield Part(self._data, start, self._end)
        raise Cut("It ends in the middle of its parts; send it again, whole.")


def _text(value: bytes) -> str:
    unfolded = b" ".join(value.split())
    try:
        return unfolded.decode()
    except UnicodeDecodeError:
        return unfolded.decode("cp1252", "replace")


def _base64(data: bytes) -> bytes:
    """What can be read of it: lines that were cut or mended by hand do not spoil the rest."""
    digits = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    digits = digits[: len(digits) - (len(digits) % 4 == 1)]
    return binascii.a2b_base64(digits + b"=" * (-len(digits) % 4))
