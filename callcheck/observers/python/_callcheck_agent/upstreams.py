"""Which calls does the app make to other servers, and what comes back?"""

import time

from _callcheck_agent import places
from _callcheck_agent.recorder import ContextVar, error
from _callcheck_agent.wrap import quiet

INSIDE = ContextVar("callcheck_upstream", default=False)
"""Whether a client is at work that is told of by itself: those below it keep quiet."""
_open = {}
_PORTS = {"https": 443, "http": 80, "wss": 443, "ws": 80}


class Upstream:
    """One call, by one try of a client."""

    __slots__ = ("id", "recorder", "began", "told")

    def __init__(self, recorder, client, method, scheme, host, port, path):
        self.recorder, self.id, self.began, self.told = recorder, recorder.id("upstream"), time.monotonic(), False
        keys = {"upstream.id": self.id, "http.request.method": str(method)[:20].upper(), "server.address": str(host)[:200].strip("[]")}
        port = port or _PORTS.get(scheme)
        if port:
            keys["server.port"] = int(port)
        recorder.say("upstream.started", {**keys, "url.path": str(path).partition("?")[0][:400] or "/", "client": client, **places.here()})
        if _close_all not in recorder.at_end:
            recorder.at_end.append(_close_all)
        _open[self.id] = self
        recorder.later.after(self.still_open)

    @quiet
    def answered(self, status):
        """The head of an answer came."""
        self._end({"http.response.status_code": int(status)})

    @quiet
    def failed(self, exception):
        """There was none."""
        self._end(error(exception))

    def _end(self, keys):
        _open.pop(self.id, None)
        self.recorder.say("upstream.ended", {"upstream.id": self.id, **keys, "ms": self._ms()})

    @quiet
    def still_open(self):
        """Say so, once, if no answer is there yet."""
        if self.id in _open and not self.told and self.id.startswith(f"{self.recorder.pid}."):
            self.told = True
            self.recorder.say("upstream.open", {"upstream.id": self.id, "ms": self._ms()}, None)

    def _ms(self):
        return round((time.monotonic() - self.began) * 1000, 1)


def _close_all():
    for call in list(_open.values()):
        call.still_open()


@quiet
def begin(recorder, client, method, scheme, host, port, path):
    """A call that goes out now; None inside of one that is told of already, or if it cannot be told."""
    return None if INSIDE.get() else Upstream(recorder, client, method, scheme, host, port, path)
