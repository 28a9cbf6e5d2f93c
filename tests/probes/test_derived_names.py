"""Handlers are laid beside the names that Textual makes of messages and fields, and Kivy of properties."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.derived_names import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

HEAD = "from textual.app import App\nfrom textual.message import Message\nfrom textual.widgets import Button, Static\nclass Board(Static):\n    class Picked(Message): ...\nclass Desk(App):\n    "
FIELDS = "from textual.app import App\nfrom textual.reactive import reactive\nclass Desk(App):\n    count = reactive(0)\n    "


def found(tmp_path: Path, text: str) -> list[tuple[str, str]]:
    return [(str(item.where), item.fact.says().rpartition("write ")[2]) for item in look(tmp_path, {"a.py": text})]


@pytest.mark.parametrize(
    ("handler", "wanted"),
    [
        ("def on_picked(self, event: Board.Picked): ...", "on_board_picked()"),
        ("async def on_picked(self, event): ...", "on_board_picked()"),
        ("def on_desk_picked(self, event: 'Board.Picked'): ...", "on_board_picked()"),
        ("@work\n    async def on_picked(self, event: Board.Picked): ...", "on_board_picked()"),
        ("def on_pressed(self, event: Button.Pressed): ...", "on_button_pressed()"),
    ],
)
def test_a_handler_whose_name_no_message_makes(tmp_path: Path, handler: str, wanted: str) -> None:
    (line, name), = found(tmp_path, HEAD + handler)
    assert (line.split(":")[0], name) == ("a.py", wanted)


@pytest.mark.parametrize(
    "handler",
    [
        "def on_board_picked(self, event: Board.Picked): ...",
        "def _on_board_picked(self, event: Board.Picked): ...",
        "@on(Board.Picked)\n    def on_picked(self, event: Board.Picked): ...",
        "def on_board_picked(self, event): self.on_picked(event)\n    def on_picked(self, event: Board.Picked): ...",
        "def on_board_picked(self, event): ...\n    def on_picked(self, event): ...",
        "def on_click(self, event): ...",
        "def on_button_pressed(self, event: Button.Pressed): ...",
        "def on_list_view_selected(self, event: ListView.Selected): ...",
        "def on_picked(self, event: Board.Picked, board): ...",
    ],
)
def test_a_handler_with_its_name_or_one_that_is_called_otherwise(tmp_path: Path, handler: str) -> None:
    assert found(tmp_path, HEAD + handler) == []


def test_a_namespace_takes_the_place_of_the_class(tmp_path: Path) -> None:
    text = HEAD.replace("Picked(Message)", "Picked(Message, namespace='table')")
    assert found(tmp_path, text + "def on_table_picked(self, event: Board.Picked): ...") == []
    assert found(tmp_path, text + "def on_board_picked(self, event: Board.Picked): ...") == [("a.py:7", "on_table_picked()")]


@pytest.mark.parametrize("method", ["watch_counts", "validate_cuont", "compute_coun"])
def test_a_method_that_looks_like_that_of_a_field(tmp_path: Path, method: str) -> None:
    assert found(tmp_path, f"{FIELDS}def {method}(self, value): ...") == [("a.py:5", f"{method.partition('_')[0]}_count()")]


@pytest.mark.parametrize("method", ["watch_count", "_watch_count", "watch_theme", "watch_counts(self): ...\n    def watch_count"])
def test_a_method_of_a_field_or_of_one_that_is_inherited(tmp_path: Path, method: str) -> None:
    assert found(tmp_path, f"{FIELDS}def {method}(self, value): ...") == []


def test_bindings_name_actions(tmp_path: Path) -> None:
    text = "from textual.app import App\nclass Desk(App):\n    BINDINGS = [('c', 'clear_log', 'Clear'), ('q', 'quit', 'Quit')]\n    def action_{}(self): ...\n"
    assert found(tmp_path, text.format("clear_logs")) == [("a.py:4", "action_clear_log()")]
    assert found(tmp_path, text.format("clear_log")) == []
    assert found(tmp_path, text.format("sort")) == []


def test_kivys_properties(tmp_path: Path) -> None:
    text = "from kivy.properties import NumericProperty\nfrom kivy.uix.widget import Widget\nclass Tank(Widget):\n    level = NumericProperty(0)\n    def on_{}(self, instance, value): ...\n"
    assert found(tmp_path, text.format("levels")) == [("a.py:5", "on_level()")]
    assert found(tmp_path, text.format("level")) == []
    assert found(tmp_path, text.format("touch_down")) == []
