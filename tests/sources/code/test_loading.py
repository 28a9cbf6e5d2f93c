"""Lines outside of functions run in the order in which a program comes to them."""

from __future__ import annotations

import pytest

from callcheck.sources.code.loading import Loading, Place

BUS = "bus = 1\n"


@pytest.mark.parametrize(
    ("files", "turns"),
    [
        ({"bus.py": BUS, "app.py": "import bus\nset_up()\n"}, [(0, 1)]),
        ({"bus.py": BUS, "app.py": "set_up()\nimport bus\n"}, [(1, 0)]),
        ({"bus.py": BUS, "shop/__init__.py": "from bus import bus\n", "shop/job.py": "", "app.py": "import shop.job\nset_up()\n"}, [(0, 1)]),
        ({"bus.py": BUS, "app.py": "set_up()\n"}, [(None, 0), (0, None)]),
    ],
    ids=["import above", "import below", "by a package above", "not loaded"],
)
def test_an_import_runs_where_it_stands(code_of, files, turns) -> None:
    code = code_of(files)
    bus, app = code.project.module("bus.py"), code.project.module("app.py")
    assert bus is not None and app is not None
    call = next(iter(app.calls("set_up")))
    assert Loading(code.project).orders(Place.of(bus.body[0]), Place.of(call)) == turns


def test_what_a_function_imports_is_loaded_when_it_runs(code_of) -> None:
    code = code_of({"bus.py": BUS, "app.py": "begin()\n"})
    bus, app = code.project.module("bus.py"), code.project.module("app.py")
    assert bus is not None and app is not None
    assert Loading(code.project).orders(Place.of(bus.body[0]), Place.of(app.body[0], ("bus.py",))) == [(0, 1), (0, None)]


def test_an_import_of_javascript_comes_first(code_of) -> None:
    code = code_of({"bus.js": "make();\n", "app.js": "begin();\nimport './bus.js';\n"})
    bus, app = code.project.module("bus.js"), code.project.module("app.js")
    assert bus is not None and app is not None
    assert Loading(code.project).orders(Place.of(next(iter(bus.calls("make")))), Place.of(next(iter(app.calls("begin"))))) == [(0, 1)]
