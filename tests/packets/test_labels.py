"""Labels: an address that the post can deliver to, and nothing about a child beyond codes."""

from __future__ import annotations

from sqlalchemy import update

from records import schema
from records.home import Home
from tests.conftest import Poshta
from tests.packets.week import WEEK, texts


def test_labels_carry_addresses_and_codes_only(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    with home.database.write() as session:
        session.execute(update(schema.Person).where(schema.Person.code == "P1").values(address="Абай көшесі, 5"))
    said = poshta("packets", "labels", "--week", WEEK)
    assert (said.code, said.data["labels"]) == (0, 3)
    addresses, returns = ("\n".join(texts(home, file)) for file in said.data["files"])
    assert "Серік Болат" in addresses
    assert "Абай көшесі, 5" in addresses
    assert "P2" in addresses
    assert "Опорная школа" in returns
    for forbidden in ("Әсел", "Гүлнұр", "сынып", "класс", "Математика"):
        assert forbidden not in addresses + returns


def test_return_labels_without_any_address_are_told(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    with home.database.write() as session:
        session.query(schema.School).delete()
    said = poshta("packets", "labels", "--week", WEEK)
    assert (said.code, said.body["errors"][0]["code"]) == (3, "no_return_address")
