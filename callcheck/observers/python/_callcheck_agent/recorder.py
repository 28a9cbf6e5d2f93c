"""Where do facts go? One line each, one write(2) a line, into a file of this process; what is over the limits is counted."""

import os
import time
from _thread import RLock
from itertools import count

from _callcheck_agent.later import Later, deque

try:
    from _contextvars import ContextVar
except ImportError:  # not CPython
    from contextvars import ContextVar

from _callcheck_agent import places
from _callcheck_agent.encode import encode

MOST_BYTES = 64_000_000
MOST_A_SECOND = 3_000
REQUEST = ContextVar("callcheck_request", default=None)
"""The incoming request in which something happens: (req, trace_id or "")."""
_ASIDE = 230
_NOW = object()
COUNT, UNHEARD, THREW, LISTENERS, SINCE, KEYS = range(6)
"""What a tally holds: emissions of one emitter and event that are counted, and since when; the keys of both."""
_WHY = {"facts": f"over {MOST_A_SECOND} facts a second", "stacks": f"over {places.MOST_A_SECOND} stacks a second"}


class Recorder:
    """One file for each process; a fork gets one of its own."""

    def __init__(self, folder):
        self._folder = folder
        self._fd, self._inode = None, 0
        self._resource = None
        self._counts = []
        self._reset()
        self.later = Later(self._tidy)
        self.at_end = []
        """What to call before the last line."""
        places.limit(self._no_place)
        os.register_at_fork(before=self.later.pause, after_in_parent=self.later.resume, after_in_child=self._forked)

    def _reset(self):
        self.pid = os.getpid()
        self._lock = RLock()
        self._busy = False
        self._waiting = deque()
        self._seq = 0
        self._ids = {}
        self._bytes = 0
        self._second = 0
        self._said = 0
        self._skipped = {}
        self._told = {}

    def open(self):
        """Whether the file could be opened; if not, nothing is ever written."""
        name = f"{self.pid}-0-{time.time_ns() // 1_000_000}.jsonl"
        try:
            self._fd = _aside(os.open(os.path.join(self._folder, name), os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600))
            self._inode = os.fstat(self._fd).st_ino
        except OSError:
            self._fd = None
        return self._fd is not None

    def _ours(self):
        """Whether the number is still our file's: who turns into a daemon closes all files by their numbers, and opens others."""
        try:
            return os.fstat(self._fd).st_ino == self._inode
        except OSError:
            return False

    def describe(self, resource):
        """Write the first line: what process this is. `resource()` gives its keys, for a fork anew."""
        self._resource = resource
        self.say("process.started", {"schema": 1, "agent": "python", "agent.version": "1", **resource()}, None)

    def id(self, kind):
        """A new id of a kind, `<pid>.0.<n>`."""
        counter = self._ids.get(kind)
        if counter is None:
            counter = self._ids.setdefault(kind, count(1))
        return f"{self.pid}.0.{next(counter)}"

    def say(self, fact, keys, request=_NOW):
        """Write one fact, as of the request that is being served or the one that is given; never raises."""
        if self._fd is None:
            return
        try:
            if request is _NOW:
                request = REQUEST.get()
            if request is not None:
                keys["req"] = request[0]
                if request[1]:
                    keys["trace_id"] = request[1]
            self._write(fact, encode(keys))
        except Exception:  # noqa: BLE001
            pass

    def counting(self, tally):
        """A tally has something to tell again: about a second from now, or at the end."""
        tally[SINCE] = time.monotonic()
        self._counts.append(tally)
        self.later.live()

    def flush(self, before=None):
        """Write the counts that are left, or those that began before a time."""
        counts, self._counts = self._counts, []
        for tally in counts:
            if before is not None and tally[SINCE] > before:
                self._counts.append(tally)
                continue
            tallied, unheard, threw, listeners, _, keys = tally
            tally[:SINCE + 1] = 0, 0, 0, 0, 0
            self.say("event.count", {**keys, "count": tallied, "listener.count": listeners, "unheard": unheard, "threw": threw}, None)

    def end(self):
        """Say what is still open, the counts, and no more after `process.exit`, which is the caller's."""
        self.later.pause()
        for close in self.at_end:
            try:
                close()
            except Exception:  # noqa: BLE001
                pass
        self.flush()
        self._write("", "")

    def close(self):
        """Nothing from now on."""
        self._fd = None

    def skip(self, what, name="", why=""):
        """That something is left out, once."""
        self.say("agent.skipped", {"what": what, "count": 1, **({"name": name} if name else {}), **({"why": why} if why else {})}, None)

    def _no_place(self):
        self._skipped["stacks"] = self._skipped.get("stacks", 0) + 1

    def _tidy(self):
        self.flush(time.monotonic() - 0.9)
        return bool(self._counts)

    def _write(self, fact, body):
        """What comes while a line is being written waits for it: a signal's handler, or a weak reference's end, in the very same thread."""
        with self._lock:
            if self._busy:
                self._waiting.append((fact, body))
                return
            self._busy = True
            try:
                self._put(fact, body)
                while self._waiting:
                    self._put(*self._waiting.popleft())
            finally:
                self._busy = False

    def _put(self, fact, body):
        now = time.time_ns() // 1000
        if now // 1_000_000 != self._second or not fact:
            self._second, self._said = now // 1_000_000, 0
            if self._fd is not None and not self._ours():
                self._lost()
            skipped, self._skipped = self._skipped, {}
            for what, number in skipped.items():
                self._line("agent.skipped", now, encode({"what": what, "count": number, "why": _WHY[what]}))
        if not fact:
            return
        self._said += 1
        if self._said > MOST_A_SECOND and not fact.startswith(("process.", "agent.")):
            self._skipped["facts"] = self._skipped.get("facts", 0) + 1
            return
        self._line(fact, now, body)

    def _line(self, fact, now, body):
        if self._fd is None:
            return
        data = f'{{"fact":"{fact}","ts":{now},"seq":{self._seq}{body}}}\n'.encode()
        full = self._bytes + len(data) > MOST_BYTES
        if full:
            body = encode({"what": "bytes", "count": 1, "why": f"{MOST_BYTES // 1_000_000} MB are written"})
            data = f'{{"fact":"agent.skipped","ts":{now},"seq":{self._seq}{body}}}\n'.encode()
        self._bytes += len(data)
        self._seq += 1
        try:
            if os.write(self._fd, data) != len(data):
                full = True
        except OSError:
            if not self._ours():
                return self._lost()
            full = True
        if full:
            self._fd = None

    def _lost(self):
        """Our file is closed. A second one says so and no more: what it would say of emitters that the first one has told of would be taken for another's."""
        self._seq = self._bytes = 0
        if self.open() and self._resource is not None:
            body = encode({"schema": 1, "agent": "python", "agent.version": "1", **self._resource()})
            self._line("process.started", time.time_ns() // 1000, body)
            self._line("agent.skipped", time.time_ns() // 1000, encode({"what": "bytes", "count": 1, "why": "the app closed the file"}))
        if self._fd is not None:
            os.close(self._fd)
        self._fd = None

    def _forked(self):
        if self._fd is None:
            return
        if self._ours():
            os.close(self._fd)
        self._reset()
        self.later.renew()
        self._counts = []
        if self.open() and self._resource is not None:
            self.describe(self._resource)


def _aside(fd):
    """The same file under a number that is given to nobody soon: new files get the lowest that is free."""
    for number in range(_ASIDE, _ASIDE + 20):
        try:
            os.fstat(number)
        except OSError:
            try:
                os.dup2(fd, number, False)
            except OSError:
                break  # so many files are not allowed
            os.close(fd)
            return number
    return fd


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
