"""May a forge post its webhooks to the containers beside it?

    gitea: {image: gitea/gitea:1.22}                       # ALLOWED_HOST_LIST is `external`: no private addresses
    post("http://gitea:3000/api/v1/repos/a/b/hooks", json={"config": {"url": "http://ci:8000/hook"}})

Sources: docs.gitea.com, config cheat sheet, [webhook] ALLOWED_HOST_LIST; docs.gitlab.com, security/webhooks (requests to the local network are off at first).
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.given import given
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Entry, Keyword, Member, Name, Node, last_name
from callcheck.sources.environment import OPEN, Setting, compose, settings
from callcheck.sources.files import File
from callcheck.sources.launch import COMPOSE_FILES

_HOST = pattern(r"^https?://([A-Za-z][\w-]{0,80})(?::\d{1,5})?(?:/|$)")
_REGISTERS = pattern(r"/hooks/?$|\bhooks\.create$|\.create_hook$")
_CI = pattern(r"^(?:WOODPECKER_(?:EXPERT_WEBHOOK_)?HOST|DRONE_SERVER_HOST)$")
"""What a CI server gives away as the address of its hooks."""


@dataclass(frozen=True, slots=True)
class _Forge:
    """A product, by its image, and the setting that lets it call private addresses; `switch` is one that is not set by a variable."""

    name: str
    image: str
    setting: str
    switch: str
    strength: str
    says: str


_FORGES = (
    _Forge("gitea", r"(?:gitea/gitea|forgejo/forgejo)\b", "__webhook__ALLOWED_HOST_LIST", "ALLOWED_HOST_LIST", "strong",
           "it posts webhooks to public addresses alone, and refuses this one; set ALLOWED_HOST_LIST of [webhook] to private, or to the host"),
    _Forge("gitlab", r"gitlab/gitlab-[ce]e\b", "", "allow_local_requests_from_web_hooks_and_services", "fair",
           "it posts no webhooks to the local network unless an administrator allows it (allow_local_requests_from_web_hooks_and_services)"),
)  # fmt: skip


class LocalHooks:
    """Gitea, Forgejo and GitLab as services of Compose."""

    name = "local-hooks"
    looks_at = COMPOSE_FILES
    marks = ("gitea", "forgejo", "gitlab")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*COMPOSE_FILES) else "no compose file"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for file, services in compose.files(eyes):
            for unit, keys in services.items():
                forge = next((each for each in _FORGES if isinstance(keys, dict) and pattern(each.image).search(str(keys.get("image") or ""))), None)
                if forge is not None:
                    yield from self._blocked(eyes, forge, unit, file, services.lines[unit], frozenset(services) - {unit})

    def _blocked(self, eyes: Eyes, forge: _Forge, unit: str, file: File, line: int, others: frozenset[str]) -> Iterator[Evidence]:
        variables = list(settings(eyes))
        own = [each for each in variables if each.unit == unit]
        if any(each.name == OPEN or forge.setting and each.name.endswith(forge.setting) for each in own) or _mentions(eyes, forge.switch):
            return
        found: list[tuple[Node | Location, str]] = [*(_hooks(eyes.code, others) if eyes.code.present else ()), *_given(variables, others)]
        for there, host in found:
            fact = LibraryTrap("unreachable-callback-url", forge.strength, forge.says, clean(host, 60), forge.name, "")
            label = "this address is given to it"
            told = Evidence(fact, Basis.DECLARED, self.name, there, label=label) if isinstance(there, Location) else seen(fact, there, self.name, label=label)
            yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(file.name), line), service=unit, because=(told,))
            return


def _mentions(eyes: Eyes, switch: str) -> bool:
    """Whether a configuration or a script speaks of the setting."""
    files = eyes.tree.named("*.ini", "*.sh", "*.rb", "*.yml", "*.yaml", "*.tf", "*.env", ".env*")
    return any(switch in eyes.text(each) for each in files if each.size < 300_000) or eyes.code.present and any(switch in eyes.code.project.text(path) for path in eyes.code.project.sources)


def _hooks(code: Code, others: frozenset[str]) -> Iterator[tuple[Node, str]]:
    """Where the project registers a hook whose address is that of a container."""
    for module in list(code.project.chosen.values()):
        named: list[Entry | Keyword] = [*module.all(Entry), *module.all(Keyword)] if not is_test(module.path) else []
        for node in named:
            if (node.key if isinstance(node, Entry) else node.name) != "url":
                continue
            call = next((above for above in node.up() if isinstance(above, Call)), None)
            if call is None or not (_REGISTERS.search(_called(call)) or call.args and _REGISTERS.search(code.idioms.text(call.args[0]))):
                continue
            for text in given(code, [node.value]):
                if (found := _HOST.match(text)) and found[1] in others:
                    yield node, found[1]


def _called(call: Call) -> str:
    """`hooks.create` of `gl.projects.get(1).hooks.create(...)`."""
    holder = call.callee.object if isinstance(call.callee, Member) else None
    return f"{last_name(holder) if isinstance(holder, (Name, Member)) else ''}.{last_name(call.callee)}"


def _given(variables: list[Setting], others: frozenset[str]) -> Iterator[tuple[Location, str]]:
    """The same for a CI server, which registers its own hooks."""
    for each in variables:
        host = _HOST.match(each.value)
        name = host[1] if host else each.value.partition(":")[0]
        if _CI.match(each.name) and name in others:
            yield each.where, name


PROBE = LocalHooks()
