"""Does SvelteKit's or Nuxt's code before every request turn a provider's webhook away?

    // src/hooks.server.ts
    export const handle = async ({ event, resolve }) => { if (!event.locals.user && !OPEN.includes(event.url.pathname)) redirect(303, "/login"); return resolve(event); };
    // src/routes/api/stripe/+server.ts, server/api/stripe.post.ts: a provider has no session
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.webhooks import WebhookGuarded
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code.hook_paths import hooked
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Function, Module, Node, dotted
from callcheck.sources.code.turned_away import asks_of_all, checks

_BEFORE = pattern(r"^(?P<root>(?:.*/)?)(?:src/hooks\.server|server/middleware/[\w.-]+)\.[jt]s$")
_ROUTE = pattern(r"^(?:src/routes/(?P<kit>.+)/\+server|server/(?P<nuxt>(?:api|routes)/.+?)(?:\.(?:post|put))?)\.[jt]s$")
_VERIFIES = ("constructEvent", "constructEventAsync", "Webhook", "verifyWebhook", "validateEvent")


class FileGuards:
    """Silent for a check that names paths which are not open to everybody."""

    name = "file-guards"
    looks_at = ("hooks.server.*", "*/server/middleware/*", "server/middleware/*")
    answers = frozenset({WebhookGuarded})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) and eyes.code.present else "nothing before every request"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        modules = list(code.project.chosen.values())
        for module in modules:
            before = _BEFORE.match(module.path)
            for function in module.all(Function) if before else ():
                if function.params and function.name not in ("resolve", "filterSerializedResponseHeaders") and asks_of_all(code, function):
                    for path, node in _routes(modules, before["root"] if before else ""):
                        if checks(code, function, path):
                            fact = WebhookGuarded(clean(path, 80), "session", "", module.language)
                            yield seen(fact, function, self.name, (seen(fact, node, self.name, label="this route is for a provider, which has no login here"),), label="whoever is not signed in is turned away here")
                            return


def _routes(modules: list[Module], root: str) -> Iterator[tuple[str, Node]]:
    """The routes below a folder that a provider calls, by their paths or by what they verify."""
    for module in modules:
        found = _ROUTE.match(module.path.removeprefix(root)) if module.path.startswith(root) else None
        if found is None:
            continue
        path = "/" + re.sub(r"\([^)]*\)/|/index$", "", found["kit"] or found["nuxt"].removeprefix("routes/"))
        verified = next((call for call in module.all(Call) if dotted(call.callee).rsplit(".", 1)[-1] in _VERIFIES), None)
        if verified is not None or hooked(path):
            yield path, verified or module


PROBE = FileGuards()
