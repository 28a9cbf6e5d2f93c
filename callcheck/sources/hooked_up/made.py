"""With which settings does a deployment make a webhook at its provider: its address, its version, what is posted, with which secret?

    resource "stripe_webhook_endpoint" "billing" { api_version = "2025-03-31.basil" }
    gh api repos/acme/shop/hooks -f config[url]=https://ci.example.com/hook -f config[secret]="$SECRET"     # no content_type: a form
    curl "https://api.telegram.org/bot$TOKEN/setWebhook" -d url=https://bot.example.com/tg
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from callcheck.model.evidence import Lost
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.documents.read_hcl import Block
from callcheck.sources.files import File
from callcheck.sources.hooked_up.asking import GITHUB, GITLAB, STRIPE, TELEGRAM
from callcheck.sources.launch.find import scripts
from callcheck.sources.terraform import Scope, scopes

if TYPE_CHECKING:
    from callcheck.sources import Eyes

VERSION, CONTENT, SECRET, URL = "version", "content", "secret", "url"
_RESOURCES: dict[str, tuple[str, Mapping[str, tuple[str, ...]]]] = {
    # Resource: the provider, and where each setting stands.
    "stripe_webhook_endpoint": (STRIPE, {VERSION: ("api_version",), URL: ("url",)}),
    "github_repository_webhook": (GITHUB, {CONTENT: ("configuration", "content_type"), SECRET: ("configuration", "secret"), URL: ("configuration", "url")}),
    "github_organization_webhook": (GITHUB, {CONTENT: ("configuration", "content_type"), SECRET: ("configuration", "secret"), URL: ("configuration", "url")}),
    "gitlab_project_hook": (GITLAB, {SECRET: ("token",), URL: ("url",)}),
    "gitlab_group_hook": (GITLAB, {SECRET: ("token",), URL: ("url",)}),
}
_LINE = r"(?:[^\n\\]|\\[\s\S]){0,900}"
"""A command with the lines that a backslash joins to it."""
_COMMANDS = (
    (STRIPE, "webhook_endpoints", pattern(rf"\bwebhook_endpoints\s+create\b{_LINE}|\bcurl\b[^\n]{{0,100}}/v1/webhook_endpoints\b{_LINE}")),
    (GITHUB, "/hooks", pattern(rf"\bgh\s+api\b[^\n]{{0,200}}?/hooks\b(?!/){_LINE}|\bcurl\b{_LINE}?api\.github\.com/(?:repos|orgs)/[^\n\"'`]{{1,100}}?/hooks\b(?!/){_LINE}")),
    (TELEGRAM, "etWebhook", pattern(rf"/setWebhook\b{_LINE}")),
)  # fmt: skip
_VALUES = {
    VERSION: pattern(r"\bapi[-_]version\\?[\"']?[=: ]\s*\\?[\"']?([\w.-]{4,40})"),
    CONTENT: pattern(r"\bcontent_type\\?[\"']?\]?\s*[=:]\s*\\?[\"']?(\w{2,10})"),
    SECRET: pattern(r"\b(?:secret_token|secret)\\?[\"']?\]?\s*[=:]\s*\\?[\"']?([^\s\"'&]{1,200})"),
    URL: pattern(r"\burl\\?[\"']?\]?\s*[=: ]\s*\\?[\"']?(https?(?:://|%3A%2F%2F)[^\s\"'&]{3,200})"),
}
_OPEN = pattern(r"--input\b|(?:--data|-d)(?:-raw|-binary)?\s+@|<<<|\$\(cat|--data-raw \"\$")
"""What is read from elsewhere."""


@dataclass(frozen=True, slots=True)
class MadeHook:
    """One webhook; a setting that is not among `told` is left as the provider has it."""

    provider: str
    told: Mapping[str, tuple[str, int]]
    """The value of each setting, "" for what is computed, and its line."""
    file: File
    line: int


def made(eyes: Eyes) -> Iterator[MadeHook]:
    """Every webhook that Terraform or a command makes."""
    if eyes.holds(("*.tf",), tuple(f'"{kind}"' for kind in _RESOURCES)):
        for scope in scopes(eyes):
            if not isinstance(scope, Lost):
                for file, block in scope.resources():
                    yield from _resource(scope, file, block)
    texts = {file.name: (file, text) for word in ("ebhook", "/hooks") for file, text in scripts(eyes, word)}
    for file, text in texts.values():
        yield from _commands(file, text)


def _resource(scope: Scope, file: File, block: Block) -> Iterator[MadeHook]:
    known = _RESOURCES.get(block.labels[0])
    if known is None or any(each.kind == "dynamic" for each in block.blocks):
        return
    provider, places = known
    told = {}
    for name, path in places.items():
        written = block.at(*path)
        if written is not None:
            said = scope.settled(written, file)
            told[name] = (said.value.strip('"'), written[1])
    yield MadeHook(provider, told, file, block.line)


def _commands(file: File, text: str) -> Iterator[MadeHook]:
    for provider, word, command in _COMMANDS:
        for found in command.finditer(text) if word in text else ():
            if _OPEN.search(found[0]) or provider == GITHUB and "url" not in found[0]:
                continue
            told = {}
            for name, value in _VALUES.items():
                said = value.search(found[0])
                if said is not None:
                    told[name] = (said[1], text.count("\n", 0, found.start() + said.start()) + 1)
            yield MadeHook(provider, told, file, text.count("\n", 0, found.start()) + 1)
