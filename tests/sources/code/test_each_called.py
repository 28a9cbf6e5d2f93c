"""A function that a loop calls by its variable is called there, whatever the loop goes over."""

from __future__ import annotations

import pytest

from callcheck.sources.code.tree import Function

PARTS = {
    "parts/a.js": "module.exports = function first(app) { app.get('/a', f); };\n",
    "parts/b.js": "const second = (app) => app.get('/b', f);\nmodule.exports = second;\n",
    "named.js": "exports.attach = function third(app) {};\n",
}
LOOPS = {
    "required in the list": "for (const each of [require('./parts/a'), require('./parts/b')]) each(app);\n",
    "imported before": "import a from './parts/a.js';\nimport b from './parts/b.js';\nconst all = [a, b];\nall.forEach((each) => each(app));\n",
    "pairs": "const table = { a: require('./parts/a'), b: require('./parts/b') };\nfor (const [name, each] of Object.entries(table)) each(app);\n",
    "items": "const table = { a: require('./parts/a'), b: require('./parts/b') };\nfor (const name in table) table[name](app);\n",
    "all at once": "await Promise.all([require('./parts/a'), require('./parts/b')].map((each) => each(app)));\n",
    "a folder": "for (const file of readdirSync(path.join(__dirname, 'parts'))) require(path.join(__dirname, 'parts', file))(app);\n",
    "a folder of modules": "for (const file of readdirSync('./parts')) (await import(`./parts/${file}`)).default(app);\n",
}


@pytest.mark.parametrize("loop", LOOPS.values(), ids=list(LOOPS))
def test_each_of_them_is_called_in_the_loop(code_of, loop: str) -> None:
    code = code_of({**PARTS, "main.js": loop})
    for path in ("parts/a.js", "parts/b.js"):
        function = next(f for f in code.project.module(path).all(Function))
        assert [call.args[0].id for call in code.origins.calls_of(function)] == ["app"]


def test_a_method_of_each_is_called_in_the_loop(code_of) -> None:
    code = code_of({**PARTS, "main.js": "class A { attach(app) {} }\nfor (const each of [require('./named'), new A()]) each.attach(app);\n"})
    functions = [f for path in ("named.js", "main.js") for f in code.project.module(path).all(Function)]
    assert [len(code.origins.calls_of(f)) for f in functions] == [1, 1]


def test_modules_of_python_are_set_up_in_turn(code_of) -> None:
    code = code_of({"a.py": "def setup(bot): ...\n", "b.py": "def setup(bot): ...\n", "main.py": "import a, b\nfor each in (a, b):\n    each.setup(1)\n"})
    assert [len(code.origins.calls_of(next(f for f in code.project.module(path).all(Function)))) for path in ("a.py", "b.py")] == [1, 1]


def test_what_a_loop_is_only_handed_to_is_not_called(code_of) -> None:
    code = code_of({**PARTS, "main.js": "for (const each of [require('./parts/a')]) app.use(each);\n"})
    assert not code.origins.calls_of(next(f for f in code.project.module("parts/a.js").all(Function)))
