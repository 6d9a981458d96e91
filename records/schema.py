"""Every table of a desk by one name, `schema.Packet`. Migrations follow these files; no row leaves the function that opened the session.

The tables stand by theme in `schema_places`, `schema_people`, `schema_printed`, `schema_road`, `schema_scanned`, `schema_scored` and `schema_desk`.
Names of people stand in `person` and nowhere else; all other tables carry codes. Dates are the desk's own, without a zone.

A flush writes rows in the order of their modules' and then their classes' names. A table stands in a module whose name comes after those of the tables it refers
to; within one module, and from `road_note` to `scan`, whoever writes both flushes between.
"""

from __future__ import annotations

from records.schema_desk import Act, LastImport, ListColumns
from records.schema_people import EarlierSeal, Forgotten, ForgottenName, Loan, NamedFile, Person, Pupil, Teaching
from records.schema_places import DistrictShape, KatoEdition, KatoMove, KatoUnit, Office, School, Settlement, Vehicle, VehicleOutage
from records.schema_printed import Assignment, Broadcast, DealtVariant, Layout, Packet, Page, ReviewItem
from records.schema_road import Closure, ExistingStop, Manifest, ManifestPacket, Plan, PostalItem, PostEvent, RoadFactor, RoadNote, Route
from records.schema_scanned import Batch, FormSheet, Original, Rules, Scan
from records.schema_scored import Answer, Appeal, Audited, ClosedMark, Comment
from records.schema_table import Table

__all__ = [
    "Act",
    "Answer",
    "Appeal",
    "Assignment",
    "Audited",
    "Batch",
    "Broadcast",
    "ClosedMark",
    "Closure",
    "Comment",
    "DealtVariant",
    "DistrictShape",
    "EarlierSeal",
    "ExistingStop",
    "Forgotten",
    "ForgottenName",
    "FormSheet",
    "KatoEdition",
    "KatoMove",
    "KatoUnit",
    "LastImport",
    "Layout",
    "ListColumns",
    "Loan",
    "Manifest",
    "ManifestPacket",
    "NamedFile",
    "Office",
    "Original",
    "Packet",
    "Page",
    "Person",
    "Plan",
    "PostEvent",
    "PostalItem",
    "Pupil",
    "ReviewItem",
    "RoadFactor",
    "RoadNote",
    "Route",
    "Rules",
    "Scan",
    "School",
    "Settlement",
    "Table",
    "Teaching",
    "Vehicle",
    "VehicleOutage",
]
