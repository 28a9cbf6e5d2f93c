"""Which facts follow from a unit and the command that it starts?

A command is followed into the npm script, shell script or server configuration that it hands over to, so that a number is shown where it
is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.deployment import (
    InstancesFactor,
    InstancesPossible,
    ServerBound,
    ServerlessFunction,
    ServerTrait,
    ServiceRun,
    ServiceStops,
)
from callcheck.model.noun import dataclass, field, replace
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.words import Basis
from callcheck.sources.files import File
from callcheck.sources.launch import configs
from callcheck.sources.launch.command import Started, read_command
from callcheck.sources.launch.find import near, package_script
from callcheck.sources.launch.recipes import KINDS, recipe
from callcheck.sources.launch.roles import INFRASTRUCTURE, role_of_name

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_DEEPEST = 4
_SHELL = pattern(r"#!\s*/\S*(?:\s|/)(?:ba|da|a|z)?sh\b")
_NESTS = ("pm2:", "procfile:", "supervisor:")
"""Who is handed a file with apps of its own; each app states its number."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One process type of a deployment, where its command is written. `env` are the plain values it sets; `role` is "" if not known."""

    probe: str
    system: str
    service: str
    file: File
    line: int
    env: Mapping[str, str] = field(default_factory=dict)
    role: str = ""
    image: str = ""
    platform_sets: str = ""
    """The variable that the platform itself sets (Heroku: WEB_CONCURRENCY)."""
    platform_least: int = 0
    """The least that it sets it to, where that is known."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A started thing and the place that says so."""

    started: Started
    file: File
    line: int


def state(
    eyes: Eyes, unit: Unit, command: str | Sequence[object], file: File | None = None, line: int = 0
) -> Iterator[Evidence | Lost]:
    """`service.run` for each long-running thing, and its `instances.factor` of processes (or `instances.possible`).

    `file` and `line` say where the command is written, if not with the unit. A command that starts nothing known gives the run alone.
    """
    lost: list[Lost] = []
    some = False
    for seen in _expand(
        eyes, read_command(command, unit.env), file or unit.file, line or unit.line, unit, lost, 0, whole=False
    ):
        some = True
        yield from _facts(eyes, seen, unit)
    if not some:
        yield run(unit, command if isinstance(command, str) else " ".join(str(word) for word in command))
    yield from lost


def run(unit: Unit, command: str = "") -> Evidence:
    """The unit's `service.run` when nothing is known of its command."""
    role = unit.role if unit.role and unit.role != "unknown" else role_of_name(unit.service)
    fact = ServiceRun(clean(unit.service, 80), clean(command), "", role, unit.system, clean(unit.image, 120))
    return Evidence(fact, Basis.DECLARED, unit.probe, Location(clean(unit.file.name), unit.line), service=fact.service)


def replicas(
    unit: Unit,
    count: int | None,
    text: str,
    line: int = 0,
    *,
    at_least: bool = False,
    file: File | None = None,
    label: str = "",
) -> Evidence:
    """The unit's `instances.factor` of replicas; a count that is not known gives `instances.possible`."""
    service = clean(unit.service, 80)
    where = Location(clean((file or unit.file).name), line or unit.line)
    fact: InstancesFactor | InstancesPossible
    if count is None:
        fact = InstancesPossible("", unit.system, service, clean(text, 80))
    else:
        fact = InstancesFactor(max(0, min(count, 100_000)), at_least, "replicas", unit.system, service, clean(text, 80))
    return Evidence(fact, Basis.DECLARED, unit.probe, where, service=service, label=clean(label, 120))


def stops(unit: Unit, wakes_on: str, line: int = 0, role: str = "") -> Evidence:
    """The unit's `service.stops`: its platform stops it until something wakes it."""
    fact = ServiceStops(clean(unit.service, 80), role or role_of_name(unit.service), clean(wakes_on, 80), unit.system)
    return Evidence(fact, Basis.DECLARED, unit.probe, Location(clean(unit.file.name), line or unit.line or 1), service=fact.service)


