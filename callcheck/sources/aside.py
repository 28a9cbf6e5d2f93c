"""Which folders hold code that is not the project's own, and what of the ignored is evidence all the same?"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from callcheck.model.pattern import pattern
from callcheck.sources import noted
from callcheck.sources.languages import language_of
from callcheck.sources.logs.recognise import named_as_log
from callcheck.sources.walk import CACHES, INSTALLED

MOST_CONFIGURED = 2_000
"""Files in one folder of configuration; where there are more, they are no one's own."""
MOST_IGNORED = 20_000
"""Files, and folders, that are looked at in all ignored folders together."""
_CONFIGURATION = pattern(
    r"\.(?:ya?ml|tf|tfvars|hcl|toml|ini|conf|cfg|env|properties|service|timer|socket|j2|tmpl|tpl|md|txt|sh|nomad)(?:\.(?:example|sample|dist))?$"
    r"|^(?:Dockerfile|Containerfile|Procfile|Caddyfile|\.env|\.dockerignore|\.gitignore|\.gitkeep|\.helmignore|README|LICENSE)[^/]*$",
    re.I,
)
_LOCAL = pattern(r"config|\bconf\b|settings|ecosystem|secret|credential|(?:^|[._-])(?:env|environment|local|overrides?)(?=[._-])", re.I)
_ENVIRONMENT = pattern(r"^\.env(?:\..+|rc)?$|\.env$", re.I)
_LOG_FOLDERS = frozenset({"log", "logs", ".log", ".logs"})


def holds_code(folder: str) -> bool:
    """Whether a folder holds anything but configuration, as `env/prod.tfvars` and `vendor/chart/values.yaml` are."""
    for number, (entry, _) in enumerate(_below([folder])):
        if number >= MOST_CONFIGURED or not _CONFIGURATION.search(entry.name):
            return noted.is_there(Path(entry.path))
    return False


def is_local(base: str) -> bool:
    """Whether a file is read although git ignores it: it is no source, or by its name one that configures this machine."""
    return not language_of(base) or _LOCAL.search(base) is not None


def evidence(folders: Iterable[Path]) -> Iterator[Path]:
    """The environment files and logs in folders that git ignores, those that lie less deep first."""
    for number, (entry, of_logs) in enumerate(_below(map(str, folders), noting=True)):
        if number >= MOST_IGNORED:
            return
        if _ENVIRONMENT.search(entry.name) or named_as_log(entry.name) or (of_logs and not language_of(entry.name)):
            yield Path(entry.path)


def _below(folders: Iterable[str], noting: bool = False) -> Iterator[tuple[os.DirEntry[str], bool]]:
    """The regular files of folders and of those below, and whether one of these is called after logs; breadth first, without caches."""
    pending = [(folder, _is_of_logs(folder)) for folder in folders]
    for here, of_logs in pending:
        try:
            entries = sorted(os.scandir(here), key=lambda entry: entry.name)
        except OSError:
            noted.place(Path(here))
            continue
        if noting:
            noted.folder(Path(here), entries)
        for entry in entries:
            if entry.is_file(follow_symlinks=False):
                yield entry, of_logs
            elif entry.is_dir(follow_symlinks=False) and entry.name not in CACHES | INSTALLED and len(pending) < MOST_IGNORED:
                pending.append((entry.path, of_logs or _is_of_logs(entry.path)))


def _is_of_logs(folder: str) -> bool:
    return os.path.basename(folder).lower() in _LOG_FOLDERS
