"""To which paths of Firestore do clients listen?

    onSnapshot(query(collection(db, "orders"), where(...)), show)            list, of orders/*
    onSnapshot(doc(db, "users", uid), show)                                  get, of users/*
    firestore().collection("orders").onSnapshot(show)                        list; React Native, and the older form of the web's

Firebase's Admin SDK is no client: rules do not count for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.noun import dataclass
from callcheck.sources.code import Code
from callcheck.sources.code.every_text import every_text
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Call, Member, Node, Template, last_name

_CLIENTS = ("firebase/firestore", "@react-native-firebase/firestore", "firebase/compat/firestore", "@angular/fire/firestore", "firebase/firestore/lite")
_NARROWS = frozenset({"query", "where", "orderBy", "limit", "withConverter", "startAfter", "endBefore", "limitToLast", "startAt", "endAt"})
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Heard:
    """`path` is that of a document; what is not known of it is `*`."""

    path: tuple[str, ...]
    does: str
    call: Call


def heard(code: Code) -> Iterator[Heard]:
    for module in code.project.naming("onSnapshot"):
        if is_test(module.path) or not any(each in module.text for each in _CLIENTS) or "firebase-admin" in module.text:
            continue
        for call in module.calls("onSnapshot"):
            told = call.callee.object if isinstance(call.callee, Member) else call.args[0] if call.args else None
            path = _path(code, told, 0)
            if path and path[0] != "*":
                yield Heard(path if len(path) % 2 == 0 else (*path, "*"), "list" if len(path) % 2 else "get", call)


def _path(code: Code, node: Node | None, depth: int) -> tuple[str, ...]:
    """() where it does not begin at the database, or may be of any collection."""
    call = node if isinstance(node, Call) else code.origins.of(node).node if node is not None else None
    if not isinstance(call, Call) or depth > _DEEPEST:
        return ()
    name, method = last_name(call.callee), isinstance(call.callee, Member)
    base = call.callee.object if isinstance(call.callee, Member) else call.args[0] if call.args else None
    if name in _NARROWS:
        return _path(code, base, depth + 1)
    if name not in ("collection", "doc") or module_of(call).language == "python":
        return ()
    own = [part for each in (call.args if method else call.args[1:]) for part in _parts(code, each)]
    before = _path(code, base, depth + 1)
    own = own or (["*"] if name == "doc" and before else [])
    return (*before, *own)


def _parts(code: Code, node: Node) -> list[str]:
    if isinstance(node, Template):
        return [each if "*" not in each else "*" for each in node.pattern.strip("/").split("/")]
    texts = every_text(code, node) or {}
    return next(iter(texts)).strip("/").split("/") if len(texts) == 1 else ["*"]
