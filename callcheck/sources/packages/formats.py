"""Which file says something of versions, and who reads it?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module

from callcheck.model.noun import dataclass
from callcheck.sources.files import matches
from callcheck.sources.packages.entries import Entry


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file; `reader` is a module of this room and a function in it, imported when such a file is read."""

    glob: str
    ecosystem: str
    """node, python, or "runtime" for what speaks of a runtime alone."""
    locks: bool
    """Its versions are exact."""
    reader: str


FORMATS = (
    Format("package-lock.json", "node", True, "npm_lock.read_npm_lock"),
    Format("npm-shrinkwrap.json", "node", True, "npm_lock.read_npm_lock"),
    Format("pnpm-lock.yaml", "node", True, "pnpm_lock.read_pnpm_lock"),
    Format("yarn.lock", "node", True, "yarn_lock.read_yarn_lock"),
    Format("bun.lock", "node", True, "bun_lock.read_bun_lock"),
    Format("package.json", "node", False, "package_json.read_package_json"),
    Format("uv.lock", "python", True, "python_locks.read_toml_lock"),
    Format("poetry.lock", "python", True, "python_locks.read_toml_lock"),
    Format("pdm.lock", "python", True, "python_locks.read_toml_lock"),
    Format("Pipfile.lock", "python", True, "python_locks.read_pipfile_lock"),
    Format("*requirements*.txt", "python", False, "requirements.read_requirements"),
    Format("*constraints*.txt", "python", False, "requirements.read_requirements"),
    Format("requirements*.in", "python", False, "requirements.read_requirements"),
    Format("pyproject.toml", "python", False, "pyproject.read_pyproject"),
    Format("Pipfile", "python", False, "pyproject.read_pipfile"),
    # What starts the code outranks what a developer's tools pick: first come, first believed.
    Format("Dockerfile", "runtime", True, "runtimes.read_dockerfile"),
    Format("Containerfile", "runtime", True, "runtimes.read_dockerfile"),
    Format("Dockerfile.*", "runtime", True, "runtimes.read_dockerfile"),
    Format("*.Dockerfile", "runtime", True, "runtimes.read_dockerfile"),
    Format("runtime.txt", "runtime", True, "runtimes.read_python_version"),
    Format(".python-version", "runtime", True, "runtimes.read_python_version"),
    Format(".nvmrc", "runtime", True, "runtimes.read_node_version"),
    Format(".node-version", "runtime", True, "runtimes.read_node_version"),
    Format(".tool-versions", "runtime", True, "runtimes.read_tool_versions"),
)
GLOBS = (*(each.glob for each in FORMATS), "requirements/*.txt", "*/requirements/*.txt")


def format_of(name: str) -> Format | None:
    """The format of a file by its name relative to the base."""
    folder, _, base = name.rpartition("/")
    for each in FORMATS:
        if matches(each.glob, base):
            return each
    if base.endswith(".txt") and folder.rpartition("/")[2] == "requirements":
        return next(each for each in FORMATS if each.glob == "*requirements*.txt")
    return None


def reader_of(form: Format) -> Callable[[str], Iterable[Entry]]:
    """The function that reads a format."""
    module, _, function = form.reader.partition(".")
    found: Callable[[str], Iterable[Entry]] = getattr(import_module(f"callcheck.sources.packages.{module}"), function)
    return found
