"""What do probes look through? Each thing is read once, and only when somebody asks."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from callcheck.model.knowledge import Knowledge
from callcheck.model.period import ALWAYS, Period
from callcheck.model.probe import Sight
from callcheck.model.signs import EVERY_FILE, Sign
from callcheck.model.target import Target
from callcheck.sources.apart import SHARED, SharedTexts
from callcheck.sources.files import File, Tree, read_text
from callcheck.sources.once import Once
from callcheck.sources.walk import survey

if TYPE_CHECKING:
    from pathlib import Path

    from callcheck.model.ignore import Ignore
    from callcheck.model.left_out import LeftOut, Reason
    from callcheck.model.statement import Statement
    from callcheck.sources.code import Code
    from callcheck.sources.documents.read_hcl import Block
    from callcheck.sources.live.kube import Cluster
    from callcheck.sources.live.processes import Processes
    from callcheck.sources.logs import Survey
    from callcheck.sources.manifests.builds import Builds
    from callcheck.sources.packages.resolve import Packages
    from callcheck.sources.recording.recorded import Recorded


class Eyes:
    """What probes look through; each thing is read once, and only when somebody asks."""

    def __init__(
        self, target: Target, knowledge: Knowledge, signs: tuple[Sign, ...] = EVERY_FILE, period: Period = ALWAYS
    ) -> None:
        """`signs` are those by which the probes know a source file that they want to see; log entries outside of `period` are not seen."""
        self.target = target
        self.period = period
        self.signs = signs
        self.knowledge = knowledge
        self._texts: dict[str, str] = {}
        self._spread: dict[str, dict[int, str]] = {}
        self._documents: dict[str, list[Any]] = {}
        self._unread: Exception | None = None
        """Why the sources could not be read as a whole."""
        self._seen: dict[Sight | tuple[str, ...], bool] = {}
        self.asked: set[str] = set()
        """The names of the files that a probe has read itself, and SHARED if it asked for what is joined of many; emptied for the next one."""
        self.shared = SharedTexts(self._text)
        self.once = Once(self)

    @functools.cached_property
    def tree(self) -> Tree:
        """The files of the target."""
        return survey(self.target)

    def sees(self, what: Sight | tuple[str, ...]) -> bool:
        """Whether there is any of what a probe looks at."""
        if what not in self._seen:
            self._seen[what] = self._sees(what)
        return self._seen[what]

    def _sees(self, what: Sight | tuple[str, ...]) -> bool:
        if isinstance(what, tuple):
            return bool(self.tree.named(*what))
        if what is Sight.SOURCE:
            from callcheck.sources.languages import language_of

            return any(language_of(file.name) for file in self.tree.files)
        if what is Sight.ONLINE:
            return self.target.online
        if what is Sight.RECORDINGS:
            return bool(self.target.recordings)
        if what is Sight.MEASURED:
            return bool(self.target.measured or self.target.scaled)
        if what is Sight.LOGS:
            # A Survey is made only where there may be something in it.
            target = self.target
            return bool(("logs" in vars(self) or target.logs or target.stdin or target.far or target.managers or self.tree_logs) and self.logs)
        return self.target.live

    def holds(self, what: Sight | tuple[str, ...], marks: tuple[str, ...]) -> bool:
        """Whether one of these pieces of text stands in what a probe looks at, or in a file's name; taken to where not every file is read."""
        if isinstance(what, tuple):
            files = self.tree.named(*what)
        elif what is Sight.SOURCE and self.code.project.choice.all:
            files = list(self.code.project.choice.files.values())
        else:
            return True
        return any(self._shows(file, marks) for file in files)

    def _shows(self, file: File, marks: tuple[str, ...]) -> bool:
        from callcheck.model.errors import SourceError

        try:
            told = f"{file.name}\n{self.text(file)}"
        except SourceError:  # Whoever wants to read it is to say that it cannot be read.
            return True
        return any(mark in told for mark in marks)

    def text(self, file: File) -> str:
        """The file's text. Raises SourceError for what is binary, unreadable or over 1 MB."""
        self.asked.add(file.name)
        return self._text(file)

    def readable(self, file: File, most: float = float("inf")) -> str:
        """The same for whoever looks for one thing in many files: "" for what cannot be read, or has `most` bytes or more."""
        from callcheck.model.errors import SourceError

        try:
            return self.text(file) if file.size < most else ""
        except SourceError:
            return ""

    def _text(self, file: File) -> str:
        if file.name not in self._texts:
            self._texts[file.name] = read_text(file)
        return self._texts[file.name]

    def documents(self, file: File) -> list[Any]:
        """All documents of a YAML, JSON, TOML or INI file, with their lines. Raises SourceError."""
        self.asked.add(file.name)
        if file.name not in self._documents:
            from callcheck.sources import documents

            self._documents[file.name] = documents.load_all(self.text(file), file.name)
        return self._documents[file.name]

    def document(self, file: File) -> Any:
        """The first document of the file. Raises SourceError."""
        found = self.documents(file)
        return found[0] if found else None

    def readable_documents(self, file: File) -> list[Any]:
        """All documents of the file, none of one that cannot be read."""
        from callcheck.model.errors import SourceError

        try:
            return self.documents(file)
        except SourceError:
            return []

    def readable_document(self, file: File) -> Any:
        """The first document of the file; None where there is none, or none that can be read."""
        return next(iter(self.readable_documents(file)), None)

    def hcl(self, file: File) -> Block:
        """A file of Terraform's or Nomad's as one block, which nobody may change. Raises SourceError."""
        from callcheck.sources.documents.read_hcl import read_hcl

        return self.once(("hcl", file.name), lambda: read_hcl(self.text(file)))

    @property
    def code(self) -> Code:
        """The source files, parsed and joined."""
        self.asked.add(SHARED)
        if self._unread is not None:
            raise self._unread
        try:
            return self._code
        except Exception as error:
            # Two hundred probes ask: what fails once is not to be read two hundred times.
            self._unread = error
            raise

    @functools.cached_property
    def _code(self) -> Code:
        from callcheck.sources.code import Code

        made = Code(self.tree, self.shared, self.knowledge.frameworks, lambda: self.packages, self.signs)
        if made.present:
            made.settle()
        return made

    @property
    def packages(self) -> Packages:
        """Which version of a package, and of Python or Node.js, a source file runs with."""
        self.asked.add(SHARED)
        return self._packages

    @functools.cached_property
    def _packages(self) -> Packages:
        from callcheck.sources.packages.resolve import Packages

        return Packages(self.tree, self.shared, self.target.base)

    @functools.cached_property
    def logs(self) -> Survey:
        """The log files of the target and, if asked for, standard input."""
        import sys

        from callcheck.sources.logs import Survey

        files = [*self.target.logs, *self.tree_logs]
        target = self.target
        workloads = [what for system, what in self.target.managers if system == "k8s"]
        stdin = sys.stdin.buffer if self.target.stdin else self.cluster.logs(workloads) if workloads else None
        known = self.knowledge.logs() if self.knowledge.logs and (files or stdin or target.far) else None
        return Survey(files, stdin, known, target.base, self.period, lambda: self.statements, target.far, target.cluster)

    @functools.cached_property
    def statements(self) -> tuple[Statement, ...]:
        """The statements of the sources that write into logs."""
        if not self.sees(Sight.SOURCE):
            return ()
        from callcheck.sources.code.log_statements import statements

        return tuple(statements(self.code))

    @functools.cached_property
    def tree_logs(self) -> tuple[Path, ...]:
        """The log files among the target's files."""
        from callcheck.sources.logs.recognise import logs_in

        return tuple(logs_in(self.tree))

    @functools.cached_property
    def recording(self) -> Recorded:
        """What was recorded of the app while it ran."""
        from callcheck.sources.recording.recorded import Recorded

        return Recorded(self.target, self.tree)

    @functools.cached_property
    def processes(self) -> Processes:
        """The processes of this machine."""
        from callcheck.sources.live.processes import Processes

        return Processes()

    @functools.cached_property
    def cluster(self) -> Cluster:
        """What Kubernetes runs, asked through kubectl."""
        from callcheck.sources.live.kube import Cluster

        return Cluster()

    @functools.cached_property
    def builds(self) -> Builds:
        """What kustomizations and Helm charts come to."""
        from callcheck.sources.manifests.builds import Builds

        return Builds(self)

    def has_read(self, name: str) -> bool:
        """Whether a file of that name was read so far."""
        return name in self._texts

    def state(self) -> tuple[dict[str, str], SharedTexts, dict[Reason, list[str]]]:
        """What has to be known, where another process looks too, of what was seen here: comments to be obeyed, what was read, what was left out."""
        project = self._code.project
        spoken = {name: text for name, text in self._texts.items() if "callcheck: ignore" in text}
        return spoken, self.shared, project.unread

    def take_in(self, state: tuple[dict[str, str], SharedTexts, dict[Reason, list[str]]]) -> None:
        """Add what was seen in another process."""
        spoken, shared, unread = state
        self._texts = {**spoken, **self._texts}
        self.shared.add(shared)
        project = self._code.project
        for reason, names in unread.items():
            held = project.unread.setdefault(reason, [])
            held += [name for name in names if name not in held]

    def left_out(self) -> tuple[LeftOut, ...]:
        """What of the target's files was not looked at so far."""
        project = self._code.project if "_code" in self.__dict__ else None
        if not (self.tree.left_out or self.tree.lost or (project and (project.unread or project.choice.left_out or project.users.unfollowed))):
            return ()
        from callcheck.sources.left_out import left_out

        return left_out(self.tree, project)

    def ignores(self) -> tuple[Ignore, ...]:
        """The comments, in the texts that were read so far, that ask to leave a cause unsaid."""
        if not any("callcheck: ignore" in text for text in self._texts.values()):
            return ()
        from callcheck.sources.ignores import read

        return tuple(read(self._texts))

    def lines(self, path: str, first: int, last: int) -> list[str]:
        """Lines `first` to `last` (from 1, inclusive) of a file named as in a location, for excerpts; [] if it cannot be read. Of a credential
        that only its neighbours give away nothing is left in them; others are masked by whom shows a line."""
        from callcheck.model.errors import SourceError

        file = self.tree.get(path)
        if file is None:
            return []
        try:
            held = self.text(file).split("\n")[first - 1 : last]
        except SourceError:
            return []
        hidden = self._hidden(path, self.text(file))
        return [hidden.get(number, line) for number, line in enumerate(held, first)] if hidden else held

    def _hidden(self, path: str, text: str) -> dict[int, str]:
        if path not in self._spread:
            from callcheck.model.spread_secrets import spread

            self._spread[path] = spread(text)
        return self._spread[path]
