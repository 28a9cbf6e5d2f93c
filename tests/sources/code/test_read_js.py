from __future__ import annotations

import pytest

from callcheck.sources.code import read_js
from callcheck.sources.code.languages import language_of
from callcheck.sources.code.tree import (
    Assign,
    Await,
    Block,
    Call,
    ClassDef,
    Export,
    Function,
    If,
    Import,
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
    dotted,
)


def body(text: str, name: str = "a.ts") -> list[Node]:
    module = read_js.read(text, name)
    assert module.broken == []
    return module.body


def only(text: str, name: str = "a.ts") -> Node:
    nodes = body(text, name)
    assert len(nodes) == 1
    return nodes[0]


def imports(text: str, name: str = "a.ts") -> list[tuple[str, list[tuple[str, str]], bool]]:
    return [
        (n.module, [(i.imported, i.local) for i in n.names], n.reexport)
        for n in body(text, name)
        if isinstance(n, Import)
    ]


def exports(text: str, name: str = "a.ts") -> dict[str, str | Node]:
    return {key: value for n in body(text, name) if isinstance(n, Export) for key, value in n.names.items()}


@pytest.mark.parametrize(
    ("text", "module", "names", "reexport"),
    [
        ('import d, { a as b } from "m"', "m", [("default", "d"), ("a", "b")], False),
        ('import * as ns from "m"', "m", [("*", "ns")], False),
        ('import "m"', "m", [], False),
        ('import x = require("m")', "m", [("*", "x")], False),
        ('const x = require("m")', "m", [("*", "x")], False),
        ('const { b, c: d } = require("m")', "m", [("b", "b"), ("c", "d")], False),
        ('const x = require("m").y', "m", [("y", "x")], False),
        ('require("m")', "m", [], False),
        ('export * from "m"', "m", [("*", "*")], True),
        ('export * as n from "m"', "m", [("*", "n")], True),
        ('export { f as default, g } from "m"', "m", [("f", "default"), ("g", "g")], True),
    ],
)
def test_each_form_of_import_is_an_import(text: str, module: str, names: list[tuple[str, str]], reexport: bool) -> None:
    assert imports(text) == [(module, names, reexport)]


def test_types_are_imported_apart_from_values() -> None:
    nodes = body('import { a, type T } from "m"; import type { Q } from "q"')
    assert [(n.type_only, [i.local for i in n.names]) for n in nodes if isinstance(n, Import)] == [
        (True, ["T"]),
        (False, ["a"]),
        (True, ["Q"]),
    ]


def test_a_require_that_is_called_at_once_stays_a_call() -> None:
    assert imports('const app = require("express")()') == []


def test_the_declaration_stands_before_its_export() -> None:
    first, second = body("export const GET = async () => 1")
    assert isinstance(first, Assign) and isinstance(second, Export)
    assert second.names == {"GET": "GET"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("export { x as default, y }", {"default": "x", "y": "y"}),
        ("export default foo", {"default": "foo"}),
        ("export default async function go() {}", {"default": "go"}),
        ("export default class K {}", {"default": "K"}),
        ("export default abstract class K {}", {"default": "K"}),
        ("export const p = 1, { q: r, ...s } = t", {"p": "p", "r": "r", "s": "s"}),
        ("export enum E { A }", {"E": "E"}),
        ("export = foo", {"*": "foo"}),
        ("module.exports = foo", {"*": "foo"}),
        ("exports.a = f", {"a": "f"}),
        ("module.exports.a = f", {"a": "f"}),
        ("exports.x = exports.y = f", {"x": "f", "y": "f"}),
        ("module.exports = exports = f", {"*": "f"}),
        ("const app = module.exports = make()", {"*": "app"}),
    ],
)
def test_each_form_of_export_names_what_it_gives(text: str, names: dict[str, str]) -> None:
    assert exports(text) == names


def test_an_anonymous_default_gives_the_node_itself() -> None:
    function, export = body("export default async () => { work() }")
    assert isinstance(export, Export) and export.names["default"] is function


def test_an_exported_object_gives_each_key_and_the_whole() -> None:
    found = exports("module.exports = { a, b: c, d() {} }")
    assert list(found) == ["*", "a", "b", "d"]
    assert (
        isinstance(found["*"], Object) and found["a"] == "a" and found["b"] == "c" and isinstance(found["d"], Function)
    )


def test_passing_a_required_module_on_is_a_reexport() -> None:
    assert imports('module.exports = require("./lib"); exports.a = require("./a")') == [
        ("./lib", [("*", "*")], True),
        ("./a", [("*", "a")], True),
    ]


