"""By which hash does GitHub code scanning know a line again?

`primaryLocationLineHash`, as the CodeQL upload action computes it for results that come without (codeql-action, src/fingerprints.ts): a
polynomial hash, base 37 and 64 bits wide, of the 100 characters from a line's start, blanks and tabs left out, in hexadecimal digits,
then `:` and how often that hash has come in the file. Upload through the API computes none, so we write our own.
"""

from __future__ import annotations

_WIDTH = 100
_BASE = 37
_BITS = (1 << 64) - 1
_END = 0xFFFF
"""Stands after the last character; after it come zeros."""
_LF, _CR = 10, 13
_SKIPPED = frozenset((9, 32))


def line_hashes(text: str) -> list[str]:
    """The hash of each line, the first at index 0."""
    units, starts = _told(text)
    units += [_END] + [0] * _WIDTH
    seen: dict[str, int] = {}
    found = []
    for start in starts:
        value = 0
        for unit in units[start : start + _WIDTH]:
            value = (value * _BASE + unit) & _BITS
        name = f"{value:x}"
        seen[name] = seen.get(name, 0) + 1
        found.append(f"{name}:{seen[name]}")
    return found


def _told(text: str) -> tuple[list[int], list[int]]:
    """The UTF-16 units that count, each end of a line as one line feed, and where among them each line begins."""
    units: list[int] = []
    starts: list[int] = []
    fresh, after_cr = True, False
    data = text.encode("utf-16-le", "surrogatepass")
    for low, high in zip(data[::2], data[1::2], strict=True):
        unit = low | high << 8
        if unit in _SKIPPED or (after_cr and unit == _LF):
            after_cr = False
            continue
        after_cr = unit == _CR
        unit = _LF if after_cr else unit
        if fresh:
            starts.append(len(units))
        fresh = unit == _LF
        units.append(unit)
    if fresh:
        starts.append(len(units))
    return units, starts
