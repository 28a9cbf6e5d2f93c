"""What runs only in the process that has a certain number, where no process has it?

    if (process.env.NODE_APP_INSTANCE === 0) cron.schedule(…);          // a variable is a text: "0"
    if (process.env.NODE_APP_INSTANCE === "0") cron.schedule(…);        // CMD ["node", "server.js"]: PM2 alone sets it
    instance_var: "WORKER_NO"                                           // then PM2 sets that instead
    if (process.env.pm_id === "0") cron.schedule(…);                    // pm_id counts the processes of all apps

PM2 sets `NODE_APP_INSTANCE` to the number of each process of an app from 0, or the variable that `instance_var` names (pm2 5.4.3, lib/God.js).
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.handlers import CallNoted
from callcheck.model.noun import dataclass
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tested import bodies, first_call, places
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Entry,
    Literal,
    Member,
    Module,
    Name,
    Node,
    Object,
    Operation,
    Subscript,
    dotted,
    last_name,
)
from callcheck.sources.documents import Table
from callcheck.sources.environment import settings
from callcheck.sources.files import File
from callcheck.sources.launch import aside
from callcheck.sources.launch.ecosystem import CONFIGURATIONS, apps

_NUMBER, _IDENT = "NODE_APP_INSTANCE", "pm_id"
_NAMES = (_NUMBER, _IDENT)
_STARTS = ("Dockerfile*", "*compose*.y*ml", "Procfile*", "*.service", "fly*.toml", "*.yaml", "*.yml")
"""Files that say how the program is run."""
_MANAGED = ("package.json", "*.sh", "*.md", "Makefile", "justfile")
"""Files beside them that may speak of PM2."""
_NUMBERS = frozenset({"Number", "parseInt", "Number.parseInt"})
_LARGEST = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class _Guard:
    """A comparison of a process's number with a literal, and what runs where they are the same."""

    name: str
    node: Operation
    wanted: str | int
    as_number: bool
    """Whether the variable was made a number before."""
    starts: Call


class InstanceNumbers:
    """Silent where a process has the number, and for what stands in where there is none (`?? "0"`)."""

    name = "instance-numbers"
    looks_at = Sight.SOURCE
    marks = _NAMES
    signs = (Sign(words=_NAMES),)
    answers = frozenset({CallNoted})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        guards = list(_guards(code))
        if not guards or any(each.name in _NAMES for each in settings(eyes)):
            return
        held = list(_apps(eyes))
        for guard in guards:
            found = _compared_wrongly(guard) or _named_otherwise(guard, held) or _counted(eyes, guard, held) or _unmanaged(eyes, guard, held)
            if found is not None:
                says, beside = found
                fact = CallNoted("no-such-instance", clean(last_name(guard.starts.callee), 60), clean(says, 80), "module", "node-processes", module_of(guard.node).language)
                because = [seen(fact, guard.starts, self.name, label="so this never runs")]
                if beside is not None:
                    file, line, label = beside
                    because.append(Evidence(fact, Basis.DECLARED, self.name, Location(clean(file.name), line), label=label))
                yield seen(fact, guard.node, self.name, tuple(because))


_Found = tuple[str, tuple[File, int, str] | None]
"""What a guard asks for, and what shows that no process has it."""


def _compared_wrongly(guard: _Guard) -> _Found | None:
    if isinstance(guard.wanted, int) and not guard.as_number and guard.node.operator in ("===", "!=="):
        return f"{guard.name} is the number {guard.wanted}, while a variable is a text", None
    return None


def _named_otherwise(guard: _Guard, held: list[tuple[File, list[Table]]]) -> _Found | None:
    """`instance_var` in each app of the configuration."""
    tables = [(file, app) for file, found in held for app in found]
    if guard.name != _NUMBER or not tables or not all(app.get("instance_var") not in (None, _NUMBER) for _, app in tables):
        return None
    file, app = tables[0]
    return f"{_NUMBER} is {guard.wanted}", (file, app.lines.get("instance_var", app.line), f"PM2 sets {clean(str(app.get('instance_var')), 40)} instead")


def _counted(eyes: Eyes, guard: _Guard, held: list[tuple[File, list[Table]]]) -> _Found | None:
    """`pm_id` counts on over the apps of one configuration, in their order."""
    if guard.name != _IDENT or len(held) != 1 or len(held[0][1]) < 2:
        return None
    file, found = held[0]
    stems = {_stem(path) for path in eyes.code.programs.of(module_of(guard.node))}
    mine = [number for number, app in enumerate(found) if _stem(str(app.get("script") or "")) in stems]
    if len(mine) != 1 or not mine[0]:
        return None
    before = found[: mine[0]]
    if any("--only" in eyes.readable(each, _LARGEST) for each in eyes.tree.named(*_MANAGED)):
        return None
    if int(guard.wanted) < len(before) and all(str(app.get("instances", 1)).lstrip("-").isdigit() or app.get("instances") == "max" for app in before):
        return f"{_IDENT} is {guard.wanted}", (file, found[mine[0]].line, f"the processes of this app have {len(before)} and later numbers, after those of the apps above")
    return None


