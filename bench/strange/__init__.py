"""A third collection of pens, papers and machines, by somebody who has not read the reader: what villages, district offices and their phones have.

It is drawn, read and judged by the machinery of bench/other_hands. Run `python -m bench.strange --condition open|withheld|NAME,... --pages N --seed S`.

A seeded shuffle parts the conditions by name into OPEN and WITHHELD: nothing is tuned to the withheld ones, and neither crops nor findings of them
are told.
"""
