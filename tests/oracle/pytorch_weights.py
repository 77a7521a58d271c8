#!/usr/bin/env python3
"""Archives of weights as the authors' PyTorch version has them, and the scores that such a network gives.

The networks are written here from the description of that version (which parameters it has, their names and shapes, where its reset gate
acts), with torch.nn.GRUCell for the layers that are one; weights are random. make.sh writes the fixtures, --check compares them.
"""
import argparse
import json
import pathlib
import sys

import numpy as np
import torch

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "NextItem.Interchange.Tests" / "Fixtures" / "pytorch"
ITEMS = 13
SESSIONS = [[0], [3, 5], [12, 1, 1, 7], [4, 9, 2, 0, 11, 6, 3, 8]]
CASES = {
    "shared": dict(layers=[5]),
    "shared-2-layers": dict(layers=[6, 4]),
    "separate-2-layers": dict(layers=[4, 3], embedding=7),
    "one-hot": dict(layers=[5], one_hot="before"),
    "one-hot-older": dict(layers=[5], one_hot="after"),
}


class OneHotCell(torch.nn.Module):
    """The first layer without an embedding: a row an item, gates candidate, reset, update, z weighs the candidate."""

    def __init__(self, units, resets_before):
        super().__init__()
        self.resets_before = resets_before
        self.Wx0 = torch.nn.Embedding(ITEMS, 3 * units)
        if resets_before:
            self.Wrz0 = torch.nn.Parameter(torch.empty(units, 2 * units))
        self.Wh0 = torch.nn.Parameter(torch.empty(units, units if resets_before else 3 * units))
        self.Bh0 = torch.nn.Parameter(torch.empty(3 * units))

    def forward(self, item, h):
        units = h.shape[1]
        a = self.Wx0(item) + self.Bh0
        gates = a[:, units:] + (h @ self.Wrz0 if self.resets_before else (h @ self.Wh0)[:, units:])
        r, z = torch.sigmoid(gates[:, :units]), torch.sigmoid(gates[:, units:])
        recurrent = (r * h) @ self.Wh0 if self.resets_before else r * (h @ self.Wh0)[:, :units]
        return (1 - z) * h + z * torch.tanh(a[:, :units] + recurrent)


class Network(torch.nn.Module):
    def __init__(self, layers, embedding=0, one_hot=None):
        super().__init__()
        self.units = layers
        size = embedding or layers[-1]
        if one_hot:
            self.GE = OneHotCell(layers[0], one_hot == "before")
        elif embedding:
            self.E = torch.nn.Embedding(ITEMS, embedding)
        self.G = torch.nn.ModuleList([] if one_hot else [torch.nn.GRUCell(size if i == 0 else layers[i - 1], units) for i, units in enumerate(layers)])
        self.Wy = torch.nn.Embedding(ITEMS, layers[-1])
        self.By = torch.nn.Embedding(ITEMS, 1)

    def scores(self, session):
        states = [torch.zeros(1, units, dtype=torch.float64) for units in self.units]
        for item in session:
            item = torch.tensor([item])
            if hasattr(self, "GE"):
                states = [self.GE(item, states[0])]
                continue
            x = (self.E if hasattr(self, "E") else self.Wy)(item)
            for i, cell in enumerate(self.G):
                states[i] = x = cell(x, states[i])
        return (states[-1] @ self.Wy.weight.T + self.By.weight.T)[0]


def make(name, settings, seed):
    torch.manual_seed(seed)
    network = Network(**settings)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(torch.randn_like(parameter) * 0.8)
    item_ids = np.array([f"item-{i}" if i else "\u00e4 \U0001f600" for i in range(ITEMS)])
    arrays = {key: value.numpy() for key, value in network.state_dict().items()}
    scores = [network.double().scores(session).tolist() for session in SESSIONS]
    return dict(item_ids=item_ids, item_support=np.arange(ITEMS) + 100, **arrays), dict(sessions=SESSIONS, scores=scores)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--check", action="store_true", help="compare instead of writing; exit code 1 when they differ")
    check = arguments.parse_args().check
    different = False
    with torch.no_grad():
        for seed, (name, settings) in enumerate(CASES.items()):
            arrays, expected = make(name, settings, seed)
            archive, scores = FOLDER / f"{name}.npz", FOLDER / f"{name}.json"
            if check:
                there = np.load(archive)
                same = sorted(there.files) == sorted(arrays) and all(np.array_equal(there[key], arrays[key]) for key in arrays)
                same = same and np.allclose(json.loads(scores.read_text())["scores"], expected["scores"], rtol=2e-9, atol=2e-9)
                different = different or not same
                print(f"{name}: {'equal' if same else 'DIFFERENT'}")
            else:
                FOLDER.mkdir(parents=True, exist_ok=True)
                np.savez(archive, **arrays)
                scores.write_text(json.dumps(expected) + "\n")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
