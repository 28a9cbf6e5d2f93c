"""Does a platform's own login stand before the app, so that a provider's request is turned away?

    auth_settings_v2 { require_authentication = true }                            # Azure, without the path in excluded_paths
    resource "cloudflare_zero_trust_access_application" { domain = "app.example.com" }   # and none with decision bypass for /hooks
    gcloud run deploy shop --no-allow-unauthenticated                             # only callers with a token of Google's

Sources: learn.microsoft.com, app-service overview-authentication-authorization (excludedPaths); developers.cloudflare.com/cloudflare-one, Access
application paths and Bypass; cloud.google.com/run/docs/authenticating/public.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.webhooks import WebhookGuarded
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.hook_paths import hooked, named
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.routes import Route, routes
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.documents.read_hcl import Block, words
from callcheck.sources.files import File
from callcheck.sources.launch import aside
from callcheck.sources.terraform import made

_AZURE = ("azurerm_linux_web_app", "azurerm_windows_web_app", "azurerm_linux_function_app", "azurerm_windows_function_app")
_ACCESS = ("cloudflare_access_application", "cloudflare_zero_trust_access_application")
_POLICIES = ("cloudflare_access_policy", "cloudflare_zero_trust_access_policy")
_LETS = pattern(r"decision\s*=\s*\"(?:bypass|non_identity)\"")
_VALIDATED = pattern(r"\bglobalValidation:\s*\{[^{}]*?(?P<asks>requireAuthentication:\s*true)[^{}]*\}")
_EXCLUDED, _QUOTED = pattern(r"excludedPaths:\s*\[([^\]]*)\]"), pattern(r"'([^'\n]{1,200})'")
_CLOSED = pattern(r"--no-allow-unauthenticated\b")
_RUN = pattern(r"run[\"',\s\\-]+deploy\b")
_FRONTS = pattern(r"api-gateway|apigateway|endpoints services deploy|ESPv2|cloud-tasks|backend-services", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Gate:
    """Who asks for a login, where, and which paths (each with all below it) go free."""

    file: File
    line: int
    free: tuple[str, ...] = ()
    sure: bool = False
    """Whether a path has to name a provider: services of the same cloud have a token."""

    def shuts(self, route: Route) -> bool:
        spared = any(route.path == each or route.path.startswith(each.rstrip("/*") + "/") for each in self.free)
        return (named if self.sure else hooked)(route.path) and not spared


class PlatformGates:
    """Silent where several apps are deployed from here, of which one may stand before the other."""

    name = "platform-gates"
    looks_at = ("*.tf", "*.bicep", "*.sh", "*.yaml", "*.yml", "Makefile", "justfile")
    marks = ("auth_settings_v2", "requireAuthentication", "access_application", "no-allow-unauthenticated")
    answers = frozenset({WebhookGuarded})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no files of a deployment"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        texts: list[tuple[File, str]] = []
        for file in eyes.tree.named(*self.looks_at):
            try:
                text = "" if aside(eyes, file) or file.size > 300_000 else eyes.text(file)
            except SourceError as error:
                yield Lost(clean(file.name), error.message)
                continue
            texts.append((file, text))
        blocks = [(file, block) for _, file, block in made(eyes)]
        gates = [*_azure(blocks), *_bicep(texts), *_access(blocks, texts), *_cloud_run(texts)]
        for route in routes(eyes.code) if gates and eyes.code.present else ():
            gate = next((each for each in gates if each.shuts(route)), None)
            if gate is not None and not is_test(module_of(route.node).path):
                fact = WebhookGuarded(clean(route.path, 80), "refused", "", module_of(route.node).language)
                there = seen(fact, route.node, self.name, label="this route is for a provider, which has no login here")
                yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(gate.file.name), gate.line or 1), because=(there,))


def _azure(blocks: list[tuple[File, Block]]) -> Iterator[_Gate]:
    for file, block in blocks:
        for told in block.find("auth_settings_v2") if block.labels[:1] and block.labels[0] in _AZURE else ():
            asks = told.text("auth_enabled") != "false" and told.text("require_authentication") == "true"
            if asks and told.text("unauthenticated_action") != "AllowAnonymous":
                free = tuple(words(told.keys["excluded_paths"][0])) if "excluded_paths" in told.keys else ()
                yield _Gate(file, told.keys["require_authentication"][1], free)


def _bicep(texts: list[tuple[File, str]]) -> Iterator[_Gate]:
    for file, text in texts:
        for found in _VALIDATED.finditer(text) if file.base.endswith(".bicep") else ():
            if "AllowAnonymous" not in found[0]:
                excluded = _EXCLUDED.search(found[0])
                yield _Gate(file, text.count("\n", 0, found.start("asks")) + 1, tuple(_QUOTED.findall(excluded[1])) if excluded else ())


def _access(blocks: list[tuple[File, Block]], texts: list[tuple[File, str]]) -> Iterator[_Gate]:
    """Applications of Cloudflare Access; those for paths of the same host that let everybody pass spare these paths."""
    held = [(file, block) for file, block in blocks if block.labels[:1] and block.labels[0] in _ACCESS]
    raw = {file.name: text.splitlines() for file, text in texts}
    policies = " ".join(f"{block.text('application_id')} {block.text('decision')}" for _, block in blocks if block.labels[:1] and block.labels[0] in _POLICIES)
    free: dict[str, list[str]] = {}
    for file, block in held:
        host, slash, path = block.text("domain").partition("/")
        lines = "\n".join(raw[file.name][block.line - 1 : block.line + 40])
        if slash and (_LETS.search(lines) or f"{block.label}.id bypass" in policies or f"{block.label}.id non_identity" in policies):
            free.setdefault(host, []).append(f"/{path}")
    for file, block in held:
        if block.text("domain") and "/" not in block.text("domain") and block.text("type") in ("", "self_hosted") and not _LETS.search("\n".join(raw[file.name][block.line - 1 : block.line + 15])):
            yield _Gate(file, block.keys["domain"][1], tuple(free.get(block.text("domain"), ())))


def _cloud_run(texts: list[tuple[File, str]]) -> Iterator[_Gate]:
    deployed = [(file, text) for file, text in texts if _RUN.search(text)]
    found = [(file, text, match) for file, text in deployed for match in _CLOSED.finditer(text)]
    if len(found) == 1 and sum(len(_RUN.findall(text)) for _, text in deployed) == 1 and not any(_FRONTS.search(text) for _, text in texts):
        file, text, match = found[0]
        yield _Gate(file, text.count("\n", 0, match.start()) + 1, sure=True)


PROBE = PlatformGates()
