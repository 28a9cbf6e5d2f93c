"""A fact as one line of JSON, without the json package: it costs an app that does not use it 4 ms."""

try:
    from _json import encode_basestring_ascii as _text
except ImportError:  # not CPython
    from json.encoder import encode_basestring_ascii as _text


def encode(keys):
    """The inside of an object, each key after a comma; of values, what FACTS.md has: texts, numbers, bools and lists of texts."""
    return "".join([f',"{key}":{_value(value)}' for key, value in keys.items()])


def _value(value):
    if isinstance(value, str):
        return _text(value)
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return float.__repr__(value) if value - value == 0 else "0.0"
    if isinstance(value, (list, tuple)):
        return f"[{','.join([_text(str(part)) for part in value])}]"
    return '"?"'
