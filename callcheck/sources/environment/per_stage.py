"""What does each stage of a deployment, such as staging and production, set a variable to?

    compose.staging.yml                          environment: {REDIS_URL: ...}
    k8s/overlays/staging/kustomization.yaml      over k8s/base, which both stages are made of
    charts/app/values-staging.yaml               over values.yaml
    .env.staging
    wrangler.toml                                [env.staging.vars], which inherits nothing of [vars]
    netlify.toml                                 [context.branch-deploy.environment], over [build.environment]
    render.yaml                                  services `bot` and `bot-staging`: the one that names no stage is production's

For a file that a stage lays over others, all that looks like a variable is taken, whichever unit it is for.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from callcheck.model.pattern import pattern
from callcheck.sources.documents import Rows, Table
from callcheck.sources.environment import compose, settings
from callcheck.sources.environment.setting import Setting, dotenv, filled, pairs
from callcheck.sources.files import File
from callcheck.sources.launch.find import aside
from callcheck.sources.manifests import KUSTOMIZATIONS
from callcheck.sources.manifests.kustomized import closure, outermost

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_STAGE = pattern(r"(?:^|[/._-])(prod|production|prd|live|staging|stage|stg|preview|preprod|uat|qa|test|dev|development|demo)(?=$|[/._-])")
_SAME = {"prod": "production", "live": "production", "prd": "production", "stage": "staging", "stg": "staging", "development": "dev"}
DEVELOPMENT = frozenset({"dev", "test"})
"""Stages that run on the machines of those who write the program."""
_VARIABLE = pattern(r"^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$")
_VALUES = ("values*.y*ml", "*.values.y*ml", "*-values.y*ml")
_FILES = (".env.*", "*.env")
_BY_KEY: tuple[tuple[tuple[str, ...], str, tuple[str, ...], tuple[str, ...]], ...] = (
    # Files that hold all stages: the table of them, where each has its variables, and those that hold for each besides.
    (("wrangler.toml", "wrangler.json", "wrangler.jsonc"), "env", ("vars",), ()),
    (("netlify.toml",), "context", ("environment",), ("build", "environment")),
    (("copilot/*/manifest.yml",), "environments", ("variables",), ("variables",)),
)
Stages = dict[str, dict[str, Setting]]
"""Stage -> variable -> what it is set to there; where a worker and others are given it, the worker."""


def per_stage(eyes: Eyes) -> Stages:
    """The variables of each stage that a file, a folder or a unit is named after."""
    found: Stages = {}
    laid = [(each.unit, each) for each in _laid_over(eyes)]
    # What a Compose file takes from an env file is said by a file that may be named after no stage.
    of_units = [(file, each) for file, each in compose.by_file(eyes)]
    of_units += [(each.file, each) for each in settings(eyes) if each.system != "compose"]
    twins = _production({each.unit for _, each in of_units})
    laid += [(stage_of(f"{file.name}/{each.unit}") or ("production" if each.unit in twins and not stage_of(file.name) else ""), each) for file, each in of_units]
    for stage, each in laid:
        held = found.setdefault(stage, {}) if stage else {}
        if each.name not in held or not each.system or "worker" in each.unit:
            held[each.name] = each
    return found


def stage_of(name: str) -> str:
    """The stage that a path names; "" if it names none, or several."""
    words = {_SAME.get(found[1], found[1]) for found in _STAGE.finditer(name.lower())}
    return words.pop() if len(words) == 1 else ""


def _production(units: Iterable[str]) -> set[str]:
    """The units beside which there is one of the same name for a lesser stage, and none for production: `bot`, with `bot-staging`."""
    staged: dict[str, set[str]] = {}
    for unit in units:
        if stage := stage_of(unit):
            staged.setdefault(_STAGE.sub("", unit.lower()).strip("/._-"), set()).add(stage)
    return {unit for unit in units if not stage_of(unit) and staged.get(unit.lower(), DEVELOPMENT) - DEVELOPMENT and "production" not in staged[unit.lower()]}


def _laid_over(eyes: Eyes) -> Iterator[Setting]:
    """Settings whose unit is the stage and whose system is "": of kustomizations, of charts' values, and of env files."""
    known = {posixpath.dirname(file.name): (file, document) for file in eyes.tree.named(*KUSTOMIZATIONS) if isinstance(document := eyes.readable_document(file), Table)}
    for root in outermost(known) if len(known) > 1 else ():
        if stage := stage_of(root):
            layers = closure(eyes, root, known)
            order = {folder: depth for depth, folder in enumerate(layers.folders)}
            for file in sorted(layers.files.values(), key=lambda file: -order.get(posixpath.dirname(file.name), 0)):
                yield from _of_file(eyes, file, stage)
    for globs, key, path, shared in _BY_KEY:
        for file in eyes.tree.named(*globs):
            document = eyes.readable_document(file)
            for name, table in stages.items() if isinstance(document, Table) and isinstance(stages := document.get(key), Table) else ():
                rows = [*(pairs(document, *shared) if shared else ()), *pairs(table, *path)] if stage_of(name) else []
                yield from (Setting(stage_of(name), each, filled(value, {}), file, line, "") for each, value, line in rows)
    for globs in (_VALUES, _FILES):
        files = [file for file in eyes.tree.named(*globs) if not aside(eyes, file) and file.size < 200_000]
        for file in files:
            if stage := stage_of(file.base):
                below = [each for each in files if not stage_of(each.base) and each.name.rpartition("/")[0] == file.name.rpartition("/")[0]]
                for each in (*below, file):
                    yield from _of_file(eyes, each, stage)


def _of_file(eyes: Eyes, file: File, stage: str) -> Iterator[Setting]:
    if file.base.endswith((".yaml", ".yml")) or file.base == "Kustomization":
        for document in eyes.readable_documents(file):
            yield from (Setting(stage, name, value, file, line, "") for name, value, line in _told(document))
    elif ".env" in file.base:
        yield from (Setting(stage, name, value, file, line, "") for name, value, line in dotenv(eyes, file))


def _told(value: Any) -> Iterator[tuple[str, str, int]]:
    """Each variable that a document sets: `QUEUE_URL: ...`, `{name: QUEUE_URL, value: ...}`, and `- QUEUE_URL=...`, with its line."""
    if isinstance(value, Table):
        name = value.get("name")
        if isinstance(name, str) and "value" in value and _VARIABLE.match(name):
            yield name, str(value["value"]), value.lines["value"]
        for key, inner in value.items():
            if _VARIABLE.match(key) and isinstance(inner, (str, int, float)):
                yield key, str(inner), value.lines[key]
            yield from _told(inner)
    elif isinstance(value, Rows):
        for at, inner in enumerate(value):
            name, equals, text = inner.partition("=") if isinstance(inner, str) else ("", "", "")
            if equals and _VARIABLE.match(name):
                yield name, text, value.lines[at]
            yield from _told(inner)
