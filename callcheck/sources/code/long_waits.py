"""How long may a call take, by what is written in it?

    axios.get(url, { timeout: 20000 })            # its author reckons with 20 s
    requests.post(url, json=body, timeout=30)
    await new Promise((r) => setTimeout(r, 5000))
    await got(url, { timeout: { request: 20000 } })
"""

from __future__ import annotations

from callcheck.model.pattern import pattern
from callcheck.sources.code.arithmetic import number_of
from callcheck.sources.code.origins import Origins
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Call, Entry, Function, Loop, Member, Node, Object, dotted, last_name
from callcheck.sources.code.work_limits import told_end

_CLIENTS = frozenset({"get", "post", "put", "patch", "delete", "request", "fetch", "axios", "got", "ky"})
_ASKS = pattern(r"(?i)requests|httpx|session|client|http|\bapi\b")
"""What a Python program asks others by: a queue and a cache have `get(timeout=…)` too."""
_POLLS = frozenset({"createAndPoll", "create_and_poll", "createAndRunPoll", "submitToolOutputsAndPoll", "poll", "transcribe", "waitUntilExit"})
_SLEEPS = frozenset({"setTimeout", "sleep", "delay", "wait"})
_POLLED_S = 30.0
_ROUNDS = 3
"""How often a loop over what came goes round, at least as often as not."""


def long_wait_s(origins: Origins, call: Call) -> float:
    """Seconds, 0 where nothing tells; in a loop it is waited for again and again."""
    name = last_name(call.callee)
    python = module_of(call).language == "python"
    if name in _POLLS and isinstance(call.callee, Member):
        return _POLLED_S
    told: list[Node] = []
    if name in _CLIENTS and (not python or _ASKS.search(dotted(call.callee))):
        end = told_end(origins, call)
        told = [entry.value for entry in end.entries if isinstance(entry, Entry)] if isinstance(end, Object) else [end] if end is not None else []
    elif name in _SLEEPS or name == "Promise" and call.new:
        given = call if name != "Promise" else next((inner for inner in call.inside(Call) if last_name(inner.callee) == "setTimeout"), None)
        told = given.args if given is not None else []
    seconds = max((number_of(origins, each) or 0.0 for each in told), default=0.0) / (1 if python else 1000)
    return seconds * (_ROUNDS if _in_loop(call) else 1)


def _in_loop(call: Call) -> bool:
    for above in call.up():
        if isinstance(above, Function):
            return False
        if isinstance(above, Loop):
            return True
    return False
