"""Who looks again in five seconds? One thread, that lives only while there is something to look at.

It is a thread of the system and none of `threading`, so that the app does not see it there; and it ends before a fork, since Python warns
of forks of a process with threads.
"""

import time
from _thread import allocate_lock, start_new_thread

try:
    from _collections import deque
except ImportError:  # not CPython
    from collections import deque

AFTER_S = 5.0
_LONGEST_S = 1.0


class Later:
    """`tidy()` is called about once a second while the thread lives, and tells whether it has something left to do."""

    def __init__(self, tidy):
        self._tidy = tidy
        self.renew()

    def renew(self):
        """Forget everything: in a child of a fork."""
        self._queue = deque()
        self._alive = self._again = False
        self._stop = False
        self._wake = allocate_lock()
        self._wake.acquire()
        self._ended = allocate_lock()

    def after(self, look):
        """Call `look()` in five seconds, from another thread."""
        self._queue.append((time.monotonic() + AFTER_S, look))
        self.live()

    def live(self):
        """Have the thread run."""
        if self._alive or self._stop:
            return
        if not self._ended.acquire(True, 0.2):
            return
        self._alive = True
        try:
            start_new_thread(self._loop, ())
        except RuntimeError:  # no more threads, or the interpreter is about to end
            self._alive = False
            self._ended.release()
        if self._queue:  # what came in just now
            self.live()

    def pause(self):
        """End the thread, and wait for that, but not for long."""
        self._stop, self._again = True, self._alive
        if self._alive:
            try:
                self._wake.release()
            except RuntimeError:
                pass
            if self._ended.acquire(True, 0.2):
                self._ended.release()

    def resume(self):
        """Go on after a pause."""
        self._stop = False
        if self._queue or self._again:
            self.live()

    def _loop(self):
        try:
            while not self._stop:
                try:
                    left = self._round()
                except Exception:  # noqa: BLE001
                    left = False
                if not left and not self._queue:
                    break
                wait = self._queue[0][0] - time.monotonic() if self._queue else _LONGEST_S
                self._wake.acquire(True, min(max(wait, 0.05), _LONGEST_S))
        finally:
            self._alive = False
            self._ended.release()
        if self._queue:  # what came in just now
            self.live()

    def _round(self):
        now = time.monotonic()
        while self._queue and self._queue[0][0] <= now:
            self._queue.popleft()[1]()
        return self._tidy()
