"""Which model APIs does the target use, at which address, with which key, limit and models?

Keys stay in `Endpoint.key`, which nothing prints. A key out of the target's own files goes wherever the target sends it. One out of callcheck's
own environment is the user's, and a folder may be a stranger's: it goes only to the API that it is for, to where the user's own environment
says that this API is, or to this machine.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from callcheck.model.evidence import Location
from callcheck.model.noun import dataclass, replace
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import where
from callcheck.sources.code.stand_ins import read_from, written
from callcheck.sources.code.tree import Entry, Keyword, Literal, Node
from callcheck.sources.environment import OPEN, settings
from callcheck.sources.environment.setting import dotenv, filled
from callcheck.sources.online.systems import BY_NAME, SYSTEMS, System

if TYPE_CHECKING:
    from callcheck.sources import Eyes
    from callcheck.sources.code import Code
    from callcheck.sources.code.idioms import Use

_EXAMPLES = pattern(r"(?i)[.-](?:example|sample|template|dist|defaults?|test|ci)(?:$|\.)")
_MODEL = pattern(r"^[A-Za-z][\w.:/@-]{2,99}$")
_MODELS = ("model", "model_name", "modelName", "modelId")
_KEYS = ("api_key", "apiKey", "openai_api_key", "openAIApiKey", "anthropic_api_key", "anthropicApiKey")
_RETRIES = ("max_retries", "maxRetries")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True, repr=False)
class Endpoint:
    """One API at one address. Without `repr`, so that no key comes into a traceback."""

    system: System
    base: str
    key: str
    variable: str
    """Where the key comes from; "written in the code" for one that is; "" without a key."""
    where: Location | None
    timeout_s: float = 0.0
    """As the code's client is given it; 0 if that is not written out."""
    retries: int = -1
    models: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """Host, and port where it is not the scheme's own."""
        parts = urlsplit(self.base)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
        return f"{host}:{parts.port}" if parts.port else host


@dataclass(frozen=True, slots=True, repr=False)
class _Given:
    """Variables of the target's files, with the place of each, and of callcheck's own environment, which goes before."""

    files: Mapping[str, tuple[str, Location]]
    own: Mapping[str, str]

    def value(self, name: str) -> str:
        return self.own.get(name) or (self.files[name][0] if name in self.files else "")

    def place(self, name: str) -> Location | None:
        return self.files[name][1] if name in self.files else None


def endpoints(eyes: Eyes, own: Mapping[str, str] = os.environ) -> list[Endpoint]:
    """Each API once: those that clients in the code call, and those that only the environment files name."""
    given = _Given(dict(_variables(eyes)), own)
    found: dict[tuple[str, str], Endpoint] = {}
    if eyes.code.present:
        for each in _clients(eyes.code, given):
            held = found.get((each.base, each.key))
            models = tuple(dict.fromkeys((*held.models, *each.models))) if held else each.models
            found[each.base, each.key] = replace(held or each, models=models)
    # Where the code says the address itself, in a way that cannot be followed, the usual one is not asked in its place.
    called = {each.system.name for each in found.values()} | {use.idiom.event_is for use in eyes.code.idioms.of("upstream")}
    for system in SYSTEMS:
        named = next((name for name in (*system.bases, *system.keys) if given.place(name)), "")
        if named and system.name not in called:
            base = _base(system, given)
            each_one = _endpoint(system, base, "", "", given, given.place(named))
            if each_one:
                found.setdefault((each_one.base, each_one.key), each_one)
    return list(found.values())


def _variables(eyes: Eyes) -> Iterator[tuple[str, tuple[str, Location]]]:
    """Of deployments, and of env files, which go before: those nearest to the top, and `.env` itself, last."""
    for each in settings(eyes):
        if each.name != OPEN and each.value:
            yield each.name, (each.value, each.where)
    files = [file for file in eyes.tree.named(".env", ".env.*", "*.env") if not _EXAMPLES.search(file.base)]
    for file in sorted(files, key=lambda file: (-file.name.count("/"), file.base == ".env", file.name)):
        for name, value, line in dotenv(eyes, file):
            if text := filled(value, {}):
                yield name, (text, Location(clean(file.name), line))


