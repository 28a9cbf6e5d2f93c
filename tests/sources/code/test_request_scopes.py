"""What a module of Nest provides for each request makes those that are injected with it live as long."""

from __future__ import annotations

import pytest

from callcheck.model.words import Lifetime
from callcheck.sources.code.tree import ClassDef

JOB = "import {{ Injectable, Inject }} from '@nestjs/common';\nimport {{ Db }} from './db';\n@Injectable()\nexport class Job {{ constructor({}) {{}} }}\n"
MODULE = "import {{ Module, Scope }} from '@nestjs/common';\nimport {{ REQUEST }} from '@nestjs/core';\nimport {{ Db }} from './db';\n@Module({{ providers: [{}] }})\nexport class A {{}}\n"
BY_CLASS, BY_TOKEN = "private readonly db: Db", "@Inject('DB') private readonly db: Db"
EACH, ALL = "{ provide: Db, scope: Scope.REQUEST, useFactory: f }", "{ provide: Db, useFactory: f }"
WAYS = [
    (BY_CLASS, EACH, True),
    (BY_CLASS, ALL, False),
    (BY_CLASS, "{ provide: Db, scope: Scope.TRANSIENT, useFactory: f }", False),
    (BY_TOKEN, EACH, False),
    (BY_TOKEN, "{ provide: 'DB', inject: [REQUEST], useFactory: f }", True),
    (BY_TOKEN, "{ provide: 'TENANT', inject: [REQUEST], useFactory: f }, { provide: 'DB', inject: [{ token: 'TENANT', optional: true }], useFactory: g }", True),
    (BY_CLASS, f"process.env.EACH === 'yes' ? {EACH} : {ALL}", None),
]


@pytest.mark.parametrize(("asks", "provides", "each"), WAYS)
@pytest.mark.parametrize("said", ["", "yes", "no"])
def test_a_class_lives_as_long_as_what_it_is_injected_with(code_of, asks: str, provides: str, each: bool | None, said: str) -> None:
    files = {"src/db.ts": "export class Db {}\n", "src/job.ts": JOB.format(asks), "src/a.module.ts": MODULE.format(provides)}
    code = code_of(files | ({"compose.yaml": f"services:\n  a:\n    environment:\n      EACH: {said}\n"} if said else {}))
    cls = next(each for each in code.project.module("src/job.ts").all(ClassDef))
    expected = said == "yes" if each is None else each
    assert (code.lifetimes.of_class(cls) is Lifetime.REQUEST) is expected
