"""Does a call stand as a trap says: what is beside it, in its text, in its handler, and on which thread?

    threading.Thread(target=work).start()
    def work(): queue.put_nowait(1)          # an asyncio.Queue that is filled from a thread wakes nobody
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from callcheck.model.aside import is_only_test
from callcheck.model.pattern import compiled, pattern
from callcheck.sources.code import Code, fates
from callcheck.sources.code.deployment_texts import DeploymentTexts
from callcheck.sources.code.exclusions import Exclusions
from callcheck.sources.code.given import given
from callcheck.sources.code.handler_forms import gives_callable, handled_so
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.orders import in_order
from callcheck.sources.code.own_object import handed_own, on_own
from callcheck.sources.code.repositories import rows_of
from callcheck.sources.code.schema_hooks import hooks_of_model
from callcheck.sources.code.scopes import enclosing, function_of, is_statement, module_of
from callcheck.sources.code.spelt import spelt_out
from callcheck.sources.code.surroundings import suits
from callcheck.sources.code.threads import given_to_loop, of_another_thread, threaded, without_loop
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    ClassDef,
    Entry,
    Function,
    Member,
    Node,
    Return,
    dotted,
    last_name,
)
from callcheck.sources.code.wording import lines_of, names_in, readings, reads_so, stands_in, words_of

_NAMES = pattern(r"\{(?:event|made|on|arg [\w|]+)\}")
_SERVED = pattern(r":\w+\\b$")
"""Ends a pattern of what a server is told to serve: `main:app`."""
_OF_CALL = pattern(r"\{(made|on|arg [\w|]+)\}")


class Standing:
    """What is beside the uses of one project; texts are searched once for each pattern."""

    def __init__(self, code: Code) -> None:
        self._code = code
        self._exclusions = Exclusions(code)
        self._texts: dict[tuple[str, bool], bool] = {}
        self._named_by: dict[str, frozenset[str]] = {}
        self.deployment = DeploymentTexts(code)
        self._written_out: dict[int, str] = {}

    def stands(self, use: Use) -> bool:
        """Whether a use stands as its idiom wants it, and all that it wants beside it is there, and nothing else."""
        trap = use.idiom
        if not self._placed(use) or not all(self._there(use, each) for each in trap.along):
            return False
        return not self._exclusions.beside(use, self._spelt(use.call) if "lacks" in trap.where else "") and not any(self._excluded(use, each) for each in trap.without)

    def _leaves(self, use: Use) -> bool:
        from callcheck.sources.code.leaves import leaves_without

        return any(leaves_without(node, use.idiom.where["leaves"]) for node in self._code.idioms.handlers(use) if isinstance(node, Function))

    def _placed(self, use: Use) -> bool:
        """Whether the call is used, and its handler made, as the trap wants it; what `Idioms` knows of a place it has tested."""
        trap = use.idiom
        where = trap.where
        above = use.call.parent
        awaited = isinstance(above, Await)
        if "awaited" in where and awaited is not where["awaited"]:
            return False
        if "unused" in where and is_statement(above if awaited and above else use.call) is not where["unused"]:
            return False
        if "role" in where and self._code.lifetimes.role(use.function) not in where["role"]:
            return False
        if not suits(self._code, use):
            return False
        if not reads_so(trap, use.call, self._spelt(use.call) if "text" in where else ""):
            return False
        if "instantiated" in where and (self.made_by(use) is not None if where["instantiated"] else self._instantiated(use.call)) is not where["instantiated"]:
            return False
        if "rows" in where and not self._of_rows(use.call, where["rows"]):
            return False
        if not all(self._given(use, name, wanted) for name, wanted in where.get("given", {}).items()):
            return False
        if not fates.fits(self._code, use):
            return False
        if "leaves" in where and not self._leaves(use):
            return False
        if "called" in where and any(self._gives_none(node) for node in self._code.idioms.placed(use.call, use.idiom.handler)) is not where["called"]:
            return False
        if "names-one-of" in where and not self._names_one_of(use, where["names-one-of"]):
            return False
        if where.get("again") and not self._again(use):
            return False
        if {"handler", "body", "body-lacks", "returns", "unstepped"} & where.keys() and where.get("handler") != "fresh":
            handlers = [node for node in self._code.idioms.handlers(use) if isinstance(node, Function)]
            if where.get("handler") in ("coroutine", "generated"):
                handlers = [function for node in self._code.idioms.placed(use.call, use.idiom.handler) if (function := self._called(node))]
            if not any(handled_so(self._code, node, trap) for node in handlers):
                return False
        if "other-thread" in where and of_another_thread(self._code, use) is not where["other-thread"]:
            return False
        if "loopless" in where and without_loop(self._code, use.function) is not where["loopless"]:
            return False
        if "imported" in where and bool(self._code.project.importers(use.module.path)) is not where["imported"]:
            return False
        if "threaded-lacks" in where and not threaded(self._code, use.function, where["threaded-lacks"]):
            return False
        return "threaded" not in where or (threaded(self._code, use.function) and not given_to_loop(use.call)) is where["threaded"]

    def _spelt(self, call: Call) -> str:
        """A call with its arguments written out; worked out once."""
        if id(call) not in self._written_out:
            self._written_out[id(call)] = spelt_out(self._code.origins, call) if names_in(call) else ""
        return self._written_out[id(call)]

    def _gives_none(self, node: Node) -> bool:
        """Whether an argument is the call of a function of the project that gives back nothing that could be called."""
        made = self._code.origins.of(node.callee).node if isinstance(node, Call) else None
        if not isinstance(made, Function) or made.is_generator:
            return False
        return not any(gives_callable(each) for each in made.inside(Return) if function_of(each) is made)

    def _names_one_of(self, use: Use, pattern_of_names: str) -> bool:
        """Whether the call names one of those that a pattern's group 1 has anywhere in the project: the attributes that are listened to."""
        if pattern_of_names not in self._named_by:
            texts = (self._code.project.text(path) for path in self._code.project.sources if not is_only_test(path))
            self._named_by[pattern_of_names] = frozenset(found for text in texts for found in compiled(pattern_of_names).findall(text))
        spelt = self._spelt(use.call) or lines_of(use.call)
        return any(re.search(rf"\b{re.escape(name)}\b", spelt) for name in self._named_by[pattern_of_names])

    def _again(self, use: Use) -> bool:
        """Whether the same use stands at another place, on the same object: none of those that a function makes anew for itself."""
        identity = self._code.lifetimes.identity(use.receiver) if not _filled_here(use) else ""
        others = (each for each in self._code.idioms.of("trap") if each.idiom is use.idiom and each.function is not use.function and not _filled_here(each))
        return bool(identity) and any(self._code.lifetimes.identity(each.receiver) == identity for each in others)

    def _of_rows(self, call: Call, wanted: str) -> bool:
        """Whether the class whose rows a call works on has a pattern, be it in a hook of its schema, or cannot be told."""
        hooks = hooks_of_model(self._code, call)
        if hooks is not None:
            return any(re.search(wanted, text) for hook in hooks for text in readings(hook.call))
        name = rows_of(self._code, call)
        classes = [cls for module in self._code.project.naming(name) for cls in module.all(ClassDef) if cls.name == name] if name else []
        return not classes or any(re.search(wanted, text) for cls in classes for text in readings(cls))

    def _called(self, node: Node) -> Function | None:
        """The function of the project that an argument is the call of."""
        made = self._code.origins.of(node.callee).node if isinstance(node, Call) else None
        return made if isinstance(made, Function) else None

    def made_by(self, use: Use) -> Call | None:
        """The call by which the program itself makes an instance of the class that a use stands in; not in a test, nor for a container."""
        cls = enclosing(use.call, ClassDef)
        for call in self._code.origins.calls_of(cls) if isinstance(cls, ClassDef) else ():
            given = any(isinstance(above, Entry) and above.key in ("useFactory", "useValue") for above in call.up())
            if not given and not is_test(module_of(call).path):
                return call
        return None

    def _instantiated(self, call: Call) -> bool:
        """Whether the class that a call stands in, or that it defines, is called somewhere, or another class is made from it."""
        cls = enclosing(call, ClassDef)
        if not isinstance(cls, ClassDef):
            return False
        heirs = (each for module in self._code.project.naming(cls.name) for each in module.all(ClassDef))
        return any(True for _ in self._code.project.calls(cls.name)) or any(last_name(base) == cls.name for each in heirs for base in each.bases)

    def _given(self, use: Use, names: str, wanted: str) -> bool:
        """Whether an argument has a pattern: as written, or as the deployment sets the variable that it is read from."""
        return any(re.search(wanted, text) for text in given(self._code, self._code.idioms.placed(use.call, names)))

    def _there(self, use: Use, wanted: str) -> bool:
        """Whether another call, or a text, is there (`Idiom.along`)."""
        if _NAMES.search(wanted):
            return any(self._there(use, each) for each in self._filled(use, wanted))
        code = self._code
        sign, name = (wanted[0], wanted[1:]) if wanted[0] in "~.<>=/@&+%" else ("", wanted)
        words = words_of(use.idiom, name) if sign in ("/", "%") else ()
        if sign == "=":
            return self._said(use, wanted, name.split("|"), lambda text: any(each in text for each in name.split("|")))
        if sign == "/":
            return self._said(use, wanted, words, lambda text: stands_in(use.idiom, name, text))
        if sign == "&" and _SERVED.search(name):
            return self.deployment.serves(use.idiom, name, use.module.path)
        if sign == "&":
            return self.deployment.has(use.idiom, name)
        if sign == "%":
            return self._said(use, wanted, words, lambda text: stands_in(use.idiom, name, text)) or self.deployment.has(use.idiom, name)
        if sign == "+":
            return self._optioned(use, *name.split(" "))
        if sign == ".":
            return on_own(code, use, *name.partition(" ")[::2])
        if sign in ("<", ">") and "." in name:
            # A function of a module, `>asyncio.run`: it need not be about the same object.
            of_module = (call for call in code.project.calls(name.rpartition(".")[2]) if dotted(call.callee) == name)
            return any(code.chains.first(call, use.call) if sign == "<" else code.chains.first(use.call, call) for call in of_module)
        calls = [call for call in code.project.calls(*name.split("|")) if call is not use.call]
        if sign == "~":
            return bool(calls)
        if sign in ("<", ">"):
            beside = [call for call in calls if function_of(call) is use.function and call.at != use.call.at and module_of(call) is use.module]
            return any((call.at < use.call.at) is (sign == "<") for call in beside) or in_order(code, use, calls, sign == "<")
        identity = code.lifetimes.identity(use.receiver)
        if sign == "@" and use.idiom.calls:
            return handed_own(code, use, calls)
        if sign == "@":
            handed = [arg for call in calls for arg in (*call.args, *(k.value for k in call.keywords))]
            return bool(identity) and any(code.lifetimes.identity(code.origins.of(arg)) == identity for arg in handed)
        return any(_same(code, call, identity, use) for call in calls)

    def _excluded(self, use: Use, wanted: str) -> bool:
        """Whether another call, or a text, is there and may be about the use's object (`Idiom.without`)."""
        wide = wanted.startswith("*") or _NAMES.search(wanted) is not None
        for each in self._filled(use, wanted.removeprefix("*")):
            sign, name = each[0], each[1:]
            if sign == "~" and not wide:
                if self._exclusions.called(use, (call for call in self._code.project.calls(*name.split("|")) if call is not use.call)):
                    return True
            elif sign in ("=", "/"):
                if self._exclusions.said(use, name if sign == "/" else "|".join(map(re.escape, name.split("|"))), wide):
                    return True
            elif self._there(use, each) if sign != "%" else self._there(use, f"&{name}") or self._exclusions.said(use, name, wide):
                return True
        return False

    def _filled(self, use: Use, wanted: str) -> Iterator[str]:
        """What is to be looked for, with the names that the call has in their places: one for each event; none where a name is not known."""
        if "{event}" in wanted:
            for event in self._code.idioms.events(use):
                if event and "*" not in event:
                    yield from self._filled(use, wanted.replace("{event}", re.escape(event)))
            return
        names = {found[0]: re.escape(self._named(use, found[1])) for found in _OF_CALL.finditer(wanted)}
        if all(names.values()):
            yield _OF_CALL.sub(lambda found: names[found[0]], wanted)

    def _named(self, use: Use, which: str) -> str:
        """The name under which the call's result is kept (`made`), of what it is called on or the class that it defines (`on`), or that stands as one of its arguments; "" if there is none."""
        if which == "on" and isinstance(use.call.parent, ClassDef):
            return use.call.parent.name
        if which == "on":
            return last_name(use.call.callee.object) if isinstance(use.call.callee, Member) else ""
        if which == "made":
            above = use.call.parent
            return last_name(above.targets[0]) if isinstance(above, Assign) and above.targets else ""
        return next(filter(None, map(last_name, self._code.idioms.placed(use.call, which.removeprefix("arg ")))), "")

    def _optioned(self, use: Use, names: str, option: str = "") -> bool:
        """Whether another call of these names is about what this one names first, too, and has an option, wherever that is written."""
        idioms = self._code.idioms
        about = idioms.text(next(iter(use.call.args), None))
        others = (call for call in self._code.project.calls(*names.split("|")) if call is not use.call and (not option or idioms.option(call, option) is not None))
        return bool(option or about) and any(idioms.text(next(iter(call.args), None)) == about for call in others)

    def _said(self, use: Use, wanted: str, words: Collection[str], found: Callable[[str], bool]) -> bool:
        """Whether some source file has a text, which one of these words is part of; what a test says holds for tests alone."""
        tested = is_only_test(use.module.path)
        if (wanted, tested) not in self._texts:
            project = self._code.project
            spelt = (module.spelt_text for module in project.ground.values() if module.spelt and (tested or not is_only_test(module.path)))
            # A file that was not parsed holds its comments still: what is found there is looked for again without them.
            holding = (path for path in project.holding(words) if tested or not is_only_test(path))
            self._texts[wanted, tested] = any(found(project.text(path)) and found(project.bare(path)) for path in holding) or any(map(found, spelt))
        return self._texts[wanted, tested]


def _filled_here(use: Use) -> bool:
    """Whether the function itself has just put a new object where a use finds its own: `this.feed = new EventSource(url); this.feed.onmessage = show;`."""
    path = dotted(use.call.callee.object) if isinstance(use.call.callee, Member) else ""
    given = use.function.inside(Assign) if use.function is not None and path else ()
    return any(isinstance(each.value, Call) and each.at < use.call.at and any(dotted(target) == path for target in each.targets) for each in given)


def _same(code: Code, call: Call, identity: str, use: Use) -> bool:
    """Whether a call is on the same object; where that cannot be told, one under the same name counts."""
    if not isinstance(call.callee, Member) or not isinstance(use.call.callee, Member):
        return False
    other = code.lifetimes.identity(code.origins.of(call.callee.object))
    if identity and other:
        return identity == other
    return last_name(call.callee.object) == last_name(use.call.callee.object)
