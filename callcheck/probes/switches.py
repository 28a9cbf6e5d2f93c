"""What does code start only where a variable has a value, which no unit of the deployment is given?

    if (process.env.RUN_JOBS === "true") cron.schedule("0 6 * * *", digest);      # environment: {RUN_JOBS: "yes"}
    if os.environ.get("WORKER") == "1": consumer.start()
    env_production: { ENABLE_JOBS: "1" }                                          # PM2: only with `--env production`
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.starting import SwitchOff
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tested import bodies, places
from callcheck.sources.code.tree import (
    Call,
    Function,
    Import,
    Literal,
    Member,
    Node,
    Operation,
    Sequence,
    dotted,
)
from callcheck.sources.environment import Setting, settings
from callcheck.sources.files import File
from callcheck.sources.launch import commands, scripts
from callcheck.sources.launch.ecosystem import STARTS

_STARTS = ("schedule", "start", "take-work", "consume", "subscribe")
_SAME, _OTHER = ("===", "==", "in"), ("!==", "!=", "not in")
_FOLDS = frozenset({"lower", "toLowerCase", "casefold"})
_LOADS = ("require", "import", "import_module", "importlib.import_module", "__import__")
_CARRIES = _FOLDS | {"strip", "trim"}
_PM2 = ("ecosystem*", "*pm2*", "process*.json", "process*.yml")
_SET = pattern(r"\benv_(\w{1,40})[\"']?\s*:\s*\{([^{}]{0,5000})\}")
_PAIR = pattern(r"\b([A-Z][A-Z0-9_]{2,80})[\"']?\s*:\s*[\"']?([^\"',\s}]{1,200})")


@dataclass(frozen=True, slots=True, eq=False)
class _Switch:
    """A comparison of a variable with texts, and what is run where it holds."""

    name: str
    wanted: tuple[str, ...]
    negated: bool
    folds: bool
    node: Node
    starts: Use

    def on(self, value: str) -> bool:
        """Whether a value turns it on."""
        wanted = [each.lower() for each in self.wanted] if self.folds else self.wanted
        return ((value.lower() if self.folds else value) in wanted) is not self.negated


class Switches:
    """Silent where some unit is given the right value, where a value is not written out, and for variables that no file sets."""

    name = "switches"
    looks_at = Sight.SOURCE
    about = _STARTS
    answers = frozenset({SwitchOff})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        switches = list(_switches(code))
        if not switches:
            return
        units = {each.unit for each in settings(eyes)}
        given: dict[str, list[Setting]] = {}
        for each in settings(eyes):
            given.setdefault(each.name, []).append(each)
        idle = dict(_unasked_sets(eyes))
        for switch in switches:
            found = given.get(switch.name, [])
            if switch.negated and not units <= {"", *(each.unit for each in found)}:
                continue  # It is on in the units that are not given it.
            if found and all(each.value for each in found) and not any(switch.on(each.value) for each in found):
                first = found[0]
                yield self._off(switch, first.value, first.unit, first.file, first.line)
            elif not found and switch.name in idle and switch.on(idle[switch.name][0]):
                _, file, line = idle[switch.name]
                yield self._off(switch, "", "", file, line)

    def _off(self, switch: _Switch, given: str, unit: str, file: File, line: int) -> Evidence:
        started = clean(dotted(switch.starts.call.callee).rsplit(".", 1)[-1], 60) or "it"
        wanted = ("not " if switch.negated else "") + " or ".join(switch.wanted)
        fact = SwitchOff(clean(switch.name, 80), clean(wanted, 80), clean(given, 80), started, clean(unit, 80), switch.starts.module.language)
        where = Location(clean(file.name), line or 1)
        told = Evidence(fact, Basis.DECLARED, self.name, where, label="this is what it is given" if given else "only with this set, which no command asks for")
        return seen(fact, switch.node, self.name, (told, seen(fact, switch.starts.call, self.name, label="not started otherwise")))


def _switches(code: Code) -> Iterator[_Switch]:
    web = {use.framework.name for use in code.idioms.of("serve") if use.idiom.role == "request"}
    uses = [use for use in code.idioms.of(*_STARTS) if use.framework.name not in web and not is_test(use.module.path)]
    if not uses:
        return
    by_function: dict[int, Use] = {}
    for use in uses:
        if use.function is not None:
            by_function.setdefault(id(use.function), use)
    told: set[int] = set()
    for read in code.variables.reads:
        compared = _compared(read.node)
        if compared is None or id(compared[0]) in told:
            continue
        told.add(id(compared[0]))
        node, wanted, negated, folds = compared
        for place in places(code, node):
            for body, otherwise in bodies(place):
                started = _started(code, body, uses, by_function)
                if started is not None:
                    yield _Switch(read.name, wanted, negated is not otherwise, folds, node, started)
                    break


def _compared(node: Node) -> tuple[Node, tuple[str, ...], bool, bool] | None:
    """The comparison that a reading stands in: the node, the texts, whether it is for another one, and whether case counts for nothing."""
    folds = False
    while isinstance(node.parent, Member) and node.parent.name in _CARRIES and isinstance(node.parent.parent, Call):
        folds = folds or node.parent.name in _FOLDS
        node = node.parent.parent
    above = node.parent
    if not isinstance(above, Operation) or len(above.operands) != 2 or above.operator not in _SAME + _OTHER:
        return None
    other = above.operands[1] if above.operands[0] is node else above.operands[0]
    items = other.items if isinstance(other, Sequence) else [other]
    texts = tuple(item.value for item in items if isinstance(item, Literal) and isinstance(item.value, str))
    return (above, texts, above.operator in _OTHER, folds) if texts and len(texts) == len(items) else None


def _started(code: Code, body: list[Node], uses: list[Use], by_function: dict[int, Use]) -> Use | None:
    """The first start in a piece of code, or in a function of the project that it calls."""
    for node in body:
        for use in uses:
            if use.module is module_of(node) and node.at <= use.call.at < node.end:
                return use
        for call in node.inside(Call):
            called = code.origins.of(call.callee).node
            if isinstance(called, Function) and id(called) in by_function:
                return by_function[id(called)]
        for path in _loaded(code, node):
            if (there := next((use for use in uses if use.module.path == path and use.function is None), None)) is not None:
                return there
    return None


def _loaded(code: Code, node: Node) -> Iterator[str]:
    """The project's files that a piece of code loads: `require("./worker")`, `await import("./worker.js")`, `import app.worker`."""
    names = [call.args[0].value for call in node.inside(Call) if dotted(call.callee) in _LOADS and call.args and isinstance(call.args[0], Literal)]
    names += [each.module for each in node.inside(Import)]
    for name in names:
        found = code.project.find(module_of(node), str(name))
        if found is not None:
            yield found.path


def _unasked_sets(eyes: Eyes) -> Iterator[tuple[str, tuple[str, File, int]]]:
    """Variables that PM2 sets only for an environment which none of the project's commands asks for: value and place."""
    asked = [command for file, text in scripts(eyes, "pm2") for _, command in commands(file, text) if STARTS.search(command)]
    for file in eyes.tree.named(*_PM2) if asked else ():
        text = eyes.readable(file, 200_000)
        for found in _SET.finditer(text):
            if any(re.search(rf"--env[= ]{re.escape(found[1])}\b", command) for command in asked):
                continue
            for pair in _PAIR.finditer(found[2]):
                line = text.count("\n", 0, found.start(2) + pair.start()) + 1
                if len(re.findall(rf"\b{pair[1]}\b", text)) == 1:
                    yield pair[1], (pair[2], file, line)


PROBE = Switches()
