"""What does a function do while somebody waits for it, and how long may each step of that take?

    async def on_scan(message):
        await store(message)             # a step, and so is what store() does
        pool.submit(mesh, message)       # a step; mesh() is none: another thread does that
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.long_loops import rounds_of
from callcheck.sources.code.said_lengths import of_millions, own_length, said_length
from callcheck.sources.code.scopes import function_of, module_of, up_to, within
from callcheck.sources.code.tree import Call, Catch, Function, Loop, Member, Node, Sequence, dotted, last_name
from callcheck.sources.code.work_limits import Limit, limit_of, polled

TIMES = {"said": 1.0, "pause": 1.0, "heavy": 1.0, "rounds": 1.0, "generous": 1.5, "program": 2.0, "request": 5.0}
"""How many times longer than the other side waits a step may take before it is told of: a limit is generous, that of a request more so."""
_LONG_PROGRAMS = pattern(r"^(?:\S*/)?(?:ffmpeg|HandBrakeCLI|blender|latexmk|tesseract|ocrmypdf|gdal(?:warp|_translate)|pg_dump|restic|demucs|whisper)\b")
_BRIEF_PROGRAMS = pattern(r"^(?:/(?:usr/)?(?:local/)?s?bin/)?(?:lp|lpr|logger|wall|mail|sendmail|notify-send|echo|touch|mkdir|chmod|chown|ln|rm|mv|kill|killall|hostname|date|stat|df|du|uptime|stty|amixer|xset|xdotool|gpioset|gpioget|pinctrl|ip|iptables|nft|sysctl|systemctl|service|tput)(?:\s|$)")
"""What hands its work on at once, or sets something: a spooler, a logger, a switch."""
_STARTS = frozenset({"run", "check_call", "check_output", "call", "system"})
_TRAINS = frozenset({"fit", "transcribe"})
_NUMERIC = pattern(r"^(?:scipy|sklearn|skimage|open3d|trimesh|shapely|networkx|hdbscan|umap)\.")
"""Libraries of Python that search, fit and triangulate, none of which hands a loop or a thread a turn."""
_MANY_S = 60
_HEAVY_S = 180
"""What they take for more than a small input: minutes."""
_DEEPEST = 4
_SOME = 10
"""Rounds that a loop over data is taken to have."""


def steps_of(code: Code, root: Node) -> Iterator[tuple[Call, Function | None]]:
    """The calls that a function or loop makes itself, with the function of the project that each is of, and those that these make."""
    return _steps(code, root, 0, set())


def _steps(code: Code, root: Node, depth: int, known: set[int]) -> Iterator[tuple[Call, Function | None]]:
    known.add(id(root))
    for call in _own(root):
        function = code.origins.of(call.callee).node
        inner = function if isinstance(function, Function) and not (function.is_async and module_of(function).language == "python" and not _is_async(root)) else None
        yield call, inner
        if inner is not None and depth < _DEEPEST and id(inner) not in known:
            yield from _steps(code, inner, depth + 1, known)


def _own(root: Node) -> list[Call]:
    """What runs when this does, and no function that is only defined in it."""
    if isinstance(root, Function):
        return [node for node in within(root) if isinstance(node, Call)]
    return [call for call in root.inside(Call) if not any(isinstance(above, Function) for above in up_to(call, root))]


def _is_async(root: Node) -> bool:
    return isinstance(root, Function) and root.is_async


def limits(code: Code, call: Call, function: Function | None) -> Iterator[Limit]:
    """How long a call may take: by its own limit, by the loop that it is a pause of, and by what is remarked at it and at the function."""
    limit = limit_of(code.origins, call)
    found = (limit, polled(code, call), said_length(call), own_length(function) if function is not None else None, _heavy(code, call) if limit is None else None)
    return (each for each in found if each is not None)


def rests(code: Code, root: Node) -> Iterator[tuple[Call, Limit]]:
    """The pauses that each round of a loop takes, here or in what is called, and for how long all of them are; a loop over data is taken to have some rounds.

    What rests where something has failed is no part of a good run.
    """
    loops = [(root, loop) for loop in root.inside(Loop)] if isinstance(root, Function) else []
    loops += [(inner, loop) for _, inner in steps_of(code, root) if inner is not None for loop in inner.inside(Loop)]
    for function, loop in loops:
        if function_of(loop) is not function:
            continue
        counted = rounds_of(code, loop)
        rounds = counted if counted > 1 else _SOME
        for call, _ in steps_of(code, loop):
            limit = limit_of(code.origins, call)
            if limit is not None and limit.kind == "pause" and not any(isinstance(above, Catch) for above in call.up()):
                yield call, Limit(limit.seconds * rounds, "rounds")


def _heavy(code: Code, call: Call) -> Limit | None:
    """A program that works for minutes, without a limit; a model of Whisper's that hears a file, or one that is trained for epochs; geometry and statistics over what a remark says are millions."""
    name = last_name(call.callee)
    if _over_many(code, call):
        return Limit(_MANY_S, "heavy")
    if program := _program(code, call):
        return Limit(_HEAVY_S, "heavy") if _LONG_PROGRAMS.search(program) else None
    if name not in _TRAINS or not isinstance(call.callee, Member):
        return None
    hears = name == "transcribe" and any(use.idiom.does == "lengthy" for use in code.idioms.at(call))
    return Limit(_HEAVY_S, "heavy") if hears or name == "fit" and call.keyword("epochs") is not None else None


def _over_many(code: Code, call: Call) -> bool:
    if module_of(call).language != "python" or not of_millions(call):
        return False
    origin = code.origins.of(call.callee)
    made = origin.root.node
    names = (origin.qualified, code.origins.of(made.callee).qualified if isinstance(made, Call) else "")
    return any(_NUMERIC.match(each) for each in names)


def is_brief(code: Code, call: Call) -> bool:
    """Whether a call of Python's runs a program that is known to be over in a moment."""
    return bool(_BRIEF_PROGRAMS.search(_program(code, call)))


def _program(code: Code, call: Call) -> str:
    """The name, or the whole command, of the program that `subprocess` or `os.system` runs; "" for another call, and where it is not written down."""
    if last_name(call.callee) not in _STARTS or not dotted(call.callee).startswith(("subprocess.", "os.")):
        return ""
    words = call.args[0].items if call.args and isinstance(call.args[0], Sequence) else call.args[:1]
    return code.idioms.text(words[0]) if words else ""


def said_so(seconds: float) -> str:
    """For people: 45 s, 20 min."""
    return f"{seconds / 60:.0f} min" if seconds >= 300 else f"{seconds:.0f} s"
