"""Which process is this, and how does it end?"""

import atexit
import os
import platform
import re
import socket
import sys

_SECRET = re.compile(r"(?i)(key|token|secret|passw|pwd|credential)")
_LAUNCHERS = ("gunicorn", "uvicorn", "hypercorn", "granian", "celery", "daphne", "uwsgi", "flask", "manage.py", "dramatiq", "rq")


def start(recorder):
    """Say what process this is, now and in each fork, and its end."""
    recorder.describe(lambda: resource(recorder))
    atexit.register(lambda: (recorder.flush(), recorder.say("process.exit", {"exit.code": 0})))


def resource(recorder):
    """The keys of the first line."""
    command = [_masked(part) for part in getattr(sys, "orig_argv", None) or sys.argv]
    keys = {
        "process.pid": recorder.pid,
        "process.parent_pid": os.getppid(),
        "thread.id": 0,
        "process.command_args": command[:60],
        "process.executable.path": sys.executable or "",
        "process.runtime.name": platform.python_implementation().lower(),
        "process.runtime.version": platform.python_version(),
        "host.name": socket.gethostname(),
        "service.instance.id": f"{socket.gethostname()}:{recorder.pid}",
    }
    try:
        keys["process.working_directory"] = os.getcwd()
    except OSError:
        pass
    launcher = next((name for name in _LAUNCHERS if any(os.path.basename(part) == name or part == f"-m{name}" for part in command[:4])), "")
    if launcher:
        keys["callcheck.launcher"] = launcher
    pod = os.environ.get("KUBERNETES_SERVICE_HOST") and os.environ.get("HOSTNAME")
    if pod:
        keys["k8s.pod.name"] = pod
    return keys


def _masked(part):
    name, equals, _ = part.partition("=")
    if equals and _SECRET.search(name):
        return f"{name}=***"
    return part[:400]
