"""How is an app observed that is started by a PM2 whose daemon runs already?

    PM2_HOME=~/.pm2  pm2 start server.js -i 4        the daemon makes the workers, which are no children of the command
    pm2_env={"CALLCHECK_RECORDING":"/tmp/callcheck-x1","pm_id":3,...}     a worker's whole environment, unpacked once it runs

So NODE_OPTIONS comes too late there, and the agent comes in by `--node-args` alone. What is started has to be deleted in the end: the daemon lives on, and
starts again what ends. Looked at in PM2 7.0.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterable, Mapping

import psutil

from callcheck.model.pattern import pattern

_STARTS = "start"
_TAKEN = ("--node-args", "--interpreter", "--cron")
_ID = pattern(r'"pm_id":(\d{1,9})')
_DELETE_S = 30


def with_agent(command: tuple[str, ...], agent: str) -> tuple[str, ...]:
    """The command, with the agent among what `pm2 start` hands to Node.js; as it is where it is no such command, or says itself what Node.js is to be given."""
    program = _program(command)
    if not program or any(word.startswith(_TAKEN) for word in command):
        return command
    return (*program, _STARTS, f"--node-args=--require {agent}", *command[len(program) + 1 :])


def handed(environment: Mapping[str, str], name: str, value: str) -> bool:
    """Whether PM2 hands a variable with this value to a worker."""
    return f'"{name}":"{value}"' in environment.get("pm2_env", "")


def delete(command: tuple[str, ...], processes: Iterable[psutil.Process], environment: Mapping[str, str]) -> None:
    """Take the processes off PM2's list, which ends them."""
    program = _program(command) or ("pm2",)
    if ids := sorted(set(filter(None, map(_number, processes)))):
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run([*program, "delete", *ids], env=dict(environment), capture_output=True, check=False, timeout=_DELETE_S, stdin=subprocess.DEVNULL)


def _program(command: tuple[str, ...]) -> tuple[str, ...]:
    """What stands before `start` in `pm2 start` and `npx pm2 start`; () for other commands."""
    at = command.index(_STARTS) if _STARTS in command else 0
    return command[:at] if at and os.path.basename(command[at - 1]) == "pm2" else ()


def _number(process: psutil.Process) -> str:
    """What PM2 calls the process; "" for one that is none of its apps."""
    try:
        environment = process.environ()
    except (psutil.Error, OSError):
        return ""
    found = _ID.search(environment.get("pm2_env", ""))
    return found[1] if found else environment.get("pm_id", "") if environment.get("pm_id", "").isdigit() else ""