def freezes(unit: Unit) -> Evidence:
    """The unit's `serverless.function`: its platform may freeze or end it after a response."""
    fact = ServerlessFunction(unit.system, clean(unit.service, 80))
    return Evidence(fact, Basis.DECLARED, unit.probe, Location(clean(unit.file.name), unit.line or 1), service=fact.service)


def _expand(
    eyes: Eyes,
    found: Sequence[Started],
    file: File,
    line: int,
    unit: Unit,
    lost: list[Lost],
    depth: int,
    *,
    whole: bool,
) -> Iterator[_Seen]:
    """What a command comes to in the end. `whole`: `line` is where the text begins, so that offsets within it count."""
    for started in found:
        here = _Seen(started, file, line + (started.line or 0) if whole else _find(eyes, file, line, started))
        kind, _, what = started.hands_to.partition(":")
        if not started.server and not kind and (own := _script_of(eyes, file, started)):
            kind, what = "sh", own
        if depth >= _DEEPEST or not kind or started.hands_to.startswith(_NESTS):
            yield here
        elif kind == "npm":
            script = package_script(eyes, file, what)
            if script is None:
                yield here
                continue
            inner = read_command(script.text, unit.env)
            role = role_of_name(what)
            inner = tuple(replace(item, role=role) if item.role == "unknown" else item for item in inner)
            yield from _expand(eyes, inner, script.file, script.line, unit, lost, depth + 1, whole=True)
        elif kind in KINDS:
            script = recipe(eyes, file, started.hands_to, unit.env)
            inner = read_command(script.text, unit.env) if script is not None else ()
            inner = tuple(replace(item, role=started.role) if item.role == "unknown" else item for item in inner)
            yield from _expand(eyes, inner, script.file, script.line, unit, lost, depth + 1, whole=True) if script is not None else ()
        elif kind == "sh":
            yield from _script(eyes, here, what, unit, lost, depth)
        else:
            yield _configured(eyes, here, kind, what, unit, lost)


def _script_of(eyes: Eyes, file: File, started: Started) -> str:
    """The program of a command, if it is a shell script of the project that has no ending: `ENTRYPOINT ["/usr/local/bin/serve"]`; else ""."""
    program = (started.command.split() or [""])[0]
    found = near(eyes, file, program) if "/" in program else None
    return program if found is not None and _SHELL.match(eyes.readable(found)[:80]) else ""


def _script(eyes: Eyes, here: _Seen, what: str, unit: Unit, lost: list[Lost], depth: int) -> Iterator[_Seen]:
    script = near(eyes, here.file, what)
    if script is None:
        yield here
        return
    try:
        text = eyes.text(script)
    except SourceError as error:
        lost.append(Lost(clean(script.name), error.message))
        yield here
        return
    from callcheck.sources.launch.branches import chosen

    inner = read_command(chosen(text, unit.env, here.started.command.split()[1:]), unit.env)
    yield from _expand(eyes, inner, script, 1, unit, lost, depth + 1, whole=True)
    if not inner:
        yield here


def _configured(eyes: Eyes, here: _Seen, kind: str, what: str, unit: Unit, lost: list[Lost]) -> _Seen:
    """With the number that the server's own configuration says, where it says one."""
    try:
        setting = None
        if kind == "celery":
            setting = configs.celery_workers(eyes, unit.env)
        elif file := _settings_file(eyes, here.file, what):
            read = configs.uwsgi_workers if here.started.server == "uwsgi" else configs.hypercorn_workers if file.suffix == ".toml" else configs.gunicorn_workers
            setting = read(eyes, file, unit.env)
    except SourceError as error:
        lost.append(Lost(clean(what), error.message))
        return here
    if setting is None:
        return here
    told = replace(here.started, count=setting.count, at_least=setting.at_least, stated=True, text=setting.text)
    return _Seen(told, setting.file, setting.line)


_UWSGI_FILE = pattern(r"\S+\.(?:ya?ml|json|xml)\b")


def _settings_file(eyes: Eyes, beside: File, named: str) -> File | None:
    """A server's file of settings, as its command names it: `conf.py`, `file:conf.py`, `python:shop.conf`."""
    return near(eyes, beside, named[7:].replace(".", "/") + ".py" if named.startswith("python:") else named.removeprefix("file:"))


