"""The networks of scanning/struck and scanning/meant as PyTorch learns them, and as ONNX keeps them. PyTorch and onnx are needed here only; see bench/learn_patches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from scanning.network import CELLS, DARKEST
from scanning.patches import Values

WIDTHS = (24, 36, 48, 64)  # of three layers that look, and of one that weighs
ORDINARY, AMONG_STRIKES, STRUCK_OUT, UNDONE, NOTHING = range(
    5
)  # answers on ordinary pages, answers on pages of strikes; what was struck out, taken back otherwise, or never written
ANSWERS = (ORDINARY, AMONG_STRIKES)
TEXTURES = ((16, 0.12, 0.25), (8, 0.12, 0.25), (4, 0.1, 0.2))  # spots a side of the patch, how dark at the most, and how often
SPECKS = 0.04  # share of a patch's cells at the most
FASTEST = 4e-3  # learning rate
SMOOTHING = 0.01  # of the labels: the network is never quite sure


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one network is taught. batch: circles of each kind in one step · rests: answers of ordinary pages more, paled to what a rubber may leave, and no answers then ·
    darker: times which a circle's ink is paler or darker · blur: how far it is blurred at the most, of a mean of nine cells.
    """

    batch: tuple[int, ...]
    rests: int
    darker: tuple[float, float]
    blur: float


STRUCK = Recipe((75, 85, 96), 0, (0.6, 1.2), 1.0)
MEANT = Recipe((84, 60, 56, 40, 16), 4, (0.88, 1.12), 0.5)  # how dark a circle is tells what a rubber left
LEFT = (0.05, 0.38)  # of an answer's ink that a rubber leaves, as in bench/learn_marks


@dataclass(frozen=True, slots=True)
class Examples:
    """Circles: coarse patches and the print there, (n, CELLS, CELLS) half floats, and of which kind each is."""

    patches: npt.NDArray[np.float16]
    prints: npt.NDArray[np.float16]
    kinds: npt.NDArray[np.intp]

    @classmethod
    def of(cls, patches: Sequence[Values], prints: Sequence[Values], kinds: Sequence[int]) -> Examples:
        """Examples from lists, empty ones too."""
        shape = (-1, CELLS, CELLS)
        return cls(
            np.asarray(patches, np.float16).reshape(shape), np.asarray(prints, np.float16).reshape(shape), np.asarray(kinds, np.intp)
        )

    @classmethod
    def all(cls, many: Sequence[Examples]) -> Examples:
        """All of them in one."""
        return cls(*(np.concatenate([getattr(each, name) for each in many]) for name in ("patches", "prints", "kinds")))


def network() -> Any:
    """The network, not yet learned: patch and print, (n, 2, CELLS, CELLS), to two numbers, the first for an answer."""
    from torch import nn

    first, second, third, last = WIDTHS
    return nn.Sequential(
        nn.Conv2d(2, first, 5, 2, 2), nn.ReLU(), nn.Conv2d(first, second, 3, 2, 1), nn.ReLU(), nn.Conv2d(second, third, 3, 1, 1), nn.ReLU(),
        nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(0.25), nn.Linear(third * 16, last), nn.ReLU(), nn.Linear(last, 2),
    )  # fmt: skip


def batch_of(recipe: Recipe) -> tuple[list[int], list[int], list[bool], list[bool]]:
    """What one step learns from: how many circles of which kinds; and of each circle, in that order, whether it is an answer, and whether it is paled to a rest."""
    sizes, kinds = [*recipe.batch, recipe.rests], [*range(len(recipe.batch)), ORDINARY]
    parts = [(kind in ANSWERS and part < len(recipe.batch), part == len(recipe.batch)) for part, kind in enumerate(kinds)]
    each = [told for size, told in zip(sizes, parts, strict=True) for _circle in range(size)]
    return sizes, kinds, [answer for answer, _rest in each], [rest for _answer, rest in each]


def learned(examples: Examples, steps: int, recipe: Recipe = STRUCK, seed: int = 1) -> Any:
    """The network after so many steps of AdamW, one cycle of the learning rate; every batch holds all kinds, each circle changed anew."""
    import torch

    torch.manual_seed(seed)
    rng, dice = np.random.default_rng(seed), torch.Generator().manual_seed(seed)
    sizes, kinds, answers, paled = batch_of(recipe)
    places = [np.flatnonzero(examples.kinds == kind) for kind in kinds]
    net = network()
    optimizer = torch.optim.AdamW(net.parameters(), lr=FASTEST, weight_decay=2e-3)
    pace = torch.optim.lr_scheduler.OneCycleLR(optimizer, FASTEST, total_steps=steps + 1)
    labels, rests = torch.tensor([int(not each) for each in answers]), torch.tensor(paled)
    net.train()
    for step in range(steps):
        chosen = np.concatenate([rng.choice(kind, size) for kind, size in zip(places, sizes, strict=True)])
        shown = torch.from_numpy(np.stack([examples.patches[chosen], examples.prints[chosen]], axis=1).astype(np.float32))
        loss = torch.nn.functional.cross_entropy(net(_changed(shown, rests, recipe, dice)), labels, label_smoothing=SMOOTHING)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        pace.step()
        if step % 500 == 0:
            print(f"step {step}: loss {loss.item():.4f}", flush=True)
    return net.eval()


