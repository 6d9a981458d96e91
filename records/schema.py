"""Every table of a desk, on one screen. Migrations follow this file; no row leaves the function that opened the session.

Names of people stand in `person` and nowhere else; all other tables carry codes. Dates are the desk's own, without a zone.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Code = String(64)
Serial = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only in INTEGER


class Table(DeclarativeBase):
    """The base of all tables; names of constraints are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {dict[str, Any]: JSON, list[Any]: JSON, str: Text}


class Settlement(Table):  # references to offices, schools and KATO may dangle: `settlements check` tells
    __tablename__ = "settlement"
    kato: Mapped[str] = mapped_column(Code, primary_key=True)
    name_kk: Mapped[str]
    name_ru: Mapped[str]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    population: Mapped[int | None]
    office: Mapped[str] = mapped_column(default="")  # postal index; empty: the nearest office of the district
    mail_days: Mapped[str] = mapped_column(default="")  # mon,thu; empty: Monday to Saturday
    visits: Mapped[int] = mapped_column(default=1)  # a week
    priority: Mapped[int] = mapped_column(default=1)  # 1: served each week; 2 and more: its packets may wait


class KatoEdition(Table):  # editions of the classifier stand side by side; dates say which is in force
    __tablename__ = "kato_edition"
    edition: Mapped[str] = mapped_column(Code, primary_key=True)  # NK RK 11-2025
    since: Mapped[date]
    digest: Mapped[str]  # of its units
    loaded_at: Mapped[datetime]


class KatoUnit(Table):
    __tablename__ = "kato_unit"
    edition: Mapped[str] = mapped_column(ForeignKey("kato_edition.edition"), primary_key=True)
    kato: Mapped[str] = mapped_column(Code, primary_key=True)
    type_code: Mapped[str]
    name_kk: Mapped[str]
    name_ru: Mapped[str]


