"""In which namespaces does an operator of kopf listen, as it is started?

    kopf run --all-namespaces handlers.py        command: [kopf, run, -n, shop, handlers.py]        kopf.run(clusterwide=True)

Without either it listens in all (kopf 1.37, reactor/running.py: "switching to the cluster-wide mode for backward compatibility").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.model.evidence import Location
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Literal
from callcheck.sources.launch import aside

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_FILES = ("*.y*ml", "Dockerfile*", "*.Dockerfile", "Procfile*", "*.sh", "*.service", "*.tf")
_RUNS = pattern(r"\bkopf[\"',\s]+(?:-\s+[\"']?)?run\b(?P<args>(?:[^\n\\]|\\\n|\n\s*-\s+[\"']?[-\w./*=:@!]+[\"']?[ \t]*(?=\n|$)){0,600})")
_WHOLE = pattern(r"(?<![\w-])(?:-A|--all-namespaces)(?![\w-])")
_SOME = pattern(r"(?<![\w-])(?:-n|--namespace)(?:\n\s*-\s+|[=\s\"',])+[\"']?(?P<name>[^\s\"',\]]+)")
_BY_ENVIRONMENT = "KOPF_RUN_NAMESPACE"


@dataclass(frozen=True, slots=True)
class Scope:
    """`spaces` is empty where it listens in all namespaces."""

    spaces: frozenset[str]
    where: Location


def kopf_scope(eyes: Eyes) -> Scope | None:
    """None where it is not known: started in several ways, with names that are computed, or not to be seen."""
    found = [*_by_commands(eyes), *_by_calls(eyes)]
    spaces = {each.spaces for each in found}
    computed = any(not name.replace("-", "").isalnum() for each in spaces for name in each)
    return found[0] if len(spaces) == 1 and not computed else None


def _by_commands(eyes: Eyes) -> list[Scope]:
    project = eyes.code.project
    found: list[Scope] = []
    for file in project.files_named(*_FILES):
        text = project.text_of(file) if not aside(eyes, file) else ""
        if _BY_ENVIRONMENT in text:
            found.append(Scope(frozenset({"$"}), Location(clean(file.name), 1)))
        for run in _RUNS.finditer(text):
            line = text.count("\n", 0, run.start()) + 1
            whole = _WHOLE.search(run["args"]) is not None
            found.append(Scope(frozenset() if whole else frozenset(each["name"] for each in _SOME.finditer(run["args"])), Location(clean(file.name), line)))
    return found


def _by_calls(eyes: Eyes) -> list[Scope]:
    found: list[Scope] = []
    for call in eyes.code.project.calls("run", "operator", "spawn_tasks"):
        if is_test(module_of(call).path) or not eyes.code.origins.of(call.callee).qualified.startswith("kopf."):
            continue
        given = [each for key in ("namespaces", "namespace") if (each := call.keyword(key)) is not None]
        whole = call.keyword("clusterwide")
        spread = any(each.name is None or each.name == "" for each in call.keywords) or (whole is not None and not isinstance(whole, Literal))
        found.append(Scope(frozenset({"$"}) if given or spread else frozenset(), Location(clean(module_of(call).path), call.line)))
    return found
