"""With which settings does a deployment make a webhook at its provider: its address, its version, what is posted, with which secret?

    resource "stripe_webhook_endpoint" "billing" { api_version = "2025-03-31.basil" }
    gh api repos/acme/shop/hooks -f config[url]=https://ci.example.com/hook -f config[secret]="$SECRET"     # no content_type: a form
    curl "https://api.telegram.org/bot$TOKEN/setWebhook" -d url=https://bot.example.com/tg
    - community.general.github_webhook: { repository: acme/shop, url: "https://ci.example.com/hook" }        # a task of Ansible
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from callcheck.model.evidence import Lost
from callcheck.model.noun import dataclass, replace
from callcheck.model.pattern import pattern
from callcheck.sources.documents import Table, tables
from callcheck.sources.documents.read_hcl import Block
from callcheck.sources.environment import settings
from callcheck.sources.environment.setting import dotenv, filled
from callcheck.sources.files import File
from callcheck.sources.hooked_up.asking import GITHUB, GITLAB, STRIPE, TELEGRAM
from callcheck.sources.launch.find import aside, scripts
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
    URL: pattern(r"\burl\\?[\"']?\]?\s*[=: ]\s*\\?[\"']?((?:https?(?:://|%3A%2F%2F)|\$\{?\w+\}?/)[^\s\"'&]{2,200})"),
}
_SOURCED = pattern(r"(?m)^[ \t]*(?:set -a[; ]{1,3})?(?:\.|source)[ \t]+[\"']?(?:[^\s\"';]{0,100}/)?([\w.-]{0,60}\.env[\w.-]{0,30})")
"""The base name of a file whose assignments a script takes over."""
_HOLE = pattern(r"\$\{?(\w{1,80})")
_OPEN = pattern(r"--input\b|(?:--data|-d)(?:-raw|-binary)?\s+@|<<<|\$\(cat|--data-raw \"\$")
"""What is read from elsewhere."""
_TASKS = ("community.general.github_webhook", "github_webhook")
_OF_TASKS = {CONTENT: "content_type", SECRET: "secret", URL: "url"}


@dataclass(frozen=True, slots=True)
class MadeHook:
    """One webhook; a setting that is not among `told` is left as the provider has it."""

    provider: str
    told: Mapping[str, tuple[str, int]]
    """The value of each setting, "" for what is computed, and its line."""
    file: File
    line: int
    maker: str = "webhook"
    """The module of Ansible that makes it."""


def made(eyes: Eyes) -> Iterator[MadeHook]:
    """Every webhook that Terraform, a command or a task of Ansible makes."""
    if eyes.holds(("*.tf",), tuple(f'"{kind}"' for kind in _RESOURCES)):
        for scope in scopes(eyes):
            if not isinstance(scope, Lost):
                for file, block in scope.resources():
                    yield from _resource(scope, file, block)
    texts = {file.name: (file, text) for word in ("ebhook", "/hooks") for file, text in scripts(eyes, word)}
    for file, text in texts.values():
        for hook in _commands(file, text):
            url, line = hook.told.get(URL, ("", 0))
            yield replace(hook, told={**hook.told, URL: (_filled(eyes, text, url), line)}) if "$" in url else hook
    for file in eyes.tree.named("*.yml", "*.yaml") if eyes.holds(("*.yml", "*.yaml"), ("github_webhook:",)) else ():
        yield from _of_ansible(eyes, file)


def _filled(eyes: Eyes, text: str, url: str) -> str:
    """An address with what the script, or else a file of the deployment, sets its variables to; as it is written where that is not known."""
    known = {}
    for hole in _HOLE.finditer(url):
        here = {found[1].strip("\"'") for found in re.finditer(rf"(?m)^\s*(?:export\s+)?{hole[1]}=([^\s;#]{{1,200}})", text)}
        read = {value for base in _SOURCED.findall(text) for file in eyes.tree.named(base) for name, value, _ in dotenv(eyes, file) if name == hole[1] and value}
        values = here or read or {each.value for each in settings(eyes) if each.name == hole[1] and each.value}
        if len(values) == 1:
            known[hole[1]] = values.pop()
    return filled(url, known) or url


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


def _of_ansible(eyes: Eyes, file: File) -> Iterator[MadeHook]:
    document = eyes.readable_document(file) if "github_webhook:" in eyes.readable(file) and not aside(eyes, file) else None
    for task in _tasks(document):
        name = next(each for each in _TASKS if each in task)
        given, line = task[name], task.lines.get(name) or task.line
        if isinstance(given, Table) and given.get("state") != "absent":
            told = {setting: (_text(given[key]), given.lines.get(key) or line) for setting, key in _OF_TASKS.items() if key in given}
            yield MadeHook(GITHUB, told, file, line, name)


def _tasks(document: object) -> Iterator[Table]:
    """Those of playbooks, and of files of tasks."""
    for each in tables(document):
        if any(name in each for name in _TASKS):
            yield each
        for key in ("tasks", "pre_tasks", "post_tasks", "block", "rescue", "always"):
            yield from _tasks(each.get(key) or [])


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
