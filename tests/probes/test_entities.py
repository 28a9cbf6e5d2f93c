"""Updates that call no listener of the entity, and hooks that would have done nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.entities import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
ENTITY = "import {{ BaseEntity, BeforeUpdate, Entity }} from 'typeorm';\n@Entity()\nexport class Sailor extends BaseEntity {{\n  nick: string;\n  @BeforeUpdate()\n  tidy() {{ {hook} }}\n}}\n"
KEEPS = "if (this.nick) { this.nick = this.nick.trim().split('x').join(''); }"


def told(tmp_path: Path, hook: str, use: str) -> bool:
    return bool(look(tmp_path, {"sailor.ts": ENTITY.format(hook=hook), "use.ts": f"import {{ Sailor }} from './sailor';\nimport {{ getRepository }} from './db';\nexport async function f(id, to, repo: Repository<Sailor>) {{ {use} }}\n"}))


@pytest.mark.parametrize(
    ("hook", "use"),
    [
        (KEEPS, "await Sailor.update({ id }, { nick: 'x' });"),
        (KEEPS, "await Sailor.update({ id }, to);"),
        (KEEPS, "await Sailor.update({ id }, { ...to });"),
        (KEEPS, "await repo.update({ id }, { nick: 'x' });"),
        (KEEPS, "await getRepository(Sailor).update({ id }, { nick: 'x' });"),
        (KEEPS, "const rows = getRepository(Sailor); await rows.update({ id }, { nick: 'x' });"),
        ("inform(this.nick);", "await Sailor.update({ id }, { seen: 1 });"),
        (KEEPS + " queue.add('x', { id: this.id });", "await Sailor.update({ id }, { seen: 1 });"),
    ],
)
def test_an_update_goes_past_the_hook(tmp_path: Path, hook: str, use: str) -> None:
    assert told(tmp_path, hook, use)


@pytest.mark.parametrize(
    ("hook", "use"),
    [
        (KEEPS, "await Sailor.update({ id }, { seen: 1 });"),
        (KEEPS, "await getRepository(Lamp).update({ id }, { nick: 'x' });"),
        (KEEPS, "await repo.save(to);"),
    ],
)
def test_nothing_is_missed(tmp_path: Path, hook: str, use: str) -> None:
    assert not told(tmp_path, hook, use)
