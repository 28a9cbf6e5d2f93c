"""What is in an archive that anybody may have made: its members, whole and of bounded size, or an error that says what is wrong with it?"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from callcheck.model.captured import MANIFEST, MARK, MEMBERS, MOST_BYTES, MOST_FILE_BYTES, SCHEMA, VERSION
from callcheck.model.digest import digest
from callcheck.model.errors import Malformed, NotPermitted, SourceError
from callcheck.model.printable import clean

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

_END = b"PK\x05\x06"
_END_BYTES = 22
_MOST_DIRECTORY = 8_192
"""Bytes of a list of members; ours has a tenth."""
_NAME_AT = 30
"""Where the name of the first member stands."""


def is_capture(path: Path) -> bool:
    """Whether a file begins as a capture does, whatever it is called."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_NAME_AT + len(MARK))
    except OSError:
        return False
    return head.startswith(b"PK\x03\x04") and head[_NAME_AT:] == MARK.encode()


def members(path: Path, name: str) -> dict[str, str]:
    """The text of each member but the first. Nothing is unpacked to disk. Raises SourceError; `name` is what the file is called then."""
    import struct
    import zipfile
    import zlib

    data = _read(path, name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _members(archive, name)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError, OSError) as error:
        raise Malformed(f"{clean(name)} is damaged: {clean(str(error), 120)}", "copy it again, or have it written anew") from None


def _read(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST_FILE_BYTES + 1)
    except OSError as error:
        raise NotPermitted(f"{clean(name)} cannot be read: {error.strerror or error}") from None
    if len(data) > MOST_FILE_BYTES:
        raise Malformed(f"{clean(name)} has over {MOST_FILE_BYTES // 1_000_000} MB, which no capture has")
    if data[:4] != b"PK\x03\x04" or data[_NAME_AT : _NAME_AT + len(MARK)] != MARK.encode():
        raise Malformed(f"{clean(name)} is no capture", "callcheck capture -o x.ccb writes one")
    # Without a comment, which ours have not, the end is at one place: how long the list of members is shows before any of it is read.
    end = data[-_END_BYTES:]
    if len(end) < _END_BYTES or end[:4] != _END:
        raise Malformed(f"{clean(name)} is cut short", "copy it again, or have it written anew")
    count, size = int.from_bytes(end[10:12], "little"), int.from_bytes(end[12:16], "little")
    if count != len(MEMBERS) or size > _MOST_DIRECTORY:
        raise _strange(name)
    return data


def _members(archive: ZipFile, name: str) -> dict[str, str]:
    infos = archive.infolist()
    if tuple(info.filename for info in infos) != MEMBERS or any(info.flag_bits & 1 for info in infos):
        raise _strange(name)
    version = _member(archive, infos[0], 8, name)
    if version != VERSION:
        raise Malformed(f"{clean(name)} is of another version of the layout: {clean(version, 20)} and not {VERSION}", "have it written by this version of callcheck, or read by its own")
    left, texts = MOST_BYTES, dict[str, str]()
    for info in infos[1:]:
        texts[info.filename] = _member(archive, info, left, name)
        left -= len(texts[info.filename])
    return texts


def _member(archive: ZipFile, info: ZipInfo, most: int, name: str) -> str:
    """Reads on no further than `most` bytes, whatever the archive says of the size."""
    with archive.open(info) as stream:
        raw = stream.read(most + 1) if info.file_size <= most else b""
    if info.file_size > most or len(raw) > most:
        raise Malformed(f"{clean(name)} unpacks to over {MOST_BYTES // 1_000_000} MB, which no capture does")
    if len(raw) != info.file_size:
        raise Malformed(f"{clean(name)} is damaged: {info.filename} is shorter than it says")
    return raw.decode("ascii", "backslashreplace")


def checked(texts: dict[str, str], said: object, name: str) -> None:
    """Whether each member is the one of which the manifest speaks. Raises Malformed."""
    told = {member: digest(text) for member, text in texts.items() if member != MANIFEST}
    if said != told:
        raise Malformed(f"{clean(name)} was changed after it was written: a member is not as its manifest says")


def _strange(name: str) -> SourceError:
    return Malformed(f"{clean(name)} is no capture of this layout ({SCHEMA}): its members are others")
