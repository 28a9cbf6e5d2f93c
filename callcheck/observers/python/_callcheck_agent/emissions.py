"""What becomes of one emission, handler by handler?"""

import time

from _callcheck_agent import places
from _callcheck_agent.recorder import ContextVar, error
from _callcheck_agent.wrap import quiet

CURRENT = ContextVar("callcheck_emission", default=None)
"""The emission that is being handed out in this context."""
HANDLER = ContextVar("callcheck_handler", default=None)
"""The handler that runs: (emission, listener)."""


class Emission:
    """Written in full. `token` tells a library's dispatch that it is this one which it serves."""

    __slots__ = ("id", "emitter", "recorder", "token", "listeners", "inside", "began", "claimed", "robust", "done")

    def __init__(self, emitter, event, count, token=None, send=False, **more):
        emitter.told()
        self.emitter, self.recorder, self.token, self.listeners = emitter, emitter.recorder, token, count
        self.inside = None
        self.claimed = False
        self.robust = False
        """Whether a handler may have failed although the next one is called: `done` holds those that were called."""
        self.done = []
        self.began = time.monotonic()
        self.id = self.recorder.id("message")
        keys = {**emitter.event(event), "messaging.message.id": self.id, "messaging.operation.type": "send" if send else "publish"}
        if count is not None:
            keys["listener.count"] = count
        self.recorder.say("event.emitted", {**keys, **more, **places.here()})

    def _keys(self, listener):
        keys = {"messaging.message.id": self.id}
        if listener is not None:
            keys["listener.id"] = self.emitter._id(listener)
        return keys

    @quiet
    def entered(self, key, known=True):
        """A handler is called; gives its listener. Not known: it is told although nothing was heard of its coming."""
        self.inside = listener = self.emitter.listeners.get(key)
        if listener is not None or not known:
            self.recorder.say("handler.entered", self._keys(listener))
        return listener

    @quiet
    def returned(self, listener, asynchronous=False):
        """A handler returned; asynchronous: what it gave is not done yet."""
        self.inside = None
        if listener is not None:
            self.recorder.say("handler.returned", {**self._keys(listener), **({"async": True} if asynchronous else {})})

    @quiet
    def failed(self, listener, exception, how="threw", **more):
        """A handler failed: threw, rejected or swallowed."""
        if how == "rejected":
            more["ms"] = self.ms()
        else:
            self.inside = None
        self.recorder.say(f"handler.{how}", {**self._keys(listener), **error(exception), **places.of_error(exception), **more})

    @quiet
    def pending(self, listener):
        """A handler is not done yet."""
        self.recorder.say("handler.pending", {**self._keys(listener), "ms": self.ms()})

    @quiet
    def delivered(self):
        """All handlers returned."""
        self.token = None
        if self.listeners:
            self.recorder.say("event.delivered", {"messaging.message.id": self.id})

    @quiet
    def threw(self, exception):
        """The emission itself threw, at its caller."""
        self.token = None
        self.recorder.say("event.threw", {"messaging.message.id": self.id, **error(exception), **places.of_error(exception)})

    def ms(self):
        return round((time.monotonic() - self.began) * 1000, 1)


def watch(recorder, emission, listener, future):
    """Say of a future of a handler that it is pending, if it still is in five seconds."""
    try:
        from _weakref import ref

        held = ref(future)
    except TypeError:
        return

    def look():
        left = held()
        if left is not None and not left.done():
            emission.pending(listener)

    recorder.later.after(look)
