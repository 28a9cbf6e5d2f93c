"""Which regular expressions do the files of rules hold, and does one of them search without end?

    rules/traps/paho.yaml: missing-subscription: around      \\.loop\\(
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from callcheck.model.endless import Endless, endless
from callcheck.model.errors import RuleError
from callcheck.model.knowledge import SPANNING, Framework, Idiom, Place, pattern_in
from callcheck.model.log import LogKnowledge
from callcheck.model.noun import dataclass
from callcheck.model.spans import span

_PLAIN = ("path", "path-lacks", "mounted", "names-one-of")
_OF_PLACE = ("path", "text", "lacks", "tree", "tree_lacks", "code")


@dataclass(frozen=True, slots=True)
class Written:
    """One pattern, as a file of rules has it."""

    origin: str
    """The file."""
    name: str
    """What it belongs to, and the key that it stands under."""
    text: str
    flags: int = 0
    spans: bool = False
    """Whether it is searched as a span."""
    anchored: bool = False
    """Whether it is tried only at the beginning of a text."""

    def searched(self) -> list[tuple[str, int]]:
        """The patterns that are really looked for, with their flags. Raises `re.error`."""
        return [(each.pattern, each.flags) for each in span(self.text).searched()] if self.spans else [(self.text, self.flags)]

    def endless(self) -> Endless | None:
        """Why a search for it may not come to its end. Raises `re.error`."""
        found = (endless(text, flags, anchored=self.anchored) for text, flags in self.searched())
        return max((each for each in found if each), key=lambda each: each.steps, default=None)


def check(written: Iterable[Written]) -> None:
    """Raises RuleError for the first pattern that is none, or that may search without end."""
    for each in written:
        try:
            found = each.endless()
        except (re.error, RecursionError, OverflowError) as error:
            raise RuleError(f"{each.name}: not a regular expression: {error}", each.origin) from error
        if found is not None:
            hint = "bound what is repeated (`[^\\n]{0,200}` for `[^\\n]*`), and let no two repetitions that stand beside one another take the same characters"
            raise RuleError(f"{each.name}: {each.text[:120]!r} can search without end, {found.shown}", each.origin, None, hint)


def of_frameworks(frameworks: Iterable[Framework]) -> Iterator[Written]:
    """Those of idioms, traps and places."""
    for framework in frameworks:
        origin = framework.origin
        for idiom in framework.idioms:
            name = ": ".join(filter(None, (idiom.does, idiom.effect)))
            yield from (Written(origin, f"{name}: {key}", text, flags, spans) for key, text, flags, spans in _of_idiom(idiom))
        for place in framework.places:
            yield from (Written(origin, f"place: {key}", text, re.MULTILINE) for key, text in _of_place(place))
        yield from (Written(origin, f"graphs: {graph}", text) for graph, text in framework.graphs.items())


def of_logs(known: LogKnowledge) -> Iterator[Written]:
    """Those of formats, signatures and boundaries."""
    for form in known.formats:
        if form.pattern:
            yield Written(form.origin, f"{form.name}: pattern", form.pattern.pattern, form.pattern.flags, anchored=True)
    for sign in known.signatures:
        for key, pattern in (("pattern", sign.pattern), ("unless", sign.unless), ("cured_by", sign.cured_by)):
            if pattern:
                yield Written(sign.origin, f"{sign.signal}: {key}", pattern.pattern, pattern.flags)
    for edge in known.boundaries:
        yield Written(edge.origin, f"{edge.stage}: pattern", edge.pattern.pattern, edge.pattern.flags)


def _of_idiom(idiom: Idiom) -> Iterator[tuple[str, str, int, bool]]:
    where = idiom.where
    yield from ((key, str(where[key]).removeprefix("*"), 0, True) for key in where if key in SPANNING)
    yield from ((key, str(where[key]), 0, False) for key in _PLAIN if key in where)
    yield from (("given", str(text), 0, False) for text in (where.get("given") or {}).values())
    for key, listed in (("along", idiom.along), ("without", idiom.without)):
        # What is filled in at the call is a name: it has nothing to choose.
        yield from ((key, re.sub(r"\{(?:event|made|on|arg [^{}]*)\}", "name", text), 0, True) for text in filter(None, map(pattern_in, listed)))
    if idiom.spot:
        yield "spot", idiom.spot, 0, False
    yield from (("matches", str(wanted["matches"]), 0, False) for wanted in idiom.needs.values() if isinstance(wanted, dict) and "matches" in wanted)
    if idiom.does in ("choice", "want") and idiom.scope:
        yield "scope", idiom.scope.removeprefix("in file: "), 0, False
    if idiom.does == "choice" and idiom.says:
        yield "says", idiom.says, 0, False


def _of_place(place: Place) -> Iterator[tuple[str, str]]:
    for key in _OF_PLACE:
        given = getattr(place, key)
        yield from ((key, text) for text in ([given] if isinstance(given, str) else given) if text)
    for key, table in (("config", place.config), ("unless", place.unless)):
        yield from ((f"{key} {part}", str(table[part]).replace("{table}", "name")) for part in ("has", "lacks") if table.get(part))
