"""Rewritings of how code is put together: factories, handlers with a name, wrappers, and how it is laid out."""

from __future__ import annotations

import ast
import re
from typing import Any

from tests.tools.rewriting.source import CALLS, Files, Source, arguments, called, each, indent, statement

_ASSIGNED = re.compile(r"(?:export\s+)?(?:const|let|var)\s+([A-Za-z_$][\w$]*)(\s*:[^=]*)?\s*=\s*$")


def factories(files: Files) -> Files:
    """An object that a file makes for itself comes from a function that makes it."""

    def change(source: Source) -> None:
        for node in source.root.named_children:
            name, value = _assigned(source, node)
            if value is None or not _makes(source, value):
                continue
            maker = f"make_{name}" if source.python else f"make{name[0].upper()}{name[1:]}"
            text = source.text(value)
            made = f"def {maker}():\n    return {text}\n\n\n" if source.python else f"function {maker}() {{\n  return {text};\n}}\n"
            source.insert(node.start_byte, made)
            source.replace(value, f"{maker}()")

    return each(files, change)


def handlers(files: Files) -> Files:
    """A function that is written where it is given to a call gets a name before it."""

    def change(source: Source) -> None:
        taken, until = 0, 0
        for call in source.all(*CALLS):
            stands = statement(call)
            if stands is None or call.start_byte < until or stands.type in ("return_statement", "export_statement", "if_statement", "for_statement", "while_statement", "for_in_statement"):
                continue
            for given in arguments(call):
                value = given.child_by_field_name("value") if given.type == "keyword_argument" else given
                if value.type not in ("arrow_function", "function_expression", "lambda") or (value.type == "lambda" and "yield" in source.text(value)):
                    continue
                taken += 1
                lead, until = indent(source, stands), call.end_byte
                if source.python:
                    name = f"told_{taken}"
                    parameters, body = value.child_by_field_name("parameters"), value.child_by_field_name("body")
                    source.insert(stands.start_byte, f"def {name}({source.text(parameters) if parameters else ''}):\n{lead}    return {source.text(body)}\n{lead}")
                else:
                    name = f"told{taken}"
                    source.insert(stands.start_byte, f"const {name} = {source.text(value)};\n{lead}")
                source.replace(value, name)

    return each(files, change)


def wrappers(files: Files) -> Files:
    """What is asked of an object that the file made is asked through a function of that name."""

    def change(source: Source) -> None:
        made = {name: node for node in source.root.named_children for name, value in [_assigned(source, node)] if value is not None and _makes(source, value)}
        wrapped: dict[tuple[str, str, int], str] = {}
        for call in source.all("call", "call_expression"):
            whose, _, method = called(source, call).partition(".")
            given = arguments(call)
            if whose not in made or not method.isidentifier() or not _inside_function(call) or any(a.type in ("spread_element", "keyword_argument", "list_splat", "dictionary_splat") for a in given):
                continue
            key = (whose, method, len(given))
            name = wrapped.setdefault(key, f"{whose}_{method}_{len(given)}" if source.python else f"{whose}{method[0].upper()}{method[1:]}{len(given)}")
            callee = call.child_by_field_name("function")
            source.replace(callee, name)
        for (whose, method, count), name in wrapped.items():
            names = ", ".join(f"given{n}" for n in range(count))
            if source.python:
                source.insert(made[whose].end_byte, f"\n\n\ndef {name}({names}):\n    return {whose}.{method}({names})\n")
            else:
                source.insert(len(source.data), f"\nfunction {name}({names}) {{\n  return {whose}.{method}({names});\n}}\n")

    return each(files, change)


def layout(files: Files) -> Files:
    """Python as its own parser writes it, JavaScript with each argument on a line of its own."""

    def change(source: Source) -> None:
        if source.python:
            try:
                text = ast.unparse(ast.parse(source.data))
            except SyntaxError:
                return
            source.edits.append((0, len(source.data), text + "\n"))
            return
        for call in source.all("call_expression", "new_expression"):
            given = arguments(call)
            if not given or called(source, call) in ("require", "import") or "\n" in source.text(call.child_by_field_name("arguments")) or "//" in source.text(call):
                continue
            lead = " " * (len(source.data[source.data.rfind(b"\n", 0, call.start_byte) + 1 : call.start_byte]) - len(source.data[source.data.rfind(b"\n", 0, call.start_byte) + 1 : call.start_byte].lstrip()))
            for node in given:
                source.insert(node.start_byte, f"\n{lead}  ")
            source.insert(given[-1].end_byte, f"\n{lead}")

    return each(files, change)


def _inside_function(node: Any) -> bool:
    while node is not None:
        if node.type in ("function_definition", "function_declaration", "arrow_function", "function_expression", "method_definition"):
            return True
        node = node.parent
    return False


def _assigned(source: Source, node: Any) -> tuple[str, Any | None]:
    """The name and the value of a statement at the top that gives one name a value."""
    if node.type == "export_statement":
        inner = node.child_by_field_name("declaration")
        node = inner if inner is not None else node
    if source.python:
        inner = node.named_children[0] if node.type == "expression_statement" and node.named_children else None
        if inner is not None and inner.type == "assignment" and (left := inner.child_by_field_name("left")) is not None and left.type == "identifier":
            return source.text(left), inner.child_by_field_name("right")
        return "", None
    if node.type not in ("lexical_declaration", "variable_declaration") or len(node.named_children) != 1:
        return "", None
    told = node.named_children[0]
    name = told.child_by_field_name("name")
    return (source.text(name), told.child_by_field_name("value")) if name is not None and name.type == "identifier" else ("", None)


def _makes(source: Source, value: Any) -> bool:
    """Whether it makes an object: `new X()` there, `X()` here."""
    if source.python:
        return value.type == "call" and called(source, value).split(".")[-1][:1].isupper()
    return bool(value.type == "new_expression")
