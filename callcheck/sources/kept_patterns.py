"""Regular expressions that an earlier run compiled: a short run compiles a hundred, which takes a tenth of it.

`re` first translates a text into a list of numbers, in Python, and then hands that list to its engine. The numbers that came of a text, with
its flags, are the same as long as Python is, so they are kept; each list is read when its text is asked for.
"""

from __future__ import annotations

import contextlib
import importlib
import re
import sys
from typing import Any

from callcheck.model import pattern
from callcheck.model.packed import Packed
from callcheck.sources.kept import Keeper

_MOST = 2000
"""Texts that are kept; of more, those of the last run alone."""
_Key = tuple[str, int]
"""A text and its flags."""


class KeptPatterns:
    """Compiles what `callcheck.model.pattern` wants compiled within `with KeptPatterns():`."""

    def __init__(self) -> None:
        self._keeper = Keeper(())
        self._file = self._keeper.file("patterns")
        self._numbers: dict[_Key, int] = {}
        """Where a text's stands among the lists."""
        self._lists: Packed
        """Only read where there are numbers."""
        self._new: dict[_Key, re.Pattern[str]] = {}

    def __enter__(self) -> KeptPatterns:
        if self._file is not None:
            with contextlib.suppress(Exception):  # absent, cut short, of another version: they are compiled
                self._numbers, self._lists = self._keeper.read(self._file)
            pattern.compile_by(self.compiled)
        return self

    def __exit__(self, failed: object, *_: object) -> None:
        pattern.compile_by(None)
        new = {key: apart for key, made in self._new.items() if (apart := _taken_apart(key, made))}
        if self._file is None or not new or failed is not None:
            return
        old = {key: self._lists.at(number) for key, number in self._numbers.items()} if len(self._numbers) + len(new) <= _MOST else {}
        both = old | new
        self._keeper.write(self._file, (dict(zip(both, range(len(both)), strict=True)), Packed(both.values())))

    def compiled(self, text: Any, flags: int) -> re.Pattern[Any]:
        """As `re.compile`."""
        key = (text, int(flags))
        if key in self._numbers:
            return _put_together(self._lists.at(self._numbers[key]))
        made = re.compile(text, flags)
        if isinstance(text, str):
            self._new[key] = made
        return made


def _put_together(apart: tuple[Any, ...]) -> re.Pattern[str]:
    made: re.Pattern[str] = importlib.import_module("_sre").compile(*apart)
    return made


def _taken_apart(key: _Key, made: re.Pattern[str]) -> tuple[Any, ...] | None:
    """What `re.compile` hands to the engine for a text, as it does in Python 3.10 to 3.13; None if nothing like it makes the same pattern."""
    try:
        before = sys.version_info < (3, 11)
        parsed = importlib.import_module("sre_parse" if before else "re._parser").parse(*key)
        code = importlib.import_module("sre_compile" if before else "re._compiler")._code(parsed, key[1])
        names = {number: name for name, number in parsed.state.groupdict.items()}
        groups = tuple(names.get(number) for number in range(parsed.state.groups))
        apart = (key[0], key[1] | parsed.state.flags, [*map(int, code)], parsed.state.groups - 1, dict(parsed.state.groupdict), groups)
        return apart if _put_together(apart) == made else None
    except Exception:  # noqa: BLE001  (inner parts of `re`, which may change)
        return None
