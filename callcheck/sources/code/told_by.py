"""Where does a call of a function give what becomes a name in it, and which function is it that others call?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern
from callcheck.sources.code.scopes import function_of, told_by_calls
from callcheck.sources.code.tree import Call, Function, Member, Name, Node, Return, Subscript, last_name

if TYPE_CHECKING:
    from callcheck.sources.code.idioms import Use

_HOOK = pattern(r"^(?:use[A-Z]\w*Effect|useEffect|on(?:Mount|Mounted|BeforeMount|Unmounted|BeforeUnmount|Destroy|Cleanup|ScopeDispose|Activated|Deactivated)|createEffect|effect|watchEffect|tryOn\w+|destroyRef\.onDestroy)$")
"""What runs a function that a component hands to it while that is shown, or when it goes."""


def of_whom(use: Use) -> Function | None:
    """The function whose caller says what is listened to: around the callbacks that are handed to a component's hooks, `onMounted(() => bus.on(topic, fn))`."""
    function = use.function
    while function is not None and not function.params and (parent := function.parent) is not None:
        outer = function_of(function)
        if outer is None or not (isinstance(parent, Return) or (isinstance(parent, Call) and parent.callee is not function and _HOOK.match(last_name(parent.callee)))):
            break
        function = outer
    return function


def root(node: Node) -> Node:
    """`job` of `job.spec["name"]`."""
    while isinstance(node, (Member, Subscript)):
        node = node.object
    return node


def where(node: Node | None, function: Function) -> str:
    """The place, in a call of a function, of the argument that becomes this name: `1|handler`; "" if the name is no parameter of it."""
    if not isinstance(node, Name):
        return ""
    for index, param in enumerate(told_by_calls(function)):
        if param.name == node.id:
            return str(index) if param.kind == "rest" else f"{index}|{param.name}"
    return ""


def decorated_by(node: Node, function: Function) -> str:
    """"decorated" if the name is the parameter of a function inside, that the outer one returns."""
    for inner in function.inside(Function):
        if inner is not function and any(isinstance(node, Name) and p.name == node.id for p in inner.params):
            if any(isinstance(r.value, Name) and r.value.id == inner.name or r.value is inner for r in function.inside(Return)):
                return "decorated"
    return ""
