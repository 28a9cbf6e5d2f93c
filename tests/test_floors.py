"""Do the floors of the picture hold? The contracts stand in pyproject.toml."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path


def test_no_room_imports_what_stands_above_or_beside_it(root: Path) -> None:
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    ended = subprocess.run([sys.executable, "-c", command, "--no-cache"], cwd=root, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "3 kept, 0 broken" in ended.stdout


SLOW = {"dataclasses", "difflib", "hashlib", "html", "httpx", "importlib.resources", "inspect", "pickle", "pkgutil", "psutil", "shutil", "tempfile", "yaml"}
"""What takes longer to import than a small probe, and is therefore imported in the function that needs it."""


def test_nothing_slow_is_done_while_a_module_is_imported(root: Path) -> None:
    def slow(node: ast.AST) -> Iterator[str]:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            return
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            return
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile":
            yield f"{node.lineno}: use callcheck.model.pattern"
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            yield from (f"{node.lineno}: {name} belongs in a function" for name in names if name in SLOW)
        for child in ast.iter_child_nodes(node):
            yield from slow(child)

    files = [path for path in (root / "callcheck").rglob("*.py") if not {"observers", "cli", "observe"} & set(path.relative_to(root).parts)]
    found = [f"{path.relative_to(root)}:{what}" for path in files for what in slow(ast.parse(path.read_text(encoding="utf-8")))]
    assert [what for what in found if not what.startswith("callcheck/sources/kept.py")] == []  # pickle, where Python has no C half of it
