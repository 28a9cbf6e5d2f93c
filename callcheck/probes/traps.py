"""Which calls do less than they seem to, by what their library is known to do?

    observer.schedule(handler, folder)        # watchdog: subfolders raise no event without recursive=True

The traps are data, in `rules/traps/<framework>.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.aside import is_only_test
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.spans import span
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.frozen import frozen_by
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.nested_graphs import nested
from callcheck.sources.code.renewed import renewed
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.set_anew import Place
from callcheck.sources.code.standing import Standing
from callcheck.sources.code.taken_before import taken_before
from callcheck.sources.code.threads import handed_to_thread
from callcheck.sources.code.tree import Call, Function, Node, dotted
from callcheck.sources.code.unstepped import unstepped
from callcheck.sources.code.wanted import argument
from callcheck.sources.code.wording import words_of

_LONGEST = 160
_OF_TESTS = "test-"
"""Begins the kinds of objects that tests make: what a test does with others, it does to see what comes of it."""


_SETS = "[:=]"
"""In a pattern of a setting, between its name and what it is given."""


class Traps:
    """States the uses of traps that stand as the trap says."""

    name = "traps"
    looks_at = Sight.SOURCE
    about = ("trap",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        standing = Standing(eyes.code)
        for use in eyes.code.idioms.of("trap"):
            trap = use.idiom
            if is_only_test(use.module.path) and not (use.framework.for_tests or trap.on.startswith(_OF_TESTS)):
                continue
            if standing.stands(use):
                name = clean(dotted(use.call.callee).rsplit(".", 1)[-1], 60)
                fact = LibraryTrap(trap.effect, trap.strength, clean(trap.says, _LONGEST), name, use.framework.name, use.module.language)
                options = tuple(seen(fact, node, self.name, label="by this option") for node in _options(eyes.code, use))
                options += tuple(seen(fact, node, self.name, label="made here, without that option") for node in _made_without(eyes.code, use))
                options += tuple(Evidence(fact, Basis.DECLARED, self.name, Location(clean(place.path), place.line), label="made anew at each start here") for place in _deployed(eyes.code, use))
                options += tuple(seen(fact, node, self.name, label="in this handler" if isinstance(node, Function) else "the handler calls what does so", spot=str(trap.where["body"]) if isinstance(node, Function) else "") for node in _read_by(eyes.code, use))
                options += tuple(seen(fact, node, self.name, label="this is done again") for node in _apart(eyes.code, use))
                options += tuple(seen(fact, node, self.name, label=label) for node, label in _between_threads(eyes.code, use))
                options += tuple(seen(fact, node, self.name, label=label) for node, label in _overtaken(eyes.code, use))
                options += tuple(seen(fact, node, self.name, label=label) for node, label in (nested(eyes.code, use, trap.where["nested"] == "read") if "nested" in trap.where else ()))
                frozen = frozen_by(eyes.code, use) if "frozen-without" in trap.where else []
                options += tuple(seen(fact, node, self.name, label="frozen when this has answered") for node in frozen)
                options += tuple(Evidence(fact, Basis.DECLARED, self.name, Location(clean(said.path), said.line), clean(said.text), label="as the deployment says here") for said in standing.deployment.wanted_by(trap))
                options += tuple(Evidence(fact, Basis.INFERRED, self.name, place, label="set so here") for place in _settings(eyes.code, use))
                made = standing.made_by(use) if trap.where.get("instantiated") is True else None
                yield seen(fact, made or use.call, self.name, options, spot="" if made else trap.spot)


def _options(code: Code, use: Use) -> Iterator[Node]:
    """The options by which the trap is one, where they stand on lines of their own: of the call in its file, and of the call that made its object."""
    site = use.receiver.site
    wanted = [(use.call, name) for name in use.idiom.needs] + [(site, name) for name in use.idiom.made if name != "of" and isinstance(site, Call)]
    for call, names in wanted:
        for each in names.split("|"):
            node = None if each.isdigit() else code.idioms.option(call, each)
            here = node is not None and module_of(node) is use.module
            if node is not None and (node.line != use.call.line if here else call is site):
                yield node


def _settings(code: Code, use: Use) -> Iterator[Location]:
    """The lines of other files that give a setting the value by which the trap is one."""
    for wanted in (each[1:] for each in use.idiom.along if each[:1] in ("/", "%") and _SETS in each):
        for path in sorted(code.project.holding(words_of(use.idiom, wanted))):
            found = next(iter(span(wanted).places(code.project.text(path))), None) if path != use.module.path and not is_only_test(path) else None
            if found is not None:
                yield Location(clean(path), code.project.text(path).count("\n", 0, found[0]) + 1)
                break


def _made_without(code: Code, use: Use) -> Iterator[Node]:
    """The call that made the object without an option that the trap wants left out, where it is another line's."""
    site = use.receiver.site
    if isinstance(site, Call) and (module_of(site) is not use.module or site.line != use.call.line):
        names = [each for name in use.idiom.made if name != "of" for each in name.split("|") if not each.isdigit()]
        if names and all(code.idioms.option(site, each) is None for each in names):
            yield site


def _deployed(code: Code, use: Use) -> Iterator[Place]:
    """Where the deployment makes an option anew that the trap wants to be so."""
    for name, want in use.idiom.needs.items():
        place = renewed(code.idioms, argument(code.idioms, use.call, name)) if isinstance(want, dict) and want.get("renewed") else None
        if place is not None and place.path not in code.project.sources:
            yield place


def _apart(code: Code, use: Use) -> Iterator[Node]:
    """What a handler does outside of its steps."""
    for node in code.idioms.handlers(use) if "unstepped" in use.idiom.where else ():
        if isinstance(node, Function) and (found := unstepped(node, *use.idiom.where["unstepped"])) is not None:
            yield found


def _between_threads(code: Code, use: Use) -> Iterator[tuple[Node, str]]:
    """Where an object was made that another thread uses, and what this thread is begun by."""
    site = use.receiver.root.site if use.idiom.where.get("other-thread") else None
    if site is not None:
        yield site, "made here, by another thread"
        if begun := handed_to_thread(code, use.function):
            yield begun, "handed to a thread here"


def _overtaken(code: Code, use: Use) -> Iterator[tuple[Node, str]]:
    """What was made before the call that it should have heard of, and the place from which that call comes so late."""
    late = taken_before(code, use) if "after" in use.idiom.where else None
    if late is not None:
        made, place = late
        yield made, "made here, before"
        if place is not use.call:
            yield place, "this comes to the call, after it"


def _read_by(code: Code, use: Use) -> Iterator[Node]:
    """The handlers that have what the trap looks for in a line of their own, where that is another line than the call's; for others, their calls of what has it."""
    wanted = str(use.idiom.where.get("body") or "")
    for node in code.idioms.handlers(use) if wanted else ():
        if isinstance(node, Function):
            found = _line_of(node, wanted)
            if found and not (module_of(node) is use.module and found == use.call.line):
                yield node
            elif not found:
                called = ((call, code.origins.of(call.callee).node) for call in node.inside(Call))
                yield from [call for call, function in called if isinstance(function, Function) and _line_of(function, wanted)][:1]


def _line_of(function: Function, wanted: str) -> int:
    """The line of a function that has a pattern; 0 for none."""
    return next((n for n, line in enumerate(module_of(function).lines[function.line - 1 : function.end_line], function.line) if re.search(wanted, line)), 0)


PROBE = Traps()
