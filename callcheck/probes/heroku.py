"""How many dynos and replicas do Heroku's app.json and heroku.yml and Railway's railway.json ask for?

    "formation": { "web": { "quantity": 2 } }
    {"deploy": {"numReplicas": 3, "startCommand": "npm start"}}
    run: {web: gunicorn --workers 3 app:app}                               # heroku.yml, for images

What `heroku ps:scale` was told is in no file.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import UNIT_FACTS, ServiceStops
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.documents import Table, line_at, value_at
from callcheck.sources.environment import given
from callcheck.sources.files import File
from callcheck.sources.launch import Unit, each_document, number, replicas, state, stops


class Heroku:
    """Heroku's formation by process type; Railway's replicas, regions added up."""

    name = "heroku"
    looks_at = ("app.json", "heroku.yml", "railway.json", "railway.toml")
    answers: frozenset[type[Fact]] = frozenset({*UNIT_FACTS, ServiceStops})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no app.json or railway.json"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        def read(document: Table, file: File) -> Iterator[Evidence | Lost]:
            if file.base == "heroku.yml":
                return _images(eyes, document, file)
            return _formation(document, file) if file.base == "app.json" else _railway(eyes, document, file)

        return each_document(eyes, self.looks_at, read)


def _formation(document: Table, file: File) -> Iterator[Evidence]:
    formation = document.get("formation")
    if not isinstance(formation, Table):
        return
    for name, keys in formation.items():
        if isinstance(keys, Table) and "quantity" in keys:
            unit = Unit("heroku", "heroku", name, file, formation.lines[name])
            yield replicas(unit, number(keys["quantity"]).many, f"quantity: {keys['quantity']}", keys.lines["quantity"])
            if name == "web" and str(keys.get("size", "")).lower() in ("eco", "free"):
                # Asleep after 30 minutes without a request (devcenter.heroku.com/articles/eco-dyno-hours).
                yield stops(unit, "http", keys.lines["size"], "web")


def _images(eyes: Eyes, document: Table, file: File) -> Iterator[Evidence | Lost]:
    """What each process type starts, of one image or several (devcenter.heroku.com/articles/build-docker-images-heroku-yml, `run`)."""
    types = document.get("run")
    for name, told in types.items() if isinstance(types, Table) else ():
        path = (name, "command") if isinstance(told, Table) else (name,)
        command, line = value_at(types, *path), line_at(types, *path)
        if command:
            unit = Unit("heroku", "heroku", name, file, line, given(eyes, "heroku", name), "web" if name == "web" else "")
            yield from state(eyes, unit, " && ".join(map(str, command)) if isinstance(command, list) else str(command))


def _railway(eyes: Eyes, document: Table, file: File) -> Iterator[Evidence | Lost]:
    deploy = _in_production(document)
    if not deploy:
        return
    unit = Unit("heroku", "railway", "", file, document.lines.get("deploy", 1))
    if isinstance(deploy.get("startCommand"), str):
        yield from state(eyes, unit, deploy["startCommand"], line=deploy.lines["startCommand"])
    if deploy.get("sleepApplication") is True:
        yield stops(unit, "http", deploy.lines["sleepApplication"], "web")
    regions = deploy.get("multiRegionConfig")
    if isinstance(regions, Table) and regions:
        counts = [
            number(region.get("numReplicas")).many or 1 for region in regions.values() if isinstance(region, Table)
        ]
        yield replicas(
            unit, sum(counts), f"multiRegionConfig: {sum(counts)} replicas", deploy.lines["multiRegionConfig"]
        )
    elif "numReplicas" in deploy:
        yield replicas(
            unit,
            number(deploy["numReplicas"]).many,
            f"numReplicas: {deploy['numReplicas']}",
            deploy.lines["numReplicas"],
        )
    else:
        yield replicas(unit, 1, "no numReplicas: 1")


def _in_production(document: Table) -> Table:
    """The keys of `deploy`, with those laid over them that its environment for production says anew (docs.railway.com/reference/config-as-code, `environments`)."""
    stages = document.get("environments")
    named = [name for name in stages if "prod" in name] if isinstance(stages, Table) else []
    laid = Table()
    for deploy in (document.get("deploy"), *(value_at(stages, name, "deploy") for name in named)):
        for key, value in deploy.items() if isinstance(deploy, Table) else ():
            laid.put(key, value, deploy.lines[key])
    return laid


PROBE = Heroku()
