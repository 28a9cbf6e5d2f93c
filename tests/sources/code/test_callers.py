"""Who is handed a function of the project, whatever it goes by there?"""

from __future__ import annotations

import pytest

from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Function

WAIT = "module.exports = async (app) => {\n  app.get('/w', (req, reply) => reply.send(1));\n};\n"


@pytest.mark.parametrize(
    "server",
    [
        "app.register(require('./wait'));\n",
        "app.register(import('./wait.js'));\n",
        "const wait = require('./wait');\napp.register(wait);\n",
        "const routes = require('./wait');\nconst all = routes;\napp.register(all);\n",
    ],
)
def test_a_module_that_is_passed_on_passes_what_it_is(code_of, server: str) -> None:
    found = code_of({"wait.js": WAIT, "server.js": "const app = require('fastify')();\n" + server})
    function = next(f for f in found.project.module("wait.js").all(Function))
    calls = found.origins.callers.passing(function)
    assert [module_of(call).path for call in calls] == ["server.js"]


def test_a_module_that_is_only_loaded_is_passed_to_nobody(code_of) -> None:
    found = code_of({"wait.js": WAIT, "server.js": "const wait = require('./wait');\nrequire('./wait')(1);\n"})
    function = next(f for f in found.project.module("wait.js").all(Function))
    assert not found.origins.callers.passing(function)
