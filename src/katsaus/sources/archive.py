"""The zip archive of a spreadsheet: its directory judged, its parts unpacked in blocks, all before anything opens it.

What another reader could understand otherwise than we do is refused too, so that the reader of the cells, which comes
after, meets nothing that was not looked at here.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator

UNPACKED = 200_000_000
RATIO = 100
PARTS = 200
_TAG = 1 << 20
"""Bytes that may go by without a new tag."""
_BLOCK = 1 << 18
_LOCAL = struct.Struct("<4s5H3I2H")
_END = struct.Struct("<4s4H2IH")
_ENCRYPTED, _UTF8 = 0x1, 0x800

_NESTED = re.compile(r".*\.(zip|xls|xls[xmb]|docx|docm|pptx|ods|gz|tgz|bz2|xz|7z|rar|tar|jar)")
_PACKED = (b"PK\x03\x04", b"\x1f\x8b\x08", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")
_MACRO = re.compile(
    r"(.*/)?(vbaproject|macrosheets/|dialogsheets/|activex/|ctrlprops/|embeddings/).*|.*\.(exe|dll|vbs|js)"
)
_LINKED = re.compile(r"(.*/)?(externallinks/|querytables/|connections\.xml|webextensions/).*")
_NEEDED = re.compile(r".*\.(xml|rels)|xl/printersettings/.*\.bin|.*/")

_OPENING = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?!\?xml[^>]*\sencoding\s*=\s*[\"'](?!utf-8[\"']))", re.IGNORECASE)
"""The beginning of XML in UTF-8, said or not said."""
_MARKED_UP = re.compile(rb"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST)", re.IGNORECASE)
_IN_XML = {
    b'TargetMode="External': "archive-external",
    b"TargetMode='External": "archive-external",
    b"macroEnabled": "archive-macro",
    b"vbaProject": "archive-macro",
    b"\0": "xml-form",
}


class RefusedError(Exception):
    """The archive is looked at no further; `codes` say why."""

    def __init__(self, *codes: str) -> None:
        super().__init__(*codes)
        self.codes = codes


def parts(content: bytes) -> list[zipfile.ZipInfo]:
    """The archive's directory. Raises RefusedError with everything that the directory alone tells against it."""
    _check_ends(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, OSError, EOFError, IndexError):
        raise RefusedError("archive-damaged") from None
    if codes := dict.fromkeys(_directory_faults(found)):
        raise RefusedError(*codes)
    return found


def _check_ends(content: bytes) -> None:
    """An archive begins with its first part and ends with its directory, with nothing before, between or behind."""
    end = content[-_END.size :]
    if not end.startswith(b"PK\x05\x06"):
        raise RefusedError("file-truncated")
    _, disk, disk_of_directory, _, _, size, offset, comment = _END.unpack(end)
    if disk or disk_of_directory or comment or offset + size + _END.size != len(content):
        raise RefusedError("archive-damaged")


def _directory_faults(found: list[zipfile.ZipInfo]) -> Iterator[str]:
    unpacked = sum(part.file_size for part in found)
    too_dense = any(part.file_size > RATIO * max(1, part.compress_size) for part in found)
    if unpacked > UNPACKED or too_dense or len(found) > PARTS:
        yield "archive-bomb"
    names = [part.orig_filename for part in found]
    if max(Counter(name.casefold() for name in names).values(), default=0) > 1 or any(map(_strays, names)):
        yield "archive-path"
    for name in map(str.casefold, names):
        if _NESTED.fullmatch(name):
            yield "archive-nested"
        elif _MACRO.fullmatch(name):
            yield "archive-macro"
        elif _LINKED.fullmatch(name):
            yield "archive-external"
        elif not _NEEDED.fullmatch(name):
            yield "archive-foreign"
    if any(part.flag_bits & _ENCRYPTED for part in found):
        yield "archive-locked"


def _strays(name: str) -> bool:
    """Whether a part's name leads out of the archive."""
    return name.startswith("/") or "\\" in name or ":" in name or "\0" in name or ".." in name.split("/")


def unpacked(content: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of a part in blocks; it holds what the directory says, no more and no less. Raises RefusedError."""
    size = crc = 0
    for block in _inflated(_packed(content, part), part.compress_type):
        size += len(block)
        crc = zlib.crc32(block, crc)
        if size > part.file_size:
            raise RefusedError("archive-bomb")
        yield block
    if (size, crc) != (part.file_size, part.CRC):
        raise RefusedError("archive-damaged")


def _packed(content: bytes, part: zipfile.ZipInfo) -> memoryview:
    """The part as it lies in the archive, where its own header must agree with the directory."""
    start = part.header_offset
    header = content[start : start + _LOCAL.size]
    if len(header) < _LOCAL.size or not header.startswith(b"PK\x03\x04"):
        raise RefusedError("archive-damaged")
    _, _, flags, method, _, _, _, _, _, name_size, extra_size = _LOCAL.unpack(header)
    start += _LOCAL.size
    name = content[start : start + name_size]
    encoding = "utf-8" if part.flag_bits & _UTF8 else "cp437"
    start += name_size + extra_size
    data = memoryview(content)[start : start + part.compress_size]
    agrees = name == part.orig_filename.encode(encoding, "replace") and method == part.compress_type
    if not agrees or flags & _ENCRYPTED or len(data) != part.compress_size:
        raise RefusedError("archive-damaged")
    return data


def _inflated(data: memoryview, method: int) -> Iterator[bytes]:
    if method == zipfile.ZIP_STORED:
        yield from (bytes(data[at : at + _BLOCK]) for at in range(0, len(data), _BLOCK))
        return
    if method != zipfile.ZIP_DEFLATED:
        raise RefusedError("archive-damaged")
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    rest = bytes(data)
    try:
        while not stream.eof:
            block = stream.decompress(rest, _BLOCK)
            rest = stream.unconsumed_tail
            if not block and not rest and not stream.eof:
                break
            yield block
    except zlib.error:
        raise RefusedError("archive-damaged") from None
    if not stream.eof or stream.unused_data:
        raise RefusedError("archive-damaged")


def pieces(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """XML in pieces that begin with a tag, so that none is cut in two. Raises RefusedError at what is no plain XML."""
    rest = b""
    first = True
    for block in blocks:
        rest += block
        cut = rest.rfind(b"<")
        if len(rest) - max(cut, 0) > _TAG:
            raise RefusedError("archive-bomb")
        if cut > 0:
            yield _plain(rest[:cut], first=first)
            rest, first = rest[cut:], False
    if rest:
        yield _plain(rest, first=first)


def _plain(piece: bytes, *, first: bool) -> bytes:
    codes = [code for sign, code in _IN_XML.items() if sign in piece]
    if b"<!" in piece and _MARKED_UP.search(piece):
        codes.append("xml-entities")
    if first and piece.startswith(_PACKED):
        codes = ["archive-nested"]
    elif first and not _OPENING.match(piece):
        codes = ["xml-form"]
    if codes:
        raise RefusedError(*codes)
    return piece
