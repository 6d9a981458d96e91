"""What the circles of a printed review sheet say besides the answers' own letters: for who prints it and for who takes it in, without what draws."""

from __future__ import annotations

NONE = "-"  # the circle of «not answered», where leaving a row empty means that it still waits
NONE_ITEM = "{item}.none"
