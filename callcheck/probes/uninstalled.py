"""Does a unit of a Django project run with settings that leave out the application whose receivers it needs?

    tills: {command: python manage.py consume_tills, environment: {DJANGO_SETTINGS_MODULE: shop.settings.tills}}
    INSTALLED_APPS = ["sales"]                 # settings/tills.py; base.py has "loyalty", too, whose ready() imports the receivers of Sale
    Sale.objects.create(...)                   # in consume_tills.py: nobody in this process is told

Likewise where `"loyalty"` stands there, whose apps.py has two configurations and no default, and base.py names one of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.handlers import ModuleUnloaded
from callcheck.model.noun import dataclass, replace
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.django_apps import makes_ready
from callcheck.sources.code.django_settings import Installed, installed_by
from callcheck.sources.code.environ import set_to
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import Imports, is_test, ready_of
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, ClassDef, Function, Member, Node, last_name
from callcheck.sources.environment import Setting, settings
from callcheck.sources.environment.bare import bare
from callcheck.sources.environment.owners import programs_of
from callcheck.sources.launch.procfile import declared, procfiles

_VARIABLE = "DJANGO_SETTINGS_MODULE"
_TOLD = pattern(r"--settings[= ]([\w.]+)")
_COMMAND = pattern(r"(?:manage\.py|django-admin)[\"',\s]+([a-z_]\w*)")
_CELERY = pattern(r"\bcelery\b.*\bworker\b")
_RQ = pattern(r"\brqworker\b|\brq[\"',\s]+worker\b")
_LARGEST_BYTES = 50_000
_SAVES = frozenset("create acreate get_or_create aget_or_create update_or_create aupdate_or_create save asave".split())
_DELETES = frozenset("delete adelete".split())


@dataclass(frozen=True, slots=True, eq=False)
class _Unit:
    """A unit of the deployment, with what its settings install and the files that its command loads."""

    setting: Setting
    installed: Installed
    loads: frozenset[str]


class Uninstalled:
    """Lays the receivers that an AppConfig's ready() imports beside the units whose settings do not list that application, while those of another do."""

    name = "uninstalled"
    looks_at = Sight.SOURCE
    about = ("needs-import in python",)
    marks = ("INSTALLED_APPS",)
    answers = frozenset({ModuleUnloaded})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        if "django" not in code.idioms.imported:
            return
        units = list(_units(eyes))
        if len({each.installed.place for each in units}) < 2:
            return
        imports = Imports(code.project, code.origins)
        told: set[tuple[str, str]] = set()
        for use in code.idioms.of("register"):
            config = _config(imports, use)
            package = imports.name(module_of(config)).rpartition(".")[0] if config is not None else ""
            ready = [unit for unit in units if config is not None and unit.installed.has(package) and makes_ready(code, config, unit.installed.apps)]
            if not package or not ready:
                continue
            for unit in units:
                sent = next(_sent(code, use, unit.loads), None) if unit not in ready else None
                if sent is None or (use.module.path, unit.setting.unit) in told:
                    continue
                told.add((use.module.path, unit.setting.unit))
                yield self._stated(imports, use, unit, config, sent, by_package=unit.installed.has(package))

    def _stated(self, imports: Imports, use: Use, unit: _Unit, config: ClassDef | None, sent: Node, *, by_package: bool) -> Evidence:
        event = clean(_event(use), 80)
        fact = ModuleUnloaded(clean(imports.name(use.module), 80), clean(unit.setting.unit, 60), event, use.framework.name, "python")
        of_unit = Location(clean(unit.setting.file.name), unit.setting.line or 1)
        because = [
            seen(fact, unit.installed.place, self.name, label="its package alone is named here, which means none of its configurations" if by_package else "its application is not among these"),
            Evidence(fact, Basis.DECLARED, self.name, of_unit, label=f"{clean(unit.setting.unit, 60)} runs with these settings"),
            seen(fact, sent, self.name, label="this is what the receiver waits for, in a process without it"),
        ]
        because += [seen(fact, config, self.name, label="only ready() of this application imports it")] if config is not None else []
        return seen(fact, use.call, self.name, tuple(because))


def _units(eyes: Eyes) -> Iterator[_Unit]:
    """Those whose settings module is known: told to the command, to the unit or to all units, or else what the project's own programs fall back on."""
    given = [each for each in settings(eyes) if each.name == _VARIABLE]
    shared = {each.value for each in given if not each.unit} or set(set_to(eyes.code.project, _VARIABLE)) or set(_fallbacks(eyes.code))
    own = {each.unit: each for each in given if each.unit}
    for each in [*own.values(), *(each for each in _started(eyes) if each.unit not in own)]:
        told = _TOLD.search(each.runs)
        module = told[1] if told else each.value or (next(iter(shared)) if len(shared) == 1 else "")
        path = eyes.code.reach.entry(module) if module else ""
        installed = installed_by(eyes.code, path) if path else None
        if installed is not None:
            yield _Unit(each, installed, _loads(eyes, each, installed))


