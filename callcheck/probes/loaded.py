"""Is every module that attaches handlers when it is imported, imported by the process that needs them?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.handlers import ModuleUnloaded
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.django_apps import configs, used_config
from callcheck.sources.code.dynamic import Dynamic
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import Imports, is_test, ready_of
from callcheck.sources.code.relays import OWN
from callcheck.sources.code.scopes import function_of, is_script, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    ClassDef,
    Function,
    If,
    Import,
    Keyword,
    Literal,
    Loop,
    Member,
    Module,
    Name,
    Node,
    Sequence,
    Template,
    dotted,
    last_name,
)

_CONVENTIONS = frozenset("models admin apps urls settings wsgi asgi manage __main__ __init__ conftest celery main app".split())
_TEXTS = ("*.toml", "*.ini", "*.cfg", "*.yml", "*.yaml", "*.json", "Procfile*", "Dockerfile*", "*.sh", "*.conf", "*.service", "Makefile", "*.env", "*.html")
_WORKER = pattern(r"celery[\"',\s]{1,4}(?:-A|--app)[=\"',\s]{1,4}([\w.]+)")
_QUOTES = "\"'"
_DEEPEST = 4
"""Names that a list of modules may stand under, one after the other."""


class Loaded:
    """Follows imports from the entries of the project, with what Django and Celery load by themselves."""

    name = "loaded"
    looks_at = Sight.SOURCE
    about = ("needs-import in python", "register in python", "attach-made")
    answers = frozenset({ModuleUnloaded})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        attaching: dict[str, list[Use]] = {}
        # A module that emits, serves or makes something may be where a program begins, which no file need tell.
        busy = {use.module.path for use in code.idioms.of("emit", "serve", "make", "start", "publish", "run")}
        for use in code.idioms.of("register", "serve"):
            # A handler of any library, on an object that another module makes, waits in vain in a module that nobody imports.
            waits = use.module.path not in busy if use.framework is OWN else use.idiom.handler.endswith("decorated") and use.receiver.site is not None
            by_hand = waits and _only_decorates(use)
            if (by_hand or "needs-import" in use.idiom.traits) and use.function is None and use.module.language == "python" and not is_test(use.module.path):
                attaching.setdefault(use.module.path, []).append(use)
        made = _attached_when_made(code)
        if not (attaching or made) or sum(not is_test(path) for path in code.project.sources) < 2:
            return  # a file that is the whole program is run, whoever imports it
        imports = Imports(code.project, code.origins)
        dynamic = Dynamic(code, imports)
        texts = _texts(eyes)
        for use, calls in made:
            modules = [module_of(call) for call in calls]
            if any(_runs_by_itself(code, module, calls) or self._unloaded(code, imports, dynamic, texts, module, []) is None for module in modules):
                continue
            fact = ModuleUnloaded(clean(imports.name(modules[0]), 80), "the program", "", use.framework.name, "python")
            yield seen(fact, calls[0], self.name, (seen(fact, use.call, self.name, label="attaches its handlers when it is made"),))
        workers = _Workers(code, imports, texts)
        for path, uses in attaching.items():
            if path in workers.loaded and not workers.open or _runs_by_itself(code, uses[0].module):
                continue
            found = self._unloaded(code, imports, dynamic, texts, uses[0].module, uses)
            if found is None:
                # Its tasks, and what is told of them where they run.
                tasks = [use for use in uses if (use.idiom.does == "serve" or "in-worker" in use.idiom.traits) and use.framework.name == "celery"]
                found = workers.misses(path) if tasks else None
                uses = tasks or uses
            if found is not None:
                process, because = found
                use = uses[0]
                event = clean(next(iter(code.idioms.events(use)), ""), 80)
                fact = ModuleUnloaded(clean(imports.name(use.module), 80), clean(process, 60), event, use.framework.name, "python")
                labelled = tuple(seen(fact, node, self.name, label=label) for node, label in because)
                yield seen(fact, use.call, self.name, labelled)

    def _unloaded(
        self, code: Code, imports: Imports, dynamic: Dynamic, texts: list[str], module: Module, uses: list[Use]
    ) -> tuple[str, tuple[tuple[Node, str], ...]] | None:
        """Why nothing loads a module; None if something does or may."""
        base = module.path.rsplit("/", 1)[-1].removesuffix(".py")
        if base in _CONVENTIONS or is_script(module) or uses and all(use.is_about_own for use in uses):
            return None
        django, celery = "django" in code.idioms.imported, "celery" in code.idioms.imported
        if base == "tasks" and celery:
            return None
        if dynamic.may_load(module):
            return None
        importers = imports.importers(module.path)
        name = imports.name(module)
        if importers is None:
            if any(_mentions(text, name, module.path) for text in texts) or _mentioned_in_code(code, name):
                return None
            config = _config_of(code, module) if django else None
            says = f"Django does not use {config.name}, so its ready() never runs" if config is not None and not used_config(code, config) else "the application's configuration imports nothing when it is ready"
            because = ((config, says),) if config is not None else ()
            return "", because
        if django and importers and all(ready_of(statement) for _, statement in importers):
            unused = [cls for _, statement in importers if (cls := ready_of(statement)) is not None and not used_config(code, cls)]
            if len(unused) == len(importers):
                return "Django", tuple((cls, f"Django does not use {cls.name}, so its ready() never runs") for cls in unused)
        return None


class _Workers:
    """What a Celery worker loads."""

    def __init__(self, code: Code, imports: Imports, texts: list[str]) -> None:
        self.code, self.imports = code, imports
        self.apps = [node for m in code.project.naming("celery") for node in m.all(Call) if code.origins.of(node.callee).qualified == "celery.Celery"]
        named = [found for text in texts for found in _WORKER.findall(text)]
        self.entry = named[0] if named else ""
        self.open = imports.dynamic
        starts = self._starts(named, imports)
        self.loaded = imports.closure(starts) if starts else set()
        self.first = self.apps[0] if self.apps else None

    def _starts(self, named: list[str], imports: Imports) -> set[str]:
        found: set[str] = set()
        for app in self.apps:
            module = module_of(app)
            if is_test(module.path):
                continue
            if not named:
                found |= {module.path, *self._handed_on(module)}
            for name in named:
                for tried in (name, f"{name}.celery"):
                    # The module of the application itself is found by no import of its own.
                    target = module if imports.name(module) == tried else self.code.project.find(module, tried)
                    if target is not None:
                        found.add(target.path)
            found |= self._listed(app, module)
        if self.apps and "django" in self.code.idioms.imported:
            # fixups/django.py: the worker calls django.setup(), which imports what a web process does.
            found |= {path for path in self.code.project.sources if path.rsplit("/", 1)[-1] in ("apps.py", "models.py") and not is_test(path)}
        for module in self.code.project.naming("autodiscover_tasks", "imports", "include", "CELERY_IMPORTS", "CELERY_INCLUDE"):
            for call in module.calls("autodiscover_tasks"):
                found |= self._discovered(call, module)
            for node in (*module.all(Keyword), *module.all(Assign)):
                if isinstance(node, Keyword) and node.name in ("include", "imports") or isinstance(node, Assign) and any(dotted(t).rsplit(".", 1)[-1] in ("imports", "include", "CELERY_IMPORTS", "CELERY_INCLUDE") for t in node.targets):
                    found |= self._modules(node.value, module)
        return found

    def _handed_on(self, module: Module) -> set[str]:
        """The modules that do nothing but bring the application together with others: a worker may well be started from one of them."""
        importers = (importer for importer, _ in self.imports.importers(module.path) or ())
        return {each.path for each in importers if all(isinstance(statement, (Import, Assign, Literal)) for statement in each.body)}

    def _listed(self, app: Call, module: Module) -> set[str]:
        value = app.keyword("include")
        return self._modules(value, module) if value is not None else set()

    def _modules(self, value: Node | None, module: Module) -> set[str]:
        written = self._written(value)
        computed = value is not None and any(isinstance(node, Template) for node in value.walk())
        self.open = self.open or computed or not written and not isinstance(value, Sequence)
        return {target.path for name in written if (target := self.code.project.find(module, name)) is not None}

    def _written(self, value: Node | None, depth: int = 0) -> list[str]:
        """The names in a list, wherever its parts are written: `settings.TASK_MODULES`, `[*BASE, "shop.mail"]`, `tuple(f"shop.{each}" for each in PARTS)`."""
        found: list[str] = []
        for node in value.walk() if value is not None else ():
            if isinstance(node, Literal) and isinstance(node.value, str):
                found.append(node.value)
            elif isinstance(node, (Name, Member, Call)) and depth < _DEEPEST:
                held = self.code.origins.of(node)
                if held.kind == "value" and held.node is not None and held.node is not node:
                    found += self._written(held.node, depth + 1)
        return list(dict.fromkeys(found))

    def _discovered(self, call: Call, module: Module) -> set[str]:
        """autodiscover_tasks(["shop"], related_name="tasks") imports shop.tasks; without packages those of Django's applications."""
        related = call.keyword("related_name") or (call.args[1] if len(call.args) > 1 else None)
        name = related.value if isinstance(related, Literal) and isinstance(related.value, str) else "tasks"
        packages = call.args[0] if call.args else call.keyword("packages")
        if packages is None:
            return {path for path in self.code.project.sources if path.endswith(f"/{name}.py") or path == f"{name}.py" or f"/{name}/" in path}
        literals = self._written(packages)
        if not literals:
            self.open = True
        targets = [self.code.project.find(module, f"{each}.{name}") for each in literals]
        return {target.path for target in targets if target is not None}

    def misses(self, path: str) -> tuple[str, tuple[tuple[Node, str], ...]] | None:
        """The worker's name, and the place of its application, if it does not load a module."""
        if self.open or not self.loaded or self.first is None or path in self.loaded:
            return None
        return f"celery -A {self.entry}" if self.entry else "the worker", ((self.first, "the worker starts from here and imports neither it nor its importers"),)


