"""What callcheck/observers/FACTS.md says, as data: the facts with their keys, and its example lines."""

from __future__ import annotations

import json
import re
from pathlib import Path

FACTS_MD = Path(__file__).parents[2] / "callcheck" / "observers" / "FACTS.md"

EVERYWHERE = {"fact", "ts", "seq", "req", "trace_id"}
GROUPS = {
    "code.*": {"code.file.path", "code.line.number", "code.column.number", "code.function.name", "via"},
    "error.*": {"error.type", "exception.message"},
    "event": {"messaging.destination.name", "messaging.system"},
}


def tables() -> dict[str, set[str]]:
    """Each fact of the tables with the keys that it may have, beside those of every line."""
    text = FACTS_MD.read_text(encoding="utf-8")
    keys: dict[str, set[str]] = {}
    for row in re.findall(r"^\| (`[a-z]+\.[a-z_]+`[^|]*) \| ([^|]*) \|", text, re.M):
        named: set[str] = set()
        for word in re.findall(r"`([a-z0-9_.*]+)`", row[1]):
            named |= GROUPS.get(word, {word})
        for fact in re.findall(r"`([a-z]+\.[a-z_]+)`", row[0]):
            keys[fact] = named
    keys["process.identified"] |= keys["process.started"]
    return keys


def examples() -> list[dict[str, object]]:
    """The example lines, parsed."""
    block = FACTS_MD.read_text(encoding="utf-8").split("```json\n")[1].split("```")[0]
    return [json.loads(line) for line in block.splitlines()]


def unknown_keys(fact: dict[str, object]) -> set[str]:
    """Keys of one written line that the contract does not give to its fact; the fact's name if it has no such fact."""
    known = tables()
    name = str(fact["fact"])
    return set(fact) - EVERYWHERE - known[name] if name in known else {name}
