"""Which libraries are known, and by which calls do they register, emit, run and share?

    name: blinker
    languages: [python]
    packages: [blinker]
    objects: {signal: [blinker.signal, blinker.Signal]}
    idioms:
      - {does: register, on: signal, methods: [connect], handler: 0, weak: true, sample: "s = blinker.signal('x')\\ns.connect(f)"}
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from callcheck.knowledge.read_yaml import read_yaml
from callcheck.model.errors import RuleError
from callcheck.model.factors import factors
from callcheck.model.knowledge import SPANNING, STRENGTHS, Framework, Idiom, Place, pattern_in
from callcheck.model.noun import replace
from callcheck.model.pattern import pattern
from callcheck.model.versions import requirements

TrapT = TypeVar("TrapT", Idiom, Place)
_LISTS = ("methods", "calls", "fields", "defines", "gives", "traits", "only", "but", "consumed", "absent", "along", "without")
_WORDS = ("object", "event", "handler", "payload", "scope", "takes")
_PATTERN = pattern(r"\{pattern ([a-z-]{1,40})\}")
_STANDING = ("trap", "part", "shape", "bind")
"""What is judged with the text that it stands in (`sources.code.standing`)."""


def load(folders: Iterable[Path]) -> tuple[Framework, ...]:
    """Every framework below `<folder>/frameworks`, a later folder's file replacing one of the same name."""
    found: dict[str, Framework] = {}
    patterns: dict[str, str] = {}
    for folder in folders:
        patterns |= _patterns(folder / "patterns.yaml")
        for path in sorted((folder / "frameworks").glob("*.y*ml")):
            framework = read(path)
            found[framework.name] = framework
        for path in sorted((folder / "traps").glob("*.y*ml")):
            framework = read_traps(path, found, patterns)
            found[framework.name] = framework
    return tuple(found.values())


def in_order(folders: Iterable[Path]) -> tuple[dict[str, Framework], dict[str, str]]:
    """The frameworks that can be read, without their traps, and the named patterns: what traps are read beside when each file is checked by itself."""
    found: dict[str, Framework] = {}
    patterns: dict[str, str] = {}
    for folder in folders:
        with contextlib.suppress(RuleError):
            patterns |= _patterns(folder / "patterns.yaml")
        for path in sorted((folder / "frameworks").glob("*.y*ml")):
            with contextlib.suppress(RuleError):
                framework = read(path)
                found[framework.name] = framework
    return found, patterns


def _patterns(path: Path) -> dict[str, str]:
    """The patterns that a folder of rules names for all of them. Raises RuleError."""
    data = read_yaml(path) if path.is_file() else {}
    if not isinstance(data, dict) or not all(isinstance(text, str) for text in data.values()):
        raise RuleError("named patterns are a mapping of texts", str(path))
    return {str(name): text for name, text in data.items()}


def read_traps(path: Path, known: Mapping[str, Framework], patterns: Mapping[str, str]) -> Framework:
    """The framework that a file of traps adds to, with them, and `{pattern NAME}` filled in. Raises RuleError.

    framework: watchdog
    objects: {observer: [watchdog.observers.Observer]}      # kinds that the framework's own file does not name
    traps:
      - {effect: missing-subscription, on: observer, methods: [schedule], needs: {recursive: null}, says: "...", sample: "..."}
    """
    data = read_yaml(path)
    if not isinstance(data, dict) or not isinstance(data.get("framework"), str):
        raise RuleError("a file of traps is a mapping with a `framework`", str(path))
    if data["framework"] not in known:
        raise RuleError(f"no framework is called {data['framework']}", str(path))
    framework = known[data["framework"]]
    try:
        objects = dict(framework.objects)
        for kind, made in (data.get("objects") or {}).items():
            objects[kind] = (*objects.get(kind, ()), *made)
        traps = tuple(_with_words(_named(_idiom({"does": "trap", **item}), patterns)) for item in data.get("traps") or ())
    except (TypeError, AttributeError, ValueError) as error:
        raise RuleError(f"not a trap: {error}", str(path)) from error
    for trap in traps:
        _told(trap, path)
    return replace(framework, objects=objects, idioms=(*framework.idioms, *traps))


