"""Tables stand in several files behind one name, in an order in which a flush can write them."""

import importlib
from pathlib import Path

from records import schema

WRITER_FLUSHES = {("road_note", "scan")}  # as the docstring of records/schema says


def test_every_table_of_every_file_has_its_name_in_the_schema() -> None:
    files = sorted(Path(schema.__file__).parent.glob("schema_*.py"))
    stand = {
        name
        for file in files
        for name, each in vars(importlib.import_module(f"records.{file.stem}")).items()
        if isinstance(each, type) and issubclass(each, schema.Table)
    }
    assert stand == set(schema.__all__)
    assert len(schema.Table.metadata.tables) == len(stand) - 1


def test_a_table_stands_in_a_file_written_after_those_it_refers_to() -> None:
    """A flush goes by the names of modules, then of classes."""
    file_of = {each.__tablename__: each.__module__ for each in vars(schema).values() if hasattr(each, "__tablename__")}
    refers = {
        (table.name, key.column.table.name)
        for table in schema.Table.metadata.tables.values()
        for key in table.foreign_keys
        if file_of[table.name] < file_of[key.column.table.name]
    }
    assert refers == WRITER_FLUSHES
