"""Which log formats and which failure lines are known?

name: bullmq                                   # signatures/bullmq.yaml
signatures:
  - {signal: lock-lost, contains: ["could not renew lock for job"], sample: "Error: could not renew lock for job 7"}
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from callcheck.knowledge.read_yaml import read_yaml
from callcheck.model.errors import RuleError
from callcheck.model.factors import first_letters
from callcheck.model.knowledge import STRENGTHS
from callcheck.model.log import STAGES, Boundary, Deadline, Format, LogKnowledge, Meaning, Signature
from callcheck.model.pattern import pattern

_FORMAT_KEYS = {"name", "layer", "pattern", "needs", "keys", "sample", "not_sample", "source", "rank"}
_SIGNATURE_KEYS = {
    "signal",
    "contains",
    "pattern",
    "unless",
    "class",
    "peer",
    "cured_by",
    "each",
    "due_s",
    "payload",
    "quiet",
    "effect",
    "strength",
    "says",
    "least",
    "sample",
    "not_sample",
    "source",
}
CLASSES = {"auth", "rate-limit", "timeout", "rejected", "unavailable"}
PEERS = {"", "model", "callback", "infrastructure", "service"}
SAME_STAGE = {
    "subscribed": "registered",
    "published": "emitted",
    "received": "handled",
    "acknowledged": "handled",
    "called": "started",
}
"""Further names that a user may give a stage."""
_SIDES = {"sender", "caller", "broker"}
_LONGEST = 160
_NESTED = pattern(r"[+*}]\)[+*{]")


def load(folders: Iterable[Path]) -> LogKnowledge:
    """Everything below `<folder>/logs`; a later folder's file replaces one of the same name. Raises RuleError."""
    formats: dict[str, tuple[int, list[Format]]] = {}
    signatures: dict[str, list[Signature]] = {}
    boundaries: dict[str, list[Boundary]] = {}
    deadlines: dict[str, list[Deadline]] = {}
    for folder in folders:
        for path in sorted((folder / "logs" / "formats").glob("*.y*ml")):
            data = _read(path)
            formats[path.stem] = (
                int(data.get("rank", 50)),
                [_format(item, path) for item in _items(data, "formats", path)],
            )
        for path in sorted((folder / "logs" / "signatures").glob("*.y*ml")):
            data = _read(path)
            signatures[path.stem] = [_signature(item, path, data) for item in _items(data, "signatures", path)]
        for path in sorted((folder / "logs" / "boundaries").glob("*.y*ml")):
            data = _read(path)
            boundaries[path.stem] = [_boundary(item, path) for item in _items(data, "boundaries", path)]
        for path in sorted((folder / "logs" / "deadlines").glob("*.y*ml")):
            data = _read(path)
            deadlines[path.stem] = [_deadline(item, path) for item in _items(data, "deadlines", path)]
    ordered = sorted(formats.values(), key=lambda entry: entry[0])
    return LogKnowledge(
        tuple(f for _, group in ordered for f in group),
        tuple(s for group in signatures.values() for s in group),
        tuple(b for group in boundaries.values() for b in group),
        tuple(d for group in deadlines.values() for d in group),
    )


def own_boundaries(stages: Iterable[tuple[str, str]], path: Path) -> tuple[Boundary, ...]:
    """The markers (stage and expression) that a user declares for the lines of his own application. Raises RuleError."""
    from callcheck.knowledge.patterns import check, of_logs

    found = tuple(_boundary({"stage": stage, "pattern": text, "own": True}, path) for stage, text in stages)
    check(of_logs(LogKnowledge(boundaries=found)))
    return found


def problems(known: LogKnowledge) -> Iterator[str]:
    """Formats and signatures whose own samples do not fit them."""
    for entry in known.formats:
        if entry.pattern:
            yield from _check(f"{entry.origin}: {entry.name}", entry.pattern.match, entry.samples, entry.not_samples)
    for sign in known.signatures:
        yield from _check(f"{sign.origin}: {sign.signal}", sign.fits, sign.samples, sign.not_samples)
    for edge in known.boundaries:
        yield from _check(f"{edge.origin}: {edge.stage}", edge.pattern.search, edge.samples, edge.not_samples)


def _check(name: str, fits: Any, samples: tuple[str, ...], others: tuple[str, ...]) -> Iterator[str]:
    if not samples:
        yield f"{name} has no sample"
    for text in samples:
        if not fits(text):
            yield f"{name} does not match its sample `{text[:80]}`"
    for text in others:
        if fits(text):
            yield f"{name} matches what it must not: `{text[:80]}`"


def _read(path: Path) -> dict[str, Any]:
    data = read_yaml(path)
    if not isinstance(data, dict) or not isinstance(data.get("name"), str):
        raise RuleError("a log file of rules is a mapping with a `name`", str(path))
    return data


def _items(data: dict[str, Any], key: str, path: Path) -> list[dict[str, Any]]:
    items = data.get(key)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise RuleError(f"`{key}` must be a list of mappings", str(path))
    return items


def _texts(item: dict[str, Any], key: str, path: Path) -> tuple[str, ...]:
    value = item.get(key, [])
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
        raise RuleError(f"`{key}` must be a text or a list of texts", str(path))
    return tuple(values)


