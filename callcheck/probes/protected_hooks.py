"""Does the deployment tell a provider to call a domain before which Vercel asks everybody for a login?

    vercel_authentication = { deployment_type = "all_deployments" }                                   # also before the domains of production
    resource "stripe_webhook_endpoint" "x" { url = "https://${vercel_project_domain.desk.domain}/hook" }  # without ?x-vercel-protection-bypass=…

Source: vercel.com/docs/deployment-protection, and .../protection-bypass-automation: each request without the secret is answered with 401.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.hooked_up.made import URL, MadeHook, made
from callcheck.sources.vercel_protection import PASSES, Protection, domains, protections

_WHY = "Vercel asks for a login before every domain of this project, so the provider gets 401; put ?x-vercel-protection-bypass=SECRET into its url, or open production"


class ProtectedHooks:
    """Silent where the file of the hook, or that of the project, knows the secret that lets a caller pass."""

    name = "protected-hooks"
    looks_at = ("*.tf",)
    marks = ("vercel_project",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no Terraform file"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        said = list(protections(eyes))
        for each in said:
            if not each.whole or any(other.open and other.project == each.project for other in said):
                continue
            at = domains(eyes, each.project)
            for hook in made(eyes) if at else ():
                url = hook.told.get(URL, ("", 0))[0]
                known = "".join(map(eyes.readable, (hook.file, each.file)))
                if any(domain.search(url) for domain in at) and not any(mark in known for mark in PASSES):
                    yield self._told(each, hook)
                    return

    def _told(self, asks: Protection, hook: MadeHook) -> Evidence:
        fact = LibraryTrap("callback-rejected", "strong", _WHY, clean(hook.provider, 60), "vercel", "")
        called = Evidence(fact, Basis.DECLARED, self.name, Location(clean(hook.file.name), hook.told[URL][1]), label="the provider is told to call this")
        return Evidence(fact, Basis.DECLARED, self.name, Location(clean(asks.file.name), asks.line), label="this asks for a login", because=(called,))


PROBE = ProtectedHooks()
