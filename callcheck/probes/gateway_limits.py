"""Does a gateway in front of a model give up on an answer long before its client does?

    upstream llm { server vllm:8000; }   location /v1/ { proxy_pass http://llm; }       # proxy_read_timeout is 60 s unless set
    OpenAI(base_url=os.environ["LLM_URL"], timeout=900)                                # who waits so long knows that answers take long

An answer that is streamed is never silent for long. Source: nginx.org, proxy_read_timeout (between two reads).
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.arithmetic import number_of
from callcheck.sources.code.call_forms import given_as
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call
from callcheck.sources.files import File
from callcheck.sources.fronts.nginx import FILES
from callcheck.sources.launch import own_texts

_SERVER = pattern(r"(?i)vllm|ollama|litellm|llama|sglang|\btgi\b|text-generation|triton|xinference|localai|lm-?studio|aphrodite|mlx|\bllms?\b")
_PASSED = pattern(r"\b(?:proxy_pass[ \t]+https?://|server[ \t]+)([\w.-]{1,100})(?::\d+)?[^;{\n]*;")
_READS = pattern(r"\bproxy_read_timeout[ \t]+(\d{1,6})(ms|s|m|h)?[ \t]*;")
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600}
_UNSAID_S = 60.0
_CLIENTS = ("OpenAI", "AsyncOpenAI", "ChatOpenAI", "Anthropic", "AsyncAnthropic", "ChatAnthropic", "OpenAILike", "ChatOllama")
_OWN = ("base_url", "baseURL", "api_base", "openai_api_base", "configuration")
_STREAMS = pattern(r"\bstream(?:ing)?[\"']?\s*[=:]\s*[Tt]rue\b|\.a?stream(?:_events|Text)?\(|messages\.stream\(")
_TIMES = 2
"""How many times longer the client must be ready to wait."""
_LARGEST_BYTES = 300_000


class GatewayLimits:
    """Silent where the limit is set above what the client waits, and where some answer is streamed."""

    name = "gateway-limits"
    looks_at = FILES
    marks = ("proxy_pass",)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no nginx configuration"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        gateways = list(_gateways(eyes)) if eyes.code.present else []
        client = max(_clients(eyes.code), key=lambda each: each[0], default=None) if gateways else None
        if client is None or any(_STREAMS.search(module.text) for module in eyes.code.project.naming("stream", "streaming", "astream") if not is_test(module.path)):
            return
        waits, call = client
        for file, line, limit in gateways:
            if waits >= limit * _TIMES:
                why = f"the server in front of the model ends an answer of which nothing came for {limit:.0f} s, and the client would wait {waits:.0f} s: longer answers end with 504; raise proxy_read_timeout, or stream"
                fact = LibraryTrap("upstream-timeout", "fair", why, "", "", module_of(call).language)
                there = seen(fact, call, self.name, label=f"this waits for {waits:.0f} s")
                yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(file.name), line), because=(there,))


def _gateways(eyes: Eyes) -> Iterator[tuple[File, int, float]]:
    """Files of nginx that hand requests to a model's server: the line, and the longest that any of their ways waits."""
    for file, text in own_texts(eyes, *FILES, most=_LARGEST_BYTES):
        passed = list(_PASSED.finditer(text)) if "proxy_pass" in text else []
        model = next((each for each in passed if _SERVER.search(each[1])), None)
        if model is not None:
            limits = [float(count) * _UNITS[unit or "s"] for count, unit in _READS.findall(text)]
            shown = next((each for each in passed if "proxy_pass" in each[0]), model)
            yield file, text.count("\n", 0, shown.start()) + 1, max(limits, default=_UNSAID_S)


def _clients(code: Code) -> Iterator[tuple[float, Call]]:
    """The clients of a model at an address of one's own, with the seconds that they are told to wait."""
    for call in code.project.calls(*_CLIENTS):
        seconds = number_of(code.origins, given_as(call, "timeout") or given_as(call, "request_timeout"))
        if seconds and not is_test(module_of(call).path) and any(given_as(call, key) is not None for key in _OWN):
            yield seconds / (1 if module_of(call).language == "python" else 1000), call


PROBE = GatewayLimits()
