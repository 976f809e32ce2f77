"""`python -m tests.drills NAME [--count N]`: run one; without a name, list them. Exit 1 when its figure falls short."""

from __future__ import annotations

import argparse
import sys

from tests.drills import (
    approvals_model,
    canary,
    documents,
    faults,
    forms,
    fuzz,
    hands,
    kill,
    matrix,
    messages,
    outage,
    reminders,
    request_matrix,
    scale,
    slack_bad,
    slack_contract,
    slack_latency,
    slack_mutants,
    slack_retry,
    subject,
    sync,
    tamper,
    throughput,
)

DRILLS = {
    "approvals-model": approvals_model,
    "canary": canary,
    "documents": documents,
    "faults": faults,
    "forms": forms,
    "fuzz": fuzz,
    "hands": hands,
    "kill": kill,
    "matrix": matrix,
    "messages": messages,
    "outage": outage,
    "reminders": reminders,
    "requests": request_matrix,
    "scale": scale,
    "slack-bad": slack_bad,
    "slack-contract": slack_contract,
    "slack-latency": slack_latency,
    "slack-mutants": slack_mutants,
    "slack-retry": slack_retry,
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
            print(f"{name:16} {(drill.__doc__ or '').splitlines()[0]}")
        return 0
    return 0 if DRILLS[chosen.name].drill(chosen.count) else 1


if __name__ == "__main__":
    sys.exit(main())
