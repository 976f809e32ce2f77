"""`python -m tests`: format, lint, types, then every test; the same for people and for CI.

The indexes are built once, beside the checks: each process that runs tests starts from a copy of them. What is written
behind it goes to pytest, for example `--cov`.
"""

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from policy_kb.knowledge import open_knowledge

CHECKS = (("ruff", "format", "--check", "."), ("ruff", "check", "."), ("mypy",))
# In the order of the folders: by number of tests, the few long ones would come last and leave one process idle.
TESTS = ("pytest", "--numprocesses=auto", "--dist=loadfile", "--no-loadscope-reorder")


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as beside:
        building = beside.submit(build, Path(folder))
        for check in CHECKS:
            if code := run(*check):
                return code
        print("\n== build the indexes", flush=True)
        building.result()
        return run(*TESTS, *sys.argv[1:], BUILT=folder)


def build(folder: Path) -> None:
    """Build every index, and the bridge, which is otherwise built when it is first asked for."""
    known = open_knowledge(folder)
    known.build()
    known.bridge  # noqa: B018
    known.close()


def run(*words: str, **settings: str) -> int:
    """Run a Python module as a command, after saying so; returns its exit code."""
    print(f"\n== {' '.join(words)}", flush=True)
    return subprocess.run([sys.executable, "-m", *words], check=False, env={**os.environ, **settings}).returncode


if __name__ == "__main__":
    sys.exit(main())
