"""Do the patterns and lists by which a library loads handlers name the files and classes that hold them?

    new DataSource({ subscribers: ["src/subscribers/*.ts"] })   // in an image that holds dist/ only
    new DataSource({ subscribers: [process.env.SUBSCRIBERS] })  // environment: {SUBSCRIBERS: "src/subscribers/*.ts"}
"""

from __future__ import annotations

import functools
import posixpath
import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.meeting import ReceiverMissing
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.environ import ELSE, variable
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.scopes import enclosing
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Call,
    ClassDef,
    Conditional,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Operation,
    Sequence,
    Template,
)
from callcheck.sources.environment import Setting, settings
from callcheck.sources.environment.per_stage import DEVELOPMENT, stage_of

_BUILT = pattern(r"(?:^|/)(?:dist|build|out|lib|\.output)/")
_STARTS_BUILT = pattern(
    r"""(?:(?:node|bun|pm2(?:-runtime)?)["',\s]{1,20}(?:(?:start|run)["',\s]{1,20})?(?:-[^\s"']{1,200}["'\s]["',\s]{0,20}){0,6}|\bscript["']?\s*[:=]\s*)["']?"""
    r"""(?:(?:\./|/\w+/)?(?:dist|build|out|lib)/|(?!\S*node_modules)/?(?:[\w.@-]+/){1,8}dist/)"""
)
_SOURCES_RUN = pattern(r"\b(?:ts-node(?:-dev)?|tsx|nodemon|(?:run|npm|yarn|pnpm) (?:\S{1,40}:)?dev|nest start|bun)\b")
"""Commands that run the sources as they are."""
_HERE = pattern(r"__dirname|import\.meta\.dirname")
"""The folder of the running file, wherever that is."""
_DATA = pattern(r"\.(?:json[5cl]?|ya?ml|toml|mdx?|html?|css|s[ac]ss|less|graphqls?|gql|sql|proto|txt|csv|xml|svg|png|jpe?g|hbs|ejs|pug|njk|env|lock|log)$")
"""What a pattern of such files finds holds no handlers."""
_READS = pattern(r"\b(?:readFile|l?stat|copyFile|copy|cp|move|rename|unlink|createReadStream)(?:Sync)?\(")
_LOADS = pattern(r"\b(?:import|require)\s*\(|\b__import__\(|import_module\(|jiti\(")
_DEPLOYS = ("package.json", "Dockerfile*", "*.Dockerfile", "Procfile*", "*.yml", "*.yaml", "ecosystem.config.*", "*.service", "*.toml", "*.tf", "*.nomad", "*.hcl", "supervisor*.conf", "*.sh", "app.json")


