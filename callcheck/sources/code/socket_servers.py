"""Does anything carry what a realtime server emits to the clients of other processes?

    socketio = SocketIO(app)                                  # its own clients alone
    socketio = SocketIO(app, message_queue="redis://r")       # those of every server on the queue
"""

from __future__ import annotations

from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.tree import Member

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
    return any(made.call.keyword(_OPTIONS[trait]) is not None for trait in made.idiom.traits if trait in _OPTIONS) or _configured_later(code, identity)


def _configured_later(code: Code, identity: str) -> bool:
    """Flask's `socketio.init_app(app, message_queue=...)`."""
    calls = (call for call in code.project.calls("init_app", "attach") if isinstance(call.callee, Member) and any(call.keyword(name) is not None for name in CARRIERS))
    return any(code.lifetimes.identity(code.origins.of(call.callee.object)) == identity for call in calls if isinstance(call.callee, Member))
