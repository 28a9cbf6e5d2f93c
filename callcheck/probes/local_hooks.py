"""May a forge post its webhooks to the containers beside it?

    gitea: {image: gitea/gitea:1.22}                       # ALLOWED_HOST_LIST is `external`: no private addresses
    post("http://gitea:3000/api/v1/repos/a/b/hooks", json={"config": {"url": "http://ci:8000/hook"}})
    gitea: {config: {webhook: {ALLOWED_HOST_LIST: external}}}                     # the values of its chart; [webhook] of app.ini

Sources: docs.gitea.com, config cheat sheet, [webhook] ALLOWED_HOST_LIST (external from 1.16 on; loopback, private, external, *, CIDR, wildcards); gitea.com/gitea/helm-gitea, values
(gitea.config); docs.gitlab.com, security/webhooks (requests to the local network are off at first, and there is no key for them in gitlab.rb).
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

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
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Entry, Keyword, Member, Name, Node, last_name
from callcheck.sources.documents import Table, each_of, line_at, value_at
from callcheck.sources.environment import OPEN, Setting, compose, settings
from callcheck.sources.launch import COMPOSE_FILES, own_texts
from callcheck.sources.manifests import UNITS, collect

_HOST = pattern(r"^https?://([A-Za-z][\w.-]{0,120}?|(?:10|127|192\.168|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3}){2,3})(?::\d{1,5})?(?:/|$)")
_PRIVATE = pattern(r"^[\d.]+$|^localhost$|^host\.docker\.internal$|\.(?:svc|local|lan|internal)$")
_REGISTERS = pattern(r"/hooks/?$|\bhooks\.create$|\.create_hook$")
_BY_PLACE = pattern(r"(?:^|\.)(?:ProjectHooks|GroupHooks|SystemHooks)\.(?:add|create)$")
"""Of @gitbeaker/rest, whose address stands among the first arguments."""
_CI = pattern(r"^(?:WOODPECKER_(?:EXPERT_WEBHOOK_)?HOST|DRONE_SERVER_HOST)$")
"""What a CI server gives away as the address of its hooks."""
_IN_INI = pattern(r"(?m)^[ \t]*ALLOWED_HOST_LIST[ \t]*=[ \t]*([^\n;#]*)")
_OPEN_LIST = pattern(r"\*(?!\.)|/\d|[${%<]")
"""Everything, a network, or what is filled in."""


@dataclass(frozen=True, slots=True)
class _Forge:
    """A product, by its image, and the setting that lets it call private addresses; `switches` are those that are not set by a variable."""

    name: str
    image: str
    setting: str
    switches: tuple[str, ...]
    strength: str
    says: str


_FORGES = (
    _Forge("gitea", r"(?:gitea/gitea|forgejo/forgejo)\b", "__webhook__ALLOWED_HOST_LIST", (), "strong",
           "it posts webhooks to public addresses alone, and refuses this one; set ALLOWED_HOST_LIST of [webhook] to private, or to the host"),
    _Forge("gitlab", r"gitlab/gitlab-[ce]e\b", "", ("allow_local_requests_from", "outbound_local_requests_"), "fair",
           "it posts no webhooks to the local network unless an administrator allows it (allow_local_requests_from_web_hooks_and_services)"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Unit:
    """One forge: the unit that runs it, and the names by which the others are called there."""

    forge: _Forge
    name: str
    where: Location
    others: frozenset[str]

    def reaches(self, host: str) -> bool:
        """Whether a host is in the private network: one of the others by any of its names, or an address of one's own."""
        return host in self.others or _PRIVATE.search(host) is not None or (host.split(".")[0] in self.others and host.count(".") == 1)


class LocalHooks:
    """Gitea, Forgejo and GitLab as services of Compose and units of Kubernetes."""

    name = "local-hooks"
    looks_at = (*COMPOSE_FILES, "*.yaml", "*.yml")
    marks = ("gitea", "forgejo", "gitlab/gitlab-")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no compose file or manifest"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for unit in _forges(eyes):
            yield from self._blocked(eyes, unit)

    def _blocked(self, eyes: Eyes, unit: _Unit) -> Iterator[Evidence]:
        variables, forge = list(settings(eyes)), unit.forge
        own = [each for each in variables if each.unit == unit.name]
        if any(each.name == OPEN for each in own) or any(_mentions(eyes, switch) for switch in forge.switches):
            return
        lists = list(_lists(eyes, own, forge)) if forge.setting else []
        found: list[tuple[Node | Location, str]] = [*(_hooks(eyes.code) if eyes.code.present else ()), *_given(variables)]
        for there, host in found:
            if not unit.reaches(host) or any(_lets(said, host) for said, _ in lists):
                continue
            fact = LibraryTrap("unreachable-callback-url", forge.strength, forge.says, clean(host, 60), forge.name, "")
            label = "this address is given to it"
            told = Evidence(fact, Basis.DECLARED, self.name, there, label=label) if isinstance(there, Location) else seen(fact, there, self.name, label=label)
            yield Evidence(fact, Basis.DECLARED, self.name, lists[0][1] if lists else unit.where, service=clean(unit.name, 80), because=(told,))
            return


