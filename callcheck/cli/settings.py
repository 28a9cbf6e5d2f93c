"""Which settings are there, and what may each be?

The one table of settings: the command line, the environment (CALLCHECK_FAIL_ON) and the configuration file (`fail-on: 0.7`) all go through it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from callcheck.model.confidence import LIKELY
from callcheck.model.errors import RuleError, UsageError
from callcheck.model.noun import dataclass, fields
from callcheck.model.period import Instant
from callcheck.model.printable import clean

FORMATS = ("terminal", "json", "sarif", "github", "gitlab", "junit", "markdown", "html")
COLORS = ("auto", "always", "never")
JOBS = ("1", "2")
KINDS = ("logs", "source", "config")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run of `diagnose` goes by."""

    format: str = "terminal"
    output: Path | None = None
    probe: tuple[str, ...] = ()
    skip_probe: tuple[str, ...] = ()
    min_confidence: float = 0.1
    """Causes below are left out."""
    fail_on: float = LIKELY
    """From this confidence on the exit status is 1."""
    fail_causes: tuple[str, ...] = ()
    """The causes that count for it; () for all."""
    strict: bool = False
    """Whether it is a failure that something could not be read."""
    baseline: Path | None = None
    """Findings that were there before, and are left out."""
    diff_base: str = ""
    """A revision whose findings are left out."""
    exit_zero: bool = False
    rules: tuple[Path, ...] = ()
    color: str = "auto"
    stages: tuple[tuple[str, str], ...] = ()
    """How the application's own log lines say how far a delivery has come: stage and regular expression."""
    kind: str = ""
    """What the targets are, whatever they look like: logs, source, config; "" to recognise each."""
    since: Instant | None = None
    """Log entries of before are left out."""
    until: Instant | None = None
    follow: bool = False
    """Read on while the logs grow."""
    cluster: str = ""
    """Whose workers read the logs: the address of a Dask scheduler."""
    online: bool = False
    """Ask the model APIs that the target uses."""
    quiet: bool = False
    verbose: bool = False
    no_cache: bool = False
    jobs: str = "1"
    """Processes that look at a big tree."""
    debug: bool = False
    also: tuple[tuple[str, Path], ...] = ()
    """Further formats of the same report, and their files."""


@dataclass(frozen=True, slots=True)
class Key:
    """One setting as the user writes it; `shape` is choice, text, texts, path, paths, share, flag, moment, text or markers."""

    name: str
    field: str
    shape: str
    choices: tuple[str, ...] = ()
    in_file: bool = True
    """Whether a configuration file may set it; a file from a stranger's repository must not choose what is written where, what is sent, nor that a run goes on for ever."""


KEYS: tuple[Key, ...] = (
    Key("format", "format", "choice", FORMATS),
    Key("output", "output", "path", in_file=False),
    Key("probe", "probe", "texts"),
    Key("skip-probe", "skip_probe", "texts"),
    Key("min-confidence", "min_confidence", "share"),
    Key("fail-on", "fail_on", "share"),
    Key("fail-causes", "fail_causes", "texts"),
    Key("strict", "strict", "flag"),
    Key("baseline", "baseline", "path"),
    Key("diff-base", "diff_base", "text", in_file=False),
    Key("exit-zero", "exit_zero", "flag"),
    Key("rules", "rules", "paths"),
    Key("stages", "stages", "markers"),
    Key("color", "color", "choice", COLORS),
    Key("as", "kind", "choice", KINDS),
    Key("since", "since", "moment"),
    Key("until", "until", "moment"),
    Key("follow", "follow", "flag", in_file=False),
    Key("cluster", "cluster", "text", in_file=False),
    Key("online", "online", "flag", in_file=False),
    Key("quiet", "quiet", "flag"),
    Key("verbose", "verbose", "flag"),
    Key("no-cache", "no_cache", "flag"),
    Key("jobs", "jobs", "choice", JOBS, in_file=False),
    Key("debug", "debug", "flag", in_file=False),
)
BY_NAME: Mapping[str, Key] = {key.name: key for key in KEYS}


def key(name: str) -> Key:
    """The setting of that name, `_` and `-` alike. Raises UsageError with the nearest name."""
    wanted = name.replace("_", "-")
    found = BY_NAME.get(wanted)
    if found is None:
        import difflib

        near = difflib.get_close_matches(wanted, BY_NAME, 1)
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(BY_NAME)}"
        raise UsageError(f"unknown setting `{clean(name, 60)}`", hint)
    return found


