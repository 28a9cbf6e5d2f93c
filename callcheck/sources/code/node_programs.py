"""Which JavaScript programs does a deployment start, and does a piece of code run in each of them?

    web: node src/server.js        requires ./listeners and ./payments
    worker: node src/worker.js     requires ./payments alone
"""

from __future__ import annotations

from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.begun import main_only
from callcheck.sources.code.function_roles import PER_CALL
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tops import Tops
from callcheck.sources.code.tree import Call, Function, Node
from callcheck.sources.launch.started import ONE_OFF

LOADERS = pattern(r"\bimport\.meta\.glob\b|\brequire\.context\b|\bglob(?:Sync)?\(|\breaddir(?:Sync)?\(|\bimport\(\s*[^\"'\s)]|\brequire\(\s*[^\"'\s)]|\*\*/\*")
"""Ways in which files are loaded that no import names."""
_ASIDE = pattern(r"(?:^|/)(?:scripts?|tools?|bin|dev|seeds?|seeders?|migrations?|examples?|demo|benchmarks?|stories)/")
"""Folders of programs that somebody runs by hand."""


class NodePrograms:
    """Programs by their first file."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self._loading: dict[str, bool] = {}
        entries = code.programs.entries
        self.entries = tuple(path for path in entries if not path.endswith(".py") and path not in code.programs.spawned and path not in code.programs.parts and not is_test(path))

    def lasting(self, entry: str) -> bool:
        """Whether a program is there to go on: none that migrates or fills, and none in a folder of scripts, and it loads no files that no import names."""
        return not (ONE_OFF.search(entry) or _ASIDE.search(entry)) and not any(map(self._loads_more, self.code.programs.loads(entry)))

    def _loads_more(self, path: str) -> bool:
        if path not in self._loading:
            self._loading[path] = bool(LOADERS.search(self.code.project.text(path)))
        return self._loading[path]

    def runs(self, node: Node, entry: str) -> bool | None:
        """Whether a piece of code runs in a program; None if that cannot be told."""
        answers = [self._starts(top, entry) for top in self.code.once(Tops).of(node)]
        return True if True in answers else None if None in answers else False

    def _starts(self, top: Node, entry: str) -> bool | None:
        path = module_of(top).path
        if path not in self.code.programs.loads(entry):
            return False
        if not isinstance(top, Function):
            return path == entry or not main_only(top)
        return True if isinstance(top.parent, Call) or self.code.idioms.handled_by(top) or self.code.lifetimes.role(top) in PER_CALL else None
