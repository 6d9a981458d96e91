"""The shapes assert for the tests of this folder: pytest tells what they found."""

import pytest

pytest.register_assert_rewrite("tests.contract.shapes")
