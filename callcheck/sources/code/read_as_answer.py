"""Is a coroutine read as if it were its answer, where nobody awaits it?

    chat = service.create_session(user)               stream = client.chat.completions.create(stream=True)
    return chat.id                                    async for chunk in stream: ...
"""

from __future__ import annotations

from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.tree import Assign, Call, Loop, Member, Name, Node, Subscript

_OWN = frozenset("send throw close cr_await cr_code cr_frame cr_running add_done_callback remove_done_callback result exception done cancel cancelled set_name get_name".split())
"""What coroutines have themselves, and the tasks and futures that some of these functions give instead."""


def read_as_answer(coroutine: Call) -> Node | None:
    """The first place that takes a field of a coroutine or iterates it, if all places where it is named do so; None elsewhere, and in other languages than Python."""
    if module_of(coroutine).language != "python":
        return None
    if _reads(coroutine):
        return coroutine
    kept, scope = coroutine.parent, function_of(coroutine)
    name = kept.targets[0] if isinstance(kept, Assign) and kept.value is coroutine and len(kept.targets) == 1 else None
    if not isinstance(name, Name) or scope is None:
        return None
    named = [each for each in scope.inside(Name) if each.id == name.id and each is not name]
    return named[0] if named and all(_reads(each) for each in named) else None


def _reads(node: Node) -> bool:
    above = node.parent
    if isinstance(above, Member):
        return above.object is node and above.name not in _OWN
    return isinstance(above, Subscript) and above.object is node or isinstance(above, Loop) and above.over is node
