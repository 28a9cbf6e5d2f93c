"""What does an expression come to that is read from the environment, as the deployment sets it, or else by its default?

    queue=os.environ.get("REMINDERS", "reminders")          environment: {REMINDERS: later}       -> later
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from callcheck.sources.code.stand_ins import written as stands_in
from callcheck.sources.code.tree import Call, Literal, Member, Node, Operation, last_name

if TYPE_CHECKING:
    from callcheck.sources import Eyes


_SAME = frozenset(("str", "Path", "PurePath", "PosixPath", "fspath", "abspath", "realpath"))
_SAME_PATH = frozenset(("resolve", "absolute", "as_posix", "expanduser"))
"""What makes a path of a text, or the other way round, and leaves it as it is."""
_DEEP = 5


class Told:
    """Texts of expressions, those of variables included."""

    def __init__(self, eyes: Eyes) -> None:
        self._eyes = eyes

    def text(self, node: Node | None, depth: int = 0) -> str:
        """What is written out, what every unit that sets the variable gives it, or the default where none does; "" for anything else."""
        code = self._eyes.code
        written = code.idioms.text(node)
        if node is None or isinstance(node, Literal):
            return written
        site = code.origins.of(node).site
        name = self._places.get(id(node)) or self._places.get(id(site))
        if not name:
            inner = _within(site) if not written and depth < _DEEP else None
            return self.text(inner, depth + 1) if inner is not None else written
        values = self._values.get(name, set())
        if values:
            return next(iter(values)) if len(values) == 1 else ""
        stand_in, variable = stands_in(code, node)
        return _default(node) or _default(site) or (stand_in if variable else "")

    @functools.cached_property
    def _places(self) -> dict[int, str]:
        return self._eyes.code.variables.places

    @functools.cached_property
    def _values(self) -> dict[str, set[str]]:
        from callcheck.sources.environment import settings

        found: dict[str, set[str]] = {}
        for each in settings(self._eyes):
            found.setdefault(each.name, set()).add(each.value)
        return found


def _within(site: Node | None) -> Node | None:
    """What a path is made of: `str(Path(folder).resolve())` of `folder`."""
    if not isinstance(site, Call) or site.keywords:
        return None
    if len(site.args) == 1 and last_name(site.callee) in _SAME:
        return site.args[0]
    return site.callee.object if not site.args and isinstance(site.callee, Member) and site.callee.name in _SAME_PATH else None


def _default(node: Node | None) -> str:
    last = node.args[-1] if isinstance(node, Call) and len(node.args) > 1 else node.operands[-1] if isinstance(node, Operation) and node.operator in ("||", "??") else None
    return last.value if isinstance(last, Literal) and isinstance(last.value, str) else ""
