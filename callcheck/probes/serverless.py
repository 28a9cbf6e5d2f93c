"""Does the code run in functions that freeze or end after their response?

    functions:
      api: {handler: src/handler.handler}

Lambda (serverless.yml, SAM, CloudFormation), Vercel, Netlify, Cloudflare Workers, Azure Functions, and Cloud Run while its CPU is
throttled between requests, which is the default (`run.googleapis.com/cpu-throttling`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import (
    InstancesFactor,
    InstancesPossible,
    ServerlessFunction,
    ServerTrait,
    ServiceRun,
)
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.documents import Table, line_at
from callcheck.sources.files import File
from callcheck.sources.launch import Unit, aside, dockerfile_of, each_document, number, replicas, state_image

_LAMBDA = ("AWS::Serverless::Function", "AWS::Lambda::Function")
_THROTTLING = "run.googleapis.com/cpu-throttling"


class Serverless:
    """A `vercel.json` that only configures headers or rewrites still says that Vercel runs the project."""

    name = "serverless"
    looks_at = ("*.yaml", "*.yml", "*.json", "*.jsonc", "netlify.toml", "wrangler.toml", "index.ts", "index.js", "requirements.txt", "Dockerfile*", "Procfile*")
    marks = ("azure-functions", "firebase_functions", "mangum", "supabase/functions", "functions-framework", "firebase-functions", "@azure/functions", "serverless", "template", "cloudformation", "sam.", "vercel", "netlify", "wrangler", "host.json", "serving.knative.dev")
    answers: frozenset[type[Fact]] = frozenset(
        {ServerlessFunction, InstancesFactor, InstancesPossible, ServiceRun, ServerTrait}
    )

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk else "no folder given"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        readers = {
            ("serverless.yml", "serverless.yaml"): _framework,
            (
                "template.y*ml",
                "template.json",
                "*cloudformation*.y*ml",
                "sam.y*ml",
                "*.template.json",
                "*.template.y*ml",
            ): _cloudformation,
            ("vercel.json",): _vercel,
            ("netlify.toml",): _netlify,
            ("wrangler.toml", "wrangler.json", "wrangler.jsonc"): _wrangler,
            ("host.json",): _azure,
        }
        for globs, read in readers.items():
            yield from each_document(eyes, globs, read)
        yield from _packages(eyes)
        yield from _requirements(eyes)
        yield from _cloud_run(eyes)


def _function(platform: str, name: str, file: File, line: int) -> Evidence:
    name = clean(name, 80)
    return Evidence(
        ServerlessFunction(platform, name),
        Basis.DECLARED,
        "serverless",
        Location(clean(file.name), line or 1),
        service=name,
    )


def _framework(document: Table, file: File) -> Iterator[Evidence]:
    provider = document.get("provider")
    name = str(provider.get("name", "aws")) if isinstance(provider, Table) else "aws"
    platform = {
        "aws": "aws-lambda",
        "azure": "azure-functions",
        "google": "google-cloud-functions",
        "cloudflare": "cloudflare-workers",
    }.get(name, name)
    functions = document.get("functions")
    if isinstance(functions, list):
        merged = Table()
        for part in functions:
            for key, value in part.items() if isinstance(part, Table) else ():
                merged.put(key, value, part.lines[key])
        functions = merged
    if not isinstance(functions, Table):
        return
    for key, value in functions.items():
        line = line_at(value, "handler") if isinstance(value, Table) and "handler" in value else functions.lines[key]
        yield _function(platform, key, file, line)


def _cloudformation(document: Table, file: File) -> Iterator[Evidence]:
    resources = document.get("Resources")
    for key, value in resources.items() if isinstance(resources, Table) else ():
        if isinstance(value, Table) and value.get("Type") in _LAMBDA:
            yield _function("aws-lambda", key, file, value.lines["Type"])


def _vercel(document: Table, file: File) -> Iterator[Evidence]:
    line = document.lines.get("functions", document.lines.get("builds", document.line))
    functions = document.get("functions")
    if isinstance(functions, Table) and functions:
        line = next(iter(functions.lines.values()))
    yield _function("vercel", "", file, line)


def _netlify(document: Table, file: File) -> Iterator[Evidence]:
    build = document.get("build")
    functions = document.get("functions")
    if isinstance(functions, Table):
        yield _function("netlify", "", file, document.lines["functions"])
    elif isinstance(build, Table) and "functions" in build:
        yield _function("netlify", "", file, build.lines["functions"])


def _wrangler(document: Table, file: File) -> Iterator[Evidence]:
    if "main" in document or "pages_build_output_dir" in document:
        line = document.lines.get("main", document.lines.get("pages_build_output_dir", 1))
        yield _function("cloudflare-workers", str(document.get("name") or ""), file, line)


def _azure(document: Table, file: File) -> Iterator[Evidence]:
    if "extensionBundle" in document or "functionTimeout" in document:
        yield _function("azure-functions", "", file, document.line)


_PACKAGES = {
    "@vercel/functions": "vercel",
    "@vercel/node": "vercel",
    "@vercel/kv": "vercel",
    "@vercel/edge": "vercel",
    "@google-cloud/functions-framework": "google-cloud-functions",
    "firebase-functions": "google-cloud-functions",
    "@netlify/functions": "netlify",
    "@azure/functions": "azure-functions",
}
"""Packages that are of use in functions of one platform alone."""
_REQUIREMENTS = {"functions-framework": "google-cloud-functions", "firebase-functions": "google-cloud-functions", "firebase_functions": "google-cloud-functions", "azure-functions": "azure-functions", "mangum": "aws-lambda"}
"""The same for requirements.txt."""
_EDGE = pattern(r"(?:^|/)supabase/functions/([\w-]+)/index\.[jt]s$")


def _packages(eyes: Eyes) -> Iterator[Evidence]:
    """What package.json asks for, and the folder that Supabase deploys functions from."""
    for file in eyes.tree.named("index.ts", "index.js"):
        if found := _EDGE.search(file.name):
            yield _function("supabase", found[1], file, 1)
    if eyes.tree.named("vercel.json"):
        return
    for file in eyes.tree.named("package.json"):
        if aside(eyes, file):
            continue
        try:
            document = eyes.document(file)
        except SourceError:
            continue
        packages = document.get("dependencies") if isinstance(document, Table) else None
        for name, platform in _PACKAGES.items():
            if isinstance(packages, Table) and name in packages:
                yield _function(platform, "", file, packages.lines[name])
                break


def _requirements(eyes: Eyes) -> Iterator[Evidence]:
    """What requirements.txt asks for, unless an image or a platform's own file says how the app is run."""
    if eyes.tree.named("vercel.json", "serverless.y*ml", "template.y*ml", "Dockerfile*", "Procfile*"):
        return
    for file in eyes.tree.named("requirements.txt"):
        if aside(eyes, file):
            continue
        try:
            lines = eyes.text(file).splitlines()
        except SourceError:
            continue
        for number_of, line in enumerate(lines, 1):
            platform = _REQUIREMENTS.get(re.split(r"[\s=<>~!\[;]", line.strip().lower())[0])
            if platform:
                yield _function(platform, "", file, number_of)
                break


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


