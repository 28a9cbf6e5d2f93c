"""The path of a listener is followed from the database to what it narrows down to."""

from __future__ import annotations

import pytest

from callcheck.sources.code.firestore_heard import heard

WEB = "import { collection, doc, onSnapshot, query, where } from 'firebase/firestore';\n%s\n"
NATIVE = "import firestore from '@react-native-firebase/firestore';\n%s\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (WEB % "onSnapshot(collection(db, 'orders'), f);", [(("orders", "*"), "list")]),
        (WEB % "const q = query(collection(db, 'orders'), where('a', '==', 1));\nonSnapshot(q, f);", [(("orders", "*"), "list")]),
        (WEB % "onSnapshot(doc(db, 'users', uid), f);", [(("users", "*"), "get")]),
        (WEB % "onSnapshot(collection(db, `users/${uid}/notes`), f);", [(("users", "*", "notes", "*"), "list")]),
        (WEB % "onSnapshot(doc(collection(db, 'users'), uid), f);", [(("users", "*"), "get")]),
        (WEB % "onSnapshot(collection(db, name()), f);", []),
        (NATIVE % "firestore().collection('posts').doc(id).collection('comments').where('a', '==', 1).onSnapshot(f);", [(("posts", "*", "comments", "*"), "list")]),
        ("const admin = require('firebase-admin');\nadmin.firestore().collection('posts').onSnapshot(f);", []),
    ],
)
def test_where_clients_listen(code_of, text: str, told: list[tuple[tuple[str, ...], str]]) -> None:
    assert [(each.path, each.does) for each in heard(code_of({"a.js": text}))] == told