def _changed(shown: Any, rests: Any, recipe: Recipe, dice: Any) -> Any:
    """The circles turned, moved, mirrored, blurred, paler or darker, on other paper, each in its own way: pens, papers and machines that neither simulator knows."""
    import torch
    from torch.nn import functional

    seen = functional.grid_sample(
        shown,
        functional.affine_grid(_moved(len(shown), dice), list(shown.shape), align_corners=False),
        padding_mode="border",
        align_corners=False,
    )
    ink, print_ = seen[:, :1], seen[:, 1:]
    soft = functional.avg_pool2d(functional.pad(ink, (1, 1, 1, 1), mode="replicate"), 3, 1)
    blur = _each(_between(0.0, recipe.blur, len(shown), dice) * _some(0.3, len(shown), dice))
    ink = ink * (1 - blur) + soft * blur
    paler = torch.maximum(ink * _each(_between(*LEFT, len(shown), dice)), torch.minimum(ink, print_))  # nothing rubs the print away
    ink = torch.where(_each(rests), paler, ink * _each(_between(*recipe.darker, len(shown), dice)))
    return torch.cat([_on_other_paper(ink, dice).clamp(0, DARKEST), print_], 1)


def _moved(count: int, dice: Any) -> Any:
    """Affine transforms, (count, 2, 3): turned by a quarter of a radian, and a little larger or smaller and aside, most of them; some mirrored."""
    import torch

    moved = _some(0.6, count, dice)
    turn, scale = _between(-0.25, 0.25, count, dice) * moved, 1 + _between(-0.08, 0.08, count, dice) * moved
    right, down = (_between(-0.06, 0.06, count, dice) * moved for _axis in range(2))
    across, along = 1 - 2 * _some(0.3, count, dice), 1 - 2 * _some(0.2, count, dice)
    cos, sin = torch.cos(turn) * scale, torch.sin(turn) * scale
    return torch.stack([torch.stack([cos * across, -sin * along, right], 1), torch.stack([sin * across, cos * along, down], 1)], 1)


def _on_other_paper(ink: Any, dice: Any) -> Any:
    """The ink with noise, with textures of three sizes and with specks, each on some of the circles: no paper that was learned from may be the only one known."""
    import torch
    from torch.nn import functional

    count, shape = len(ink), ink.shape
    ink = ink + _each(_between(0.0, 0.06, count, dice) * _some(0.4, count, dice)) * torch.randn(shape, generator=dice)
    for side, most, often in TEXTURES:
        spots = torch.randn(count, 1, side, side, generator=dice)
        spread = functional.interpolate(spots, size=(CELLS, CELLS), mode="bilinear", align_corners=False)
        ink = ink + _each(_between(0.0, most, count, dice) * _some(often, count, dice)) * spread
    share = _each(_between(0.0, SPECKS, count, dice) * _some(0.125, count, dice))
    specks = (
        (torch.rand(shape, generator=dice) < share).float() * torch.rand(shape, generator=dice) * _each(_between(0.2, 0.9, count, dice))
    )
    return torch.maximum(ink, 2 * functional.avg_pool2d(functional.pad(specks, (0, 1, 0, 1)), 2, 1))


def _between(low: float, high: float, count: int, dice: Any) -> Any:
    import torch

    return torch.rand(count, generator=dice) * (high - low) + low


def _some(share: float, count: int, dice: Any) -> Any:
    import torch

    return (torch.rand(count, generator=dice) < share).float()


def _each(values: Any) -> Any:
    return values[:, None, None, None]


def onnx_of(net: Any) -> bytes:
    """A learned network as an ONNX file, with the probabilities at its end; the same weights give the same bytes."""
    from onnx import TensorProto, checker, helper, numpy_helper

    weights, nodes, before = [], [], "patches"
    kinds = {"Conv2d": "Conv", "ReLU": "Relu", "MaxPool2d": "MaxPool", "Flatten": "Flatten", "Linear": "Gemm"}
    for number, layer in enumerate(each for each in net if type(each).__name__ in kinds):
        kind, after, own = type(layer).__name__, f"layer{number}", []
        for part in ("weight", "bias") if hasattr(layer, "weight") else ():
            own.append(f"{part}{number}")
            weights.append(numpy_helper.from_array(getattr(layer, part).detach().numpy().astype(np.float32), own[-1]))
        more: dict[str, Any] = {
            "Flatten": {"axis": 1},
            "Linear": {"transB": 1},
            "MaxPool2d": {"kernel_shape": [2, 2], "strides": [2, 2]},
        }.get(kind, {})
        if kind == "Conv2d":
            more = {"kernel_shape": list(layer.kernel_size), "strides": list(layer.stride), "pads": list(layer.padding) * 2}
        nodes.append(helper.make_node(kinds[kind], [before, *own], [after], **more))
        before = after
    nodes.append(helper.make_node("Softmax", [before], ["said"], axis=1))
    told = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        for name, shape in (("patches", ["n", 2, CELLS, CELLS]), ("said", ["n", 2]))
    ]
    model = helper.make_model(
        helper.make_graph(nodes, "struck", told[:1], told[1:], weights), opset_imports=[helper.make_opsetid("", 13)], ir_version=8
    )
    checker.check_model(model)
    content: bytes = model.SerializeToString()
    return content
