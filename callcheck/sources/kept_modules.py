"""Our own modules in one file: to find and open two hundred takes a fifth of a short run.

Python looks for each module in its folder, asks whether the compiled one is younger than its source, opens and reads it. The code of all that a
run has loaded is kept in one file under the cache folder, as long as none of our own files changes: `Keeper.stamp`, which every run looks at.
What every run loads is packed together, each name once for all of it, which saves a sixth of unpacking.
"""

from __future__ import annotations

import marshal
import mmap
import sys
from _frozen_importlib import ModuleSpec  # `importlib.machinery` adds nothing but a module to load
from collections.abc import Sequence
from types import CodeType, ModuleType
from typing import Any

from callcheck.sources.kept import Keeper, trusted, write_bytes

_ROOT = __name__.partition(".")[0]
_Place = tuple[int, int, str, bool]
"""Where a module's code begins, how long it is (0 for one of those that are together), its source file, and whether it is a package."""


class KeptModules:
    """Gives the modules that are kept, as an entry of `sys.meta_path` within `with KeptModules():`; all others are found as ever."""

    def __init__(self) -> None:
        self._keeper = Keeper(())
        self._file = self._keeper.file("modules", str(sys.flags.optimize))
        self._places: dict[str, _Place] = {}
        self._codes = memoryview(b"")
        """All of them, the ones that are together first."""
        self._together: dict[str, CodeType] = {}
        """Those of them that no module was made of yet."""

    def __enter__(self) -> KeptModules:
        try:
            if self._file is not None:
                with trusted(self._file) as stream:
                    held = memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
                begin = 4 + int.from_bytes(held[:4], "little")
                stamp, places, end = marshal.loads(held[4:begin])
                if stamp == self._keeper.stamp and len(held) == begin + end:
                    self._codes, self._together = held[begin:], marshal.loads(held[begin:])
                    self._places = places
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
        """Keep what was loaded in this run too; what it did not load is together with others no more."""
        new = [name for name in sys.modules if name.startswith(f"{_ROOT}.") and name not in self._places]
        found = {name: each for name in new if (each := _found(name)) is not None}
        if self._file is None or not (found or self._together.keys() - sys.modules.keys()):
            return
        sources = {name: place[2:] for name, place in self._places.items()} | {name: each[1:] for name, each in found.items()}
        fresh = {name: code for name, (code, *_) in found.items()}
        before: dict[str, CodeType] = marshal.loads(self._codes) if self._places else fresh
        together = {name: code for name, code in before.items() if name in sys.modules}
        codes, places, end = [marshal.dumps(together)], dict[str, _Place](), 0
        for name, source in sources.items():
            end += len(codes[-1])
            code = before.get(name) or fresh.get(name)
            codes.append(b"" if name in together else marshal.dumps(code or self._code(name)))
            places[name] = (end, len(codes[-1]), *source)
        head = marshal.dumps((self._keeper.stamp, places, end + len(codes[-1])))
        write_bytes(self._file, len(head).to_bytes(4, "little"), head, *codes)

    def _code(self, name: str) -> CodeType:
        begin, length, *_ = self._places[name]
        if length:
            alone: CodeType = marshal.loads(self._codes[begin : begin + length])
            return alone
        if name not in self._together:  # whoever imports it failed, and tries again
            self._together |= marshal.loads(self._codes)
        return self._together.pop(name)

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
        name = module.__name__
        module.__file__ = self._places[name][2]
        exec(self._code(name), module.__dict__)


def _found(name: str) -> tuple[CodeType, str, bool] | None:
    """The code of a module that Python found in a folder, where it found its source, and whether it is a package."""
    spec: Any = getattr(sys.modules[name], "__spec__", None)
    get_code = getattr(getattr(spec, "loader", None), "get_code", None)
    if get_code is None or not spec.origin or not spec.origin.endswith(".py") or (code := get_code(name)) is None:
        return None
    return code, spec.origin, spec.submodule_search_locations is not None
