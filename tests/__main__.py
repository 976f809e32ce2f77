"""`python -m tests`: format, lint, types, then every test with its coverage; the same for people and for CI.

The indexes are built once, between the two: each process that runs tests starts from a copy of them.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from policy_kb.knowledge import open_knowledge

CHECKS = (("ruff", "format", "--check", "."), ("ruff", "check", "."), ("mypy",))
# In the order of the folders: by number of tests, the few long ones would come last and leave one process idle.
TESTS = ("pytest", "--numprocesses=auto", "--dist=loadfile", "--no-loadscope-reorder", "--cov")


def main() -> int:
    for check in CHECKS:
        if code := run(*check):
            return code
    with tempfile.TemporaryDirectory() as folder:
        print("\n== build the indexes", flush=True)
        known = open_knowledge(Path(folder))
        known.build()
        known.bridge  # noqa: B018  (built when it is first asked for)
        known.close()
        return run(*TESTS, BUILT=folder)


def run(*words: str, **settings: str) -> int:
    """Run a Python module as a command, after saying so; returns its exit code."""
    print(f"\n== {' '.join(words)}", flush=True)
    return subprocess.run([sys.executable, "-m", *words], check=False, env={**os.environ, **settings}).returncode


if __name__ == "__main__":
    sys.exit(main())
