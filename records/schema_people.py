"""People: the one table of names, those that were forgotten, pupils and what was lent to them, and who teaches what.

settlements/ keeps them. Names stand in `person` alone; a seal is no name.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from records.schema_table import Code, Table


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
