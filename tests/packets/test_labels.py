"""Labels: an address that the post can deliver to, and nothing about a child beyond codes."""

from __future__ import annotations

import pytest
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


def test_return_labels_carry_the_index_of_the_schools_own_place_though_it_is_no_village_on_the_list(home: Home, poshta: Poshta) -> None:
    poshta("packets", "build", "--week", WEEK)
    told = poshta("packets", "labels", "--week", WEEK)
    assert [error["code"] for error in told.body["errors"]] == ["no_postal_index"]
    town = "595010100"
    with home.database.write() as session:
        session.execute(update(schema.School).values(kato=town, lat=54.0, lon=69.0))
        session.add(schema.Office(index="150100", name="Айыртау, пошта", kato="595033100", lat=54.1, lon=69.2))
        session.add(schema.Office(index="150105", name="Саумалкөл, пошта", kato=town, lat=55.9, lon=70.0))
    said = poshta("packets", "labels", "--week", WEEK)
    assert (said.code, said.body["errors"]) == (0, [])
    returns = texts(home, said.data["files"][1])[0].splitlines()
    assert [line for line in returns if line.startswith("15")] == ["150105 Саумалкөл, пошта"] * 3
    assert "Тірек мектебі" in returns


def test_the_desks_own_return_address_stands_line_by_line(home: Home, poshta: Poshta, monkeypatch: pytest.MonkeyPatch) -> None:
    poshta("packets", "build", "--week", WEEK)
    monkeypatch.setenv("POSHTA_PACKETS__SENDER", "Аудандық білім бөлімі\nАбай көшесі, 1\n150100 Саумалкөл")
    said = poshta("packets", "labels", "--week", WEEK)
    assert (said.code, said.body["errors"]) == (0, [])
    returns = texts(home, said.data["files"][1])[0].splitlines()
    assert returns.count("Абай көшесі, 1") == returns.count("150100 Саумалкөл") == 3
