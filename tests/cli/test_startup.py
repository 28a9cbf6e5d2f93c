"""Does a call import only what it uses?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

LISTING = (
    "-c",
    "import atexit, sys; del sys.argv[1:3]; atexit.register(lambda: print(*sys.modules, file=sys.stderr));"
    "from callcheck.__main__ import main; sys.exit(main())",
)
"""How to start Python so that it ends by naming the modules it imported (`-X importtime` misses those imported by name)."""
HEAVY = {"typer", "rich", "httpx", "psutil", "yaml", "socket", "ssl", "asyncio"}
SLOW = {"dataclasses", "inspect", "importlib.resources", "tempfile", "shutil", "pkgutil", "difflib", "hashlib", "pickle", "json", "zlib"}
"""Of the standard library; each takes longer than a small probe."""


def _imported(stderr: str) -> set[str]:
    return set(stderr.splitlines()[-1].split())


def test_the_version_is_answered_before_anything_is_imported(callcheck, tmp_path: Path) -> None:
    done = callcheck("--version", cwd=tmp_path, python=LISTING)
    assert re.fullmatch(r"callcheck \d+\.\d+\.\d+\S*\n", done.stdout)
    imported = _imported(done.stderr)
    assert "callcheck" in imported
    assert not {"typer", "rich", "yaml", "httpx", "re", "pathlib", "dataclasses", "callcheck.model"} & imported


@pytest.mark.parametrize("words", [("--format", "json"), (), ("-q",)])
def test_a_diagnosis_imports_neither_typer_nor_rich_nor_what_looks_at_networks_and_processes(
    callcheck, app: Path, words: tuple[str, ...]
) -> None:
    for _ in range(2):  # the first run fills the cache
        done = callcheck("diagnose", *words, cwd=app, python=LISTING)
    assert done.returncode == 1
    assert sorted(((HEAVY | SLOW) - set(words)) & _imported(done.stderr)) == []


def test_a_probe_with_nothing_to_look_at_is_not_imported_and_yaml_only_where_there_is_some(callcheck, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("print(1)\n")
    for _ in range(2):
        done = callcheck("diagnose", ".", cwd=tmp_path, python=LISTING)
    imported = _imported(done.stderr)
    assert "callcheck.probes.listeners" in imported
    assert not {f"callcheck.probes.{name}" for name in ("compose", "log_failures", "processes", "kubernetes")} & imported
    assert "yaml" not in imported


def test_a_probe_or_link_without_what_it_is_about_is_not_imported_nor_are_facts_that_nobody_states(callcheck, tmp_path: Path) -> None:
    (tmp_path / "app.js").write_text("const { EventEmitter } = require('events');\nconst bus = new EventEmitter();\nbus.on('a', console.log);\n")
    for _ in range(2):
        done = callcheck("diagnose", ".", cwd=tmp_path, python=LISTING)
    imported = _imported(done.stderr)
    assert "callcheck.links.deliveries" in imported
    assert not {f"callcheck.links.{name}" for name in ("addresses", "credentials", "not_requested", "unserved_work")} & imported
    assert not {f"callcheck.probes.{name}" for name in ("receivers", "layers", "forks", "csrf", "intents", "across")} & imported
    assert not {"callcheck.model.facts.logs", "callcheck.model.facts.journeys", "callcheck.engine.load", "callcheck.sources.manifests.read"} & imported


def test_a_folder_without_source_imports_no_parser(callcheck, tmp_path: Path) -> None:
    (tmp_path / "Procfile").write_text("web: gunicorn app:app -w 4\n")
    for _ in range(2):
        done = callcheck("diagnose", ".", cwd=tmp_path, python=LISTING)
    imported = _imported(done.stderr)
    assert "callcheck.probes.procfile" in imported
    assert not {"tree_sitter", "yaml", "callcheck.sources.code.project", "callcheck.probes.listeners"} & imported


def test_help_imports_neither_the_engine_nor_rich(callcheck, tmp_path: Path) -> None:
    done = callcheck("--help", cwd=tmp_path, python=LISTING)
    assert done.returncode == 0
    imported = _imported(done.stderr)
    assert "typer" in imported
    assert not {"callcheck.pipeline", "callcheck.engine", "rich", "yaml", "httpx", "psutil"} & imported