class Loaders:
    """Looks at `load` idioms (patterns and class lists) and at the `discovered` classes that they are to bring in."""

    name = "loaders"
    looks_at = Sight.SOURCE
    about = ("load",)
    answers = frozenset({ReceiverMissing})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        loads = [use for use in code.idioms.of("load") if not _only_reads(use)]
        patterns: list[tuple[Use, Node, str]] = []
        for use in loads:
            for node in _lists(code, use):
                patterns += [(use, item, text) for item, text in _patterns(code, node)]
        built = _runs_built(code)
        fits = {use: False for use, _, _ in patterns} | {use: True for use, _, text in patterns if _matching(code, text) and not (built and _source_only(text))}
        for use, node, text in patterns:
            if fits[use] and any(_of_two(code, given) for given in use.call.args):
                continue  # the other one is for another way of running it
            if not _matching(code, text) or (built and _source_only(text)):
                fact = ReceiverMissing(clean(text, 80), "pattern", use.framework.name, use.module.language)
                yield seen(fact, node, self.name)
        given = {use: [(at, name, list(_set(eyes, name))) for node in _lists(code, use) for name, at in _variables(code, node)] for use in loads}
        for use, variables in given.items():
            for at, name, values in variables:
                yield from self._handed_over(code, use, at, name, values, built)
        texts = [text for _, _, text in patterns] + [part for variables in given.values() for _, _, values in variables for each in values for part in _parts(each)]
        yield from self._unlisted(code, loads, texts, frozenset(use for use, variables in given.items() if not all(values for _, _, values in variables)))

    def _handed_over(self, code: Code, use: Use, at: Node, name: str, values: list[Setting], built: bool) -> Iterator[Evidence]:
        """A pattern that the deployment hands over by a variable, for a unit that is no development's."""
        for each in values:
            parts = [part for part in _parts(each) if "*" in part.removeprefix("*") and not _DATA.search(part)]
            if parts and not _SOURCES_RUN.search(each.runs) and stage_of(f"{each.file.name}/{each.unit}") not in DEVELOPMENT:
                if all(not _matching(code, part) or (built and _source_only(part)) for part in parts):
                    fact = ReceiverMissing(clean(each.value, 80), "pattern", use.framework.name, use.module.language)
                    there = seen(fact, at, self.name, label=f"{clean(name, 60)} says what is loaded here")
                    yield Evidence(fact, Basis.DECLARED, self.name, each.where, service=each.unit, because=(there,))

    def _unlisted(self, code: Code, loads: list[Use], patterns: list[str], unknown: frozenset[Use]) -> Iterator[Evidence]:
        """A class that some list or pattern should name, and none does; silent where one of them is in a variable that nothing here sets."""
        for use in code.idioms.of("discovered"):
            cls = enclosing(use.call, ClassDef)
            own = [load for load in loads if load.framework is use.framework]
            if not isinstance(cls, ClassDef) or not own or _registers_itself(cls) or _mentioned(code, cls):
                continue
            if any(use.module.path in _matching(code, pattern) for pattern in patterns) or any(load in unknown or _unreadable(code, load) for load in own):
                continue
            fact = ReceiverMissing(cls.name, "not-listed", use.framework.name, use.module.language)
            yield seen(fact, cls, self.name, tuple(seen(fact, load.call, self.name, label=f"what is loaded here does not name {cls.name}") for load in own[:1]))


def _only_reads(use: Use) -> bool:
    """Whether files are found to be read, measured or moved: that is done in the same file, and none is loaded there."""
    return bool(_READS.search(use.module.text)) and not _LOADS.search(use.module.text)


def _lists(code: Code, use: Use) -> list[Node]:
    """Where a use says what is loaded: in its own options, also in one of two (`production ? built : sources`), or in those that a factory which it is given makes."""
    if not use.idiom.handler:
        found = list(code.idioms.placed(use.call, use.idiom.event))
        return found or [value for given in use.call.args for each in _of_two(code, given) if (value := each.get(use.idiom.event)) is not None]
    made = (each for handler in code.idioms.handlers(use) if isinstance(handler, Function) for each in handler.inside(Object))
    return [value for each in made if (value := each.get(use.idiom.event)) is not None]


def _of_two(code: Code, given: Node) -> list[Object]:
    """The objects that `ready ? one : other` may be; none where one of them is not known, or for anything else."""
    held = code.origins.of(given).node if isinstance(given, Name) else given
    if not isinstance(held, Conditional):
        return []
    both = [code.origins.of(each).node if isinstance(each, Name) else each for each in (held.then, held.orelse)]
    return [each for each in both if isinstance(each, Object)] if all(isinstance(each, Object) for each in both) else []


def _variables(code: Code, node: Node) -> Iterator[tuple[str, Node]]:
    """The variables of the environment that hold a pattern, or some with commas between them, and where each is taken: also behind a parameter or a field of a configuration."""
    held = code.origins.of(node).node if isinstance(node, (Name, Member)) else node
    if isinstance(held, Sequence):
        for item in held.items:
            yield from _variables(code, item)
        return
    if isinstance(held, Call) and isinstance(held.callee, Member) and held.callee.name == "split":
        yield from _variables(code, held.callee.object)
        return
    told = held.operands[0] if isinstance(held, Operation) and held.operator in ELSE else node
    name = variable(code.origins, code.idioms.text, told)[0]
    if name:
        yield name, node


def _set(eyes: Eyes, name: str) -> Iterator[Setting]:
    """What units are given for a variable, as far as it is written out."""
    return (each for each in settings(eyes) if each.name == name and each.value)


def _parts(given: Setting) -> list[str]:
    return [part.strip() for part in given.value.split(",")]


