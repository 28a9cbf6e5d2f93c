"""python-socketio 5, on which Flask-SocketIO builds: rooms and handlers of a server. Looked at in 5.5.2 and 5.18.1, and in Flask-SocketIO 5.7.0.

A room is a destination and a client in it a listener, as in Node's `rooms.cjs`. All that the server says goes through its manager, whose class tells
whether other processes hear of it. What a client says goes out on the server, to the handler of its name.
"""

from _callcheck_agent import emitters, places
from _callcheck_agent.emissions import Emission
from _callcheck_agent.wrap import patch, quiet

_MOST = 10_000
"""Memberships that are remembered of one manager."""
_MOST_ROOMS = 10
"""Rooms of one emit that are told."""
_OWN = frozenset({"connect", "disconnect", "__disconnect_final"})
"""Events that the server says itself, and that need no handler."""
_SYSTEM = "socket.io"


def managers(module, recorder):
    """Who is in which room, and what is sent there."""
    for kind in _own(module, "BaseManager", "Manager", "AsyncManager"):
        patch(kind, "emit", _emits(recorder))
    for kind in _own(module, "BaseManager"):
        for change, make in (("enter_room", _enters), ("leave_room", _leaves)):
            # Before 5.10 the managers had no functions of their own for what is done in this process.
            patch(kind, f"basic_{change}" if f"basic_{change}" in vars(kind) else change, make(recorder))


def servers(module, recorder):
    """Handlers of what clients say."""
    for kind in _own(module, "BaseServer", "Server", "AsyncServer"):
        patch(kind, "on", _adds(recorder))
        patch(kind, "register_namespace", _adds_namespace(recorder))
        patch(kind, "_trigger_event", _triggers(recorder))


def _own(module, *names):
    found = (vars(module).get(name) for name in names)
    return [kind for kind in found if isinstance(kind, type) and kind.__module__ == module.__name__]


def _name(namespace, room):
    return str(namespace or "/")[:200] if room is None else f"{namespace or '/'}#{emitters.name_of(room)}"[:200]


def _sockets(manager, namespace, room):
    return manager.rooms.get(namespace, {}).get(room, ())


def _enters(recorder):
    @quiet
    def told(manager, sid, namespace, room):
        record, key = emitters.of(manager, _SYSTEM, recorder), (namespace, room, sid)
        if key in record.listeners or len(record.listeners) >= _MOST:
            return
        place = {} if room in (None, sid) else places.here()  # those two come with the connection
        record.listens(_name(namespace, room), key, {"listener.name": str(sid)[:200]}, place, len(_sockets(manager, namespace, room)))

    def make(theirs):
        def enter_room(self, sid, namespace, room, *args, **kwargs):
            result = theirs(self, sid, namespace, room, *args, **kwargs)
            told(self, sid, namespace, room)
            return result

        return enter_room

    return make


def _leaves(recorder):
    @quiet
    def told(manager, sid, namespace, room):
        emitters.of(manager, _SYSTEM, recorder).removed((namespace, room, sid), len(_sockets(manager, namespace, room)))

    def make(theirs):
        def leave_room(self, sid, namespace, room, *args, **kwargs):
            result = theirs(self, sid, namespace, room, *args, **kwargs)
            told(self, sid, namespace, room)
            return result

        return leave_room

    return make


def _emits(recorder):
    @quiet
    def begin(manager, event, namespace=None, room=None, skip_sid=None, callback=None, to=None, **_):
        record, aim = emitters.of(manager, _SYSTEM, recorder), to or room
        spared = skip_sid if isinstance(skip_sid, list) else [skip_sid]
        begun = []
        for each in aim[:_MOST_ROOMS] if isinstance(aim, (list, tuple)) else [aim]:
            name, there = _name(namespace, each), _sockets(manager, namespace, each)
            count = len(there) - sum(1 for sid in spared if sid in there)
            if record.full(name):
                begun.append(Emission(record, name, count, **{"messaging.message.type": emitters.name_of(event)}))
            else:
                record.counted(name, count)
        return begun

    def make(theirs):
        def emit(self, event, data, *args, **kwargs):
            begun = begin(self, event, *args, **kwargs) or ()
            try:
                result = theirs(self, event, data, *args, **kwargs)
            except Exception as error:
                _all(Emission.threw, begun, error)
                raise
            _all(Emission.delivered, begun)
            return result

        async def emit_async(self, event, data, *args, **kwargs):
            begun = begin(self, event, *args, **kwargs) or ()
            try:
                result = await theirs(self, event, data, *args, **kwargs)
            except Exception as error:
                _all(Emission.threw, begun, error)
                raise
            _all(Emission.delivered, begun)
            return result

        return emit_async if places.function(theirs)[2] else emit

    return make


