"""Which servers does a command line start, with what entry and how many workers?

exec gunicorn -k uvicorn.workers.UvicornWorker -w ${WEB_CONCURRENCY:-4} app.main:app
sh -c "npm run migrate && pm2-runtime start dist/server.js -i max"
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from callcheck.model.noun import replace
from callcheck.model.pattern import pattern
from callcheck.sources.launch.servers import known, read
from callcheck.sources.launch.started import Started
from callcheck.sources.launch.words import Word, commands, expanded

__all__ = ["Started", "read_command"]

_ASSIGNED = pattern(r"([A-Za-z_]\w{0,79})=(.*)", re.DOTALL)
_UNLESS_SET = pattern(r"\$\{([A-Za-z_]\w{0,79}):?=([^}]{0,200})\}")
"""`: "${WORKERS:=4}"`"""
_SHELLS = frozenset("sh bash ash dash zsh /bin/sh /bin/bash /bin/ash /usr/bin/bash".split())
_PLAIN_WRAPPERS = frozenset(
    "exec nohup time tini dumb-init catatonit opentelemetry-instrument ddtrace-run npx bunx pnpx sudo nice setsid stdbuf xvfb-run then do else "
    "if while ! { aws-lambda-rie memray thrust".split()
)
"""Words that stand before the real command; their own options are passed over."""
_TWO_WORD_WRAPPERS = {
    "poetry": ("run",),
    "pipenv": ("run",),
    "uv": ("run",),
    "rye": ("run",),
    "hatch": ("run",),
    "pdm": ("run",),
    "conda": ("run",),
    "pixi": ("run",),
    "pnpm": ("exec", "dlx"),
    "yarn": ("exec", "dlx"),
    "npm": ("exec", "x"),
    "bundle": ("exec",),
    "newrelic-admin": ("run-program",),
    "doppler": ("run",),
    "infisical": ("run",),
    "op": ("run",),
    "coverage": ("run",),
}
_TAKES_ONE = frozenset({"gosu", "su-exec", "chpst", "setpriv", "timeout", "runuser"})
_NO_START = frozenset(
    "echo printf cd export set source . mkdir chmod chown cp mv rm ln cat sleep wait trap test [ [[ fi done esac true false exit return apt-get apk "
    "pip pip3 curl wget alembic prisma tsc eslint jest vitest pytest mypy ruff black knex sequelize typeorm tar unzip git env-cmd local unset "
    "shift read sed awk grep find touch ls kill ulimit umask eval openssl psql mysql mongosh nc pg_isready case for function".split()
)
_PATIENCE = frozenset({"wait-for", "wait-for-it", "wait_for_it", "wait", "dockerize", "wtfc"})


def read_command(command: str | Sequence[object], env: Mapping[str, str] | None = None) -> tuple[Started, ...]:
    """Every long-running thing that the command starts: shell text, or the words of an exec form.

    `env` are the variables that the unit sets. Migrations, builds and other one-off commands are left out.
    """
    if isinstance(command, str):
        parts = commands(command)
    else:
        parts = [[Word(str(item), 0) for item in command if item is not None]]
    found: list[Started] = []
    known = dict(env or {})
    for words in parts:
        found.extend(_simple(words, known, 0))
    return tuple(found)


def _simple(words: list[Word], env: dict[str, str], depth: int) -> list[Started]:
    words = _unwrap(words, env)
    if not words or depth > 4:
        return []
    program = base(words[0].text)
    if words[0].text in _SHELLS or program in _SHELLS:
        return _shell(words, env, depth)
    if program in ("concurrently", "npm-run-all", "run-p", "run-s"):
        return _several(words, env, depth)
    if program in _NO_START or not program:
        return []
    if (
        len(words) > 2
        and words[1].text == "-m"
        and known(base(words[2].text))
        and re.match(r"python[0-9.]*$|pypy3?$", program)
    ):
        words = words[2:]
        program = base(words[0].text)
    started = read(program, words, env)
    if started is None:
        return []
    shown = " ".join(word.text for word in words)[:400]
    return [replace(started, command=shown, line=started.line if started.line is not None else words[0].line)]


def base(program: str) -> str:
    """`/srv/.venv/bin/gunicorn` -> gunicorn; `node_modules/.bin/pm2` -> pm2; `gunicorn.exe` -> gunicorn."""
    return program.rsplit("/", 1)[-1].removesuffix(".exe").removesuffix(".cmd")


def _unwrap(words: list[Word], env: dict[str, str]) -> list[Word]:
    """Pass over assignments and wrappers; assignments go into `env`."""
    while words:
        text = words[0].text
        name = base(text)
        if "=" in text and (assigned := _ASSIGNED.match(text)):
            env[assigned[1]] = expanded(assigned[2], env)
            words = words[1:]
        elif name == ":":
            for default in (_UNLESS_SET.match(word.text) for word in words[1:]):
                if default and not env.get(default[1]):
                    env[default[1]] = expanded(default[2], env)
            return []
        elif name == "export":
            for word in words[1:]:
                if assigned := _ASSIGNED.match(word.text):
                    env.setdefault(assigned[1], expanded(assigned[2], env))
            return []
        elif name in ("env", "cross-env", "cross-env-shell", "dotenv", "dotenvx") or name in _PLAIN_WRAPPERS:
            words = _past_options(words[1:])
        elif name in _TAKES_ONE:
            words = _past_options(words[1:])[1:]
        elif len(words) > 1 and words[1].text in _TWO_WORD_WRAPPERS.get(name, ()):
            words = _past_options(words[2:])
        elif name.removesuffix(".sh") in _PATIENCE or (name in ("doppler", "infisical") and any(word.text == "--" for word in words)):
            marks = [index for index, word in enumerate(words) if word.text == "--"]
            if not marks:
                return []
            words = words[marks[0] + 1 :]
        else:
            return words
    return words


def _past_options(words: list[Word]) -> list[Word]:
    while words and words[0].text.startswith("-"):
        words = words[1:]
    return words


def _shell(words: list[Word], env: dict[str, str], depth: int) -> list[Started]:
    """`sh -c "text"`, `bash start.sh`."""
    for index, word in enumerate(words[1:], 1):
        if re.match(r"-[a-z]{0,6}c$", word.text) and index + 1 < len(words):
            inner = commands(words[index + 1].text)
            moved = [[Word(w.text, w.line + words[index + 1].line) for w in part] for part in inner]
            return [started for part in moved for started in _simple(part, env, depth + 1)]
        if not word.text.startswith("-"):
            return [Started(server="sh", hands_to=f"sh:{word.text}", command=" ".join(each.text for each in words[index:])[:400], line=word.line)]
    return []


def _several(words: list[Word], env: dict[str, str], depth: int) -> list[Started]:
    """`concurrently "npm:api" "node worker.js"`, `run-p api worker`."""
    found: list[Started] = []
    program = base(words[0].text)
    after_names = False
    for word in words[1:]:
        if word.text.startswith("-"):
            after_names = word.text in ("-n", "--names", "-c", "--prefix-colors", "-p", "--prefix")
        elif after_names:
            after_names = False
        elif program != "concurrently" or word.text.startswith(("npm:", "yarn:", "pnpm:")):
            found.append(
                Started(
                    server="npm", hands_to=f"npm:{word.text.rsplit('npm:', 1)[-1]}", command=word.text, line=word.line
                )
            )
        else:
            for part in commands(word.text):
                found.extend(_simple([Word(w.text, w.line + word.line) for w in part], dict(env), depth + 1))
    return found
