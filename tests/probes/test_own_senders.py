"""Senders that Django's own signals never have."""

from __future__ import annotations

import pytest

from callcheck.probes.own_senders import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

MODELS = """from django.db import models
class Stamp(models.Model):
    class Meta:
        abstract = True
class Guide(models.Model): ...
class Tour(Stamp):
    guides = models.ManyToManyField(Guide)
    guests = models.ManyToManyField('Guest', through='Booking')
class Guest(models.Model): ...
class Booking(models.Model):
    tour = models.ForeignKey(Tour, models.CASCADE)
"""
FORMS = "from django import forms\nfrom shop.models import Tour\nclass TourForm(forms.ModelForm):\n    class Meta:\n        model = Tour\n"
APPS = "from django.apps import AppConfig\nclass Shop(AppConfig):\n    name = 'shop'\n"
HEARS = "from django.conf import settings\nfrom django.contrib.auth.signals import user_logged_in\nfrom django.db.models.signals import m2m_changed, post_delete, post_migrate, post_save\nfrom django.dispatch import receiver\nfrom shop.apps import Shop\nfrom shop.forms import TourForm\nfrom shop.models import Booking, Stamp, Tour\n"


@pytest.mark.parametrize(
    ("signal", "sender", "said"),
    [
        ("m2m_changed", "Tour", "Tour.guides.through"),
        ("m2m_changed", "Tour.guides.through", ""),
        ("m2m_changed", "Booking", ""),
        ("post_save", "Tour", ""),
        ("post_save", "'shop.Tour'", ""),
        ("post_save", "TourForm", "TourForm is none"),
        ("post_save", "Stamp", "abstract Stamp"),
        ("post_delete", "Tour.guides.through", "listen to m2m_changed of Tour.guides"),
        ("post_save", "Tour.guests.through", ""),
        ("post_migrate", "Shop", "AppConfig object"),
        ("user_logged_in", "settings.AUTH_USER_MODEL", "text"),
        ("post_save", "settings.AUTH_USER_MODEL", ""),
    ],
)
@pytest.mark.parametrize("way", ["@receiver(SIGNAL, sender=SENDER)\ndef f(sender, **kw): ...\n", "def f(sender, **kw): ...\nSIGNAL.connect(f, sender=SENDER)\n"])
def test_who_is_never_a_sender(tmp_path, signal: str, sender: str, said: str, way: str) -> None:
    signals = HEARS + way.replace("SIGNAL", signal).replace("SENDER", sender)
    found = look(tmp_path, {"shop/__init__.py": "", "shop/models.py": MODELS, "shop/forms.py": FORMS, "shop/apps.py": APPS, "shop/signals.py": signals})
    assert [said in item.fact.why for item in found] == ([True] if said else [])


def test_a_signal_of_the_project_is_not_judged(tmp_path) -> None:
    code = "from django.dispatch import Signal, receiver\nfrom django.apps import AppConfig\nclass Shop(AppConfig): ...\nopened = Signal()\n@receiver(opened, sender=Shop)\ndef f(sender, **kw): ...\n"
    assert not list(look(tmp_path, {"a.py": code}))


@pytest.mark.parametrize(("field", "told"), [("LabelManager(through='shop.Sticker')", 0), ("LabelManager(through=Sticker)", 0), ("LabelManager()", 1)])
def test_a_table_between_models_may_be_that_of_another_kind_of_field(tmp_path, field: str, told: int) -> None:
    source = f"from django.db import models\nfrom django.db.models.signals import m2m_changed\nfrom django.dispatch import receiver\nclass Sticker(models.Model): ...\nclass Jar(models.Model):\n    labels = {field}\n@receiver(m2m_changed, sender=Sticker)\ndef f(sender, **kw): ...\n"
    assert len(list(look(tmp_path, {"shop/models.py": source}))) == told
