"""Rewritings of what is given to a call: under a name, in another file, from the environment, as options that were put together before."""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Any

from tests.tools.rewriting.source import CALLS, Files, Source, arguments, called, each, indent, statement

_LOOKED_UP = ("require", "import", "import_module", "__import__", "getattr", "setattr", "hasattr", "super", "fileURLToPath", "TypeVar", "NewType", "namedtuple")
"""What takes its text for a name."""


def constants(files: Files) -> Files:
    """Literals that are given to calls stand under a name at the head of their file."""

    def change(source: Source) -> None:
        if named := _named(source):
            lines = [f"{name} = {text}" if source.python else f"const {name} = {text};" for text, name in named.items()]
            source.insert(source.begin(), "\n".join(lines) + "\n")

    return each(files, change)


def elsewhere(files: Files) -> Files:
    """They stand in a file of their own beside it."""
    more: Files = {}

    def change(source: Source) -> None:
        if not (named := _named(source)):
            return
        place = PurePosixPath(source.path)
        stem = f"{place.name.split('.')[0].strip('_')}_values"
        if source.python:
            lead = "." if str(place.parent / "__init__.py") in files else ""
            more[str(place.parent / f"{stem}.py")] = "".join(f"{name} = {text}\n" for text, name in named.items())
            source.insert(source.begin(), f"from {lead}{stem} import {', '.join(named.values())}\n")
            return
        suffix = place.suffix.replace("x", "")
        other = str(place.parent / f"{stem}{suffix}")
        dotted = f"./{stem}{suffix.replace('ts', 'js')}"
        names = ", ".join(named.values())
        if source.modules:
            more[other] = "".join(f"export const {name} = {text};\n" for text, name in named.items())
            source.insert(source.begin(), f"import {{ {names} }} from {json.dumps(dotted)};\n")
        else:
            more[other] = "".join(f"const {name} = {text};\n" for text, name in named.items()) + f"module.exports = {{ {names} }};\n"
            source.insert(source.begin(), f"const {{ {names} }} = require({json.dumps(dotted)});\n")

    return {**each(files, change), **more}


def environment(files: Files) -> Files:
    """They are read from the environment, which sets nothing, with what they were as the default."""

    def change(source: Source) -> None:
        if not (named := _named(source)):
            return
        lines = []
        for text, name in named.items():
            number = text[0].isdigit()
            if source.python:
                value = f"os.environ.get('{name}', {json.dumps(text) if number else text})"
                lines.append(f"{name} = {f'{_kind(text)}({value})' if number else value}")
            else:
                lines.append(f"const {name} = {f'Number(process.env.{name} ?? {text})' if number else f'process.env.{name} ?? {text}'};")
        source.insert(source.begin(), "\n".join(["import os"] * source.python + lines) + "\n")

    return each(files, change)


def options(files: Files) -> Files:
    """Objects of options, and keyword arguments, are kept under a name before the call."""

    def change(source: Source) -> None:
        taken, until = 0, 0
        for call in source.all(*CALLS):
            stands = statement(call)
            if stands is None or call.start_byte < until or stands.type in ("export_statement", "if_statement", "while_statement", "for_in_statement", "class_declaration"):
                continue
            if source.python:
                given = [a for a in arguments(call) if a.type == "keyword_argument"]
                if not given or stands.type not in ("expression_statement", "return_statement") or any(a.type == "dictionary_splat" for a in arguments(call)):
                    continue
                taken += 1
                name, lead = f"given_{taken}", indent(source, stands)
                source.insert(stands.start_byte, f"{name} = dict({', '.join(map(source.text, given))})\n{lead}")
                source.replace(given[0], f"**{name}")
                for other in given[1:]:
                    source.edits.append((_comma(source, other), other.end_byte, ""))
                until = call.end_byte
            else:
                for given in (a for a in arguments(call) if a.type == "object" and a.named_children and stands.type in ("expression_statement", "lexical_declaration", "return_statement")):
                    taken += 1
                    name, lead = f"given{taken}", indent(source, stands)
                    source.insert(stands.start_byte, f"const {name} = {source.text(given)};\n{lead}")
                    source.replace(given, name)
                    until = call.end_byte

    return each(files, change)


def _comma(source: Source, node: Any) -> int:
    """Where the comma before an argument stands."""
    return source.data.rfind(b",", 0, node.start_byte)


def _kind(text: str) -> str:
    return "float" if "." in text else "int"


def _named(source: Source) -> dict[str, str]:
    """Put names in the place of the literals: the names by the texts."""
    found: dict[str, str] = {}
    stem = PurePosixPath(source.path).name.split(".")[0].strip("_").upper().replace("-", "_")
    for call in source.all(*CALLS):
        if called(source, call).split(".")[-1] in _LOOKED_UP:
            continue
        for node in _literals(source, arguments(call)):
            text = source.text(node)
            what = "NUMBER" if text[0].isdigit() else "TEXT"
            name = found.setdefault(text, f"{what}_{len(found) + 1}_{stem}")
            source.replace(node, name)
    return found


def _literals(source: Source, nodes: list[Any]) -> list[Any]:
    found = []
    for node in nodes:
        if node.type in ("keyword_argument", "pair"):
            value = node.child_by_field_name("value")
            found += _literals(source, [value] if value is not None else [])
        elif node.type in ("object", "dictionary"):
            found += _literals(source, node.named_children)
        elif node.type in ("string", "number", "integer", "float") and _plain(source, node):
            found.append(node)
    return found


def _plain(source: Source, node: Any) -> bool:
    text = source.text(node)
    if node.type == "string":
        return text[0] in "'\"" and not text.startswith(('"""', "'''")) and len(text) > 2 and "\\" not in text and not any(c.type == "interpolation" for c in node.named_children)
    return text.replace(".", "", 1).isdigit()
