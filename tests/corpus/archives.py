"""Compressed files and archives: cut, damaged, locked, bombs, and members that want to be elsewhere."""

import bz2
import gzip
import io
import lzma
import struct
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable

from newswire.reasons import Reason
from tests.corpus.case import Case, story

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_MIB = 1024 * 1024


def gzipped(data: bytes) -> bytes:
    """A gzip file, the same whenever it is made."""
    return gzip.compress(data, mtime=0)


def zstd_compressed(data: bytes) -> bytes:
    """``data`` as a Zstandard file with a checksum."""
    return zstd.compress(data, options={zstd.CompressionParameter.checksum_flag: 1})


def _zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 2, 13, 10, 0, 0)), content, method)
    return made.getvalue()


def _tarred(*members: tuple[str, bytes] | tarfile.TarInfo, form: int = tarfile.PAX_FORMAT) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=form) as archive:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
                continue
            info = tarfile.TarInfo(member[0])
            info.size = len(member[1])
            archive.addfile(info, io.BytesIO(member[1]))
    return made.getvalue()


def _special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def _claimed(size: int, kind: bytes) -> bytes:
    """The header of a tar's member that says what it will not keep."""
    info = tarfile.TarInfo("a.txt")
    info.type, info.size = kind, size
    return info.tobuf(tarfile.GNU_FORMAT) + bytes(1024)


def _nested(pack: Callable[[bytes], bytes], inner: bytes, depth: int) -> bytes:
    for _ in range(depth):
        inner = pack(inner)
    return inner


def _damaged(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


def _locked(data: bytes, method: int | None = None) -> bytes:
    """A ZIP archive whose first entry says that it is encrypted."""
    changed = bytearray(data)
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        place = data.index(mark) + at
        changed[place] |= 1
        if method is not None:
            changed[place + 2 : place + 4] = struct.pack("<H", method)
    return bytes(changed)


def _overlapping() -> bytes:
    """A list of a thousand names for one and the same entry."""
    one = _zipped({"a.txt": story("overlaps").encode()})
    at = one.index(b"PK\1\2")
    end = one.index(b"PK\5\6")
    entries = one[at:end] * 1_000
    return one[:at] + entries + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1_000, 1_000, len(entries), at, 0)


def _gzip_bomb() -> bytes:
    """A text, and a quarter of a gigabyte of blanks behind it."""
    packer = zlib.compressobj(9, wbits=31)
    made = packer.compress(story("blanks behind").encode())
    return made + b"".join(packer.compress(b" " * _MIB) for _ in range(256)) + packer.flush()


def _nested_bomb() -> bytes:
    """Ten archives of ten archives, each with ten megabytes of nothing."""
    inner = _zipped({f"{n}.txt": bytes(10 * _MIB) for n in range(4)})
    middle = _zipped({f"{n}.zip": inner for n in range(10)})
    return _zipped({f"{n}.zip": middle for n in range(10)})


def _zip_of(name: str, topic: str) -> bytes:
    return _zipped({name: story(topic).encode()})


_LINK = zipfile.ZipInfo("link.txt")
_LINK.external_attr = 0o120777 << 16


def _link() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(_LINK, "/etc/passwd")
    return made.getvalue()


_BYTES = {name: story(name).encode() for name in ("gzip", "bzip2", "xz", "zstd", "zip", "tar", "tgz")}

