"""A bus that a container makes anew for each class is said; one that is kept, or that one class alone is given, is not."""

from __future__ import annotations

import pytest

from callcheck.probes.transients import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
BUS = "import { EventEmitter } from 'events';\nimport { %s } from '%s';\n%s\nexport class Bus extends EventEmitter {}\n"
HEARS = "import { Bus } from './bus';\nexport class Mailer { constructor(bus: Bus) { bus.on('signup', (u) => mail(u)); } }\n"
SENDS = "import { Bus } from './bus';\nexport class Signup { constructor(private bus: Bus) {} run(u: string) { this.bus.emit('signup', u); } }\n"
BIND = "import { Container } from 'inversify';\nimport { Bus } from './bus';\nconst c = new Container(%s);\nc.bind(Bus).toSelf()%s;\n"


def _app(bus: str, **files: str) -> dict[str, str]:
    return {"bus.ts": bus, "hears.ts": HEARS, "sends.ts": SENDS, **{f"{name}.ts": text for name, text in files.items()}}


def test_two_classes_are_given_one_each(tmp_path) -> None:
    (found,) = look(tmp_path, _app(BUS % ("injectable", "tsyringe", "@injectable()")))
    assert found.where is not None and found.where.path == "sends.ts"
    assert [each.where.path for each in found.because] == ["hears.ts", "bus.ts"]


def test_inversify_is_transient_until_it_is_told_otherwise(tmp_path) -> None:
    bus = BUS % ("injectable", "inversify", "@injectable()")
    assert look(tmp_path, _app(bus, bind=BIND % ("", "")))


@pytest.mark.parametrize(
    "files",
    [
        _app(BUS % ("singleton", "tsyringe", "@singleton()")),
        _app(BUS % ("injectable, singleton", "tsyringe", "@singleton()\n@injectable()")),
        _app(BUS % ("injectable", "tsyringe", "@injectable()"), kept="import { container } from 'tsyringe';\nimport { Bus } from './bus';\ncontainer.registerSingleton(Bus);\n"),
        _app(BUS % ("injectable", "inversify", "@injectable()"), bind=BIND % ("", ".inSingletonScope()")),
        _app(BUS % ("injectable", "inversify", "@injectable()"), bind=BIND % ("{ defaultScope: 'Singleton' }", "")),
        _app(BUS % ("injectable", "tsyringe", "@injectable()")) | {"hears.ts": ""},
    ],
)
def test_one_for_all_or_for_one_is_none_too_many(tmp_path, files) -> None:
    assert not look(tmp_path, files)
