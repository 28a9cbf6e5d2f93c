"""A method is one of the object that a call makes, wherever that is handed, kept or given back; another object's is not."""

from __future__ import annotations

import pytest

from callcheck.sources.code.own_object import handed_own, on_own
from tests.sources.code.conftest import CodeOf

_MADE = "from kafka import KafkaConsumer\nc = KafkaConsumer('t', group_id='g', enable_auto_commit=False)\n"


def _committed(code_of: CodeOf, files: dict[str, str], text: str = "") -> bool:
    code = code_of(files)
    use = next(use for use in code.idioms.of("trap") if "nothing commits" in use.idiom.says)
    return on_own(code, use, "commit|seek", text)


@pytest.mark.parametrize(
    "files",
    [
        {"a.py": f"{_MADE}c.commit()\n"},
        {"a.py": _MADE, "b.py": "from a import c as rows\nrows.commit()\n"},
        {"a.py": f"{_MADE}def done(link):\n    link.commit()\ndone(c)\n"},
        {"a.py": f"{_MADE}atexit.register(c.commit)\n"},
        {"a.py": _MADE.replace("c = ", "def make():\n    return "), "b.py": "from a import make\nrows = make()\nrows.commit()\n"},
        {"a.py": _MADE.replace("c = ", "class R:\n  def __init__(self):\n    self.c = ") + "  def done(self):\n    self.c.commit()\n"},
        {"a.py": _MADE.replace("c = ", "consumers = {}\nconsumers['t'] = ") + "def done(topic):\n    consumers[topic].commit()\n"},
    ],
)
def test_it_is_followed_to_where_it_is_used(code_of: CodeOf, files: dict[str, str]) -> None:
    assert _committed(code_of, files)


@pytest.mark.parametrize(
    "files",
    [
        {"a.py": f"{_MADE}class Rows:\n    def commit(self): ...\nrows = Rows()\nrows.commit()\n"},
        {"a.py": f"{_MADE}other = KafkaConsumer('u')\nother.commit()\n"},
        {"a.py": _MADE, "b.py": "def save(session):\n    session.commit()\n"},
        {"a.py": _MADE, "tests/test_a.py": "from a import c\nc.commit()\n"},
        {"a.py": f"{_MADE}import sqlite3\ndb = sqlite3.connect('f')\ndb.commit()\n"},
    ],
)
def test_another_object_is_not_it(code_of: CodeOf, files: dict[str, str]) -> None:
    assert not _committed(code_of, files)


def test_a_call_may_have_to_have_a_text(code_of: CodeOf) -> None:
    files = {"a.py": f"{_MADE}c.commit(offsets)\n"}
    assert _committed(code_of, files, "offsets")
    assert not _committed(code_of, files, "asynchronous")


@pytest.mark.parametrize(
    ("given", "handed"),
    [
        ("take(bp)", True),
        ("take([other, bp])", True),
        ("for each in (other, bp):\n    take(each)", True),
        ("take(find())", True),
        ("take(other)", False),
    ],
)
def test_what_a_call_makes_may_be_handed_on_in_a_list(code_of: CodeOf, given: str, handed: bool) -> None:
    code = code_of({"a.py": f"import azure.functions as func\nbp = func.Blueprint()\nother = Other()\n{given}\n"})
    use = next(use for use in code.idioms.of("trap") if "Blueprint" in use.idiom.says)
    assert handed_own(code, use, code.project.calls("take")) is handed