CASES = (
    Case("cut.txt.gz", "gzip that ends in the middle", gzip.compress(_BYTES["gzip"])[:-20], (Reason.TRUNCATED,)),
    Case(
        "cut-check.txt.gz",
        "gzip without its checksum",
        gzip.compress(story("lost checksums").encode())[:-4],
        (Reason.TRUNCATED,),
    ),
    Case("cut.txt.bz2", "bzip2 that ends in the middle", bz2.compress(_BYTES["bzip2"])[:-20], (Reason.TRUNCATED,)),
    Case("cut.txt.xz", "xz that ends in the middle", lzma.compress(_BYTES["xz"])[:-20], (Reason.TRUNCATED,)),
    Case("cut.txt.zst", "zstd that ends in the middle", zstd_compressed(_BYTES["zstd"])[:-20], (Reason.TRUNCATED,)),
    Case(
        "cut.zip",
        "zip that ends in its member",
        _zipped({"a.txt": _BYTES["zip"]}, zipfile.ZIP_STORED)[:120],
        (Reason.TRUNCATED,),
    ),
    Case("cut-list.zip", "zip without its list", _zip_of("a.txt", "lists of zip")[:-30], (Reason.TRUNCATED,), 1),
    Case("cut.tar", "tar that ends in its member", _tarred(("a.txt", _BYTES["tar"]))[:700], (Reason.TRUNCATED,)),
    Case(
        "cut.tar.gz",
        "a packed tar that ends in its second member",
        gzip.compress(_tarred(("a.txt", _BYTES["tgz"]), ("b.txt", story("cut members").encode())))[:-60],
        (Reason.TRUNCATED,),
        1,
    ),
    Case(
        "damaged.txt.gz",
        "gzip with a wrong checksum",
        _damaged(gzip.compress(story("wrong sums").encode()), -6),
        (Reason.CORRUPT_ARCHIVE,),
    ),
    Case(
        "damaged.txt.bz2",
        "bzip2 with a flipped bit",
        _damaged(bz2.compress(story("flipped bits").encode()), 40),
        (Reason.CORRUPT_ARCHIVE,),
    ),
    Case(
        "damaged.txt.xz",
        "xz with a flipped bit",
        _damaged(lzma.compress(story("flipped bits of xz").encode()), 40),
        (Reason.CORRUPT_ARCHIVE,),
    ),
    Case(
        "damaged.txt.zst",
        "zstd with a wrong checksum",
        _damaged(zstd_compressed(story("zstd sums").encode()), -2),
        (Reason.CORRUPT_ARCHIVE,),
    ),
    Case(
        "damaged.zip",
        "zip with a wrong checksum",
        _damaged(_zip_of("a.txt", "zip sums"), 14),
        (Reason.CORRUPT_ARCHIVE,),
    ),
    Case(
        "one-damaged.zip",
        "zip with one damaged member",
        _zipped({"a.txt": story("sound members").encode(), "b.txt": b"damage here"}, zipfile.ZIP_STORED).replace(
            b"damage", b"dAmage"
        ),
        (Reason.CORRUPT_ARCHIVE,),
        1,
    ),
    Case(
        "damaged.tar",
        "tar with a wrong header",
        _damaged(_tarred(("a.txt", story("tar heads").encode())), 150),
        (Reason.CORRUPT_ARCHIVE,),
    ),
    Case(
        "noise-after.txt.gz",
        "gzip and noise",
        gzip.compress(story("noise behind gzip").encode()) + b"noise",
        (Reason.CORRUPT_ARCHIVE,),
    ),
    Case("magic.gz", "the mark of gzip and no more", b"\x1f\x8b", (Reason.TRUNCATED,)),
    Case("magic.zst", "the mark of zstd and noise", b"\x28\xb5\x2f\xfd" + b"\xff" * 40, (Reason.CORRUPT_ARCHIVE,)),
    Case("empty.txt.gz", "gzip of nothing", gzip.compress(b""), (Reason.EMPTY,)),
    Case("empty.zip", "zip of nothing", _zipped({}), (Reason.EMPTY,)),
    Case("empty.tar", "tar of nothing", _tarred(), (Reason.EMPTY,)),
    Case(
        "directories.tar",
        "tar of directories",
        _tarred(_special("a/", tarfile.DIRTYPE), _special("b/", tarfile.DIRTYPE)),
        (Reason.EMPTY,),
    ),
    Case(
        "picture.zip", "zip of a picture", _zipped({"a.png": b"\x89PNG\r\n\x1a\n" + bytes(90)}), (Reason.UNSUPPORTED,)
    ),
    Case(
        "one-bad.zip",
        "zip with one empty member",
        _zipped({"a.txt": story("full members").encode(), "b.txt": b""}),
        (Reason.EMPTY,),
        1,
    ),
    Case("bomb.txt.gz", "a quarter of a gigabyte in a quarter of a megabyte", _gzip_bomb, (Reason.TOO_LARGE,)),
    Case(
        "bomb.zip",
        "a hundred members of ten megabytes of nothing",
        lambda: _zipped({f"{n}.txt": bytes(10 * _MIB) for n in range(20)}),
        (Reason.ARCHIVE_BOMB, *[Reason.NOT_TEXT] * 2),
    ),
    Case("nested-bomb.zip", "archives of archives of nothing", _nested_bomb, (Reason.ARCHIVE_BOMB, Reason.NOT_TEXT)),
    Case(
        "nested.gz", "ten layers of gzip", _nested(gzip.compress, story("layers").encode(), 10), (Reason.ARCHIVE_BOMB,)
    ),
    Case(
        "nested.zip",
        "ten archives inside one another",
        _nested(lambda one: _zipped({"a.zip": one}), story("boxes").encode(), 10),
        (Reason.ARCHIVE_BOMB,),
    ),
    Case("overlap.zip", "a thousand names for one member", _overlapping, (Reason.CORRUPT_ARCHIVE,), 1),
    Case("up.zip", "a member that wants to lie above", _zip_of("../../up.txt", "ups"), (Reason.UNSAFE_PATH,)),
    Case("root.zip", "a member that wants to lie in /etc", _zip_of("/etc/cron.d/job", "roots"), (Reason.UNSAFE_PATH,)),
    Case(
        "backslash.zip",
        "a member that wants to lie above, on Windows",
        _zip_of("..\\..\\up.txt", "backs"),
        (Reason.UNSAFE_PATH,),
    ),
    Case("drive.zip", "a member that wants to lie on drive C", _zip_of("C:\\up.txt", "drives"), (Reason.UNSAFE_PATH,)),
    Case(
        "up.tar",
        "a member of a tar that wants to lie above",
        _tarred(("../up.txt", story("tar ups").encode()), ("a.txt", story("tar neighbours").encode())),
        (Reason.UNSAFE_PATH,),
        1,
    ),
    Case(
        "root.tar",
        "a member of a tar that wants to lie in /etc",
        _tarred(("/etc/cron.d/job", story("tar roots").encode())),
        (Reason.UNSAFE_PATH,),
    ),
    Case("link.zip", "a link in a zip", _link(), (Reason.NOT_REGULAR,)),
    Case(
        "specials.tar",
        "links, pipes and devices in a tar, and a text",
        _tarred(
            _special("l", tarfile.SYMTYPE, "/etc/passwd"),
            _special("h", tarfile.LNKTYPE, "a.txt"),
            _special("p", tarfile.FIFOTYPE),
            _special("c", tarfile.CHRTYPE),
            _special("b", tarfile.BLKTYPE),
            ("a.txt", story("tar company").encode()),
        ),
        (Reason.NOT_REGULAR,) * 5,
        1,
    ),
    Case("locked.zip", "a zip with a password", _locked(_zip_of("a.txt", "locks of zip")), (Reason.ENCRYPTED,)),
    Case(
        "locked-aes.zip",
        "a zip with a better password",
        _locked(_zip_of("a.txt", "better locks"), 99),
        (Reason.ENCRYPTED,),
    ),
    Case(
        "lzma.zip",
        "a zip in a way of packing that is rare",
        _zipped({"a.txt": story("rare ways").encode()}, zipfile.ZIP_LZMA),
        (Reason.UNSUPPORTED,),
    ),
    Case(
        "twins.tar",
        "two members of one name",
        _tarred(("a.txt", story("first twins").encode()), ("a.txt", story("second twins").encode())),
        articles=2,
    ),
    Case(
        "long-name.tar",
        "a member whose name has 3,000 letters",
        _tarred(("n" * 3_000 + ".txt", story("tar names").encode()), form=tarfile.GNU_FORMAT),
        articles=1,
    ),
    Case(
        "huge-name.tar",
        "a member whose name says it has a gigabyte",
        _claimed(10**9, tarfile.GNUTYPE_LONGNAME),
        (Reason.CORRUPT_ARCHIVE,),
    ),
    Case(
        "huge-member.tar",
        "a member that says it has eight gigabytes",
        _claimed(8**11 - 1, tarfile.REGTYPE),
        (Reason.TRUNCATED,),
    ),
    Case(
        "office.docx",
        "an office document",
        _zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"}),
        (Reason.UNSUPPORTED,),
    ),
    Case(
        "program.jar", "a program", _zipped({"META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\n"}), (Reason.UNSUPPORTED,)
    ),
)
