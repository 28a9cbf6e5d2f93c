"""Does the code run in functions that freeze or end after their response?

    functions:
      api: {handler: src/handler.handler}

Lambda (serverless.yml, SAM, CloudFormation, Zappa), Vercel, Netlify, Cloudflare Workers, Azure Functions. Cloud Run has a probe of its own.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import UNIT_FACTS, ServerlessFunction
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.documents import Table, line_at, tables
from callcheck.sources.files import File
from callcheck.sources.launch import aside, each_document

_LAMBDA = ("AWS::Serverless::Function", "AWS::Lambda::Function")
_ROUTING = frozenset({"$schema", "version", "rewrites", "redirects", "headers", "cleanUrls", "trailingSlash", "public"})

_EVERY = pattern(r"/(?:\(\.\*\)|:\w{1,40}(?:\*|\(\.\*\)))")
"""`/(.*)`, `/:path*`."""
_PAGE = pattern(r"/(?:index\.html?)?")


class Serverless:
    """A `vercel.json` that only configures headers or rewrites still says that Vercel runs the project."""

    name = "serverless"
    looks_at = ("*.yaml", "*.yml", "*.json", "*.jsonc", "netlify.toml", "wrangler.toml", "zappa_settings.toml", "index.ts", "index.js", "requirements.txt", "Dockerfile*", "Procfile*")
    marks = ("zappa", "azure-functions", "firebase_functions", "mangum", "supabase/functions", "functions-framework", "firebase-functions", "@azure/functions", "serverless", "template", "cloudformation", "sam.", "vercel", "netlify", "wrangler", "host.json")
    answers: frozenset[type[Fact]] = frozenset({*UNIT_FACTS, ServerlessFunction})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk else "no folder given"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        readers: dict[tuple[str, ...], Callable[[Table, File], Iterator[Evidence | Lost]]] = {
            ("serverless.yml", "serverless.yaml"): _framework,
            (
                "template.y*ml",
                "template.json",
                "*cloudformation*.y*ml",
                "sam.y*ml",
                "*.template.json",
                "*.template.y*ml",
            ): _cloudformation,
            ("vercel.json",): functools.partial(_vercel, eyes),
            ("netlify.toml",): _netlify,
            ("wrangler.toml", "wrangler.json", "wrangler.jsonc"): _wrangler,
            ("host.json",): _azure,
            ("zappa_settings.json", "zappa_settings.y*ml", "zappa_settings.toml"): _zappa,
        }
        for globs, read in readers.items():
            yield from each_document(eyes, globs, read)
        yield from _packages(eyes)
        yield from _requirements(eyes)


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


def _beside_image(eyes: Eyes, document: Table, file: File) -> bool:
    """Whether the settings of a part of the project, which only change routes, stand where that part has an image of its own, too."""
    folder = file.name.rpartition("/")[0]
    around = {"/".join(folder.split("/")[:n]) for n in range(1, folder.count("/") + 2)} if folder else set()
    return set(document) <= _ROUTING and any(built.name.rpartition("/")[0] in around for built in eyes.tree.named("Dockerfile*"))


def _only_pages(eyes: Eyes, document: Table, file: File) -> bool:
    """Whether settings that only change routes answer every path with one page, and no folder of functions (`api`) is beside them, whose files go first."""
    folder = file.name[: len(file.name) - len(file.base)]
    if any(name.startswith(f"{folder}api/") for name in eyes.code.project.sources):
        return False
    rewrites = tables(document.get("rewrites"))
    return set(document) <= _ROUTING and any(_EVERY.fullmatch(str(row.get("source", ""))) and _PAGE.fullmatch(str(row.get("destination", ""))) for row in rewrites)


def _vercel(eyes: Eyes, document: Table, file: File) -> Iterator[Evidence]:
    if _beside_image(eyes, document, file) or _only_pages(eyes, document, file):
        return
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


def _zappa(document: Table, file: File) -> Iterator[Evidence]:
    """One function a stage, which serves a whole WSGI app (github.com/zappa/Zappa, "Advanced Settings"); a base that stages extend may hold the app for them."""
    for stage, held in document.items():
        for key in ("app_function", "django_settings") if isinstance(held, Table) else ():
            if key in held:
                yield _function("aws-lambda", stage, file, held.lines[key])
                break


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
        document = eyes.readable_document(file)
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
        for number_of, line in enumerate(eyes.readable(file).splitlines(), 1):
            platform = _REQUIREMENTS.get(re.split(r"[\s=<>~!\[;]", line.strip().lower())[0])
            if platform:
                yield _function(platform, "", file, number_of)
                break


PROBE = Serverless()
