"""Is an option of a call as an idiom needs it (`Idiom.needs`)?"""

from __future__ import annotations

from callcheck.sources.code.tree import Literal, Name, Node, Sequence, last_name


def _said(item: Literal, flags: bool) -> str:
    """The value as text; "" for a number with several bits set where it may be a sum of flags (Discord's `intents: 3276799`)."""
    value = item.value
    return "" if flags and isinstance(value, int) and value & (value - 1) else str(value)


def as_wanted(value: Node | None, want: object) -> bool:
    """Whether an option is as wanted."""
    if want is None:
        return value is None or (isinstance(value, Literal) and value.value in (None, False))
    if want == "any":
        return value is not None
    if want == "not-false":
        return not (isinstance(value, Literal) and value.value is False)
    if want == "not-true":
        return not (isinstance(value, Literal) and value.value is True)
    if isinstance(want, dict):
        (how, what), = want.items()
        if how == "absent":
            return value is None
        if how == "named":
            return last_name(value) == what or (isinstance(value, Literal) and value.value == what)
        if how == "list":
            return isinstance(value, Sequence)
        if how == "undefined":
            # Given, and given as `undefined`: some options are turned off that way; absent counts the same.
            nothing = value is None or (isinstance(value, Literal) and value.value is None) or (isinstance(value, Name) and value.id == "undefined")
            return nothing is what
        if how in ("below", "starts"):
            held = value.value if isinstance(value, Literal) else None
            if how == "below":
                return isinstance(held, (int, float)) and not isinstance(held, bool) and 0 < held < what
            return isinstance(held, str) and held.startswith(str(what))
        items = value.items if isinstance(value, Sequence) else [value] if value is not None else []
        named = how == "lists-none-of"
        said = [_said(item, flags=named) if isinstance(item, Literal) else last_name(item) if named else "" for item in items]
        if how == "has":
            return str(what) in said
        # What is computed may hold anything.
        return all(said) and not set(said) & {str(each) for each in (what if isinstance(what, list) else [what])} and (how == "lacks" or bool(items))
    return isinstance(value, Literal) and value.value == want
