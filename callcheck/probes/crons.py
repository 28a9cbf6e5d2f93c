"""Do the paths that Vercel is told to call on a schedule answer its calls?

    { "crons": [{ "path": "/api/digest", "schedule": "0 6 * * *" }] }         # vercel.json
    export async function POST() { … }                                        # app/api/digest/route.ts: Vercel calls with GET
    module.exports = { trailingSlash: true }                                  # next.config.js: 308 to /api/digest/, which is the end of the job

Sources: vercel.com/docs/cron-jobs, "Vercel makes an HTTP GET request", and managing-cron-jobs (a 3xx ends the job, and is not followed);
vercel.com/docs/project-configuration, trailingSlash (308 for functions, too).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.network import AddressUnreachable
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.route_match import answers
from callcheck.sources.code.routes import Route, route_of_file, routes
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.documents import Table
from callcheck.sources.files import File

_ANY_METHOD = pattern(r"\bGET\b|export\s+default\b|export\s*\*|module\.exports")
_OTHER_METHOD = pattern(r"^export\s+(?:(?:async\s+)?(?:function|const)\s+|\{[^}\n]{0,80}\b)(?:POST|PUT|PATCH|DELETE)\b", re.MULTILINE)
_FUNCTION = pattern(r"^api/(.+)\.(?:[cm]?[jt]sx?|py|go|rb)$")
_SEGMENT = pattern(r"\[[^\]]{0,80}\]+")
_REROUTED = ("rewrites", "routes", "redirects", "outputDirectory", "builds")


class Crons:
    """Silent where the paths are rewritten, or are parameters of a route, or where the project has no routes that are files."""

    name = "crons"
    looks_at = ("vercel.json",)
    answers = frozenset({LibraryTrap, AddressUnreachable})

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
                known = _routes(eyes, file.name[: len(file.name) - len(file.base)], document.get("trailingSlash"))
                for job in jobs:
                    yield from self._job(eyes, file, job, known) if isinstance(job, Table) else ()

    def _job(self, eyes: Eyes, file: File, job: Table, known: dict[str, Route]) -> Iterator[Evidence]:
        asked = str(job.get("path") or "").partition("?")[0]
        path = asked.rstrip("/")
        if not path.startswith("/") or not known or any("{" in each or not route.whole for each, route in known.items()):
            return
        line = job.lines.get("path", job.line)
        place = Location(clean(file.name), line or 1)
        if path not in known:
            why = "Vercel calls this path on schedule, and no file answers it: each call ends with 404; give the path of the route"
            fact = LibraryTrap("callback-rejected", "strong", why, clean(path, 60), "nextjs", "")
            yield Evidence(fact, Basis.DECLARED, self.name, place, clean(path, 100))
            return
        route = known[path]
        if not answers(route, asked):
            away = AddressUnreachable("", clean(asked, 200), "redirected", "", clean(route.path, 200))
            there = seen(away, route.node, self.name, label=f"the route is {clean(route.path, 80)}")
            yield Evidence(away, Basis.DECLARED, self.name, place, clean(asked, 100), because=(there,))
        module = module_of(route.node)
        other = _OTHER_METHOD.search(module.text)
        if other and not _ANY_METHOD.search(module.text):
            why = "Vercel calls a cron's path with GET, and this route has no GET: each call ends with 405; export async function GET()"
            fact = LibraryTrap("callback-rejected", "strong", why, clean(path, 60), "nextjs", module.language)
            line = module.text.count("\n", 0, other.start()) + 1
            at = next((node for node in module.body if node.line >= line), module.body[-1])
            told = Evidence(fact, Basis.DECLARED, self.name, place, clean(path, 100))
            yield seen(fact, at, self.name, (told,))


def _routes(eyes: Eyes, root: str, slash: object) -> dict[str, Route]:
    """What Vercel serves below a folder, by the paths without a last slash, {} where a file cannot be read; `slash` is the project's `trailingSlash`, a bool if it redirects."""
    found: dict[str, Route] = {}
    filed = {module_of(route.node).path: route for route in routes(eyes.code)}
    for name in eyes.code.project.sources:
        own = name[len(root) :] if name.startswith(root) else ""
        function, page = _FUNCTION.match(own), route_of_file(own)
        module = eyes.code.project.module(name) if function or page is not None else None
        if module is None or not module.body:
            if function or page is not None:
                return {}
        elif page is not None and name in filed:
            found[filed[name].path.rstrip("/")] = filed[name]
        elif function:
            path = _SEGMENT.sub("{x}", "/api/" + function[1].removesuffix("/index"))
            found[path] = Route(path + "/" * (slash is True), True, module.body[-1], ("slash-redirects",) if isinstance(slash, bool) else ())
    return found


PROBE = Crons()
