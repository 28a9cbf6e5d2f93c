"""Find out why a callback does not fire."""

__version__ = "0.1.0"
