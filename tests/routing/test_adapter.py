"""What stands between this program and PyVRP takes nothing away from it: the same search by both doors, and causes that are true."""

from __future__ import annotations

import pytest

from bench.judge_routes import cured
from bench.routing_limits import as_model, direct, length
from bench.x_instances import KINDS, Kind, instance
from routing.request import answer
from routing.solve import search
from tests.routing.test_closures import randomly_closed

SMALL = (
    Kind("central", 60, "C", "R", 0, (1, 10), 8.0),
    Kind("in a corner", 40, "E", "C", 2, (1, 100), 5.0),
    Kind("anywhere", 50, "R", "RC", 3, (50, 100), 4.0),
)


@pytest.mark.parametrize("kind", SMALL, ids=lambda kind: kind.name)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_adapter_finds_what_pyvrp_finds_alone(kind: Kind, seed: int) -> None:
    """Same iterations, neighbours and seed: not a metre of difference."""
    made = instance(kind, seed)
    model = as_model(made)
    assert length(made, search(model, model.calls, 60, seed, 0, required=True)) == direct(made, 60, seed)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_instances_are_of_their_kind(kind: Kind) -> None:
    """As many customers, no two at one point, demands in their range, and as many routes as the name says, give or take."""
    made = instance(kind, 1)
    assert len(set(made.points)) == kind.customers + 1 == len(made.demands) + 1
    assert min(made.demands) >= kind.demand[0]
    assert max(made.demands) <= kind.demand[1]
    assert sum(made.demands) / made.capacity == pytest.approx(int(kind.name.rpartition("k")[2]), abs=1)
    assert instance(kind, 1) == made != instance(kind, 2)


@pytest.mark.parametrize("seed", range(0, 24, 2))
def test_every_stated_cause_is_true_with_closures_too(seed: int) -> None:
    """Without it, and with vehicles enough, the village is served."""
    wanted = randomly_closed(seed)
    assert all(healed for _reason, healed in cured(wanted, answer(wanted, 1)))
