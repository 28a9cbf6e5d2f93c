"""Do the nodes of an Elixir application join, so that what one of them publishes reaches the others?

    {DNSCluster, query: Application.get_env(:shop, :dns_cluster_query) || :ignore}     # application.ex
    config :shop, :dns_cluster_query, System.get_env("DNS_CLUSTER_QUERY")              # runtime.exs, and no unit is given that variable
    {:libcluster, "~> 3.4"}                                                            # mix.exs, and no Cluster.Supervisor is started

Sources: phoenixframework/dns_cluster 0.2, lib/dns_cluster.ex (`:ignore` starts nothing; it connects to `name@ip`, for which the nodes must run with long names); bitwalker/libcluster 3.4,
README and strategies (LocalEpmd: nodes of this host; Kubernetes.DNS and DNSPoll: one node for each address that a headless Service gives); hexdocs.pm/mix, mix release (RELEASE_DISTRIBUTION is sname).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.environment import OPEN, settings
from callcheck.sources.files import File
from callcheck.sources.launch import aside
from callcheck.sources.manifests import collect

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_OTHERWISE = pattern(r"PubSub\.Redis\b|\bNode\.connect\b|:net_kernel\.connect_node|:net_adm\b|\bSwarm\b|:swarm\b|\bHorde\b|:horde\b|[Pp]eerage|\bPartisan\b|:partisan\b|PubSub\.(?:Nats|Kafka|RabbitMQ)\b")
"""What joins nodes, or carries messages between them, in ways that are not followed here."""
_DNS = pattern(r"\{\s*DNSCluster\s*,\s*([^\n]{0,300})")
_GIVEN = pattern(r"\bquery:\s*([^\n]{1,300})")
_OF_APP = pattern(r"Application\.(?:get_env|fetch_env!?|compile_env!?)\(\s*:\w+,\s*:(\w+)")
_OF_SYSTEM = pattern(r"System\.get_env\(\s*\"(\w+)\"\s*\)")
_TEXT = pattern(r"\"[^\"\n]*\"|~[cs]\W")
_NAME = pattern(r"^(\w+)\s*[,}\])]*\s*$")
_TOPOLOGY = pattern(r"\bstrategy:\s*(?:Elixir\.)?([A-Z][\w.]*)")
_ASKED = pattern(r"\{\s*:(libcluster|dns_cluster)\s*,\s*\"([^\"\n]*)\"")
_LONG_NAMES = pattern(r"RELEASE_DISTRIBUTION|RELEASE_NODE|(?:^|[\s\"'])--?name[\s\"'=]|longnames|\bNode\.start\b|:net_kernel\.start")
_DEPLOYMENT = (
    "*.yaml", "*.yml", "*.toml", ".env*", "*.env", "*Dockerfile*", "Containerfile*", "*.sh", "*.eex", "*.tf", "*.tfvars", "*.json", "*.service", "*.nomad", "*.hcl",
    "Procfile*", "*.conf", "*.tpl", "Makefile", "*.bicep", "*.ex", "*.exs",
)  # fmt: skip
_LEFT_OUT = pattern(r"(?:^|/)(?:deps|_build|test|node_modules)/|(?:^|/)(?:dev|test)\.exs$")
_HIDDEN = frozenset({"fly"})
"""Platforms whose unseen variables are secrets, which a name to be looked up is not."""
_LARGEST = 200_000


@dataclass(frozen=True, slots=True)
class Lone:
    """Why each node stays alone: the place that would join it, what is so there, and a second place."""

    file: File
    line: int
    why: str
    sure: bool
    other: tuple[File, int, str] | None = None


def lone(eyes: Eyes) -> Lone | None:
    """None where the nodes join, where that cannot be told, and where nothing of joining is said at all (`says_nothing`)."""
    texts = _texts(eyes)
    if any(_OTHERWISE.search(text) for text in texts.values()):
        return None
    dns = next(((file, found, text) for file, text in texts.items() if (found := _DNS.search(text))), None)
    if dns is not None:
        file, found, text = dns
        return _by_dns(eyes, texts, file, _line(text, found.start()), _asked(found[1], text))
    if any("Cluster.Supervisor" in text for text in texts.values()):
        return _by_topology(eyes, texts)
    for file, text in texts.items():
        if file.base == "mix.exs" and (asked := _ASKED.search(text)) and not re.match(r"[~>=\s]*[012]\.", asked[2] if asked[1] == "libcluster" else "9.0"):
            return Lone(file, _line(text, asked.start()), f"{asked[1]} is asked for, and no supervisor of the application starts it", True)
    return None


def says_nothing(eyes: Eyes) -> bool:
    """Whether nothing that joins nodes is spoken of at all."""
    return not any(_OTHERWISE.search(text) or "DNSCluster" in text or "Cluster.Supervisor" in text or _ASKED.search(text) for text in _texts(eyes).values())


def _by_dns(eyes: Eyes, texts: dict[File, str], file: File, line: int, asked: str) -> Lone | None:
    key = _OF_APP.search(asked)
    place, told = (file, line), asked
    if key is not None:
        found = _configured(texts, key[1])
        if found is None:
            return Lone(file, line, f"nothing sets {key[1]}, so the query is :ignore and no node looks for another", True) if not _TEXT.search(asked) else None
        place, told = found
    variable = _OF_SYSTEM.search(told)
    if variable is not None and not _TEXT.search(told[variable.end() :]):
        if _given(eyes, variable[1]):
            return _without_names(eyes, file, line) or _through_service(eyes, file, line, [each.value for each in settings(eyes) if each.name == variable[1]])
        unseen = [each for each in settings(eyes) if each.name == OPEN]
        if any(not each.secret and each.system not in _HIDDEN for each in unseen):
            return None
        other = (*place, f"{variable[1]} is given to no unit")
        return Lone(file, line, "without a query no node looks for another", not unseen, other)
    literal = _TEXT.search(told)
    return (_without_names(eyes, file, line) or _through_service(eyes, file, line, [literal[0].strip('"')])) if literal and variable is None else None


def _by_topology(eyes: Eyes, texts: dict[File, str]) -> Lone | None:
    found = [(file, _line(text, each.start()), each, text) for file, text in texts.items() for each in _TOPOLOGY.finditer(text)]
    if found and all(each[1] == "Cluster.Strategy.LocalEpmd" for _, _, each, _ in found):
        file, line, *_ = found[0]
        return Lone(file, line, "LocalEpmd finds the nodes of its own host alone, and each container is one", True)
    if len(found) == 1 and found[0][2][1] in ("Cluster.Strategy.Kubernetes.DNS", "Cluster.Strategy.DNSPoll"):
        file, line, each, text = found[0]
        named = re.search(r"\b(?:service|query):\s*\"([^\"\n]*)\"", text[each.end() : each.end() + 600])
        return _through_service(eyes, file, line, [named[1]] if named else [])
    configs = [text for file, text in texts.items() if file.suffix == ".exs" and file.base != "mix.exs"]
    if not found and configs and not any("topologies" in text and "config :libcluster" in text for text in configs):
        at = next(((file, _line(text, text.index("Cluster.Supervisor"))) for file, text in texts.items() if "Cluster.Supervisor" in text and ":libcluster" in text), None)
        return Lone(*at, "no topology of libcluster is configured, so no node looks for another", True) if at else None
    return None


def _through_service(eyes: Eyes, file: File, line: int, queries: list[str]) -> Lone | None:
    """A Service with an address of its own, which is all that its name gives: a node needs those of the pods."""
    for query in queries:
        for service in collect(eyes).of("Service"):
            if service.name == query.split(".")[0] and service.get("spec", "selector") and service.get("spec", "clusterIP") != "None" and service.get("spec", "type") != "ExternalName":
                where = service.at("spec")
                return Lone(file, line, f"{service.name} gives one address for all pods, so no node is found", True, (*where, "without clusterIP: None its name stands for one address"))
    return None


def _without_names(eyes: Eyes, file: File, line: int) -> Lone | None:
    """Releases run with short names unless told otherwise, and an address needs a long one."""
    if any(each.name == OPEN and not each.secret and each.system not in _HIDDEN for each in settings(eyes)) or any(_LONG_NAMES.search(text) for text in _deployment(eyes)):
        return None
    return Lone(file, line, "a release runs with short names unless RELEASE_DISTRIBUTION is name, and those of other hosts' addresses are never joined", False)


def _asked(told: str, text: str) -> str:
    """What a child is told to ask for, a name of the same file filled in."""
    found = _GIVEN.search(told)
    asked = found[1].strip() if found else ""
    name = _NAME.match(asked)
    made = re.search(rf"(?m)^\s*{re.escape(name[1])}\s*=\s*(.{{1,300}})$", text) if name else None
    return made[1] if made else asked


def _configured(texts: dict[File, str], key: str) -> tuple[tuple[File, int], str] | None:
    """Where a configuration sets a key, with what it says."""
    wanted = re.compile(rf"(?m)^\s*config\s+:\w+,\s*:{re.escape(key)},\s*(.{{1,300}})$|^[^#\n]{{0,200}}\b{re.escape(key)}:\s*(.{{1,300}})$")
    for file in sorted(texts, key=lambda each: each.base not in ("runtime.exs", "releases.exs")):
        if file.suffix == ".exs" and (found := wanted.search(texts[file])):
            return (file, _line(texts[file], found.start(1) if found[1] else found.start(2))), found[1] or found[2]
    return None


def _given(eyes: Eyes, name: str) -> bool:
    """Whether a file of the deployment, or a script, speaks of a variable in more than a comment."""
    spoken = re.compile(rf"(?m)^(?![ \t]*#)[^\n]{{0,500}}\b{re.escape(name)}\b")
    return any(spoken.search(text) for text in _deployment(eyes, code=False))


def _deployment(eyes: Eyes, code: bool = True) -> list[str]:
    files = (file for file in eyes.tree.named(*_DEPLOYMENT) if (code or file.suffix not in (".ex", ".exs")) and not _LEFT_OUT.search(file.name))
    return [eyes.readable(file, _LARGEST) for file in files]


def _texts(eyes: Eyes) -> dict[File, str]:
    """The application's own modules and settings, without those for development and tests."""
    files = (file for file in eyes.tree.named("*.ex", "*.exs") if not _LEFT_OUT.search(file.name) and not aside(eyes, file))
    return {file: re.sub(r"(?m)^[ \t]*#.*$", "", eyes.readable(file, _LARGEST)) for file in files}


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
