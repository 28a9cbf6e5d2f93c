"""A guard for users stands before a provider's route, unless something spares that route."""

from __future__ import annotations

import pytest

from callcheck.probes.nest_guards import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

MODULE = (
    "import { Module } from '@nestjs/common';\nimport { APP_GUARD } from '@nestjs/core';\nimport { JwtGuard } from './guard';\n"
    "@Module({ providers: [{ provide: APP_GUARD, useClass: JwtGuard }] })\nexport class AppModule {}\n"
)
GUARD = "import { AuthGuard } from '@nestjs/passport';\nexport class JwtGuard extends AuthGuard('jwt') { canActivate(c) { return super.canActivate(c); } }\n"
HOOKS = "import { Controller, Headers, Post, UseGuards } from '@nestjs/common';\n@Controller('webhooks')\nON_CLASS\nexport class Hooks {\n  ON_METHOD\n  @Post('PATH')\n  on(HEADER) {}\n}\n"


def _hooks(on_class: str = "", on_method: str = "", path: str = "stripe", header: str = "") -> str:
    return HOOKS.replace("ON_CLASS", on_class).replace("ON_METHOD", on_method).replace("PATH", path).replace("HEADER", header)


@pytest.mark.parametrize(
    ("files", "route"),
    [
        ({"a.module.ts": MODULE, "guard.ts": GUARD, "h.ts": _hooks()}, "/webhooks/stripe"),
        ({"h.ts": _hooks(on_class="@UseGuards(AuthGuard('jwt'))")}, "/webhooks/stripe"),
        ({"h.ts": _hooks(on_method="@UseGuards(SessionGuard)", path="in", header="@Headers('x-acme-signature') s: string")}, "/webhooks/in"),
        ({"main.ts": "app.useGlobalGuards(new JwtGuard());\n", "guard.ts": GUARD, "h.ts": _hooks()}, "/webhooks/stripe"),
    ],
    ids=["for all modules", "on the class", "on the method", "of the application"],
)
def test_a_guard_stands_before_the_route(tmp_path, files, route) -> None:
    assert [(item.fact.route, item.fact.guard) for item in look(tmp_path, files)] == [(route, "session")]


@pytest.mark.parametrize(
    "files",
    [
        {"a.module.ts": MODULE, "guard.ts": GUARD, "h.ts": _hooks(on_method="@Public()")},
        {"a.module.ts": MODULE, "guard.ts": GUARD, "h.ts": _hooks(on_class="@SkipAuth()")},
        {"a.module.ts": MODULE, "guard.ts": GUARD.replace("return super", "if (c.url.includes('webhook')) return true; return super"), "h.ts": _hooks()},
        {"h.ts": _hooks(on_method="@UseGuards(StripeSignatureGuard)")},
        {"a.module.ts": MODULE.replace("JwtGuard", "ThrottlerGuard"), "h.ts": _hooks()},
        {"a.module.ts": MODULE, "guard.ts": GUARD, "h.ts": _hooks(path="").replace("@Post('')", "@Post()")},
    ],
    ids=["spared", "spared as a whole", "by its path", "a guard for the sender", "a guard of another kind", "a user's own hooks"],
)
def test_silent_where_the_route_is(tmp_path, files) -> None:
    assert not look(tmp_path, files)


def test_a_check_for_forms_before_all_controllers(tmp_path) -> None:
    main = "import { NestFactory } from '@nestjs/core';\nimport * as csurf from 'csurf';\nconst app = await NestFactory.create(AppModule);\n"
    assert [item.fact.guard for item in look(tmp_path, {"main.ts": main + "app.use(csurf());\n", "h.ts": _hooks()})] == ["csrf"]
    spared = "const check = csurf();\napp.use((req, res, next) => (req.path.startsWith('/webhooks/') ? next() : check(req, res, next)));\n"
    assert not look(tmp_path, {"main.ts": main + spared, "h.ts": _hooks()})
