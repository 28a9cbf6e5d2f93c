"""What stands in the actions and events of a service's schema runs for each call; the same object without the broker is a plain one."""

from __future__ import annotations

import pytest

from callcheck.sources.code.tree import Function

SERVICE = """module.exports = {
  name: "stock",
  actions: { list(ctx) { return 1; }, take: { params: {}, async handler(ctx) { return 2; } } },
  events: { "order.paid": (ctx) => 3, "order.lost": { handler: async function (ctx) { return 4; } } },
  methods: { count() { return 5; } },
};
"""


@pytest.mark.parametrize(
    ("package", "text", "roles"),
    [
        ("moleculer", SERVICE, ["request", "request", "message", "message", "helper"]),
        ("moleculer", SERVICE.replace("module.exports =", "broker.createService(").replace("};", "});"), ["request", "request", "message", "message"]),
        ("express", SERVICE, ["helper"] * 5),
        ("moleculer", SERVICE.replace('name: "stock",', ""), ["helper"] * 5),
    ],
    ids=["a file of its own", "handed to the broker", "no broker", "no service"],
)
def test_the_roles_of_what_a_service_offers(code_of, package, text, roles) -> None:
    code = code_of({"package.json": f'{{"dependencies": {{"{package}": "1"}}}}', "stock.service.js": text})
    functions = code.project.chosen["stock.service.js"].all(Function)
    assert [code.lifetimes.role(each) for each in functions][: len(roles)] == roles