def _unmanaged(eyes: Eyes, guard: _Guard, held: list[tuple[File, list[Table]]]) -> _Found | None:
    """A file says how the program is run, and none speaks of PM2."""
    if held:
        return None
    starts = [file for file in eyes.tree.named(*_STARTS) if not aside(eyes, file)]
    run = next(((file, number) for file in starts for number, line in enumerate(eyes.readable(file, _LARGEST).splitlines(), 1) if _runs_node(line)), None)
    if run is None or any("pm2" in eyes.readable(file, _LARGEST).lower() for file in (*starts, *eyes.tree.named(*_MANAGED))):
        return None
    return f"{guard.name} is {guard.wanted}, which PM2 alone would set", (*run, "this starts it without PM2")


def _runs_node(line: str) -> bool:
    """`CMD ["node", "server.js"]`, `web: npm start`, `command: node dist/main.js`."""
    words = "".join(char if char.isalnum() or char in "./_-" else " " for char in line).split()
    head = words[1:] if words and words[0] in ("CMD", "ENTRYPOINT", "command", "web", "ExecStart", "api", "app", "worker") else []
    return bool(head) and head[0].rsplit("/", 1)[-1] in ("node", "npm", "yarn", "pnpm")


def _apps(eyes: Eyes) -> Iterator[tuple[File, list[Table]]]:
    """The apps of each configuration of PM2."""
    for file in eyes.tree.named(*CONFIGURATIONS):
        if not aside(eyes, file):
            try:
                found = apps(eyes, file)
            except SourceError:
                continue
            if found:
                yield file, found


def _stem(path: str) -> str:
    return path.rsplit("/", 1)[-1].split(".")[0]


def _guards(code: Code) -> Iterator[_Guard]:
    for module in code.project.naming(*_NAMES):
        for name, read in _reads(module) if not is_test(module.path) else ():
            for use in places(code, read) if not isinstance(read, Entry) else _uses(module, read):
                found = _compared(use)
                for place in places(code, found[0]) if found is not None else ():
                    for body, otherwise in bodies(place):
                        starts = first_call(body)
                        if found is not None and starts is not None and otherwise is (found[0].operator in ("!==", "!=")):
                            yield _Guard(name, *found, starts)


def _reads(module: Module) -> Iterator[tuple[str, Node]]:
    """`process.env.NODE_APP_INSTANCE`, `process.env["pm_id"]`, `const { NODE_APP_INSTANCE: number } = process.env`."""
    yield from ((each.name, each) for each in module.all(Member) if each.name in _NAMES and dotted(each.object) == "process.env")
    for item in module.all(Subscript):
        if isinstance(item.key, Literal) and item.key.value in _NAMES and dotted(item.object) == "process.env":
            yield str(item.key.value), item
    for assign in module.all(Assign):
        target = assign.targets[0]
        if assign.value is not None and dotted(assign.value) == "process.env" and isinstance(target, Object):
            yield from ((str(entry.key), entry) for entry in target.entries if entry.key in _NAMES and isinstance(entry.value, Name))


def _uses(module: Module, entry: Entry) -> Iterator[Node]:
    name = entry.value.id if isinstance(entry.value, Name) else ""
    return (use for use in module.all(Name) if use.id == name and use.at > entry.end)


def _compared(node: Node) -> tuple[Operation, str | int, bool] | None:
    """The comparison with a literal that a reading stands in, the literal, and whether the reading is made a number: `Number(x) === 0`, `+x === 0`."""
    number = False
    above = node.parent
    if isinstance(above, Call) and dotted(above.callee) in _NUMBERS and above.args and above.args[0] is node or isinstance(above, Operation) and above.operator == "+" and len(above.operands) == 1:
        number, node, above = True, above, above.parent
    if not isinstance(above, Operation) or above.operator not in ("===", "==", "!==", "!=") or len(above.operands) != 2:
        return None
    other = above.operands[1] if above.operands[0] is node else above.operands[0]
    value = other.value if isinstance(other, Literal) else None
    if isinstance(value, bool) or not isinstance(value, (str, int)) or not str(value).isdigit():
        return None
    return above, value, number


PROBE = InstanceNumbers()