def _texts(eyes: Eyes) -> list[str]:
    found = []
    for file in eyes.tree.named(*_TEXTS):
        try:
            found.append(eyes.text(file))
        except SourceError:
            continue
    return found


def _mentions(text: str, name: str, path: str) -> bool:
    return re.search(rf"(?<![\w]){re.escape(name)}(?![\w])", text) is not None or path in text


def _mentioned_in_code(code: Code, name: str) -> bool:
    """Whether a text of the sources is the module's name, from some package on, or begins with the whole of it."""
    last = name.rsplit(".", 1)[-1]
    written = re.compile(rf"""["'](?:{re.escape(name)}|\.?(?:[\w]+\.)*{re.escape(last)}["'])""")
    return any(
        f"{name}." in f"{found.strip(_QUOTES)}." or f".{name}".endswith(f".{found.strip(_QUOTES).lstrip('.')}") or found.strip(_QUOTES).endswith(f".{name}")
        for text in map(code.project.text, code.project.sources)
        if last in text
        for found in written.findall(text)
        if "." in found
    )


def _only_decorates(use: Use) -> bool:
    """Whether a decorator registers, in a module that calls nothing when it is loaded: one that does may be a program itself."""
    above = use.call.parent if use.call.parent is not use.call.callee else None
    decorates = isinstance(above, Function) and any(d in (use.call, use.call.callee) for d in above.decorators)
    return decorates and not any(isinstance(statement, (Call, Await, If, Loop)) for statement in use.module.body)


