"""`python -m tests.drills NAME [--count N]`: run one; without a name, list them. Exit 1 when its figure falls short."""

from __future__ import annotations

import argparse
import sys

from tests.drills import (
    canary,
    documents,
    faults,
    fuzz,
    hands,
    kill,
    matrix,
    messages,
    outage,
    scale,
    subject,
    sync,
    tamper,
    throughput,
)

DRILLS = {
    "canary": canary,
    "documents": documents,
    "faults": faults,
    "fuzz": fuzz,
    "hands": hands,
    "kill": kill,
    "matrix": matrix,
    "messages": messages,
    "outage": outage,
    "scale": scale,
    "subject": subject,
    "sync": sync,
    "tamper": tamper,
    "throughput": throughput,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.drills", description=__doc__)
    parser.add_argument("name", nargs="?", choices=DRILLS)
    parser.add_argument("--count", type=int, help="how much of it to run; everything where not given")
    chosen = parser.parse_args()
    if not chosen.name:
        for name, drill in DRILLS.items():
            print(f"{name:12} {(drill.__doc__ or '').splitlines()[0]}")
        return 0
    return 0 if DRILLS[chosen.name].drill(chosen.count) else 1


if __name__ == "__main__":
    sys.exit(main())