def _pattern(item: dict[str, Any], key: str, path: Path) -> re.Pattern[str] | None:
    text = item.get(key)
    if text is None:
        return None
    if not isinstance(text, str) or _NESTED.search(text):
        raise RuleError(f"`{key}` must be a regular expression without nested repetition", str(path))
    try:
        re.compile(text, re.ASCII)
    except re.error as error:
        raise RuleError(f"`{key}` is not a regular expression: {error}", str(path)) from error
    # Of the hundreds that are known a run uses some dozens: each is compiled when it is first used, or taken from those kept.
    return pattern(text, re.ASCII)


def _only(item: dict[str, Any], known: set[str], path: Path) -> None:
    for key in item:
        if key not in known:
            raise RuleError(f"unknown key `{key}`; known: {', '.join(sorted(known))}", str(path))


def _format(item: dict[str, Any], path: Path) -> Format:
    _only(item, _FORMAT_KEYS, path)
    if item.get("layer") not in ("wrapper", "inner"):
        raise RuleError("`layer` is wrapper or inner", str(path))
    pattern = _pattern(item, "pattern", path)
    needs = _texts(item, "needs", path)
    if (pattern is None) == (not needs):
        raise RuleError("a format has either `pattern` or `needs`", str(path))
    keys = item.get("keys") or {}
    if not isinstance(keys, dict):
        raise RuleError("`keys` maps message, time, level, instance, pid, logger, thread, method, path, status, by to JSON keys", str(path))
    return Format(
        name=str(item.get("name", path.stem)),
        layer=item["layer"],
        pattern=pattern,
        needs=frozenset(needs),
        keys={str(key): _texts(keys, key, path) for key in keys},
        samples=_texts(item, "sample", path),
        not_samples=_texts(item, "not_sample", path),
        origin=str(path),
        first=first_letters(pattern.pattern, pattern.flags) if pattern else None,
    )


def _boundary(item: dict[str, Any], path: Path) -> Boundary:
    _only(item, {"stage", "pattern", "sample", "not_sample", "source", "own"}, path)
    stage = SAME_STAGE.get(str(item.get("stage")), str(item.get("stage")))
    if stage not in STAGES:
        raise RuleError(
            f"no stage is called `{stage}`", str(path), None, f"known: {', '.join((*STAGES, *SAME_STAGE))}"
        )
    pattern = _pattern(item, "pattern", path)
    if pattern is None:
        raise RuleError(f"{stage}: a boundary has a `pattern`", str(path))
    return Boundary(
        stage, pattern, bool(item.get("own")), _texts(item, "sample", path), _texts(item, "not_sample", path), str(path)
    )


def _deadline(item: dict[str, Any], path: Path) -> Deadline:
    _only(item, {"seconds", "side", "whose", "source"}, path)
    seconds = item.get("seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or seconds <= 0:
        raise RuleError("`seconds` is a number above 0", str(path))
    if item.get("side") not in _SIDES:
        raise RuleError(f"`side` is one of {', '.join(sorted(_SIDES))}", str(path))
    return Deadline(float(seconds), item["side"], str(item.get("whose", "")))


def _meaning(item: dict[str, Any], path: Path) -> Meaning | None:
    if "effect" not in item:
        return None
    says, strength = str(item.get("says", "")), str(item.get("strength", ""))
    if not says or len(says) > _LONGEST or strength not in STRENGTHS:
        raise RuleError(f"{item['signal']}: with an `effect` it `says` why, in at most {_LONGEST} characters, and its strength is one of {', '.join(STRENGTHS)}", str(path))
    return Meaning(str(item["effect"]), strength, says, int(item.get("least", 2)), float(item.get("due_s", 0)))


def _signature(item: dict[str, Any], path: Path, data: dict[str, Any]) -> Signature:
    _only(item, _SIGNATURE_KEYS, path)
    if not isinstance(item.get("signal"), str):
        raise RuleError("a signature names its `signal`", str(path))
    contains = _texts(item, "contains", path)
    if not contains or not all(contains):
        raise RuleError(f"{item['signal']}: `contains` must name at least one text", str(path))
    kind, peer = str(item.get("class", "")), str(item.get("peer", ""))
    if item["signal"] == "upstream" and kind not in CLASSES:
        raise RuleError(f"`class` is one of {', '.join(sorted(CLASSES))}", str(path))
    if peer not in PEERS:
        raise RuleError(f"`peer` is one of {', '.join(sorted(PEERS - {''}))}", str(path))
    return Signature(
        means=_meaning(item, path),
        signal=item["signal"],
        library=str(data["name"]),
        contains=contains,
        pattern=_pattern(item, "pattern", path),
        unless=_pattern({"unless": "|".join(_texts(item, "unless", path)) or None}, "unless", path),
        kind=kind,
        peer=peer,
        cured_by=_pattern(item, "cured_by", path),
        each=bool(item.get("each", False)),
        payload=bool(item.get("payload", False)),
        quiet=bool(item.get("quiet", False)),
        samples=_texts(item, "sample", path),
        not_samples=_texts(item, "not_sample", path),
        origin=str(path),
    )
