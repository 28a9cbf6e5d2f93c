"""Where is Nest's ScheduleModule imported, which reads the decorators of jobs and starts these?"""

from __future__ import annotations

from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.tree import Call, dotted


def starts_of(code: Code, use: Use) -> list[Call]:
    """Each `ScheduleModule.forRoot()`; none for a use that is no job of Nest's."""
    return [call for call in code.project.calls("forRoot") if dotted(call.callee) == "ScheduleModule.forRoot"] if use.framework.name == "nestjs" else []
