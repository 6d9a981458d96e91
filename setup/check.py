"""Every check of this house, in one go: `./run test`. Further words go to pytest, whose closing line is the last that is printed.

All checks run, whatever the earlier ones found; the answer is 0 only if none failed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
CHECKS = {
    "floors (import-linter)": ("-c", LINT_IMPORTS, "--no-cache"),
    "ruff check": ("-m", "ruff", "check"),
    "ruff format": ("-m", "ruff", "format", "--check", "."),
    "mypy --strict": ("-m", "mypy"),
}
PYTEST = ("-m", "pytest", "-n", "2", "--cov", "--cov-report=term", "--durations=10")


def main(words: list[str]) -> int:
    """Run all checks; answers an exit code."""
    failed = [name for name, command in CHECKS.items() if not passes(name, command)]
    sys.stdout.write(f"== failed: {', '.join(failed)}\n" if failed else "== all of these passed\n")
    tests = run((*PYTEST, *words))
    return tests or (1 if failed else 0)


def passes(name: str, command: tuple[str, ...]) -> bool:
    """Run one check under its heading."""
    sys.stdout.write(f"== {name}\n")
    return run(command) == 0


def run(command: tuple[str, ...]) -> int:
    """Run this Python with `command` in the project's folder."""
    sys.stdout.flush()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
