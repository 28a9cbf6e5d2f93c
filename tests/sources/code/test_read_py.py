from __future__ import annotations

import pytest

from callcheck.sources.code import languages, read_py
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Call,
    ClassDef,
    Function,
    If,
    Import,
    Keyword,
    Literal,
    Loop,
    Member,
    Module,
    Name,
    Node,
    Object,
    Opaque,
    Operation,
    Return,
    Sequence,
    Spread,
    Template,
    Try,
    With,
    dotted,
)


def body(text: str) -> list[Node]:
    module = read_py.read(text, "a.py")
    assert module.broken == []
    return module.body


def only(text: str) -> Node:
    nodes = body(text)
    assert len(nodes) == 1
    return nodes[0]


def value(text: str) -> Node:
    node = only(f"x = {text}")
    assert isinstance(node, Assign) and node.value is not None
    return node.value


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from . import x, y as z", [(".", [("x", "x"), ("y", "z")])]),
        ("from .a import *", [(".a", [("*", "*")])]),
        ("from ..p.q import (a, b as c,)", [("..p.q", [("a", "a"), ("b", "c")])]),
        ("import a.b as c, d.e", [("a.b", [("*", "c")]), ("d.e", [("*", "d")])]),
        ("from __future__ import annotations", [("__future__", [("annotations", "annotations")])]),
    ],
)
def test_each_form_of_import_is_read(text: str, found: list[tuple[str, list[tuple[str, str]]]]) -> None:
    assert [(n.module, [(i.imported, i.local) for i in n.names]) for n in body(text) if isinstance(n, Import)] == found


def test_imports_for_types_alone_are_marked_and_others_are_not() -> None:
    module = read_py.read(
        "if TYPE_CHECKING:\n  from a import b\nelse:\n  import c\ntry:\n  import d\nexcept ImportError:\n  d = None\n",
        "a.py",
    )
    assert [(n.module, n.type_only) for n in module.walk() if isinstance(n, Import)] == [
        ("a", True),
        ("c", False),
        ("d", False),
    ]


CLASS = """
@app.on("x", y=1)
@dec
class K(Base[T], Other, metaclass=M):
    f: int = 1
    async def m(self, a, /, b: int = 2, *args: int, c=3, d: str, **kw: dict[str, int]) -> Foo:
        yield await self.bus.get()
    @staticmethod
    def n(a, *, b): return 1, 2
"""


def test_a_class_is_read_whole() -> None:
    made = only(CLASS)
    assert isinstance(made, ClassDef) and made.line == 4
    assert [dotted(base) for base in made.bases] == ["Base", "Other"] and made.keywords[0].name == "metaclass"
    assert isinstance(made.decorators[0], Call) and isinstance(made.decorators[0].keyword("y"), Literal)
    field, method, plain = made.body
    assert isinstance(field, Assign) and field.annotation == "int" and field.declared == ""
    assert isinstance(method, Function) and method.is_async and method.is_generator and method.returns == "Foo"
    assert [(p.name, p.kind) for p in method.params] == [
        ("self", ""), ("a", ""), ("b", ""), ("args", "rest"), ("c", "only"), ("d", "only"), ("kw", "keywords"),
    ]  # fmt: skip
    assert method.params[2].annotation == "int" and isinstance(method.params[2].default, Literal)
    assert isinstance(plain, Function) and not plain.is_generator and dotted(plain.decorators[0]) == "staticmethod"
    assert isinstance(plain.body[0], Return) and isinstance(plain.body[0].value, Sequence)


