"""The museum of bad pages before the reader: each exhibit gets the state, the reason and the readings that it must get, and nothing in silence."""

from __future__ import annotations

import pytest

from scanning.page import read_page
from scanning.verdict import Blank, Chosen, Doubt, PageState, PageVerdict
from tests.scanning.museum import EXHIBITS, Seen
from tests.scanning.museum_made import ALONE, TRUTH, Desk


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk()


def wrong_with(verdict: PageVerdict, must: Seen) -> list[str]:
    """What is said otherwise than it must be; nothing is the aim."""
    said = [f"{verdict.state}:{verdict.reason} of {verdict.page_id}"]
    states = {must.state, PageState.READ} if must.washed else {must.state}
    if verdict.state not in states or verdict.page_id != must.page or must.reason not in {None, verdict.reason}:
        return said
    if must.state is not PageState.DOUBTFUL:
        return [f"answers on a page that is {must.state}"] if verdict.items else []
    found, needless = {item.item: item.judgement for item in verdict.items}, []
    wrong = [] if set(found) == {*TRUTH, ALONE} else ["items are missing"]
    for item, judgement in found.items():
        match judgement:
            case Chosen(values) if values != TRUTH.get(item) or item in must.gone:
                wrong.append(f"item {item} read as {values}")
            case Blank() if (TRUTH.get(item) != () and not (item == ALONE and must.washed)) or item in must.gone:
                wrong.append(f"item {item} called blank")
            case Doubt(reason) if item != ALONE and item not in must.gone:
                needless.append(f"item {item} doubted: {reason}")
    return wrong + (needless if len(needless) > must.spare else [])


@pytest.mark.parametrize("name", EXHIBITS)
def test_an_exhibit_gets_what_it_must(name: str, desk: Desk) -> None:
    exhibit = EXHIBITS[name]
    verdicts = read_page(exhibit.make(), desk)
    assert len(verdicts) == len(exhibit.sheets), [(each.state, each.reason) for each in verdicts]
    known = {each.page_id: each for each in verdicts}
    wrong = [fault for must in exhibit.sheets for fault in wrong_with(known.get(must.page, verdicts[0]), must)]
    assert wrong == [], exhibit.proves


def test_there_are_sixty_exhibits_and_each_says_what_it_proves() -> None:
    assert len(EXHIBITS) >= 60
    assert len({exhibit.proves for exhibit in EXHIBITS.values()}) == len(EXHIBITS)