@pytest.mark.parametrize(
    "text", ["(a?.b)", "a!.b", "(a as any).b", "(<any>a).b", "a.b satisfies T", 'a["b"]', "a?.['b']", "a[`b`]"]
)
def test_what_only_types_or_guards_an_expression_vanishes(text: str) -> None:
    assert dotted(only(text)) == "a.b"


def test_calls_keep_their_arguments_and_lose_their_generics() -> None:
    call = only('bus?.on<Msg>("paid", handler, ...rest)')
    assert isinstance(call, Call) and dotted(call.callee) == "bus.on"
    assert [type(arg) for arg in call.args] == [Literal, Name, Spread]


def test_new_tagged_templates_and_dynamic_imports_are_calls() -> None:
    made, tagged, loaded = body("new Foo; tag`a${b}`; import('m')")
    assert isinstance(made, Call) and made.new and made.args == []
    assert isinstance(tagged, Call) and isinstance(tagged.args[0], Template) and tagged.args[0].pattern == "a*"
    assert isinstance(loaded, Call) and dotted(loaded.callee) == "import"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r"'a\n\x41\u0042\u{43}'", "a\nABC"),
        (r"'\ud83d\ude00'", "\U0001f600"),
        ("`plain`", "plain"),
        ("1_000", 1000),
        ("0x1F", 31),
        ("10n", 10),
        ("1e3", 1000.0),
        ("-5", -5),
        ("undefined", None),
        ("null", None),
        ("true", True),
        ("void 0", None),
    ],
)
def test_literals_have_their_value(text: str, value: object) -> None:
    node = only(f"x = {text}")
    assert isinstance(node, Assign) and isinstance(node.value, Literal) and node.value.value == value


def test_a_chain_of_one_operator_is_one_operation() -> None:
    node = only("a || b || c && d")
    assert isinstance(node, Operation) and node.operator == "||" and len(node.operands) == 3
    assert isinstance(node.operands[2], Operation) and node.operands[2].operator == "&&"


def test_an_object_knows_its_keys() -> None:
    node = only('x = { a, "b-c": 1, async d() {}, get e() { return 1 }, [k]: 2, ...s, 5: f }')
    assert isinstance(node, Assign) and isinstance(node.value, Object)
    assert [entry.key for entry in node.value.entries] == ["a", "b-c", "d", "e", None, None, "5"]
    assert dotted(node.value.entries[4].computed) == "k"
    method, getter = node.value.get("d"), node.value.get("e")
    assert (
        isinstance(method, Function) and method.is_async and isinstance(getter, Function) and getter.accessor == "get"
    )


CLASS = """
@Injectable({ scope: 1 })
export class K<T> extends Base<T> implements I {
  static { init(); }
  @On("evt") private readonly h?: string = "v";
  #p = 1;
  constructor(@Inject(X) private readonly bus: Bus, opt?: string, y = 3, ...rest: any[]) { super(); this.#p = 2; }
  @Sub("x")
  @Other()
  static async *gen(this: K, { a, b: c = 1, ...r }: P): Promise<void> { yield* x; }
  get v() { return 1 }
  [Symbol.iterator]() {}
  abstract foo(): void;
  handler = async (e) => { };
}
"""


def test_a_class_is_read_whole() -> None:
    made, export = body(CLASS)
    assert isinstance(made, ClassDef) and isinstance(export, Export) and export.names == {"K": "K"}
    assert [dotted(base) for base in made.bases] == ["Base"]
    assert isinstance(made.decorators[0], Call) and dotted(made.decorators[0].callee) == "Injectable"
    assert isinstance(made.body[0], Block)
    fields = {f.targets[0].id: f for f in made.body if isinstance(f, Assign) and isinstance(f.targets[0], Name)}
    assert list(fields) == ["h", "#p", "handler"] and {f.declared for f in fields.values()} == {"field"}
    assert fields["h"].annotation == "string" and len(fields["h"].decorators) == 1
    methods = {m.name: m for m in made.body if isinstance(m, Function)}
    assert list(methods) == ["constructor", "gen", "v", "[Symbol.iterator]"]
    gen = methods["gen"]
    assert gen.static and gen.is_async and gen.is_generator and gen.returns == "Promise<void>"
    assert [dotted(d.callee) for d in gen.decorators if isinstance(d, Call)] == ["Sub", "Other"]
    assert methods["v"].accessor == "get"


