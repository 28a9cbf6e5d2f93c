"""Where does a project send what a listener waits for: emissions on the same object, and writes that an ORM tells its listeners of?"""

from __future__ import annotations

import functools
from collections.abc import Iterator

from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.origins import Origin
from callcheck.sources.code.scopes import function_of
from callcheck.sources.code.tree import Assign, Call, ClassDef, Function, Member, Name, Node, last_name

_WRITES = frozenset("begin commit flush".split())
_OF_ROWS = pattern(r"^(?:before|after)_(insert|update|delete)$")
_OF_SESSIONS = pattern(r"^(?:before|after)_(?:flush|flush_postexec|commit|begin)$|^do_orm_execute$")
_OF_TASKS = pattern(r"^task_(?:prerun|postrun|success|failure|retry|revoked|internal_error)$")
_SESSIONS = frozenset({"sqlalchemy.orm.Session", "sqlalchemy.orm.session.Session", "sqlalchemy.orm.sessionmaker"})


class Sends:
    """Emissions, by the listener that they are for."""

    def __init__(self, code: Code) -> None:
        self.code = code

    def of(self, use: Use) -> Iterator[Node]:
        """Each place from which the event of a listener goes out on its object; none where that cannot be told."""
        if "orm" in use.idiom.traits:
            yield from self._written(use)
            return
        if use.framework.name == "celery" and use.receiver.kind == "external":
            yield from self._of_tasks(use.receiver.qualified.rsplit(".", 1)[-1])
            return
        identity, events = self.code.lifetimes.identity(use.receiver), set(self.code.idioms.events(use))
        for sent in self.code.idioms.of("emit") if identity else ():
            if self.code.lifetimes.identity(sent.receiver) == identity and events & set(self.code.idioms.events(sent)):
                yield sent.call

    def _of_tasks(self, signal: str) -> Iterator[Node]:
        """Celery's own signals: those of tasks go out in the worker, around each task."""
        if _OF_TASKS.match(signal):
            tasks = (use for use in self.code.idioms.of("serve") if use.framework.name == "celery")
            yield from (each.body[0] for use in tasks for each in self.code.idioms.handlers(use) if isinstance(each, Function) and each.body)

    def _written(self, use: Use) -> Iterator[Node]:
        event = next(iter(self.code.idioms.events(use)), "")
        rows = _OF_ROWS.match(event)
        origin, field = use.receiver, next(iter(self.code.idioms.placed(use.call, use.idiom.object)), None)
        if rows and origin.cls is not None:
            yield from self._made(origin.cls) if rows[1] == "insert" else self._changed(origin.cls, rows[1])
        elif isinstance(field, Member) and (model := self.code.origins.of(field.object)).kind == "class" and model.cls is not None:
            yield from self._changed(model.cls, "update", field.name)
        elif _OF_SESSIONS.match(event):
            yield from self._sessions(origin)

    def _made(self, cls: ClassDef) -> Iterator[Node]:
        yield from self.code.origins.calls_of(cls)

    def _changed(self, cls: ClassDef, how: str, field: str = "") -> Iterator[Node]:
        """Functions that name the class, and set a field or delete."""
        for module in self.code.project.naming(cls.name):
            for name in module.all(Name):
                function = function_of(name) if name.id == cls.name else None
                if function is not None and self.code.origins.of(name).cls is cls and (_deletes(function) if how == "delete" else _sets(function, field)):
                    yield name

    def _sessions(self, origin: Origin) -> Iterator[Node]:
        """Where a session of the listened-to factory is opened by a function that writes, or hands it to one."""
        wanted = self.code.lifetimes.identity(origin)
        whole = origin.kind == "external" and origin.qualified in _SESSIONS
        for call in self._opened:
            held = call.callee.object if isinstance(call.callee, Member) and call.callee.name in _WRITES else call.callee
            made = self.code.origins.of(held)
            alike = self.code.lifetimes.identity(made) == wanted if not whole else made.kind == "made" and made.qualified in _SESSIONS
            function = function_of(call)
            if wanted and alike and (held is not call.callee or (function is not None and any(last_name(c.callee) in _WRITES for c in function.inside(Call)))):
                yield call

    @functools.cached_property
    def _opened(self) -> list[Call]:
        """Calls that may open a session: `Session()`, `Session.begin()`, `db.session.commit()`."""
        names = {name for module in self.code.project.naming("sessionmaker", "scoped_session") for assign in module.all(Assign) for target in assign.targets if (name := last_name(target))}
        return list(self.code.project.calls(*_WRITES, *names))


def _sets(function: Function, field: str) -> bool:
    return any(isinstance(target, Member) and target.name == (field or target.name) for assign in function.inside(Assign) for target in assign.targets)


def _deletes(function: Function) -> bool:
    return any(last_name(call.callee) == "delete" for call in function.inside(Call))
