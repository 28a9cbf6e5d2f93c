"""How long may a step of work take, as its own limit says?

    subprocess.run([...], timeout=1500)               1500 s: who gives a program so long knows that it takes long
    execa("ffmpeg", [...], { timeout: 20 * 60_000 })  1200 s
    await sleep(90_000)                               90 s, each time
    await new Promise((r) => setTimeout(r, 90_000))   90 s, too
    for _ in range(120): ...; time.sleep(5)           600 s, until what is asked for is there
"""

from __future__ import annotations

from callcheck.model.noun import dataclass
from callcheck.sources.code import Code
from callcheck.sources.code.arithmetic import number_of
from callcheck.sources.code.call_forms import given_as
from callcheck.sources.code.long_loops import rounds_of
from callcheck.sources.code.origins import Origins
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Call, Function, Loop, Name, Node, last_name

_PROGRAMS = frozenset("run check_call check_output call communicate wait_for execFile execFileSync exec execSync execa execaSync spawn spawnSync execFileAsync execAsync execFileP execP $".split())
_REQUESTS = frozenset("post put request create generate invoke transcribe transcriptions messages fetch got".split())
_PAUSES = frozenset({"sleep", "delay", "setTimeout"})


@dataclass(frozen=True, slots=True)
class Limit:
    """`kind` is program, request, pause, said (it takes so long) or generous (it may)."""

    seconds: float
    kind: str


def limit_of(origins: Origins, call: Call) -> Limit | None:
    """The limit of one call, or the length of a pause; None where it has none that is known."""
    name, unit = last_name(call.callee), 1.0 if module_of(call).language == "python" else 1000.0
    if name in _PAUSES or name == "Promise":
        seconds = number_of(origins, _pause(call))
        return Limit(seconds / unit, "pause") if seconds is not None else None
    kind = "program" if name in _PROGRAMS else "request" if name in _REQUESTS else ""
    if not kind:
        return None
    given = told_end(origins, call)
    if given is None and kind == "request":
        # What the client was made with: httpx.Client(timeout=600), new OpenAI({ timeout: 600_000 }).
        holder = origins.of(call.callee).root
        given = given_as(holder.node, "timeout") if holder.kind == "made" and isinstance(holder.node, Call) else None
    seconds = number_of(origins, given)
    return Limit(seconds / unit, kind) if seconds is not None else None


def told_end(origins: Origins, call: Call) -> Node | None:
    """What a call itself is told of its end, in seconds (Python) or milliseconds: `timeout`, the second argument of `wait_for()`, or a signal that comes then."""
    given = given_as(call, "timeout")
    if given is None and last_name(call.callee) == "wait_for" and len(call.args) > 1:
        return call.args[1]
    signal = given_as(call, "signal") if given is None else None
    if isinstance(signal, Call) and origins.of(signal.callee).qualified == "AbortSignal.timeout" and signal.args:
        return signal.args[0]
    return given


def _pause(call: Call) -> Node | None:
    """How long a pause is: `sleep(5)`, or `new Promise((done) => setTimeout(done, 5000))`, which is none where another promise may come first."""
    given = call.args[0] if call.args else None
    if last_name(call.callee) != "Promise":
        return given
    timers = [each for each in given.inside(Call) if last_name(each.callee) == "setTimeout" and len(each.args) > 1] if isinstance(given, Function) and given.params else []
    ends = {given.params[0].name} if isinstance(given, Function) and given.params else set()
    rests = (each for each in timers if isinstance(each.args[0], Name) and each.args[0].id in ends)
    raced = any(isinstance(above, Call) and last_name(above.callee) in ("race", "any") for above in call.up())
    return None if raced else next((each.args[1] for each in rests), None)


def polled(code: Code, call: Call) -> Limit | None:
    """How long a loop goes on that rests between its rounds, whose number is told."""
    loop = next((above for above in call.up() if isinstance(above, (Loop, Function))), None)
    rest = limit_of(code.origins, call) if isinstance(loop, Loop) and last_name(call.callee) in (*_PAUSES, "Promise") else None
    rounds = rounds_of(code, loop) if rest is not None and isinstance(loop, Loop) else 0
    return Limit(rest.seconds * rounds, "generous") if rest is not None and rounds > 1 else None