def _all(say, begun, *what):
    for emission in begun:
        say(emission, *what)


def _listen(record, namespace, event, handler):
    """A handler is the only one of its name: it takes the place of the one before it."""
    key = namespace or "/", event
    record.removed(key, 0)
    record.added(emitters.name_of(event), key, getattr(handler, "__wrapped__", None) or handler, 1)


def _adds(recorder):
    @quiet
    def told(server, event, handler, namespace):
        _listen(emitters.of(server, _SYSTEM, recorder), namespace, event, handler)

    def make(theirs):
        def on(self, event, handler=None, namespace=None):
            result = theirs(self, event, handler, namespace)
            if handler is not None:
                told(self, event, handler, namespace)
                return result

            def set_handler(handler):
                given = result(handler)
                told(self, event, handler, namespace)
                return given

            return set_handler

        return on

    return make


def _adds_namespace(recorder):
    @quiet
    def told(server, handlers):
        record = emitters.of(server, _SYSTEM, recorder)
        for name in dir(type(handlers)):
            if name.startswith("on_"):
                _listen(record, handlers.namespace, name[3:], getattr(type(handlers), name))

    def make(theirs):
        def register_namespace(self, namespace_handler):
            result = theirs(self, namespace_handler)
            told(self, namespace_handler)
            return result

        return register_namespace

    return make


def _takes(server, namespace, count):
    """Whether the handler of a connection takes so many arguments."""
    handler = server.handlers.get(namespace, {}).get("connect") or getattr(server.namespace_handlers.get(namespace), "on_connect", None)
    code = getattr(getattr(handler, "__func__", handler), "__code__", None)
    return code is None or bool(code.co_flags & 0x04) or code.co_argcount - hasattr(handler, "__self__") >= count


def _triggers(recorder):
    @quiet
    def begin(server, event, namespace, args):
        if event == "connect" and not _takes(server, namespace, len(args)):
            return None  # it is called again, without what it does not take
        record = emitters.of(server, _SYSTEM, recorder)
        tried = ((namespace, event), (namespace, "*"), ("*", event), ("*", "*"))
        key = next((each for each in tried if each in record.listeners and (each[1] == event or event not in _OWN)), None)
        if key is None and event in _OWN:
            return None
        name = emitters.name_of(event)
        if not record.full(name):
            record.counted(name, int(key is not None))
            return None
        emission = Emission(record, name, int(key is not None))
        emission.entered(key)
        return emission

    def ended(emission):
        emission.returned(emission.inside)
        emission.delivered()

    def failed(emission, event, error):
        if event == "connect" and type(error).__name__ == "ConnectionRefusedError":  # how it says no
            return ended(emission)
        emission.failed(emission.inside, error)
        emission.threw(error)

    def make(theirs):
        def _trigger_event(self, event, namespace, *args):
            emission = begin(self, event, namespace, args)
            if emission is None:
                return theirs(self, event, namespace, *args)
            try:
                result = theirs(self, event, namespace, *args)
            except Exception as error:
                failed(emission, event, error)
                raise
            ended(emission)
            return result

        async def trigger_async(self, event, namespace, *args):
            emission = begin(self, event, namespace, args)
            if emission is None:
                return await theirs(self, event, namespace, *args)
            try:
                result = await theirs(self, event, namespace, *args)
            except Exception as error:
                failed(emission, event, error)
                raise
            ended(emission)
            return result

        return trigger_async if places.function(theirs)[2] else _trigger_event

    return make
