"""A timetable of lessons: read forgivingly and told by row, kept in editions, shown on the covers of those whom it reaches, and undone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from packets.lesson_columns import LESSONS, MEDIA_LABELS, day_of, time_of
from packets.lesson_lines import DAYS, MOST_LINES
from packets.on_air import MEDIA, OnAir, lessons_for
from records import schema
from records.calendar import WEEKDAYS
from records.home import Home
from settlements.mending import Mended
from settlements.refusal import CellRefused
from settlements.roster import Learner
from tests.conftest import Poshta
from tests.packets.week import FIRST, NEXT_WEEK, WEEK, texts

HEAD = "date,time,channel,subject,grade,language,title,link\n"
MATHS = "2026-10-06,10:20,Балапан,math,5,kk,Жай бөлшектер,\n"
RUSSIAN = "2026-10-05,09:00,Ел арна,russian,5,ru,Имя прилагательное,\n"
COVER = f"packets/{WEEK}/{FIRST}/{WEEK}-P2.pdf"  # of P2, who learns in Russian and has a television set


def written(folder: Path, body: str, name: str = "lessons.csv") -> str:
    (folder / name).write_text(body, encoding="utf-8")
    return str(folder / name)


def known(poshta: Poshta) -> list[tuple[str, str, str]]:
    return [(each["date"], each["time"], each["title"]) for each in poshta("lessons", "list").data["lessons"]]


def test_a_timetable_is_taken_and_a_second_time_changes_nothing(home: Home, poshta: Poshta, tmp_path: Path) -> None:
    file = written(tmp_path, HEAD + MATHS + RUSSIAN)
    said = poshta("lessons", "import", file)
    assert said.code == 0
    assert (said.data["rows"], said.data["added"], said.data["weeks"]) == (2, 2, [WEEK])
    acts = len(poshta("journal").data["acts"])
    again = poshta("lessons", "import", file)
    assert (again.code, again.data["added"], again.data["removed"], again.data["unchanged"]) == (0, 0, 0, 2)
    assert len(poshta("journal").data["acts"]) == acts
    first = poshta("lessons", "list", "--week", WEEK).data["lessons"][0]
    assert first == {
        "week": WEEK, "date": "2026-10-05", "day": "mon", "time": "09:00", "medium": "tv", "channel": "Ел арна", "subject": "russian", "grade": 5,
        "language": "ru", "title": "Имя прилагательное", "link": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        ("Язык;Класс;Предмет;Канал;Время;Дата;Тема", "каз;5 класс;Математика;Балапан;10.20;06.10.2026;Жай бөлшектер"),
        ("Апта күні;Уақыты;Арна;Пән;Сынып;Тілі;Тақырыбы;Апта", "сейсенбі;10:20;Балапан;Математика;5;қазақ;Жай бөлшектер;2026-W41"),
        ("title;language;grade;subject;channel;time;day;week", "Жай бөлшектер;kk;5;math;Балапан;10:20;вт;2026-W41"),
    ],
)
def test_headings_and_words_are_taken_in_three_languages_and_any_order(
    heading: str, row: str, home: Home, poshta: Poshta, tmp_path: Path
) -> None:
    said = poshta("lessons", "import", written(tmp_path, f"{heading}\n{row}\n"))
    assert said.code == 0, said.out
    assert known(poshta) == [("2026-10-06", "10:20", "Жай бөлшектер")]


def test_other_headings_are_named_on_the_command_line(home: Home, poshta: Poshta, tmp_path: Path) -> None:
    file = written(tmp_path, (HEAD + MATHS).replace("time,", "slot,").replace("title,", "theme,"))
    assert poshta("lessons", "import", file).code == 4
    assert poshta("lessons", "import", file, "--columns", "time=slot,title=theme").code == 0
    assert known(poshta) == [("2026-10-06", "10:20", "Жай бөлшектер")]
    assert poshta("lessons", "import", file, "--columns", "hour=slot").code == 2


def test_days_of_the_week_take_their_week_from_the_command_line_and_several_days_and_grades_are_several_lessons(
    home: Home, poshta: Poshta, tmp_path: Path
) -> None:
    file = written(tmp_path, 'day,time,channel,subject,grade,language\n"mon,wed",10:20,Балапан,math,5-6,kk\n')
    assert poshta("lessons", "import", file).code == 4
    assert poshta("lessons", "import", file, "--week", WEEK).data["added"] == 4
    assert {each["grade"] for each in poshta("lessons", "list").data["lessons"]} == {5, 6}
    assert len(poshta("lessons", "list", "--grade", "6", "--language", "kk").data["lessons"]) == 2


BAD = {
    "2026-13-06,10:20,Балапан,math,5,kk,t,": ("date", "date"),
    "2026-10-06,25:20,Балапан,math,5,kk,t,": ("time", "time"),
    "2026-10-06,10:20,,math,5,kk,t,": ("empty", "channel"),
    "2026-10-06,10:20,Балапан,maths,5,kk,t,": ("subject", "subject"),
    "2026-10-06,10:20,Балапан,math,13,kk,t,": ("grade", "grade"),
    "2026-10-06,10:20,Балапан,math,5,fr,t,": ("language", "language"),
    ",10:20,Балапан,math,5,kk,t,": ("no_day", "date"),
    "2026-10-06,,Балапан,math,5,kk,t,": ("empty", "time"),
    "2026-10-06,10:20,Балапан,math,5,kk,漢,": ("missing_letter", "title"),
    "2026-10-06,10:20,Балапан,math,5,kk,Басқа,": ("doubled_lesson", "time"),
}


@pytest.mark.parametrize("row", BAD)
def test_a_bad_row_is_told_with_its_column_and_good_ones_are_kept(row: str, home: Home, poshta: Poshta, tmp_path: Path) -> None:
    said = poshta("lessons", "import", written(tmp_path, HEAD + MATHS + row + "\n"))
    assert said.code == 3
    assert [(each["code"], each["column"], each["row"]) for each in said.body["errors"]] == [(*BAD[row], 3)]
    assert (said.data["added"], said.data["refused"]) == (1, 1)
    assert poshta("lessons", "import", written(tmp_path, HEAD + row + "\n")).code == (0 if "doubled" in BAD[row][0] else 4)


def test_a_row_of_another_week_or_day_than_it_says_is_refused(home: Home, poshta: Poshta, tmp_path: Path) -> None:
    said = poshta("lessons", "import", written(tmp_path, HEAD + MATHS), "--week", NEXT_WEEK)
    assert said.code == 4
    assert "other_week" in str(said.body["errors"])
    file = written(tmp_path, "date,day,time,channel,subject,grade,language\n2026-10-06,пн,10:20,Балапан,math,5,kk\n")
    assert "day_differs" in str(poshta("lessons", "import", file).body["errors"])


def test_a_channel_that_nobody_names_is_taken_for_television_and_told(home: Home, poshta: Poshta, tmp_path: Path) -> None:
    rows = "2026-10-06,10:20,Жетісу,math,5,kk,t,\n2026-10-06,10:20,Қазақ радиосы,math,5,kk,t,\n2026-10-06,,BilimLand,math,5,kk,t,bl.kz/7\n"
    said = poshta("lessons", "import", written(tmp_path, HEAD + rows))
    assert said.code == 0
    assert [(each["code"], each["row"], each["value"]) for each in said.body["errors"]] == [("mended", 2, "Жетісу")]
    assert sorted(each["medium"] for each in poshta("lessons", "list").data["lessons"]) == ["radio", "tv", "web"]


def test_a_corrected_list_moves_a_lesson_and_another_list_leaves_it(home: Home, poshta: Poshta, tmp_path: Path) -> None:
    poshta("lessons", "import", written(tmp_path, HEAD + MATHS + RUSSIAN))
    moved = MATHS.replace("10-06,10:20", "10-07,11:00")
    said = poshta("lessons", "import", written(tmp_path, HEAD + moved))
    assert (said.data["added"], said.data["removed"]) == (1, 1)
    assert known(poshta) == [("2026-10-05", "09:00", "Имя прилагательное"), ("2026-10-07", "11:00", "Жай бөлшектер")]
    trial = poshta("lessons", "import", written(tmp_path, HEAD + moved), "--replace", "--dry-run")
    assert (trial.data["removed"], len(known(poshta))) == (1, 2)
    whole = poshta("lessons", "import", written(tmp_path, HEAD + moved), "--replace")
    assert (whole.data["removed"], known(poshta)) == (1, [("2026-10-07", "11:00", "Жай бөлшектер")])


def test_a_list_with_refused_rows_takes_nothing_away(home: Home, poshta: Poshta, tmp_path: Path) -> None:
    poshta("lessons", "import", written(tmp_path, HEAD + MATHS))
    said = poshta("lessons", "import", written(tmp_path, HEAD + MATHS.replace("10:20", "11:00") + MATHS.replace("10:20", "")))
    assert (said.code, said.data["added"], said.data["removed"]) == (3, 1, 0)
    assert len(known(poshta)) == 2


def test_a_cover_shows_the_lessons_of_the_pupils_grade_language_and_channels(home: Home, poshta: Poshta, tmp_path: Path) -> None:
    others = "2026-10-05,08:00,Ел арна,math,6,ru,Другой класс,\n2026-10-05,08:30,Қазақ радиосы,math,5,ru,Без радио,\n"
    poshta("lessons", "import", written(tmp_path, HEAD + MATHS + RUSSIAN + others))
    poshta("packets", "build", "--week", WEEK)
    cover = texts(home, COVER)[0]
    assert "По телевидению" not in cover
    assert "На этой неделе по телевидению" in cover
    for words in ("пн 05.10", "09:00", "Русский язык", "Имя прилагательное", "Ел арна"):
        assert words in cover
    assert "Другой класс" not in cover
    assert "Без радио" not in cover
    without = texts(home, f"packets/{WEEK}/{FIRST}/{WEEK}-P1.pdf")[0]
    assert "теледидарда" not in without  # the pupil has nothing but the post


def test_more_lessons_than_a_cover_holds_are_told_by_their_number(home: Home, poshta: Poshta, tmp_path: Path) -> None:
    rows = "".join(f"2026-10-05,{8 + n // 4:02d}:{n % 4 * 15:02d},Ел арна,russian,5,ru,Урок {n},\n" for n in range(MOST_LINES + 5))
    poshta("lessons", "import", written(tmp_path, HEAD + rows))
    poshta("packets", "build", "--week", WEEK)
    cover = " ".join(texts(home, COVER))
    assert f"Урок {MOST_LINES - 1}" in cover
    assert f"Урок {MOST_LINES}" not in cover
    assert "и ещё 5 уроков" in cover


def test_packets_at_the_desk_are_built_anew_for_whom_it_matters_and_those_that_have_gone_are_drawn_as_they_were(
    home: Home, poshta: Poshta, tmp_path: Path
) -> None:
    poshta("lessons", "import", written(tmp_path, HEAD + RUSSIAN))
    poshta("packets", "build", "--week", WEEK)
    said = poshta("lessons", "import", written(tmp_path, HEAD + RUSSIAN.replace("09:00", "09:45")))
    assert said.data["packets"] == 3
    built = poshta("packets", "build", "--week", WEEK)
    assert (built.data["rebuilt"], built.data["unchanged"]) == (1, 2)
    assert "09:45" in texts(home, COVER)[0]
    before = (home.path / COVER).read_bytes()
    with home.database.write() as session:
        session.execute(update(schema.Packet).values(state="handed_over"))
    poshta("lessons", "import", written(tmp_path, HEAD + RUSSIAN.replace("09:00", "12:00")))
    (home.path / COVER).unlink()
    again = poshta("packets", "build", "--week", WEEK)
    assert (again.data["redrawn"], again.data["unchanged"]) == (1, 2)
    assert (home.path / COVER).read_bytes() == before


def test_an_import_is_undone_unless_covers_show_it(home: Home, poshta: Poshta, tmp_path: Path) -> None:
    poshta("lessons", "import", written(tmp_path, HEAD + RUSSIAN))
    poshta("lessons", "import", written(tmp_path, HEAD + RUSSIAN.replace("09:00", "09:45")))
    assert poshta("undo").code == 0
    assert known(poshta) == [("2026-10-05", "09:00", "Имя прилагательное")]
    assert poshta("undo").code == 0
    assert known(poshta) == []
    poshta("lessons", "import", written(tmp_path, HEAD + RUSSIAN))
    poshta("packets", "build", "--week", WEEK)
    with home.database.write() as session:
        for act in session.scalars(select(schema.Act).where(schema.Act.action == "packets.build")):
            session.delete(act)
    refused = poshta("undo")
    assert refused.code == 7
    assert len(known(poshta)) == 1


def test_without_a_timetable_a_packet_is_what_it_was(home: Home, poshta: Poshta, tmp_path: Path) -> None:
    poshta("packets", "build", "--week", WEEK)
    poshta("lessons", "import", written(tmp_path, HEAD + MATHS.replace(",5,", ",9,")))
    built = poshta("packets", "build", "--week", WEEK)
    assert (built.data["rebuilt"], built.data["unchanged"]) == (0, 3)


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%Y-%m-%d 00:00:00"]))
def test_a_date_is_read_however_it_is_written(day: date, form: str) -> None:
    assert day_of(day.strftime(form)) == day


@pytest.mark.parametrize(
    ("text", "time"), [("9:05", "09:05"), ("09.05", "09:05"), ("10:20:00", "10:20"), ("10:20–10:40", "10:20"), ("", "")]
)
def test_a_time_is_read_however_it_is_written(text: str, time: str) -> None:
    read = time_of(text)
    assert (read.value if isinstance(read, Mended) else read) == time


@pytest.mark.parametrize("text", ["24:00", "10:60", "утром", "1020", "10:40-"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(CellRefused):
        time_of(text)


@given(st.lists(st.builds(OnAir, st.dates(date(2026, 10, 5), date(2026, 10, 11)), st.sampled_from(["08:00", "09:30"]), st.just("c"), st.just("math"), st.integers(4, 6), st.sampled_from(["kk", "ru"]), st.sampled_from(MEDIA))))  # fmt: skip
def test_a_pupil_gets_own_lessons_only_and_in_the_order_of_time(lessons: list[OnAir]) -> None:
    learner = Learner("P1", 5, "kk", FIRST, "S1", channels=("post", "tv", "web"))
    mine = lessons_for(learner, lessons)
    assert [(each.date, each.time) for each in mine] == sorted((each.date, each.time) for each in mine)
    assert {(each.grade, each.language) for each in mine} <= {(5, "kk")}
    assert len(mine) == sum((each.grade, each.language) == (5, "kk") and each.medium != "radio" for each in lessons)


def test_every_medium_and_day_has_a_word() -> None:
    assert tuple(MEDIA_LABELS) == MEDIA
    assert tuple(DAYS) == tuple(WEEKDAYS)


def test_the_columns_stand_in_the_documentation() -> None:
    page = (Path(__file__).parents[2] / "docs" / "lessons.md").read_text(encoding="utf-8")
    for column in LESSONS.columns:
        assert f"| {'**' if column.required else ''}{column.name}{'**' if column.required else ''} | {', '.join(column.synonyms)} |" in page
