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
