"""Which variables does Kamal set in the containers of all roles, of one role, and of the accessories?

    env: {clear: {LOG_LEVEL: info}, secret: [RAILS_MASTER_KEY, "DB_PASSWORD:MAIN_DB_PASSWORD"]}
    servers: {job: {hosts: [10.0.0.3], env: {clear: {QUEUES: mails}}}}

Source: kamal 2.12, lib/kamal/configuration/docs/env.yml; a role's own win over those of all (role.rb, env).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Lost
from callcheck.sources.documents import Table, line_at
from callcheck.sources.environment.setting import Setting, filled, pairs, winners
from callcheck.sources.launch.kamal import Layered, deployments, roles

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_SYSTEM = "kamal"
_PARTS = frozenset({"clear", "secret", "tags"})


def read(eyes: Eyes) -> Iterator[Setting]:
    """Those of each role, and of each accessory."""
    for each in deployments(eyes):
        if isinstance(each, Lost):
            continue
        for role in roles(each):
            told = role.said.get("cmd")
            yield from winners([*_of(each.at("env"), role.name), *_of(role.said.at("env"), role.name)], str(told[0]) if told else "")
        held = each.at("accessories")
        for name, _, _ in held.entries():
            yield from winners(_of(held.at(name).at("env"), name))


def _of(env: Layered, unit: str) -> Iterator[Setting]:
    for each, file in env.layers:
        if not isinstance(each, Table):
            continue
        plain = _PARTS.isdisjoint(each)
        for name, value, line in pairs(each, *([] if plain else ["clear"])):
            yield Setting(unit, name, "" if "<%" in str(value) else filled(value, {}), file, line, _SYSTEM)
        listed = each.get("secret")
        for index, row in enumerate(listed if isinstance(listed, list) else ()):
            name, _, kept = str(row).partition(":")
            yield Setting(unit, name, "", file, line_at(each, "secret", index), _SYSTEM, secret=kept or name)
