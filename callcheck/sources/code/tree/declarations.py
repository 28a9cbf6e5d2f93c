"""What brings names into a file: functions, their parameters, classes, imports and exports?"""

from __future__ import annotations

from callcheck.model.noun import dataclass, field
from callcheck.sources.code.tree.expressions import Keyword
from callcheck.sources.code.tree.nodes import Node


@dataclass(slots=True, eq=False, repr=False)
class Param(Node):
    """A parameter. `fields` are the keys it destructures (`({ text, from: who })` gives text, from); `kind` is "", "rest",
    "keywords" or "only" (given by keyword only).

    `binds` maps each destructured local name to the key it takes (`{"text": "text", "who": "from"}`).
    """

    name: str
    annotation: str = ""
    default: Node | None = None
    destructures: list[str] = field(default_factory=list)
    binds: dict[str, str] = field(default_factory=dict)
    spared: list[str] = field(default_factory=list)
    """The keys among `destructures` that have something to stand in for them: `({ text, lang = "en" })` gives lang."""
    kind: str = ""
    property: bool = False
    """A TypeScript parameter property (`constructor(private readonly bus: Bus)`): it is also a field of the class."""
    decorators: list[Node] = field(default_factory=list)

    def demands(self) -> list[str]:
        """The keys that it takes out of what it is given, and has nothing to put in their place."""
        return [key for key in self.destructures if key not in self.spared]


@dataclass(slots=True, eq=False, repr=False)
class Function(Node):
    """A function, method, arrow function or lambda; an arrow's expression body is one Return."""

    name: str
    params: list[Param]
    body: list[Node]
    is_async: bool = False
    is_generator: bool = False
    decorators: list[Node] = field(default_factory=list)
    returns: str = ""
    """The return annotation as written."""
    arrow: bool = False
    static: bool = False
    accessor: str = ""
    """"get", "set" or ""."""


@dataclass(slots=True, eq=False, repr=False)
class ClassDef(Node):
    """A class; `body` holds its Functions, and its fields as Assign to Name."""

    name: str
    bases: list[Node]
    body: list[Node]
    decorators: list[Node] = field(default_factory=list)
    keywords: list[Keyword] = field(default_factory=list)


@dataclass(slots=True, eq=False, repr=False)
class Imported(Node):
    """One name that an import brings: `imported` is "default", "*", or the exported name; `local` the name here.

    `alias` is the name here as written, where the uses of it are read by the package's own (`own_names`), which `local` is then.
    """

    imported: str
    local: str
    alias: str = ""


@dataclass(slots=True, eq=False, repr=False)
class Import(Node):
    """`import a, {b as c} from "m"`, `from m import b as c`, `import m as c`, `export … from "m"` (reexport=True); also
    `const x = require("m")` ("*" to x) and `const {b} = require("m")` (b to b). Python's relative dots stay in `module`. `import "m"` and
    Python's `import a.b` without alias have one Imported("*", "a") or none. `export * from "m"` is Imported("*", "*") with reexport."""

    module: str
    names: list[Imported]
    reexport: bool = False
    type_only: bool = False


@dataclass(slots=True, eq=False, repr=False)
class Export(Node):
    """`export const x`, `export default …`, `export {a as b}`, `module.exports = …`, `exports.b = …`: exported name -> local name or node.

    The declaration itself stands in the module body beside (before) the Export.
    """

    names: dict[str, str | Node]