def _under(value: Any, *path: str | int) -> Any:
    for step in path:
        if isinstance(value, dict) and step in value:
            value = value[str(step)]
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def _cloud_run_service(eyes: Eyes, body: Table, file: File) -> Iterator[Evidence | Lost]:
    name = str(_under(body, "metadata", "name") or "")
    revision = ("spec", "template", "metadata", "annotations")
    own = ("metadata", "annotations")
    annotations = _under(body, *revision) or {}
    service_wide = _under(body, *own) or {}
    google = "run.googleapis.com" in eyes.text(file)
    if google and str(annotations.get(_THROTTLING, "true")).lower() != "false":
        line = line_at(body, *revision, _THROTTLING) if _THROTTLING in annotations else line_at(body, *revision)
        yield _function("cloud-run", name, file, line)
    container = _under(body, "spec", "template", "spec", "containers", 0)
    unit = Unit("serverless", "cloud-run", name, file, line_at(body, "kind"))
    if isinstance(container, Table):
        image = str(container.get("image") or "")
        rows = container.get("env")
        env = (
            {str(e.get("name")): str(e["value"]) for e in rows if isinstance(e, Table) and "value" in e}
            if isinstance(rows, list)
            else {}
        )
        at = Unit("serverless", "cloud-run", name, file, container.line, env, "", image)
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


PROBE = Serverless()
