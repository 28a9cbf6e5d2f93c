"""Where do facts go? One line each, one write(2) a line, into a file of this process; what is over the limits is counted."""

import contextvars
import itertools
import json
import os
import threading
import time

MOST_BYTES = 64_000_000
MOST_A_SECOND = 3_000
MOST_FULL = 200
"""Full facts of one emitter and event; after that they are counted."""
MOST_NAMES = 1_000
REQUEST = contextvars.ContextVar("callcheck_request", default=None)
"""The incoming request in which something happens: (req, trace_id or "")."""
_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True, default=lambda value: "?").encode


class Recorder:
    """One file for each process; a fork gets one of its own."""

    def __init__(self, folder):
        self._folder = folder
        self._fd = None
        self._lock = threading.Lock()
        self._resource = {}
        self._counts = {}
        self._reset()
        os.register_at_fork(after_in_child=self._forked)

    def _reset(self):
        self.pid = os.getpid()
        self._seq = itertools.count()
        self._ids = {}
        self._bytes = 0
        self._second = 0
        self._said = 0
        self._skipped = {}
        self._full = {}

    def open(self):
        """Whether the file could be opened; if not, nothing is ever written."""
        name = f"{self.pid}-0-{time.time_ns() // 1_000_000}.jsonl"
        try:
            self._fd = os.open(os.path.join(self._folder, name), os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            self._fd = None
        return self._fd is not None

    def describe(self, resource):
        """Write the first line: what process this is. `resource()` gives its keys, for a fork anew."""
        self._resource = resource
        self._write("process.started", {"schema": 1, "agent": "python", "agent.version": "1", **resource()}, force=True)

    def id(self, kind):
        """A new id of a kind, `<pid>.0.<n>`."""
        counter = self._ids.get(kind)
        if counter is None:
            counter = self._ids.setdefault(kind, itertools.count(1))
        return f"{self.pid}.0.{next(counter)}"

    def say(self, fact, keys):
        """Write one fact; never raises."""
        if self._fd is None:
            return
        try:
            self._write(fact, keys)
        except Exception:  # noqa: BLE001
            self._fd = None  # silent from now on

    def full(self, emitter, event):
        """Whether an emission may still be written in full; it is counted if not, and written as a count at most once a second."""
        names = self._full.setdefault(emitter, {})
        if event not in names and len(names) >= MOST_NAMES:
            return False
        count = names.get(event, 0)
        names[event] = count + 1
        return count < MOST_FULL

    def count(self, system, emitter, event, listeners, threw=False):
        """Count an emission that is not written in full."""
        key = system, emitter, event
        tally = self._counts.setdefault(key, [0, 0, 0, 0, time.monotonic()])
        tally[0] += 1
        tally[1] += not listeners
        tally[2] += threw
        tally[3] = listeners
        if time.monotonic() - tally[4] >= 1:
            self._flush(key)

    def flush(self):
        """Write the counts that are left."""
        for key in list(self._counts):
            self._flush(key)

    def _flush(self, key):
        count, unheard, threw, listeners, _ = self._counts.pop(key)
        keys = {"messaging.system": key[0], "messaging.destination.name": key[2][:200], "emitter.id": key[1]}
        self.say("event.count", {**keys, "count": count, "listener.count": listeners, "unheard": unheard, "threw": threw})

    def skip(self, what, name="", why=""):
        """That something is left out."""
        self.say("agent.skipped", {"what": what, "count": 1, **({"name": name} if name else {}), **({"why": why} if why else {})})

    def _write(self, fact, keys, force=False):
        now = time.time_ns() // 1000
        with self._lock:
            if now // 1_000_000 != self._second:
                self._second, self._said = now // 1_000_000, 0
                if self._skipped:
                    skipped, self._skipped = self._skipped, {}
                    for what, count in skipped.items():
                        self._put({"fact": "agent.skipped", "ts": now, "seq": next(self._seq), "what": what, "count": count, "why": f"over {MOST_A_SECOND} facts a second"})
            self._said += 1
            if self._said > MOST_A_SECOND and not force:
                self._skipped["facts"] = self._skipped.get("facts", 0) + 1
                return
            line = {"fact": fact, "ts": now, "seq": next(self._seq)}
            request = REQUEST.get()
            if request is not None and "req" not in keys:
                line["req"] = request[0]
                if request[1]:
                    line["trace_id"] = request[1]
            line.update(keys)
            self._put(line)

    def _put(self, line):
        if self._fd is None:
            return
        data = _encode(line).encode() + b"\n"
        self._bytes += len(data)
        if self._bytes > MOST_BYTES:
            data = _encode({"fact": "agent.skipped", "ts": line["ts"], "seq": line["seq"], "what": "bytes", "count": 1, "why": "64 MB are written"}).encode() + b"\n"
        try:
            os.write(self._fd, data)
        except OSError:
            self._fd = None
        if self._bytes > MOST_BYTES:
            self._fd = None

    def _forked(self):
        if self._fd is None:
            return
        try:
            os.close(self._fd)
        except OSError:
            pass
        self._lock = threading.Lock()
        self._reset()
        self._counts.clear()
        REQUEST.set(None)
        if self.open() and self._resource:
            self.describe(self._resource)


def error(exception):
    """The keys of an exception; a hostile one gives its type alone."""
    keys = {"error.type": type(exception).__name__}
    try:
        said = str(exception)[:300]
    except Exception:  # noqa: BLE001
        said = ""
    if said:
        keys["exception.message"] = said
    return keys
