"""The Markdown of assignments: what is drawn, and what is named instead of being drawn wrongly or dropped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packets.markdown import (
    Block,
    Image,
    Run,
    Table,
    blocks,
    images,
    inline,
    pieces,
    unsupported,
    unsupported_inline,
    unsupported_reading,
)
from packets.markdown_said import FEATURES


def words(runs: tuple[Run, ...]) -> str:
    return "".join(run.text for run in runs)


def test_paragraphs_lists_and_faces_become_blocks_with_runs() -> None:
    text = "Бір **екі *үш*** төрт\\\nбес\nалты\n\n- а\n- б\n\n3. в\n4. г\n"
    assert blocks(text) == (
        Block("paragraph", (Run("Бір "), Run("екі ", bold=True), Run("үш", bold=True, italic=True), Run(" төрт\nбес алты"))),
        Block("bullet", (Run("а"),)),
        Block("bullet", (Run("б"),)),
        Block("numbered", (Run("в"),), 3),
        Block("numbered", (Run("г"),), 4),
    )
    assert unsupported(text) == ()


def test_the_second_paragraph_of_a_list_item_stays_in_the_item() -> None:
    assert blocks("- бір\n\n  екі\n- үш") == (Block("bullet", (Run("бір\nекі"),)), Block("bullet", (Run("үш"),)))


def test_a_question_keeps_its_line_breaks_and_takes_no_lists() -> None:
    assert inline("1. **Не** жоғалды?\n- 5 + 3") == (Run("1. "), Run("Не", bold=True), Run(" жоғалды?\n- 5 + 3"))


@pytest.mark.parametrize(
    "text", ["7 × 12 = ?", "5 < 7 және 8 > 3", "2 * 3 * 4", "a_b_c", "2\\*3\\*4", "$5 және $6", "1) бір", "№ 5 «ә»", "[?] + 2 = 5", "|–9|"]
)
def test_what_teachers_write_for_sums_is_left_alone(text: str) -> None:
    assert unsupported_inline(text) == ()
    assert words(inline(text)) == text.replace("\\*", "*")


@pytest.mark.parametrize(
    ("text", "feature", "line"),
    [
        ("а\n\n| a | b |\n|---|---|\n| 1 | 2 |", "table", 3),
        ("а\n![б](c.png)", "image", 2),
        ("# а", "heading", 1),
        ("а\n===", "heading", 1),
        ("[а](б)", "link", 1),
        ("а\n\n[b]: https://example.org", "link", 3),
        ("а\nб $x^{2$", "formula", 2),
        ("$\\foo{1}$", "formula", 1),
        ("а <b>б</b>", "html", 1),
        ("<!-- а -->", "html", 1),
        ("`а`", "code", 1),
        ("```\nа\n```", "code", 1),
        ("а\n\n    б", "code", 3),
        ("> а", "quotation", 1),
        ("а\n\n---\n\nб", "rule", 3),
        ("~~а~~", "strike", 1),
        ("- а\n  - б", "nested", 2),
        ("- а\n-\n- б", "empty_item", 2),
        ("2*3*4", "starred_digits", 1),
        ("2**3**", "starred_digits", 1),
        ("*x*2", "starred_digits", 1),
    ],
)  # fmt: skip
def test_what_cannot_be_printed_is_named_with_its_line(text: str, feature: str, line: int) -> None:
    assert {(found.feature, found.line) for found in unsupported(text)} == {(feature, line)}


@given(st.text(alphabet="аә \n*_-+1.)#>`~|[]()!$<b/>\\&;=", max_size=60))
def test_no_letter_is_dropped_without_being_named(text: str) -> None:
    seen = "".join(words(block.runs) for block in blocks(text))
    assert all(found.feature in FEATURES for found in unsupported(text))
    if not unsupported(text):
        assert [letter for letter in seen if letter in "аә"] == [letter for letter in text if letter in "аә"]


@given(st.text(alphabet="аә 19*_+.)#>`~|[]()!$<b/>\\=", max_size=60))
def test_no_letter_of_a_question_is_dropped_without_being_named(text: str) -> None:
    if not unsupported_inline(text):
        assert [letter for letter in words(inline(text)) if letter in "аә19"] == [letter for letter in text if letter in "аә19"]


def test_what_stands_between_dollars_is_a_formula_and_no_markdown() -> None:
    text = "Есепте: $a_1 * b_1 * \\frac{1}{2}$, **қысқарт** $$x<y$$; \\$5 және $6."
    assert unsupported(text) == unsupported_inline(text) == ()
    runs = (
        Run("Есепте: "), Run("a_1 * b_1 * \\frac{1}{2}", formula=True), Run(", "), Run("қысқарт", bold=True), Run(" "),
        Run("x<y", formula=True), Run("; $5 және $6."),
    )  # fmt: skip
    assert inline(text) == runs
    assert blocks(text) == (Block("paragraph", runs),)


@pytest.mark.parametrize(
    ("text", "named"), [("$\\foo{1}$", "\\foo"), ("$\\begin{matrix}1\\end{matrix}$", "\\begin"), ("а $\\frac{1}$", "\\frac{1}")]
)
def test_what_a_formula_may_not_hold_is_named(text: str, named: str) -> None:
    assert [found.words for found in unsupported_inline(text)] == [named]


def test_tables_and_pictures_stand_in_reading_matter() -> None:
    text = 'Қара:\n\n| Жыл | Сан |\n|:--|--:|\n| 2025 | **7** |\n\n![Өзен](a/b.png "80 mm")\n\nсоңы'
    assert unsupported_reading(text) == ()
    assert pieces(text) == (
        Block("paragraph", (Run("Қара:"),)),
        Table((((Run("Жыл"),), (Run("Сан"),)), ((Run("2025"),), (Run("7", bold=True),))), ("left", "right"), 3),
        Image("a/b.png", "Өзен", 80, 7),
        Block("paragraph", (Run("соңы"),)),
    )
    assert {found.feature for found in unsupported(text)} == {"table", "image"}
    assert images("![Көл](%D3%99.png)") == (Image("ә.png", "Көл", None, 1),)


@pytest.mark.parametrize(
    ("text", "feature", "line"),
    [
        ("сөз ![Өзен](a.png)", "image", 1),
        ("- ![Өзен](a.png)", "image", 1),
        ("![](a.png)", "image", 1),
        ('![Өзен](a.png "үлкен")', "image", 1),
        ("| a | b |\n|---|---|\n| 1 | 2 | 3 |", "lost_cell", 3),
        ("- а\n\n  | a | b |\n  |---|---|\n  | 1 | 2 |", "table", 3),
        ("$" + "x+" * 60 + "x$", "wide_formula", 1),
    ],
)
def test_what_cannot_stand_in_reading_matter_is_named_with_its_line(text: str, feature: str, line: int) -> None:
    assert {(found.feature, found.line) for found in unsupported_reading(text)} == {(feature, line)}


@given(st.text(alphabet='аә |-:\n*!()[]\\"m8', max_size=60))
def test_no_letter_of_reading_matter_is_dropped_without_being_named(text: str) -> None:
    found = pieces(text)
    seen = "".join(words(piece.runs) for piece in found if isinstance(piece, Block))
    seen += "".join(words(cell) for piece in found if isinstance(piece, Table) for row in piece.rows for cell in row)
    if not unsupported_reading(text) and not images(text):
        assert sorted(letter for letter in seen if letter in "аә") == sorted(letter for letter in text if letter in "аә")
    for piece in found:
        if isinstance(piece, Table) and not unsupported_reading(text):
            assert {len(row) for row in piece.rows} == {len(piece.aligns)}
