"""Invented counts of districts, as `district export` gathers them."""

from __future__ import annotations

from collections import Counter

from hypothesis import strategies as st

from scanning.district_counts import MARKS, Children, District, Load, SilentVillage

WEEK = "2026-W41"
small = st.integers(0, 7)


def marked(district: District, classes: dict[tuple[str, int], tuple[int, ...]]) -> District:
    """The district with these works by subject and grade, each of another child: how many of 2, 3, 4 and 5."""
    for (subject, grade), counts in classes.items():
        for mark, count in zip(MARKS, counts, strict=True):
            if count:
                district.marks[f"{subject}/{grade}/{mark}"] += count
                for place in (f"{subject}/{grade}/{mark}", f"{subject}/{grade}", f"{subject}//{mark}", subject):
                    district.markers[place] += count
    return district


def plain(kato: str = "599800000", **more: int) -> District:
    """A district of one school with thirty children, or as told."""
    counts = {"unreached": 0, "silent": 6, "lost": 0, "partly": 9, "whole": 15} | more
    found = District(kato, f"{kato} ауданы", f"Район {kato}", {"s1": Children(**counts)}, {"s1": ("Мектеп", "Школа")})
    found.days.update({9: 10, 16: 5})
    found.pages.update({"expected": 90, "printed": 90, "handed_over": 90, "arrived": 60, "read": 60, "decided": 50, "missing": 30})
    found.loads["T1"] = Load(60, 30, 10, 5, 24)
    return marked(found, {("math", 5): (5, 6, 7, 8), ("kazakh", 5): (0, 9, 9, 6)})


@st.composite
def districts(draw: st.DrawFn) -> list[District]:
    """One to four districts with few children here and there."""
    found = []
    for number in range(draw(st.integers(1, 4))):
        each = District(f"5998{number:02d}000", f"{number} ауданы", f"Район {number}")
        for school in range(draw(st.integers(1, 3))):
            each.parts[f"s{number}{school}"] = Children(*(draw(small) for _field in range(5)))
        for teacher in range(draw(st.integers(0, 3))):
            each.loads[f"T{number}{teacher}"] = Load(draw(small), draw(small), draw(small), draw(small), draw(st.integers(1, 9)))
        classes = draw(
            st.dictionaries(st.tuples(st.sampled_from(("math", "kazakh")), st.integers(5, 6)), st.tuples(*[small] * 4), max_size=4)
        )
        marked(each, classes)
        each.days = Counter({9: draw(small), 16: draw(small)})
        each.silent = [SilentVillage(f"5998{number:02d}100", "Ауыл", "Село", 3, draw(st.integers(1, 9)))] if draw(st.booleans()) else []
        found.append(each)
    return found
