"""A district's or region's figures as one HTML page that needs no net: tables, bars, silent villages. What may be told was decided by scanning/district_report.

scanning/district_commands writes it, once in each language. Nothing moves on it and nothing is loaded; it prints on A4 without colours.
"""

from __future__ import annotations

from datetime import date
from html import escape

from records.language import N_, long_date, page_language
from scanning.district_chart import as_svg, marks_chart, returns_chart
from scanning.district_tables import Grid, loads_grid, marks_grid, pages_grid, returns_grid
from scanning.district_words import Voice

STYLE = """
:root{color-scheme:light}
body{font:16px/1.45 system-ui,"Noto Sans",sans-serif;color:#111;background:#fff;margin:0 auto;max-width:60rem;padding:1.2rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:1.8rem 0 .5rem;border-bottom:1px solid #999}
.under{margin:.2rem 0 1rem;color:#333}
dl{display:flex;flex-wrap:wrap;gap:.8rem;margin:1rem 0}dl div{border:1px solid #777;border-radius:.4rem;padding:.5rem .9rem;flex:1 1 7.5rem}
dt{font-size:1.5rem;font-weight:700}dd{margin:0;font-size:.85rem}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.92rem}th,td{padding:.25rem .5rem;border-bottom:1px solid #bbb;text-align:right}
th:first-child,td:first-child{text-align:left}thead th{border-bottom:2px solid #111;vertical-align:bottom}tr.sum td{font-weight:700;border-top:2px solid #111}
tr.part td:first-child{padding-left:1.5rem}
svg{width:100%;height:auto;font-family:inherit}ul{margin:.3rem 0;padding-left:1.2rem}footer{margin-top:1.5rem;font-size:.85rem;color:#333}
@media print{body{font-size:10.5pt;max-width:none;padding:0}h2,svg{break-after:avoid}tr,svg,dl div{break-inside:avoid}}
"""


def page_of(voice: Voice, day: date) -> str:
    """The whole page in the voice's language; `day`: on which it was made."""
    report = voice.report
    parts = [
        f"<h1>{escape(voice.title)}</h1>",
        f'<p class="under">{escape(voice.whose)} · {escape(long_date(day, voice.language))}</p>',
        f"<dl>{''.join(f'<div><dt>{escape(figure)}</dt><dd>{escape(words)}</dd></div>' for figure, words in voice.headline())}</dl>",
        _section(voice.say(N_("Reached, and back")), as_svg(returns_chart(voice)), _table(returns_grid(voice))),
        _section(
            voice.say(N_("Marks by subject and grade")), as_svg(marks_chart(voice)) if report.marks else "", _table(marks_grid(voice))
        ),
        _section(
            voice.say(N_("Villages from which nothing came")), f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in voice.silent())}</ul>"
        ),
        _section(voice.say(N_("Work of the teachers")), _table(loads_grid(voice))),
        _section(voice.say(N_("Pages")), _table(pages_grid(voice))),
        f"<footer>{''.join(f'<p>{escape(note)}</p>' for note in voice.notes())}</footer>",
    ]
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(voice.title)} · {escape(voice.whose)}</title>'
    return f'<!doctype html><html lang="{page_language(voice.language)}"><head>{head}<style>{STYLE}</style></head><body>{"".join(parts)}</body></html>\n'


def _section(heading: str, *content: str) -> str:
    return f"<section><h2>{escape(heading)}</h2>{''.join(content)}</section>"


def _table(grid: Grid) -> str:
    head = "".join(f"<th>{escape(each)}</th>" for each in grid.headings)
    body = "".join(
        f"<tr{f' class={kind}' if kind else ''}>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>" for kind, cells in grid.rows
    )
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