def test_parameters_tell_their_kind() -> None:
    made = body(CLASS)[0]
    assert isinstance(made, ClassDef)
    constructor, gen = (m for m in made.body if isinstance(m, Function) and m.name in ("constructor", "gen"))
    bus, opt, y, rest = constructor.params
    assert bus.property and bus.annotation == "Bus" and len(bus.decorators) == 1
    assert opt.name == "opt" and not opt.property
    assert isinstance(y.default, Literal) and rest.kind == "rest" and rest.name == "rest"
    (shape,) = gen.params
    assert shape.name == "" and shape.destructures == ["a", "b"] and shape.binds == {"a": "a", "c": "b", "r": "*"}


def test_private_names_are_members() -> None:
    node = only("this.#bus.on()")
    assert isinstance(node, Call) and dotted(node.callee) == "this.#bus.on"


def test_an_arrow_with_an_expression_is_one_return() -> None:
    node = only("async x => run(x)")
    assert isinstance(node, Function) and node.arrow and node.is_async and node.params[0].name == "x"
    assert isinstance(node.body[0], Return) and isinstance(node.body[0].value, Call)


def test_destructuring_keeps_keys_names_and_places() -> None:
    first, second = body("const { a: { x: y }, b = 2, ...o } = p, [m, , ...n] = q")
    assert isinstance(first, Assign) and isinstance(first.targets[0], Object) and first.declared == "const"
    entries = first.targets[0].entries
    assert [entry.key for entry in entries] == ["a", "b", None]
    assert isinstance(entries[0].value, Object) and isinstance(entries[1].default, Literal)
    assert isinstance(second, Assign) and isinstance(second.targets[0], Sequence)
    assert [type(item) for item in second.targets[0].items] == [Name, Opaque, Spread]


def test_a_switch_is_a_chain_of_ifs() -> None:
    node = only('switch (e.type) { case "a": case "b": f(); break; case "c": g(); default: h() }')
    assert isinstance(node, If) and isinstance(node.test, Operation) and node.test.operator == "||"
    following = node.orelse[0]
    assert isinstance(following, If) and isinstance(following.test, Operation) and following.test.operator == "==="
    assert isinstance(following.orelse[0], Call)


def test_loops_and_try_are_read() -> None:
    init, counted, over, attempt = body(
        "for (let i = 0; i < n; i++) f(); for await (const [k, v] of e) {}try { a() } catch (e) { b() } finally { c() }"
    )
    assert isinstance(init, Assign) and isinstance(counted, Loop) and len(counted.body) == 2
    assert isinstance(over, Loop) and over.is_async and isinstance(over.target, Sequence) and dotted(over.over) == "e"
    assert isinstance(attempt, Try) and attempt.catches[0].name == "e" and len(attempt.final) == 1


def test_an_enum_is_its_object_and_types_hold_nothing() -> None:
    enum, interface, alias = body('enum E { A = "a", B = 4, C } interface I { on(): void } type T = string')
    assert isinstance(enum, Assign) and isinstance(enum.value, Object)
    assert [(e.key, e.value.value) for e in enum.value.entries if isinstance(e.value, Literal)] == [
        ("A", "a"),
        ("B", 4),
        ("C", 5),
    ]
    assert isinstance(interface, Opaque) and interface.items == [] and isinstance(alias, Opaque)


@pytest.mark.parametrize("name", ["a.jsx", "a.tsx", "a.js"])
def test_jsx_elements_are_calls(name: str) -> None:
    node = only('x = <Foo.Bar on={go} a="s&amp;t" {...p} b>text {v} {/* c */}<b/></Foo.Bar>', name)
    assert isinstance(node, Assign) and isinstance(node.value, Call)
    attributes, *children = node.value.args
    assert dotted(node.value.callee) == "Foo.Bar" and isinstance(attributes, Object)
    assert [entry.key for entry in attributes.entries] == ["on", "a", None, "b"]
    text = attributes.get("a")
    assert isinstance(text, Literal) and text.value == "s&t" and dotted(attributes.get("on")) == "go"
    assert [type(child) for child in children] == [Literal, Name, Call]


def test_every_node_has_a_place_and_a_parent() -> None:
    module = read_js.read(CLASS + "switch (a) { case 1: case 2: f() } x = <any>y; exports.a = require('a')", "a.ts")
    for node in module.walk():
        assert node.line and node.column and node.end_line >= node.line, node
        assert isinstance(node, Module) or node.parent is not None


def test_lines_and_columns_count_from_one() -> None:
    call = body("\n  await go(\n)")[0]
    assert isinstance(call, Await) and (call.line, call.column, call.end_line) == (2, 3, 3)


