"""Which processes belong to the app that was started, and how do they end?"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from callcheck.model.errors import UsageError
from callcheck.model.printable import clean
from callcheck.model.recorded import Member
from callcheck.sources.observe import pm2
from callcheck.sources.observe.environment import RECORDING

_POLL_S = 0.1


class App:
    """A command that was started in a session of its own, with all processes that come from it.

    They are known by the variable that tells the agents where to write: it is handed down to children, through daemons too.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], recording: Path) -> None:
        """Starts it; what it writes on standard output goes to standard error. Raises UsageError if it cannot be started."""
        self._recording = str(recording)
        self._seen: dict[tuple[int, float], Member] = {}
        self._others: set[tuple[int, float]] = set()
        try:
            self._root = subprocess.Popen(command, env=dict(environment), stdout=2, start_new_session=True)
        except FileNotFoundError:
            words = clean(command[0], 120)
            hint = f"without the quotes: callcheck observe -- {words}" if len(command) == 1 and " " in words else "what stands after -- is run as it is, without a shell"
            raise UsageError(f"{words}: no such command", hint) from None
        except PermissionError:
            raise UsageError(f"{clean(command[0], 120) or repr('')} is no program that may be run", "name what runs it, too: node app.js, python app.py") from None
        except OSError as error:
            raise UsageError(f"{clean(command[0], 120)}: {error.strerror or error}") from None

    @property
    def status(self) -> int | None:
        """The exit status of the command itself, negative for a signal; None while it runs."""
        return self._root.poll()

    @property
    def members(self) -> tuple[Member, ...]:
        """Every process of the app that was ever seen."""
        return tuple(self._seen.values())

    def look(self) -> list[psutil.Process]:
        """The processes of the app that run now."""
        running = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                key = process.pid, process.create_time()
                if key in self._others or process.status() == psutil.STATUS_ZOMBIE:
                    continue
                if key not in self._seen and not self._ours(process):
                    self._others.add(key)
                    continue
                running.append(process)
                self._note(key, process)
        return running

    def _ours(self, process: psutil.Process) -> bool:
        if process.pid == self._root.pid:
            return True
        with contextlib.suppress(psutil.AccessDenied):  # of another user, whom sudo may have made it
            environment = process.environ()
            if environment.get(RECORDING) == self._recording or pm2.handed(environment, RECORDING, self._recording):
                return True
        # Whatever it starts is ours too. The number of a parent that has ended may be somebody else's by now.
        parent = process.parent()
        return parent is not None and (parent.pid, parent.create_time()) in self._seen

    def _note(self, key: tuple[int, float], process: psutil.Process) -> None:
        command = tuple(process.cmdline())
        known = self._seen.get(key)
        listens = known is not None and known.listens
        with contextlib.suppress(psutil.Error, OSError):
            listens = listens or any(each.status == psutil.CONN_LISTEN for each in process.net_connections("inet"))
        managed = known is not None and known.managed
        with contextlib.suppress(psutil.Error, OSError):
            managed = managed or pm2.handed(process.environ(), RECORDING, self._recording)
        foreign = os.name == "posix" and process.uids().effective != os.geteuid()
        program = _program(process)
        # A process that is just ending has no program and no command line any more, and is what it was.
        runtime = _runtime(program) if program or known is None else known.runtime
        self._seen[key] = Member(process.pid, process.ppid(), command or (known.command if known else ()), runtime, listens, foreign, managed)

    def over(self) -> bool:
        """Whether no process of it runs any more."""
        return self.status is not None and not self.look()

    def stop(self, number: int = signal.SIGTERM, grace_s: float = 10.0) -> list[int]:
        """Ask all of it to end, with a signal; gives the pids that had to be killed after the time of grace."""
        for process in self.look():
            with contextlib.suppress(psutil.Error):
                process.send_signal(number)
        deadline = time.monotonic() + grace_s
        while time.monotonic() < deadline:
            if self.over():
                return []
            time.sleep(_POLL_S)
        left = self.look()
        for process in left:
            with contextlib.suppress(psutil.Error):
                process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._root.wait(2)
        psutil.wait_procs(left, 2)
        return [process.pid for process in left]


def _program(process: psutil.Process) -> str:
    """The name of its executable; "" where it cannot be read."""
    try:
        # Asked anew: a Process keeps what it was told before an exec, as by the shims of pyenv and nvm.
        return os.path.basename(psutil.Process(process.pid).exe())
    except (psutil.Error, OSError):
        return ""


def _runtime(program: str) -> str:
    name = program.lower().removesuffix(".exe")  # npm's Bun is called so on Linux, too
    if name.startswith(("python", "pypy")):
        return "python"
    return "node" if name.startswith("node") else name if name in ("bun", "deno") else ""