class KatoMove(Table):  # a code names another place since a day, or none
    __tablename__ = "kato_move"
    old: Mapped[str] = mapped_column(Code, primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    new: Mapped[str]
    source: Mapped[str]


class DistrictShape(Table):  # boundaries, for `settlements check` and its map
    __tablename__ = "district_shape"
    kato: Mapped[str] = mapped_column(Code, primary_key=True)
    name_kk: Mapped[str]
    name_ru: Mapped[str]
    geometry: Mapped[dict[str, Any]]  # GeoJSON Polygon or MultiPolygon, longitude first


class Office(Table):
    __tablename__ = "office"
    index: Mapped[str] = mapped_column(Code, primary_key=True)
    new_index: Mapped[str] = mapped_column(default="")
    name: Mapped[str]
    type_po: Mapped[str] = mapped_column(default="")
    kato: Mapped[str] = mapped_column(default="")
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    schedule: Mapped[str] = mapped_column(default="")


class Vehicle(Table):
    __tablename__ = "vehicle"
    office: Mapped[str] = mapped_column(Code, primary_key=True)
    vehicle: Mapped[str] = mapped_column(Code, primary_key=True)
    payload_kg: Mapped[float]
    day_minutes: Mapped[int | None]
    days: Mapped[str] = mapped_column(default="")
    speed: Mapped[float] = mapped_column(default=1.0)  # of the roads' own: 0.8 takes a quarter longer


class VehicleOutage(Table):  # a vehicle out of service; `until` included, none: until it is told to be back
    __tablename__ = "vehicle_outage"
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    office: Mapped[str] = mapped_column(Code)
    vehicle: Mapped[str] = mapped_column(Code)
    since: Mapped[date]
    until: Mapped[date | None]
    why: Mapped[str] = mapped_column(default="")
    noted_at: Mapped[datetime]


class ExistingStop(Table):  # what the post drives anyway, from its office through its stops in order
    __tablename__ = "existing_stop"
    office: Mapped[str] = mapped_column(Code, primary_key=True)
    route: Mapped[str] = mapped_column(Code, primary_key=True)
    order: Mapped[int] = mapped_column(primary_key=True)
    kato: Mapped[str] = mapped_column(Code)
    days: Mapped[str] = mapped_column(default="")  # on which the route calls here; empty: Monday to Saturday
    vehicle: Mapped[str] = mapped_column(default="")  # of the office; empty: any


class School(Table):
    __tablename__ = "school"
    school: Mapped[str] = mapped_column(Code, primary_key=True)
    name_kk: Mapped[str]
    name_ru: Mapped[str]
    kato: Mapped[str] = mapped_column(default="")
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    phone: Mapped[str] = mapped_column(default="")


class Person(Table):  # the one table of names; `role` is pupil or teacher
    __tablename__ = "person"
    code: Mapped[str] = mapped_column(Code, primary_key=True)
    role: Mapped[str] = mapped_column(Code, primary_key=True)
    last_name: Mapped[str] = mapped_column(default="")
    first_name: Mapped[str] = mapped_column(default="")
    parent: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")


class NamedFile(Table):  # which file carries whose name, noted before it is written: `pupils forget` deletes it
    __tablename__ = "named_file"
    path: Mapped[str] = mapped_column(primary_key=True)  # relative to home
    pupil: Mapped[str] = mapped_column(Code, primary_key=True, index=True)
    again: Mapped[str]  # the command that writes it anew, without `poshta`


class Forgotten(Table):  # pupils whose names are gone for good, also after a restore
    __tablename__ = "forgotten"
    pupil: Mapped[str] = mapped_column(Code, primary_key=True)
    forgotten_on: Mapped[date]


class ForgottenName(Table):  # seals by which a forgotten name is known again; nothing ties one to a code
    __tablename__ = "forgotten_name"
    seal: Mapped[str] = mapped_column(Code, primary_key=True)  # HMAC-SHA256 under the key
    key_id: Mapped[str]


class EarlierSeal(Table):  # seals of the names and villages that a list replaced: they become forgotten names when the pupil is forgotten
    __tablename__ = "earlier_seal"
    pupil: Mapped[str] = mapped_column(Code, primary_key=True)
    seal: Mapped[str] = mapped_column(Code, primary_key=True)  # as in forgotten_name
    key_id: Mapped[str]
    kato: Mapped[str] = mapped_column(Code)


class ListColumns(Table):  # which heading means which column, as somebody named it once for lists with those headings
    __tablename__ = "list_columns"
    kind: Mapped[str] = mapped_column(Code, primary_key=True)  # settlements, offices ...
    digest: Mapped[str] = mapped_column(Code, primary_key=True)  # of the headings
    columns: Mapped[dict[str, Any]]  # our name -> the heading, as it is compared
    remembered_on: Mapped[date]


class Pupil(Table):
    __tablename__ = "pupil"
    code: Mapped[str] = mapped_column(Code, primary_key=True)
    grade: Mapped[int]
    language: Mapped[str]
    kato: Mapped[str] = mapped_column(index=True)
    school: Mapped[str] = mapped_column(default="")
    print: Mapped[str] = mapped_column(default="normal")
    channels: Mapped[str] = mapped_column(default="post")
    left_on: Mapped[date | None]


class Loan(Table):  # a device lent to a pupil; back where returned_on is set
    __tablename__ = "loan"
    device: Mapped[str] = mapped_column(Code, primary_key=True)  # its inventory number
    lent_on: Mapped[date] = mapped_column(primary_key=True)
    pupil: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]  # computer, tablet, phone, radio ...
    returned_on: Mapped[date | None]


class Teaching(Table):  # who teaches what: one row for each subject, grade and language
    __tablename__ = "teaching"
    teacher: Mapped[str] = mapped_column(Code, primary_key=True)
    school: Mapped[str] = mapped_column(Code, primary_key=True)
    subject: Mapped[str] = mapped_column(Code, primary_key=True)
    grade: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(Code, primary_key=True)


class Assignment(Table):
    __tablename__ = "assignment"
    code: Mapped[str] = mapped_column(Code, primary_key=True)
    week: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str]
    grade: Mapped[int]
    language: Mapped[str]
    kind: Mapped[str]
    title: Mapped[str]
    definition: Mapped[dict[str, Any]]  # the whole assignment as packets.assignment writes it
    printed_digest: Mapped[str]  # of what a pupil sees: it may not change once printed
    key_digest: Mapped[str]  # of answers and points: a change re-scores
    scored_digest: Mapped[str] = mapped_column(default="")  # the key that recorded answers have been scored by
    former_points: Mapped[list[Any]] = mapped_column(default=list)  # of its questions, before each correction: paper out there shows them
    added_at: Mapped[datetime]


class DealtVariant(Table):  # which variant of an assignment a pupil got when it was first built: it stays, whoever comes or goes
    __tablename__ = "dealt_variant"
    assignment: Mapped[str] = mapped_column(ForeignKey("assignment.code"), primary_key=True)
    pupil: Mapped[str] = mapped_column(Code, primary_key=True)
    variant: Mapped[int]  # from 1


