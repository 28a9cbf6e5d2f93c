"""At which ports does a server listen, by the words of its command line?

    uvicorn shop.api:app --host 0.0.0.0 --port 8000     # 8000
    gunicorn -b 0.0.0.0:8000 shop.wsgi                  # 8000
    python manage.py runserver 0.0.0.0:8000             # 8000

What a server takes where its command says nothing is not told here, nor what a variable fills in.
"""

from __future__ import annotations

from callcheck.model.pattern import pattern

_TOLD = pattern(r"(?:^|\s)(?:(?:--port|-p|-P)[ =]+|(?:--bind|-b|--listen|-l)[ =]+\S*:|runserver\s+(?:\S+:)?)(\d{2,5})(?![\w.:])")


def listening_at(command: str) -> list[str]:
    """The ports that a command line names, in their order, as digits; none where it names none."""
    return _TOLD.findall(command)