def test_the_yield_of_an_inner_function_is_not_the_outer_ones() -> None:
    node = only("def f():\n  def g():\n    yield\n  return g\n")
    assert isinstance(node, Function) and not node.is_generator
    assert isinstance(node.body[0], Function) and node.body[0].is_generator


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("\"a\" 'b\\n'", "ab\n"),
        ('b"\\xff"', "\xff"),
        ('r"\\d"', "\\d"),
        ('"\\u00e9\\N{BULLET}\\101"', "\u00e9\u2022A"),
        ('f"{{x}}"', "{x}"),
        ('"""a\nb"""', "a\nb"),
        ("0x1F", 31),
        ("1_000", 1000),
        ("-2.5", -2.5),
        ("None", None),
        ("True", True),
    ],
)
def test_literals_have_their_value(text: str, found: object) -> None:
    node = value(text)
    assert isinstance(node, Literal) and node.value == found


def test_an_f_string_is_a_template_with_holes() -> None:
    node = value('"a:" f"{x!r:>{w}}:b{y.z}"')
    assert isinstance(node, Template) and node.pattern == "a:*:b*"


def test_calls_keep_keywords_and_spreads() -> None:
    node = only('bus.on("x", *a, retry=3, **options)')
    assert isinstance(node, Call) and dotted(node.callee) == "bus.on"
    assert [type(arg) for arg in node.args] == [Literal, Spread]
    assert [keyword.name for keyword in node.keywords] == ["retry", ""]
    assert all(isinstance(keyword, Keyword) for keyword in node.keywords)


def test_logic_has_one_spelling_in_all_languages() -> None:
    node = value("a or b or c and not d")
    assert isinstance(node, Operation) and node.operator == "||" and len(node.operands) == 3
    last = node.operands[2]
    assert isinstance(last, Operation) and last.operator == "&&"


def test_comparisons_keep_their_words() -> None:
    node = value("a < b not  in c is not d")
    assert isinstance(node, Operation) and node.operator == "< not in is not" and len(node.operands) == 4


def test_a_literal_key_is_a_member_and_a_computed_one_is_not() -> None:
    assert isinstance(value('a["k"]'), Member)
    assert not isinstance(value("a[k]"), Member)


def test_dictionaries_know_their_keys() -> None:
    node = value('{**a, "b": 1, c: 2}')
    assert isinstance(node, Object) and [entry.key for entry in node.entries] == [None, "b", None]
    assert dotted(node.entries[2].computed) == "c" and node.entries[0].computed is None


def test_assignments_keep_all_targets() -> None:
    chained, unpacked, bare, added = body("x = y = z\na, (b, *c) = d\nn: int\nx += 1")
    assert isinstance(chained, Assign) and [dotted(t) for t in chained.targets] == ["x", "y"]
    assert isinstance(unpacked, Assign) and isinstance(unpacked.targets[0], Sequence)
    assert isinstance(bare, Assign) and bare.value is None and bare.annotation == "int"
    assert isinstance(added, Assign) and added.operator == "+="


def test_a_walrus_is_an_assignment_inside_its_expression() -> None:
    node = only("while (n := g()): break")
    assert isinstance(node, Loop) and isinstance(node.test, Assign)


def test_a_comprehension_is_a_loop_inside_an_opaque() -> None:
    node = value("[await x async for x in y if x > 2]")
    assert isinstance(node, Opaque) and node.kind == "comprehension"
    loop = node.items[0]
    assert isinstance(loop, Loop) and loop.is_async and isinstance(loop.body[0], If)
    assert isinstance(loop.body[0].then[0], Await)


def test_a_lambda_is_an_arrow_with_one_return() -> None:
    node = value("lambda a, *b, c=1: f(a)")
    assert isinstance(node, Function) and node.arrow and [p.kind for p in node.params] == ["", "rest", "only"]
    assert isinstance(node.body[0], Return)


def test_with_names_what_it_opens() -> None:
    node = only("async with a() as b, c: pass")
    assert isinstance(node, With) and node.is_async
    assert (
        isinstance(node.items[0], Assign)
        and dotted(node.items[0].targets[0]) == "b"
        and isinstance(node.items[1], Name)
    )


