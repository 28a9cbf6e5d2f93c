"""An idiom that holds for some versions is found with these, and not with others."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.knowledge import frameworks
from callcheck.model.errors import RuleError
from callcheck.model.knowledge import Framework
from callcheck.model.noun import replace
from callcheck.sources.code.releases import checked

FILE = """\
name: bus
languages: [typescript, python]
packages: [busy, busylib]
distributions: {busylib: python-busy}
checked: "busy 4.7, python-busy 2.1"
source: https://example.org
objects: {bus: [busy.Bus, busylib.Bus]}
idioms:
  - {does: register, on: bus, methods: ["on"], event: "0", handler: "1", versions: "VERSIONS"}
"""
TS = "import { Bus } from 'busy';\nconst b = new Bus();\nb.on('x', f);\n"
PY = "from busylib import Bus\nb = Bus()\nb.on('x', f)\n"


def _framework(folder: Path, versions: str) -> Framework:
    path = folder / "bus.yaml"
    path.write_text(FILE.replace("VERSIONS", versions))
    return frameworks.read(path)


def _manifest(spec: str) -> dict[str, str]:
    return {"package.json": f'{{"dependencies": {{"busy": "{spec}"}}}}'} if spec else {}


@pytest.mark.parametrize(
    ("versions", "spec", "found"),
    [
        (">=4", "^4.1.0", True),
        (">=4", "3.9.1", False),
        ("<4", "3.9.1", True),
        ("<4", "^4.1.0", False),
        (">=4, <5", "5.0.0", False),
        # Nothing says the version: the newest that was checked, 4.7, counts.
        (">=4, <5", "", True),
        ("<4", "", False),
        (">=5", "", False),
        ("<4", "latest", False),
        # Any newer version may be installed.
        ("<4", ">=3.1", False),
        (">=4", ">=3.1", True),
    ],
)
def test_the_version_of_the_own_package_decides(code_of, tmp_path: Path, versions: str, spec: str, found: bool) -> None:
    code = code_of({"a.ts": TS, **_manifest(spec)}, (_framework(tmp_path, versions),))
    assert bool(list(code.idioms.of("register"))) is found


@pytest.mark.parametrize(("pin", "found"), [("python-busy==1.9", True), ("python-busy==2.0", False), ("busy==1.0", False), ("", False)])
def test_a_module_goes_by_the_name_of_its_distribution(code_of, tmp_path: Path, pin: str, found: bool) -> None:
    code = code_of({"a.py": PY, "requirements.txt": pin}, (_framework(tmp_path, "<2"),))
    assert bool(list(code.idioms.of("register"))) is found


@pytest.mark.parametrize(("image", "found"), [("python:3.10-slim", True), ("python:3.11", False), ("", False)])
def test_a_cliff_of_the_runtime_is_seen(code_of, tmp_path: Path, image: str, found: bool) -> None:
    files = {"Dockerfile": f"FROM {image}\n"} if image else {"pyproject.toml": '[project]\nrequires-python = ">=3.9"\n'}
    code = code_of({"app/a.py": PY, **files}, (_framework(tmp_path, ">=1; python<3.11"),))
    assert bool(list(code.idioms.of("register"))) is found


def test_each_workspace_is_judged_by_its_own_version(code_of, tmp_path: Path) -> None:
    files = {f"{name}/{file}": text for name, spec in (("old", "3.0.0"), ("new", "4.0.0")) for file, text in (("a.ts", TS), *_manifest(spec).items())}
    code = code_of(files, (_framework(tmp_path, "<4"),))
    assert [use.module.path for use in code.idioms.of("register")] == ["old/a.ts"]


def test_a_range_that_is_none_is_refused_when_the_framework_is_loaded(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="no range of versions"):
        _framework(tmp_path, "^4")


@pytest.mark.parametrize(
    ("text", "newest"),
    [
        ("busy 4.7, python-busy 2.1", {"busy": "4.7", "python-busy": "2.1"}),
        ("redis 3.1.2 and 4.7.1", {"redis": "4.7.1"}),
        ("@langchain/core 0.3.40, 0.10.2 and 0.3.80, langchain 0.2", {"@langchain/core": "0.10.2", "langchain": "0.2"}),
        ("ai 5.0.277; 4.3.16 and 6.0.3 for the differences", {"ai": "6.0.3"}),
        ("openai 3.57 (Python) and 6.49 (npm), python_busy 1.0", {"openai": "6.49", "python-busy": "1.0"}),
        ("shape of the guide; no release exists", {}),
    ],
)
def test_the_newest_version_of_each_package_that_was_checked_is_read(tmp_path: Path, text: str, newest: dict[str, str]) -> None:
    assert checked(replace(_framework(tmp_path, ">=1"), checked=text)) == newest
