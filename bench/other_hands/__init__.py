"""A second simulator of pens, paper, printers, scanners and cameras, and a judge: made by a stranger to the reader and to the rehearsal.

It works from PDFs and from the millimetres of the contract only. The one call into the reader is `scanning.page.read_page`.
Run `python -m bench.other_hands --condition NAME|all --pages N --seed S`.

The conditions `withheld_pen` and `withheld_paper` are opened once, at the end: nobody tunes anything to them, and neither crops nor
findings of them are told.
"""
