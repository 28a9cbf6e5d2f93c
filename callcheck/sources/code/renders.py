"""Do the two ends of what a component makes at each rendering sit on two different objects?

    const socket = io();                                              // another one at each rendering
    useEffect(() => { socket.on("reading", show); }, []);             // on the first
    const choose = (id) => { socket.emit("watch", id); };             // on the newest

An effect without the object among what it depends on keeps that of the rendering in which it ran (react.dev/reference/react/useEffect).
"""

from __future__ import annotations

from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.tree import Assign, Call, Function, Member, Name, Node, Sequence, last_name

_EFFECTS = frozenset({"useEffect", "useLayoutEffect", "useInsertionEffect", "createEffect"})
_HEARS = frozenset({"on", "once", "addEventListener", "addListener", "subscribe", "onMessage"})
_SENDS = frozenset({"emit", "emitWithAck", "send", "publish", "sendMessage", "push"})


def split_by_rendering(made: Call) -> bool:
    """Whether what a component keeps of this call is listened to in an effect that is not run again for it, and sent on outside of all effects."""
    component, kept = function_of(made), made.parent
    names = {target.id for target in kept.targets if isinstance(target, Name)} if isinstance(kept, Assign) else set()
    if component is None or not names:
        return False
    effects = [call for call in component.inside(Call) if last_name(call.callee) in _EFFECTS and call.args]
    heard = any(_stale(effect, names) and any(_hears(node, names) for node in (*effect.args[0].inside(Call), *effect.args[0].inside(Assign))) for effect in effects)
    sent = (call for call in component.inside(Call) if _is_of(call.callee, names, _SENDS))
    return heard and any(function_of(call) is not component and not any(above is effect for above in call.up() for effect in effects) for call in sent)


def _stale(effect: Call, names: set[str]) -> bool:
    """Whether an effect has a list of what it depends on, without any of these names."""
    listed = effect.args[1] if len(effect.args) > 1 else None
    return isinstance(listed, Sequence) and isinstance(effect.args[0], Function) and not any(isinstance(each, Name) and each.id in names for each in listed.items)


def _hears(node: Node, names: set[str]) -> bool:
    if isinstance(node, Call):
        return _is_of(node.callee, names, _HEARS)
    return isinstance(node, Assign) and any(isinstance(each, Member) and each.name.startswith("on") and isinstance(each.object, Name) and each.object.id in names for each in node.targets)


def _is_of(callee: Node, names: set[str], methods: frozenset[str]) -> bool:
    return isinstance(callee, Member) and callee.name in methods and isinstance(callee.object, Name) and callee.object.id in names
