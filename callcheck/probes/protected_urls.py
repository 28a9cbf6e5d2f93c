"""Is a provider told to call a deployment by the address that its host made for it, before which the host asks for a login?

    webhook: `https://${process.env.VERCEL_URL}/api/hooks/replicate`                 # the address of this very deployment, also in production
    vercel_authentication = { deployment_type = "standard_protection" }              # which protects all but the project's own domains

Sources: vercel.com/docs/deployment-protection (Standard Protection: all domains except production custom domains; on for new projects; each request gets 401) and .../environment-variables/system-environment-variables
(VERCEL_URL is the generated address, VERCEL_PROJECT_PRODUCTION_URL the domain); registry.terraform.io, vercel/vercel 2.0, vercel_project.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.given_away import GivenAway, given_away, goes_out
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Node
from callcheck.sources.code.variables_in import variables_in
from callcheck.sources.vercel_protection import PASSES, protections

_GENERATED = frozenset({"VERCEL_URL", "VERCEL_BRANCH_URL", "NEXT_PUBLIC_VERCEL_URL", "NEXT_PUBLIC_VERCEL_BRANCH_URL"})
_ADDRESS = pattern(r"(?:URL|URI|HOST|HOSTNAME|DOMAIN|ORIGIN|SITE|BASE)$")
_WHY = "{} is the deployment's generated address, and Vercel asks for a login before it, so the provider gets 401; use VERCEL_PROJECT_PRODUCTION_URL or the domain"
_WHY_MAYBE = "{} is the generated address, before which Vercel asks for a login by default, so the provider gets 401; use VERCEL_PROJECT_PRODUCTION_URL or the domain"


class ProtectedUrls:
    """Silent where another variable goes before the generated address, or the secret that lets a caller pass is known; fair where no file says that the project is protected, as new ones are."""

    name = "protected-urls"
    looks_at = Sight.SOURCE
    marks = tuple(sorted(_GENERATED))
    signs = (Sign(words=tuple(sorted(_GENERATED))),)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        read = [module for module in code.project.naming(*sorted(_GENERATED)) if "VERCEL_" in module.text]
        if not read or any(mark in module.text for module in code.project.naming(*PASSES) for mark in PASSES):
            return
        said = _protected(eyes)
        for given in given_away(code) if said is not False else ():
            found = {} if given.browsed or not goes_out(code, given.node) else variables_in(code, given.value)
            generated = next((name for name in found if name in _GENERATED), "")
            others = [name for name in found if name not in _GENERATED and _ADDRESS.search(name)]
            if generated and not others:
                yield self._told(given, generated, found[generated], said if isinstance(said, Location) else None)

    def _told(self, given: GivenAway, name: str, read: Node, said: Location | None) -> Evidence:
        why = (_WHY if said is not None else _WHY_MAYBE).format(name)
        fact = LibraryTrap("callback-rejected", "strong" if said is not None else "fair", why, clean(given.name, 60), "vercel", module_of(given.node).language)
        asks = (Evidence(fact, Basis.DECLARED, self.name, said, label="this asks for a login"),) if said is not None else ()
        return seen(fact, read, self.name, (*asks, seen(fact, given.node, self.name, label="whoever is given this calls back by it")))


def _protected(eyes: Eyes) -> Location | bool | None:
    """Where a login is asked for before generated addresses; False where it is said that none is, None where nothing is said."""
    said = next(protections(eyes), None)
    return None if said is None else False if said.open else Location(clean(said.file.name), said.line)


PROBE = ProtectedUrls()
