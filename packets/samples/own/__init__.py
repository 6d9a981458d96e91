"""A teacher's own PDF in Kazakh and in Russian, with the assignment beside it; not part of the demo's weeks."""

from pathlib import Path

OWN_FOLDER = Path(__file__).parent
