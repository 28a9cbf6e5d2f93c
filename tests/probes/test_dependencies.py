"""The versions of known libraries and of runtimes are stated, with the line that says them."""

from __future__ import annotations

from pathlib import Path

from callcheck.model.evidence import Evidence
from callcheck.model.facts.packages import DependencyResolved
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.dependencies import PROBE
from callcheck.sources import Eyes
from tests.tools.shipped import shipped_knowledge


def _told(folder: Path, files: dict[str, str]) -> list[tuple[str, str, str]]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    target = Target(folder, folders=(folder,))
    eyes = Eyes(target, Knowledge(shipped_knowledge().frameworks))
    if PROBE.skip(target, eyes):
        return []
    found = [item for item in PROBE.look(target, eyes) if isinstance(item, Evidence)]
    assert all(isinstance(item.fact, DependencyResolved) for item in found)
    return [(item.says(), item.fact.folder, str(item.where)) for item in found if isinstance(item.fact, DependencyResolved)]


def test_known_libraries_are_stated_and_others_are_not(tmp_path: Path) -> None:
    files = {
        "package.json": '{\n  "engines": {"node": ">=18"},\n  "dependencies": {\n    "bullmq": "5.41.2",\n    "left-pad": "1.0.0"\n  }\n}',
        "api/requirements.txt": "autogen_core==0.7.5\nnumpy==2.0.0\n",
        "api/Dockerfile": "FROM python:3.10-slim\n",
    }
    assert sorted(_told(tmp_path, files)) == [
        ("autogen-core 0.7.5", "api", "api/requirements.txt:1"),
        ("bullmq 5.41.2", "", "package.json:4"),
        ("node 18, or newer", "", "package.json:2"),
        ("python 3.10", "api", "api/Dockerfile:1"),
    ]


def test_a_library_is_stated_for_each_workspace_that_has_its_own_version(tmp_path: Path) -> None:
    files = {f"{name}/package.json": f'{{"dependencies": {{"ws": "{version}"}}}}' for name, version in (("a", "7.5.0"), ("b", "8.0.0"))}
    assert _told(tmp_path, files) == [("ws 7.5.0", "a", "a/package.json:1"), ("ws 8.0.0", "b", "b/package.json:1")]


def test_nothing_is_looked_at_where_no_file_says_a_version(tmp_path: Path) -> None:
    assert _told(tmp_path, {"app.py": "x = 1\n"}) == []
