"""`python -m tests`: format, lint, types, then every test with its coverage; the same for people and for CI."""

import subprocess
import sys

STEPS = (
    ("ruff", "format", "--check", "."),
    ("ruff", "check", "."),
    ("mypy",),
    ("coverage", "run", "-m", "pytest"),
    ("coverage", "report"),
)


def main() -> int:
    for step in STEPS:
        print(f"\n== {' '.join(step)}", flush=True)
        done = subprocess.run([sys.executable, "-m", *step], check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
