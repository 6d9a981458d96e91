"""`python -m bench.strange --condition open|withheld|NAME,... --pages N --seed S [--workers 2] [--save FOLDER] [--json FILE] [--show FOLDER]`: one row a condition."""

from __future__ import annotations

from bench.other_hands.__main__ import answer, arguments
from bench.strange.conditions import CONDITIONS, OPEN, WITHHELD
from bench.strange.part import part


def main() -> None:
    """Run from the command line."""
    asked = arguments("python -m bench.strange", __doc__, "open (or withheld)")
    halves = {"open": OPEN, "withheld": WITHHELD}
    half = halves.get(asked.condition)
    answer(asked, [name for name in CONDITIONS if name in half] if half is not None else asked.condition.split(","), part)


if __name__ == "__main__":
    main()