class Broadcast(Table):  # a lesson of a week's timetable of television, radio and platforms; replaced, never changed
    __tablename__ = "broadcast"
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    week: Mapped[str] = mapped_column(index=True)
    date: Mapped[date]
    time: Mapped[str]  # HH:MM
    medium: Mapped[str]  # tv, radio, web
    channel: Mapped[str]
    subject: Mapped[str]
    grade: Mapped[int]
    language: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    added_in: Mapped[int]  # edition of its week's timetable, from 1
    removed_in: Mapped[int | None]  # the edition that no longer has it


class Layout(Table):  # geometry and blank print of a page, shared by all its copies
    __tablename__ = "layout"
    digest: Mapped[str] = mapped_column(Code, primary_key=True)
    geometry: Mapped[dict[str, Any]]
    blank: Mapped[bytes] = mapped_column(LargeBinary)  # PNG, 8-bit grey, packets.layout.BLANK_DPI, without codes and personal words


class Packet(Table):
    __tablename__ = "packet"
    code: Mapped[str] = mapped_column(Code, primary_key=True)
    week: Mapped[str] = mapped_column(index=True)
    pupil: Mapped[str] = mapped_column(index=True)
    kato: Mapped[str] = mapped_column(index=True)
    school: Mapped[str] = mapped_column(default="")
    state: Mapped[str]  # records.lifecycle
    issue: Mapped[int] = mapped_column(default=1)  # counts rebuilds whose pages differ
    input_digest: Mapped[str]
    pdf: Mapped[str]  # relative to home, with /
    pdf_digest: Mapped[str]
    sheets: Mapped[int]
    grams: Mapped[int]
    return_by: Mapped[date]
    feedback_from: Mapped[int] = mapped_column(BigInteger, default=0)  # this cover tells of answer ids above this ...
    feedback_until: Mapped[int] = mapped_column(BigInteger, default=0)  # ... up to this
    awaited: Mapped[list[Any]] = mapped_column(default=list)  # pages of earlier weeks that had not come back (packets.awaited)
    timetable: Mapped[int] = mapped_column(default=0)  # edition of the week's timetable that this cover shows; 0: none
    built_at: Mapped[datetime]


class Page(Table):
    __tablename__ = "page"
    id: Mapped[str] = mapped_column(String(14), primary_key=True)  # 56 bits as hexadecimal
    short_code: Mapped[str] = mapped_column(String(16), unique=True)
    kind: Mapped[str]  # worksheet, cover, manifest, review
    week: Mapped[str] = mapped_column(index=True)
    packet: Mapped[str | None] = mapped_column(ForeignKey("packet.code"), index=True)
    pupil: Mapped[str | None] = mapped_column(index=True)
    assignment: Mapped[str | None] = mapped_column(ForeignKey("assignment.code"), index=True)
    route: Mapped[str | None]
    number: Mapped[int]  # of this page, from 1 ...
    of: Mapped[int]  # ... within its packet
    pdf: Mapped[str]
    pdf_page: Mapped[int]  # from 1
    layout: Mapped[str] = mapped_column(ForeignKey("layout.digest"))
    key_id: Mapped[str]
    void: Mapped[bool] = mapped_column(default=False)
    void_reason: Mapped[str] = mapped_column(default="")


class Plan(Table):
    __tablename__ = "plan"
    code: Mapped[str] = mapped_column(Code, primary_key=True)
    week: Mapped[str] = mapped_column(index=True)
    scope: Mapped[str]
    input_digest: Mapped[str]
    made_at: Mapped[datetime]
    current: Mapped[bool] = mapped_column(default=True)
    unplanned: Mapped[list[Any]]  # as routing.plan writes them


class Route(Table):
    __tablename__ = "route"
    code: Mapped[str] = mapped_column(Code, primary_key=True)
    plan: Mapped[str] = mapped_column(ForeignKey("plan.code"), index=True)
    office: Mapped[str]
    day: Mapped[str]
    date: Mapped[date]
    vehicle: Mapped[str]
    definition: Mapped[dict[str, Any]]  # the route with its stops, as routing.plan writes it
    manifest: Mapped[str] = mapped_column(default="")  # PDF, relative to home
    handed_over_at: Mapped[datetime | None]


