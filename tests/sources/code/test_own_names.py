"""What a package gives is read by its own name, unless the file has something else of that name."""

from __future__ import annotations

import pytest

from callcheck.sources.code.tree import ClassDef, Function, Name
from callcheck.sources.code.wording import readings
from tests.sources.code.conftest import CodeOf


@pytest.mark.parametrize(
    "files",
    [
        {"a.py": "from celery import shared_task as job\nprint(job)\n"},
        {"a.py": "import celery as shared_task\nprint(shared_task.app)\n"},
        {"a.ts": "import { shared_task as job } from 'tasks';\nprint(job);\n"},
    ],
)
def test_a_package_is_read_by_its_own_name(code_of: CodeOf, files: dict[str, str]) -> None:
    module = next(iter(code_of(files).project.modules.values()))
    assert any(name.id in ("shared_task", "celery") for name in module.all(Name))
    assert not any(name.id == "job" for name in module.all(Name))


def test_annotations_and_the_text_are_read_so_too(code_of: CodeOf) -> None:
    module = code_of({"a.py": "from enum import StrEnum as Names\nclass T(Names):\n    PAID = 'Names'\ndef f(x: Names) -> Names: ...\n"}).project.modules["a.py"]
    function = module.all(Function)[0]
    assert (function.params[0].annotation, function.returns) == ("StrEnum", "StrEnum")
    assert readings(module.all(ClassDef)[0])[-1] == "class T(StrEnum):\n    PAID = 'Names'"


@pytest.mark.parametrize(
    "text",
    [
        "from queue import Queue as Waiting\nfrom asyncio import Queue\nf(Waiting)\n",
        "from queue import Queue as Waiting\nfrom asyncio import Queue as Waiters\nf(Waiting)\n",
        "from queue import Queue as Waiting\nWaiting = None\nf(Waiting)\n",
    ],
)
def test_two_things_do_not_come_to_be_one(code_of: CodeOf, text: str) -> None:
    module = code_of({"a.py": text}).project.modules["a.py"]
    assert any(name.id == "Waiting" for name in module.all(Name))


def test_a_file_gives_to_others_what_it_imports_under_the_name_that_it_chose(code_of: CodeOf) -> None:
    code = code_of({"a.py": "from b import job\n@job\ndef f(): ...\n", "b.py": "from celery import shared_task as job\n"})
    function = code.project.modules["a.py"].all(Function)[0]
    assert code.origins.of(function.decorators[0]).qualified == "celery.shared_task"


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("import * as vue from 'vue';\nvue.watch(items, save);\n", "watch(items, save);"),
        ("const vue = require('vue');\nvue.watch(items, save);\n", "vue.watch(items, save);"),
        ("import * as vue from './vue';\nvue.watch(items, save);\n", "vue.watch(items, save);"),
    ],
)
def test_the_name_of_a_whole_package_is_left_out_of_one_reading(code_of: CodeOf, text: str, reads: str) -> None:
    code = code_of({"a.ts": text})
    assert readings(next(iter(code.project.calls("watch"))))[-1] == reads


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("import django.db.models.signals\nwatch(django.db.models.signals.post_save)\n", "watch(post_save)"),
        ("import telegram.ext\nwatch(telegram.ext.filters.TEXT)\n", "watch(filters.TEXT)"),
        ("import redis\nwatch(redis.Redis)\n", "watch(redis.Redis)"),
        ("import os.path\nwatch(os.path.sep)\n", "watch(os.path.sep)"),
        ("import shop.bus as bus\nwatch(bus.sale)\n", "watch(bus.sale)"),
    ],
)
def test_the_name_of_a_package_s_part_is_left_out_of_one_reading(code_of: CodeOf, text: str, reads: str) -> None:
    code = code_of({"a.py": text})
    assert readings(next(iter(code.project.calls("watch"))))[-1] == reads