def _fallbacks(code: Code) -> Iterator[str]:
    """What manage.py, wsgi.py and the like take where the variable is not set."""
    for call in code.project.calls("setdefault"):
        if len(call.args) > 1 and code.idioms.text(call.args[0]) == _VARIABLE and not is_test(module_of(call).path):
            yield code.idioms.text(call.args[1])


def _started(eyes: Eyes) -> Iterator[Setting]:
    """Units with a command, whatever variables they are given: of a Procfile each."""
    for each in {each.unit: each for each in (*settings(eyes), *bare(eyes)) if each.unit and each.runs}.values():
        yield replace(each, name=_VARIABLE, value="")
    for file in procfiles(eyes):
        yield from (Setting(kind, _VARIABLE, "", file, number, "procfile", command) for number, kind, command in declared(eyes.readable(file, _LARGEST_BYTES)))


def _loads(eyes: Eyes, setting: Setting, installed: Installed) -> frozenset[str]:
    """What a unit's command loads: a command of manage.py by its file, a worker of RQ with the jobs that are handed to it, one of Celery with the tasks of the installed applications, else by the program."""
    code = eyes.code
    named = _COMMAND.search(setting.runs)
    starts = set(programs_of(eyes, setting))
    if _RQ.search(setting.runs):
        given = (use.call.args[0] for use in code.idioms.of("hand-off") if use.idiom.reason == "rq" and use.call.args)
        starts |= {module_of(job).path for each in given if isinstance(job := code.origins.of(each).node, Function)}
    elif named:
        starts = {path for path in code.project.sources if path.endswith(f"/management/commands/{named[1]}.py")}
    elif _CELERY.search(setting.runs):
        starts |= {path for path in code.project.sources if path.endswith("/tasks.py") and installed.has(path.removesuffix("/tasks.py").replace("/", "."))}
    return frozenset(path for start in starts for path in code.reach.loads(start))


def _config(imports: Imports, use: Use) -> ClassDef | None:
    """The AppConfig whose ready() is all that imports the module of a receiver."""
    if use.framework.name != "django" or "needs-import" not in use.idiom.traits or use.function is not None or is_test(use.module.path):
        return None
    importers = imports.importers(use.module.path)
    found = [ready_of(statement) for _, statement in importers or ()]
    return found[0] if found and all(each is found[0] for each in found) else None


def _event(use: Use) -> str:
    """The name of the signal: Django's, or the one that the project's own goes by where it is waited for."""
    if use.receiver.kind == "external" or not use.call.args:
        return use.receiver.qualified.rsplit(".", 1)[-1]
    return last_name(use.call.callee.object if last_name(use.call.callee) == "connect" and isinstance(use.call.callee, Member) else use.call.args[0])


def _sent(code: Code, use: Use, loads: frozenset[str]) -> Iterator[Node]:
    """Where the files of a program send what a receiver waits for: its signal, or what Django sends for a model that is saved or deleted there."""
    identity = code.lifetimes.identity(use.receiver)
    for sent in code.idioms.of("emit"):
        if identity and sent.module.path in loads and code.lifetimes.identity(sent.receiver) == identity:
            yield sent.call
    signal = use.receiver.qualified.rsplit(".", 1)[-1] if use.receiver.kind == "external" else ""
    sender = use.call.keyword("sender")
    model = code.origins.of(sender).cls if sender is not None else None
    operations = _DELETES if signal.endswith("_delete") else _SAVES if signal.endswith("_save") else frozenset()
    for call in code.project.calls(*operations) if operations else ():
        if model is not None and module_of(call).path in loads and isinstance(call.callee, Member) and _is_of(code, call.callee.object, model):
            yield call


def _is_of(code: Code, held: Node, model: ClassDef) -> bool:
    """Whether what is saved is of a model: `Sale.objects`, `Sale(total=3)`, `sale` of `sale = Sale.objects.get(...)`."""
    for _ in range(8):
        if isinstance(held, Call):
            origin = code.origins.of(held.callee)
            if origin.kind == "class" and origin.cls is model:
                return True
            held = held.callee
        elif isinstance(held, Member):
            held = held.object
        else:
            break
    origin = code.origins.of(held)
    return origin.cls is model or (isinstance(origin.node, Call) and origin.node is not held and _is_of(code, origin.node, model))


PROBE = Uninstalled()
