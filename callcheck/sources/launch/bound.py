"""On which address of its own machine alone does a server listen, by its command line?

    uvicorn shop.api:app                   # 127.0.0.1, which is uvicorn's default
    gunicorn -b 127.0.0.1:8000 shop:app    # as it is told
    flask run --host 0.0.0.0               # open to others

Defaults as read in uvicorn 0.54 (config.py), granian 2.8 (server/common.py), daphne 4.2 (cli.py), hypercorn 0.18 (config.py), Flask 3.1 (cli.py), Django 5.2
(runserver.py), fastapi-cli 0.0.34 (`dev`; its `run` takes 0.0.0.0) and Laravel 12 (ServeCommand.php). Gunicorn's own default is 127.0.0.1:8000, and
0.0.0.0 where PORT is set, as hosts of containers do; so it is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.launch.started import Started, option
from callcheck.sources.launch.words import Word, expanded

_LOOPBACK = pattern(r"^(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|::1|\[::1\])(?::\d{1,5})?$")
_ELSEWHERE = ("--uds", "--fd", "--unix", "--unix_socket", "-u", "-e", "--endpoint", "--config", "-c", "--insecure-bind", "--quic-bind")
"""Options by which a server listens on a socket of another kind, or is told of it by a file."""
_BIND = pattern(r"(?m)^bind[ \t]*=[ \t]*\[?[ \t]*[\"']([^\"'\n]{1,80})[\"']")
_ADDRESS = pattern(r"^(?:[\w.-]+|\[[\da-fA-F:]+\]):\d{1,5}$|^\d{1,3}(?:\.\d{1,3}){3}$")


@dataclass(frozen=True, slots=True)
class _Binds:
    """How a server is told its address: the options, the variable, and what it takes otherwise; "" for an open one."""

    options: tuple[str, ...] = ("--host",)
    variable: str = ""
    default: str = ""


_SERVERS: dict[str, _Binds] = {
    "uvicorn": _Binds(variable="UVICORN_HOST", default="127.0.0.1"),
    "fastapi dev": _Binds(default="127.0.0.1"),
    "fastapi run": _Binds(),
    "granian": _Binds(variable="GRANIAN_HOST", default="127.0.0.1"),
    "daphne": _Binds(("-b", "--bind"), default="127.0.0.1"),
    "hypercorn": _Binds(("-b", "--bind"), default="127.0.0.1"),
    "gunicorn": _Binds(("-b", "--bind")),
    "waitress-serve": _Binds(("--listen", "--host")),
    "flask": _Binds(("--host", "-h"), "FLASK_RUN_HOST", "127.0.0.1"),
    "runserver": _Binds((), default="127.0.0.1"),
    "artisan serve": _Binds(variable="SERVER_HOST", default="127.0.0.1"),
    "next": _Binds(("-H", "--hostname")),
    "node": _Binds(("--host", "--hostname", "--bind")),
    "python": _Binds(("--host", "--bind")),
    "puma": _Binds(("-b", "--bind")),
    "": _Binds(("--host", "--address", "--bind", "--listen")),
}


@dataclass(frozen=True, slots=True)
class Bound:
    """An address that no other machine or container reaches, as written, and whether it is; otherwise it is the server's own default."""

    address: str
    told: bool


def bound(started: Started, env: Mapping[str, str], may_be_set: Callable[[str], bool] = lambda name: False) -> Bound | None:
    """Where a server listens for its own machine alone; None for an open one, and where it cannot be told.

    `env` are the variables of its unit, `may_be_set` tells whether something else in the target sets one, which it may be given.
    """
    words = _words(started)
    binds = _SERVERS.get(_called(started, [word.text for word in words]))
    if binds is None or any(word.text.split("=")[0] in _ELSEWHERE for word in words if word.text.split("=")[0] not in binds.options):
        return None
    said = option(words, *binds.options) if binds.options else None
    written = said.value if said is not None else next((w.text for w in words[2:] if _ADDRESS.match(w.text) or "$" in w.text), "") if started.server == "django" else ""
    if written:
        return _alone(expanded(written, env), told=True)
    if binds.variable and binds.variable in env:
        return _alone(env[binds.variable], told=True)
    return None if binds.variable and may_be_set(binds.variable) else _alone(binds.default, told=False)


def settings_of(started: Started) -> str:
    """The file that tells gunicorn what its command does not say of the address, as `-c` names it; "" for another server, and where the command says it."""
    words = _words(started)
    if started.server != "gunicorn" or option(words, "-b", "--bind"):
        return ""
    named = option(words, "-c", "--config")
    return named.value if named else "gunicorn.conf.py"


def configured(settings: str) -> Bound | None:
    """The same of gunicorn's file of settings, `bind = "127.0.0.1:8000"`."""
    found = _BIND.search(settings)
    return _alone(found[1], told=True) if found else None


def _words(started: Started) -> list[Word]:
    return [Word(text, 0) for text in started.command.split()]


def _alone(address: str, *, told: bool) -> Bound | None:
    here = loopback(address.removeprefix("tcp://").removeprefix("http://"))
    return Bound(here, told) if here else None


def loopback(address: str) -> str:
    """An address without its port, if nobody but its own machine reaches it; else ""."""
    return re.sub(r"(?<!:):\d{1,5}$", "", address) if _LOOPBACK.match(address) else ""


def _called(started: Started, words: Sequence[str]) -> str:
    """The name under which the table knows a command."""
    program = words[0].rsplit("/", 1)[-1] if words else ""
    if program in ("fastapi", "artisan", "php"):
        verb = next((word for word in words[1:] if word in ("dev", "run", "serve")), "")
        return f"{'artisan' if program == 'php' and 'artisan' in words else program} {verb}"
    if started.server == "django":
        return "runserver" if any(word.startswith("runserver") for word in words) else ""
    return started.server
