"""How do the web servers of Python read their own command lines?

Defaults: gunicorn 27 and uvicorn 0.54 take WEB_CONCURRENCY, else 1; hypercorn 1; granian GRANIAN_WORKERS, else 1; uWSGI 1. All read in the
packages named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from callcheck.sources.launch.started import Option, Reader, Started, app_of, counted, option
from callcheck.sources.launch.words import Word, commands


def _gunicorn(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started:
    workers = option(words, "-w", "--workers")
    config = option(words, "-c", "--config")
    hands_to = f"config:{config.value}" if config else "config:gunicorn.conf.py"
    extra = env.get("GUNICORN_CMD_ARGS", "")
    if not workers and extra:
        args = [word for part in commands(extra) for word in part]
        if inner := option(args, "-w", "--workers"):
            workers = Option(inner.value, f"GUNICORN_CMD_ARGS {inner.text}", "GUNICORN_CMD_ARGS", 0)
    return counted(
        "gunicorn", workers, env, "WEB_CONCURRENCY", entry=app_of(words), hands_to="" if workers else hands_to
    )


def _uvicorn(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started:
    if any(word.text == "--reload" for word in words):
        return Started("uvicorn", app_of(words), "web")
    variable = "UVICORN_WORKERS" if env.get("UVICORN_WORKERS") else "WEB_CONCURRENCY"  # options by their names come first (uvicorn 0.54, main.py, auto_envvar_prefix)
    return counted("uvicorn", option(words, "--workers"), env, variable, entry=app_of(words))


def _fastapi(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    if not words or words[0].text not in ("run", "dev"):
        return None
    entry = next((w.text for w in words[1:] if w.text.endswith(".py")), "")
    return counted("uvicorn", option(words, "--workers"), env, "WEB_CONCURRENCY", entry=entry)


def _hypercorn(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started:
    workers, config = option(words, "-w", "--workers"), option(words, "-c", "--config")
    return counted("hypercorn", workers, env, entry=app_of(words), hands_to=f"config:{config.value}" if config and not workers else "")


def _granian(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started:
    return counted("granian", option(words, "--workers"), env, "GRANIAN_WORKERS", entry=app_of(words))


def _uwsgi(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started:
    found = option(words, "-p", "--processes", "--workers")
    told = option(words, "--ini", "-i", "--yaml", "--yml", "-y", "--json", "-j", "--xml", "-x")
    file = told.value if told else next((w.text for w in words if w.text.endswith((".ini", ".yaml", ".yml", ".json", ".xml"))), "")
    module = option(words, "-w", "--module", "--wsgi-file", "--wsgi")
    hands_to = f"config:{file}" if file and not found else ""
    return counted("uwsgi", found, env, "UWSGI_PROCESSES", entry=module.value if module else "", hands_to=hands_to)


def _one_web(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started:
    return Started(program, app_of(words), "web")


def _flask(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    if not any(word.text == "run" for word in words):
        return None
    app = option(words, "--app", "-A")
    return Started("flask", app.value if app else env.get("FLASK_APP", ""), "web")


READERS: dict[str, Reader] = {
    "gunicorn": _gunicorn,
    "uvicorn": _uvicorn,
    "fastapi": _fastapi,
    "hypercorn": _hypercorn,
    "granian": _granian,
    "uwsgi": _uwsgi,
    "daphne": _one_web,
    "waitress-serve": _one_web,
    "flask": _flask,
}
