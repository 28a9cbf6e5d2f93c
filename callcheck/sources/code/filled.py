"""What are the parameters of a function as texts, in one call of it?

    path = (...parts) => parts.join(":")        path("hive", "fed")        parts: hive, fed
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from callcheck.sources.code.scopes import told_by_calls
from callcheck.sources.code.tree import Call, Function, Node, Object, Param, Spread

Filled = Mapping[str, "str | list[str]"]
"""By the name of a parameter its text, or those of all that it takes; "" for what is computed."""
NOTHING: Filled = MappingProxyType({})


def filled(function: Function, call: Call, text: Callable[[Node], str]) -> Filled:
    """The texts that a call gives to the parameters of a function; `text` says what an argument is where the call stands."""
    found: dict[str, str | list[str]] = {}
    for param, given in given_by(function, call):
        if isinstance(given, list):
            found[param.name] = [text(arg) for arg in given]
        elif given is not None:
            found.update(_of(param, given, text))
    return found


def given_by(function: Function, call: Call) -> Iterator[tuple[Param, Node | list[Node] | None]]:
    """What a call gives to each parameter of a function: its argument or default, the arguments that are left for one that takes all, None for
    what is left out; nothing of a call with a spread."""
    if any(isinstance(arg, Spread) for arg in call.args):
        return
    for index, param in enumerate(told_by_calls(function)):
        if param.kind == "rest":
            yield param, call.args[index:]
            continue
        named = next((each.value for each in call.keywords if each.name == param.name), None)
        yield param, named or (call.args[index] if index < len(call.args) and param.kind == "" else param.default)


def _of(param: Param, given: Node, text: Callable[[Node], str]) -> Filled:
    """What a parameter takes of its argument: all of it, or some of the fields of an object."""
    if not param.binds:
        return {param.name: text(given)}
    return {name: text(value) for name, path in param.binds.items() if isinstance(given, Object) and (value := given.get(path)) is not None}
