"""Do two programs take from one queue or group, though each handles what the other does not?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.meeting import ConsumersCompete
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.seen import seen


class Competing:
    """Looks at `joins` idioms with one written name in programs that have no file with it in common."""

    name = "competing"
    looks_at = Sight.SOURCE
    about = ("joins",)
    answers = frozenset({ConsumersCompete})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        if len(code.programs.entries) < 2:
            return
        by_name: dict[tuple[str, str], list[Use]] = {}
        for use in code.idioms.of("joins"):
            name = next(iter(code.idioms.events(use)), "")
            if name and "*" not in name:
                by_name.setdefault((use.framework.name, name), []).append(use)
        for (_, name), uses in by_name.items():
            yield from self._compare(code, name, uses)

    def _compare(self, code: Code, name: str, uses: list[Use]) -> Iterator[Evidence]:
        for use in uses:
            for other in uses:
                here, there = code.programs.of(use.module), code.programs.of(other.module)
                if use is other or not here or not there or here & there or not _differ(code, use, other, here, there):
                    continue
                fact = ConsumersCompete(clean(name, 80), clean(min(here), 80), clean(min(there), 80), use.framework.name, use.module.language)
                yield seen(fact, use.call, self.name, (seen(fact, other.call, self.name, label="the other program takes from it too"),))
                return


def _differ(code: Code, use: Use, other: Use, here: frozenset[str], there: frozenset[str]) -> bool:
    """Whether the two handle different messages, as far as their libraries name these; a queue without names counts as one for all."""
    return _handled(code, use, here) != _handled(code, other, there) or not _handled(code, use, here)


def _handled(code: Code, use: Use, programs: frozenset[str]) -> frozenset[str]:
    found: set[str] = set()
    for each in code.idioms.of("subscribe", "listen"):
        if each.framework is use.framework and code.programs.of(each.module) & programs and ("pattern" in each.idiom.traits or each.idiom.does == "listen"):
            found |= set(code.idioms.events(each))
    return frozenset(found)


PROBE = Competing()
