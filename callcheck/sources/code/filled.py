"""What are the parameters of a function as texts, in one call of it?

    path = (...parts) => parts.join(":")        path("hive", "fed")        parts: hive, fed
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Call, ClassDef, Function, Node, Object, Param, Spread

Filled = Mapping[str, "str | list[str]"]
"""By the name of a parameter its text, or those of all that it takes; "" for what is computed."""
NOTHING: Filled = MappingProxyType({})
_RECEIVERS = ("self", "cls")


def filled(function: Function, call: Call, text: Callable[[Node], str]) -> Filled:
    """The texts that a call gives to the parameters of a function; `text` says what an argument is where the call stands."""
    params = function.params
    if params and params[0].name in _RECEIVERS and isinstance(function.parent, ClassDef) and module_of(function).language == "python" and not function.static:
        params = params[1:]
    found: dict[str, str | list[str]] = {}
    if any(isinstance(arg, Spread) for arg in call.args):
        return found
    for index, param in enumerate(params):
        if param.kind == "rest":
            found[param.name] = [text(arg) for arg in call.args[index:]]
            continue
        named = next((each.value for each in call.keywords if each.name == param.name), None)
        given = named or (call.args[index] if index < len(call.args) and param.kind == "" else param.default)
        if given is not None:
            found.update(_of(param, given, text))
    return found


def _of(param: Param, given: Node, text: Callable[[Node], str]) -> Filled:
    """What a parameter takes of its argument: all of it, or some of the fields of an object."""
    if not param.binds:
        return {param.name: text(given)}
    return {name: text(value) for name, path in param.binds.items() if isinstance(given, Object) and (value := given.get(path)) is not None}