def read(path: Path) -> Framework:
    """One framework file. Raises RuleError."""
    data = read_yaml(path)
    if not isinstance(data, dict) or not isinstance(data.get("name"), str):
        raise RuleError("a framework is a mapping with a `name`", str(path))
    try:
        return Framework(
            name=data["name"],
            title=str(data.get("title", data["name"])),
            languages=tuple(data.get("languages", ())),
            packages=tuple(data.get("packages", ())),
            distributions={str(module): str(name) for module, name in (data.get("distributions") or {}).items()},
            objects=_objects(data.get("objects") or {}),
            idioms=tuple(_idiom(item) for item in data.get("idioms") or ()),
            payloads={event: tuple(has) for event, has in (data.get("payloads") or {}).items()},
            injected={bus: tuple(types) for bus, types in (data.get("injected") or {}).items()},
            carriers=tuple(data.get("carriers", ())),
            graphs={graph: str(paths) for graph, paths in (data.get("graphs") or {}).items()},
            hands=tuple(data.get("hands", ())),
            places=tuple(_told(Place(**item), path) for item in data.get("places") or ()),
            hooks={kind: {name: str(takes or "") for name, takes in has.items()} for kind, has in (data.get("hooks") or {}).items()},
            names={str(was): str(now) for was, now in (data.get("names") or {}).items()},
            former={str(key): tuple(map(str, listed)) for key, listed in (data.get("former") or {}).items()},
            requires={str(event): str(flag) for event, flag in (data.get("requires") or {}).items()},
            skips={event: tuple(operations) for event, operations in (data.get("skips") or {}).items()},
            streamed=_streamed(data.get("streamed") or {}),
            checked=str(data.get("checked", "")),
            source=str(data.get("source", "")),
            for_tests=data.get("for_tests") is True,
            broker=str(data.get("broker", "")),
            origin=str(path),
        )
    except (TypeError, AttributeError, ValueError, KeyError) as error:
        raise RuleError(f"not a framework: {error}", str(path)) from error


def _told(trap: TrapT, path: Path) -> TrapT:
    """A trap, or what stands in place of one in a file of the deployment, that says what it has to. Raises RuleError."""
    if not trap.effect or not trap.says or trap.strength not in STRENGTHS:
        raise RuleError(f"a trap has an `effect`, says why, and its strength is one of {', '.join(STRENGTHS)}", str(path))
    return trap


def _objects(data: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    """Kinds with the names that make them; `=of-user` in a list stands for all names of the kind `of-user`, which stands beside it."""
    return {kind: tuple(name for each in made for name in (data[each[1:]] if each.startswith("=") else (each,))) for kind, made in data.items()}


def _streamed(data: dict[str, str] | list[str]) -> dict[str, tuple[str, ...]]:
    """`[token]` is short for `{token: streaming}`."""
    pairs = data.items() if isinstance(data, dict) else ((name, "streaming") for name in data)
    return {str(name): tuple(str(traits).split()) for name, traits in pairs}


def _idiom(item: dict[str, Any]) -> Idiom:
    values: dict[str, Any] = dict(item)
    for key in _LISTS:
        given = values.get(key, ())
        values[key] = tuple(str(v) for v in ([given] if isinstance(given, str) else given))
    for key in _WORDS:
        values[key] = str(values.get(key, ""))
    if values.get("versions"):
        requirements(values["versions"])
    if values.get("does") not in _STANDING and "text" in (values.get("where") or {}):
        raise ValueError(f"`where: text` is read for {', '.join(_STANDING)} alone, and would be passed over for {values.get('does')}")
    values["shape"] = tuple((str(name), what) for item in values.get("shape", ()) for name, what in item.items())
    return Idiom(**values)


def _named(trap: Idiom, patterns: Mapping[str, str]) -> Idiom:
    """With the patterns that its texts beside it name; ValueError for a name that nothing has."""
    def filled(item: str) -> str:
        missing = next((name for name in _PATTERN.findall(item) if name not in patterns), "")
        if missing:
            raise ValueError(f"no pattern is called {missing}")
        return _PATTERN.sub(lambda found: patterns[found[1]], item)

    where = {key: filled(value) if isinstance(value, str) else value for key, value in trap.where.items()}
    return replace(trap, where=where, along=tuple(map(filled, trap.along)), without=tuple(map(filled, trap.without)))


def _with_words(trap: Idiom) -> Idiom:
    patterns = [str(trap.where[name]).removeprefix("*") for name in SPANNING if name in trap.where]
    patterns += filter(None, map(pattern_in, (*trap.along, *trap.without)))
    known = ((text, factors(text, re.MULTILINE)) for text in patterns)
    # `{ clientId }` is as good as `{ clientId: clientId }`, so a key may stand without its colon.
    return replace(trap, words={text: tuple(sorted({word.rstrip(":") or word for word in found[0]})) for text, found in known if found and found[1]})
