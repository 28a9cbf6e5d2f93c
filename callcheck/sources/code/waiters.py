"""Is a value somebody who waits: a future, a promise's resolver, an open connection, a queue, a transport?

    new Promise((resolve) => waiting.set(id, resolve))        pending[job_id] = asyncio.Event()
    clients.add(res)                                          sessions[sid] = Session(queue=asyncio.Queue())
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from callcheck.model.pattern import pattern
from callcheck.sources.code.idioms import Idioms
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.spelt import given_once
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    ClassDef,
    Entry,
    Function,
    Member,
    Name,
    Node,
    Object,
    Param,
    Sequence,
    dotted,
    last_name,
)

_KINDS = (
    ("future", pattern(r"(?:^|\.)(?:Future|create_future|Promise|Deferred|DeferredPromise|Condition|withResolvers)$|(?:^|\.)(?:asyncio|threading|anyio|trio|multiprocessing|gevent\.event|eventlet\.event|tornado\.locks)\.Event$|^gevent\.event\.AsyncResult$|^p-defer(?:\.default)?$")),
    ("task", pattern(r"(?:^|\.)(?:AbortController|asyncio\.create_task|create_task|ensure_future)$|(?:^|\.)(?:subprocess\.Popen|asyncio\.create_subprocess_(?:exec|shell))$|^(?:node:)?child_process\.(?:spawn|fork)$")),
    ("queue", pattern(r"(?:^|\.)(?:Queue|SimpleQueue|LifoQueue|Subject|ReplaySubject|BehaviorSubject|EventEmitter|create_memory_object_stream|open_memory_channel|PassThrough)$")),
    ("transport", pattern(r"Transport$")),
    ("connection", pattern(r"(?:^|\.)(?:WebSocketResponse|StreamResponse|ServerResponse|WebSocket|WebSocketServerProtocol|WebSocketHandler|WebSocketEndpoint|(?:Json)?Web[sS]ocketConsumer|AsyncWebsocketConsumer|AsyncJsonWebsocketConsumer|ServerConnection|ReadableStreamDefaultController|WritableStreamDefaultWriter|getWriter)$")),
)  # fmt: skip
"""Constructors and types, by the end of their qualified name."""
_MADE = frozenset({"Response", "FastifyReply", "Socket"})
"""Types that wait only where somebody hands them in: `new Response()` is an answer of its own."""
_CONNECTIONS = frozenset("socket ws websocket res reply response client connection conn stream sse controller raw writer".split())
_SOCKETS = frozenset({"ws.socket", "socketio.socket"})
_RESOLVERS = frozenset("resolve resolver reject callback cb done fulfil fulfill on_done on_result notify".split())
_WAKES = frozenset("resolve reject set_result set_exception write send send_text send_json enqueue put put_nowait next push emit json end sendStatus".split())
_DEEPEST = 3
CONSTRUCTORS = tuple(
    "Future create_future Deferred DeferredPromise pDefer AsyncResult WebSocketHandler WebSocketEndpoint WebsocketConsumer JsonWebsocketConsumer AsyncWebsocketConsumer AsyncJsonWebsocketConsumer Condition withResolvers Event Queue SimpleQueue LifoQueue Subject ReplaySubject BehaviorSubject EventEmitter "
    "create_memory_object_stream open_memory_channel PassThrough WebSocketResponse StreamResponse ServerResponse WebSocket WebSocketServerProtocol "
    "ServerConnection ReadableStreamDefaultController WritableStreamDefaultWriter getWriter FastifyReply AbortController create_task ensure_future Popen create_subprocess_exec create_subprocess_shell child_process".split()
)
"""Words of which a file that holds one of these has one, but for those of `HOLDERS`."""
HOLDERS = tuple(sorted({*_CONNECTIONS, *_RESOLVERS, "promise", "Promise", "transport", "Transport", "StreamableHTTPServerTransport", "SSEServerTransport"}))
"""What waiters are called."""


class Waiters:
    """Tells what kind of waiter a value is, "" for none."""

    def __init__(self, idioms: Idioms) -> None:
        self.idioms = idioms
        self.origins = idioms.origins

    def kind(self, value: Node, depth: int = 0) -> str:
        """future, resolver, connection, queue, transport, task (what another request may end); also for an object, list or instance that holds one."""
        if depth > _DEEPEST:
            return ""
        if isinstance(value, Object):
            return _foremost(self.kind(entry.value, depth + 1) for entry in value.entries)
        if isinstance(value, Sequence):
            return _foremost(self.kind(item, depth + 1) for item in value.items)
        if isinstance(value, Function):
            return "resolver" if self._wakes(value, depth) else ""
        if isinstance(value, Call) and last_name(value.callee) in ("tuple", "list") and value.args:
            return self.kind(value.args[0], depth + 1)
        origin = self.origins.of(value)
        found = self._of_origin(origin, depth)
        if found == "future" and self._awaited(value):
            return ""  # what it came to, and nothing that is still to come
        return found or self._of_name(value, origin) or (self._unpacked(value) if isinstance(value, Name) and origin.kind == "unknown" else "")

    def _awaited(self, value: Node) -> bool:
        """Whether an expression is what was waited for: `found = await list(id); cache.set(id, found)`."""
        given = given_once(self.origins, value) if isinstance(value, Name) else None
        return isinstance(given.value if given is not None else value, Await)

    def _unpacked(self, name: Name) -> str:
        """One of two that a call gives: `send, receive = create_memory_object_stream(10)`."""
        function = function_of(name)
        for assign in function.inside(Assign) if function is not None else ():
            target = assign.targets[0] if assign.targets else None
            if isinstance(target, Sequence) and isinstance(assign.value, Call) and any(isinstance(item, Name) and item.id == name.id for item in target.items):
                made = self.origins.of(assign.value.callee).qualified
                return next((kind for kind, names in _KINDS if names.search(made)), "")
        return ""

    def _of_origin(self, origin: Origin, depth: int) -> str:
        if origin.kind == "function" and isinstance(origin.node, Function) and function_of(origin.node) is not None:
            return "resolver" if self._wakes(origin.node, depth) else ""
        if origin.kind == "value" and isinstance(origin.node, (Object, Sequence)):
            return self.kind(origin.node, depth + 1)
        base: Origin | None = origin
        while base is not None:
            if base.kind in ("made", "param", "part"):
                name = base.qualified or self.origins.type_name(base)
                found = next((kind for kind, names in _KINDS if names.search(name)), "")
                if found == "future" and base is not origin:
                    return "resolver"
                if found:
                    return found
                if base.kind == "param" and name.rsplit(".", 1)[-1] in _MADE:
                    return "connection"
            base = base.base
        if origin.cls is not None and origin.kind in ("made", "param", "self"):
            return self._of_class(origin.cls, depth)
        if isinstance(origin.node, Param) and executor(origin.node):
            return "resolver"
        if isinstance(origin.node, Param) and not origin.qualified and not _SOCKETS.isdisjoint(self.idioms.kinds(origin)):
            return "connection"  # whatever the handler of a server's `connection` calls it
        return ""

    def _of_class(self, cls: ClassDef, depth: int) -> str:
        """A class of the project that extends a waiter, or has one in a field."""
        for name in self.origins.bases(cls):
            found = next((kind for kind, names in _KINDS if names.search(name)), "")
            if found:
                return found
        given = (node for declared in self.origins.project.fields(cls).values() for node in declared if isinstance(node, Assign))
        return _foremost(
            next((kind for kind, names in _KINDS if names.search(_plain(node.annotation))), "") or (self.kind(node.value, depth + 1) if isinstance(node.value, (Call, Name)) else "") for node in given
        )

    def _of_name(self, value: Node, origin: Origin) -> str:
        """By what it is called, where nothing else is known of it."""
        if not isinstance(value, (Name, Member)):
            return ""
        last = dotted(value).rsplit(".", 1)[-1]
        if isinstance(origin.node, Param) and origin.kind in ("param", "unknown") and last.lower() in _CONNECTIONS:
            return "connection"
        if last in _RESOLVERS and origin.kind != "value":
            return "resolver"
        if last in ("raw", "res", "websocket", "ws") and origin.kind != "value":
            return "connection"
        return ""

    def _wakes(self, function: Function, depth: int) -> bool:
        """Whether a closure, once called, settles a promise or writes to a connection of the function around it."""
        for call in function.inside(Call):
            if isinstance(call.callee, Name):
                node = self.origins.of(call.callee).node
                if isinstance(node, Param) and node not in function.params and executor(node):
                    return True
            elif isinstance(call.callee, Member) and call.callee.name in _WAKES:
                held = self.origins.of(call.callee.object)
                if isinstance(held.node, Param) and held.node in function.params:
                    continue
                if self.kind(call.callee.object, depth + 1):
                    return True
        return False


def _foremost(kinds: Iterable[str]) -> str:
    """The first kind there is; a task only where nobody waits beside it."""
    task = ""
    for kind in kinds:
        if kind not in ("", "task"):
            return kind
        task = task or kind
    return task


def executor(param: Param) -> bool:
    """Whether a parameter is a resolver: of `new Promise((resolve, reject) => …)`."""
    function = param.parent
    above = function.parent if isinstance(function, Function) else None
    if isinstance(above, Entry) and isinstance(function, Function) and above.key in ("start", "pull"):
        owner = above.parent.parent if above.parent is not None else None
        return isinstance(owner, Call) and last_name(owner.callee) in ("ReadableStream", "TransformStream")
    return isinstance(above, Call) and above.new and last_name(above.callee) == "Promise" and function in above.args


def _plain(annotation: str) -> str:
    """`Optional[asyncio.Future[str]]` -> asyncio.Future."""
    inner = re.sub(r"^(?:Optional|Annotated|Final|ClassVar)\[(.*)\]$", r"\1", annotation.strip().strip("\"'"))
    return re.split(r"[\[<| ]", inner)[0]
