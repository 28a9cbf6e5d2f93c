"""Which environment variables does the code read, and which does the deployment set?"""

from __future__ import annotations

from typing import Annotated, ClassVar

from callcheck.model.fact import Attr, Fact
from callcheck.model.noun import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class VariableSet(Fact):
    """The deployment gives a unit an environment variable."""

    kind: ClassVar[str] = "variable.set"

    name: Annotated[str, Attr("callcheck.variable")]
    """`*` for variables that cannot be seen: a secret, a file that is not there, a dashboard."""
    url: Annotated[str, Attr("url.full")]
    """The value if it is an address, without credentials; else ""."""
    service: Annotated[str, Attr("service.name")]
    """"" for what every unit gets."""
    system: Annotated[str, Attr("callcheck.instance.system")]
    over: Annotated[str, Attr("callcheck.variable.over")] = ""
    """The file that gives it a value, where it is set to nothing here in the place of that; else ""."""

    def says(self) -> str:
        whose = f" for {self.service}" if self.service else ""
        if self.over:
            return f"{self.name} is set to nothing{whose}, in the place of what {self.over} gives"
        return f"{self.name} is {self.url}{whose}" if self.url else f"{self.name} is set{whose}"


@dataclass(frozen=True, slots=True, repr=False)
class VariableRead(Fact):
    """The code takes something from an environment variable, or a library does so by itself."""

    kind: ClassVar[str] = "variable.read"

    name: Annotated[str, Attr("callcheck.variable")]
    """Several are separated by `|`: any of them will do."""
    needed: Annotated[bool, Attr("callcheck.variable.needed")]
    """Whether nothing else stands in for it."""
    purpose: Annotated[str, Attr("callcheck.variable.purpose")]
    """file (`name` is `*`: the program reads a file of variables by itself), credential (it goes into a client of an API), signature (requests are checked by it), callback (it goes into an address that is given away to be called back), callback outside (the
    same, beside a public address that is called), upstream (a client of an API calls it), or ""."""
    role: Annotated[str, Attr("callcheck.function.role")]
    """In what kind of function it is used."""
    framework: Annotated[str, Attr("callcheck.framework")]
    language: Annotated[str, Attr("code.language")]
    fallback: Annotated[str, Attr("callcheck.variable.fallback")] = ""
    """The address on this machine that stands in for it; "" for none."""

    def says(self) -> str:
        return f"{self.framework} takes its key from {self.name}" if self.framework else f"{self.name} is read here"


@dataclass(frozen=True, slots=True, repr=False)
class VariableMissing(Fact):
    """A unit runs code that needs a credential from a variable which it is not given, while another unit, or another name, is."""

    kind: ClassVar[str] = "variable.missing"

    name: Annotated[str, Attr("callcheck.variable")]
    service: Annotated[str, Attr("service.name")]
    instead: Annotated[str, Attr("callcheck.variable.instead")]
    """What is set instead: another name for this unit, or the same name for the unit given here."""
    how: Annotated[str, Attr("callcheck.variable.how")]
    """other-name, other-unit, signed-by-name and signed-by-unit (the same of a secret by which requests are checked), other-file (`instead` is given a file that is not here, and this unit none), emptied (this unit gets it without a value, in the place of what the file `instead` gives), unused-name (the code insists on it and hands it to nobody), not-in-process-env (`instead`: the file by which its
    platform leaves `process.env` empty)."""
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        if self.how in ("other-name", "signed-by-name"):
            return f"{self.name} is needed here; {self.instead} is what is set"
        if self.how == "other-file":
            return f"{self.name} is needed here; {self.instead} is given a file of variables, and this unit none"
        if self.how == "emptied":
            return f"{self.name} is needed here; it is set to nothing, in the place of what {self.instead} gives"
        if self.how == "not-in-process-env":
            return f"{self.name} is looked for in process.env, which {self.instead} leaves empty"
        return f"{self.name} is needed here; only {self.instead} is given it"


@dataclass(frozen=True, slots=True, repr=False)
class VariableApart(Fact):
    """Who sends and who receives take the place where they meet from one variable, which the deployment sets to another value for each."""

    kind: ClassVar[str] = "variable.apart"

    name: Annotated[str, Attr("callcheck.variable")]
    what: Annotated[str, Attr("callcheck.variable.of")]
    """name (a topic, queue or channel), database (of a Redis that holds the work, or the vhost of a RabbitMQ)."""
    here: Annotated[str, Attr("callcheck.variable.given")]
    """Without credentials."""
    there: Annotated[str, Attr("callcheck.variable.there")]
    service: Annotated[str, Attr("service.name")]
    """The unit that receives; `other` the one that sends."""
    other: Annotated[str, Attr("callcheck.emit.service")]
    language: Annotated[str, Attr("code.language")]

    def says(self) -> str:
        return f"{self.name} is {self.here} for {self.service}, and {self.there} for {self.other}"
