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
from callcheck.sources.code import Code
from callcheck.sources.code.branches import branches
from callcheck.sources.code.given_away import GivenAway, given_away, goes_out
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.spelt import given_once
from callcheck.sources.code.tree import Call, Conditional, Function, Name, Node, Return
from callcheck.sources.vercel_protection import PASSES, protections

_GENERATED = frozenset({"VERCEL_URL", "VERCEL_BRANCH_URL", "NEXT_PUBLIC_VERCEL_URL", "NEXT_PUBLIC_VERCEL_BRANCH_URL"})
_ADDRESS = pattern(r"(?:URL|URI|HOST|HOSTNAME|DOMAIN|ORIGIN|SITE|BASE)$")
_SET = {name: value for prefix in ("", "NEXT_PUBLIC_") for name, value in {f"{prefix}VERCEL_ENV": "production", f"{prefix}VERCEL_URL": "x.vercel.app"}.items()}
_SET |= {"VERCEL": "1", "VERCEL_TARGET_ENV": "production", "NODE_ENV": "production", "VERCEL_BRANCH_URL": "x.vercel.app", "NEXT_PUBLIC_VERCEL_BRANCH_URL": "x.vercel.app"}
"""What a deployment for production finds in its environment."""
_DEEPEST = 4
_WHY = "{} is the deployment's generated address, and Vercel asks for a login before it, so the provider gets 401; use VERCEL_PROJECT_PRODUCTION_URL or the domain"
_WHY_MAYBE = "{} is the generated address, before which Vercel asks for a login by default, so the provider gets 401; use VERCEL_PROJECT_PRODUCTION_URL or the domain"


class ProtectedUrls:
    """Silent where another variable is tried before the generated address, or that is taken in previews alone, or the secret that lets a caller pass is known; fair where no file says that the project is protected, as new ones are."""

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
        said, production = _protected(eyes), _Production(code)
        for given in given_away(code) if said is not False else ():
            found = {} if given.browsed or not goes_out(code, given.node) else production.reads(given.value)
            generated = next((name for name in found if _ADDRESS.search(name)), "")
            if generated in _GENERATED:
                yield self._told(given, generated, found[generated], said if isinstance(said, Location) else None)

    def _told(self, given: GivenAway, name: str, read: Node, said: Location | None) -> Evidence:
        why = (_WHY if said is not None else _WHY_MAYBE).format(name)
        fact = LibraryTrap("callback-rejected", "strong" if said is not None else "fair", why, clean(given.name, 60), "vercel", module_of(given.node).language)
        asks = (Evidence(fact, Basis.DECLARED, self.name, said, label="this asks for a login"),) if said is not None else ()
        return seen(fact, read, self.name, (*asks, seen(fact, given.node, self.name, label="whoever is given this calls back by it")))


class _Production:
    """What the code comes to in production on Vercel."""

    def __init__(self, code: Code) -> None:
        self._code = code
        self._truths = code.idioms.truths(_SET)

    def reads(self, node: Node, depth: int = 0) -> dict[str, Node]:
        """The variables of the environment that an expression is made of, in the order in which they are tried, also through a name or a function of the
        project, each with where it is read."""
        name = self._code.variables.places.get(id(node), "") if self._meant(node) is None else ""
        found = {name: node} if name else {}
        for each in self._next(node, depth):
            for inner, read in self.reads(each, depth if each.parent is node else depth + 1).items():
                found.setdefault(inner, read)
        return found

    def _next(self, node: Node, depth: int) -> Iterator[Node]:
        """Of a choice the branch that is taken, of a function what it gives back; else what stands inside, and what a name or a call stands for."""
        if isinstance(node, Conditional):
            yield from (each for each, wanted in ((node.then, True), (node.orelse, False)) if self._holds(node.test) is not (not wanted))
        elif isinstance(node, Function):
            for back in node.inside(Return):
                if back.value is not None and function_of(back) is node and not any(self._holds(way.test) is (not way.wanted) for way in branches(back, node)):
                    yield back.value
        else:
            inner = self._meant(node) if depth < _DEEPEST else None
            yield from () if inner is None or inner is node else (inner,)
            yield from node.children()

    def _holds(self, test: Node) -> bool | None:
        found = self._truths.passes(test)
        return next(iter(found.answers)) if len(found.answers) == 1 and (not found.variable or found.variable in _SET) else None

    def _meant(self, node: Node) -> Node | None:
        """The function that a call calls, and the value of a name."""
        if isinstance(node, Call):
            made = self._code.origins.of(node.callee).node
            return made if isinstance(made, Function) else None
        if not isinstance(node, Name):
            return None
        once = given_once(self._code.origins, node)
        kept = once.value if once is not None else self._code.origins.of(node).node
        return None if isinstance(kept, Function) else kept


def _protected(eyes: Eyes) -> Location | bool | None:
    """Where a login is asked for before generated addresses; False where it is said that none is, None where nothing is said."""
    said = next(protections(eyes), None)
    return None if said is None else False if said.open else Location(clean(said.file.name), said.line)


PROBE = ProtectedUrls()