def _attached_when_made(code: Code) -> list[tuple[Use, list[Call]]]:
    """Classes whose objects attach handlers by being made, with the calls that make them, where all of these stand outside of functions."""
    found: list[tuple[Use, list[Call]]] = []
    for use in code.idioms.of("register", "attach-made"):
        cls = use.call.parent if use.idiom.does == "attach-made" else use.function.parent if use.function is not None and use.function.name == "__init__" else None
        elsewhere = use.idiom.does == "attach-made" or "needs-import" in use.idiom.traits or (use.receiver.site is not None and module_of(use.receiver.site) is not use.module)
        if not isinstance(cls, ClassDef) or use.module.language != "python" or is_test(use.module.path) or not elsewhere:
            continue
        calls = [call for call in code.origins.calls_of(cls) if not is_test(module_of(call).path)]
        if calls and all(function_of(call) is None for call in calls) and not any(last_name(base) == cls.name for each in code.project.naming(cls.name) for other in each.all(ClassDef) for base in other.bases):
            found.append((use, calls))
    return list({id(calls[0]): (use, calls) for use, calls in reversed(found)}.values())


def _runs_by_itself(code: Code, module: Module, making: Collection[Call] = ()) -> bool:
    """Whether a module outside of Django does something besides registering when it is loaded, as the file does that is run."""
    calls = [statement for statement in module.body if isinstance(statement, (Call, Await)) and statement not in making]
    return bool(calls) and "django" not in code.idioms.imported and not all(isinstance(call, Call) and code.idioms.at(call) for call in calls)


def _config_of(code: Code, module: Module) -> ClassDef | None:
    """The AppConfig beside a module."""
    apps = code.project.module(module.path.rsplit("/", 1)[0] + "/apps.py") if "/" in module.path else None
    return next((each for each in configs(code, apps) if module_of(each) is apps), None) if apps is not None else None


PROBE = Loaded()
