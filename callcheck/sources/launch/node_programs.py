"""How do the programs of Node.js, and PM2, read their own command lines? PM2 starts 1 without `-i`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from callcheck.sources.launch.roles import role_of_name
from callcheck.sources.launch.started import ONE_OFF, Reader, Started, counted, free_word, option
from callcheck.sources.launch.words import Word

_VALUES = frozenset(
    "-r --require --import --loader --experimental-loader --env-file --env-file-if-exists --conditions -C --project -P --tsconfig".split()
)


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
    return counted("pm2", found, env, entry=entry, role=role)


def _node(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    rest = list(words)
    if program in ("deno", "bun", "tsx", "nodemon", "ts-node-dev", "tsnd"):
        rest = [word for word in rest if word.text not in ("run", "watch", "serve")]
    at = free_word(rest, _VALUES)
    if at < 0:
        return None
    entry = rest[at].text
    if entry.endswith((".bin/next", "next/dist/bin/next")):
        return _next(program, rest[at + 1 :], env)
    if entry.endswith(("/pm2", "/pm2-runtime")):
        return _pm2(entry.rsplit("/", 1)[-1], rest[at + 1 :], env)
    if program == "bun" and "/" not in entry and "." not in entry:
        return Started("npm", hands_to=f"npm:{entry}")
    # `node build/index.js` and `node dist/bootstrap.js` are servers as often as not.
    stem = entry.rsplit("/", 1)[-1].partition(".")[0]
    if ONE_OFF.search(stem) and stem != "bootstrap":
        return None
    role = role_of_name(entry)
    found = option(rest[at + 1 :], "--workers")
    return counted("node", found, env, entry=entry, role=role)


def _next(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    return Started("next", "", "web") if words and words[0].text in ("start", "dev") else None


def _nest(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    return Started("nest", "dist/main", "web") if words and words[0].text == "start" else None


def _probot(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    at = free_word(words[1:], _VALUES) if words and words[0].text == "run" else -1
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
    if ONE_OFF.search(names[0]):
        return None
    return Started("npm", hands_to=f"npm:{names[0]}", role=role_of_name(names[0]))


READERS: dict[str, Reader] = {
    "pm2": _pm2,
    "pm2-runtime": _pm2,
    "pm2-docker": _pm2,
    "next": _next,
    "nest": _nest,
    "probot": _probot,
    "npm": _npm,
    "yarn": _npm,
    "pnpm": _npm,
    "node": _node,
    "nodejs": _node,
    "ts-node": _node,
    "tsx": _node,
    "nodemon": _node,
    "bun": _node,
    "deno": _node,
    "ts-node-dev": _node,
    "tsnd": _node,
}