@pytest.mark.parametrize(
    ("text", "waited"),
    [
        ("const r = await (open());", ["open"]),
        ("const r = await (ready ? open() : wait());", [""]),
        ("const c = await (await connect(u)).channel();", [".channel", "connect"]),
        ("async function f() { return await (g()).rows[0]; }", [""]),
        ("await (async () => { run(); })();", [""]),
        ("const c = (await (open())).channel();", ["open"]),
        ("const c = (await open()).channel();", ["open"]),
        ("const c = await open<T>(u);", ["open"]),
    ],
)
def test_what_is_waited_for_is_the_whole_expression_behind_await(text: str, waited: list[str]) -> None:
    awaits = [node for node in read_js.read(text, "a.ts").walk() if isinstance(node, Await)]
    assert [_called(node.value) for node in awaits] == waited
    assert not any(isinstance(node, Name) and node.id == "await" for node in read_js.read(text, "a.ts").walk())


def _called(node: Node | None) -> str:
    """What a call calls by name, a method of what is no name with a dot before it; "" for other expressions."""
    if not isinstance(node, Call):
        return ""
    return dotted(node.callee) or (f".{node.callee.name}" if isinstance(node.callee, Member) else "")


def test_code_around_a_syntax_error_is_read() -> None:
    module = read_js.read('bus.on("a", f);\nconst = ;\nbus.on("b", g);\n', "a.js")
    assert module.broken == [2]
    assert len([n for n in module.walk() if isinstance(n, Call)]) == 2


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        "(" * 100_000 + ")" * 100_000,
        "f(" * 20_000,
        "a" + ".b()" * 20_000,
        "+".join("a" for _ in range(50_000)),
        "if(a){}" + "else if(b){}" * 5_000,
        "switch(a){" + "".join(f"case {i}: f();" for i in range(5_000)) + "}",
        "x = 'abc",
        "x = `a${",
        "\0a\0",
        "'\ud800'",
        "x = " + "9" * 10_000,
        "'\\u{FFFFFFFF}'",
        "`${" * 5_000,
        "",
    ],
)
@pytest.mark.parametrize("name", ["a.js", "a.ts", "a.tsx"])
def test_no_text_makes_the_reader_raise_or_go_deep(text: str, name: str) -> None:
    module = read_js.read(text, name)
    assert len(module.broken) <= 20
    assert max((sum(1 for _ in node.up()) for node in list(module.walk())[-50:]), default=0) < 450


def test_languages_are_known_by_suffix_or_first_line() -> None:
    names = [
        "a.py",
        "a.pyi",
        "b/a.mjs",
        "a.cjs",
        "a.JSX",
        "a.mts",
        "a.tsx",
        "a.d.ts",
        "a.d.mts",
        "Makefile",
        ".ts",
        "a.b/c",
    ]
    assert [language_of(name) for name in names] == [
        "python", "", "javascript", "javascript", "javascript", "typescript", "typescript", "", "", "", "", "",
    ]  # fmt: skip
    assert language_of("bin/run", "#!/usr/bin/env node") == "javascript"
    assert language_of("bin/run", "#!/usr/bin/python3.11 -u") == "python"
    assert language_of("bin/run", "#!/bin/sh") == ""


def test_a_member_of_a_literal_number_stays_a_subscript() -> None:
    node = only("a[0]")
    assert not isinstance(node, Member)


def test_an_awaited_call_with_type_arguments_is_awaited_as_a_whole() -> None:
    node = only("await make<T>(1)")
    assert isinstance(node, Await)
    assert isinstance(node.value, Call)
    assert (node.value.line, node.value.column) == (1, 1)


def test_of_a_component_the_scripts_are_read_at_their_own_lines() -> None:
    text = '<template>\n  <b @click="go(1)">é</b>\n</template>\n<script lang="ts">\nimport { bus } from "./bus";\n</script>\n<script setup lang="ts">\nbus.on("x", (m: string) => go(m));\n</script>\n<style>b { color: red }</style>\n'
    for name in ("src/A.vue", "src/A.svelte"):
        module = read_js.read(text, name)
        assert (module.broken, module.language, language_of(name)) == ([], "typescript", "typescript")
        assert [dotted(call.callee) for call in module.all(Call)] == ["bus.on", "go"]
        assert next(iter(module.all(Call))).line == 8


def test_a_component_without_a_script_is_an_empty_module() -> None:
    module = read_js.read("<template><b>{{ f(1) }}</b></template>\n", "A.vue")
    assert (module.body, module.broken) == ([], [])