def test_try_keeps_types_and_names() -> None:
    node = only(
        "try: a()\nexcept (A, b.C) as e: pass\nexcept D: raise\nexcept: raise X from e\nelse: k()\nfinally: z()"
    )
    assert isinstance(node, Try) and len(node.body) == 2 and len(node.final) == 1
    assert [(c.types, c.name) for c in node.catches] == [(["A", "b.C"], "e"), (["D"], ""), ([], "")]


def test_elif_is_chained() -> None:
    node = only("if a: b\nelif c: d\nelse: e")
    assert isinstance(node, If) and isinstance(node.orelse[0], If) and dotted(node.orelse[0].orelse[0]) == "e"


def test_match_is_a_chain_of_ifs() -> None:
    node = only(
        'match cmd.type:\n  case "a" | "b": f()\n  case Kind.C if z: g()\n'
        '  case {"k": v}: h()\n  case str() as s: i()\n  case _: j()\n'
    )
    kinds = []
    last: list[Node] = [node]
    while isinstance(last[0], If):
        assert isinstance(last[0].test, Operation)
        kinds.append(last[0].test.operator)
        last = last[0].orelse
    assert kinds == ["||", "&&", "match", "match"] and isinstance(last[0], Call)


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("Chunk(content=piece, kind='x')", {"piece": "event.content"}),
        ("Point(x, 0) | Other(x)", {"x": ""}),
        ("{'a': v, **rest}", {"v": "event.a", "rest": ""}),
        ("[a, *b]", {"a": "", "b": ""}),
        ("c, d", {"c": "", "d": ""}),
        ("Chunk(content=Sub(name=deep) as part) as whole", {"whole": "event", "deep": "", "part": ""}),
        ("Chunk(content=Sub(name=deep))", {"deep": "event.content.name"}),
        ("Kind.C", {}),
    ],
)
def test_what_a_pattern_names_is_assigned(pattern: str, names: dict[str, str]) -> None:
    node = only(f"match event:\n  case {pattern}: f()\n")
    assert isinstance(node, If)
    bound = {dotted(each.targets[0]): dotted(each.value) for each in node.then if isinstance(each, Assign)}
    assert bound == names
    assert all(each.line for each in node.walk())


def test_scope_statements_keep_their_names() -> None:
    node = only("global a, b")
    assert isinstance(node, Opaque) and node.kind == "global" and [dotted(item) for item in node.items] == ["a", "b"]


def test_every_node_has_a_place_and_a_parent() -> None:
    text = (
        CLASS + "match a:\n  case 1, -2: f()\n  case K(x=1, **{}) | None: g()\n"
        '  case {"a": b, **r} if r: h()\nx[1:2, 3]\nprint(i for i in j)\n'
    )
    for node in read_py.read(text, "a.py").walk():
        assert node.line and node.column and node.end_line >= node.line, node
        assert isinstance(node, Module) or node.parent is not None


def test_code_around_a_syntax_error_is_read() -> None:
    module = read_py.read("bus.on('a', f)\nx = = 3\nbus.on('b', g)\n", "a.py")
    assert module.broken == [2]
    assert len([n for n in module.walk() if isinstance(n, Call)]) == 2


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        "(" * 100_000 + ")" * 100_000,
        "not " * 50_000 + "a",
        "a" + ".b()" * 20_000,
        "+".join("a" for _ in range(50_000)),
        "if a: b\n" + "elif c: d\n" * 5_000,
        "match a:\n" + "".join(f"  case {i}: f()\n" for i in range(2_000)),
        "".join(" " * i + "if a:\n" for i in range(500)),
        "x = 'abc",
        'x = """abc',
        "\0a = 1\0",
        "'\ud800'",
        "x = " + "9" * 10_000,
        "'\\U99999999\\N{no such thing}'",
        "",
    ],
)
def test_no_text_makes_the_reader_raise_or_go_deep(text: str) -> None:
    module = languages.read(text, "a.py")
    assert len(module.broken) <= 20
    assert max((sum(1 for _ in node.up()) for node in list(module.walk())[-50:]), default=0) < 450
