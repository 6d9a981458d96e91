"""`poshta scan audit`: a share of the accepted answers is drawn for a person to confirm; the sum bounds the reader's error. Results are returned, not printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from packets.token import short_code
from records.calendar import StudyWeek
from records.desk import GroupWithDefault, desk_of
from records.errors import Complaint, ExitCode, PoshtaError, UsageRefused
from records.exchange import Scalar, Table
from records.language import _, ngettext
from records.terminal import Answer, Sheet, progress
from scanning.audit import Drawn, Sum, Word, confirm, draw, sums, waiting
from scanning.audit_files import clear_away, cut_out, write_pages
from scanning.audit_sheet import read_list
from scanning.printed_letters import as_printed, exchanged
from scanning.rescore import rescore

SHARE, SEED = 0.02, 1
MOST_ROWS = 200  # that are listed on a screen; --json tells all


class AuditGroup(GroupWithDefault):
    """`poshta scan audit` draws and lists; its words are `confirm` and `import`."""

    default = "OPTIONS"


def register_audit(scan: typer.Typer) -> None:
    """Hang these commands on `poshta scan`."""
    group = typer.Typer(
        cls=AuditGroup,
        no_args_is_help=True,
        help="Draw a share of the accepted answers for a person to confirm, and tell what is known of the reader's errors.",
    )
    group.command(AuditGroup.default)(audit)
    group.command("confirm")(confirm_)
    group.command("import")(import_)
    scan.add_typer(group, name="audit")


def audit(
    context: typer.Context,
    week: Annotated[str, typer.Option(help="Draw from this study week, as in 2026-W41; without it, only tell.")] = "",
    share: Annotated[float | None, typer.Option(help=f"Of the accepted answers, {SHARE} unless told.", show_default=False)] = None,
    seed: Annotated[int | None, typer.Option(min=0, help=f"Another seed, other answers; {SEED} unless told.", show_default=False)] = None,
) -> Answer:
    """Draw a share of the accepted answers for a person to confirm, and tell what is known of the reader's errors."""
    name = str(StudyWeek.parse(week)) if week else ""
    part = _share(name, share, seed)
    desk = desk_of(context)
    with desk.opened() as home:
        rescore(home.database)
        new, accepted = 0, 0
        if name:
            with home.database.write() as session:
                new, accepted = draw(session, name, part, SEED if seed is None else seed)
        with home.database.read() as session:
            left, known = waiting(session, name), sums(session)
            seen = [as_printed(session, each.page, each.item, each.reading) for each in left[:MOST_ROWS]]
        with progress(_("Cutting out"), len(left), desk.quiet or desk.as_json) as tick:
            crops = cut_out(home, left, tick)
        pages = write_pages(home, left, crops)
        clear_away(home)
    data: dict[str, object] = {"week": name or None, "drawn": new, "accepted": accepted}
    data["answers"] = [_drawn_json(each, crop) for each, crop in zip(left, crops, strict=True)]
    data |= {"weeks": [each.as_json() for each in known[:-1]], "total": known[-1].as_json()}
    data["files"] = [*pages, *(crop for crop in crops if crop)]
    lines = [*_drawn_lines(name, new, accepted, part), *bound_lines(known[-1])]
    lines += [_("Look at the answers in a browser: {file}").format(file=(desk.home / file).resolve()) for file in pages]
    return Answer(data, lines, _sheets(left, seen, crops, known), waiting=bool(left))


def confirm_(
    context: typer.Context,
    page: Annotated[str, typer.Argument(metavar="PAGE", help="The page's id, or the short code beside its QR code.")],
    item: Annotated[str, typer.Argument(metavar="ITEM", help="The question's number.")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help='What you see: A, or A,C, or 84, or "" for blank.')],
) -> Answer:
    """Say what stands at a drawn answer. The answer changes only where that differs."""
    with desk_of(context).opened() as home:
        rescore(home.database)
        with home.database.write() as session:
            word = confirm(session, page, item, value)
        with home.database.read() as session:
            total = sums(session)[-1]
        after = word.amended.after
        clear_away(home)
    data: dict[str, object] = {"page": after.page, "short_code": word.amended.short_code, "item": after.item}
    data |= {"reading": list(word.reading), "said": list(word.said), "wrong": word.wrong, "noted": word.noted, "changed": word.changed}
    data |= {"stands": list(word.stands.reading) if word.stands else None, "total": total.as_json()}
    return Answer(data, [_word_line(word), *bound_lines(total)], waiting=word.stands is not None)


