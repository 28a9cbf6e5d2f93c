"""Is an error about what a handler was handed told from one about anything else?"""

from __future__ import annotations

import pytest

from callcheck.sources.logs.shapes import payload_shaped

FRAME = 'Traceback (most recent call last):\n  File "/srv/shop/bus.py", line 31, in on_order\n    {code}\n{error}'


@pytest.mark.parametrize(
    ("error", "name"),
    [
        ("TypeError: ack is not a function", "TypeError"),
        ("TypeError: done is not a function. (In 'done({ ok: true })', 'done' is undefined)", "TypeError"),
        ("TypeError: data.rows.map is not a function", "TypeError"),
        ("TypeError: Cannot read properties of undefined (reading 'id')", "TypeError"),
        ('SyntaxError: "[object Object]" is not valid JSON', "SyntaxError"),
        ("TypeError: the JSON object must be str, bytes or bytearray, not dict", "TypeError"),
        ("TypeError: on_order() missing 1 required positional argument: 'ack'", "TypeError"),
        ("java.lang.ClassCastException: class java.util.LinkedHashMap cannot be cast to class shop.Order", "ClassCastException"),
        ("TypeError: no implicit conversion of String into Integer", "TypeError"),
        ("panic: interface conversion: interface {} is nil, not string", "panic"),
    ],
)
def test_what_does_not_fit_is_known_by_the_words_of_each_language(error: str, name: str) -> None:
    assert payload_shaped(error, name, False)


@pytest.mark.parametrize(
    ("error", "name"),
    [
        ("TypeError: sendMail is not a function", "TypeError"),
        ("TypeError: client.ack is not a function", "TypeError"),
        ("TypeError: db.data_of is not a function", "TypeError"),
        ("SyntaxError: Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON", "SyntaxError"),
        ("java.lang.ClassCastException: class shop.Cat cannot be cast to class shop.Dog", "ClassCastException"),
        ("Error: database is locked", "Error"),
    ],
)
def test_other_errors_say_nothing_of_the_payload(error: str, name: str) -> None:
    assert not payload_shaped(error, name, False)


@pytest.mark.parametrize(
    ("code", "error", "shaped"),
    [
        ('zone = message["zone"]', "KeyError: 'zone'", True),
        ('zone = ZONES["zone"]', "KeyError: 'zone'", False),
        ("zone = event.zone.name", "AttributeError: 'NoneType' object has no attribute 'name'", True),
        ("zone = store.zone.name", "AttributeError: 'NoneType' object has no attribute 'name'", False),
        ("fee = book.cooling(message.zone).per_km * message.km", "AttributeError: 'NoneType' object has no attribute 'per_km'", False),
        ("text = result.choices[0].message.text", "AttributeError: 'NoneType' object has no attribute 'text'", True),
        ("text = clean(event.get('note').text)", "AttributeError: 'str' object has no attribute 'text'", True),
        ("text = render(", "AttributeError: 'dict' object has no attribute 'text'", False),
        ("tone = tones.of(event.kind)['tone']", "TypeError: 'NoneType' object is not subscriptable", False),
        ("zone = message.zones['b']", "TypeError: 'NoneType' object is not subscriptable", True),
        ("if message.size > limits.most:", "TypeError: '>' not supported between instances of 'str' and 'int'", True),
    ],
)
def test_the_line_that_raised_tells_whether_it_read_the_payload(code: str, error: str, shaped: bool) -> None:
    assert payload_shaped(FRAME.format(code=code, error=error), error.partition(":")[0], False) == shaped


def test_what_a_handler_itself_reads_may_be_from_elsewhere() -> None:
    called = '  File "/usr/lib/python3/site-packages/paho/mqtt/client.py", line 4140, in _handle_on_message\n    on_message(self, self._userdata, message)\n'
    text = f'Traceback (most recent call last):\n{called}  File "/srv/shop/a.py", line 9, in on_message\n    print(row["count"])\nKeyError: \'count\''
    assert not payload_shaped(text, "KeyError", False)


