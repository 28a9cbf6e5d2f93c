"""What a settings module installs, by what it takes from others and changes."""

from __future__ import annotations

import pytest

from callcheck.sources.code.django_settings import installed_by

BASE = 'CORE = ["a", "b"]\nINSTALLED_APPS = CORE + ["c.apps.CConfig"]\n'
ALL = ("a", "b", "c.apps.CConfig")
WAYS = [
    ("from .base import *\n", ALL),
    ('from .base import *\nINSTALLED_APPS = ["a"]\n', ("a",)),
    ('from .base import *\nINSTALLED_APPS += ["d"]\n', (*ALL, "d")),
    ('from .base import *\nINSTALLED_APPS.remove("a")\nINSTALLED_APPS.append("d")\n', ("b", "c.apps.CConfig", "d")),
    ('from .base import INSTALLED_APPS\nINSTALLED_APPS = [x for x in INSTALLED_APPS if x != "a"]\n', ("b", "c.apps.CConfig")),
    ('from . import base\nINSTALLED_APPS = ["z", *base.INSTALLED_APPS]\n', ("z", *ALL)),
    ("from .base import *\nINSTALLED_APPS = pick(INSTALLED_APPS)\n", None),
    ('from .base import *\nif DEBUG:\n    INSTALLED_APPS += ["d"]\n', None),
    ("DEBUG = True\n", None),
]


@pytest.mark.parametrize(("source", "apps"), WAYS)
def test_the_applications_of_a_module(code_of, source: str, apps: tuple[str, ...] | None) -> None:
    found = installed_by(code_of({"conf/__init__.py": "", "conf/base.py": BASE, "conf/own.py": source}), "conf/own.py")
    assert (found.apps if found is not None else None) == apps


def test_an_application_is_known_by_its_package_and_by_its_configuration(code_of) -> None:
    found = installed_by(code_of({"s.py": 'INSTALLED_APPS = ["shop.till", "shop.desk.apps.DeskConfig"]\n'}), "s.py")
    assert found is not None
    assert [found.has(each) for each in ("shop.till", "src.shop.till", "shop.desk", "shop", "shop.tiller")] == [True, True, True, False, False]
