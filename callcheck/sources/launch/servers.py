"""How does each server read its own command line?

Defaults: gunicorn 27 and uvicorn 0.54 take WEB_CONCURRENCY, else 1; hypercorn 1; granian GRANIAN_WORKERS, else 1; Celery prefork the CPU
count; PM2 1 without `-i`; dramatiq the CPU count; taskiq 2; uWSGI 1. All read in the packages named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from callcheck.model.noun import dataclass, replace
from callcheck.model.pattern import pattern
from callcheck.sources.launch.roles import role_of_name
from callcheck.sources.launch.words import Word, commands, number

_APP = pattern(r"[A-Za-z_][\w.]{0,150}:[A-Za-z_][\w.()=,'\"]{0,100}$")
_MODULE = pattern(r"[A-Za-z_][\w.]{0,150}$")
_SCRIPT = pattern(r"[\w./@~$%{}-]{1,200}$")
_ONE_OFF = pattern(
    r"(?:^|[\s:_/.-])(?:migrate|migrations?|collectstatic|db|seed|seeds?|init|setup|bootstrap|shell|check|test|build|lint|createsuperuser|"
    r"loaddata|makemigrations|compilemessages|prestart|pre_start|healthcheck|wait)(?:$|[\s:_/.-])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Started:
    """One long-running thing; `count` None means that the command leaves the number to something we do not see."""

    server: str
    entry: str = ""
    role: str = "unknown"
    count: int | None = 1
    at_least: bool = False
    stated: bool = False
    """Whether the command says the number itself."""
    text: str = ""
    """As the command says it: `--workers 4`; "" for a default."""
    flag: str = ""
    """The word to look for on the line."""
    hands_to: str = ""
    """`npm:<script>`, `sh:<file>`, `config:<file>`, `procfile:` or `supervisor:<file>`: who says the rest."""
    variable: str = ""
    """The environment variable that sets the number where the command does not."""
    command: str = ""
    line: int | None = None
    """From 0 within the command's text."""
    queues: str = ""
    """The queues that a worker is told to take from, separated by commas; "" if it takes from the default one, or from all."""


Reader = Callable[[str, Sequence[Word], Mapping[str, str]], "Started | None"]


@dataclass(frozen=True, slots=True)
class _Option:
    value: str
    text: str
    flag: str
    line: int


def option(words: Sequence[Word], *names: str) -> _Option | None:
    """The last `--workers 4`, `--workers=4`, `-w 4` or `-w4` among the words."""
    found = None
    for index, word in enumerate(words):
        for name in names:
            if word.text == name and index + 1 < len(words):
                found = _Option(words[index + 1].text, f"{name} {words[index + 1].text}", name, word.line)
            elif word.text.startswith(f"{name}="):
                found = _Option(word.text[len(name) + 1 :], word.text, name, word.line)
            elif len(name) == 2 and name[1] != "-" and re.match(re.escape(name) + r"\d+$", word.text):
                found = _Option(word.text[2:], word.text, word.text, word.line)
    return found


def _counted(server: str, found: _Option | None, env: Mapping[str, str], variable: str = "", **more: str) -> Started:
    """A server whose number comes from an option, else from a variable, else is 1."""
    hands_to = more.get("hands_to", "")
    entry, role = more.get("entry", ""), more.get("role", "web")
    if found:
        told = number(found.value, env)
        count, at_least = told.many, told.at_least
        if count is not None and count < 1:
            count, at_least = 2, True
        return Started(
            server,
            entry,
            role,
            count,
            at_least,
            True,
            found.text,
            found.flag,
            hands_to=hands_to,
            line=found.line,
            variable=_named(found.value),
        )
    if variable and env.get(variable):
        told = number(env[variable], env)
        text = f"{variable}={env[variable]}" if told.many is not None else variable
        return Started(server, entry, role, told.many, told.at_least, True, text, variable, hands_to=hands_to, variable=variable)
    return Started(server, entry, role, 1, hands_to=hands_to, variable=variable)


def _named(value: str) -> str:
    found = re.search(r"\$\{?(\w{1,80})", value)
    return found[1] if found else ""


