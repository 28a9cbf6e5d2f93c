"""Which services run on Cloud Run, how often, and is their CPU taken away between requests?

    kind: Service                                            # serving.knative.dev, or google_cloud_run_v2_service of Terraform
    annotations: {run.googleapis.com/cpu-throttling: "false"}
    gcloud run deploy web --no-cpu-throttling                # in a script or a pipeline

CPU during requests alone is the default (cloud.google.com/run/docs/configuring/billing-settings).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import UNIT_FACTS, ServerlessFunction
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.documents import Table, line_at, value_at
from callcheck.sources.files import File
from callcheck.sources.launch import (
    SCRIPTS,
    Unit,
    aside,
    commands,
    dockerfile_of,
    filled_in,
    freezes,
    number,
    replicas,
    scripts,
    state_image,
)

_THROTTLING = "run.googleapis.com/cpu-throttling"
_GOOGLES = pattern(r"run\.googleapis\.com|image:\s*[\"']?(?:[\w-]+-docker\.pkg\.dev|(?:\w+\.)?gcr\.io)/")
"""What tells a service of Cloud Run from one of another Knative: annotations, and the registries of Google."""
_DEPLOYS = pattern(r"\bgcloud\s[^|;&]{0,200}?\brun deploy\b|^\s*(?:args:\s*|-\s+)*run deploy\b")
_ACTION = pattern(r"uses:\s*[\"']?google-github-actions/deploy-cloudrun@")
_NEXT_STEP = pattern(r"^\s*- (?:name|uses|run|id)\s*:", re.MULTILINE)
_KEPT = "--no-cpu-throttling"
_MOST = pattern(r"--max-instances[= ](\S{1,80})")
_STARTED = tuple(pattern(rf"--{flag}[= ](\"[^\"]{{1,400}}\"|'[^']{{1,400}}'|[^\s\"'$]{{1,400}})(?=\s|$)") for flag in ("command", "args"))
"""What is started instead of the image's own entry point and command: words between commas."""
_SWITCHES = frozenset({"--quiet", "--allow-unauthenticated", "--no-allow-unauthenticated", "--async", "--no-traffic", "--cpu-boost"})
"""Flags without a value."""


class CloudRun:
    """A command says nothing where a file of the target describes the service: what it deploys is that file."""

    name = "cloud-run"
    looks_at = ("*.yaml", "*.yml", "*.tf", *SCRIPTS)
    marks = ("serving.knative.dev", "run deploy", "deploy-cloudrun", "- deploy", "run, deploy", '"deploy", ', "'deploy', ", '- "deploy"', "- 'deploy'")
    answers: frozenset[type[Fact]] = frozenset({*UNIT_FACTS, ServerlessFunction})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk else "no folder given"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        found = list(_cloud_run(eyes))
        yield from found
        described = found or eyes.holds(("*.tf",), ("google_cloud_run",))
        if not described:
            yield from _commands(eyes)


def _commands(eyes: Eyes) -> Iterator[Evidence | Lost]:
    """What scripts deploy, and the action that does it for GitHub."""
    for file, text in scripts(eyes, "run"):
        for line, command in commands(file, text):
            found = _DEPLOYS.search(command)
            command = filled_in(command, text) if found else command
            unit = Unit("cloud-run", "cloud-run", _named(command[found.end() :].split()) if found else "", file, line)
            if found and _KEPT not in command:
                yield freezes(unit)
            started = [told[1].strip("\"'").split(",") if (told := flag.search(command)) else [] for flag in _STARTED] if found else []
            if any(started):
                yield from state_image(eyes, unit, dockerfile_of(eyes, "", [unit.service]), entrypoint=started[0], command=started[1])
        for found in _ACTION.finditer(text):
            after = _NEXT_STEP.search(text, found.end())
            step = text[found.start() : after.start() if after else len(text)]
            if re.search(r"^\s*(?:metadata|job|worker_pool)\s*:", step, re.MULTILINE):
                continue
            named = re.search(r"^\s*service\s*:\s*[\"']?([\w-]{1,80})[\"']?\s*$", step, re.MULTILINE)
            unit = Unit("cloud-run", "cloud-run", named[1] if named else "", file, text.count("\n", 0, found.start()) + 1)
            if _KEPT not in step:
                yield freezes(unit)
            if most := _MOST.search(step):
                yield replicas(unit, number(most[1]).many, most[0], text.count("\n", 0, found.start() + most.start()) + 1)


def _named(words: list[str]) -> str:
    """The first word of a command's rest that is neither a flag nor, as far as can be told, a flag's value; "" if it is computed."""
    before = ""
    for word in words:
        if not word.startswith("-") and (not before.startswith("--") or "=" in before or before in _SWITCHES):
            return "" if "$" in word else word
        before = word
    return ""


def _cloud_run(eyes: Eyes) -> Iterator[Evidence | Lost]:
    for file in eyes.tree.named("*.yaml", "*.yml"):
        if aside(eyes, file):
            continue
        try:
            if "serving.knative.dev" not in eyes.text(file):
                continue
            bodies = eyes.documents(file)
        except SourceError as error:
            yield Lost(clean(file.name), error.message)
            continue
        for body in bodies:
            if (
                isinstance(body, Table)
                and str(body.get("apiVersion", "")).startswith("serving.knative.dev")
                and body.get("kind") == "Service"
            ):
                yield from _cloud_run_service(eyes, body, file)


def _cloud_run_service(eyes: Eyes, body: Table, file: File) -> Iterator[Evidence | Lost]:
    name = str(value_at(body, "metadata", "name") or "")
    revision = ("spec", "template", "metadata", "annotations")
    own = ("metadata", "annotations")
    annotations = value_at(body, *revision) or {}
    service_wide = value_at(body, *own) or {}
    # Knative serves the same kind on any cluster.
    google = _GOOGLES.search(eyes.text(file)) is not None
    if google and str(annotations.get(_THROTTLING, "true")).lower() != "false":
        line = line_at(body, *revision, _THROTTLING) if _THROTTLING in annotations else line_at(body, *revision)
        yield freezes(Unit("cloud-run", "cloud-run", name, file, line))
    container = value_at(body, "spec", "template", "spec", "containers", 0)
    unit = Unit("cloud-run", "cloud-run", name, file, line_at(body, "kind"))
    if isinstance(container, Table):
        image = str(container.get("image") or "")
        rows = container.get("env")
        env = (
            {str(e.get("name")): str(e["value"]) for e in rows if isinstance(e, Table) and "value" in e}
            if isinstance(rows, list)
            else {}
        )
        at = Unit("cloud-run", "cloud-run", name, file, container.line, env, "", image)
        words = [container.get(key) if isinstance(container.get(key), list) else "" for key in ("command", "args")]
        yield from state_image(
            eyes, at, dockerfile_of(eyes, image, [name]), entrypoint=words[0] or "", command=words[1] or ""
        )
    for where, table in ((revision, annotations), (own, service_wide)):
        for key in table:
            if re.search(r"/maxScale$|/max-scale$", str(key)):
                yield replicas(
                    unit, number(table[key]).many, f"maxScale: {table[key]}", line_at(body, *where, str(key))
                )
                return
    yield replicas(unit, 100, "no maxScale: up to 100")


PROBE = CloudRun()
