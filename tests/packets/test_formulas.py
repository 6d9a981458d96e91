"""Formulas: outlines with a size, what is not known is named, and no line of words touches them."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packets.assignment import ChoiceQuestion, TextPart
from packets.formulas import MOST_LETTERS, Unknown, fault_of, formula_of
from packets.markdown import inline
from packets.press import Stamp
from packets.typeset import Type, baselines, beyond, wrap
from packets.worksheet import draw_assignment
from tests.packets.week import assignment

SCHOOL = (
    "x^2", "a_n", "\\frac{1}{2}", "\\sqrt{x}", "\\sqrt[3]{x}", "\\sin\\alpha", "\\leq", "\\neq", "90^\\circ", "\\angle ABC", "\\triangle ABC", "\\pi r^2",
    "\\vec{a}", "\\overline{AB}", "\\left(\\frac{a}{b}\\right)^2", "\\sum_{i=1}^{n} i", "\\int_0^1 x dx", "3,5", "5\\ \\text{км/сағ}", "\\cdot", "\\times",
    "x \\le 5", "a \\ge b", "\\tg x", "\\ctg 2\\alpha", "\\arctg 1", "\\approx", "\\infty", "\\Delta t", "\\log_2 8", "\\lim_{x\\to 0} x", "\\in", "\\cup", "\\parallel", "\\perp", "\\%", "H_2SO_4",
)  # fmt: skip


@pytest.mark.parametrize("tex", SCHOOL)
def test_the_notation_of_school_is_known(tex: str) -> None:
    assert fault_of(tex) == ""
    found = formula_of(tex)
    assert found.width > 0.2
    assert found.outlines
    for outline in found.outlines:
        assert len(outline[0]) == 2
        assert {len(step) for step in outline[1:]} <= {0, 2, 6}


@pytest.mark.parametrize("tex", ["\\foo", "\\frac{1}", "x^{2", "}", "\\begin{matrix}1\\end{matrix}", "x" * (MOST_LETTERS + 1), "\\left("])
def test_what_is_not_known_is_named(tex: str) -> None:
    assert fault_of(tex)
    with pytest.raises(Unknown):
        formula_of(tex)


@pytest.mark.parametrize(
    "tex",
    [
        "\\text{a \\frac{1}{2} b}",
        "\\frac{\\text{жол \\alpha}}{2}",
        "x \\text {\\text{b}}",
        "\\text{x^2}",
        "\\text{a {\\cdot} b}",
        "1 + \\text{a \\frac{1}{2}",
    ],
)
def test_notation_among_words_within_a_formula_is_named_and_never_printed_letter_by_letter(tex: str) -> None:
    """Mathtext sets it as «a dfrac12 b»."""
    named = fault_of(tex)
    assert named.startswith("\\text") or named == tex


@pytest.mark.parametrize(
    "tex", ["\\text{5\\%}", "\\text{a_b}", "\\text{км/сағ}", "\\text{a\\}b}", "\\text{а} + \\frac{1}{2}", "\\textstyle x"]
)
def test_words_within_a_formula_stay_words(tex: str) -> None:
    assert fault_of(tex) == ("" if "style" not in tex else tex)


@settings(max_examples=60, deadline=None)
@given(st.text("x1+-=^_{}\\frac sqrt(),.$%&#~", max_size=20))
def test_no_notation_makes_it_raise_anything_else(tex: str) -> None:
    assert isinstance(fault_of(tex), str)


def test_figures_stand_upright_and_a_comma_within_a_number_takes_no_space() -> None:
    assert formula_of("3,5").width < formula_of("3{,}5").width + 0.01
    assert formula_of("x").outlines != formula_of("\\mathrm{x}").outlines
    assert formula_of("2").outlines == formula_of("\\mathrm{2}").outlines


def sizes(tex: str) -> list[float]:
    """How high each of the figures 1 to 3, which are one outline each, stands in a formula: 1 is the height of a figure on the line."""

    def height(outline: tuple[tuple[float, ...], ...]) -> float:
        ups = [step[-1] for step in outline if step]
        return max(ups) - min(ups)

    full = height(formula_of("1").outlines[0])
    return sorted(round(height(each) / full, 1) for each in formula_of(tex).outlines if height(each) > 0.2 * full)


@pytest.mark.parametrize(
    ("tex", "smallest"),
    [
        ("\\frac{1}{2}", 1.0),
        ("\\frac{\\frac{1}{2}}{3}", 1.0),
        ("\\frac{1\\frac{1}{2}}{\\frac{1}{3}}", 1.0),
        ("1\\frac{1}{2\\frac{1}{3\\frac{1}{2}}}", 1.0),
        ("{\\frac{1}{2}}", 1.0),
        ("\\sqrt{\\frac{1}{2}}", 1.0),
        ("\\left(\\frac{1}{2}\\right)^2", 0.7),
        ("2^{\\frac{1}{2}}", 0.7),
        ("1_{\\frac{1}{2}}", 0.7),
    ],
)
def test_a_fraction_within_a_fraction_a_root_or_an_exponent_is_no_smaller_than_what_stands_there(tex: str, smallest: float) -> None:
    found = [each for each in sizes(tex) if each <= 1.1]  # without brackets and the sign of a root
    assert found
    assert min(found) == smallest


def bars(tex: str) -> list[float]:
    """The lengths of the lines of fractions in a formula, in ems, from the top down."""
    found = []
    for outline in formula_of(tex).outlines:
        across, ups = ([step[place] for step in outline if step] for place in (-2, -1))
        if max(ups) - min(ups) < 0.1 < max(across) - min(across):
            found.append((-max(ups), max(across) - min(across)))
    return [length for _up, length in sorted(found)]


@pytest.mark.parametrize(
    ("tex", "longest"),
    [
        ("\\frac{\\frac{1}{2}}{3}", 1),
        ("\\frac{1}{\\frac{2}{3}}", 0),
        ("\\dfrac{1}{\\dfrac{2}{3}}", 0),
        ("\\frac{\\frac{1}{2}}{\\frac{3}{4}}", 1),
        ("\\frac { \\frac {1} {2} } {3}", 1),
        ("\\frac{1}{2\\frac{1}{2\\frac{1}{3}}}", 0),
    ],
)
def test_the_line_that_divides_all_is_plainly_longer_than_those_above_and_below_it(tex: str, longest: int) -> None:
    lengths = bars(tex)
    others = lengths[:longest] + lengths[longest + 1 :]
    assert others
    assert lengths[longest] > max(others) + 0.4


@pytest.mark.parametrize(
    "tex",
    ["\\frac12", "\\frac{1}2", "\\frac 1 2", "\\frac{1}{2", "\\frac", "{\\frac}", "\\frac{}{}", "\\frac{\\{1}{2}", "\\fraction{1}{2}"],
)
def test_fractions_without_braces_or_with_half_of_them_are_set_or_named_and_never_raise(tex: str) -> None:
    assert isinstance(fault_of(tex), str)


@given(
    st.lists(st.sampled_from(["сөз", "$x^2$", "$\\frac{1}{2}$", "$\\frac{\\sqrt{x}}{2}$", "**ә**"]), min_size=1, max_size=12),
    st.floats(30, 160),
)
@settings(deadline=None)
def test_lines_make_room_for_their_formulas(words: list[str], width: float) -> None:
    type_ = Type(11, 5.2)
    lines = wrap(inline(" ".join(words)), width, type_)
    places, height = baselines(lines, type_)
    reach = [beyond(line, type_) for line in lines]
    for (above, below), (upper, lower) in zip(pairwise(reach), pairwise(places), strict=True):
        assert lower - upper == pytest.approx(type_.leading + above[1] + below[0])
    assert height == pytest.approx(len(lines) * type_.leading + sum(map(sum, reach)))


def test_a_formula_can_be_stamped_too() -> None:
    stamp = Stamp()
    stamp.outlines(30.0, 40.0, 11, formula_of("x^2").outlines)
    words = stamp.content.split()
    assert (words.count(b"m"), words[-1]) == (len(formula_of("x^2").outlines), b"f")
    assert all(len(each) < 9 for each in words)


def test_formulas_are_outlines_in_the_pdf_and_the_same_each_time() -> None:
    pieces = (
        TextPart("Есепте $\\frac{a}{b}$ мәнін."),
        ChoiceQuestion("1", "$\\frac{1}{2}=?$", ("$\\frac{2}{4}$", "$0,4$"), ("A",), False, False, Decimal(1)),
    )
    drawn = draw_assignment(assignment("tex", pieces=pieces))
    assert drawn.pdf == draw_assignment(assignment("tex", pieces=pieces)).pdf
    document = pypdfium2.PdfDocument(drawn.pdf)
    words = document[0].get_textpage().get_text_range()
    document.close()
    assert "мәнін" in words
    assert "frac" not in words
    assert (
        drawn.layouts[0].print_digest
        != draw_assignment(assignment("tex", pieces=(pieces[0], *assignment("tex").parts[1:2]))).layouts[0].print_digest
    )