HANDED = ("on_order", "book(json.loads(message.payload))")


@pytest.mark.parametrize(
    ("calls", "shaped"),
    [
        ([HANDED, ("book", 'count = order["count"]')], True),
        ([("on_order", "book(json.loads(body))"), ("book", "keep(order, 3)"), ("keep", 'count = order["count"]')], True),
        ([("on_order", "Store().keep(**msg)"), ("keep", 'count = fields["count"]')], True),
        ([("on_order", "book(clock())"), ("book", 'count = order["count"]')], False),
        ([("on_order", "seen.add(message.id)"), ("book", 'count = order["count"]')], False),
        ([HANDED, ("book", 'count = COUNTS["count"]')], False),
        ([HANDED, ("book", 'count = settings["count"]')], False),
        ([HANDED, ("book", "count = order[kind]")], False),
    ],
    ids=["by its caller", "by two callers", "as keywords", "something else", "by another call", "read of a table", "read of settings", "a key that is no field"],
)
def test_what_a_function_was_handed_is_followed_through_the_lines_of_a_traceback(calls, shaped: bool) -> None:
    frames = "".join(f'  File "/srv/shop/a.py", line {number}, in {name}\n    {code}\n' for number, (name, code) in enumerate(calls, 1))
    assert payload_shaped(f"Traceback (most recent call last):\n{frames}KeyError: 'count'", "KeyError", False) is shaped


_ASKED = 'Traceback (most recent call last):\n  File "/srv/club/fees.py", line 47, in renew\n    {code}\n  File "{path}", line 183, in {inside}\n    raise err\n{error}'


@pytest.mark.parametrize(
    ("code", "path", "inside", "error", "shaped"),
    [
        ('until = plan["ends_at"]', "/usr/lib/python3.12/site-packages/stripe/_stripe_object.py", "__getitem__", "KeyError: 'ends_at'", True),
        ("until = plan.ends_at", "/venv/lib/python3.12/site-packages/stripe/stripe_object.py", "__getattr__", "AttributeError: ends_at", True),
        ("until = plan.ends_at", "/venv/lib/site-packages/box/box.py", "__getattr__", "AttributeError: 'Box' object has no attribute 'ends_at'", True),
        # A column of a table, a setting, a variable of the environment, a key that no line names, and what fails deeper in the library.
        ('until = frame["ends_at"]', "/usr/lib/python3.12/site-packages/pandas/core/frame.py", "__getitem__", "KeyError: 'ends_at'", False),
        ("until = settings.ENDS_AT", "/venv/lib/site-packages/django/conf/__init__.py", "__getattr__", "AttributeError: 'Settings' object has no attribute 'ENDS_AT'", False),
        ('until = os.environ["ENDS_AT"]', "<frozen os>", "__getitem__", "KeyError: 'ENDS_AT'", False),
        ("until = plan[name]", "/usr/lib/python3.12/site-packages/stripe/_stripe_object.py", "__getitem__", "KeyError: 'ends_at'", False),
        ('until = plan["ends_at"]', "/usr/lib/python3.12/site-packages/rates/table.py", "lookup", "KeyError: 'ends_at'", False),
    ],
)
def test_an_object_of_a_library_that_lacks_the_field_asked_of_it_is_of_another_shape(code: str, path: str, inside: str, error: str, shaped: bool) -> None:
    assert payload_shaped(_ASKED.format(code=code, path=path, inside=inside, error=error), error.split(":")[0], False) is shaped


def test_a_handler_that_lists_the_fields_there_are_tells_of_its_payload() -> None:
    assert payload_shaped("handler failed: KeyError: 'customer_id' (payload keys: customerId, amount)", "KeyError", False)
    assert not payload_shaped("handler failed: KeyError: 'customer_id'", "KeyError", False)
