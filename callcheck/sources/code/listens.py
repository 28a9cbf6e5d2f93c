"""Which calls ask PostgreSQL for the notifications of a channel?

    await connection.add_listener("rows", show)      cursor.execute("LISTEN rows")      client.query(`LISTEN ${channel}`)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.queries import begins
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Call, Import

if TYPE_CHECKING:
    from callcheck.sources.code import Code

_LISTEN = pattern(r"\s*LISTEN\s", re.IGNORECASE)
_RUNS = ("query", "execute", "exec_driver_sql", "unsafe", "none", "fetch")


def listens(code: Code) -> Iterator[Call]:
    """Those that send LISTEN, in a query, or by asyncpg's name for it: a connection is seldom to be told from its type, that asyncpg is in use is."""
    for call in code.project.calls(*_RUNS):
        if call.args and _LISTEN.match(begins(call.args[0])) and not is_test(module_of(call).path):
            yield call
    heard = [call for call in code.project.calls("add_listener") if module_of(call).language == "python" and not is_test(module_of(call).path)]
    if heard and any(each.module.split(".")[0] == "asyncpg" for module in code.project.naming("asyncpg") for each in module.all(Import)):
        yield from heard
