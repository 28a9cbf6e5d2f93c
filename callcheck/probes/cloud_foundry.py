"""How many instances of an app does Cloud Foundry run, by its manifest?

    applications:
      - name: shop
        instances: 3
        command: gunicorn --workers 2 app:app
        processes: [{type: worker, command: celery -A shop worker, instances: 2}]

`instances` is 1 where it is absent (docs.cloudfoundry.org/devguide/deploy-apps/manifest-attributes.html).
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import UNIT_FACTS
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.documents import Table, tables
from callcheck.sources.environment.setting import pairs
from callcheck.sources.files import File
from callcheck.sources.launch import Unit, mappings, number, replicas, state

_MARK = "applications:"


class CloudFoundry:
    """An app that `cf scale` was told of is in no file."""

    name = "cloud-foundry"
    looks_at = ("manifest*.y*ml",)
    marks = (_MARK,)
    answers: frozenset[type[Fact]] = UNIT_FACTS

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no manifest.yml"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for each in mappings(eyes, self.looks_at, _MARK):
            if isinstance(each, Lost):
                yield each
                continue
            file, document = each
            for app in tables(document.get("applications")):
                yield from _app(eyes, app, file)


def _app(eyes: Eyes, app: Table, file: File) -> Iterator[Evidence | Lost]:
    """The app itself, which is its process `web`, and its other processes; what `processes` says of `web` comes before what the app says."""
    name = str(app.get("name") or "")
    env = {key: str(value) for key, value, _ in pairs(app, "env") if value is not None}
    kinds: dict[str, Table] = {"web": app}
    kinds |= {str(process.get("type") or "web"): process for process in tables(app.get("processes"))}
    for kind, keys in kinds.items():
        unit = Unit("cloud-foundry", "cloud-foundry", name if kind == "web" else kind, file, keys.lines.get("name", keys.line), env, "web" if kind == "web" else "")
        told = keys if "command" in keys else app if kind == "web" else None
        if told is not None and isinstance(told.get("command"), str):
            yield from state(eyes, unit, told["command"], line=told.lines["command"])
        count = keys.get("instances")
        yield replicas(unit, 1 if count is None else number(count).many, f"instances: {count}" if count is not None else "no instances: 1", keys.lines.get("instances", 0))


PROBE = CloudFoundry()
