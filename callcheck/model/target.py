"""What was callcheck asked to look at?"""

from __future__ import annotations

from pathlib import Path

from callcheck.model.noun import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """Everything that one run looks at; paths in facts are relative to `base`, where the command runs."""

    base: Path
    given: tuple[str, ...] = (".",)
    """The words on the command line."""
    folders: tuple[Path, ...] = ()
    files: tuple[Path, ...] = ()
    """Single source or configuration files named on the command line."""
    logs: tuple[Path, ...] = ()
    """Log files named on the command line; those found in `folders` are added by the eyes."""
    stdin: bool = False
    """Standard input is a log."""
    pids: tuple[int, ...] = ()
    ports: tuple[int, ...] = ()

    @property
    def on_disk(self) -> bool:
        """Whether there is a folder or file to read."""
        return bool(self.folders or self.files)

    @property
    def live(self) -> bool:
        """Whether there is a process to look at."""
        return bool(self.pids or self.ports)