def _find(eyes: Eyes, file: File, line: int, started: Started) -> int:
    """The line, from `line` on, that holds the flag or the program; the unit's own line if none does."""
    try:
        lines = eyes.text(file).splitlines()
    except SourceError:
        return line
    wanted = [started.flag, (started.command.split() or [""])[0]]
    for word in wanted:
        for index in range(line - 1, min(line + 30, len(lines))):
            if word and word in lines[index]:
                return index + 1
    return line


def _by_variable(eyes: Eyes, seen: _Seen, unit: Unit) -> Location | None:
    """The place that sets the variable which says the number, where that is another file: a ConfigMap, a file of variables."""
    from callcheck.sources.environment import settings

    name = seen.started.flag
    if name not in unit.env:
        return None
    told = (each for each in settings(eyes) if each.name == name and each.system == unit.system and each.unit in ("", unit.service) and each.value == unit.env[name])
    found = next(told, None)
    return found.where if found is not None and found.file is not seen.file else None


def _one_at_a_time(eyes: Eyes, command: str, unit: Unit) -> bool:
    """Whether gunicorn's workers are of the class sync, which is the default, without threads; a file of settings, or a unit that runs the image, may say otherwise."""
    if "GUNICORN_CMD_ARGS" in unit.env or re.search(r"(?:-k|--worker-class)[= ](?!sync\b)|--threads[= ](?!1\b)|(?:^|\s)(?:-c|--config)[= ]|uvicorn", command):
        return False
    own = near(eyes, unit.file, "gunicorn.conf.py")  # taken without -c, from the folder in which gunicorn starts
    if own is not None and re.search(r"(?m)^[ \t]*(?:worker_class[ \t]*=(?![ \t]*[\"']sync[\"'])|threads[ \t]*=(?![ \t]*1\b))", eyes.text(own)):
        return False
    from callcheck.sources.environment import settings

    return unit.system != "dockerfile" or not any(each.name == "GUNICORN_CMD_ARGS" for each in settings(eyes))


def _preloads(eyes: Eyes, command: str, unit: Unit, where: Location) -> Location | None:
    """Where gunicorn is told to load the app before it forks: by its command, GUNICORN_CMD_ARGS or the file that `-c` names; its own file is read by `probes.gunicorn`."""
    if "--preload" in command or "--preload" in unit.env.get("GUNICORN_CMD_ARGS", ""):
        return where
    named = re.search(r"(?:^|\s)(?:-c|--config)[= ](\S+)", command)
    file = _settings_file(eyes, unit.file, named[1]) if named else None
    text = eyes.readable(file) if file is not None else ""
    found = configs.PRELOAD.search(text)
    return Location(clean(file.name), text.count("\n", 0, found.start()) + 1) if file is not None and found else None


def _bound(eyes: Eyes, started: Started, unit: Unit) -> ServerBound | None:
    """The address of its own machine that a server listens on alone; None for one that is open, or not known."""
    from callcheck.sources.environment import settings
    from callcheck.sources.launch.bound import bound, configured, settings_of

    def may_be_set(name: str) -> bool:
        return any(each.name == name for each in settings(eyes))

    found = bound(started, unit.env, may_be_set)
    named = settings_of(started) if found is None else ""
    own = _settings_file(eyes, unit.file, named) if named and not may_be_set("GUNICORN_CMD_ARGS") else None
    if own is not None:
        found = configured(eyes.text(own))
    return ServerBound(found.address, clean(started.server, 40), found.told, False, clean(unit.service, 80)) if found is not None else None


def _told_queues(eyes: Eyes, seen: _Seen, unit: Unit) -> Iterator[Location]:
    """The line on which a worker is told its queues, if that is another one than the unit's."""
    if not seen.started.queues:
        return
    first = re.escape(seen.started.queues.split(",")[0])
    start = unit.line if seen.file.name == unit.file.name else seen.line
    lines = eyes.readable(seen.file).splitlines()[start - 1 : start + 30]
    for wanted in (r"(?<![\w-])(?:-Q|-q|--queues?)(?![\w-])", rf"(?<![\w-]){first}(?![\w-])"):
        for index, line in enumerate(lines):
            if re.search(wanted, line):
                if index or seen.file.name != unit.file.name:
                    yield Location(clean(seen.file.name), start + index)
                return


