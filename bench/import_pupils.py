"""How long a country's list of pupils takes: 100,000 invented rows as CSV and as XLSX, imported twice, each in a process of its own.

`python -m bench.import_pupils [--rows 100000]` prints seconds, seconds of the processor, rows a second and peak memory, and how many times slower a plain loop is that looks up
and adds one pupil after the other (measured on the first rows of the same list, in the same run).
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # so that the program's rooms are found when this file is run by its name

from records.database import Database  # noqa: E402
from records.home import make_home  # noqa: E402
from records.schema import Person, Pupil  # noqa: E402
from settlements.sample_words import LAST_NAMES  # noqa: E402

HEADINGS = ("Фамилия", "Имя", "Класс", "Язык обучения", "КАТО", "Школа", "Родитель", "Адрес", "Каналы")
FIRST_NAMES = ("Әділ", "Вера", "Аружан", "Нұрлан", "Ева", "Олжас", "Дана", "Марк")
SYLLABLES = tuple(f"{first}{second}" for first in "бгдкмнрст" for second in "аеиоу")
VILLAGES = 1200
NAIVE_ROWS = 2000
RUN = (
    "import resource, sys; from cli import main; main(sys.argv[1:]); used = resource.getrusage(resource.RUSAGE_SELF); "
    "print(used.ru_utime + used.ru_stime, used.ru_maxrss, file=sys.stderr)"
)

Row = tuple[str, ...]


def pupils(rows: int, seed: int = 41) -> Iterator[Row]:
    """Invented pupils without codes; no two are alike."""
    rng = random.Random(seed)
    for number in range(rows):
        language = rng.choice(("kk", "ru"))
        last = f"{rng.choice(LAST_NAMES[language])}-{_word(number)}"
        kato = f"59{number % VILLAGES // 100 + 32}{number % 90 + 10}100"
        yield (last, rng.choice(FIRST_NAMES), str(number % 11 + 1), language, kato, f"s{number % 160}", "", "", "post,tv")


def _word(number: int) -> str:
    """A different word for each number: Бабабаба, Бебабаба ..."""
    syllables = []
    for _place in range(4):
        number, rest = divmod(number, len(SYLLABLES))
        syllables.append(SYLLABLES[rest])
    return "".join(syllables).capitalize()


def write_lists(folder: Path, rows: int) -> dict[str, Path]:
    """The same list as CSV and as XLSX."""
    from openpyxl import Workbook

    paths = {"CSV": folder / "pupils.csv", "XLSX": folder / "pupils.xlsx"}
    with paths["CSV"].open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows([HEADINGS, *pupils(rows)])
    book = Workbook()  # with shared strings, as spreadsheet programs write
    sheet = book.worksheets[0]
    for row in itertools.chain([HEADINGS], pupils(rows)):
        sheet.append(row)
    book.save(paths["XLSX"])
    return paths


def import_once(home: Path, path: Path) -> tuple[float, float, float, dict[str, int]]:
    """Seconds of the whole command, seconds of the processor, peak memory in MB, and what it counted."""
    began = time.perf_counter()
    words = ["--home", str(home), "--lang", "en", "--json", "pupils", "import", str(path)]
    done = subprocess.run([sys.executable, "-c", RUN, *words], cwd=ROOT, capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - began
    data = json.loads(done.stdout)["data"]
    used, memory = done.stderr.split()[-2:]
    counts = {name: data[name] for name in ("added", "changed", "unchanged", "refused")}
    return seconds, float(used), int(memory) / 1024, counts


def naive_seconds(database: Database, rows: int) -> float:
    """Seconds a row of the plain loop: look the pupil up, add both records, flush."""
    began = time.perf_counter()
    with database.write() as session:
        for number, row in enumerate(pupils(rows)):
            code = f"N{number}"
            if session.query(Person).filter_by(last_name=row[0], first_name=row[1]).first() is None:
                session.add(
                    Pupil(code=code, grade=int(row[2]), language=row[3], kato=row[4], school=row[5], print="normal", channels=row[8])
                )
                session.add(Person(code=code, role="pupil", last_name=row[0], first_name=row[1], parent="", address=""))
                session.flush()
    return (time.perf_counter() - began) / rows


def main() -> None:
    """Make the lists, import each twice into a new desk, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        home, _made = make_home(folder / "naive")
        naive = naive_seconds(home.database, min(rows, NAIVE_ROWS))
        home.close()
        print(f"plain loop: {naive * rows:.0f} s for {rows} rows, by its first {min(rows, NAIVE_ROWS)}")
        for kind, path in write_lists(folder, rows).items():
            desk = folder / kind
            made, _key = make_home(desk)
            made.close()
            for time_ in ("first", "second"):
                seconds, used, memory, counts = import_once(desk, path)
                speed = f"{seconds:.1f} s ({used:.1f} s of the processor), {rows / seconds:.0f} rows/s, {memory:.0f} MB"
                print(f"{kind} {time_}: {speed}, the plain loop takes {naive * rows / seconds:.1f} times as long; {counts}", flush=True)


if __name__ == "__main__":
    main()
