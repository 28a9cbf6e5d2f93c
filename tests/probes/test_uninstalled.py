"""An application that one unit's settings leave out has no receivers there."""

from __future__ import annotations

import pytest

from callcheck.probes.uninstalled import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

FILES = {
    "s/__init__.py": "",
    "s/web.py": 'INSTALLED_APPS = ["sales", "points"]\n',
    "sales/__init__.py": "",
    "sales/models.py": "from django.db import models\nclass Sale(models.Model):\n    total = models.IntegerField()\n",
    "points/__init__.py": "",
    "points/apps.py": "from django.apps import AppConfig\nclass PointsConfig(AppConfig):\n    name = 'points'\n    def ready(self):\n        from points import book\n",
    "points/book.py": "from django.db.models.signals import post_save\nfrom django.dispatch import receiver\nfrom sales.models import Sale\n@receiver(post_save, sender=Sale)\ndef book(sender, **kw): ...\n",
}
COMMAND = "from sales.models import Sale\ndef handle():\n    {}\n"
UNITS = "services:\n  web:\n    command: gunicorn s.wsgi\n    environment: {{DJANGO_SETTINGS_MODULE: s.web}}\n  take:\n    command: python manage.py {}\n    environment: {{DJANGO_SETTINGS_MODULE: {}}}\n"
WAYS = {
    "left out": ("Sale.objects.create(total=1)", "take", "s.take", True),
    "saved by hand": ("sale = Sale(total=1)\n    sale.save()", "take", "s.take", True),
    "told on the command line": ("Sale.objects.create(total=1)", "take --settings s.take", "s.web", True),
    "not left out": ("Sale.objects.create(total=1)", "take", "s.web", False),
    "only read": ("print(Sale.objects.count())", "take", "s.take", False),
    "deleted, which is another signal": ("Sale.objects.all().delete()", "take", "s.take", False),
    "another command": ("Sale.objects.create(total=1)", "other", "s.take", False),
    "settings that are computed": ("Sale.objects.create(total=1)", "take", "s.some", False),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_a_unit_does_without_the_application(tmp_path, way: str) -> None:
    does, command, module, told = WAYS[way]
    files = FILES | {"s/take.py": 'from .web import *\nINSTALLED_APPS = ["sales"]\n', "s/some.py": "from .web import *\nINSTALLED_APPS = some()\n"}
    files |= {"sales/management/commands/take.py": COMMAND.format(does), "compose.yaml": UNITS.format(command, module)}
    assert bool(look(tmp_path, files)) is told


TWO = FILES["points/apps.py"] + "class OtherConfig(PointsConfig):\n    other = 1\n"
JOBS = {
    "s/web.py": 'INSTALLED_APPS = ["sales", "points.apps.PointsConfig"]\n',
    "sales/jobs.py": "from sales.models import Sale\ndef book_all():\n    Sale.objects.create(total=1)\n",
    "sales/views.py": "import django_rq\nfrom sales.jobs import book_all\ndef start(request):\n    django_rq.enqueue(book_all)\n",
    "manage.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "s.web")\n',
    "Procfile": "web: gunicorn s.wsgi\nworker: python manage.py rqworker default --settings=s.work\n",
}


@pytest.mark.parametrize(
    ("apps", "listed", "told"),
    [
        (TWO, "points", True),
        (TWO, "points.apps.PointsConfig", False),
        (TWO, "points.apps.OtherConfig", False),
        (TWO.replace("other = 1", "default = True"), "points", False),
        (FILES["points/apps.py"], "points", False),
        (FILES["points/apps.py"], "sales", True),
    ],
    ids=["two and no default", "by its name", "one that inherits it", "a default", "the only one", "left out"],
)
def test_a_package_named_alone_has_the_configuration_that_django_finds(tmp_path, apps: str, listed: str, told: bool) -> None:
    files = FILES | JOBS | {"points/apps.py": apps, "s/work.py": f'from .web import *\nINSTALLED_APPS = ["sales", "{listed}"]\n'}
    assert bool(look(tmp_path, files)) is told
