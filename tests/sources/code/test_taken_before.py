"""What takes a setting as it is made has been made before the setting comes."""

from __future__ import annotations

import pytest

from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.taken_before import taken_before

DB = "from pymongo import MongoClient\nclient = MongoClient('u')\n"
TELL = "from pymongo import monitoring\ndef watch():\n    monitoring.register(Times())\n"


def said(code_of, files: dict[str, str]) -> list[str]:
    code = code_of(files)
    found = [taken_before(code, use) for use in code.idioms.of("trap") if use.idiom.where.get("after") == "takes-listeners"]
    return [f"{module_of(made).path}:{made.line} {module_of(place).path}:{place.line}" for made, place in filter(None, found)]


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        ({"db.py": DB, "tell.py": TELL, "main.py": "import db, tell\ntell.watch()\n"}, "db.py:2 main.py:2"),
        ({"db.py": DB, "tell.py": TELL, "shop/__init__.py": "import db\nfrom tell import watch\ndef create_app():\n    watch()\n"}, "db.py:2 shop/__init__.py:4"),
        ({"db.py": DB, "tell.py": TELL, "main.py": "import tell\ndef create_app():\n    from db import client\n    tell.watch()\n"}, "db.py:2 main.py:4"),
        ({"main.py": DB + TELL + "watch()\n"}, "main.py:2 main.py:6"),
        ({"db.py": "from pymongo import MongoClient\ndef open_it():\n    return MongoClient('u')\n", "tell.py": TELL, "main.py": "import db, tell\ndef main():\n    c = db.open_it()\n    tell.watch()\nmain()\n"}, "db.py:3 main.py:5"),
        ({"db.py": DB, "tell.py": TELL, "main.py": "import db, tell\ntell.watch()\n", "job.py": "import tell\ntell.watch()\nimport db\n"}, "db.py:2 main.py:2"),
    ],
    ids=["by the import above", "a factory of its server", "imported in the factory, above", "one file", "in one function", "one of two programs"],
)
def test_set_too_late(code_of, files, wanted) -> None:
    assert said(code_of, files) == [wanted]


@pytest.mark.parametrize(
    "files",
    [
        {"db.py": DB, "tell.py": TELL, "main.py": "import tell\ntell.watch()\nimport db\n"},
        {"db.py": DB, "tell.py": TELL, "main.py": "import tell\ndef create_app():\n    tell.watch()\n    from db import client\n"},
        {"db.py": "import tell\ntell.watch()\n" + DB, "tell.py": TELL, "main.py": "import db\n"},
        {"db.py": "from pymongo import MongoClient\ndef open_it():\n    return MongoClient('u')\n", "tell.py": TELL, "main.py": "import db, tell\ntell.watch()\n"},
        {"db.py": DB, "tell.py": TELL, "main.py": "import tell\ntell.watch()\n", "job.py": "import db\n"},
        {"db.py": DB, "tell.py": TELL + "watch()\n", "main.py": "import tell\nimport db\ntell.watch()\n"},
        {"db.py": DB, "tell.py": TELL, "tests/test_it.py": "import db, tell\ntell.watch()\n"},
        {"db.py": DB, "tell.py": TELL, "main.py": "import db, tell\nfrom pymongo import MongoClient\ntell.watch()\nother = MongoClient('v')\n"},
    ],
    ids=["imported below", "imported in the factory, below", "set where it is made", "made when it is wanted", "another program", "set once more", "a test", "another is made later"],
)
def test_in_time_or_not_known(code_of, files) -> None:
    assert said(code_of, files) == []
