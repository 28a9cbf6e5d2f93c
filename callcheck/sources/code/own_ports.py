"""At which ports do the program's servers listen, as its code says, and which variable may say another one?

    app.listen(3000)                            3000
    const PORT = process.env.PORT || 3000;      3000, or what PORT says
    uvicorn.run(app, port=int(os.environ.get("PORT", "8000")))
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.noun import dataclass
from callcheck.sources.code import Code
from callcheck.sources.code.call_forms import given_as
from callcheck.sources.code.environ import variable
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.spelt import given_once
from callcheck.sources.code.tree import Call, Literal, Member, Name, Node, Object, dotted, last_name

_PYTHON = {"fastapi": 8000, "flask": 5000, "quart": 5000, "aiohttp": 8080}
"""The port that a call of Python takes where none is given, by the library whose `bind` it is (uvicorn 0.30, Flask 3, Quart 0.19, aiohttp 3)."""
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class OwnPort:
    """One server; `port` is 0 where a variable alone says it, and `variable` is "" where none does."""

    port: int
    variable: str
    call: Call


def own_ports(code: Code) -> list[OwnPort] | None:
    """Those of all servers; None if the port of one is not known."""
    found = [_port(code, call, node) for call, node in _given(code)]
    return None if any(each is None for each in found) else [each for each in found if each is not None]


def ports_in(code: Code, path: str) -> list[OwnPort | None]:
    """Those of the servers that one file starts; None for one that is not known."""
    return [_port(code, call, node) for call, node in _given(code) if module_of(call).path == path]


def _given(code: Code) -> Iterator[tuple[Call, Node | int | None]]:
    """Each call that makes a server listen, with what it is given for a port, or takes for want of one."""
    for use in code.idioms.of("bind"):
        if use.framework.name in _PYTHON and use.module.language == "python" and not is_test(use.module.path):
            yield use.call, use.call.keyword("port") or _PYTHON[use.framework.name]
    for call in code.project.calls("listen", "serve"):
        module, name = module_of(call), last_name(call.callee)
        if module.language == "python" or is_test(module.path):
            continue
        if name == "listen" and call.args and dotted(call.callee) != "listen":
            first = call.args[0]
            yield call, given_as(call, "port") if isinstance(first, Object) else first
        elif name == "serve" and given_as(call, "port") is not None:
            yield call, given_as(call, "port")


def _port(code: Code, call: Call, node: Node | int | None) -> OwnPort | None:
    if isinstance(node, int):
        return OwnPort(node, "", call)
    name, number = _read(code, node, 0) if node is not None else ("", 0)
    return OwnPort(number, name, call) if name or number else None


def _read(code: Code, node: Node, depth: int) -> tuple[str, int]:
    """The variable in an expression, and the number."""
    found, number = "", 0
    for each in node.walk():
        if isinstance(each, (Call, Member, Name)) and not found:
            found = variable(code.origins, code.idioms.text, each)[0]
        if isinstance(each, Literal) and str(each.value).isdigit() and 2 <= len(str(each.value)) <= 5 and not number:
            number = int(str(each.value))
        if isinstance(each, Name) and depth < _DEEPEST and (held := given_once(code.origins, each)) is not None and held.value is not None and held.value is not node:
            inner = _read(code, held.value, depth + 1)
            found, number = found or inner[0], number or inner[1]
    return found, number
