"""How is one of our own YAML files read, so that `on` and `off` stay words?"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from callcheck.model.errors import RuleError

_TEXT, _LIST, _MAPPING = (f"tag:yaml.org,2002:{name}" for name in ("str", "seq", "map"))


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


def _made(loader: Any, node: Any) -> Any:
    """What a node says: texts, lists and mappings by names at once, which nearly all are; anything else as the loader makes it."""
    if node.tag == _TEXT:
        return node.value
    if node.tag == _LIST:
        return [_made(loader, each) for each in node.value]
    if node.tag == _MAPPING and all(key.tag == _TEXT for key, _ in node.value):
        return {key.value: _made(loader, value) for key, value in node.value}
    return loader.construct_object(node, deep=True)


def read_yaml(path: Path) -> Any:
    """One file of ours or the user's. Raises RuleError with the line where YAML knows it."""
    import yaml

    try:
        loader = _loader()(path.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        return _made(loader, node) if node is not None else None
    except OSError as error:
        raise RuleError(error.strerror or "cannot be read", str(path)) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise RuleError(str(error).split("\n")[0], str(path), mark.line + 1 if mark else None) from error
