"""A rewriting of the names that a project chose for itself."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from tests.tools.rewriting.source import Files, Source, each

_WORDS = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "haze", "inlet", "jade", "knoll", "larch", "maple", "north", "opal", "pine", "quartz", "ridge", "slate", "topaz")
_GIVEN_BY_LIBRARIES = {"self", "cls", "this", "args", "kwargs", "require", "module", "exports", "request", "default"}


def renamed(files: Files) -> Files:
    """Names of variables and functions that nobody outside of their file knows say nothing any more."""
    words = Counter(word for text in files.values() for word in set(re.findall(r"\w+", text)))

    def change(source: Source) -> None:
        shunned = _shunned(source)
        chosen: dict[str, str] = {}
        for node in source.all("identifier"):
            name = source.text(node)
            if _declares(node) and words[name] == 1 and name not in shunned and name not in chosen and len(name) > 1 and not name.isupper():
                word = _WORDS[len(chosen) % len(_WORDS)] + (str(len(chosen) // len(_WORDS)) if len(chosen) >= len(_WORDS) else "")
                chosen[name] = word.capitalize() if name[0].isupper() else word
        for node in source.all("identifier", "shorthand_property_identifier"):
            name = source.text(node)
            if name in chosen and not _is_key(node):
                source.replace(node, f"{name}: {chosen[name]}" if node.type.startswith("shorthand") else chosen[name])

    return each(files, change)


def _declares(node: Any) -> bool:
    """Whether it is where a variable or a function gets its name: no class, no parameter, which a framework may give by its name."""
    parent = node.parent
    if parent.type in ("variable_declarator", "function_declaration"):
        return bool(parent.child_by_field_name("name") == node) and not (parent.type == "function_declaration" and parent.parent.type == "export_statement") and not _exported(parent)
    if parent.type == "assignment":
        return bool(parent.child_by_field_name("left") == node)
    if parent.type == "function_definition":
        return bool(parent.child_by_field_name("name") == node) and parent.parent.type != "decorated_definition" and (parent.parent.type == "module" or parent.parent.parent.type == "function_definition")
    return False


def _exported(node: Any) -> bool:
    return bool(node.parent.parent is not None and node.parent.parent.type == "export_statement")


def _shunned(source: Source) -> set[str]:
    """Names that stand where they mean something else, too, or are looked up by what they are called."""
    found = set(_GIVEN_BY_LIBRARIES)
    for node in source.all("property_identifier", "shorthand_property_identifier_pattern", "string", "string_fragment", "export_specifier", "import_specifier", "aliased_import", "dotted_name", "type_identifier"):
        found |= set(re.findall(r"\w+", source.text(node)))
    for node in source.all("attribute", "keyword_argument", "global_statement", "nonlocal_statement", "parameters", "lambda_parameters", "formal_parameters", "class_definition"):
        field = {"attribute": "attribute", "keyword_argument": "name"}.get(node.type)
        if field:
            found.add(source.text(node.child_by_field_name(field)))
        elif node.type == "class_definition":
            body = node.child_by_field_name("body")
            for inner in body.named_children:
                if inner.type == "expression_statement" and inner.named_children and inner.named_children[0].type == "assignment":
                    found.add(source.text(inner.named_children[0].child_by_field_name("left")))
        else:
            found |= set(re.findall(r"\w+", source.text(node)))
    return found


def _is_key(node: Any) -> bool:
    parent = node.parent
    if parent.type == "attribute":
        return bool(parent.child_by_field_name("attribute") == node)
    return bool(parent.type == "keyword_argument" and parent.child_by_field_name("name") == node)