class Manifest(Table):  # a route's sheets of paper, and their supplements; from the hand-over on it never changes
    __tablename__ = "manifest"
    code: Mapped[str] = mapped_column(Code, primary_key=True)  # the route's; a supplement's ends in -S1
    route: Mapped[str] = mapped_column(ForeignKey("route.code"), index=True)
    week: Mapped[str] = mapped_column(index=True)
    supplement: Mapped[int] = mapped_column(default=0)  # 0: the route's own
    definition: Mapped[dict[str, Any]]  # all that is printed on it, as routing.manifest writes it
    issue: Mapped[int] = mapped_column(default=1)  # counts sheets that were made anew before the hand-over
    pdf: Mapped[str]  # relative to home
    pdf_digest: Mapped[str]
    closed_at: Mapped[datetime | None]


class ManifestPacket(Table):  # which packets travel by a manifest, and with which stop's bag: a packet stands on one open manifest
    __tablename__ = "manifest_packet"
    __table_args__ = (Index("uq_manifest_packet_open", "packet", unique=True, sqlite_where=text("NOT released")),)
    manifest: Mapped[str] = mapped_column(ForeignKey("manifest.code"), primary_key=True)
    packet: Mapped[str] = mapped_column(ForeignKey("packet.code"), primary_key=True)
    stop: Mapped[int]  # its order on the route
    released: Mapped[bool] = mapped_column(default=False)  # it came back undelivered, and may stand on another


class RoadNote(Table):  # what a manifest or a person says of one field of a route; superseded, never updated
    __tablename__ = "road_note"
    __table_args__ = (Index("uq_road_note_current", "route", "item", unique=True, sqlite_where=text("superseded_by IS NULL")),)
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    route: Mapped[str] = mapped_column(ForeignKey("route.code"), index=True)
    item: Mapped[str]  # s3.outcome, s3.back, odometer.start ...
    value: Mapped[str]  # empty where it is blank or in doubt
    candidates: Mapped[list[Any]]
    state: Mapped[str]  # read, blank, doubt
    reason: Mapped[str]
    decided_by: Mapped[str]  # reader, person
    page: Mapped[str | None] = mapped_column(ForeignKey("page.id"))
    scan: Mapped[int | None] = mapped_column(ForeignKey("scan.id"))
    made_at: Mapped[datetime]
    why: Mapped[str] = mapped_column(default="")
    superseded_by: Mapped[int | None] = mapped_column(BigInteger)


class PostEvent(Table):  # what happened to a packet or to a bag (route and stop) on its way, with its evidence; withdrawn, never changed
    __tablename__ = "post_event"
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    digest: Mapped[str] = mapped_column(Code, index=True)  # of what is told: the same told twice is one event
    at: Mapped[datetime]
    kind: Mapped[str]  # records.events.Happening
    packet: Mapped[str | None] = mapped_column(index=True)
    route: Mapped[str | None] = mapped_column(index=True)
    stop: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="")  # nobody, road_closed, refused; of a post's event its own name
    source: Mapped[str]  # desk, manifest, person, post
    evidence: Mapped[dict[str, Any]]  # page and scan, file and row, office
    noted_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class PostalItem(Table):  # numbers that the post stuck on packets and bags: read or typed, never invented
    __tablename__ = "postal_item"
    number: Mapped[str] = mapped_column(Code, primary_key=True)  # S10
    packet: Mapped[str | None] = mapped_column(index=True)
    route: Mapped[str | None]
    stop: Mapped[int | None]
    noted_at: Mapped[datetime]


class Closure(Table):  # a road between two places, or a village as a whole where `end` is empty, on which nobody drives
    __tablename__ = "closure"
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    start: Mapped[str] = mapped_column(Code)  # a KATO or an office's index
    end: Mapped[str] = mapped_column(Code, default="")
    since: Mapped[date]
    until: Mapped[date | None]  # the last closed day; none: until it is opened
    one_way: Mapped[bool] = mapped_column(default=False)
    why: Mapped[str] = mapped_column(default="")
    noted_at: Mapped[datetime]


class RoadFactor(Table):  # how much longer than the great circle a district's roads are, by odometers of its own trips
    __tablename__ = "road_factor"
    district: Mapped[str] = mapped_column(Code, primary_key=True)
    metres_factor: Mapped[float]
    seconds_factor: Mapped[float]
    trips: Mapped[int]
    fitted_at: Mapped[datetime]


