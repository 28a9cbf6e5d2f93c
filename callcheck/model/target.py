"""What was callcheck asked to look at?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass

if TYPE_CHECKING:
    from callcheck.model.measured import Measured
    from callcheck.model.scaled import Trial


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
    names: tuple[str, ...] = ()
    """Texts in the command lines of processes."""
    inside: tuple[Path, ...] = ()
    """Folders whose own processes are to be looked at: those that have their working directory there."""
    beside: tuple[Path, ...] = ()
    """Folders in which something runs, though nobody asked for it: what it says weighs less than what the files say."""
    managers: tuple[tuple[str, str], ...] = ()
    """Who is to be asked what runs, and for what: pm2 for an app or "", compose for a folder, k8s for `namespace/name` or `namespace/kind/name`."""
    far: tuple[str, ...] = ()
    """Logs that lie elsewhere: URLs and globs of them, and paths that the workers of the cluster see."""
    cluster: str = ""
    """The address of a Dask scheduler whose workers read what is `far`; "" to read it here."""

    recordings: tuple[Path, ...] = ()
    """Folders that `callcheck observe` wrote."""
    captures: tuple[Path, ...] = ()
    """Archives that `callcheck capture` wrote."""
    online: bool = False
    """Whether other machines may be asked anything."""
    measured: tuple[Measured, ...] = ()
    """What came of scenarios that were run against the app just now."""
    scaled: tuple[Trial, ...] = ()
    """What came of a scenario with several numbers of copies of the app."""

    @property
    def on_disk(self) -> bool:
        """Whether there is a folder or file to read."""
        return bool(self.folders or self.files)

    @property
    def beside_files(self) -> bool:
        """Whether something is to be looked at that may say another thing on another day, though no source or configuration file has changed."""
        return bool(self.logs or self.stdin or self.far or self.recordings or self.captures or self.live)

    @property
    def live(self) -> bool:
        """Whether there is a process to look at."""
        return bool(self.pids or self.ports or self.names or self.inside or self.beside or self.managers)
