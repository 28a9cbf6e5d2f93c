"""Which reader knows a program's command line? Those of a family are imported when a program of theirs is met."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping, Sequence

from callcheck.model.noun import replace
from callcheck.model.pattern import pattern
from callcheck.sources.launch.roles import role_of_name
from callcheck.sources.launch.started import ONE_OFF, Reader, Started, option
from callcheck.sources.launch.words import Word, expanded

_SCRIPT = pattern(r"[\w./@~$%{}-]{1,200}$")


def _infrastructure(role: str) -> Reader:
    return lambda program, words, env: Started(program, "", role)


def _supervisord(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started:
    config = option(words, "-c", "--configuration")
    return Started("supervisor", hands_to=f"supervisor:{config.value if config else ''}")


def _procfile(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    return Started(program, hands_to="procfile:") if words and words[0].text == "start" else None


def _service(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    """`service nginx start`."""
    own = _OWN.get(words[0].text) if words else None
    return own(words[0].text, words[1:], env) if own else None


_OWN: dict[str, Reader] = {
    "service": _service,
    "supervisord": _supervisord,
    "honcho": _procfile,
    "foreman": _procfile,
    "redis-server": _infrastructure("broker"),
    "valkey-server": _infrastructure("broker"),
    "rabbitmq-server": _infrastructure("broker"),
    "nats-server": _infrastructure("broker"),
    "nginx": _infrastructure("proxy"),
    "haproxy": _infrastructure("proxy"),
    "traefik": _infrastructure("proxy"),
    "caddy": _infrastructure("proxy"),
    "postgres": _infrastructure("database"),
    "mongod": _infrastructure("database"),
    "mysqld": _infrastructure("database"),
}
FAMILIES: dict[str, str] = {
    name: family
    for family, names in {
        "web_servers": "gunicorn uvicorn fastapi hypercorn granian uwsgi daphne waitress-serve flask",
        "task_workers": "celery rq arq dramatiq huey_consumer huey_consumer.py taskiq faststream procrastinate saq",
        "ruby_php": "puma pumactl sidekiq rails rake good_job delayed_job que php artisan",
        "recipes": "make gmake just task go-task",
        "node_programs": "pm2 pm2-runtime pm2-docker next nest probot npm yarn pnpm node nodejs ts-node tsx nodemon bun deno ts-node-dev tsnd",
    }.items()
    for name in names.split()
}
"""Program -> the module whose `READERS` has it."""


def known(program: str) -> bool:
    """Whether the program reads its command line in a way that is known."""
    return program in _OWN or program in FAMILIES


def read(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    """What a program starts; `words` begin with the program itself. None for what runs once or starts nothing."""
    if program in FAMILIES:
        return _reader(program)(program, words[1:], env)
    own = _OWN.get(program)
    return own(program, words[1:], env) if own else _other(program, words, env)


def _reader(program: str) -> Reader:
    readers: dict[str, Reader] = importlib.import_module(f"callcheck.sources.launch.{FAMILIES[program]}").READERS
    return readers[program]


def _other(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    """A command that is none of the servers: Python, a shell script, or some program of its own."""
    if re.match(r"python[0-9.]*$|pypy3?$", program):
        return _python(program, words[1:], env)
    if program.endswith((".sh", "entrypoint")):
        return Started("sh", hands_to=f"sh:{words[0].text}", line=words[0].line)
    if program.endswith((".js", ".mjs", ".cjs", ".ts")):
        return _reader("node")("node", words, env)
    if words[0].text.endswith("bin/jobs"):
        return Started("solid_queue", "", "worker", count=None)  # as Rails makes it
    if program.endswith(".py"):
        return _python("python", words, env)
    if (
        not _SCRIPT.match(words[0].text)
        or words[0].text.startswith("-")
        or ONE_OFF.search(" ".join(w.text for w in words[:3]))
    ):
        return None
    return Started("", words[0].text if "/" in words[0].text else "", role_of_name(program))


def _python(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    rest = list(words)
    while rest and rest[0].text.startswith("-") and rest[0].text != "-m":
        rest = rest[2:] if rest[0].text in ("-W", "-X") else [] if rest[0].text == "-c" else rest[1:]
    if not rest:
        return None
    if rest[0].text == "-m":
        if len(rest) < 2 or ONE_OFF.search(rest[1].text) or rest[1].text in ("pip", "venv", "compileall", "ensurepip"):
            return None
        return Started("python", rest[1].text, role_of_name(rest[1].text))
    script = rest[0].text
    if script.rsplit("/", 1)[-1] == "manage.py":
        return _manage(rest[1:], env)
    if not _SCRIPT.match(script) or ONE_OFF.search(script.removesuffix(".py")):
        return None
    return Started("python", script, role_of_name(script))


def _channels(words: Sequence[Word], env: Mapping[str, str]) -> list[str]:
    """The channels that a worker of Django Channels listens on: all that is neither an option nor what an option takes (channels 4.3.2, management/commands/runworker.py)."""
    texts = [word.text for word in words]
    named = [word for before, word in zip(["", *texts], texts, strict=False) if not word.startswith("-") and before not in ("--layer", "--settings", "--pythonpath", "-v", "--verbosity")]
    return expanded(" ".join(named), env).split()


def _manage(words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    verb = next((word.text for word in words if not word.text.startswith("-")), "")
    if verb in ("runserver", "runserver_plus"):
        return Started("django", "manage.py", "web")
    if not verb or ONE_OFF.search(verb):
        return None
    if verb == "run_huey":
        return _reader("huey_consumer")("huey", words, env)
    if verb == "rqworker":
        return replace(_reader("rq")("rq", [Word("worker", 0), *words[1:]], env) or Started("rq"), entry="manage.py")
    if verb == "procrastinate":
        told = _reader("procrastinate")(verb, words, env)
        return replace(told, entry="manage.py") if told is not None else None
    if verb in ("celery", "rundramatiq"):
        program = verb.removeprefix("run")
        told = _reader(program)(program, [Word("worker", 0), *words[1:]] if verb == "rundramatiq" else words[1:], env)
        return replace(Started(program, "manage.py", "worker"), count=None, queues=told.queues if told is not None else "")
    if verb == "runworker":
        return Started("django", "manage.py runworker", "worker", queues=",".join(_channels(words[1:], env)))
    return Started("django", f"manage.py {verb}", role_of_name(verb))