class Original(Table):
    __tablename__ = "original"
    digest: Mapped[str] = mapped_column(Code, primary_key=True)
    path: Mapped[str]  # relative to home
    bytes: Mapped[int] = mapped_column(BigInteger)
    frames: Mapped[int]
    first_seen: Mapped[datetime]


class Scan(Table):  # one sheet seen in one picture, with everything measured on it
    __tablename__ = "scan"
    __table_args__ = (Index("uq_scan_place", "original", "frame", "part", unique=True),)
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    original: Mapped[str] = mapped_column(ForeignKey("original.digest"))
    frame: Mapped[int]
    part: Mapped[int]
    state: Mapped[str]
    reason: Mapped[str]
    page: Mapped[str | None] = mapped_column(ForeignKey("page.id"), index=True)
    late: Mapped[bool]
    scanned_at: Mapped[datetime]
    ms: Mapped[int]
    error_mm: Mapped[float | None]
    measurements: Mapped[dict[str, Any]]  # transform, per-box ink, versions: enough to judge again without the paper


class FormSheet(Table):  # one sheet of a form that is not ours, as it was read: by picture, for no code of ours says whose it is
    __tablename__ = "form_sheet"
    __table_args__ = (Index("uq_form_sheet_place", "original", "frame", unique=True),)
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    original: Mapped[str] = mapped_column(ForeignKey("original.digest"))
    frame: Mapped[int]
    form: Mapped[str] = mapped_column(Code, index=True)  # its code
    form_digest: Mapped[str] = mapped_column(Code)  # of the boxes and the blank that it was read by
    form_page: Mapped[int]
    state: Mapped[str]
    reason: Mapped[str]
    answers: Mapped[
        list[Any]
    ]  # item, reading, candidates, state, reason: as scanning.form_results writes them; points follow the form's key
    error_mm: Mapped[float | None]
    scanned_at: Mapped[datetime]
    ms: Mapped[int]
    measurements: Mapped[dict[str, Any]]
    rules: Mapped[str | None] = mapped_column(Code)  # by which it was judged; none: before this column


class Answer(Table):  # superseded, never updated: the current row of (page, item) has superseded_by NULL
    __tablename__ = "answer"
    __table_args__ = (
        Index(
            "uq_answer_current",
            "page",
            "item",
            unique=True,
            sqlite_where=text(
                "superseded_by IS NULL"
            ),  # the migration says it to PostgreSQL; here that would load its dialect at every start
        ),
    )
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    page: Mapped[str] = mapped_column(ForeignKey("page.id"), index=True)
    item: Mapped[str]
    reading: Mapped[list[Any]]
    candidates: Mapped[list[Any]]
    state: Mapped[str]  # read, blank, doubt, waiting
    reason: Mapped[str]
    points: Mapped[str | None]  # a decimal as text: exact
    max_points: Mapped[str]
    decided_by: Mapped[str]  # reader, person, teacher_mark
    scan: Mapped[int | None] = mapped_column(ForeignKey("scan.id"))
    made_at: Mapped[datetime]
    why: Mapped[str] = mapped_column(default="")
    superseded_by: Mapped[int | None] = mapped_column(BigInteger)
    rules: Mapped[str | None] = mapped_column(Code)  # by which the reader took it; none: a person's word, or older than this column


class Audited(Table):  # an answer that was drawn for a person to confirm: each at most once in its life
    __tablename__ = "audited"
    page: Mapped[str] = mapped_column(ForeignKey("page.id"), primary_key=True)
    item: Mapped[str] = mapped_column(Code, primary_key=True)
    week: Mapped[str] = mapped_column(index=True)
    draw: Mapped[int]  # which draw, from 1
    answer: Mapped[int] = mapped_column(BigInteger)  # its row then: answers of a picture that was taken back are gone
    reading: Mapped[list[Any]]  # as the reader had accepted it
    drawn_at: Mapped[datetime]
    said: Mapped[list[Any] | None]  # by the person; null: waits
    wrong: Mapped[bool | None]  # whether that differs
    confirmed_at: Mapped[datetime | None]


class Comment(Table):  # words to a pupil on an answer or a page; superseded, never updated; gone when the pupil is forgotten
    __tablename__ = "comment"
    __table_args__ = (Index("uq_comment_current", "page", "item", unique=True, sqlite_where=text("superseded_by IS NULL")),)
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    page: Mapped[str] = mapped_column(ForeignKey("page.id"), index=True)
    item: Mapped[str] = mapped_column(Code)  # empty: the page as a whole
    words: Mapped[str]  # empty: taken back
    made_at: Mapped[datetime]
    superseded_by: Mapped[int | None] = mapped_column(BigInteger)
    told_in: Mapped[str | None] = mapped_column(ForeignKey("packet.code"), index=True)  # on whose cover it is printed


