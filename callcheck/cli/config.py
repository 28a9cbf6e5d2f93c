"""What was set, and where: on the command line, in the environment, in a configuration file?

    # pyproject.toml                 # .callcheck.yml
    [tool.callcheck]                 fail-on: 0.7
    fail-on = 0.7                    skip-probe: [processes]

The command line is stronger than CALLCHECK_* variables, and those than the file. From the working folder upward to the repository's root the first
folder with a configuration decides; failing that, `$XDG_CONFIG_HOME/callcheck/config.yml`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from callcheck.cli.settings import KEYS, Settings, defaults, key, value
from callcheck.model.errors import RuleError, SourceError, UsageError
from callcheck.model.noun import dataclass, field
from callcheck.model.printable import clean

NAMES = (".callcheck.yml", ".callcheck.yaml", "pyproject.toml")
PREFIX = "CALLCHECK_"


@dataclass(frozen=True, slots=True)
class Settled:
    """The settings of a run and, by field name, who said so."""

    settings: Settings
    origins: Mapping[str, str]
    file: Path | None = None


@dataclass(slots=True)
class _Said:
    values: dict[str, Any] = field(default_factory=defaults)
    origins: dict[str, str] = field(default_factory=dict)

    def say(self, name: str, raw: Any, base: Path, origin: str) -> None:
        of = key(name)
        self.values[of.field] = value(of, raw, base)
        self.origins[of.field] = origin


def settle(
    given: Mapping[str, Any],
    here: Path,
    environ: Mapping[str, str] = os.environ,
    config: str | None = None,
    isolated: bool = False,
) -> Settled:
    """Everything that was said, the strongest word last. `given` maps option names to what was typed. Raises UsageError and RuleError."""
    config = config or environ.get(f"{PREFIX}CONFIG") or None
    isolated = isolated or environ.get(f"{PREFIX}ISOLATED", "0") not in ("", "0", "false")
    said = _Said()
    file = (here / config) if config else None if isolated else discover(here, environ)
    if file is not None:
        _from_file(said, file)
    for each in KEYS:
        raw = environ.get(PREFIX + each.name.upper().replace("-", "_"))
        if raw:
            said.say(each.name, raw, here, PREFIX + each.name.upper().replace("-", "_"))
    for name, raw in given.items():
        said.say(name, raw, here, "command line")
    return Settled(Settings(**said.values), said.origins, file)


def discover(here: Path, environ: Mapping[str, str] = os.environ) -> Path | None:
    """The configuration file that goes for a folder, or None."""
    for folder in (here, *here.parents):
        for name in NAMES:
            path = folder / name
            if path.is_file() and (name != "pyproject.toml" or b"[tool.callcheck" in _bytes(path)):
                return path
        if (folder / ".git").exists() or (folder / ".hg").exists():
            break
    home = environ.get("XDG_CONFIG_HOME") or (environ["HOME"] + "/.config" if environ.get("HOME") else "")
    own = Path(home, "callcheck", "config.yml")
    return own if home and own.is_file() else None


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(1_000_000)
    except OSError:
        return b""


def _from_file(said: _Said, path: Path) -> None:
    table = _table(path)
    for name, raw in table.items():
        line = getattr(table, "lines", {}).get(name)
        try:
            of = key(str(name))
            if not of.in_file:
                raise UsageError(f"`{of.name}` cannot be set in a file; use the command line")
            said.say(of.name, raw, path.parent, _shown(path))
        except UsageError as error:
            raise RuleError(error.message, _shown(path), line, error.hint) from error


def _table(path: Path) -> Mapping[str, Any]:
    from callcheck.sources import documents
    from callcheck.sources.files import File, read_text

    try:
        size = path.stat().st_size
        loaded = documents.load_all(read_text(File(path, path.name, size)), path.name)
    except OSError as error:
        raise UsageError(f"the configuration {_shown(path)} cannot be read: {error.strerror}") from error
    except SourceError as error:
        raise RuleError(error.message, _shown(path), None, error.hint) from error
    data = loaded[0] if loaded else {}
    if path.suffix == ".toml" and isinstance(data, dict):
        tool = data.get("tool")
        data = tool.get("callcheck") if isinstance(tool, dict) else tool
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise RuleError("a configuration maps settings to values", _shown(path))
    return data


def _shown(path: Path) -> str:
    return clean(str(path))


def show(settled: Settled) -> str:
    """A line a setting: its name, what it is, who said so."""
    rows = []
    for each in KEYS:
        held = getattr(settled.settings, each.field)
        text = ", ".join(str(item) for item in held) if isinstance(held, tuple) else "" if held is None else str(held)
        rows.append(f"{each.name} = {clean(text) or '(not set)'}  # {settled.origins.get(each.field, 'default')}")
    return "\n".join([f"# configuration: {_shown(settled.file) if settled.file else 'none'}", *rows]) + "\n"
