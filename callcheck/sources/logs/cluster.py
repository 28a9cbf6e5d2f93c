"""How do the workers of a Dask cluster read logs?

    callcheck diagnose --cluster tcp://scheduler:8786 's3://bucket/2026/11/*.gz'

Each worker needs callcheck, of this very version: the summaries that it sends back are put together here.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from typing import Any

from callcheck import __version__
from callcheck.model.errors import CallcheckError, SourceError, TimedOut, Unreachable, UsageError
from callcheck.model.printable import clean
from callcheck.sources.logs import far
from callcheck.sources.logs.pools import Crew
from callcheck.sources.logs.reading import Reading
from callcheck.sources.logs.summary import Summary

_PATIENCE_S = 10
_STRIDE = 128
_BATCH = 64_000_000
_VERSION = "__import__('callcheck').__version__"


class Cluster:
    """A connection to a scheduler, open until `close`."""

    def __init__(self, address: str) -> None:
        """Raises UsageError, Unreachable, TimedOut, SourceError."""
        self._address = clean(far.shown(address))
        self._client = self._connected(address)
        try:
            with self._explained():
                self._check()
        except BaseException:
            self.close()
            raise

    def _connected(self, address: str) -> Any:
        try:
            from distributed import Client
        except ImportError:
            raise UsageError("--cluster takes Dask's distributed, which is not installed", far.EXTRA) from None
        # It writes of what went wrong to stderr as well, in its own words.
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        try:
            return Client(address, timeout=_PATIENCE_S, set_as_default=False)
        except ValueError as error:
            raise UsageError(f"--cluster {self._address}: {clean(str(error))}", "such as tcp://scheduler:8786") from None
        except (OSError, TimeoutError):
            hint = "`dask scheduler` says its address when it starts; is a port forwarded, is TLS wanted (tls://)?"
            raise Unreachable(f"no scheduler answers at {self._address} within {_PATIENCE_S} s", hint) from None

    def _check(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=_PATIENCE_S)
        except TimeoutError:
            raise TimedOut(f"the scheduler at {self._address} has no workers", "`dask worker` starts one") from None
        versions = self._client.run(eval, _VERSION, on_error="return")
        wrong = {worker: said for worker, said in versions.items() if said != __version__}
        if wrong:
            worker, said = min(wrong.items())
            has = f"callcheck {clean(said)}" if isinstance(said, str) else "no callcheck" if isinstance(said, ImportError) else clean(repr(said))
            raise SourceError(
                f"{len(wrong)} of {len(versions)} workers at {self._address} cannot read logs: {clean(worker)} has {has}",
                f"each needs what is here: pip install 'callcheck[cluster]=={__version__}'",
            )

    def find(self, words: Sequence[str]) -> list[far.Far]:
        """The logs that the words name, as a worker sees them. Raises SourceError and UsageError."""
        with self._explained():
            found: list[far.Far] = self._client.get_executor().submit(far.find, words).result()
        return found

    def summary(self, reading: Reading) -> Summary:
        """What the files of the reading say. Raises SourceError if the cluster does not bear up."""
        threads = self._client.nthreads()
        with self._explained():
            return Crew(self._client.get_executor(), sum(threads.values()), _STRIDE, _BATCH).summary(reading)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except CallcheckError:
            raise
        except CancelledError:
            raise Unreachable(f"the scheduler at {self._address} went away", "its own log says why") from None
        except ImportError as error:
            raise SourceError(f"a worker at {self._address} lacks {clean(error.name or str(error))}", far.EXTRA) from None
        except Exception as error:
            name = type(error).__name__
            if name == "KilledWorker":
                raise SourceError(f"workers at {self._address} died reading the logs", "their own logs say why: too little memory, perhaps") from None
            if isinstance(error, OSError) or "Comm" in name:
                raise Unreachable(f"the connection to {self._address} broke: {clean(str(error))}") from None
            raise

    def close(self) -> None:
        """Leave the cluster; it goes on without us."""
        self._client.close()