class ReviewItem(Table):  # which answer a row of boxes on a printed review sheet is about
    __tablename__ = "review_item"
    sheet: Mapped[str] = mapped_column(ForeignKey("page.id"), primary_key=True)
    item: Mapped[str] = mapped_column(Code, primary_key=True)  # on the sheet, from 1
    page: Mapped[str] = mapped_column(ForeignKey("page.id"), index=True)
    question: Mapped[str] = mapped_column(Code)
    answer: Mapped[int] = mapped_column(BigInteger)  # the record that the sheet shows


class Appeal(Table):  # somebody asks that an answer be looked at again; closed with what came of it, never deleted
    __tablename__ = "appeal"
    __table_args__ = (Index("uq_appeal_open", "page", "item", unique=True, sqlite_where=text("closed_at IS NULL")),)
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    page: Mapped[str] = mapped_column(ForeignKey("page.id"), index=True)
    item: Mapped[str]
    answer: Mapped[int | None] = mapped_column(BigInteger)  # its row when the appeal was opened; none: nothing was recorded
    opened_at: Mapped[datetime]
    why: Mapped[str]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(default="")  # changed, upheld, dismissed
    words: Mapped[str] = mapped_column(default="")  # the reason of the outcome
    record: Mapped[int | None] = mapped_column(BigInteger)  # the answer's row that stood when it was closed


class ClosedMark(Table):  # a quarter's mark as it was closed: superseded, never updated; later changes of points are told beside it
    __tablename__ = "closed_mark"
    __table_args__ = (
        Index(
            "uq_closed_mark_current",
            "pupil",
            "subject",
            "year",
            "quarter",
            unique=True,
            sqlite_where=text("superseded_by IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    pupil: Mapped[str] = mapped_column(Code)
    subject: Mapped[str] = mapped_column(Code)
    year: Mapped[int]  # in which the school year begins
    quarter: Mapped[int]
    school: Mapped[str]
    grade: Mapped[int]
    language: Mapped[str]
    state: Mapped[str]  # marked, not_marked
    reason: Mapped[str]
    exact: Mapped[str | None]  # the percent before rounding, a fraction as text
    percent: Mapped[int | None]
    mark: Mapped[int | None]
    formula: Mapped[str]
    zeroed: Mapped[int]  # questions of work that never came back and counted as 0
    answers_until: Mapped[int] = mapped_column(BigInteger)  # the newest answer then
    closing: Mapped[int]  # which closing wrote it, from 1
    closed_at: Mapped[datetime]
    why: Mapped[str] = mapped_column(default="")
    superseded_by: Mapped[int | None] = mapped_column(BigInteger)


class Rules(Table):  # the reader's thresholds, each set once: by which rules an answer was taken
    __tablename__ = "rules"
    digest: Mapped[str] = mapped_column(Code, primary_key=True)
    thresholds: Mapped[dict[str, Any]]  # all of them, by name
    since: Mapped[datetime]


class Batch(Table):  # one run of `scan`: what its pages together told of printer and scanner
    __tablename__ = "batch"
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    ended_at: Mapped[datetime]
    pages: Mapped[int]
    rules: Mapped[str] = mapped_column(Code)
    numbers: Mapped[dict[str, Any]]  # medians, for the batches to come
    alarms: Mapped[list[Any]]  # as scanning.alarms writes them: codes and numbers, pages by original, frame and part


class LastImport(
    Table
):  # what the last import changed, so that it can be taken back; earlier names stand in `person` under a role of their own
    __tablename__ = "last_import"
    list_table: Mapped[str] = mapped_column(Code, primary_key=True)
    act: Mapped[int] = mapped_column(BigInteger)
    added: Mapped[list[Any]]  # keys
    changed: Mapped[list[Any]]  # [key, the fields as they were]
    removed: Mapped[list[Any]]  # keys


class Act(Table):  # the journal: append-only; codes, never names
    __tablename__ = "act"
    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    action: Mapped[str]  # packets.build, scan.page, grades.amend ...
    subject: Mapped[str] = mapped_column(index=True)  # a code: packet, page, route, file digest
    details: Mapped[dict[str, Any]]