def import_(
    context: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE", help="The list that the page of drawn answers saved.")]
) -> Answer:
    """Take in what a person saw at many drawn answers: good rows are kept, each bad one is told."""
    words: list[Word] = []
    refused: list[Complaint] = []
    with desk_of(context).opened() as home:
        lines, silent = read_list(file)
        rescore(home.database)
        with home.database.write() as session:
            for line in lines:
                try:
                    words.append(confirm(session, line.page, line.item, line.value))
                except PoshtaError as failure:
                    told = f"{line.page} {line.item} {line.value}".strip()
                    refused.append(Complaint(failure.code, failure.message, failure.hint, file.name, row=line.row, value=told))
        with home.database.read() as session:
            total = sums(session)[-1]
        clear_away(home)
    data: dict[str, object] = {"rows": len(lines) + silent, "noted": sum(word.noted for word in words), "empty": silent}
    data |= {"wrong": sum(word.wrong for word in words), "changed": sum(word.changed for word in words), "refused": len(refused)}
    data |= {"stands": [_stands_json(word) for word in words if word.stands], "total": total.as_json()}
    said = ngettext("{count} word was noted.", "{count} words were noted.", len(words)).format(count=len(words))
    stand = [_word_line(word) for word in words if word.stands]
    code = ExitCode.REFUSED if refused and not words else ExitCode.DONE
    return Answer(data, [said, *stand, *bound_lines(total)], complaints=refused, waiting=bool(refused or stand), exit_code=code)


def bound_lines(total: Sum) -> list[str]:
    """What is known of the reader's errors, in a sentence; none where nobody has confirmed anything."""
    if total.upper is None:
        return []
    first = ngettext(
        "A person has confirmed {count} drawn answer so far.", "A person has confirmed {count} drawn answers so far.", total.audited
    )
    found = ngettext("{errors} was read wrongly.", "{errors} were read wrongly.", total.errors)
    bound = _("So at most {upper} % of the accepted answers are wrong, with 95 % confidence.").format(upper=percent(total.upper))
    return [f"{first.format(count=total.audited)} {found.format(errors=total.errors)} {bound}"]


def audit_table(session: Session) -> Table:
    """What is known of the reader's errors as a table of an export: a row for each week, and one for all."""
    rows: list[list[Scalar]] = [[each.week or "all", each.drawn, each.audited, each.errors, each.upper] for each in sums(session)]
    return Table("audit", ["week", "drawn", "audited", "errors", "upper"], rows)


def percent(share: float) -> str:
    """A share as percent, never rounded down, in three digits."""
    from decimal import ROUND_CEILING, Context

    return f"{Context(prec=3, rounding=ROUND_CEILING).create_decimal_from_float(100 * share):f}"


def _share(week: str, share: float | None, seed: int | None) -> float:
    if not week and (share is not None or seed is not None):
        raise UsageRefused(_("--share and --seed mean nothing without --week."), _("Name the study week to draw from."))
    part = SHARE if share is None else share
    if not 0 < part <= 1:
        raise UsageRefused(_("«{value}» is no share of the answers.").format(value=part), _("Give a number above 0 and up to 1, as 0.02."))
    return part


def _stands_json(word: Word) -> dict[str, object]:
    after = word.amended.after
    return {"page": after.page, "item": after.item, "said": list(word.said), "stands": list(word.stands.reading) if word.stands else []}


def _drawn_json(each: Drawn, crop: str) -> dict[str, object]:
    told: dict[str, object] = {"week": each.week, "page": each.page, "short_code": short_code(each.page), "assignment": each.assignment}
    return told | {"item": each.item, "reading": list(each.reading), "crop": crop or None}


def _drawn_lines(week: str, new: int, accepted: int, share: float) -> Iterable[str]:
    if not week:
        return
    text = ngettext("{new} answer of {accepted} accepted ones was drawn.", "{new} answers of {accepted} accepted ones were drawn.", new)
    yield text.format(new=new, accepted=accepted)
    if accepted and not new:
        yield _("With a share of {share} none fell to it that was not drawn before; a larger --share draws more.").format(share=share)


def _word_line(word: Word) -> str:
    said = _on_paper(word, word.said)
    if word.stands is not None:
        stands = _on_paper(word, word.stands.reading)
        return _("Noted: «{said}». A person has decided «{stands}» since; that stays.").format(said=said, stands=stands)
    if not word.noted and not word.changed:
        return _("That is what is noted already; nothing was changed.")
    if word.wrong:
        return _("Noted: «{said}», where the reader had «{reading}».").format(said=said, reading=_on_paper(word, word.reading))
    return _("Noted: the reader was right, «{said}».").format(said=said)


def _on_paper(word: Word, values: Sequence[str]) -> str:
    """An answer in the letters that stand on the sheet."""
    return ",".join(exchanged(values, word.letters))


def _sheets(left: Sequence[Drawn], seen: Sequence[Sequence[str]], crops: Sequence[str], known: Sequence[Sum]) -> list[Sheet]:
    """What waits, with the answers `seen` on paper, and what is known of the reader's errors."""
    headings = (_("Page"), _("Assignment"), _("Question"), _("Answer"), _("Picture"))
    rows = [
        (each.short_code, each.assignment or "", each.item, ",".join(reading), crop)
        for each, reading, crop in zip(left, seen, crops, strict=False)
    ]
    found = [Sheet(_("For a person to confirm"), headings, rows)] if rows else []
    if known[:-1]:
        heads = (_("Week"), _("Drawn"), _("Confirmed"), _("Read wrongly"), _("At most, %"))
        told = [(each.week or _("all weeks"), each.drawn, each.audited, each.errors, _upper(each)) for each in known]
        found.append(Sheet(_("The reader's errors"), heads, told))
    return found


def _upper(each: Sum) -> str:
    return "" if each.upper is None else percent(each.upper)
