"""What does a command line, or the title that a process gave itself, say of what runs?

gunicorn: master [app:app]
[celeryd: celery@host:MainProcess] -active- (-A shop worker -P threads)
rq:worker:4f1c...: Listening on high
PM2 v6.0.14: God Daemon (/root/.pm2)
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from callcheck.model.pattern import pattern
from callcheck.model.printable import clean

SERVERS = ("gunicorn", "uvicorn", "hypercorn", "granian", "uwsgi", "celery", "daphne", "fastapi", "dramatiq", "taskiq", "rq", "rqworker", "huey", "arq", "flask", "waitress-serve", "nginx")
_ALIAS = {"pyuwsgi": "uwsgi", "fastapi": "uvicorn", "rqworker": "rq", "huey_consumer": "huey", "huey_consumer.py": "huey", "huey.bin.huey_consumer": "huey", "uwsgi-core": "uwsgi"}
_TITLES = (("gunicorn: ", "gunicorn"), ("[celeryd: ", "celery"), ("[celery beat", "celery"), ("rq:worker:", "rq"), ("uWSGI ", "uwsgi"), ("nginx: ", "nginx"), ("next-server ", "node"))
_DAEMON = pattern(r"PM2 v[\d.]+\S*: God Daemon \(([^)]*)\)")
_SECRET = pattern(r"(?i)^-{1,2}[\w-]*(?:passw(?:or)?d|passwd|pwd|secret|token|api-?key|credential)[\w-]*$")
TOOLS = frozenset(
    "sh bash dash ash zsh fish ksh tcsh login sshd ssh su sudo screen tmux script vi vim nvim nano emacs code less more most man tail cat head grep egrep rg ag "
    "ack ps pgrep pkill top htop watch find xargs strace gdb git tig callcheck docker-proxy containerd-shim containerd-shim-runc-v2".split()
)
"""Programs that run no app themselves, though its name may stand on their command line."""
_INTERPRETER = pattern(r"(?:python|pypy|node|bun|deno|ruby|java|php|perl|beam)[\w.]*$")
_PLAIN = pattern(r"[\w.+-]+$")
_NODES = ("node", "nodejs", "bun", "deno")


def command_of(words: Sequence[str]) -> str:
    """The command line, printable and without secrets, those in `--password hunter2` included."""
    told = ["[redacted]" if index and _SECRET.match(words[index - 1]) and not word.startswith("-") else word for index, word in enumerate(words)]
    return clean(" ".join(told).strip())


def server_of(words: Sequence[str], program: str = "") -> str:
    """gunicorn, celery, node ...; "" for a program that is none of the servers and workers that we know. `program` is the file that runs."""
    title = " ".join(words)  # psutil takes a title for one word or for several, by how it ends.
    if program_of(words) in TOOLS:
        return ""
    for beginning, server in _TITLES:
        if title.startswith(beginning):
            return server
    names = [word.rsplit("/", 1)[-1] for word in " ".join(words[:4]).split(" ")[:5]]
    for name in names:
        known = _ALIAS.get(name, name)
        if known in SERVERS:
            return known
    return "node" if program_of(words) in _NODES or program in _NODES else ""


def program_of(words: Sequence[str], program: str = "") -> str:
    """The base name of the program: of the file that runs if that is an interpreter, or if the command line has a title instead."""
    told = clean(words[0].strip().split(" ")[0].rsplit("/", 1)[-1], 40) if words else ""
    return program if program and (_INTERPRETER.match(program) or not _PLAIN.match(told)) else told or program


def script_of(words: Sequence[str]) -> str:
    """The base name of the script that Node runs, or ""."""
    text = words[0].split(" ", 1) if len(words) == 1 and " " in words[0].strip() else words
    free = [word for word in list(text)[1:] if not word.startswith("-")]
    return free[0].strip().rsplit("/", 1)[-1] if free else ""


def is_daemon(words: Sequence[str]) -> bool:
    """Whether it is PM2's daemon, or `pm2-runtime`, which is its own."""
    title = " ".join(words)
    return bool(_DAEMON.match(title)) or (program_of(words) in _NODES and script_of(words) in ("pm2-runtime", "pm2-docker"))


def is_supervisor(words: Sequence[str]) -> bool:
    """Whether it is supervisord, whose children are apps of their own, listening or not."""
    return any(word.rsplit("/", 1)[-1] == "supervisord" for word in words[:3])


def home_of(words: Sequence[str]) -> str:
    """The folder in which PM2's daemon keeps its files, as its title says; ""."""
    found = _DAEMON.match(" ".join(words))
    return found[1] if found else ""


def started_as(command: str) -> str:
    """The command without the interpreter that a server's own script was handed to: `python3.11 /venv/bin/uvicorn app:app`."""
    words = command.split(" ")
    at = next((index for index, word in enumerate(words[1:4], 1) if not word.startswith("-")), 0)
    name = words[at].rsplit("/", 1)[-1] if at else ""
    handed = words[0].rsplit("/", 1)[-1].startswith(("python", "pypy")) and words[at - 1] != "-m" and _ALIAS.get(name, name) in SERVERS
    return " ".join(words[at:]) if handed else command


def entry_of(title: str) -> str:
    """The `module:app` in the title that a gunicorn, granian or Celery process gave itself; ""."""
    found = re.match(r"gunicorn: \w+ \[([\w.:]{1,150})\]", title) or re.match(r"granian \w+ \S+ ([\w.:]{1,150})", title)
    if found:
        return found[1]
    found = re.match(r"\[celeryd: .{0,200}?(?:-A|--app)[ =]([\w.:]{1,150})", title)
    return found[1] if found else ""
