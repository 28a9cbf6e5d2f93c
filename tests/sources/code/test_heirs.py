"""Classes below one another are found over files, and nobody is below itself."""

from __future__ import annotations

from callcheck.sources.code.heirs import below, extends, right_below
from callcheck.sources.code.tree import ClassDef

TEXTS = {
    "base.py": "class Event:\n    pass\n",
    "orders.py": "from base import Event\n\nclass Order(Event):\n    pass\n\nclass Other:\n    pass\n",
    "rush.py": "import orders\n\nclass Rush(orders.Order):\n    pass\n\nclass Late(orders.Order, orders.Other):\n    pass\n",
}


def test_the_nearest_come_first(code_of) -> None:
    code = code_of(TEXTS)
    known = {cls.name: cls for module in code.project.modules.values() for cls in module.all(ClassDef)}
    assert [each.name for each in right_below(code.origins, known["Event"])] == ["Order"]
    assert [each.name for each in below(code.origins, known["Event"])] == ["Order", "Rush", "Late"]
    assert [name for name, cls in known.items() if extends(code.origins, cls, known["Event"])] == ["Order", "Rush", "Late"]
    assert not extends(code.origins, known["Event"], known["Order"])


def test_a_circle_comes_to_an_end(code_of) -> None:
    code = code_of({"a.py": "class A(B):\n    pass\n\nclass B(A):\n    pass\n\nclass C:\n    pass\n"})
    a, b, c = (cls for module in code.project.modules.values() for cls in module.all(ClassDef))
    assert [each.name for each in below(code.origins, a)] == ["B"]
    assert not extends(code.origins, b, c)
