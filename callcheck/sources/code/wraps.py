"""Which function does a wrapper call in the end, and which one is named by a text?

    const handler = withUser(async (event) => …)      app.post("/hook", asyncHandler(receive))      bus.on("x", debounce(show, 50))
    async_task("berths.tasks.warn", pk)               scheduler.add_job("berths.tasks:warn")
"""

from __future__ import annotations

from callcheck.model.pattern import pattern
from callcheck.sources.code.origins import Origins
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Call, Function, Literal, Member, Name, Node, last_name

_DEEPEST = 3
_CALLS_IT_ITSELF = frozenset("then catch finally on once map forEach filter reduce get post use run Promise setTimeout setInterval setImmediate".split())
"""What takes a function for a purpose of its own, and gives something else back."""
_BINDS = ("partial", "partialmethod")
_REFERENCE = pattern(r"^([A-Za-z_]\w*(?:\.\w+)*)[.:](\w+)$")


def wrapped(origins: Origins, node: Node, depth: int = 0) -> Function | None:
    """The function of the project that is called when what this call gives is called; None if the call is no wrapper that is known for one."""
    if not isinstance(node, Call) or node.new or depth > _DEEPEST or last_name(node.callee) in _CALLS_IT_ITSELF:
        return None
    if last_name(node.callee) in _BINDS and (len(node.args) > 1 or node.keywords):
        return None  # what it binds is among the function's parameters, which then are not those of the call
    given = [found for arg in node.args if (found := _function(origins, arg, depth)) is not None]
    if len(given) != 1:
        return None
    callee = origins.of(node.callee)
    if callee.kind == "function" and isinstance(callee.node, Function):
        return given[0] if _hands_on(origins, callee.node, given[0]) else None
    return given[0] if callee.kind == "external" and isinstance(node.callee, (Name, Member)) else None


def reference(node: Node) -> tuple[str, str] | None:
    """The module and the function that a text of Python names: `"shop.tasks.mail"`, `"shop.tasks:mail"`."""
    found = _REFERENCE.match(node.value) if isinstance(node, Literal) and isinstance(node.value, str) else None
    return (found[1], found[2]) if found is not None and module_of(node).language == "python" else None


def referred(origins: Origins, node: Node) -> Function | None:
    """The function of the project that a text names with its module."""
    named = reference(node)
    module = origins.project.find(module_of(node), named[0]) if named is not None else None
    return next((each for each in module.body if isinstance(each, Function) and each.name == named[1]), None) if module is not None and named is not None else None


def _function(origins: Origins, arg: Node, depth: int) -> Function | None:
    if isinstance(arg, Function):
        return arg
    if isinstance(arg, Call):
        return wrapped(origins, arg, depth + 1)
    found = origins.of(arg) if isinstance(arg, (Name, Member)) else None
    return found.node if found is not None and found.kind == "function" and isinstance(found.node, Function) else None


def _hands_on(origins: Origins, wrapper: Function, given: Function) -> bool:
    """Whether a wrapper gives back a function that calls one of its parameters."""
    closures = [held for value in origins.project.returned(wrapper) if isinstance(held := origins.of(value).node, Function)]
    return any(_calls(closure, wrapper) for closure in closures if closure is not given)


def _calls(closure: Function, wrapper: Function) -> bool:
    names = {param.name for param in wrapper.params}
    own = {param.name for param in closure.params}
    called = (call.callee.object if last_name(call.callee) in ("call", "apply") and isinstance(call.callee, Member) else call.callee for call in closure.inside(Call))
    return any(isinstance(callee, Name) and callee.id in names - own for callee in called)
