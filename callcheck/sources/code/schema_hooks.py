"""Which hooks does the schema have of the model that a call works on?

    gauges.pre("save", stamp);  const Gauge = mongoose.model("Gauge", gauges);  Gauge.insertMany(rows)
"""

from __future__ import annotations

from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.tree import Call, Member


def hooks_of_model(code: Code, call: Call) -> list[Use] | None:
    """The hooks; None where the model or its schema cannot be told, or where a plugin may add some."""
    made = code.origins.of(call.callee.object).node if isinstance(call.callee, Member) else None
    seal = next((use for use in code.idioms.at(made) if use.idiom.does == "seal"), None) if isinstance(made, Call) else None
    schema = sealed_schema(code, seal) if seal is not None else ""
    if not schema or any(True for _ in code.idioms.of("hook-all")):
        return None
    hooks = [use for use in code.idioms.of("hook") if code.lifetimes.identity(use.receiver) in (schema, "")]
    return None if any("whole" in use.idiom.traits or not code.lifetimes.identity(use.receiver) for use in hooks) else hooks


def sealed_schema(code: Code, seal: Use) -> str:
    """The identity of the schema that is made a model here; "" if it is not told."""
    schema = next(iter(code.idioms.placed(seal.call, seal.idiom.payload)), None)
    return code.lifetimes.identity(code.origins.of(schema)) if schema is not None else ""
