"""Which source files are written for a framework or platform to load, and are not loaded, by where they lie or what they export?

    app/instrumentation.ts             # Next.js looks for it beside app/, not in it
    awslambda.streamifyResponse(...)   # with a template.yaml whose function address is BUFFERED

What is so is data: `places` in `rules/frameworks/<name>.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.knowledge import Framework, Place
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.present import placed
from callcheck.sources.documents import Table
from callcheck.sources.files import File
from callcheck.sources.languages import language_of

_LONGEST = 160
_ASIDE = pattern(r"(?:^|[/_.-])(?:tests?|e2e|fixtures?|mocks?|examples?|templates?)(?:[/_.-]|$)")


class Places:
    """Looks below each folder that a `Place` has for its root."""

    name = "places"
    looks_at = ("package.json", "manifest.json", "partykit.json", "wrangler.toml", "wrangler.json", "wrangler.jsonc", "template.yaml", "template.yml", "template.json")
    marks = (
        '"next"', '"react"', '"vscode"', '"bree"', '"@sveltejs/kit"', '"astro"', '"@strapi/strapi"', '"@azure/functions"',
        '"nuxt"', '"nitropack"', '"@remix-run/node"', '"@react-router/node"', '"convex"', '"electron"', '"firebase"',
        '"sails"', '"@supabase/supabase-js"', '"pg"', '"bullmq"', '"@adonisjs/core"', '"@shopify/shopify-app-remix"', '"@shopify/shopify-app-react-router"',
        "FunctionUrlConfig", "AWS::Lambda::Url", "HttpApi", '"manifest_version"', "compatibility_date", '"parties"',
    )  # fmt: skip
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk else "no folder given"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        if not eyes.tree.named(*self.looks_at):
            return
        for framework in placed(eyes.knowledge.frameworks):
            for place in framework.places:
                for root in _roots(eyes, place.root) if place.root else ():
                    yield from _Root(eyes, root).said(framework, place, self.name)


class _Root:
    """The files below one root."""

    def __init__(self, eyes: Eyes, root: str) -> None:
        self._eyes = eyes
        self._root = root
        self._names = [name[len(root) :] for name in eyes.code.project.sources if name.startswith(root) and not is_test(name) and not _ASIDE.search(name)]

    def said(self, framework: Framework, place: Place, probe: str) -> Iterator[Evidence]:
        meant = [name for name in self._names if re.search(place.path, name)]
        if not meant or not self._stands(place):
            return
        wanted = re.compile(place.text, re.MULTILINE)
        if self._configured(place, {}) is None and not wanted.groupindex:
            return
        for name in meant:
            path = self._root + name
            text = self._eyes.code.project.text(path) or self._text_of(path)
            if wanted.search(text) is None or (place.lacks and re.search(place.lacks, text, re.MULTILINE)):
                continue
            if place.imported is not None and bool(self._eyes.code.project.importers(path)) is not place.imported:
                continue
            if place.versions and not self._eyes.code.idioms.releases.hold(place.versions, framework, path):
                continue
            fact = LibraryTrap(place.effect, place.strength, clean(place.says, _LONGEST), clean(name.rpartition("/")[2], 60), framework.name, language_of(path) or "")
            for found in wanted.finditer(text):
                configured = self._configured(place, found.groupdict())
                if configured is not None:
                    yield _seen(fact, path, text, found.start(), probe, tuple(_seen(fact, file.name, said, 0, probe) for file, said in configured[:1]))
                if configured is not None or not wanted.groupindex:
                    break

    def _stands(self, place: Place) -> bool:
        """Whether the files beside it, and the whole deployment, are as the place wants them."""
        if place.tree and not any(re.search(place.tree, name) for name in self._names):
            return False
        if place.tree_lacks and any(re.search(place.tree_lacks, name) for name in self._names):
            return False
        unless = place.unless
        return not unless or not any(re.search(unless["has"], text, re.MULTILINE) for _, text in self._files(unless["files"], ""))

    def _configured(self, place: Place, names: dict[str, str]) -> list[tuple[File, str]] | None:
        """The configuration files that let the place stand, by their patterns with what the place's text names in them; None if it does not."""
        wanted = place.config
        if not wanted:
            return []
        files = self._files(wanted["files"], self._root)
        if not files:
            return [] if wanted.get("optional") else None
        has, lacks = (_naming(wanted.get(key, ""), names) for key in ("has", "lacks"))
        if lacks and any(re.search(lacks, text, re.MULTILINE) for _, text in files):
            return None
        fitting = [(file, text) for file, text in files if re.search(has, text, re.MULTILINE)]
        return fitting or None

    def _files(self, globs: list[str], below: str) -> list[tuple[File, str]]:
        files = (file for file in self._eyes.tree.named(*globs) if file.name.startswith(below))
        return [(file, self._eyes.code.project.text_of(file)) for file in files]

    def _text_of(self, path: str) -> str:
        module = self._eyes.code.project.module(path)
        return module.text if module is not None else ""


def _roots(eyes: Eyes, root: str) -> Iterator[str]:
    """The folders, each with a "/" at its end, that hold one of the files that `root` names, or a manifest that asks for that package."""
    files = root.split("|") if "." in root.rpartition("/")[2] else []
    for file in eyes.tree.named(*(files or ["package.json"])):
        if files or root in _asked(eyes, file):
            yield file.name[: len(file.name) - len(file.base)]


def _naming(wanted: str, names: dict[str, str]) -> str:
    """A pattern with each `{name}` that was found in its place."""
    for name, found in names.items():
        wanted = wanted.replace(f"{{{name}}}", re.escape(found or ""))
    return wanted


def _asked(eyes: Eyes, file: File) -> set[str]:
    document: Any = eyes.readable_document(file)
    tables = [document.get(key) for key in ("dependencies", "devDependencies")] if isinstance(document, Table) else []
    return {str(name) for table in tables if isinstance(table, Table) for name in table}


def _seen(fact: LibraryTrap, path: str, text: str, at: int, probe: str, because: tuple[Evidence, ...] = ()) -> Evidence:
    line = text.count("\n", 0, at) + 1
    shown = text.splitlines()[line - 1] if text else ""
    return Evidence(fact, Basis.INFERRED, probe, Location(clean(path), line), clean(shown.strip()), because=because)


PROBE = Places()
