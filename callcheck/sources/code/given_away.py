"""What is given to somebody who is to call back later, and is that somebody on the Internet?

    client.calls.create(status_callback=f"{BASE}/hooks/done")            # a hosted service's library
    httpx.post("https://api.example.com/v1/jobs", json={"webhook_url": url})
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.call_forms import given_to
from callcheck.sources.code.hook_paths import BROWSED, CALLBACK, PUBLIC
from callcheck.sources.code.tree import Call, Entry, Keyword, Member, Node, dotted

_REGISTERS = pattern(r"web_?hook", re.IGNORECASE)
_URL = pattern(r"^(?:url|endpoint|target_?url)$", re.IGNORECASE)
_BASES = ("base_url", "baseURL", "prefixUrl")
NO_PROGRAM = pattern(r"(?:^|/)(?:__tests__|tests?|e2e)/|\.(?:test|spec)\.[a-z]+$|(?:^|/)test_[^/]*$")
"""A script that registers a webhook counts, so these alone are left out."""


@dataclass(frozen=True, slots=True, eq=False)
class GivenAway:
    """An address that a call is given under a name of a callback: where, the name and the value."""

    node: Node
    name: str
    value: Node

    @property
    def browsed(self) -> bool:
        """Whether a browser opens it, which may well stand on this machine."""
        return BROWSED.search(self.name) is not None


def given_away(code: Code) -> Iterator[GivenAway]:
    """All of a project, but for what its tests give."""
    for module in list(code.project.chosen.values()):
        if NO_PROGRAM.search(module.path):
            continue
        named: list[tuple[Node, str | None, Node]] = [(node, node.name, node.value) for node in module.all(Keyword)]
        named += [(node, node.key, node.value) for node in module.all(Entry)]
        for node, name, value in named:
            calls = list(given_to(node)) if name and (CALLBACK.search(name) or _URL.match(name)) else []
            if name and calls and (CALLBACK.search(name) or any(_REGISTERS.search(dotted(call.callee)) or calls_back(code, call) for call in calls)):
                yield GivenAway(node, name, value)


def goes_out(code: Code, node: Node) -> bool:
    """Whether a value is handed to somebody on the Internet: a public address stands in the same call, or the client has one for all its calls, or a hosted
    service's library makes it."""
    calls = list(given_to(node))
    if any(calls_back(code, call) for call in calls):
        return True
    return any(PUBLIC.match(code.idioms.text(arg)) for call in calls for arg in (*call.args, *_bases(code, call)))


def _bases(code: Code, call: Call) -> list[Node]:
    """The address below which the client of a call makes all its calls: `httpx.AsyncClient(base_url=...)`, `axios.create({ baseURL })`."""
    held = code.origins.of(call.callee.object) if isinstance(call.callee, Member) else None
    made = (held.site or held.node) if held is not None else None
    found = [code.idioms.option(made, name) for name in _BASES] if isinstance(made, Call) else []
    return [each for each in found if each is not None]


def calls_back(code: Code, call: Call) -> bool:
    """Whether a call tells a hosted service whom to call."""
    return any(use.idiom.does == "calls-back" for use in code.idioms.at(call))