def _patterns(code: Code, node: Node) -> Iterator[tuple[Node, str]]:
    """The file patterns that a node holds, with `*` before what is joined to a computed folder."""
    held = code.origins.of(node).node if isinstance(node, (Name, Member)) else node
    if isinstance(held, Sequence):
        for item in held.items:
            yield from _patterns(code, item)
        return
    if isinstance(held, Call) and isinstance(held.callee, Member) and held.callee.name == "split" and len(held.args) == 1:
        # `(process.env.SUBSCRIBERS ?? "src/**/*.watch.ts").split(",")`: what stands in for the variable is the list.
        parts = code.idioms.text(held.callee.object).split(code.idioms.text(held.args[0]) or ",")
        yield from ((node, part.strip()) for part in parts if "*" in part.removeprefix("*"))
        return
    text = code.idioms.text(node) if isinstance(node, (Literal, Template, Operation, Name, Member, Call)) else ""
    text = _HERE.sub("*", text)
    if _DATA.search(text):
        return
    if "*" in text.removeprefix("*") or re.search(r"\.[cm]?[jt]s$", text):
        yield node, text


def _matching(code: Code, pattern: str) -> list[str]:
    """The project's source files that a pattern matches, once a build folder counts as its source."""
    return [path for path in code.project.sources if _regex(pattern).search(_as_source(path))]


@functools.lru_cache(maxsize=256)
def _regex(pattern: str) -> re.Pattern[str]:
    text = _as_source(pattern.removeprefix("./").lstrip("/"))
    text = re.sub(r"^\*(?=/|\.\.)", "", text)
    text = re.sub(r"(?:^|/)\.\.(?=/)", "", text).lstrip("/") if ".." in text or pattern.startswith("*/") else text
    parts = re.split(r"(\*\*/?|\*|\{[^}]*\})", text)
    made = "".join(_piece(part) for part in parts)
    return re.compile(("(?:^|/)" if pattern[:1] in "*/." else "^(?:.*/)?") + made + "$")


def _piece(part: str) -> str:
    if part.startswith("**"):
        return "(?:.*/)?" if part.endswith("/") else ".*"
    if part == "*":
        return "[^/]*"
    if part.startswith("{"):
        return ".*"
    return re.escape(part)


def _as_source(path: str) -> str:
    """A path without build or source folder, and without the kind of its suffix."""
    path = re.sub(r"(?:^|/)(?:src|dist|build|out|lib|\.output)/", "/", posixpath.normpath(path) if "*" not in path else path).lstrip("/")
    return re.sub(r"(?<=[\w*)}])\.(?:[cm]?[jt]sx?|\{[jt]s,[jt]s\}|\[jt\]s)$", "", path)


def _source_only(pattern: str) -> bool:
    """Whether a pattern can match sources alone: it begins in `src/`, or ends in `.ts`, and not at a place that is computed from the running file."""
    return (pattern.removeprefix("./").startswith("src/") or bool(re.search(r"\.[cm]?ts$", pattern))) and not _BUILT.search(pattern)


def _runs_built(code: Code) -> bool:
    """Whether the project is started from build output."""
    return any(_STARTS_BUILT.search(code.project.text_of(file)) for file in code.project.files_named(*_DEPLOYS))


def _registers_itself(cls: ClassDef) -> bool:
    """`dataSource.subscribers.push(this)`."""
    return any(isinstance(c.callee, Member) and c.callee.name == "push" and any(isinstance(a, Name) and a.id == "this" for a in c.args) for c in cls.inside(Call))


def _mentioned(code: Code, cls: ClassDef) -> bool:
    """Whether some value in the project is the class."""
    inside = {id(name) for name in cls.inside(Name)}
    names = (name for module in code.project.users.modules(cls, [cls.name]) for name in module.all(Name))
    return any(name.id == cls.name and id(name) not in inside and code.origins.of(name).cls is cls for name in names)


def _unreadable(code: Code, load: Use) -> bool:
    """Whether what is loaded is computed, so that nothing can be said."""
    nodes = _lists(code, load)
    told = not load.idiom.handler and all(isinstance(given, Object) and all(entry.key for entry in given.entries) or _of_two(code, given) for given in load.call.args)
    return (not nodes and not told) or any(not isinstance(node, (Literal, Template, Operation, Name, Member, Call)) or (isinstance(node, Call) and not list(_patterns(code, node))) for node in nodes)


PROBE = Loaders()
