"""Which objects emit, and who listens to them? The facts that all libraries have in common.

A record outlives a fork: the child tells of its emitters and listeners anew, under ids of its own, as soon as one is used there.
"""

import os
import sys

try:
    from _weakref import ref
except ImportError:  # not CPython
    from weakref import ref

from _callcheck_agent import places
from _callcheck_agent.recorder import COUNT, LISTENERS, REQUEST, SINCE, THREW, UNHEARD
from _callcheck_agent.wrap import quiet

MOST_FULL = 200
"""Full facts of one emitter and event; after that they are counted."""
MOST_NAMES = 1_000
_MAKERS = frozenset({"pyee", "blinker"})
"""Packages that make emitters for whoever calls them; what others make is their own."""
records = {}
"""id of an object -> its record, as long as the object lives."""


def name_of(event):
    """An event's name as text; no code of the app is run for it."""
    if type(event) is str:
        return event[:200] or "(empty)"
    if isinstance(event, str):
        return str.__str__(event)[:200] or "(empty)"
    if isinstance(event, type):
        return event.__qualname__[:200]
    if isinstance(event, (int, bytes, float)):
        return repr(event)[:200]
    name = getattr(event, "_name_", None)  # a member of an Enum
    return f"{type(event).__qualname__}.{name}"[:200] if isinstance(name, str) else type(event).__qualname__[:200]


def made(thing, system, recorder):
    """An emitter is being made, in the frame that is the app's or a library's: to be told as soon as it is used."""
    record = Emitter(system, type(thing).__name__, recorder)
    record.place = places.here()
    record.request = REQUEST.get()
    frame = sys._getframe(1)
    for _ in range(8):
        if frame is None:
            break
        owner = frame.f_globals.get("__name__", "")
        if not owner.startswith(("_callcheck_agent", f"{system}.")) or owner == system:
            record.owner = owner
            break
        frame = frame.f_back
    record.foreign = (not record.place and record.place is not places.OVER) or not _MAKERS.issuperset(record.place.get("via", ()))
    return keep(thing, record)


def of(thing, system, recorder):
    """The record of an emitter, made now if need be."""
    record = records.get(id(thing))
    if record is None:
        record = keep(thing, Emitter(system, type(thing).__name__, recorder))
    return record


def keep(thing, record):
    """Have the record found by the object, until that ends."""
    key = id(thing)
    try:
        record.ref = ref(thing, lambda _: records.pop(key, None))
    except TypeError:
        record.ref = lambda: thing
    records[key] = record
    return record


class Listener:
    __slots__ = ("id", "event", "handler", "at", "flags", "place", "request", "end")

    def __init__(self, event, at, flags, place, request):
        self.event, self.at, self.flags, self.place, self.request = event, at, flags, place, request
        self.end = None


