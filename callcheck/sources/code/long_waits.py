"""How long may a call take, by what is written in it?

    axios.get(url, { timeout: 20000 })            # its author reckons with 20 s
    requests.post(url, json=body, timeout=30)
    await new Promise((r) => setTimeout(r, 5000))
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.pattern import pattern
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Call, Entry, Function, Literal, Loop, Member, Node, Object, dotted, last_name

_CLIENTS = frozenset({"get", "post", "put", "patch", "delete", "request", "fetch", "axios", "got", "ky"})
_ASKS = pattern(r"(?i)requests|httpx|session|client|http|\bapi\b")
"""What a Python program asks others by: a queue and a cache have `get(timeout=…)` too."""
_POLLS = frozenset({"createAndPoll", "create_and_poll", "createAndRunPoll", "submitToolOutputsAndPoll", "poll", "transcribe", "waitUntilExit"})
_SLEEPS = frozenset({"setTimeout", "sleep", "delay", "wait"})
_POLLED_S = 30.0
_ROUNDS = 3
"""How often a loop over what came goes round, at least as often as not."""


def long_wait_s(call: Call) -> float:
    """Seconds, 0 where nothing tells; in a loop it is waited for again and again."""
    name = last_name(call.callee)
    python = module_of(call).language == "python"
    if name in _POLLS and isinstance(call.callee, Member):
        return _POLLED_S
    seconds = 0.0
    if name in _CLIENTS and (not python or _ASKS.search(dotted(call.callee))):
        seconds = max(_limits(call), default=0.0) / (1 if python else 1000)
    elif name in _SLEEPS or name == "Promise" and call.new:
        given = call if name != "Promise" else next((inner for inner in call.inside(Call) if last_name(inner.callee) == "setTimeout"), None)
        seconds = max((_number(arg) for arg in given.args), default=0.0) / (1 if python else 1000) if given is not None else 0.0
    return seconds * (_ROUNDS if _in_loop(call) else 1)


def _limits(call: Call) -> Iterator[float]:
    """What a request is told of its end: `timeout`, be it in options, of which `got` has several, or in a signal."""
    told = call.keyword("timeout")
    if told is not None:
        yield _number(told)
    for option in (each for arg in call.args if isinstance(arg, Object) for each in arg.entries if isinstance(each, Entry)):
        if option.key == "timeout":
            yield _number(option.value)
            yield from (_number(inner.value) for inner in (option.value.entries if isinstance(option.value, Object) else ()) if isinstance(inner, Entry))
        elif option.key == "signal" and isinstance(option.value, Call) and last_name(option.value.callee) == "timeout":
            yield from map(_number, option.value.args)


def _number(node: Node) -> float:
    value = node.value if isinstance(node, Literal) else None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    return 0.0


def _in_loop(call: Call) -> bool:
    for above in call.up():
        if isinstance(above, Function):
            return False
        if isinstance(above, Loop):
            return True
    return False
