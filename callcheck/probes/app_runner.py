"""How many instances does AWS App Runner run?

    Scaling:
      Type: AWS::AppRunner::AutoScalingConfiguration
      Properties: {MinSize: 1, MaxSize: 4}

The number stands in a resource of its own; without one the account's default applies, and several instances are normal. An instance that
serves no request has no CPU (aws/apprunner-roadmap#96).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import UNIT_FACTS, ServerlessFunction
from callcheck.model.noun import replace
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.documents import Table, value_at
from callcheck.sources.environment import given
from callcheck.sources.files import File
from callcheck.sources.launch import Unit, aside, dockerfile_of, freezes, number, replicas, state, state_image

_STARTS = (("ImageRepository", "ImageConfiguration"), ("CodeRepository", "CodeConfiguration", "CodeConfigurationValues"))
"""Where a template says what is started instead of the image's own command."""
_SERVICE, _SCALING = "AWS::AppRunner::Service", "AWS::AppRunner::AutoScalingConfiguration"


class AppRunner:
    """CloudFormation templates, and `apprunner.yaml`, which says the command alone."""

    name = "app-runner"
    looks_at = ("*.y*ml", "*.json")
    marks = ("apprunner.yaml", "AWS::AppRunner::")
    answers: frozenset[type[Fact]] = frozenset({*UNIT_FACTS, ServerlessFunction})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no YAML or JSON file"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for file in eyes.tree.named(*self.looks_at):
            if aside(eyes, file) or file.size > 300_000:
                continue
            try:
                if file.base == "apprunner.yaml":
                    yield from _source(eyes, eyes.document(file), file)
                elif "AWS::AppRunner::" in eyes.text(file):
                    yield from _template(eyes, eyes.document(file), file)
            except SourceError as error:
                yield Lost(clean(file.name), error.message)


def _source(eyes: Eyes, document: Any, file: File) -> Iterator[Evidence | Lost]:
    run = document.get("run") if isinstance(document, Table) else None
    if isinstance(run, Table) and isinstance(run.get("command"), str):
        unit = Unit("app-runner", "app-runner", "", file, run.lines["command"], given(eyes, "app-runner", ""))
        yield from state(eyes, unit, run["command"])
        yield replicas(unit, None, "the account's scaling decides")
        yield freezes(unit)


def _template(eyes: Eyes, document: Any, file: File) -> Iterator[Evidence | Lost]:
    resources = document.get("Resources") if isinstance(document, Table) else None
    found = resources.items() if isinstance(resources, Table) else ()
    typed = [(key, value) for key, value in found if isinstance(value, Table) and isinstance(value.get("Properties"), Table)]
    scalings = [value["Properties"] for _, value in typed if value.get("Type") == _SCALING]
    for key, value in typed:
        if value.get("Type") != _SERVICE:
            continue
        name = value["Properties"].get("ServiceName")
        unit = Unit("app-runner", "app-runner", name if isinstance(name, str) else key, file, value.lines["Type"])
        told = next((held for path in _STARTS if isinstance(held := value_at(value, "Properties", "SourceConfiguration", *path), Table) and isinstance(held.get("StartCommand"), str)), None)
        yield from state_image(eyes, unit, dockerfile_of(eyes, "", [unit.service])) if told is None else state(eyes, replace(unit, line=told.lines["StartCommand"]), told["StartCommand"])
        yield freezes(unit)
        sizes = [scaling for scaling in scalings if "MaxSize" in scaling]
        if len(sizes) == 1:
            yield replicas(unit, number(sizes[0]["MaxSize"]).many, f"MaxSize: {sizes[0]['MaxSize']}", sizes[0].lines["MaxSize"])
        else:
            yield replicas(unit, None, "the account's scaling decides")


PROBE = AppRunner()
