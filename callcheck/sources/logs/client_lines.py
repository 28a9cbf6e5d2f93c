"""What do the lines say which an HTTP client, a model's own server or an egress proxy writes for each request?

    HTTP Request: POST https://api.openai.com/v1/chat/completions "HTTP/1.1 429 Too Many Requests"
    [GIN] 2026/03/09 - 08:00:05 | 500 | 30.001s | 172.22.0.6 | POST "/api/chat"
"""

from __future__ import annotations

import re

from callcheck.model.log import Place
from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs.bounded import add_counts, first_of, keep_first
from callcheck.sources.logs.failed_call import class_of
from callcheck.sources.logs.peers import MODEL
from callcheck.sources.logs.view import View

_API = rare(
    r"\b(api\.openai\.com|[\w-]{1,60}\.openai\.azure\.com|api\.anthropic\.com|generativelanguage\.googleapis\.com|[\w-]{0,40}aiplatform\.googleapis\.com|bedrock-runtime\.[\w-]{1,30}\.amazonaws\.com"
    r"|api\.mistral\.ai|api\.cohere\.(?:ai|com)|api\.groq\.com|openrouter\.ai|api\.deepseek\.com|api-inference\.huggingface\.co|api\.together\.xyz|api\.x\.ai)\b"
)
_API_NAMES = (
    "openai.", "anthropic.com", "googleapis.com", "bedrock-runtime", "mistral.ai", "cohere.", "groq.com", "openrouter.ai", "deepseek.com", "huggingface.co",
    "together.xyz", "x.ai",
)  # fmt: skip
_CLIENT = pattern(r"HTTP Request: [A-Z]+ https?://(?:[^\s/\"@]*@)?([^\s/\"]+)(/\S*) \"HTTP/[\d.]+ (\d{3})", re.ASCII)
_SERVED = pattern(r"\[GIN\] .{0,60}?\| (\d{3}) \| +(\S+) \|.{0,60}?\| POST +\"/(?:api/(?:chat|generate|embed\w*)|v1/\S+)\"")
"""Ollama's own line for a request."""
_TOOK = pattern(r"(?:(\d{1,3})m)?(\d{1,2}(?:\.\d{1,9})?)s", re.ASCII)
"""How long, as Go writes it from one second on: `30.00267061s`, `5m1s`."""
_LIMITS_S = (30.0, 60.0, 120.0, 300.0, 600.0)
"""For which clients wait, as a rule."""
_LATE_S = 1.5
"""For how long a caller that leaves at its limit may have been there besides, to connect and to be missed."""


@dataclass(slots=True)
class Calls:
    """What a client's own request lines say of one peer."""

    ok: int = 0
    by_class: dict[str, int] = field(default_factory=dict)
    samples: dict[str, list[tuple[Place, str, int]]] = field(default_factory=dict)

    def add(self, view: View, status: int) -> None:
        """One answer."""
        kind = class_of(status)
        if not kind:
            self.ok += 1
            return
        self.by_class[kind] = self.by_class.get(kind, 0) + 1
        keep_first(self.samples.setdefault(kind, []), (view.place, view.text[:400], status), 6)

    def merge(self, other: Calls) -> None:
        """Take the other's in."""
        self.ok += other.ok
        add_counts(self.by_class, other.by_class)
        for kind, samples in other.samples.items():
            self.samples[kind] = first_of(self.samples.get(kind, []), samples, 6)


def answered(view: View) -> tuple[str, int] | None:
    """Who answered and with which status; "" for somebody who is no model, None where no client writes such a line."""
    text = view.text
    found = _CLIENT.search(text, 0, 800) if "HTTP Request: " in text else None
    if found:
        host, path = found[1], found[2]
        of_a_model = _API.search(host) or MODEL.search(found[0]) or "completions" in path or "/api/generate" in path or "/api/chat" in path
        return (host, int(found[3])) if of_a_model else ("", 0)
    if text.startswith("[GIN]") or "[GIN] " in text[:60]:
        served = _SERVED.search(text, 0, 400)
        if not served:
            return None
        # A caller that leaves at its limit is answered 500 after just that long.
        return "ollama", 504 if int(served[1]) >= 499 and _at_a_limit(served[2]) else int(served[1])
    api = _API.search(text, 0, 1500) if view.access and any(name in text for name in _API_NAMES) else None
    return (api[1], view.status) if api and view.status else None


def _at_a_limit(took: str) -> bool:
    found = _TOOK.fullmatch(took)
    seconds = 60 * int(found[1] or 0) + float(found[2]) if found else 0.0
    return any(limit <= seconds <= limit + _LATE_S for limit in _LIMITS_S)
