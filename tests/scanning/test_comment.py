"""Words to a pupil: what may be said of which answer, that nothing but codes is journalled, and that the next cover tells it once."""

from __future__ import annotations

from pathlib import Path

import pytest

from packets.token import grouped, short_code
from records import schema
from records.comments import forget_comments, note_told, standing_comments, to_tell, told_by
from records.errors import InputRefused, NotAllowed, NotFound
from records.home import Home, open_home
from records.journal import entries
from records.undo import take_back
from scanning.comment import comment
from scanning.undo import UNDOERS
from tests.scanning.paper import page
from tests.small_desk import NEXT_WEEK, SmallDesk, here

ONE = page("P1", 2)


def say(home: Home, item: str, words: str, where: str = ONE) -> bool:
    with home.database.write() as session:
        return comment(session, where, item, words).changed


def stands(home: Home) -> dict[str, str]:
    with home.database.read() as session:
        return {item: each.words for (_page, item), each in standing_comments(session, {ONE}).items()}


def test_words_stand_until_others_or_none_take_their_place(home: Home) -> None:
    assert say(home, "1", "  Жақсы,\n әрі қарай! ", grouped(short_code(ONE)))
    assert say(home, "page", "Ұқыпты жұмыс")
    assert stands(home) == {"1": "Жақсы, әрі қарай!", "": "Ұқыпты жұмыс"}
    assert not say(home, "1", "Жақсы, әрі қарай!")
    assert say(home, "1", "Қайта қара")
    assert say(home, "page", "")
    assert not say(home, "2", "")
    assert stands(home) == {"1": "Қайта қара"}


def test_the_journal_holds_codes_and_never_the_words(home: Home) -> None:
    say(home, "1", "Сабырмен оқы")
    with home.database.read() as session:
        acts = entries(session, "grades.comment")
    assert [(act.subject, sorted(act.details)) for act in acts] == [(ONE, ["item", "record", "superseded"])]
    assert "Сабыр" not in str(acts)


@pytest.mark.parametrize("words", ["ә" * 301, "жақсы 🙂", "a\u202eb", "x\u0007y"])
def test_what_no_cover_can_print_is_refused(home: Home, words: str) -> None:
    with pytest.raises(InputRefused):
        say(home, "1", words)
    assert stands(home) == {}


def test_only_what_was_read_can_be_commented_on(home: Home) -> None:
    with pytest.raises(NotFound):
        say(home, "3", "Жоқ сұрақ")
    with pytest.raises(NotFound):
        say(home, "1", "Жоқ бет", "ABCD-2345-67892")
    with pytest.raises(NotAllowed):
        say(home, "1", "Мұқаба", page("P1", 1))


def test_undo_brings_back_what_stood_before(home: Home) -> None:
    say(home, "1", "Бірінші")
    say(home, "1", "Екінші")
    take_back(home, UNDOERS)
    assert stands(home) == {"1": "Бірінші"}
    take_back(home, UNDOERS)
    assert stands(home) == {}


def test_what_a_cover_has_told_is_not_told_again_and_cannot_be_unsaid(home: Home) -> None:
    say(home, "1", "Жарайсың")
    with home.database.write() as session:
        code = str(session.get_one(schema.Page, ONE).packet)
        row = session.get_one(schema.Packet, code)
        row.state, week = "handed_over", row.week
        (said,) = to_tell(session, {"P1"}, "2026-W43")["P1"]
        note_told(session, {code: [said.id]})
        assert to_tell(session, {"P1"}, "2026-W43") == {}
        assert [each.words for each in told_by(session, week)[code]] == ["Жарайсың"]
    with pytest.raises(NotAllowed):
        take_back(home, UNDOERS)
    say(home, "1", "Түзетілді")
    with home.database.write() as session:
        assert [each.words for each in to_tell(session, {"P1"}, "2026-W43")["P1"]] == ["Түзетілді"]
        assert [each.words for each in told_by(session, week)[code]] == ["Жарайсың"], "a cover drawn again is the same"
        session.get_one(schema.Packet, code).state = "void"
        assert to_tell(session, {"P2"}, "2026-W43") == {}
        forget_comments(session, "P1")
        assert session.query(schema.Comment).count() == 0


def build(desk: SmallDesk) -> Path:
    """The next week's packet of a pupil whose work came back."""
    told = here(desk.home, "packets", "build", "--week", NEXT_WEEK)
    assert told.code in {0, 3}, told.out
    return desk.home


def test_the_next_cover_tells_it_once_and_building_again_changes_nothing(own_desk: SmallDesk) -> None:
    home = open_home(own_desk.home)
    with home.database.write() as session:
        wanted = session.query(schema.Answer, schema.Page).join(schema.Page).filter(schema.Answer.superseded_by.is_(None))
        answer, printed = wanted.order_by(schema.Answer.id).first()  # type: ignore[misc]
        comment(session, printed.id, answer.item, "Ойыңды толық жаз: неге олай деп ойлайсың?")
        pupil = printed.pupil
    home.close()
    packet = f"{NEXT_WEEK}-{pupil}"
    build(own_desk)
    home = open_home(own_desk.home)
    with home.database.read() as session:
        row = session.get_one(schema.Packet, packet)
        pdf, first = own_desk.home / row.pdf, (own_desk.home / row.pdf).read_bytes()
        assert [each.words[:5] for each in told_by(session, NEXT_WEEK)[packet]] == ["Ойыңд"]
    home.close()
    build(own_desk)
    assert pdf.read_bytes() == first
    pdf.unlink()
    build(own_desk)
    assert pdf.read_bytes() == first, "drawn again as it was"
    assert here(own_desk.home, "pupils", "forget", str(pupil)).code in {0, 3}
    home = open_home(own_desk.home)
    with home.database.read() as session:
        assert session.query(schema.Comment).count() == 0
    home.close()
