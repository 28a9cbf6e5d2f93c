"""What can go wrong, in one tree?

    CallcheckError(message, hint)
    ├── UsageError                  the call's words are off
    ├── RuleError(path, line)       a rule, framework, configuration or scenario file is wrong
    └── SourceError                 something outside could not be read
        ├── NotFound
        ├── NotPermitted
        ├── Unreachable
        ├── TimedOut
        └── Malformed
"""

from __future__ import annotations


class CallcheckError(Exception):
    """Any failure that callcheck explains; `hint` says what to try next."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    @property
    def whole(self) -> str:
        """Message and hint in one line."""
        return f"{self.message}; {self.hint}" if self.hint else self.message


class UsageError(CallcheckError):
    """The command line or an option does not fit."""


class RuleError(CallcheckError):
    """A rule, framework, configuration or scenario file is wrong, at `path`, `line` and `column` (from 1; None: the whole file, the whole line)."""

    def __init__(self, message: str, path: str, line: int | None = None, hint: str = "", column: int | None = None) -> None:
        where = ":".join(str(part) for part in (path, line, column if line else None) if part)
        super().__init__(f"{where}: {message}", hint)
        self.plain = message
        """The message without the place."""
        self.path = path
        self.line = line


class SourceError(CallcheckError):
    """Something outside of callcheck could not be read."""


class NotFound(SourceError):
    """It is not there."""


class NotPermitted(SourceError):
    """It is there, but this user may not read it."""


class Unreachable(SourceError):
    """Nobody answers at the address."""


class TimedOut(SourceError):
    """It did not answer within its limit."""


class Malformed(SourceError):
    """It answered, in a form that cannot be read."""
