"""Every failure has its exit code, survives the way out of a worker process, and stands in docs/contract.md."""

import pickle
import re
from pathlib import Path

import pytest

from records import errors
from records.errors import Complaint, ExitCode, InputRefused, PoshtaError

CONTRACT = (Path(__file__).parents[2] / "docs" / "contract.md").read_text(encoding="utf-8")
FAMILY = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, PoshtaError)]


def test_the_contract_page_lists_exactly_the_exit_codes_of_the_program() -> None:
    listed = re.findall(r"^\| (\d+) \| ([A-Z_]+) \|", CONTRACT, flags=re.MULTILINE)
    assert listed == [(str(code.value), code.name) for code in ExitCode]


def test_every_exit_code_but_done_and_waiting_belongs_to_exactly_one_error() -> None:
    assert sorted(kind.exit_code for kind in FAMILY) == sorted(set(ExitCode) - {ExitCode.DONE, ExitCode.WAITING})


def test_machine_readable_codes_are_distinct() -> None:
    assert len({kind.code for kind in FAMILY}) == len(FAMILY)


@pytest.mark.parametrize("kind", FAMILY)
def test_an_error_crosses_a_process_border_with_all_it_says(kind: type[PoshtaError]) -> None:
    sent = kind("sentence", "hint", (Complaint("c", "t", row=3),), code="special")
    back = pickle.loads(pickle.dumps(sent))
    assert (type(back), back.message, back.hint, back.complaints, back.code) == (kind, "sentence", "hint", sent.complaints, "special")


def test_a_complaint_leaves_empty_fields_out_and_keeps_row_zero() -> None:
    assert Complaint("c", "t").as_json() == {"code": "c", "text": "t"}
    assert Complaint("c", "t", row=0, value="x").as_json() == {"code": "c", "text": "t", "row": 0, "value": "x"}


def test_the_message_is_what_str_says() -> None:
    assert str(InputRefused("no such village")) == "no such village"
