"""How many replicas does Azure run: Container Apps and App Service, in YAML, ARM templates, Bicep or commands of its CLI?

    type: Microsoft.App/containerApps
    properties: {template: {scale: {minReplicas: 1, maxReplicas: 5}}}
    az containerapp create --name mailer --min-replicas 0 --max-replicas 3          # learn.microsoft.com, cli/azure/containerapp: min-replicas is 0 if it is not given

A container app without `maxReplicas` may have 10; without a rule that keeps one it goes down to 0, and what it listens to is not heard. Rules of the kinds `http` and `tcp` count what comes through
the ingress, so no message in a queue starts a replica (learn.microsoft.com/azure/container-apps/scale-app).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import UNIT_FACTS, LoadBalanced, ServiceStops, StickySessions
from callcheck.model.noun import replace
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.bicep_resources import Resource, resources_of
from callcheck.sources.documents import Rows, Table
from callcheck.sources.environment import given
from callcheck.sources.files import File
from callcheck.sources.launch import (
    BY_REQUESTS,
    SCRIPTS,
    Unit,
    aside,
    commands,
    dockerfile_of,
    filled_in,
    number,
    replicas,
    role_of_app,
    scripts,
    state_image,
    stops,
)

_APP, _PLAN, _SITE = "Microsoft.App/containerApps", "Microsoft.Web/serverfarms", "Microsoft.Web/sites"
_SET = pattern(r"^[ \t]*(name|minReplicas|maxReplicas|capacity|alwaysOn|clientAffinityEnabled)[ \t]*:[ \t]*(\S.{0,200})$")
_INLINE = pattern(r"[{,][ \t]*(minReplicas|maxReplicas|capacity|alwaysOn|clientAffinityEnabled)[ \t]*:[ \t]*([^,}]{1,100})")
_RULES, _INGRESS = pattern(r"(?m)\brules[ \t]*:[ \t]*[^\s]"), pattern(r"(?m)\bingress[ \t]*:[ \t]*[^\s]")
_SCALER = pattern(r"(?m)(?:^|[{,])[ \t]*(http|tcp|custom|azureQueue)[ \t]*:[ \t]*[^\s]")
_SCALERS = frozenset({"http", "tcp", "custom", "azureQueue"})
_GIVEN = pattern(r"^(?:param[ \t]+(\w{1,80})[ \t]+(?:int|bool)|var[ \t]+(\w{1,80}))[ \t]*=[ \t]*(\S.{0,200})$")
_CHOICE = pattern(r"^[^?]{1,200}\?([^:]{1,100}):(.{1,100})$")
_STARTED = pattern(r"(?m)^[ \t]*command[ \t]*:[ \t]*(\[[^\]]{3,900}\](?:\s*args[ \t]*:[ \t]*\[[^\]]{1,900}\])?)")
_WORD = pattern(r"'([^'\n]{0,300})'")
_MADE = pattern(r"\baz containerapp (create|up)\b")
_CALLED = pattern(r"(?:--name|-n)[= ][\"']?([\w.${}-]{1,80})")
_LEAST = pattern(r"--min-replicas[= ][\"']?(?:[1-9]|\$)")
_RULE = pattern(r"--scale-rule-type[= ][\"']?([\w-]{1,40})")
_DEFAULT = 10


class Azure:
    """How many replicas a script asks for is what `scale-commands` reads; here it is said whether one is kept."""

    name = "azure"
    looks_at = ("*.y*ml", "*.json", "*.bicep", *SCRIPTS)
    marks = (_APP, _PLAN, _SITE, "az containerapp")
    answers: frozenset[type[Fact]] = frozenset({*UNIT_FACTS, ServiceStops, StickySessions, LoadBalanced})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no YAML, JSON or Bicep file"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for file, text in scripts(eyes, "az containerapp"):
            yield from _by_command(eyes, file, text)
        for file in eyes.tree.named("*.y*ml", "*.json", "*.bicep"):
            if aside(eyes, file) or file.size > 300_000:
                continue
            try:
                text = eyes.text(file)
                if not any(mark in text for mark in (_APP, _PLAN, _SITE)):
                    continue
                if file.suffix == ".bicep":
                    yield from _bicep(eyes, text, file)
                else:
                    yield from _objects(eyes, eyes.document(file), file)
            except SourceError as error:
                yield Lost(clean(file.name), error.message)


def _objects(eyes: Eyes, document: Any, file: File) -> Iterator[Evidence | Lost]:
    """The document itself, or the resources of an ARM template."""
    rows = document.get("resources") if isinstance(document, Table) else None
    for table in [document, *(rows if isinstance(rows, Rows) else ())]:
        if not isinstance(table, Table):
            continue
        name = str(table.get("name") or "")
        name = "" if "[" in name else name
        if table.get("type") == _PLAN and isinstance(sku := table.get("sku"), Table) and "capacity" in sku:
            unit = Unit("azure", "azure-app-service", "", file, sku.lines["capacity"])
            yield replicas(unit, number(sku["capacity"]).many, f"capacity: {sku['capacity']}")
        elif table.get("type") == _SITE:
            properties = _table(table, "properties")
            settings = _table(properties, "siteConfig")
            yield from _affinity(str(properties.get("clientAffinityEnabled", "")), str(table.get("kind") or ""), file, properties.lines.get("clientAffinityEnabled", table.line))
            yield from _unloaded(name, str(settings.get("alwaysOn", "")), file, settings.lines.get("alwaysOn", table.line))
        elif table.get("type") == _APP:
            properties = _table(table, "properties")
            template = _table(properties, "template")
            scale = _table(template, "scale")
            line = scale.lines.get("maxReplicas", table.lines["type"])
            command = _command(template.get("containers"))
            yield from _app(eyes, Unit("azure", "azure-container-apps", name, file, line), scale.get("maxReplicas"), command)
            yield from _stops(name, properties, scale, file, table.lines["type"])


def _by_command(eyes: Eyes, file: File, text: str) -> Iterator[Evidence | Lost]:
    """An app that a command makes: stopped where no replica is kept and no rule but one of requests starts one."""
    asked = [(line, filled_in(command, text)) for line, command in commands(file, text)]
    for line, said in asked:
        made = _MADE.search(said)
        named = _CALLED.search(said) if made is not None and "--yaml" not in said else None
        if made is None or named is None or "$" in named[1]:
            continue
        unit = Unit("azure", "azure-container-apps", named[1], file, line)
        yield from state_image(eyes, unit, dockerfile_of(eyes, "", [named[1]]), command="")
        kept = any(_LEAST.search(other) for _, other in asked if "az containerapp" in other and named[1] in other)
        rule = _RULE.search(said)
        may = made[1] == "create" or "--min-replicas" in said  # `up` may find an app that is there
        if may and not kept and (rule is None and "--scale-rule-name" not in said or rule is not None and rule[1] in BY_REQUESTS):
            yield stops(unit, "http" if "--ingress" in said else "nothing", line, role_of_app(named[1], ruled=rule is not None))


def _table(table: Table, key: str) -> Table:
    value = table.get(key)
    return value if isinstance(value, Table) else Table(table.line)


def _command(containers: Any) -> list[str]:
    """What the first container starts, [] if its image decides."""
    first = containers[0] if isinstance(containers, Rows) and containers else None
    words = [first.get(key) for key in ("command", "args")] if isinstance(first, Table) else []
    return [str(word) for part in words if isinstance(part, list) for word in part]


def _stops(name: str, properties: Table, scale: Table, file: File, line: int) -> Iterator[Evidence]:
    """With no replica kept and no rule but of requests, nothing but a request starts one."""
    rules, served = scale.get("rules"), "ingress" in _table(properties, "configuration")
    if number(scale.get("minReplicas", 0)).many or (rules and not (served and _counts_requests(rules))):
        return
    wakes_on = "http" if served else "nothing"
    fact = ServiceStops(clean(name, 80), role_of_app(name, ruled=bool(rules)), wakes_on, "azure-container-apps")
    where = Location(clean(file.name), next((scale.lines[key] for key in ("minReplicas", "maxReplicas") if key in scale), line))
    yield Evidence(fact, Basis.DECLARED, "azure", where, service=fact.service)


def _counts_requests(rules: Any) -> bool:
    """Whether each rule is one of requests or connections."""
    kinds = [_SCALERS & row.keys() if isinstance(row, Table) else set() for row in rules] if isinstance(rules, list) else [set()]
    return all(kind and kind <= BY_REQUESTS for kind in kinds)


def _may_stop(name: str, block: str, least: tuple[str, int], file: File) -> Iterator[Evidence]:
    """The same of Bicep, where no replica is kept: a parameter without a default may keep one."""
    ruled, served = _RULES.search(block), _INGRESS.search(block)
    kinds = {found[1] for found in _SCALER.finditer(block, ruled.end() - 1)} if ruled else set()
    if least[0].strip("'") == "0" and (not ruled or (served and kinds and kinds <= BY_REQUESTS)):
        fact = ServiceStops(clean(name, 80), role_of_app(name, ruled=bool(ruled)), "http" if served else "nothing", "azure-container-apps")
        yield Evidence(fact, Basis.DECLARED, "azure", Location(clean(file.name), least[1]), service=fact.service)


def _unloaded(name: str, always_on: str, file: File, line: int) -> Iterator[Evidence]:
    """A web app that is unloaded after twenty minutes without a request (learn.microsoft.com/azure/app-service/configure-common, Always On)."""
    if always_on.lower() == "false":
        fact = ServiceStops(clean(name, 80), "web", "http", "azure-app-service")
        yield Evidence(fact, Basis.DECLARED, "azure", Location(clean(file.name), line), service=fact.service)


def _affinity(kept: str, kind: str, file: File, line: int) -> Iterator[Evidence]:
    """App Service keeps a client on one instance by a cookie, unless it is told not to (learn.microsoft.com, Microsoft.Web/sites: clientAffinityEnabled is true by default)."""
    if "functionapp" not in kind and kept.lower() in ("", "true", "false"):
        fact = LoadBalanced("azure-app-service", "") if kept.lower() == "false" else StickySessions("cookie", "")
        yield Evidence(fact, Basis.DECLARED, "azure", Location(clean(file.name), line))


def _written(key: str, lines: list[str]) -> str:
    """What a resource of Bicep says of itself under a key; "" if it does not."""
    return next((found[1] for line in lines if (found := re.match(rf"^[ \t]*{key}[ \t]*:[ \t]*'([^'\n]{{1,100}})'", line[:200]))), "")


def _bicep(eyes: Eyes, text: str, file: File) -> Iterator[Evidence | Lost]:
    lines = list(enumerate(text.splitlines(), 1))
    for resource in resources_of(file, text, _APP, _PLAN, _SITE):
        known = {found[1] or found[2]: (_greater(found[3]), at) for at, line in lines[: resource.line] if (found := _GIVEN.match(line[:400]))}
        said = dict[str, tuple[str, int]]()
        for at, line in enumerate(resource.body.splitlines(), resource.line + 1):
            alone = _SET.match(line[:400])
            for found in [alone] if alone else _INLINE.finditer(line[:400]):
                said.setdefault(found[1], (_greater(found[2]), at))
        yield from _resource(eyes, resource, said, known)


def _resource(eyes: Eyes, resource: Resource, said: dict[str, tuple[str, int]], known: dict[str, tuple[str, int]]) -> Iterator[Evidence | Lost]:
    """One resource, by what it says under each key and what is known of the file's parameters, each with its line."""
    file, begun = resource.file, resource.line
    name = said.get("name", ("", 0))[0].strip("'")
    name = name if name.replace("-", "").isalnum() else ""
    if resource.type == _APP:
        most = _settled(said.get("maxReplicas"), known)
        unit = Unit("azure", "azure-container-apps", name, file, most[1] if most else begun)
        started = _STARTED.search(resource.body)
        yield from _app(eyes, unit, most[0] if most else None, _WORD.findall(started[1]) if started else [])
        yield from _may_stop(name, resource.body, _settled(said.get("minReplicas"), known) or ("0", begun), file)
    elif resource.type == _SITE:
        kept = _settled(said.get("clientAffinityEnabled"), known) or ("", begun)
        yield from _affinity(kept[0], _written("kind", resource.body.splitlines()), file, kept[1])
        always = _settled(said.get("alwaysOn"), known)
        yield from _unloaded(name, always[0], file, always[1]) if always else ()
    elif "capacity" in said:
        count, at = _settled(said["capacity"], known) or said["capacity"]
        yield replicas(Unit("azure", "azure-app-service", "", file, at), number(count).many, f"capacity: {count}")


def _greater(value: str) -> str:
    """Of `prod ? 3 : 1` the greater, as the most that may run counts; else the value."""
    choice = _CHOICE.match(value.strip())
    counts = [number(branch).many for branch in choice.groups()] if choice else []
    known = [count for count in counts if count is not None]
    return str(max(known)) if len(known) == 2 else value.strip()


def _settled(written: tuple[str, int] | None, known: dict[str, tuple[str, int]]) -> tuple[str, int] | None:
    """A parameter's default or a variable's value, where that is written."""
    return known.get(written[0], written) if written else None


def _app(eyes: Eyes, unit: Unit, most: object, command: list[str] | None = None) -> Iterator[Evidence | Lost]:
    unit = replace(unit, env=given(eyes, unit.system, unit.service))
    yield from state_image(eyes, unit, dockerfile_of(eyes, "", [unit.service]), command=command or "")
    if most is None:
        yield replicas(unit, _DEFAULT, f"no maxReplicas: up to {_DEFAULT}")
    else:
        yield replicas(unit, number(most).many, f"maxReplicas: {most}")


PROBE = Azure()
