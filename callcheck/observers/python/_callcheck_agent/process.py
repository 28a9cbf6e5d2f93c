"""Which process is this, and how does it end?"""

import atexit
import os
import sys

from _callcheck_agent.wrap import patch

_SECRETS = ("key", "token", "secret", "passw", "pwd", "credential")
_LAUNCHERS = ("gunicorn", "uvicorn", "hypercorn", "granian", "celery", "daphne", "uwsgi", "flask", "manage.py", "dramatiq", "rq")
failed = []
"""Exit statuses that are known before the end: 1 after an error that nobody caught."""


def start(recorder):
    """Say what process this is, now and in each fork, and its end."""
    recorder.describe(lambda: resource(recorder))

    def end(code):
        recorder.end()
        recorder.say("process.exit", {} if code is None else {"exit.code": code}, None)
        recorder.close()

    # The status that SystemExit carries is not to be learnt here.
    atexit.register(lambda: end(failed[-1] if failed else None))

    def leave(theirs):
        def _exit(status):
            if type(status) is int:
                try:
                    end(status)
                except Exception:  # noqa: BLE001
                    pass
            return theirs(status)

        return _exit

    # How children of a fork end, those of multiprocessing too: without atexit.
    patch(os, "_exit", leave)
    os.register_at_fork(after_in_child=failed.clear)


def resource(recorder):
    """The keys of the first line."""
    command = masked(getattr(sys, "orig_argv", None) or [sys.executable, *sys.argv])
    host = os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")
    keys = {
        "process.pid": recorder.pid,
        "process.parent_pid": os.getppid(),
        "thread.id": 0,
        "process.command_args": command[:60],
        "process.executable.path": sys.executable,
        "process.runtime.name": sys.implementation.name,
        "process.runtime.version": sys.version.split()[0],
        "host.name": host,
        "service.instance.id": f"{host}:{recorder.pid}",
        "callcheck.launcher": _launcher(command),
        "k8s.pod.name": os.environ.get("KUBERNETES_SERVICE_HOST") and os.environ.get("HOSTNAME"),
    }
    try:
        keys["process.working_directory"] = os.getcwd()
    except OSError:
        pass
    return {key: value for key, value in keys.items() if value or value == 0}


def _launcher(command):
    for before, part in zip([""] + command[:4], command[:5]):
        name = os.path.basename(part[2:] if part.startswith("-m") else part)
        if name in _LAUNCHERS and (before == "-m" or part.startswith("-m") or os.sep in part or before == command[0]):
            return name
    return ""


def masked(command):
    """A command line in which what looks like a secret is `***`: `--token=x`, `API_KEY=x`, `--password x`."""
    shown, hide = [], False
    for part in command:
        name, equals, _ = part.partition("=")
        secret = any(word in name.lower() for word in _SECRETS)
        if hide and not part.startswith("-"):
            shown.append("***")
        elif equals and secret:
            shown.append(f"{name}=***")
        else:
            shown.append(part[:400])
        hide = part.startswith("--") and secret and not equals
    return shown
