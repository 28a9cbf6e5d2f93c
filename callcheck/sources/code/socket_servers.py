"""Does anything carry what a realtime server emits to the clients of other processes?

    socketio = SocketIO(app)                                  # its own clients alone
    socketio = SocketIO(app, message_queue="redis://r")       # those of every server on the queue
    send_event("ward-3", "ready", {})                         # those of this process, unless EVENTSTREAM_REDIS is set
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.tree import Member, Return

_OPTIONS = {"adapter-option": "adapter", "message_queue": "message_queue", "client_manager": "client_manager"}
CARRIERS = tuple(_OPTIONS.values())
"""The options that name an adapter, a queue or a manager, for libraries that take them where the server is made."""

LAYER = "channels-layer"
"""What facts say of a channel layer, which the settings may put into memory."""


def server_of(code: Code, made: Use) -> str:
    """Which server a `realtime` use makes, as those know it who have it from a factory: the identity of the object."""
    return code.lifetimes.identity(code.lifetimes.born(made.call))


def carried(code: Code, made: Use) -> bool:
    """Whether a server (a `realtime` use) is given an adapter or a queue: when it is made, by an option, or later by `init_app`."""
    identity = server_of(code, made)
    if any(code.lifetimes.identity(use.receiver) == identity for use in code.idioms.of("adapt")):
        return True
    return any(map(_optioned, (made, *_instead(code, made)))) or _configured_later(code, identity)


def _optioned(made: Use) -> bool:
    return any(made.call.keyword(_OPTIONS[trait]) is not None for trait in made.idiom.traits if trait in _OPTIONS)


def _instead(code: Code, made: Use) -> list[Use]:
    """The servers that the same function gives back in other cases: `if (env.REDIS) return new Server({ adapter }); return new Server();`."""
    if made.function is None or not isinstance(made.call.parent, Return):
        return []
    return [use for use in code.idioms.of("realtime") if use.function is made.function and use is not made]


def local_buses(code: Code) -> list[Use]:
    """What tells the clients of its own process alone (a `local-bus` use), as the project sets it up; worked out once."""
    return code.once(_local_buses)


def _local_buses(code: Code) -> list[Use]:
    found = [use for use in code.idioms.of("local-bus") if not is_test(use.module.path)]
    if not any(use.idiom.without for use in found):
        return found
    from callcheck.sources.code.standing import Standing

    standing = Standing(code)
    return [use for use in found if not use.idiom.without or standing.stands(use)]


def told_here(code: Code, sent: Collection[Use]) -> Iterator[tuple[Use, list[Use]]]:
    """What Python sends to the clients of its own process alone: the server or bus, which may be a plain function, and those of these emissions that go over it."""
    servers = [made for made in code.idioms.of("realtime") if made.module.language == "python" and not carried(code, made)] if sent else []
    for made in [*servers, *(bus for bus in local_buses(code) if bus.module.language == "python")] if sent else ():
        identity = server_of(code, made)
        over = [use for use in sent if made.call in (use.call, use.inner) or (identity and code.lifetimes.identity(use.receiver) == identity)]
        if over:
            yield made, over


def _configured_later(code: Code, identity: str) -> bool:
    """Flask's `socketio.init_app(app, message_queue=...)`."""
    calls = (call for call in code.project.calls("init_app", "attach") if isinstance(call.callee, Member) and any(call.keyword(name) is not None for name in CARRIERS))
    return any(code.lifetimes.identity(code.origins.of(call.callee.object)) == identity for call in calls if isinstance(call.callee, Member))