def _facts(eyes: Eyes, seen: _Seen, unit: Unit) -> Iterator[Evidence]:
    started = seen.started
    role = unit.role if unit.role and unit.role != "unknown" else started.role
    if role == "unknown":
        role = role_of_name(unit.service)
    where = Location(clean(seen.file.name), seen.line)
    run = ServiceRun(
        clean(unit.service, 80),
        clean(started.command),
        clean(started.entry, 120),
        role,
        unit.system,
        clean(unit.image, 120),
        clean(started.server, 40),
        clean(started.queues, 120),
    )
    at_queues = tuple(Evidence(run, Basis.DECLARED, unit.probe, at, service=run.service, label=f"takes from {run.queues}") for at in _told_queues(eyes, seen, unit))
    yield Evidence(run, Basis.DECLARED, unit.probe, Location(clean(unit.file.name), unit.line), service=run.service, because=at_queues)
    if role not in INFRASTRUCTURE and (bound := _bound(eyes, started, unit)):
        yield Evidence(bound, Basis.DECLARED, unit.probe, where, service=run.service)
    if started.server == "gunicorn" and _one_at_a_time(eyes, started.command, unit):
        trait = ServerTrait("sync-workers", "gunicorn", run.service)
        yield Evidence(trait, Basis.DECLARED, unit.probe, where, service=run.service)
    if started.server == "gunicorn" and (preloads := _preloads(eyes, started.command, unit, where)):
        trait = ServerTrait("preloaded", "gunicorn", run.service)
        yield Evidence(trait, Basis.DECLARED, unit.probe, preloads, service=run.service)
    if started.server == "celery" and started.role == "worker" and started.count != 1:
        trait = ServerTrait("preloaded", "celery", run.service)  # the pool is forked once the tasks' modules are imported (celery 5.4, apps/worker.py on_before_init, concurrency/prefork.py)
        yield Evidence(trait, Basis.DECLARED, unit.probe, where, service=run.service)
    if started.server == "uwsgi" and ".ini" not in started.command:
        from callcheck.sources.launch.uwsgi import of_command, options, traits

        named = _UWSGI_FILE.search(started.command)
        file = near(eyes, unit.file, named[0]) if named is not None else None
        by_file = options(eyes, file) if file is not None else frozenset()
        by_command = of_command(started.command, unit.env)
        told = traits(eyes, lambda option: option in by_file or by_command(option)) if named is None or file is not None else ()
        yield from (Evidence(ServerTrait(each, "uwsgi", run.service), Basis.DECLARED, unit.probe, where, service=run.service) for each in told)
    if (
        role in INFRASTRUCTURE
        or started.hands_to.startswith(_NESTS)
        or not started.server
        or started.server in ("sh", "npm")
    ):
        return
    open_number = started.count is None or (
        not started.stated and started.variable and started.variable == unit.platform_sets
    )
    if open_number and unit.platform_least and started.variable == unit.platform_sets:
        text = f"{started.variable}, which the platform sets to {unit.platform_least} or more"
        set_by = InstancesFactor(unit.platform_least, True, "processes", started.server, run.service, text)
        yield Evidence(set_by, Basis.DECLARED, unit.probe, where, service=run.service)
        return
    if open_number:
        text = clean(started.text or started.command, 80)
        may = InstancesPossible(started.variable, started.server, run.service, text)
        yield Evidence(may, Basis.DECLARED, unit.probe, where, service=run.service)
        return
    text = clean(started.text or f"{started.server}, one process", 80)
    count = max(1, min(started.count or 1, 100_000))
    factor = InstancesFactor(count, started.at_least, "processes", started.server, run.service, text)
    yield Evidence(factor, Basis.DECLARED, unit.probe, _by_variable(eyes, seen, unit) or where, service=run.service)
