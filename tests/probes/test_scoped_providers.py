"""A route that lists a service of the root injector makes a second one."""

from __future__ import annotations

import pytest

from callcheck.probes.scoped_providers import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
BUS = "import { Injectable } from '@angular/core';\nimport { Subject } from 'rxjs';\n@Injectable(%s)\nexport class Bus { readonly made = new Subject(); }\n"
ROUTES = "import { Bus } from './bus';\nexport const routes = [{ path: 'a', %s loadComponent: () => import('./a').then((m) => m.A) }];\n"
USER = "import { inject } from '@angular/core';\nimport { Bus } from './bus';\nexport class %s { bus = inject(Bus); }\n"


def _app(bus: str, routes: str, **more: str) -> dict[str, str]:
    return {"bus.ts": BUS % bus, "routes.ts": ROUTES % routes, "a.ts": USER % "A", **{f"{name}.ts": text for name, text in more.items()}}


def test_made_in_the_root_and_for_a_route(tmp_path) -> None:
    (found,) = look(tmp_path, _app("{ providedIn: 'root' }", "providers: [Bus],", badge=USER % "Badge"))
    assert found.where is not None and (found.where.path, found.where.line) == ("routes.ts", 2)
    assert [each.where.path for each in found.because] == ["badge.ts", "bus.ts"]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(_app("{ providedIn: 'root' }", "", badge=USER % "Badge"), id="listed nowhere"),
        pytest.param(_app("", "providers: [Bus],", badge=USER % "Badge"), id="not of the root"),
        pytest.param(_app("{ providedIn: 'root' }", "providers: [Bus],"), id="used below the route alone"),
    ],
)
def test_made_once(tmp_path, files) -> None:
    assert list(look(tmp_path, files)) == []
