"""Which documents do Firestore's security rules let a client read?

    match /databases/{database}/documents {
      match /orders/{id} { allow get: if request.auth != null; allow write: if false; }
    }

Source: firebase.google.com/docs/firestore/security/rules-structure: `read` is `get` and `list`; what no rule allows is refused. Whether a condition holds is not known, but for `if false`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from callcheck.model.evidence import Location
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.launch import aside

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_TOP = ("databases", "{}", "documents")
_REMARK = pattern(r"//[^\n]*|/\*[\s\S]*?\*/")
_PART = pattern(r"\bmatch\s+(?P<path>/[^\s{]*(?:\{[^{}]*\}[^\s{]*)*)\s*\{|\ballow\s{1,20}(?P<ops>\w+(?:\s{0,20},\s{0,20}\w+){0,8})\s{0,20}(?::\s{0,20}if\s{1,20}(?P<when>[^;\s][^;]{0,2000}?))?\s{0,20}(?:;|(?=\n\s*(?:allow|match|\}|$)))|(?P<open>\{)|(?P<shut>\})")
_WHOLE = pattern(r"\{[^{}]*=\*\*\}")
_READS = {"read": frozenset({"get", "list"}), "get": frozenset({"get"}), "list": frozenset({"list"})}


@dataclass(frozen=True, slots=True)
class Allowed:
    """One `allow` for the documents of a path; a variable in it is `{}`, one for all that follows `**`."""

    path: tuple[str, ...]
    does: frozenset[str]
    where: Location

    def fits(self, path: tuple[str, ...]) -> bool:
        """Whether it may be for a document; `*` in the path is not known."""
        for at, mine in enumerate(self.path):
            if mine == "**":
                return len(path) >= at
            if at >= len(path) or (mine != "{}" and path[at] not in (mine, "*")):
                return False
        return len(self.path) == len(path)


def firestore_rules(eyes: Eyes) -> list[Allowed] | None:
    """Those of the project's one file of rules; None where there is none, or there are several."""
    files = [file for file in eyes.tree.named("*firestore*.rules") if not aside(eyes, file)]
    text = eyes.readable(files[0], 200_000) if len(files) == 1 else ""
    if "match" not in text:
        return None
    text = _REMARK.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    found: list[Allowed] = []
    stack: list[tuple[str, ...]] = []
    for part in _PART.finditer(text):
        here = tuple(each for path in stack for each in path)
        if part["path"]:
            stack.append(tuple(_segment(each) for each in part["path"].strip("/").split("/")))
        elif part["open"]:
            stack.append(())
        elif part["shut"] and stack:
            stack.pop()
        elif part["ops"]:
            does = frozenset().union(*(_READS.get(each.strip(), frozenset()) for each in part["ops"].split(",")))
            never = (part["when"] or "").strip() == "false"
            if here[:3] == _TOP:
                found.append(Allowed(here[3:], frozenset() if never else does, Location(clean(files[0].name), text.count("\n", 0, part.start()) + 1)))
    return found


def _segment(text: str) -> str:
    return "**" if _WHOLE.match(text) else "{}" if text.startswith("{") else text
