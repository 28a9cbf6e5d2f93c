"""Is one Python file imported under two names, so that its signals and buses exist twice, or its handlers are attached twice?

    from src.shop.events import paid      # in mail.py, which listens
    from shop.events import paid          # in main.py, which sends

    import apps.shop.receivers            # in apps.py
    from shop.receivers import RATES      # in bills.py: @receiver(post_save) runs once for each name

A script counts as two if it is started as the main program and imported by its name besides.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import ListenerTwice
from callcheck.model.facts.memory import EmittersApart
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import Imports, is_test
from callcheck.sources.code.mains import Mains
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Import, Module

_SIDES = {"main": "__main__", "copy": "the import"}


class ImportedTwice:
    """Looks at the absolute imports of a file that makes what is listened to under one name and emitted under another."""

    name = "imported-twice"
    looks_at = Sight.SOURCE
    about = ("register in python",)
    answers = frozenset({EmittersApart, ListenerTwice})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        yield from self._as_main(code)
        yield from self._attached_twice(code)
        emits = [use for use in code.idioms.of("emit") if use.module.language == "python"]
        told: set[str] = set()
        for heard in code.idioms.of("register"):
            identity = code.lifetimes.identity(heard.receiver)
            path = identity.rpartition(":")[0]
            if heard.module.language != "python" or not path.endswith(".py") or identity in told or is_test(heard.module.path):
                continue
            here = _name_of(code, heard.module, path)
            for sent in emits:
                there = _name_of(code, sent.module, path) if here is not None and code.lifetimes.identity(sent.receiver) == identity else None
                if here is not None and there is not None and not is_test(sent.module.path) and _other(here.module, there.module):
                    told.add(identity)
                    fact = EmittersApart(clean(next(iter(code.idioms.events(heard)), ""), 80), heard.framework.name, "python")
                    because = seen(fact, there, self.name, label=f"and here as {clean(there.module, 60)}: the file is run twice, and each run makes its own")
                    yield seen(fact, here, self.name, (because, seen(fact, heard.call, self.name, label="this listener is on the first")), label=f"imported as {clean(here.module, 60)}")
                    break

    def _attached_twice(self, code: Code) -> Iterator[Evidence]:
        """Handlers that a file attaches while it is loaded, to what another one makes, once under each of its names."""
        told: set[str] = set()
        known: dict[str, dict[str, Import]] = {}
        for use in code.idioms.of("register"):
            module = use.module
            if module.language != "python" or use.function is not None or module.path in told or is_test(module.path) or use.call.keyword("dispatch_uid") is not None:
                continue
            if use.is_about_own and use.receiver.kind != "imported":
                continue
            names = known.get(module.path)
            if names is None:
                names = known[module.path] = _names_of(code, module)
            one, other = next(((a, b) for a in names for b in names if _other(a, b)), ("", ""))
            if one:
                told.add(module.path)
                fact = ListenerTwice(clean(next(iter(code.idioms.events(use)), "") or use.receiver.qualified.rpartition(".")[2] or "an event", 80), use.framework.name, "python")
                because = tuple(seen(fact, names[name], self.name, label=f"imported as {clean(name, 60)}, which runs it once") for name in (one, other))
                yield seen(fact, use.call, self.name, because)

    def _as_main(self, code: Code) -> Iterator[Evidence]:
        """Objects that a script makes, heard on the one of `__main__` and sent on the one of the import, or the other way round."""
        uses = [use for use in code.idioms.of("register", "emit") if use.module.language == "python" and not is_test(use.module.path)]
        if {use.idiom.does for use in uses} != {"register", "emit"}:
            return
        mains, by_file = Mains(code), dict[str, list[tuple[Use, str]]]()
        for use in uses:
            identity = code.lifetimes.identity(use.receiver)
            by_file.setdefault(f"{identity.rpartition('.py:')[0]}.py", []).append((use, identity))
        for path in (each for each in code.project.sources if each in by_file):
            ours = by_file[path]
            statement = mains.again(path) if {use.idiom.does for use, _ in ours} == {"register", "emit"} else None
            script = code.project.module(path) if statement is not None else None
            if statement is None or script is None:
                continue
            for heard, identity in ours:
                here = mains.side(heard, script) if heard.idiom.does == "register" else ""
                others = [use for use, other in ours if other == identity and use.idiom.does == "emit"] if here else []
                sides = {mains.side(use, script) for use in others}
                if sides and not sides & {"", here}:
                    fact = EmittersApart(clean(next(iter(code.idioms.events(heard)), ""), 80), heard.framework.name, "python")
                    made = heard.receiver.site or statement
                    because = (
                        seen(fact, made, self.name, label="made once as __main__, and once more when this module is imported by its name"),
                        seen(fact, heard.call, self.name, label=f"this listener is on the one of {_SIDES[here]}"),
                        seen(fact, others[0].call, self.name, label=f"and this goes out on the one of {_SIDES[next(iter(sides))]}"),
                    )
                    yield seen(fact, statement, self.name, because)
                    break


def _name_of(code: Code, module: Module, path: str) -> Import | None:
    """The absolute import by which a module has what a file makes."""
    for statement in module.all(Import):
        found = None if statement.module.startswith(".") else code.project.find(module, statement.module)
        if found is not None and found.path == path:
            return statement
    return None


def _names_of(code: Code, module: Module) -> dict[str, Import]:
    """The whole names by which other files import one, and where; what is imported for its types alone, or relative to a package, tells none."""
    found: dict[str, Import] = {}
    for importer, statement in Imports(code.project, code.origins).importers(module.path) or ():
        if statement.type_only or statement.module.startswith("."):
            continue
        for name in (statement.module, *(f"{statement.module}.{each.imported}" for each in statement.names)):
            there = code.project.find(importer, name)
            if there is not None and there.path == module.path:
                found.setdefault(name, statement)
    return found


def _other(one: str, other: str) -> bool:
    return one.endswith(f".{other}") or other.endswith(f".{one}")


PROBE = ImportedTwice()
