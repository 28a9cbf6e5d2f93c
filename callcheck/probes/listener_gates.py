"""Does a load balancer of AWS ask a provider's request for a login before the app sees it (Terraform)?

    default_action { type = "authenticate-oidc" ... }        # aws_lb_listener; no aws_lb_listener_rule spares /hooks
    ESIGN_WEBHOOK_URL = "https://grants.example/hooks/esign"  # the provider has no session: it gets a redirect to the sign-in page

Source: docs.aws.amazon.com/elasticloadbalancing, listener-authenticate-users; the rule of the lowest priority that fits decides, then the default.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.webhooks import WebhookGuarded
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.hook_paths import hooked
from callcheck.sources.code.routes import routes
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import where
from callcheck.sources.documents.read_hcl import Block, words
from callcheck.sources.files import File
from callcheck.sources.launch import aside

_LISTENERS, _RULES = ("aws_lb_listener", "aws_alb_listener"), ("aws_lb_listener_rule", "aws_alb_listener_rule")
_ADDRESS = pattern(r"https://([\w.-]{4,120})(/[\w/-]{1,150})?(?=[\"?])")
_READ = frozenset({"path_pattern"})


class ListenerGates:
    """Routes of the code, and addresses of the app's own host that Terraform gives it; silent where a rule cannot be read."""

    name = "listener-gates"
    looks_at = ("*.tf",)
    marks = ("authenticate-oidc", "authenticate-cognito")
    answers = frozenset({WebhookGuarded})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no Terraform file"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        listeners: list[tuple[File, Block]] = []
        rules: list[Block] = []
        texts: list[tuple[File, str]] = []
        for file in eyes.tree.named(*self.looks_at):
            try:
                text = "" if aside(eyes, file) else eyes.text(file)
            except SourceError:
                continue
            texts.append((file, text))
            for block in eyes.hcl(file).find("resource") if text else ():
                if block.labels[:1] and block.labels[0] in _LISTENERS:
                    listeners.append((file, block))
                elif block.labels[:1] and block.labels[0] in _RULES:
                    rules.append(block)
        closed = [(file, block, gate) for file, block in listeners if (gate := _asks(block, "default_action")) is not None]
        if len(closed) != 1:
            return
        file, listener, gate = closed[0]
        mine = [rule for rule in rules if f".{listener.label}." in rule.text("listener_arn") or not rule.text("listener_arn").startswith("aws_")]
        for path, place, label, language in _hooks(eyes, texts):
            if not any(_spares(rule, path) for rule in mine):
                fact = WebhookGuarded(clean(path, 80), "balancer", "", language)
                there = Evidence(fact, Basis.DECLARED, self.name, place, label=label)
                yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(file.name), gate.line), because=(there,))
                return


def _asks(block: Block, kind: str) -> Block | None:
    """The action that turns away whoever has no session."""
    for action in block.find(kind):
        if action.text("type").startswith("authenticate-") and not any("allow" in inner.text("on_unauthenticated_request") for inner in action.blocks):
            return action
    return None


def _spares(rule: Block, path: str) -> bool:
    """Whether a rule lets that path pass without a login, as far as can be told; conditions that are not of paths count as met."""
    if _asks(rule, "action") is not None:
        return False
    told = [inner for condition in rule.find("condition") for inner in condition.blocks]
    if any(inner.kind not in _READ for inner in told) or not told:
        return True
    patterns = [words(inner.keys["values"][0]) if "values" in inner.keys else [] for inner in told]
    return any(not each or any(fnmatch.fnmatchcase(path, one) for one in each) for each in patterns)


def _hooks(eyes: Eyes, texts: list[tuple[File, str]]) -> Iterator[tuple[str, Location, str, str]]:
    """Paths for providers: path, place, what stands there, language."""
    for route in routes(eyes.code) if eyes.code.present else ():
        if hooked(route.path):
            yield route.path, where(route.node), "this route is for a provider, which has no login here", module_of(route.node).language
    # An address of the app itself: its host stands elsewhere too, without such a path.
    found = [(file, text, each) for file, text in texts for each in _ADDRESS.finditer(text)]
    own = {each[1] for _, _, each in found if not hooked(each[2] or "/")}
    for file, text, each in found:
        if each[1] in own and each[2] and hooked(each[2]):
            yield each[2], Location(clean(file.name), text.count("\n", 0, each.start()) + 1), "this address is for a provider, which has no login here", ""


PROBE = ListenerGates()
