"""A receiver that reads a many-to-many field of a row that was just made finds nothing in it."""

from __future__ import annotations

import pytest

from callcheck.probes.unset_relations import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

MODELS = "from django.db import models\nclass Lesson(models.Model):\n    pupils = models.ManyToManyField('Pupil')\n    name = models.TextField()\n"
HEAD = "from django.db import transaction\nfrom django.db.models.signals import post_save\nfrom django.dispatch import receiver\nfrom models import Lesson\n@receiver(post_save, sender=Lesson)\ndef invite(sender, instance, created, **kwargs):\n"


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("    if created:\n        for pupil in instance.pupils.all():\n            mail(pupil)\n", 8),
        ("    if not created:\n        return\n    mail(instance.pupils.values_list('mail', flat=True))\n", 9),
        ("    if created and instance.name:\n        tell(instance)\ndef tell(lesson):\n    mail(lesson.pupils.count())\n", 10),
    ],
    ids=["below created", "below a return", "in a function"],
)
def test_a_new_row_has_none_yet(tmp_path, body: str, line: int) -> None:
    found = list(look(tmp_path, {"models.py": MODELS, "signals.py": HEAD + body}))
    assert [(item.fact.effect, item.where.line) for item in found] == [("payload-mismatch", line)]


@pytest.mark.parametrize(
    "body",
    [
        "    for pupil in instance.pupils.all():\n        mail(pupil)\n",
        "    if not created:\n        mail(instance.pupils.all())\n",
        "    if created:\n        transaction.on_commit(lambda: mail(instance.pupils.all()))\n",
        "    if created:\n        instance.pupils.add(first())\n        mail(instance.pupils.all())\n",
        "    if created:\n        mail(instance.name)\n",
        "    if created:\n        mail(other.pupils.all())\n",
    ],
    ids=["each time", "of a row that was there", "when all is done", "filled here", "another field", "another row"],
)
def test_silent_about(tmp_path, body: str) -> None:
    assert not list(look(tmp_path, {"models.py": MODELS, "signals.py": HEAD + body}))