class Emitter:
    """One object that emits; `listeners` are held by a key of the library's, which must not keep a handler alive."""

    def __init__(self, system, kind, recorder):
        self.system, self.kind, self.recorder = system, kind, recorder
        self.place, self.request, self.owner, self.foreign = {}, None, "", False
        self.listeners = {}
        self.names = {}
        """Event -> how many emissions of it were written in full."""
        self.tallies = {}
        """Event -> its tally, once no more are."""
        self.pid = 0
        self.heeded = False
        """Whether the app itself ever listened."""
        self.id = ""
        self.name = ""
        """Of what has one event alone."""
        self._variable = None

    def told(self):
        """Say that it is there, and who listens, if this process has not yet been told."""
        if self.pid == self.recorder.pid:
            return
        again = bool(self.pid)
        self.pid = self.recorder.pid
        self.id = self.recorder.id("emitter")
        keys = {"emitter.id": self.id, "messaging.system": self.system, "emitter.class": self.kind}
        path = getattr(sys.modules.get(self.owner), "__file__", None)
        if path and self.variable():
            keys["emitter.module"] = path
        self.recorder.say("emitter.seen", {**keys, **self.place}, None if again else self.request)
        for listener in list(self.listeners.values()):
            self._say_added(listener, None, 0)

    def variable(self):
        """The name that it has in the module where it was made, or in a class there; "" if none."""
        if self._variable is None:
            self._variable = self._search()
        return self._variable

    def called(self):
        """A name for what has one event alone: the variable that holds it, or the place where it was made."""
        if self.variable():
            return self._variable
        path, line = self.place.get("code.file.path"), self.place.get("code.line.number")
        return f"{self.kind} of {path.rpartition('/')[2]}:{line}" if path else self.kind

    def _search(self):
        thing = self.ref()
        for name, value in list(vars(sys.modules.get(self.owner, object())).items()) if self.owner in sys.modules else ():
            if value is thing:
                return name
            if isinstance(value, type) and value.__module__ == self.owner:
                for inner, held in list(vars(value).items()):
                    if held is thing:
                        return f"{name}.{inner}"
        return ""

    def matters(self):
        """Whether its events are the app's business: not those of a library's own signals that the app does not listen to."""
        return self.heeded or not self.foreign

    def added(self, event, key, handler, count, once=False, weak=False):
        """Somebody listens from now on; gives nothing if it does already."""
        at, name, asynchronous = places.function(handler)
        place = places.here()
        if not self.heeded and not (places.is_app(at) or (place and "via" not in place)):
            if self.foreign:
                return None
        flags = {"listener.name": name, "listener.at": at, "listener.once": once, "listener.async": asynchronous, "listener.weak": weak}
        return self.listens(event, key, {name: value for name, value in flags.items() if value}, place, count)

    def listens(self, event, key, flags, place, count):
        """The same, of what is known otherwise: by its flags and its place."""
        self.heeded = True
        self.told()
        listener = Listener(event, flags.get("listener.at", ""), flags, place, REQUEST.get())
        self.listeners[key] = listener
        self._say_added(listener, listener.request, count)
        return listener

    def _say_added(self, listener, request, count):
        listener.id = self.recorder.id("listener")
        keys = {**self.event(listener.event), "listener.id": listener.id, **listener.flags, **({"count": count} if count else {}), **listener.place}
        self.recorder.say("listener.added", keys, request)

    def event(self, name):
        """The keys of an event of this emitter."""
        return {"messaging.system": self.system, "messaging.destination.name": name, "emitter.id": self.id}

    def removed(self, key, count, spent=False):
        """A listener went: asked to, or once it had fired."""
        listener = self.listeners.pop(key, None)
        if listener is None:
            return
        self.told()
        place = {"listener.once": True} if spent else {**places.here(), **({"listener.once": True} if "listener.once" in listener.flags else {})}
        self.recorder.say("listener.removed", {**self.event(listener.event), "listener.id": self._id(listener), "count": count, **place})

    def ends_with(self, key, listener, thing):
        """The listener is held weakly, and ends with this object."""
        try:
            listener.end = ref(thing, lambda _: self._collected(key, listener))
        except TypeError:
            pass

    @quiet
    def _collected(self, key, listener):
        """Called by the garbage collector: no place."""
        if self.listeners.get(key) is listener:
            del self.listeners[key]
            self.told()
            count = sum(1 for other in self.listeners.values() if other.event == listener.event)
            self.recorder.say("listener.collected", {**self.event(listener.event), "listener.id": self._id(listener), "count": count}, None)

    def removed_all(self, event, gone):
        """All listeners of an event went, or with None of all events."""
        for key in [key for key, listener in self.listeners.items() if event in (None, listener.event)]:
            self.listeners.pop(key)
        self.told()
        keys = self.event(event or "")
        if event is None:
            del keys["messaging.destination.name"]
        self.recorder.say("listener.removed_all", {**keys, "count": gone, **places.here()})

    def missed(self, event, handler, count):
        """Somebody asked to remove what is not there."""
        self.told()
        name = places.function(handler)[1]
        self.recorder.say("listener.remove_missed", {**self.event(event), **({"listener.name": name} if name else {}), "count": count, **places.here()})

    def _id(self, listener):
        if not listener.id.startswith(f"{self.pid}."):
            self._say_added(listener, None, 0)
        return listener.id

    def full(self, event):
        """Whether an emission is to be written in full; else it is to be counted."""
        count = self.names.get(event)
        if count is None:
            if len(self.names) >= MOST_NAMES:
                return False
            count = 0
        if count >= MOST_FULL:
            return False
        self.names[event] = count + 1
        return True

    @quiet
    def counted(self, event, listeners, threw=False):
        """Count an emission; names with ids in them fall together when there are too many."""
        if event not in self.names and len(self.names) >= MOST_NAMES:
            event = _folded(event)
        tally = self.tallies.get(event)
        if tally is None:
            self.told()
            tally = self.tallies[event] = [0, 0, 0, 0, 0, self.event(event)]
        add(tally, listeners, self.recorder)
        if threw:
            tally[THREW] += 1


def add(tally, listeners, recorder):
    """One more emission of a tally."""
    if not tally[SINCE]:
        recorder.counting(tally)
    tally[COUNT] += 1
    tally[LISTENERS] = listeners
    if not listeners:
        tally[UNHEARD] += 1


def forget_tallies():
    """In a child of a fork: its emitters have ids of their own."""
    for record in list(records.values()):
        record.tallies = {}


os.register_at_fork(after_in_child=forget_tallies)


def _folded(name):
    import re

    return re.sub(r"[0-9a-fA-F]*\d[0-9a-fA-F]*", "*", name)
