"""One file under two names is two modules, and two signals."""

from __future__ import annotations

import pytest

from callcheck.probes.imported_twice import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())


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


RECEIVER = "from django.db.models.signals import post_save\nfrom django.dispatch import receiver\nRATES = {}\n@receiver(post_save%s)\ndef bill(sender, **given): ...\n"


@pytest.mark.parametrize(
    ("other", "uid", "twice"),
    [("shop.receivers", "", True), ("apps.shop.receivers", "", False), ("shop.receivers", ", dispatch_uid='bill'", False)],
    ids=["another name", "the same name", "attached by an id"],
)
def test_receivers_of_a_file_that_is_imported_under_two_names(tmp_path, other: str, uid: str, twice: bool) -> None:
    files = {
        "site/settings.py": "import sys\nfrom pathlib import Path\nBASE = Path(__file__).resolve().parent.parent\nsys.path.insert(0, str(BASE / 'apps'))\n",
        "apps/__init__.py": "",
        "apps/shop/__init__.py": "",
        "apps/shop/receivers.py": RECEIVER % uid,
        "apps/shop/apps.py": "from django.apps import AppConfig\nclass Shop(AppConfig):\n    name = 'apps.shop'\n    def ready(self):\n        import apps.shop.receivers\n",
        "apps/tax/__init__.py": "",
        "apps/tax/rates.py": f"from {other} import RATES\nprint(RATES)\n",
    }
    found = look(tmp_path, files)
    assert [item.fact.attributes()["callcheck.event.name"] for item in found] == (["post_save"] if twice else [])
