"""Which request is being served? It is known to all that follows from it, for the first 2,000 of a process."""

import time

from _callcheck_agent import places
from _callcheck_agent.recorder import REQUEST, error
from _callcheck_agent.wrap import quiet

MOST = 2_000
_served = [0, 0]
"""Process, and how many requests it has had."""


class Incoming:
    """One request, from `begin` on; it is the one of this context until `leave`."""

    __slots__ = ("recorder", "mark", "began", "status", "whole", "token", "over")

    def __init__(self, recorder, method, path, port, traceparent):
        parts = (traceparent or "").split("-")
        trace = parts[1].lower() if len(parts) >= 4 and len(parts[1]) == 32 else ""
        self.recorder, self.mark, self.began = recorder, (recorder.id("request"), trace), time.monotonic()
        self.status, self.whole, self.over = 0, False, False
        keys = {"http.request.method": method[:20], "url.path": path[:400]}
        if port:
            keys["server.port"] = int(port)
        recorder.say("request.started", keys, self.mark)
        self.token = REQUEST.set(self.mark)

    @quiet
    def leave(self, aborted=False):
        """The request is answered, or given up: the context is again what it was."""
        if self.over:
            return
        self.over = True
        REQUEST.reset(self.token)
        keys = {"ms": round((time.monotonic() - self.began) * 1000, 1)}
        if self.status:
            keys["http.response.status_code"] = self.status
        if aborted and not self.whole:
            keys["aborted"] = True
        self.recorder.say("request.ended", keys, self.mark)


def through(recorder):
    """Whether this process has had its requests: asked first, since it is all that later ones cost."""
    return _served[1] >= MOST and _served[0] == recorder.pid


@quiet
def begin(recorder, method, path, port, traceparent):
    """The request that comes in now; None for what goes on inside of one, and after the first 2,000."""
    if _served[0] != recorder.pid:
        _served[:] = recorder.pid, 0
    elif _served[1] >= MOST:
        return None
    if REQUEST.get() is not None:
        return None
    _served[1] += 1
    if _served[1] == MOST:
        recorder.skip("requests", why=f"ids for the first {MOST} of a process alone")
    return Incoming(recorder, method, path, port, traceparent)


@quiet
def threw(recorder, exception):
    """The request of this context failed with an error."""
    if REQUEST.get() is not None:
        recorder.say("request.threw", {**error(exception), **places.of_error(exception)})
