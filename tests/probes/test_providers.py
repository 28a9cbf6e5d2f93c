"""A bus that several modules of a container list is made several times."""

from __future__ import annotations

import pytest

from callcheck.probes.providers import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
BUS = "import { PubSub } from 'graphql-subscriptions';\nexport const bus = { provide: 'BUS', %s };\n"
CLASS = "import { Subject } from 'rxjs';\nexport class Bus { readonly made = new Subject(); }\nexport { Bus as bus };\n"
MODULE = "import { Module } from '@nestjs/common';\nimport { bus } from './bus';\n@Module({ providers: [%s] })\nexport class M%d {}\n"


def _app(bus: str, *lists: str) -> dict[str, str]:
    modules = {f"m{number}.ts": MODULE % (names, number) for number, names in enumerate(lists)}
    return {"bus.ts": bus, **modules}


@pytest.mark.parametrize("bus", [BUS % "useFactory: () => new PubSub()", BUS % "useFactory: () => { return new PubSub(); }", BUS % "useClass: PubSub", CLASS])
def test_made_twice(tmp_path, bus) -> None:
    (found,) = look(tmp_path, _app(bus, "bus", "Other, bus"))
    assert found.where is not None and found.where.path == "m1.ts"
    assert [each.where.path for each in found.because] == ["m0.ts", "bus.ts"]


TASKS = "import { Cron } from '@nestjs/schedule';\nexport class Tasks { @Cron('0 6 * * *') run() {} }\nexport { Tasks as bus };\n"
HEARS = "import { OnEvent } from '@nestjs/event-emitter';\nexport class Hears { @OnEvent('sold') on() {} }\nexport { Hears as bus };\n"
MAIN = "import { NestFactory } from '@nestjs/core';\nimport { M%d } from './m%d';\nNestFactory.create(M%d).then((app) => app.listen(3000));\n"


@pytest.mark.parametrize(("cls", "by"), [(TASKS, "@Cron()"), (HEARS, "@OnEvent()")])
def test_what_is_called_by_itself_is_called_for_each_module_that_lists_it(tmp_path, cls, by) -> None:
    (found,) = look(tmp_path, {**_app(cls, "bus", "bus"), "main.ts": MAIN % (0, 0, 0)})
    assert found.fact.effect == "duplicate-delivery" and by in found.fact.why
    assert (found.where.path, [each.where.path for each in found.because]) == ("m1.ts", ["m0.ts"])


@pytest.mark.parametrize(
    "files",
    [
        {**_app(TASKS, "bus", "Other"), "main.ts": MAIN % (0, 0, 0)},
        {**_app(TASKS, "bus", "bus"), "api.ts": MAIN % (0, 0, 0), "jobs.ts": MAIN % (1, 1, 1)},
        {**_app(TASKS.replace("@Cron('0 6 * * *') ", ""), "bus", "bus"), "main.ts": MAIN % (0, 0, 0)},
    ],
    ids=["listed once", "two programs", "called by others"],
)
def test_silent_where_one_is_made_or_nothing_calls_it(tmp_path, files) -> None:
    assert not look(tmp_path, files)


@pytest.mark.parametrize(
    "files",
    [
        _app(BUS % "useFactory: () => new PubSub()", "bus"),
        _app(BUS % "useValue: new PubSub()", "bus", "bus"),
        _app(BUS % "useFactory: () => new Clock()", "bus", "bus"),
        _app(CLASS.replace("new Subject()", "new Map()"), "bus", "bus"),
    ],
)
def test_made_once_or_no_bus(tmp_path, files) -> None:
    assert not look(tmp_path, files)
