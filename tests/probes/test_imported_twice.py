"""One file under two names is two modules, and two signals."""

from __future__ import annotations

import pytest

from callcheck import knowledge
from callcheck.probes.imported_twice import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE, knowledge.load([knowledge.shipped()]))


@pytest.mark.parametrize(("listens", "sends", "twice"), [("src.shop", "shop", True), ("shop", "src.shop", True), ("shop", "shop", False), ("src.shop", "src.shop", False)])
def test_the_names_of_the_listeners_import_and_of_the_senders(tmp_path, listens: str, sends: str, twice: bool) -> None:
    files = {
        "src/shop/__init__.py": "",
        "src/shop/events.py": "from blinker import Signal\npaid = Signal()\n",
        "src/shop/mail.py": f"from {listens}.events import paid\n@paid.connect\ndef mail(sender, **kw): ...\n",
        "src/shop/main.py": f"from {sends}.events import paid\nimport {listens}.mail\npaid.send('x')\n",
    }
    assert bool(look(tmp_path, files)) is twice


@pytest.mark.parametrize(("command", "twice"), [("python -m shop.hub", True), ("shop-hub", False)])
def test_a_console_script_imports_its_module_by_name(tmp_path, command: str, twice: bool) -> None:
    files = {
        "shop/__init__.py": "",
        "shop/hub.py": "from blinker import Signal\npaid = Signal()\ndef main():\n    import shop.mail\n    paid.send('x')\nif __name__ == '__main__':\n    main()\n",
        "shop/mail.py": "from shop.hub import paid\n@paid.connect\ndef mail(sender, **kw): ...\n",
        "setup.cfg": "[options.entry_points]\nconsole_scripts =\n    shop-hub = shop.hub:main\n",
        "Procfile": f"hub: {command}\n",
    }
    assert bool(look(tmp_path, files)) is twice
