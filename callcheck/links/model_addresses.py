"""Does a unit look for a model's server in its own container, while it runs in another?

    ollama: {image: ollama/ollama}
    worker: {environment: {OLLAMA_HOST: "http://localhost:11434"}}      # localhost is the worker's own container
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.deployment import ServiceRun
from callcheck.model.facts.network import AddressUnreachable, ModelAddress, PortsOpen
from callcheck.model.facts.variables import VariableSet
from callcheck.model.pattern import pattern
from callcheck.model.words import NOT_APP

_MODEL = pattern(
    r"^(?:OLLAMA|VLLM|TGI|LITELLM|LOCALAI|LLAMA|LLM|MODEL|INFERENCE|EMBEDDINGS?|WHISPER|OPENAI|ANTHROPIC|AZURE_OPENAI)(?:_\w+?)?_(?:API_)?(?:BASE(?:_URL)?|URL|URI|HOST|ENDPOINT|ADDRESS|SERVER)$"
)
_SERVERS = pattern(r"(?:^|/)(?:ollama|vllm(?:-openai)?|text-generation-inference|text-embeddings-inference|localai|litellm|llama\.cpp|tritonserver|xinference|lmdeploy|speaches|faster-whisper-server|sglang)(?::|@|$)")
"""Images that serve models."""
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "0.0.0.0", "::1"})
_SYSTEMS = frozenset({"compose", "ecs"})
"""Systems in which each unit has a localhost of its own, and units are told apart by file."""


class ModelAddresses:
    """States `address.unreachable` (why: upstream-loopback) for what a unit is given, and for what the code says unless it is given something."""

    name = "model-addresses-of-units"
    reads = frozenset({VariableSet, ServiceRun, PortsOpen, ModelAddress})
    answers = frozenset({AddressUnreachable})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        if not ledger.of(VariableSet) and not ledger.of(ModelAddress):
            return
        runs = {e.fact.service: e for e in ledger.of(ServiceRun) if isinstance(e.fact, ServiceRun) and e.fact.system in _SYSTEMS}
        hosts = {e.fact.service for e in ledger.of(PortsOpen) if isinstance(e.fact, PortsOpen) and e.fact.system == "host"}
        server = next((e for e in runs.values() if isinstance(e.fact, ServiceRun) and _SERVERS.search(e.fact.image)), None)
        if server is None or not isinstance(server.fact, ServiceRun) or server.fact.service in hosts:
            return
        given: dict[str, set[str]] = {}
        for item in ledger.of(VariableSet):
            fact = item.fact
            if not isinstance(fact, VariableSet):
                continue
            given.setdefault(fact.service, set()).add(fact.name)
            if fact.service in runs and fact.service not in hosts | {server.fact.service} and _MODEL.search(fact.name) and _own(fact.url):
                found = AddressUnreachable(fact.name, fact.url, "upstream-loopback", fact.service, server.fact.service)
                yield Evidence(found, item.basis, self.name, item.where, item.excerpt, item.service, because=(item, server))
        ours = [e.fact for e in runs.values() if isinstance(e.fact, ServiceRun) and e.fact.role not in NOT_APP and e.fact.service not in hosts]
        for item in ledger.of(ModelAddress):
            fact = item.fact
            users = [run for run in ours if item.where is None or run.service in ledger.loaded.get(item.where.path, {run.service})]
            open_to = [run for run in users if isinstance(fact, ModelAddress) and not {fact.name, "*"} & (given.get(run.service, set()) | given.get("", set()))]
            if isinstance(fact, ModelAddress) and users and len(open_to) == len(users):
                found = AddressUnreachable(fact.name, fact.url, "upstream-loopback", users[0].service, server.fact.service)
                yield Evidence(found, item.basis, self.name, item.where, item.excerpt, because=(item, server))


def _own(url: str) -> bool:
    try:
        return urlsplit(url).hostname in _LOOPBACK
    except ValueError:
        return False


LINK = ModelAddresses()
