"""What do the rule files say, and are they well formed?

    cause: late-registration
    title: "{callcheck.event.name} is emitted before anybody listens"
    when: [{event.missed: {}}]         # or any: [{when: [...], per: [...], prior: ...}, ...]
    prior: strong
    supports: [{fact: {kind: {attribute: value}}, strength: fair, because: "..."}]
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from callcheck.engine.edits import COUNT
from callcheck.model.errors import RuleError
from callcheck.model.fact import Fact, Value, kinds, names, types
from callcheck.model.noun import replace
from callcheck.model.precision import UNMEASURED, Precision
from callcheck.model.rule import STAGES, Clause, Condition, Edit, Example, Fix, Rule, Snippet, Test, Way
from callcheck.model.words import Strength

_KEYS = {"cause", "title", "per", "when", "any", "unless", "prior", "supports", "contradicts", "yields_to", "explained_by", "leads", "explain", "confirm", "fix",
         "references", "examples"}  # fmt: skip
_WAY_KEYS = {"title", "per", "when", "unless", "prior", "supports", "contradicts"}
_LEAD_KEYS = {"title", "per", "when", "unless", "prior"}
_NUMBER = ("a number", lambda want: isinstance(want, (int, float)) and not isinstance(want, bool))
_WANTS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "is": ("one value", lambda want: isinstance(want, (str, int, float, bool))),
    "in": ("a list of values", lambda want: isinstance(want, list)),
    "gt": _NUMBER,
    "lt": _NUMBER,
    "matches": ("a regular expression", lambda want: isinstance(want, str)),
}
"""What may stand behind each comparison."""
_OPERATORS = frozenset(_WANTS)
_OF_TRAPS = {"strong": "strong", "fair": "fair", "hint": "weak"}
"""How sure a trap makes its effect by its strength, where nothing else is known: each rule has a way for each of these."""
LANGUAGES = {"typescript", "javascript", "python", "yaml", "shell", "nginx", "ini", "toml", "json", "dockerfile", "hcl", "text"}


def load(folders: Iterable[Path]) -> list[Rule]:
    """Every rule below `<folder>/causes`; a later folder's rule replaces an earlier one of the same cause. Raises RuleError."""
    found: dict[str, Rule] = {}
    for folder in folders:
        measured = _measured(folder / "precision.yaml")
        for path in sorted((folder / "causes").rglob("*.y*ml")):
            rule = read(path)
            found[rule.cause] = replace(rule, precision=measured.get(rule.cause, UNMEASURED))
    return list(found.values())


def _measured(path: Path) -> dict[str, Precision]:
    """By cause, how often it was named and was right: made by tests/benchmarks/precision.py, and there for our own rules only."""
    if not path.is_file():
        return {}
    _, table = _parsed(path)
    try:
        return {cause: Precision(int(counts["named"]), int(counts["right"])) for cause, counts in table["causes"].items()}
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise RuleError(f"no counts of diagnoses by cause: {error}", str(path)) from error


def read(path: Path) -> Rule:
    """One rule file. Raises RuleError with the line where YAML knows it."""
    text, data = _parsed(path)
    return _Reader(path, text).rule(data)


