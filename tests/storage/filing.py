"""`python -m tests.storage.filing URL STEP`: file one case and be killed at a step; the name of none lets it live."""

from __future__ import annotations

import os
import signal
import sys

from bot.domain.ports import Records
from bot.storage.engine import open_engine
from bot.storage.records import SqlRecords
from tests.storage.stand_ins import SCHOOL, Hands, StandInBox, case, entry, envelope, notice, secret


def file(records: Records, ref: str = "WH-0001", key: str = "key-1", school: str = SCHOOL) -> None:
    """A case with an entry, a notice and an audit link, as the dialog files it."""
    with records.work(school) as work:
        work.add(case(ref), key)
        work.append(ref, entry(1, "report", platform="instagram"), envelope())
        work.notify(notice(ref), "keyed-dsl")
        work.audit("file", ref, "", "digest")


def main(url: str, last: str) -> None:
    def steps(step: str) -> None:
        if step == last:
            os.kill(os.getpid(), signal.SIGKILL)

    file(SqlRecords(open_engine(url), secret, StandInBox, Hands(), steps))
    print("recorded", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
