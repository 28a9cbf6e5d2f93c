"""Rewritings of how names come into a file."""

from __future__ import annotations

import json
import posixpath
from pathlib import PurePosixPath
from typing import Any

from tests.tools.rewriting.source import JAVASCRIPT, Files, Source, called, each


def namespaces(files: Files) -> Files:
    """What is imported from a package by its name is written with the package before it."""

    def change(source: Source) -> None:
        for node in source.root.named_children:
            whole = _named_imports(source, node, files)
            if whole is None:
                continue
            package, names = whole
            short = package if source.python else "".join(c if c.isalnum() else "_" for c in package)
            source.replace(node, f"import {package}" if source.python else f"import * as {short} from {json.dumps(package)};")
            for use in source.all("identifier", "type_identifier", "shorthand_property_identifier"):
                if source.text(use) in names and not _inside(use, node) and not _is_key(use):
                    text = f"{short}.{names[source.text(use)]}"
                    source.replace(use, f"{source.text(use)}: {text}" if use.type.startswith("shorthand") else text)

    return each(files, change)


def aliases(files: Files) -> Files:
    """What is imported from a package gets another name."""

    def change(source: Source) -> None:
        for node in source.root.named_children:
            whole = _named_imports(source, node, files)
            if whole is None:
                continue
            package, names = whole
            other = {name: f"Its{name[0].upper()}{name[1:]}" if name[0].isupper() else f"its_{name}" for name in names}
            told = ", ".join(f"{names[name]} as {short}" for name, short in other.items())
            source.replace(node, f"from {package} import {told}" if source.python else f"import {{ {told} }} from {json.dumps(package)};")
            for use in source.all("identifier", "type_identifier", "shorthand_property_identifier"):
                if source.text(use) in other and not _inside(use, node) and not _is_key(use):
                    text = other[source.text(use)]
                    source.replace(use, f"{source.text(use)}: {text}" if use.type.startswith("shorthand") else text)

    return each(files, change)


def barrels(files: Files) -> Files:
    """What one file of the project takes from another comes through a third that hands it on."""
    more: Files = {}

    def change(source: Source) -> None:
        for node in source.all("import_statement", "call_expression", "import_from_statement"):
            if source.python:
                _python_barrel(source, node, files, more)
                continue
            if node.type == "call_expression" and called(source, node) != "require":
                continue
            text = node.child_by_field_name("source") if node.type == "import_statement" else _only(node)
            target = source.text(text).strip("'\"") if text is not None and text.type == "string" else ""
            found = _file_of(source.path, target, files) if target.startswith(".") else None
            if found is None:
                continue
            place = PurePosixPath(found)
            barrel = str(place.parent / f"{place.stem}.public{place.suffix.replace('x', '')}")
            dotted = posixpath.relpath(barrel, str(PurePosixPath(source.path).parent))
            suffix = PurePosixPath(target).suffix
            dotted = dotted if suffix in JAVASCRIPT else dotted[: -len(PurePosixPath(dotted).suffix)]
            if suffix == ".js":
                dotted = dotted.replace(".ts", ".js")
            source.replace(text, json.dumps(dotted if dotted.startswith(".") else f"./{dotted}"))
            inner = json.dumps(f"./{place.stem}{suffix}")
            if node.type == "import_statement":
                by_default = "\nexport default " in files[found] or files[found].startswith("export default")
                more[barrel] = f"export * from {inner};\n" + (f"export {{ default }} from {inner};\n" if by_default else "")
            else:
                more[barrel] = f"module.exports = require({inner});\n"

    return {**each(files, change), **more}


def _python_barrel(source: Source, node: Any, files: Files, more: Files) -> None:
    module = node.child_by_field_name("module_name") if node.type == "import_from_statement" else None
    if module is None or any(c.type == "wildcard_import" for c in node.named_children):
        return
    dotted = source.text(module)
    found = _python_file(source.path, dotted, files)
    if found is None or not dotted.strip("."):
        return
    names = [source.text(n.child_by_field_name("name") or n) for n in node.children_by_field_name("name")]
    place = PurePosixPath(found)
    barrel = str(place.parent / f"{place.stem}_public.py")
    lead = "." if str(place.parent / "__init__.py") in files else ""
    inner = f".{place.stem}" if lead else dotted
    known = more.get(barrel, "")
    more[barrel] = known + "".join(f"from {inner} import {name}\n" for name in names if f"import {name}\n" not in known)
    source.replace(module, f"{dotted}_public")


def _python_file(path: str, dotted: str, files: Files) -> str | None:
    dots = len(dotted) - len(dotted.lstrip("."))
    base = PurePosixPath(path).parent
    for _ in range(dots - 1):
        base = base.parent
    rest = dotted.lstrip(".").replace(".", "/")
    places = [str(base / f"{rest}.py")] if dots else [f"{rest}.py", str(base / f"{rest}.py")]
    return next((place for place in places if place in files), None)


def _file_of(path: str, target: str, files: Files) -> str | None:
    base = posixpath.normpath(posixpath.join(str(PurePosixPath(path).parent), target))
    stem = base[:-3] if base.endswith(".js") else base
    return next((place for place in (base, *(f"{stem}{suffix}" for suffix in JAVASCRIPT)) if place in files), None)


def _only(call: Any) -> Any | None:
    given = call.child_by_field_name("arguments")
    return given.named_children[0] if given is not None and len(given.named_children) == 1 else None


def _named_imports(source: Source, node: Any, files: Files) -> tuple[str, dict[str, str]] | None:
    """The package, and what it is called there by each name here; None if it is imported in another way, or from the project."""
    if source.python:
        module = node.child_by_field_name("module_name") if node.type == "import_from_statement" else None
        if module is None or (package := source.text(module)).startswith(".") or f"{package.split('.')[0]}.py" in files or any(f.startswith(f"{package.split('.')[0]}/") for f in files):
            return None
        names = {}
        for each_name in node.children_by_field_name("name"):
            given, alias = each_name.child_by_field_name("name"), each_name.child_by_field_name("alias")
            names[source.text(alias or each_name)] = source.text(given or each_name)
        return (package, names) if names and package != "__future__" else None
    if node.type != "import_statement" or " type " in source.text(node)[:14]:
        return None
    text, clause = node.child_by_field_name("source"), next((c for c in node.named_children if c.type == "import_clause"), None)
    package = source.text(text).strip("'\"") if text is not None else ""
    inner = clause.named_children if clause is not None else []
    if not package or package[0] in "./@~#" and not package.startswith("@") or package.startswith("@/") or len(inner) != 1 or inner[0].type != "named_imports":
        return None
    found = {}
    for each_name in inner[0].named_children:
        if each_name.type != "import_specifier" or source.text(each_name).startswith("type "):
            return None
        given, alias = each_name.child_by_field_name("name"), each_name.child_by_field_name("alias")
        found[source.text(alias or given)] = source.text(given)
    return (package, found) if found else None


def _inside(node: Any, outer: Any) -> bool:
    return bool(outer.start_byte <= node.start_byte < outer.end_byte)


def _is_key(node: Any) -> bool:
    """Whether it is no use of a name in scope: an attribute, a keyword, a key."""
    parent = node.parent
    if parent.type == "attribute":
        return bool(parent.child_by_field_name("attribute") == node)
    if parent.type in ("keyword_argument", "aliased_import", "import_specifier"):
        return parent.type != "keyword_argument" or bool(parent.child_by_field_name("name") == node)
    return parent.type in ("import_from_statement", "dotted_name", "import_statement", "import_clause", "named_imports")