def _parsed(path: Path) -> tuple[str, Any]:
    """A file's text and what YAML makes of it. Raises RuleError."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        text = path.read_text(encoding="utf-8")
        return text, yaml.load(text, Loader=loader)  # noqa: S506  (safe loaders only)
    except OSError as error:
        raise RuleError(error.strerror or "cannot be read", str(path)) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise RuleError(f"not readable as YAML: {error}".split("\n")[0], str(path), mark.line + 1 if mark else None) from error


class _Reader:
    """Turns one parsed file into a Rule; keeps the path and the text for error lines."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text

    def fail(self, message: str, near: str = "") -> RuleError:
        line = None
        if near:
            line = next((i for i, t in enumerate(self.text.splitlines(), 1) if near in t), None)
        return RuleError(message, str(self.path), line)

    def rule(self, data: Any) -> Rule:
        if not isinstance(data, dict):
            raise self.fail("a rule is a mapping with the key `cause`")
        self.only(data, _KEYS)
        for key in ("cause", "title", "explain"):
            if not isinstance(data.get(key), str) or not data[key].strip():
                raise self.fail(f"`{key}` must be a text", key)
        if data["cause"] != self.path.stem:
            raise self.fail(f"the cause must be named after its file, {self.path.stem}", "cause:")
        stage = self.path.parent.name
        if stage not in STAGES:
            raise self.fail(f"the folder must be a stage: {', '.join(STAGES)}")
        return Rule(
            cause=data["cause"],
            stage=stage,
            title=data["title"].strip(),
            ways=(*(ways := self.ways(data)), *self.ways_of_traps(data, ways)),
            yields_to=tuple(self.listed(data, "yields_to")),
            explained_by=tuple(self.listed(data, "explained_by")),
            leads=tuple(self.lead(item) for item in self.listed(data, "leads")),
            explain=data["explain"].strip(),
            confirm=str(data.get("confirm", "")).strip(),
            fix=tuple(self.fix(item) for item in self.listed(data, "fix")),
            references=tuple(str(item) for item in self.listed(data, "references")),
            examples=tuple(self.example(item) for item in self.listed(data, "examples")),
            origin=str(self.path),
        )

    def ways(self, data: dict[str, Any]) -> tuple[Way, ...]:
        if ("when" in data) == ("any" in data):
            raise self.fail("a rule has either `when` or `any`")
        if "when" in data:
            return (self.way(data),)
        shared = {key: self.listed(data, key) for key in ("supports", "contradicts", "unless")}
        ways = []
        for item in self.listed(data, "any"):
            if not isinstance(item, dict):
                raise self.fail("each item of `any` is a mapping with `when`", "any:")
            self.only(item, _WAY_KEYS)
            joined = {**item, **{key: [*self.listed(item, key), *value] for key, value in shared.items()}}
            ways.append(self.way(joined))
        return tuple(ways)

    def ways_of_traps(self, data: dict[str, Any], own: tuple[Way, ...]) -> Iterator[Way]:
        """The ways on which the traps of libraries lead to the cause, but for strengths that the rule's file speaks of itself."""
        told = {condition for way in own for condition in way.when}
        for strength, prior in _OF_TRAPS.items():
            fact = {"library.trap": {"callcheck.trap.effect": data["cause"], "callcheck.trap.strength": strength}}
            way = self.way({"when": [fact], "title": "{callcheck.trap.why}", "prior": prior, **{key: self.listed(data, key) for key in ("supports", "contradicts", "unless")}})
            if told.isdisjoint(way.when):
                yield way

    def lead(self, item: Any) -> Way:
        if not isinstance(item, dict) or not item.get("title"):
            raise self.fail("a lead has `when` and `title`", "leads:")
        self.only(item, _LEAD_KEYS)
        if item.get("prior") == Strength.DECISIVE:
            raise self.fail("the `prior` of a lead is weak, fair or strong", "leads:")
        return self.way(item)

    def way(self, data: Mapping[str, Any]) -> Way:
        when = tuple(self.condition(item) for item in self.listed(data, "when"))
        if not when:
            raise self.fail("`when` must name at least one fact", "when:")
        return Way(
            when=when,
            per=tuple(str(item) for item in self.listed(data, "per")),
            unless=tuple(self.condition(item) for item in self.listed(data, "unless")),
            prior=self.strength(data.get("prior", "fair")),
            title=str(data.get("title", "")).strip(),
            supports=tuple(self.clause(item) for item in self.listed(data, "supports")),
            contradicts=tuple(self.clause(item) for item in self.listed(data, "contradicts")),
        )

    def clause(self, item: Any) -> Clause:
        if not isinstance(item, dict) or not {"fact", "strength", "because"} >= set(item) or "fact" not in item:
            raise self.fail("a clause has `fact`, `strength` and `because`", str(item)[:30])
        return Clause(self.condition(item["fact"]), self.strength(item.get("strength", "fair")), str(item.get("because", "")))

    def condition(self, item: Any) -> Condition:
        kind, attributes = self.single(item)
        known = self.kind(kind)
        tests: list[Test] = []
        for name, value in (attributes or {}).items():
            if name not in names(known).values():
                raise self.fail(f"{kind} has no attribute {name}; it has {', '.join(sorted(names(known).values()))}", name)
            tests.extend(self.tests(name, value))
        return Condition(kind, tuple(tests))

    def tests(self, name: str, value: Any) -> Iterator[Test]:
        for operator, want in value.items() if isinstance(value, dict) else (("is", value),):
            if operator not in _OPERATORS:
                raise self.fail(f"unknown comparison `{operator}`; known: {', '.join(sorted(_OPERATORS))}", str(operator))
            wanted, fits = _WANTS[operator]
            if not fits(want):
                raise self.fail(f"`{operator}` on {name} wants {wanted}", name)
            if operator == "matches":
                self.pattern(str(want))
            yield Test(name, operator, tuple(want) if isinstance(want, list) else want)

    def pattern(self, text: str) -> None:
        try:
            re.compile(text)
        except re.error as error:
            raise self.fail(f"not a regular expression: {error}", text[:30]) from error
        if re.search(r"[+*}]\)[+*{]", text):
            raise self.fail("nested repetition can take for ever; write it without", text[:30])

    def fix(self, item: Any) -> Fix:
        if not isinstance(item, dict) or "title" not in item:
            raise self.fail("a fix has a `title`", "fix:")
        snippets = []
        for key, value in item.items():
            if key in ("title", "check", "frameworks", "for", "edit", "stopgap"):
                continue
            if key not in LANGUAGES or not isinstance(value, dict) or not set(value) <= {"before", "after"}:
                raise self.fail(f"a fix maps a language to `before` and `after`; `{key}` does not", str(key))
            snippets.append(Snippet(key, str(value.get("before", "")).rstrip(), str(value.get("after", "")).rstrip()))
        return Fix(
            str(item["title"]),
            tuple(snippets),
            tuple(self.listed(item, "frameworks")),
            str(item.get("check", "")).strip(),
            tuple(self.condition(each) for each in self.listed(item, "for")),
            tuple(self.edit(each) for each in self.listed(item, "edit")),
            item.get("stopgap") is True,
        )

    def edit(self, item: Any) -> Edit:
        if not isinstance(item, dict) or not ({"at", "find", "put"} <= set(item) <= {"at", "find", "put", "within"} or set(item) == {"at", "count"}):
            raise self.fail("an edit has `at`, and `find` and `put` or `count`", "edit:")
        self.kind(item["at"])
        if "count" in item:
            return Edit(item["at"], COUNT, rf"\g<1>{item['count']}")
        self.pattern(str(item["find"]))
        return Edit(item["at"], str(item["find"]), str(item["put"]), int(item.get("within", 0)))

    def example(self, item: Any) -> Example:
        if not isinstance(item, dict) or not {"name", "given", "confidence"} <= set(item):
            raise self.fail("an example has `name`, `given` and `confidence`", "examples:")
        try:
            low, high = (float(share) for share in item["confidence"])
        except (TypeError, ValueError):
            raise self.fail("`confidence` is two numbers, [from, to]", str(item["name"])) from None
        given = tuple(self.fact(each) for each in self.listed(item, "given"))
        return Example(str(item["name"]), given, (low, high), str(item.get("basis", "declared")))

    def fact(self, item: Any) -> Fact:
        kind, attributes = self.single(item)
        cls = self.kind(kind)
        values: dict[str, Value] = {}
        by_name = {attr: field for field, attr in names(cls).items()}
        for name, value in (attributes or {}).items():
            if name not in by_name:
                raise self.fail(f"{kind} has no attribute {name}; it has {', '.join(sorted(by_name))}", name)
            values[by_name[name]] = value
        for attr, field in by_name.items():
            values.setdefault(field, _blank(types(cls)[attr]))
        return cls(**values)

    def kind(self, name: str) -> type[Fact]:
        if name not in kinds():
            import difflib

            near = difflib.get_close_matches(name, kinds(), 1)
            raise self.fail(f"unknown fact {name}" + (f"; did you mean {near[0]}?" if near else ""), name)
        return kinds()[name]

    def single(self, item: Any) -> tuple[str, Any]:
        if not isinstance(item, dict) or len(item) != 1:
            raise self.fail("a condition names one fact: {kind: {attribute: value}}", str(item)[:30])
        kind, attributes = next(iter(item.items()))
        if attributes is not None and not isinstance(attributes, dict):
            raise self.fail(f"{kind} wants a mapping of attributes", str(kind))
        return str(kind), attributes

    def strength(self, word: Any) -> Strength:
        try:
            return Strength(word)
        except ValueError:
            raise self.fail(f"`{word}` is no strength: weak, fair, strong, decisive", str(word)) from None

    def listed(self, data: Mapping[str, Any], key: str) -> list[Any]:
        value = data.get(key) or []
        if not isinstance(value, list):
            raise self.fail(f"`{key}` is a list", f"{key}:")
        return value

    def only(self, data: Mapping[str, Any], known: set[str]) -> None:
        for key in data:
            if key not in known:
                raise self.fail(f"unknown key `{key}`; known: {', '.join(sorted(known))}", str(key))


def _blank(kind: type) -> Value:
    """What an example's fact says of an attribute that the example leaves out."""
    if kind is bool:
        return False
    if kind is int or kind is float:
        return 0
    return "" if kind is str else next(iter(kind))  # type: ignore[call-overload]