def _app(words: Sequence[Word]) -> str:
    """The `module:attribute` of the command, or its last free word."""
    for word in words:
        if _APP.match(word.text):
            return word.text
    for index in range(len(words) - 1, -1, -1):
        text = words[index].text
        before = words[index - 1].text if index else ""
        if not text.startswith("-") and _MODULE.match(text) and not (before.startswith("-") and "=" not in before):
            return text
    return ""


def _gunicorn(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started:
    workers = option(words, "-w", "--workers")
    config = option(words, "-c", "--config")
    hands_to = f"config:{config.value}" if config else "config:gunicorn.conf.py"
    extra = env.get("GUNICORN_CMD_ARGS", "")
    if not workers and extra:
        args = [word for part in commands(extra) for word in part]
        if inner := option(args, "-w", "--workers"):
            workers = _Option(inner.value, f"GUNICORN_CMD_ARGS {inner.text}", "GUNICORN_CMD_ARGS", 0)
    return _counted(
        "gunicorn", workers, env, "WEB_CONCURRENCY", entry=_app(words), hands_to="" if workers else hands_to
    )


def _uvicorn(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started:
    if any(word.text == "--reload" for word in words):
        return Started("uvicorn", _app(words), "web")
    return _counted("uvicorn", option(words, "--workers"), env, "WEB_CONCURRENCY", entry=_app(words))


def _fastapi(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    if not words or words[0].text not in ("run", "dev"):
        return None
    entry = next((w.text for w in words[1:] if w.text.endswith(".py")), "")
    return _counted("uvicorn", option(words, "--workers"), env, "WEB_CONCURRENCY", entry=entry)


def _hypercorn(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started:
    return _counted("hypercorn", option(words, "-w", "--workers"), env, entry=_app(words))


def _granian(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started:
    return _counted("granian", option(words, "--workers"), env, "GRANIAN_WORKERS", entry=_app(words))


def _uwsgi(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started:
    found = option(words, "-p", "--processes", "--workers")
    ini = option(words, "--ini", "--yaml", "--json", "--xml")
    file = ini.value if ini else next((w.text for w in words if w.text.endswith(".ini")), "")
    module = option(words, "-w", "--module", "--wsgi-file", "--wsgi")
    hands_to = f"config:{file}" if file and not found else ""
    return _counted("uwsgi", found, env, "UWSGI_PROCESSES", entry=module.value if module else "", hands_to=hands_to)


def _one_web(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started:
    return Started(program, _app(words), "web")


def _flask(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    if not any(word.text == "run" for word in words):
        return None
    app = option(words, "--app", "-A")
    return Started("flask", app.value if app else env.get("FLASK_APP", ""), "web")


def _celery(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    found = _celery_plain(words, env)
    queues = option(words, "-Q", "--queues")
    return replace(found, queues=queues.value) if found and queues else found


def _celery_plain(words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    texts = [word.text for word in words]
    app = option(words, "-A", "--app")
    entry = app.value if app else ""
    if "beat" in texts:
        return Started("celery", entry, "scheduler")
    if "worker" not in texts:
        return None
    pool = option(words, "-P", "--pool")
    if pool and pool.value != "prefork":
        return Started("celery", entry, "worker", text=pool.text, flag=pool.flag, line=pool.line, stated=True)
    found = option(words, "-c", "--concurrency", "--autoscale")
    if found:
        if found.flag == "--autoscale":
            found = _Option(found.value.split(",")[0], found.text, found.flag, found.line)
        return _counted("celery", found, env, entry=entry, role="worker")
    return Started(
        "celery", entry, "worker", 2, True, hands_to="celery:", text="celery worker (prefork, one process a CPU)"
    )


_RQ_VALUES = frozenset(
    "-u --url -n --name --num-workers -c --config -P --path --results-ttl --worker-ttl --job-monitoring-interval -w --worker-class -j --job-class "
    "--queue-class --connection-class --sentry-dsn --pid --exception-handler --log-format --date-format --max-jobs --max-idle-time --serializer "
    "-dl --dequeue-strategy --logging-level --maintenance-interval".split()
)
"""Options of `rq worker` that take a value (rq 2.6, rq/cli/cli.py)."""


def _rq(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    texts = [word.text for word in words]
    if "worker-pool" not in texts and "worker" not in texts:
        return None
    named = texts[texts.index("worker-pool" if "worker-pool" in texts else "worker") + 1 :]
    queues = [word for before, word in zip(["", *named], named, strict=False) if not word.startswith("-") and before not in _RQ_VALUES]
    if "worker-pool" in texts:
        return replace(_counted("rq", option(words, "-n", "--num-workers"), env, role="worker"), queues=",".join(queues))
    return Started("rq", "", "worker", queues=",".join(queues) or "default")


def _one_worker(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started:
    return Started(program, _app(words), "worker")


def _dramatiq(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started:
    found = option(words, "-p", "--processes")
    if found:
        return _counted("dramatiq", found, env, entry=_app(words), role="worker")
    return Started("dramatiq", _app(words), "worker", 2, True, text="dramatiq (one process a CPU)")


def _huey(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started:
    kind = option(words, "-k", "--worker-type")
    if kind and kind.value == "process":
        return _counted("huey", option(words, "-w", "--workers"), env, entry=_app(words), role="worker")
    return Started("huey", _app(words), "worker")


def _taskiq(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    if not words or words[0].text != "worker":
        return Started("taskiq", _app(words), "scheduler") if words and words[0].text == "scheduler" else None
    found = option(words, "-w", "--workers")
    if found:
        return _counted("taskiq", found, env, entry=_app(words), role="worker")
    return Started("taskiq", _app(words), "worker", 2, text="taskiq worker (2 by default)")


def _pm2(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    rest = [
        word
        for word in words
        if word.text not in ("start", "restart", "reload", "startOrReload", "startOrRestart", "scale")
    ]
    verb = words[0].text if words else ""
    if program == "pm2" and verb in (
        "stop",
        "delete",
        "kill",
        "logs",
        "save",
        "list",
        "ls",
        "install",
        "set",
        "monit",
        "link",
        "status",
        "startup",
    ):
        return None
    entry = next((word.text for word in rest if not word.text.startswith("-")), "")
    if entry.endswith((".json", ".yml", ".yaml", ".config.js", ".config.cjs", ".config.mjs")):
        return Started("pm2", "", "unknown", hands_to=f"pm2:{entry}")
    found = option(words, "-i", "--instances")
    name = option(words, "--name", "-n")
    role = role_of_name(name.value if name else "", entry)
    if found and found.value in ("max", "0", "-1"):
        return Started("pm2", entry, role, 2, True, True, found.text, found.flag, line=found.line)
    return _counted("pm2", found, env, entry=entry, role=role)


_NODE_VALUES = frozenset(
    "-r --require --import --loader --experimental-loader --env-file --env-file-if-exists --conditions -C --project -P --tsconfig".split()
)


def _free_word(words: Sequence[Word], takes_value: frozenset[str] = _NODE_VALUES) -> int:
    """The index of the first word that is no option nor its value, or -1."""
    skip = False
    for index, word in enumerate(words):
        if skip:
            skip = False
        elif word.text in takes_value:
            skip = True
        elif not word.text.startswith("-"):
            return index
    return -1


def _node(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    rest = list(words)
    if program in ("deno", "bun", "tsx", "nodemon", "ts-node-dev", "tsnd"):
        rest = [word for word in rest if word.text not in ("run", "watch", "serve")]
    at = _free_word(rest)
    if at < 0:
        return None
    entry = rest[at].text
    if entry.endswith((".bin/next", "next/dist/bin/next")):
        return _next(program, rest[at + 1 :], env)
    if entry.endswith(("/pm2", "/pm2-runtime")):
        return _pm2(entry.rsplit("/", 1)[-1], rest[at + 1 :], env)
    if program == "bun" and "/" not in entry and "." not in entry:
        return Started("npm", hands_to=f"npm:{entry}")
    if _ONE_OFF.search(entry):
        return None
    role = role_of_name(entry)
    found = option(rest[at + 1 :], "--workers")
    return _counted("node", found, env, entry=entry, role=role)


def _next(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    return Started("next", "", "web") if words and words[0].text in ("start", "dev") else None


def _nest(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    return Started("nest", "dist/main", "web") if words and words[0].text == "start" else None


def _probot(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    at = _free_word(words[1:]) if words and words[0].text == "run" else -1
    return Started("probot", words[1:][at].text, "web") if at >= 0 else None


def _npm(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    names = [word.text for word in words if not word.text.startswith("-")]
    if names[:1] in (["run"], ["run-script"]):
        names = names[1:]
    elif names[:1] and names[0] in (
        "ci",
        "install",
        "i",
        "add",
        "prune",
        "audit",
        "publish",
        "config",
        "cache",
        "workspace",
        "workspaces",
    ):
        return None
    if not names or (
        program == "npm" and names[0] not in ("start",) and not any(w.text in ("run", "run-script") for w in words)
    ):
        return None
    if _ONE_OFF.search(names[0]):
        return None
    return Started("npm", hands_to=f"npm:{names[0]}", role=role_of_name(names[0]))


def _python(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    rest = list(words)
    while rest and rest[0].text.startswith("-") and rest[0].text != "-m":
        rest = rest[2:] if rest[0].text in ("-W", "-X") else [] if rest[0].text == "-c" else rest[1:]
    if not rest:
        return None
    if rest[0].text == "-m":
        if len(rest) < 2 or _ONE_OFF.search(rest[1].text) or rest[1].text in ("pip", "venv", "compileall", "ensurepip"):
            return None
        return Started("python", rest[1].text, role_of_name(rest[1].text))
    script = rest[0].text
    if script.rsplit("/", 1)[-1] == "manage.py":
        return _manage(rest[1:], env)
    if not _SCRIPT.match(script) or _ONE_OFF.search(script.removesuffix(".py")):
        return None
    return Started("python", script, role_of_name(script))


def _manage(words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    verb = next((word.text for word in words if not word.text.startswith("-")), "")
    if verb in ("runserver", "runserver_plus"):
        return Started("django", "manage.py", "web")
    if not verb or _ONE_OFF.search(verb):
        return None
    if verb == "run_huey":
        return _huey("huey", words, env)
    if verb == "rqworker":
        return replace(_rq("rq", [Word("worker", 0), *words[1:]], env) or Started("rq"), entry="manage.py")
    if verb in ("celery", "rundramatiq"):
        return replace(Started(verb.removeprefix("run"), "manage.py", "worker"), count=None)
    return Started("django", f"manage.py {verb}", role_of_name(verb))


def _infrastructure(role: str) -> Reader:
    return lambda program, words, env: Started(program, "", role)


def _supervisord(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started:
    config = option(words, "-c", "--configuration")
    return Started("supervisor", hands_to=f"supervisor:{config.value if config else ''}")


def _procfile(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    return Started(program, hands_to="procfile:") if words and words[0].text == "start" else None


SERVERS: dict[str, Reader] = {
    "gunicorn": _gunicorn,
    "uvicorn": _uvicorn,
    "fastapi": _fastapi,
    "hypercorn": _hypercorn,
    "granian": _granian,
    "uwsgi": _uwsgi,
    "daphne": _one_web,
    "waitress-serve": _one_web,
    "flask": _flask,
    "celery": _celery,
    "rq": _rq,
    "arq": _one_worker,
    "dramatiq": _dramatiq,
    "huey_consumer": _huey,
    "huey_consumer.py": _huey,
    "taskiq": _taskiq,
    "faststream": _one_worker,
    "pm2": _pm2,
    "pm2-runtime": _pm2,
    "pm2-docker": _pm2,
    "next": _next,
    "nest": _nest,
    "probot": _probot,
    "npm": _npm,
    "yarn": _npm,
    "pnpm": _npm,
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
} | dict.fromkeys(("node", "nodejs", "ts-node", "tsx", "nodemon", "bun", "deno", "ts-node-dev", "tsnd"), _node)


def other(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    """A command that is none of the servers: Python, a shell script, or some program of its own."""
    if re.match(r"python[0-9.]*$|pypy3?$", program):
        return _python(program, words[1:], env)
    if program.endswith(".sh"):
        return Started("sh", hands_to=f"sh:{words[0].text}", line=words[0].line)
    if program.endswith((".js", ".mjs", ".cjs", ".ts")):
        return _node("node", words, env)
    if program.endswith(".py"):
        return _python("python", words, env)
    if (
        not _SCRIPT.match(words[0].text)
        or words[0].text.startswith("-")
        or _ONE_OFF.search(" ".join(w.text for w in words[:3]))
    ):
        return None
    return Started("", words[0].text if "/" in words[0].text else "", role_of_name(program))
