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


def test_no_regular_expression_is_compiled_while_a_module_is_imported(root: Path) -> None:
    def compiled(node: ast.AST) -> Iterator[int]:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            return
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile":
            yield node.lineno
        for child in ast.iter_child_nodes(node):
            yield from compiled(child)

    files = [path for path in (root / "callcheck").rglob("*.py") if "observers" not in path.parts]
    found = [f"{path.relative_to(root)}:{line}: use callcheck.model.pattern" for path in files for line in compiled(ast.parse(path.read_text()))]
    assert found == []