def _forges(eyes: Eyes) -> Iterator[_Unit]:
    for file, services in compose.files(eyes):
        for unit, keys in services.items():
            forge = _forge(keys.get("image")) if isinstance(keys, dict) else None
            if forge is not None:
                yield _Unit(forge, unit, Location(clean(file.name), services.lines[unit]), frozenset(services) - {unit})
    cluster = collect(eyes)
    for item in cluster.of(*UNITS):
        for _, container in each_of(item.get("spec", "template", "spec", "containers")):
            forge = _forge(container.get("image"))
            if forge is not None:
                yield _Unit(forge, item.name, item.where("kind"), frozenset(each.name for each in cluster.of("Service")))


def _forge(image: object) -> _Forge | None:
    return next((each for each in _FORGES if pattern(each.image).search(str(image or ""))), None)


def _lists(eyes: Eyes, own: list[Setting], forge: _Forge) -> Iterator[tuple[str, Location]]:
    """What the hosts are said to be that may be called: by a variable, by app.ini, by the values of a chart; "*" where it is said in a way that is not read."""
    yield from ((each.value or "*", each.where) for each in own if each.name.endswith(forge.setting))
    for file, text in own_texts(eyes, "*.ini", "*.ini.*", most=100_000):
        yield from ((found[1].strip() or "external", Location(clean(file.name), text.count("\n", 0, found.start()) + 1)) for found in _IN_INI.finditer(text))
    for file in eyes.tree.named("*.yaml", "*.yml"):
        if "ALLOWED_HOST_LIST" not in eyes.readable(file, 300_000):
            continue
        document = eyes.readable_document(file)
        said = value_at(document, "gitea", "config", "webhook", "ALLOWED_HOST_LIST")
        if isinstance(document, Table) and said is not None:
            yield str(said), Location(clean(file.name), line_at(document, "gitea", "config", "webhook", "ALLOWED_HOST_LIST"))
        elif forge.setting not in eyes.readable(file, 300_000):
            yield "*", Location(clean(file.name), 1)
    if _mentions(eyes, "ALLOWED_HOST_LIST", ("*.sh", "*.tf", "*.env", ".env*")):
        yield "*", Location("", 1)


def _lets(said: str, host: str) -> bool:
    """Whether a list of hosts lets a private one be called."""
    parts = [part.strip().lower() for part in said.split(",")]
    return any(_OPEN_LIST.search(part) or part in ("private", host.lower()) or fnmatchcase(host.lower(), part) or (part == "loopback" and host.startswith(("localhost", "127."))) for part in parts)


def _mentions(eyes: Eyes, switch: str, globs: tuple[str, ...] = ("*.ini", "*.sh", "*.rb", "*.yml", "*.yaml", "*.tf", "*.env", ".env*")) -> bool:
    """Whether a configuration or a script speaks of the setting."""
    return any(switch in eyes.readable(each, 300_000) for each in eyes.tree.named(*globs)) or eyes.code.present and any(switch in eyes.code.project.text(path) for path in eyes.code.project.sources)


def _hooks(code: Code) -> Iterator[tuple[Node, str]]:
    """Where the project registers a hook, and the host of its address."""
    places: list[tuple[Node, Node]] = [(call, arg) for call in code.project.calls("add", "create") if _BY_PLACE.search(_called(call)) for arg in call.args[:2] if not is_test(module_of(call).path)]
    for module in list(code.project.chosen.values()):
        named: list[Entry | Keyword] = [*module.all(Entry), *module.all(Keyword)] if not is_test(module.path) else []
        for node in named:
            calls = [above for above in node.up() if isinstance(above, Call)] if (node.key if isinstance(node, Entry) else node.name) == "url" else []
            if any(_registers(code, call) for call in calls[:2]):
                places.append((node, node.value))
    for place, value in places:
        for text in given(code, [value]):
            if found := _HOST.match(text):
                yield place, found[1]


def _registers(code: Code, call: Call) -> bool:
    called = _called(call)
    return any(by.search(called) for by in (_REGISTERS, _BY_PLACE)) or bool(call.args and _REGISTERS.search(code.idioms.text(call.args[0])))


def _called(call: Call) -> str:
    """`hooks.create` of `gl.projects.get(1).hooks.create(...)`."""
    holder = call.callee.object if isinstance(call.callee, Member) else None
    return f"{last_name(holder) if isinstance(holder, (Name, Member)) else ''}.{last_name(call.callee)}"


def _given(variables: list[Setting]) -> Iterator[tuple[Location, str]]:
    """The same for a CI server, which registers its own hooks."""
    for each in variables:
        host = _HOST.match(each.value)
        name = host[1] if host else each.value.partition(":")[0]
        if _CI.match(each.name) and name:
            yield each.where, name


PROBE = LocalHooks()
