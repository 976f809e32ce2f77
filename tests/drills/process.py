"""`signpost` itself, as a process of its own, with all that it writes."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import IO

from httpx2 import Client

from tests.drills import installation as with_policies
from tests.drills.kill import free_port
from tests.drills.site import Visitor

PATIENCE = 600.0
"""Seconds for its start, which may have to build its indexes."""
SCHOOL = "whgs"
"""The first school of practice mode, whose policy is read when it opens."""
_START = "import sys; from bot.cli import main; sys.exit(main([]))"


@dataclass
class Signpost:
    """The process; `written` is its standard output and its standard error."""

    data: Path
    port: int
    process: subprocess.Popen[bytes]
    written: bytearray = field(default_factory=bytearray, repr=False)
    open: ExitStack = field(default_factory=ExitStack)

    @property
    def address(self) -> str:
        """Where it is open."""
        return f"http://127.0.0.1:{self.port}"

    def client(self) -> Client:
        """A browser."""
        return self.open.enter_context(Client(base_url=self.address, timeout=PATIENCE))

    def visitor(self, person: str) -> Visitor:
        """Somebody with a browser of their own."""
        return Visitor(self.client(), SCHOOL, person)

    @contextmanager
    def full(self) -> Iterator[None]:
        """No file of its may grow, as where the storage is full."""
        before = resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (16 * 1024, before[1]))
        yield
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, before)

    def read(self, stream: IO[bytes]) -> None:
        """Keep what it writes."""
        for line in stream:
            self.written += line


@contextmanager
def signpost(data: Path) -> Iterator[Signpost]:
    """Start it on a folder, with every log line there is, and stop it as a person would."""
    with_policies(str(data)).close()
    (data / "tmp").mkdir()
    port = free_port()
    settings = {"SIGNPOST_DATA": str(data), "SIGNPOST_PORT": str(port), "SIGNPOST_LOG_LEVEL": "DEBUG"}
    process = subprocess.Popen(
        [sys.executable, "-c", _START],
        env={**os.environ, **settings, "TMPDIR": str(data / "tmp")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout is not None
    here = Signpost(data, port, process)
    reader = Thread(target=here.read, args=(process.stdout,))
    reader.start()
    try:
        deadline = time.monotonic() + PATIENCE
        while b"Signpost is open" not in here.written:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"it did not start: {here.written.decode(errors='replace')}")
            time.sleep(0.05)
        with here.open:
            yield here
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)
    finally:
        process.kill()
        reader.join()
        process.stdout.close()
