"""pyee 8 to 16: emitters in the style of Node.js. Looked at in 13.0.1 and 16.0.1.

Handlers are called by `_emit_run`, which each kind of emitter has of its own; what fails in an asynchronous one comes back as the event `error`.
"""

import sys

from _callcheck_agent import emitters
from _callcheck_agent.emissions import CURRENT, HANDLER, Emission, watch
from _callcheck_agent.emitters import name_of
from _callcheck_agent.recorder import THREW
from _callcheck_agent.wrap import patch

_THREW, _REJECTED = ("_emit_run",), ("callback", "_callback", "runner")
"""Names of pyee's functions that emit `error` for a handler's exception."""
_MOST_WAITING = 200


def base(module, recorder):
    """The base class: making, listening, removing, emitting."""
    kind = module.EventEmitter
    files = {module.__file__}
    records = emitters.records
    _files.add(module.__file__)

    def make_init(theirs):
        def __init__(self, *args, **kwargs):
            try:
                emitters.made(self, "pyee", recorder)
            except Exception:  # noqa: BLE001
                pass
            return theirs(self, *args, **kwargs)

        return __init__

    def make_add(theirs):
        def _add_event_handler(self, event, k, v):
            result = theirs(self, event, k, v)
            try:
                record, name = emitters.of(self, "pyee", recorder), name_of(event)
                if (event, id(v)) not in record.listeners:
                    record.added(name, (event, id(v)), k, len(self._events.get(event, ())), once=k is not v)
            except Exception:  # noqa: BLE001
                pass
            return result

        return _add_event_handler

    def make_remove(theirs):
        def _remove_listener(self, event, f):
            held = self._events.get(event) if isinstance(self._events, dict) else None
            was = held.get(f) if held is not None else None
            try:
                return theirs(self, event, f)
            finally:
                try:
                    _removed(self, event, f, was)
                except Exception:  # noqa: BLE001
                    pass

        return _remove_listener

    def _removed(self, event, f, was):
        record, left = emitters.of(self, "pyee", recorder), len(self._events.get(event, ()))
        if was is None:
            record.missed(name_of(event), f, left)
        else:
            caller = sys._getframe(2).f_code
            record.removed((event, id(was)), left, spent=caller.co_name == "g" and caller.co_filename in files)

    def make_remove_all(theirs):
        def remove_all_listeners(self, event=None):
            try:
                gone = len(self._events.get(event, ())) if event is not None else sum(map(len, self._events.values()))
                emitters.of(self, "pyee", recorder).removed_all(None if event is None else name_of(event), gone)
            except Exception:  # noqa: BLE001
                pass
            return theirs(self, event)

        return remove_all_listeners

    def make_call(theirs):
        def _call_handlers(self, event, args, kwargs):
            record = records.get(id(self))
            tally = record.tallies.get(event) if record is not None else None
            if tally is not None and event != "error" and HANDLER.get() is None:
                emitters.add(tally, len(self._events.get(event) or ()), recorder)
                try:
                    return theirs(self, event, args, kwargs)
                except BaseException:
                    tally[THREW] += 1
                    raise
            if event == "error":
                try:
                    _failure(args)
                except Exception:  # noqa: BLE001
                    pass
            try:
                record = emitters.of(self, "pyee", recorder)
                count = len(self._events.get(event) or ())
                if (event == "new_listener" and not count) or not record.matters():
                    return theirs(self, event, args, kwargs)
                name = name_of(event)
                emission = Emission(record, name, count, kwargs) if record.full(name) else None
            except Exception:  # noqa: BLE001
                return theirs(self, event, args, kwargs)
            if emission is not None:
                return _in_full(theirs, emission, self, event, args, kwargs)
            return _counted(theirs, record, name, count, self, event, args, kwargs)

        return _call_handlers

    patch(kind, "__init__", make_init)
    patch(kind, "_add_event_handler", make_add)
    patch(kind, "_remove_listener", make_remove)
    patch(kind, "remove_all_listeners", make_remove_all)
    patch(kind, "_call_handlers", make_call)
    _runs(kind)