def value(of: Key, raw: Any, base: Path) -> Any:
    """What was written, as the setting's own type; paths are taken from `base`. Raises UsageError."""
    if of.shape == "flag":
        return _flag(of, raw)
    if of.shape == "share":
        return _share(of, raw)
    if of.shape == "markers":
        return _markers(of, raw)
    if of.shape == "moment":
        from callcheck.cli import moments

        # YAML and TOML know times by themselves.
        return moments.read(of.name, raw.isoformat() if hasattr(raw, "isoformat") else str(raw))
    if of.shape in ("texts", "paths"):
        separator = os.pathsep if of.shape == "paths" else ","
        items = [part for part in raw.split(separator) if part.strip()] if isinstance(raw, str) else raw
        if not isinstance(items, (list, tuple)) or not all(isinstance(item, str) for item in items):
            raise _unfit(of, raw, "a list of words")
        return (
            tuple(base / item.strip() for item in items)
            if of.shape == "paths"
            else tuple(item.strip() for item in items)
        )
    if not isinstance(raw, str) or not raw:
        raise _unfit(of, raw, "a word")
    if of.shape == "path":
        return base / raw
    if of.choices and raw not in of.choices:
        raise _unfit(of, raw, " or ".join(of.choices))
    return raw


def _flag(of: Key, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    word = str(raw).strip().lower()
    if word in ("1", "true", "yes", "on"):
        return True
    if word in ("", "0", "false", "no", "off"):
        return False
    raise _unfit(of, raw, "true or false")


def _share(of: Key, raw: Any) -> float:
    try:
        share = float(raw)
    except (TypeError, ValueError, OverflowError):
        raise _unfit(of, raw, "a number from 0 to 1") from None
    if isinstance(raw, bool) or not 0 <= share <= 1:
        raise _unfit(of, raw, "a number from 0 to 1")
    return share


def _markers(of: Key, raw: Any) -> tuple[tuple[str, str], ...]:
    """`{emitted: "published (?P<event>[^ ]+) order=(?P<id>[0-9]+)"}`, one expression or a list of them for each stage."""
    from callcheck.knowledge.logs import own_boundaries

    if not isinstance(raw, Mapping):
        raise _unfit(of, raw, "a mapping of stages to regular expressions")
    pairs: list[tuple[str, str]] = []
    for stage, texts in raw.items():
        for text in [texts] if isinstance(texts, str) else texts if isinstance(texts, list) else [None]:
            if not isinstance(text, str) or not text:
                raise _unfit(of, texts, f"a regular expression, or a list of them, for {clean(str(stage), 40)}")
            pairs.append((str(stage), text))
    try:
        own_boundaries(pairs, Path(of.name))
    except RuleError as error:
        raise UsageError(f"`{of.name}`: {error.plain}", error.hint) from error
    return tuple(pairs)


def _unfit(of: Key, raw: Any, wanted: str) -> UsageError:
    return UsageError(f"`{of.name}` is {wanted}, not {clean(str(raw)[:80], 60)!s}")


def defaults() -> dict[str, Any]:
    """Field name -> default."""
    return {field.name: field.default for field in fields(Settings)}


def schema() -> dict[str, Any]:
    """The JSON Schema of `.callcheck.yml`."""
    return {"type": "object", "properties": {each.name: _shape(each) for each in KEYS if each.in_file}, "additionalProperties": False}


def _shape(of: Key) -> dict[str, Any]:
    texts: dict[str, Any] = {"type": ["string", "array"], "items": {"type": "string"}}
    if of.choices:
        return {"enum": list(of.choices)}
    if of.shape == "markers":
        from callcheck.knowledge.logs import SAME_STAGE
        from callcheck.model.log import STAGES

        return {"type": "object", "propertyNames": {"enum": [*STAGES, *SAME_STAGE]}, "additionalProperties": texts}
    shapes: dict[str, dict[str, Any]] = {"flag": {"type": "boolean"}, "share": {"type": "number", "minimum": 0, "maximum": 1}, "texts": texts, "paths": texts}
    return shapes.get(of.shape, {"type": "string"})
