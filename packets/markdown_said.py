"""What is said of Markdown that cannot be printed, and what to do instead, by the features that packets/markdown finds. packets/fields says it."""

from __future__ import annotations

from records.language import N_

FEATURES = {
    "table": N_("A table cannot stand here."),
    "image": N_("A picture cannot stand here like this."),
    "lost_cell": N_("A row of the table has more cells than its head."),
    "wide_formula": N_("A formula is too wide for the sheet."),
    "high_formula": N_("A formula is too high for the sheet."),
    "stray_formula": N_("Notation of formulas stands outside of dollar signs, or a digit stands behind the closing one."),
    "heading": N_("Headings cannot be printed yet."),
    "link": N_("Links cannot be printed."),
    "formula": N_("A formula between dollar signs holds what cannot be set."),
    "html": N_("HTML tags cannot be printed."),
    "code": N_("Backticks, and lines that begin with four spaces, cannot be printed."),
    "quotation": N_("Quotations with > cannot be printed yet."),
    "rule": N_("A line across the page cannot be printed yet."),
    "strike": N_("Struck-out text cannot be printed."),
    "nested": N_("A list within a list cannot be printed yet."),
    "starred_digits": N_("Stars beside a digit would vanish: Markdown takes them for italics."),
    "empty_item": N_("An item of the list is empty."),
}
REMEDIES = {
    "table": N_("Put it into a text of its own, outside of questions and lists («text:» in a text file)."),
    "image": N_('Put it into a part that begins with «text:», as a paragraph of its own: ![what it shows](file.png "80 mm").'),
    "lost_cell": N_("Give the head as many cells, or write \\| for an upright line in words."),
    "wide_formula": N_("Part it into two formulas."),
    "high_formula": N_("Part it into two formulas."),
    "stray_formula": N_("Write $\\frac{1}{2}$, with the digit inside; for a plain dollar sign write \\$."),
    "heading": N_("Write it in bold, on a paragraph of its own: **Heading**."),
    "link": N_("A sheet of paper cannot be clicked: write the address as it is, without brackets."),
    "formula": N_(
        "Known are \\frac, \\sqrt, powers, indices, Greek letters and the signs of school mathematics; \\text{...} holds words only; for a plain dollar sign write \\$."
    ),
    "html": N_("Put spaces on both sides of < and >, or use ** for bold and * for italics."),
    "code": N_("Delete the backticks, or the spaces at the beginning of the line."),
    "rule": N_("Leave the line out; an empty line separates paragraphs."),
    "nested": N_("Make one list of it."),
    "starred_digits": N_("Write × for multiplication, or \\* for a star."),
    "empty_item": N_("Write its words, or delete the dash."),
}
