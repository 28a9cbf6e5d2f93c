"""Receivers that wait for a model of which only heirs are saved."""

from __future__ import annotations

import pytest

from callcheck.probes.heirs import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

MODELS = "from django.db import models\nclass Vehicle(models.Model):\n    class Meta:\n        abstract = ABSTRACT\nclass Truck(Vehicle):\n    axles = models.IntegerField()\n"
RECEIVER = "from django.db.models.signals import post_save\nfrom django.dispatch import receiver\nfrom models import Truck, Vehicle\n@receiver(post_save, sender=SENDER)\ndef f(sender, **kw): ...\n"


@pytest.mark.parametrize(
    ("abstract", "sender", "view", "events"),
    [
        ("False", "Vehicle", "Truck(axles=2).save()", ["post_save of Vehicle"]),
        ("True", "Vehicle", "Truck.objects.create(axles=2)", ["post_save of Vehicle"]),
        ("False", "Truck", "Truck(axles=2).save()", []),
        ("False", "Vehicle", "Truck(axles=2).save()\nVehicle().save()", []),
        ("False", "Vehicle", "Vehicle.objects.get(pk=1).save()\nTruck(axles=2).save()", []),
        ("False", "Vehicle", "pass", []),
    ],
)
def test_a_sender_that_nobody_saves(tmp_path, abstract: str, sender: str, view: str, events: list[str]) -> None:
    files = {"models.py": MODELS.replace("ABSTRACT", abstract), "receivers.py": RECEIVER.replace("SENDER", sender), "views.py": f"from models import Truck, Vehicle\n{view}\n"}
    assert [item.fact.event for item in look(tmp_path, files)] == events


def test_the_class_of_a_class_method_is_each_that_inherits(tmp_path) -> None:
    mixin = "from django.db.models.signals import post_save\nfrom django.dispatch import receiver\nclass Indexed:\n    def __init_subclass__(cls):\n        @receiver(post_save, sender=cls, weak=False)\n        def f(sender, **kw): ...\n"
    models = "from django.db import models\nfrom mixin import Indexed\nclass Truck(Indexed, models.Model):\n    axles = models.IntegerField()\n"
    assert not look(tmp_path, {"mixin.py": mixin, "models.py": models, "views.py": "from models import Truck\nTruck.objects.create(axles=2)\n"})
