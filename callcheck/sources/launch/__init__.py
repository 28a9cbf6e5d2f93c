"""What does a command line start, in how many processes?"""

from __future__ import annotations

from callcheck.sources.launch.command import Started, read_command
from callcheck.sources.launch.find import (
    COMPOSE_FILES,
    DOCKERFILES,
    SCRIPTS,
    aside,
    commands,
    dockerfile_of,
    dockerfiles,
    each_document,
    filled_in,
    image_name,
    mappings,
    near,
    own_texts,
    scripts,
    within,
)
from callcheck.sources.launch.image import Image, read_image, state_image
from callcheck.sources.launch.roles import BY_REQUESTS, INFRASTRUCTURE, role_of_app, role_of_image, role_of_name
from callcheck.sources.launch.state import Unit, freezes, replicas, run, state, stops
from callcheck.sources.launch.words import number

__all__ = [
    "BY_REQUESTS",
    "COMPOSE_FILES",
    "DOCKERFILES",
    "INFRASTRUCTURE",
    "SCRIPTS",
    "Image",
    "Started",
    "Unit",
    "aside",
    "commands",
    "filled_in",
    "dockerfile_of",
    "dockerfiles",
    "each_document",
    "freezes",
    "image_name",
    "mappings",
    "near",
    "number",
    "own_texts",
    "read_command",
    "read_image",
    "replicas",
    "role_of_app",
    "role_of_image",
    "role_of_name",
    "run",
    "scripts",
    "state",
    "state_image",
    "stops",
    "within",
]
