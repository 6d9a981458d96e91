"""Foreign forms, judged: invented blanks (bench/foreign_blanks) filled in by the rehearsal's pupils, scanned and photographed, read, compared with the truth.

    python -m bench.forms --sheets 20 --condition clean_scan,office_scan,phone_photo [--form exam,squares] [--seed 1] [--save FOLDER]

One row a form and condition: sheets, items, right, doubts that nobody needed, doubts due or excused, silent errors, sheets not found, sheets taken for another
page or form, processor milliseconds a sheet. All pages of all named forms lie on one shelf, so every sheet could be taken for any of them. With `--kinds`, what was
drawn against what was said. `--save` keeps pictures of silent errors and of sheets that were not found.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from bench.foreign_blanks import BLANKS, every_blank
from bench.judgement import as_read, drawn, kinds_of, upper_bound
from scanning.form import is_column
from scanning.form_file import read_form_file
from scanning.form_page import Candidate, Shelf, read_form, shelf_of
from scanning.form_results import answers_of
from scanning.rehearsal.conditions import CONDITIONS, shares_of
from scanning.rehearsal.pages import Place, PrintedSheet
from scanning.rehearsal.play import Setting, take_page
from scanning.rehearsal.truth import FrameTruth, Seen, Truth, compare
from scanning.verdict import PageState

READ = (PageState.READ, PageState.DOUBTFUL)


def printed(candidate: Candidate, folder: Path, number: int) -> PrintedSheet:
    """A page of a form as the rehearsal wants it; `number` gives it an id, and so its chances."""
    file = json.loads((folder / f"{candidate.form.code}.json").read_text(encoding="utf-8"))
    boxes = file["pages"][candidate.page.number - 1]["boxes"]
    places = tuple(
        Place(box["item"], box["value"], box["kind"], tuple(box["center_mm"]), tuple(box["size_mm"]), box["column"], box["shape"])
        for box in boxes
    )
    size = candidate.page.layout.size_mm
    return PrintedSheet(f"{number:014x}", "worksheet", "P", f"{candidate.form.code}.pdf", candidate.page.number, size, places)


def judge(
    candidate: Candidate, shelf: Shelf, folder: Path, condition: str, numbers: range, seed: int, save: Path | None
) -> tuple[Counter[str], Counter[Any]]:
    """Play and read so many sheets of one page of a form; sums, and what was drawn against what was said."""
    total: Counter[str] = Counter()
    kinds: Counter[Any] = Counter()
    for number in numbers:
        sheet = printed(candidate, folder, number + 1)
        code = str(100000 + (number * 7919) % 900000)
        setting = Setting(folder, folder, seed, shares_of(condition), (sheet,), {sheet.page: {"code": [code]}})
        taken, items, _name = take_page(setting, 0)
        picture = as_read(taken)
        begun = time.process_time()
        (verdict,) = read_form(picture, shelf)
        total["ms"] += round((time.process_time() - begun) * 1000)
        total["sheets"] += 1
        if verdict.state not in READ:
            total["lost"] += 1
            total[f"lost_{verdict.reason}"] += 1
            _save(save, f"lost-{condition}-{candidate.form.code}-{number}", picture)
            continue
        if (verdict.measurements["form"], verdict.measurements["form_page"]) != (candidate.form.code, candidate.page.number):
            total["strangers"] += 1
            continue
        rows = [{"page": sheet.page, **each} for each in answers_of(candidate.form, candidate.page, verdict.items)]
        for row in rows:  # an empty code is a doubt here, and blank to the rehearsal
            if row["reason"] == "not_filled":
                row.update(state="blank", reason="")
        frame = FrameTruth(sheet.page, 1, 1, "page", condition, (Seen(sheet.page, 1, items),))
        told = compare(Truth(seed, (frame,)), rows)
        kinds += kinds_of(frame, rows)
        total.update(items=told.items, right=told.right, needless=told.doubtful, due=told.doubt_accepted, silent=len(told.silent))
        for finding in told.silent:
            marks = next((drawn(item) for item in items if item.item == finding.item), "")
            print(
                f"  silent: {condition} {candidate.form.code} sheet {number} item {finding.item}: {finding.expected} but {finding.got} ({marks})",
                flush=True,
            )
            at = [
                place
                for box, place in zip(candidate.page.layout.boxes, verdict.measurements["at"], strict=True)
                if box.item == finding.item or is_column(box.item, finding.item)
            ]
            _save(save, f"silent-{condition}-{candidate.form.code}-{number}-{finding.item}", _crop(picture, at))
    return total, kinds


def _crop(picture: Any, at: list[list[float]]) -> Any:
    spots = np.array(at)
    low, high = np.maximum(spots.min(axis=0) - 60, 0).astype(int), (spots.max(axis=0) + 60).astype(int)
    return picture[low[1] : high[1], low[0] : high[0]]


def _save(folder: Path | None, name: str, picture: Any) -> None:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(folder / f"{name}.png"), picture)


def line(name: str, condition: str, total: Counter[str]) -> str:
    """A row of the table."""
    share = 100 / max(total["items"], 1)
    figures = f"{total['sheets']:>6} {total['items']:>7} {total['right'] * share:>8.2f} {total['needless'] * share:>10.2f} {total['due'] * share:>6.2f}"
    bound = upper_bound(total["silent"], total["items"])
    return f"{name:<9} {condition:<12} {figures} {total['silent']:>7} {bound:>7.2f} {total['lost']:>5} {total['strangers']:>6} {total['ms'] / max(total['sheets'], 1):>6.0f}"


def main() -> None:
    """Run the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sheets", type=int, default=10)
    parser.add_argument("--condition", default="clean_scan,office_scan,phone_photo")
    parser.add_argument("--form", default="")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save", type=Path)
    parser.add_argument("--kinds", action="store_true")
    wanted = parser.parse_args()
    cv2.setNumThreads(1)
    conditions = list(CONDITIONS) if wanted.condition == "all" else wanted.condition.split(",")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        forms = [read_form_file(blank.save(folder)) for blank in every_blank(wanted.form.split(",") if wanted.form else tuple(BLANKS))]
        shelf = shelf_of(forms)
        print(
            f"{'form':<9} {'condition':<12} {'sheets':>6} {'items':>7} {'right %':>8} {'needless %':>10} {'due %':>6} {'silent':>7} {'<95%':>7} {'lost':>5} {'wrong':>6} {'ms':>6}"
        )
        for condition in conditions:
            for form in forms:
                total: Counter[str] = Counter()
                kinds: Counter[Any] = Counter()
                own = [each for each in shelf.candidates if each.form is form]
                for place, candidate in enumerate(own):
                    count = wanted.sheets // len(own) or 1
                    more, some = judge(
                        candidate, shelf, folder, condition, range(place * count, (place + 1) * count), wanted.seed, wanted.save
                    )
                    total += more
                    kinds += some
                print(
                    line(form.code, condition, total),
                    {key: count for key, count in total.items() if key.startswith("lost_")} or "",
                    flush=True,
                )
                if wanted.kinds:
                    for (mark, said, reason), count in kinds.most_common():
                        if said in ("needless", "silent"):
                            print(f"    {mark}: {said} {reason} {count}")


if __name__ == "__main__":
    main()