def _clients(code: Code, given: _Given) -> Iterator[Endpoint]:
    systems: dict[str, set[str]] = {}
    uses = [use for use in code.idioms.of("upstream") if not is_test(use.module.path)]
    for use in uses:
        systems.setdefault(use.module.path, set()).add(use.idiom.event_is)
    for use in uses:
        system = BY_NAME[use.idiom.event_is]
        if any(not keyword.name for keyword in use.call.keywords):
            continue  # Its options come from somewhere else.
        base = _base(system, given)
        if placed := code.idioms.placed(use.call, use.idiom.event):
            text, _ = written(code, placed[0])
            base = given.value(read_from(code, placed[0])) or text
            base = system.at(base) if system.regions else base
        key = next((node for name in _KEYS if (node := use.call.keyword(name)) is not None), None)
        text = code.idioms.text(key) if isinstance(key, Literal) else ""
        made = _endpoint(system, base, text, read_from(code, key) if key is not None else "", given, where(use.call))
        if made:
            alone = len(systems[use.module.path]) == 1
            yield replace(made, timeout_s=_limit(use), retries=_retries(use), models=tuple(_models(code, use, given)) if alone else ())


def _base(system: System, given: _Given) -> str:
    """Where an API is by the variables of its clients, or by itself; "" without the region that it needs."""
    told = next((value for name in system.bases if (value := given.value(name))), "")
    return told or (system.at(next((value for name in system.regions if (value := given.value(name))), "")) if system.regions else system.base)


def _endpoint(system: System, base: str, key: str, variable: str, given: _Given, place: Location | None) -> Endpoint | None:
    """None for an address that is not known in full, or is none of the web's."""
    base = _address(system, base)
    try:
        parts = urlsplit(base)
        host = parts.hostname or ""
        parts.port  # noqa: B018  (raises for one that is no number)
    except ValueError:
        return None
    if "*" in base or parts.scheme not in ("http", "https") or not host or host.startswith("169.254."):
        return None
    system = next((each for each in SYSTEMS if each.base and urlsplit(each.base).hostname == host and host not in _LOOPBACK), system)
    if system.name == "ollama" and parts.path.rstrip("/").endswith("/v1"):
        system = BY_NAME["vllm"]
    names = (variable,) if variable else () if key else system.keys
    if not key:
        for name in names:
            key = _key(system, name, base, given)
            if key:
                variable = name
                break
        else:
            variable = ""
    return Endpoint(system, base, key, clean(variable, 80) or ("written in the code" if key else ""), place)


def _address(system: System, base: str) -> str:
    base = base.strip().rstrip("/")
    if system.name == "ollama" and base:
        base = base if "://" in base else f"http://{base}"
        base = base.replace("://0.0.0.0", "://127.0.0.1")
        if base.count(":") == 1 and base.startswith("http://"):
            base += ":11434"
    return base


def _key(system: System, name: str, base: str, given: _Given) -> str:
    """The key under a name, if it may go there."""
    own = given.own.get(name, "")
    host = urlsplit(base).hostname or ""
    for_it = name in system.keys
    homes = {urlsplit(given.own.get(each, "")).hostname for each in system.bases}
    if own and for_it and (host in homes or system.home(host) or host in _LOOPBACK):
        return own
    return given.files[name][0] if name in given.files else ""


def _number(node: Node | None) -> float | None:
    value = node.value if isinstance(node, Literal) else None
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _limit(use: Use) -> float:
    thousandths = _number(use.call.keyword("timeout_ms"))
    if thousandths is not None:
        return thousandths / 1000
    value = next((found for name in ("timeout", "request_timeout") if (found := _number(use.call.keyword(name))) is not None), 0.0)
    return value if module_of(use.call).language == "python" else value / 1000


def _retries(use: Use) -> int:
    return next((int(found) for name in _RETRIES if (found := _number(use.call.keyword(name))) is not None), -1)


def _models(code: Code, use: Use, given: _Given) -> Iterator[str]:
    """The names of models in the module of a client, as far as they are written or set."""
    nodes: list[Node] = [each.value for kind in (Keyword, Entry) for each in use.module.all(kind) if (each.name if isinstance(each, Keyword) else each.key) in _MODELS]  # type: ignore[attr-defined]
    nodes += code.idioms.placed(use.call, use.idiom.payload)
    for node in nodes:
        text, _ = written(code, node)
        name = given.value(read_from(code, node)) or text
        if _MODEL.match(name):
            yield name
