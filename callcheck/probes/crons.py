"""Do the paths that Vercel is told to call on a schedule answer its calls?

    { "crons": [{ "path": "/api/digest", "schedule": "0 6 * * *" }] }         # vercel.json
    export async function POST() { … }                                        # app/api/digest/route.ts: Vercel calls with GET

Source: vercel.com/docs/cron-jobs, "Vercel makes an HTTP GET request".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.routes import route_of_file
from callcheck.sources.code.seen import seen
from callcheck.sources.documents import Table
from callcheck.sources.files import File

_ANY_METHOD = pattern(r"\bGET\b|export\s+default\b|export\s*\*|module\.exports")
_OTHER_METHOD = pattern(r"^export\s+(?:(?:async\s+)?(?:function|const)\s+|\{[^}\n]{0,80}\b)(?:POST|PUT|PATCH|DELETE)\b", re.MULTILINE)
_FUNCTION = pattern(r"^api/(.+)\.(?:[cm]?[jt]sx?|py|go|rb)$")
_REROUTED = ("rewrites", "routes", "redirects", "outputDirectory", "builds")


class Crons:
    """Silent where the paths are rewritten, or are parameters of a route, or where the project has no routes that are files."""

    name = "crons"
    looks_at = ("vercel.json",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk else "no folder given"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for file in eyes.tree.named("vercel.json"):
            try:
                document = eyes.document(file)
            except SourceError as error:
                yield Lost(clean(file.name), error.message)
                continue
            jobs = document.get("crons") if isinstance(document, Table) else None
            if isinstance(jobs, list) and isinstance(document, Table) and not any(key in document for key in _REROUTED):
                for job in jobs:
                    yield from self._job(eyes, file, job) if isinstance(job, Table) else ()

    def _job(self, eyes: Eyes, file: File, job: Table) -> Iterator[Evidence]:
        path = str(job.get("path") or "").partition("?")[0].rstrip("/")
        routes = _routes(eyes, file.name[: len(file.name) - len(file.base)])
        if not path.startswith("/") or not routes or any("[" in each for each in routes):
            return
        line = job.lines.get("path", job.line)
        place = Location(clean(file.name), line or 1)
        if path not in routes:
            why = "Vercel calls this path on schedule, and no file answers it: each call ends with 404; give the path of the route"
            fact = LibraryTrap("callback-rejected", "strong", why, clean(path, 60), "nextjs", "")
            yield Evidence(fact, Basis.DECLARED, self.name, place, clean(path, 100))
            return
        module = eyes.code.project.module(routes[path])
        other = _OTHER_METHOD.search(module.text) if module is not None else None
        if module is not None and other and not _ANY_METHOD.search(module.text):
            why = "Vercel calls a cron's path with GET, and this route has no GET: each call ends with 405; export async function GET()"
            fact = LibraryTrap("callback-rejected", "strong", why, clean(path, 60), "nextjs", module.language)
            line = module.text.count("\n", 0, other.start()) + 1
            at = next((node for node in module.body if node.line >= line), module.body[-1])
            told = Evidence(fact, Basis.DECLARED, self.name, place, clean(path, 100))
            yield seen(fact, at, self.name, (told,))


def _routes(eyes: Eyes, root: str) -> dict[str, str]:
    """The files that Vercel serves below a folder, by their paths."""
    found: dict[str, str] = {}
    for name in eyes.code.project.sources:
        if name.startswith(root):
            route = route_of_file(name[len(root) :])
            function = _FUNCTION.match(name[len(root) :])
            if route is None and function is not None:
                route = "/api/" + function[1].removesuffix("/index")
            if route is not None:
                found[route] = name
    return found


PROBE = Crons()
