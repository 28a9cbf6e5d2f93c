"""What does a command line start, in how many processes?"""

from __future__ import annotations

from callcheck.sources.launch.command import Started, read_command
from callcheck.sources.launch.roles import role_of_image, role_of_name
from callcheck.sources.launch.state import Unit, state
from callcheck.sources.launch.words import number

__all__ = ["Started", "Unit", "number", "read_command", "role_of_image", "role_of_name", "state"]
