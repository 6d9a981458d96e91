"""One assignment in Kazakh and one in Russian that show every kind of question; not part of the demo's weeks."""

from pathlib import Path

KINDS_FOLDER = Path(__file__).parent
