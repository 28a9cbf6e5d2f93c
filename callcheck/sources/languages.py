"""Which language is a file written in?"""

from __future__ import annotations

_SUFFIXES = {
    ".py": "python",
    ".js": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".jsx": "javascript",
    ".ts": "typescript",
    ".mts": "typescript",
    ".cts": "typescript",
    ".tsx": "typescript",
    ".vue": "typescript",
    ".svelte": "typescript",
}

_NAMES = {"www": "javascript"}
"""`bin/www` is the program that express-generator lays out (`"start": "node ./bin/www"`)."""

COMPONENTS = (".vue", ".svelte")
"""Of these files the script elements are read; what they declare their markup may use."""

OTHERS = ("*.go", "*.java", "*.rb", "*.php", "*.cs", "*.kt", "*.rs", "*.ex")
"""Source files in languages that are not read: what programs in these send, or answer, is not known."""

_DECLARATIONS = (".d.ts", ".d.mts", ".d.cts")


def language_of(name: str, first_line: str = "") -> str:
    """python, javascript, typescript, or "" for what is no source of ours (type declarations alone included).

    A file without suffix is known by its `#!` line.
    """
    base = name.rsplit("/", 1)[-1].lower()
    if base.endswith(_DECLARATIONS):
        return ""
    if "." in base.lstrip("."):
        return _SUFFIXES.get(base[base.rindex(".") :], "")
    return _NAMES.get(base) or _by_shebang(first_line)


def _by_shebang(line: str) -> str:
    if not line.startswith("#!"):
        return ""
    words = line[2:200].replace("/", " ").split()
    if any(word.startswith("python") for word in words):
        return "python"
    return "javascript" if "node" in words or "nodejs" in words else ""
