"""Our own modules in one file: to find and open two hundred takes a fifth of a short run.

Python looks for each module in its folder, asks whether the compiled one is younger than its source, opens and reads it. The code of all that a
run has loaded is kept in one file under the cache folder, as long as none of our own files changes: `Keeper.stamp`, which every run looks at.
"""

from __future__ import annotations

import marshal
import sys
from _frozen_importlib import ModuleSpec  # `importlib.machinery` adds nothing but a module to load
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Any

from callcheck.sources.kept import Keeper, mapped, trusted, write_bytes

_ROOT = __name__.partition(".")[0]
_Place = tuple[int, int, str, bool]
"""Where a module's code begins, how long it is, its source file, and whether it is a package."""


class KeptModules:
    """Gives the modules that are kept, as an entry of `sys.meta_path` within `with KeptModules():`; all others are found as ever."""

    def __init__(self) -> None:
        self._keeper = Keeper(())
        self._file = self._keeper.file("modules", str(sys.flags.optimize))
        self._places: dict[str, _Place] = {}
        self._codes = memoryview(b"")

    def __enter__(self) -> KeptModules:
        try:
            if self._file is not None:
                with trusted(self._file) as stream:
                    held = mapped(stream)
                begin = 4 + int.from_bytes(held[:4], "little")
                stamp, places, end = marshal.loads(held[4:begin])
                if stamp == self._keeper.stamp and len(held) == begin + end:
                    self._places, self._codes = places, held[begin:]
                    sys.meta_path.insert(0, self)
        except Exception:  # noqa: BLE001  (absent, cut short, of another version: Python finds them)
            pass
        return self

    def __exit__(self, failed: object, *_: object) -> None:
        if failed is None:
            self.keep()
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def keep(self) -> None:
        """Keep what was loaded in this run too."""
        new = [name for name in sys.modules if name.startswith(f"{_ROOT}.") and name not in self._places]
        found = [each for name in new for each in _found(name)]
        if self._file is None or not found:
            return
        kept = [(name, self._code(name), *place[2:]) for name, place in self._places.items()]
        places, end = dict[str, _Place](), 0
        for name, code, source, is_package in (*kept, *found):
            places[name] = (end, len(code), source, is_package)
            end += len(code)
        head = marshal.dumps((self._keeper.stamp, places, end))
        write_bytes(self._file, len(head).to_bytes(4, "little"), head, *(bytes(code) for _, code, *_ in (*kept, *found)))

    def _code(self, name: str) -> memoryview:
        begin, length, *_ = self._places[name]
        return self._codes[begin : begin + length]

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """As `importlib` wants it."""
        if name not in self._places:
            return None
        *_, source, is_package = self._places[name]
        # Without a location, so that `importlib` does not work out where the compiled file would be.
        spec = ModuleSpec(name, self, origin=source, is_package=is_package)  # type: ignore[arg-type]
        if is_package:
            spec.submodule_search_locations = [source.rpartition("__init__.py")[0].rstrip("/\\")]
        return spec

    def create_module(self, spec: ModuleSpec) -> None:
        """As `importlib` wants it."""

    def exec_module(self, module: ModuleType) -> None:
        """As `importlib` wants it."""
        module.__file__ = self._places[module.__name__][2]
        exec(marshal.loads(self._code(module.__name__)), module.__dict__)


def _found(name: str) -> Iterator[tuple[str, bytes, str, bool]]:
    """The code of a module that Python found in a folder, and where it found its source."""
    spec: Any = getattr(sys.modules[name], "__spec__", None)
    get_code = getattr(getattr(spec, "loader", None), "get_code", None)
    if get_code is not None and spec.origin and spec.origin.endswith(".py") and (code := get_code(name)) is not None:
        yield name, marshal.dumps(code), spec.origin, spec.submodule_search_locations is not None
