"""The page on which a person looks at drawn answers one after the other, and the list that it saves: no server, no net, no reading shown that could lead him.

scanning/audit_command writes the page beside the pictures and reads the list.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from records.errors import InputRefused
from records.exchange import read_sheets
from records.language import _, current_language
from scanning.audit import Drawn

HEADINGS = ("page", "item", "value")
NOT_ANSWERED = "-"  # an empty cell means that nobody has looked

STYLE = """
body{font:17px system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:1rem;color:#111;background:#fff}
section{border-top:1px solid #999;padding:1rem 0}
img{display:block;max-width:100%;max-height:70vh;border:1px solid #ccc;margin:.5rem 0}
input{font:inherit;width:12rem;padding:.3rem}
input:focus,button:focus{outline:3px solid #06c}
footer{position:sticky;bottom:0;background:#fff;border-top:2px solid #111;padding:.6rem 0}
button{font:inherit;padding:.4rem 1rem}
@media print{footer{display:none}section{break-inside:avoid}}
"""

SCRIPT = """
const fields=[...document.querySelectorAll('input')],count=document.querySelector('output');
let saved=true;
const said=()=>fields.filter(each=>each.value.trim());
const cell=text=>'"'+text.replace(/"/g,'""')+'"';
fields.forEach((field,place)=>{
  field.addEventListener('input',()=>{saved=false;count.value=said().length+' / '+fields.length});
  field.addEventListener('keydown',key=>{if(key.key==='Enter'){(fields[place+1]||document.querySelector('button')).focus();key.preventDefault()}});
});
document.querySelector('button').addEventListener('click',()=>{
  const rows=[HEADINGS,...said().map(each=>[each.dataset.page,each.dataset.item,each.value.trim()])];
  const text='\\ufeff'+rows.map(row=>row.map(cell).join(';')+'\\r\\n').join('');
  const link=document.createElement('a');
  link.href=URL.createObjectURL(new Blob([text],{type:'text/csv'}));
  link.download=NAME;link.click();saved=true;
});
addEventListener('beforeunload',event=>{if(!saved)event.preventDefault()});
if(fields.length)fields[0].focus();
"""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a saved list: its number as a spreadsheet shows it, and what a person saw ("" for not answered)."""

    row: int
    page: str
    item: str
    value: str


def page_of(week: str, drawn: Sequence[tuple[Drawn, str]]) -> str:
    """The page in HTML; each answer with the name of its picture beside the page. What the reader read is not on it."""
    title = escape(_("Answers of {week} to look at").format(week=week))
    how = escape(
        _(
            "Type what is marked: a letter, letters with commas, a number; - where nothing is marked. Enter goes on. Leave empty what you cannot tell."
        )
    )
    then = escape(_("Save the list, then: {command}").format(command=f"poshta scan audit import audit-{week}.csv"))
    script = SCRIPT.replace("HEADINGS", json.dumps(HEADINGS)).replace("NAME", json.dumps(f"audit-{week}.csv"))
    sections = "".join(_section(number, each, picture) for number, (each, picture) in enumerate(drawn, start=1))
    foot = f"<footer><button>{escape(_('Save the list'))}</button> <output>0 / {len(drawn)}</output><p>{then}</p></footer>"
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title><style>{STYLE}</style>'
    body = f"<h1>{title}</h1><p>{how}</p>{sections}{foot}<script>{script}</script>"
    return f'<!doctype html><html lang="{current_language()}"><head>{head}</head><body>{body}</body></html>\n'


def read_list(path: Path) -> tuple[list[Line], int]:
    """The rows of a saved list that say something, and how many say nothing; CSV or XLSX. Raises InputRefused where the headings are others."""
    lines: list[Line] = []
    silent = 0
    for sheet in read_sheets(path):
        if not sheet.rows:
            continue
        columns = [cell.strip().lower() for cell in sheet.rows[0][1]]
        if not set(HEADINGS) <= set(columns):
            text = _("{file} is no list of confirmed answers: its first row must name {headings}.")
            raise InputRefused(
                text.format(file=path.name, headings=", ".join(HEADINGS)), _("Save the list from the page of `poshta scan audit`.")
            )
        page, item, value = (columns.index(heading) for heading in HEADINGS)
        for number, cells in sheet.rows[1:]:
            padded = [*cells, *[""] * len(columns)]
            if padded[value]:
                lines.append(Line(number, padded[page], padded[item], "" if padded[value] == NOT_ANSWERED else padded[value]))
            else:
                silent += 1
    return lines, silent


def _section(number: int, each: Drawn, picture: str) -> str:
    label = escape(_("Question {item}, page {page}").format(item=each.item, page=each.short_code))
    field = f'<input id="f{number}" data-page="{escape(each.page)}" data-item="{escape(each.item)}" autocomplete="off">'
    return f'<section><label for="f{number}">{number}. {label}</label><img src="{escape(picture)}" alt="" loading="lazy">{field}</section>'