_files = set()


def _in_full(theirs, emission, self, event, args, kwargs):
    token = CURRENT.set(emission)
    try:
        result = theirs(self, event, args, kwargs)
    except BaseException as error:
        emission.threw(error)
        raise
    finally:
        CURRENT.reset(token)
    emission.delivered()
    return result


def _counted(theirs, record, name, count, self, event, args, kwargs):
    token = HANDLER.set(None) if HANDLER.get() is not None else None
    try:
        result = theirs(self, event, args, kwargs)
    except BaseException:
        record.counted(name, count, True)
        raise
    finally:
        if token is not None:
            HANDLER.reset(token)
    record.counted(name, count)
    return result


def _failure(args):
    """A handler's exception comes back as `error`, if it is pyee that emits it."""
    running = HANDLER.get()
    frame = sys._getframe(2)
    for _ in range(5):
        if frame is None:
            return
        if frame.f_code.co_filename in _files:
            where = frame.f_code.co_name
            if where in _THREW or where in _REJECTED:
                if where == "_callback":
                    running = _submitted.pop(id(frame.f_locals.get("f")), (running,))[0]
                if running is not None and args:
                    running[0].failed(running[1], args[0], "threw" if where in _THREW else "rejected")
                return
        elif frame.f_code.co_filename != __file__:
            return
        frame = frame.f_back


def _runs(kind, asynchronous=False):
    """Patch the function of a class that calls one handler."""

    def make(theirs):
        def _emit_run(self, f, args, kwargs):
            emission = CURRENT.get()
            if emission is None or emission.token is not kwargs:
                return theirs(self, f, args, kwargs)
            listener = emission.entered(next((key for key in emission.emitter.listeners if key[1] == id(f)), None))
            running = HANDLER.set((emission, listener))
            waiting = getattr(self, "_waiting", None)
            before = set(map(id, waiting)) if waiting is not None and len(waiting) < _MOST_WAITING else None
            try:
                result = theirs(self, f, args, kwargs)
            except BaseException as error:
                emission.failed(listener, error)
                raise
            finally:
                HANDLER.reset(running)
            futures = [future for future in waiting if id(future) not in before] if before is not None else []
            if emission.inside is not None:  # else it threw, and that came back as `error`
                emission.returned(listener, asynchronous or bool(futures))
            for future in futures:
                watch(emission.recorder, emission, listener, future)
            return result

        return _emit_run

    patch(kind, "_emit_run", make)


def asyncio(module, recorder):
    """Handlers that give a coroutine, which becomes a task."""
    _files.add(module.__file__)
    _runs(module.AsyncIOEventEmitter)


def trio(module, recorder):
    """Handlers that run in a nursery."""
    _files.add(module.__file__)
    _runs(module.TrioEventEmitter, asynchronous=True)


def twisted(module, recorder):
    """Handlers that may give a Deferred."""
    _files.add(module.__file__)
    _runs(module.TwistedEventEmitter)


_submitted = {}
"""id of a future of a pool -> the handler that it runs."""


def executor(module, recorder):
    """Handlers that run in a pool: its `submit` gives the future."""
    import concurrent.futures

    _files.add(module.__file__)
    _runs(module.ExecutorEventEmitter, asynchronous=True)

    def make(theirs):
        def submit(self, fn, /, *args, **kwargs):
            future = theirs(self, fn, *args, **kwargs)
            running = HANDLER.get()
            if running is not None and running[0].token is not None and sys._getframe(1).f_code.co_filename in _files:
                key = id(future)
                _submitted[key] = running, emitters.ref(future, lambda _: _submitted.pop(key, None))
                watch(recorder, *running, future)
            return future

        return submit

    patch(concurrent.futures.ThreadPoolExecutor, "submit", make)
    patch(concurrent.futures.ProcessPoolExecutor, "submit", make)
