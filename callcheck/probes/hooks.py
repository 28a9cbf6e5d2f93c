"""Do the hooks of a data model belong to the operations that the code uses, and are they attached before the model is compiled?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.delivery import EventTooEarly
from callcheck.model.facts.meeting import OperationSilent
from callcheck.model.knowledge import Framework, Idiom
from callcheck.model.noun import dataclass
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.row_hooks_acting import acts_on, written_by
from callcheck.sources.code.schema_hooks import sealed_schema
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Assign, Call, Function, Member, Name, Node, Object, Param, last_name


class Hooks:
    """Lays `hook` idioms beside the `seal` and `operate` ones of the same schema."""

    name = "hooks"
    looks_at = Sight.SOURCE
    about = ("hook", "hook-all")
    answers = frozenset({EventTooEarly, OperationSilent})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        hooks = list(code.idioms.of("hook"))
        seals = [(u, sealed_schema(code, u)) for u in code.idioms.of("seal")]
        yield from self._all_late(code, seals)
        for hook in hooks:
            yield from self._late(code, hook, seals)
        yield from self._passed(code, hooks)

    def _all_late(self, code: Code, seals: list[tuple[Use, str]]) -> Iterator[Evidence]:
        """A plugin for all schemas, applied when a model has been compiled already."""
        for use in code.idioms.of("hook-all"):
            late = next((seal for seal, _ in seals if seal.framework is use.framework and code.chains.first(seal.call, use.call)), None)
            if late is not None:
                fact = EventTooEarly("the plugin", use.framework.name, use.module.language)
                yield seen(fact, use.call, self.name, (seen(fact, late.call, self.name, label="the model is compiled here, before the plugin is applied"),))

    def _late(self, code: Code, hook: Use, seals: list[tuple[Use, str]]) -> Iterator[Evidence]:
        event = clean(next(iter(code.idioms.events(hook)), ""), 80)
        fact = EventTooEarly(event, hook.framework.name, hook.module.language)
        if "too-late" in hook.idiom.traits:
            yield seen(fact, hook.call, self.name, label="the model is compiled already")
            return
        identity = code.lifetimes.identity(hook.receiver)
        for seal, schema in seals:
            if schema and schema == identity and _sealed_before(code, seal, hook):
                yield seen(fact, hook.call, self.name, (seen(fact, seal.call, self.name, label="the model is compiled here, with the hooks it has by then"),))
                return

    def _passed(self, code: Code, hooks: list[Use]) -> Iterator[Evidence]:
        """An operation that goes past a hook which is called after the fact, on a model of the same schema."""
        on_schema = {(code.lifetimes.identity(h.receiver), event): h for h in hooks if not _of_errors(code, h) for event in code.idioms.events(h)}
        for schema, call, use in (*_operations(code), *_of_statics(code)):
            method = last_name(call.callee)
            for trait in use.idiom.traits:
                hook = on_schema.get((schema, trait.removeprefix("past-"))) if schema and trait.startswith("past-") else None
                if hook is None or _own_hook(on_schema, schema, method):
                    continue
                if last_name(hook.call.callee) != "post" and not _watches(code, hook, call):
                    continue
                handlers = [each for each in code.idioms.handlers(hook) if isinstance(each, Function)]
                if handlers and not any(acts_on(each, method, written_by(call)) for each in handlers):
                    continue
                event = trait.removeprefix("past-")
                also = any(True for _ in code.project.calls(event, "create"))
                fact = OperationSilent(event, clean(method, 60), use.framework.name, module_of(call).language, not also)
                yield seen(fact, call, self.name, (seen(fact, hook.call, self.name, label=f"waits for {event}"),))


@dataclass(frozen=True, slots=True, eq=False)
class _Kind:
    """What a call does, and for which library."""

    idiom: Idiom
    framework: Framework


def _operations(code: Code) -> Iterator[tuple[str, Call, _Kind]]:
    """The calls on models, each with the schema of its model."""
    for use in code.idioms.of("operate"):
        made = use.receiver.node
        given = made.args[1] if isinstance(made, Call) and len(made.args) > 1 else _injected(code, made) if isinstance(made, Param) else None
        if given is not None:
            yield code.lifetimes.identity(code.origins.of(given)), use.call, _Kind(use.idiom, use.framework)


def _of_statics(code: Code) -> Iterator[tuple[str, Call, _Kind]]:
    """The same in functions of a schema whose `this` is the model: `schema.statics.close = function () { return this.updateOne(…); }`."""
    kinds = [_Kind(idiom, each) for each in code.project.frameworks for idiom in each.idioms if idiom.does == "operate"]
    for module in code.project.naming("statics", "static") if kinds else ():
        functions = [(each.targets[0].object.object, each.value) for each in module.all(Assign) if isinstance(each.targets[0], Member) and isinstance(each.targets[0].object, Member) and each.targets[0].object.name == "statics"]
        functions += [(call.callee.object, call.args[1]) for call in module.calls("static") if isinstance(call.callee, Member) and len(call.args) == 2]
        for schema, function in functions:
            identity = code.lifetimes.identity(code.origins.of(schema)) if isinstance(function, Function) else ""
            for call in function.inside(Call) if identity and isinstance(function, Function) else ():
                if isinstance(call.callee, Member) and isinstance(call.callee.object, Name) and call.callee.object.id == "this":
                    yield from ((identity, call, kind) for kind in kinds if call.callee.name in kind.idiom.methods)


def _of_errors(code: Code, hook: Use) -> bool:
    """Whether a hook is called for failures alone: Mongoose goes by its third parameter, or by `errorHandler` (kareem's isErrorHandlingMiddleware)."""
    if last_name(hook.call.callee) != "post":
        return False
    marked = any(isinstance(arg, Object) and arg.get("errorHandler") is not None for arg in hook.call.args)
    return marked or any(isinstance(handler, Function) and len(handler.params) == 3 for handler in code.idioms.handlers(hook))


def _watches(code: Code, hook: Use, operation: Call) -> bool:
    """Whether a hook that runs before the fact asks for a field that the operation writes (`this.isModified("password")`) or gives it a value itself, or reaches outwards."""
    handlers = [h for h in code.idioms.handlers(hook) if isinstance(h, Function)]
    if any(use.idiom.does == "outward" for h in handlers for c in h.inside(Call) for use in code.idioms.at(c)):
        return True
    asked = {code.idioms.text(c.args[0]) for h in code.idioms.handlers(hook) for c in h.inside(Call) if last_name(c.callee) == "isModified" and c.args}
    asked |= {t.name for h in handlers for a in h.inside(Assign) for t in a.targets if isinstance(t, Member) and isinstance(t.object, Name) and t.object.id == "this"}
    changes = [arg for arg in operation.args[1:2] if isinstance(arg, Object)]
    changes += [entry.value for arg in changes for entry in arg.entries if entry.key == "$set" and isinstance(entry.value, Object)]
    return bool(asked & {entry.key for each in changes for entry in each.entries})


def _injected(code: Code, param: Param) -> Node | None:
    """The schema of a model that Nest injects: `@InjectModel(Cat.name) private cats: Model<Cat>` beside `forFeature([{ name: Cat.name, schema: CatSchema }])`."""
    named = next((each.args[0] for each in param.decorators if isinstance(each, Call) and last_name(each.callee) == "InjectModel" and each.args), None)
    wanted = _name_of(code, named) if named is not None else ""
    listed = (each for call in code.project.calls("forFeature") for each in call.inside(Object) if wanted)
    return next((each.get("schema") for each in listed if (name := each.get("name")) is not None and _name_of(code, name) == wanted), None)


def _name_of(code: Code, node: Node) -> str:
    """A model's name: a text, or that of a class (`Cat.name`)."""
    return last_name(node.object) if isinstance(node, Member) and node.name == "name" else code.idioms.text(node) or ""


def _own_hook(hooks: dict[tuple[str, str], Use], schema: str, method: str) -> bool:
    """Whether the operation has a hook of its own: `findByIdAndUpdate` calls those for `findOneAndUpdate`."""
    return any((schema, name) in hooks for name in (method, method.replace("findById", "findOne"), "*", ""))


def _sealed_before(code: Code, seal: Use, hook: Use) -> bool:
    if seal.module is hook.module:
        return function_of(seal.call) is function_of(hook.call) and seal.call.at < hook.call.at
    if function_of(seal.call) is not None:
        return False
    adds = function_of(hook.call)
    callers = [module_of(call).path for call in code.origins.calls_of(adds)] if adds is not None else []
    if callers and all(seal.module.path in code.reach.loads(path) and path not in code.reach.loads(seal.module.path) for path in callers):
        return True
    # Whoever imports the file that compiles the model runs after it.
    return seal.module.path in code.reach.loads(hook.module.path) and hook.module.path not in code.reach.loads(seal.module.path)


PROBE = Hooks()
