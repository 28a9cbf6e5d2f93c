"""How is one of our own YAML files read, so that `on` and `off` stay words?"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from callcheck.model.errors import RuleError


@functools.cache
def _loader() -> Any:
    """The safe loader, but only `true` and `false` are booleans: `on`, `off`, `yes` and `no` are method names here (YAML 1.2)."""
    import yaml

    base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    resolvers = {
        first: [(tag, pattern) for tag, pattern in known if not (tag.endswith(":bool") and first not in "tTfF")]
        for first, known in base.yaml_implicit_resolvers.items()
    }
    return type("WordLoader", (base,), {"yaml_implicit_resolvers": resolvers})


def read_yaml(path: Path) -> Any:
    """One file of ours or the user's. Raises RuleError with the line where YAML knows it."""
    import yaml

    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_loader())  # noqa: S506  (safe loaders only)
    except OSError as error:
        raise RuleError(error.strerror or "cannot be read", str(path)) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise RuleError(str(error).split("\n")[0], str(path), mark.line + 1 if mark else None) from error
