"""Which values do the project's scripts hand to Helm on the command line, and what do Argo CD and Flux hand to it?

    helm upgrade --install web ./chart --set replicaCount=3,ingress.enabled=true
    kind: Application        # spec.source: {path: chart, helm: {parameters: [{name: replicaCount, value: "3"}]}}
    kind: HelmRelease        # spec: {chart: {spec: {chart: ./chart}}, values: {replicaCount: 3}}

These have the last word over every values file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.errors import SourceError
from callcheck.model.pattern import pattern
from callcheck.sources import documents
from callcheck.sources.documents import Table, tables, value_at
from callcheck.sources.files import File
from callcheck.sources.launch.find import scripts

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_COMMAND = pattern(r"\bhelm\s(?:[^\n]|\\\n){0,200}?\b(?:upgrade|install)\b((?:\\\n|[^\n;&|]){1,4000})")
_SET = pattern(r"--set(?:-string)?[= ]\"?'?([^\s\"']{1,1000})")
_PAIR = pattern(r"([\w-]{1,80}(?:\.[\w-]{1,80}){0,8})=([^,]{0,200})")


def set_by_commands(eyes: Eyes, chart: str) -> Iterator[tuple[Table, File]]:
    """A table for each command on this chart, with the lines of its words; values that are variables of the shell are left out."""
    last = chart.rsplit("/", 1)[-1]
    for file, text in scripts(eyes, "helm"):
        for command in _COMMAND.finditer(text):
            if last and not re.search(rf"(?:^|[\s/]){re.escape(last)}/?(?:\s|$)", command[1]):
                continue
            table = Table(text.count("\n", 0, command.start()) + 1)
            for given in _SET.finditer(command[1]):
                line = text.count("\n", 0, command.start(1) + given.start()) + 1
                for path, value in _PAIR.findall(given[1]):
                    if "$" not in value:
                        _put(table, path.split("."), value, line)
            if table:
                yield table, file


def _put(table: Table, path: list[str], value: str, line: int) -> None:
    for key in path[:-1]:
        inner = table.get(key)
        if not isinstance(inner, Table):
            inner = Table(line)
            table.put(key, inner, line)
        table = inner
    plain: object = {"true": True, "false": False, "null": None}.get(value, int(value) if value.isdigit() else value)
    table.put(path[-1], plain, line)


def set_by_controllers(eyes: Eyes, chart: str) -> Iterator[tuple[Table, File]]:
    """What Applications and HelmReleases of the target set for this chart."""
    for file in eyes.tree.named("*.yaml", "*.yml"):
        try:
            text = eyes.text(file) if file.size < 200_000 else ""
            bodies = eyes.documents(file) if "argoproj.io" in text or "HelmRelease" in text else []
        except SourceError:
            continue
        for body in bodies:
            spec = body.get("spec") if isinstance(body, Table) else None
            if isinstance(spec, Table) and body.get("kind") == "HelmRelease" and isinstance(spec.get("values"), Table):
                if _means(value_at(spec, "chart", "spec", "chart"), chart):
                    yield spec["values"], file
            elif isinstance(spec, Table) and body.get("kind") == "Application":
                for source in [spec.get("source"), *tables(spec.get("sources"))]:
                    if isinstance(source, Table) and _means(source.get("path"), chart) and isinstance(source.get("helm"), Table):
                        yield from _argo(source["helm"], file)


def set_by_releases(eyes: Eyes, chart: str) -> Iterator[tuple[Table, File]]:
    """What a helmfile's releases, and `helm_release` of Terraform, set for this chart."""
    for file in eyes.tree.named("helmfile*.yaml", "helmfile*.yml"):
        bodies = eyes.readable_documents(file)
        for release in (release for body in bodies if isinstance(body, Table) for release in tables(body.get("releases"))):
            if _means(release.get("chart"), chart):
                yield from ((values, file) for values in tables(release.get("values")))
                yield from _rows(release, "set", file)
    for file in eyes.tree.named("*.tf"):
        try:
            root = eyes.hcl(file) if "helm_release" in eyes.text(file) else None
        except SourceError:
            continue
        for block in root.blocks if root is not None else ():
            if block.labels[:1] == ("helm_release",) and _means(re.sub(r"^\$\{path\.\w+\}/?", "", block.text("chart")), chart):
                made = Table(block.line)
                for inner in block.blocks:
                    if inner.kind == "set" and "value" in inner.keys:
                        _put(made, inner.text("name").split("."), inner.text("value"), inner.keys["value"][1])
                yield from [(made, file)] if made else []


def _rows(held: Table, key: str, file: File) -> Iterator[tuple[Table, File]]:
    """Rows of `{name, value}` as one table."""
    made = Table(held.line)
    for row in tables(held.get(key)):
        if isinstance(row.get("name"), str) and "value" in row:
            _put(made, row["name"].split("."), str(row["value"]), row.lines["value"])
    if made:
        yield made, file


def _argo(told: Table, file: File) -> Iterator[tuple[Table, File]]:
    """`valuesObject`, and `parameters`, which win (argo-cd, user-guide/helm); `values` as one text is of the lines behind its key."""
    values = told.get("valuesObject")
    if isinstance(values, Table):
        yield values, file
    elif isinstance(told.get("values"), str):
        inner = documents.load(told["values"], "values.yaml")
        if isinstance(inner, Table):
            yield _moved(inner, told.lines["values"]), file
    yield from _rows(told, "parameters", file)


def _moved(table: Table, by: int) -> Table:
    made = Table(table.line + by)
    for key, value in table.items():
        made.put(key, _moved(value, by) if isinstance(value, Table) else value, table.lines[key] + by)
    return made


def _means(path: object, chart: str) -> bool:
    """Whether a path of a source names the chart's folder, which may lie below another one in the target."""
    named = str(path or "").removeprefix("./").strip("/")
    return bool(named) and (chart == named or chart.endswith("/" + named))
