#!/usr/bin/env python3
"""Mini-batches/s of a GRU4Rec training step as it is written in a general framework: eager PyTorch.

The same network, sizes and options as the benchmark's published cases (benchmarks/NextItem.Benchmarks/TrainingCases.cs), written
from the formulas of docs/derivations: shared embedding, 2,048 additional samples, cross-entropy with logQ or bpr-max with elu,
dropout carried with the state, Adagrad with momentum on the rows that a step touches, each row once. Dense parts use PyTorch's
own operations; what is sparse uses its index operations on the touched rows alone, so that no step's time grows with the
catalogue. Items are drawn with the benchmark's popularity (Zipf, 0.9): input and target rows are touched as unevenly.

Prints one line a case and number of threads; with --against, the benchmark's table of the same cases, their ratio too.
"""
import argparse
import ctypes
import sys
import time

import torch
import torch.nn.functional as F

ITEMS, ZIPF, SAMPLES, SAMPLE_ALPHA, EPSILON = 30_000, 0.9, 2_048, 0.5, 1e-6

CASES = {
    "cross-entropy, 100 units, batch 32": dict(loss="ce", units=100, lanes=32, embed=0.0, hidden=0.4, momentum=0.2, rate=0.2, steps=400),
    "bpr-max, 100 units, batch 32": dict(loss="bpr-max", units=100, lanes=32, embed=0.0, hidden=0.4, momentum=0.2, rate=0.1, steps=400, reg=1.0, alpha=1.0),
    "cross-entropy, 224 units, batch 80": dict(loss="ce", units=224, lanes=80, embed=0.5, hidden=0.05, momentum=0.4, rate=0.05, steps=150),
    "bpr-max, 224 units, batch 80": dict(loss="bpr-max", units=224, lanes=80, embed=0.5, hidden=0.05, momentum=0.4, rate=0.05, steps=150, reg=1.95, alpha=1.0),
    "cross-entropy, 512 units, batch 240": dict(loss="ce", units=512, lanes=240, embed=0.45, hidden=0.0, momentum=0.0, rate=0.065, steps=40),
}


class Network:
    """Parameters and Adagrad's state. Gates stand in the order candidate, reset, update."""

    def __init__(self, units):
        bound = (6 / (ITEMS + units)) ** 0.5
        self.items = torch.empty(ITEMS, units).uniform_(-bound, bound)
        self.bias = torch.zeros(ITEMS, 1)
        glorot = (6 / (2 * units)) ** 0.5
        self.inputs = torch.empty(units, 3 * units).uniform_(-glorot, glorot).requires_grad_()
        self.recurrent_gates = torch.empty(units, 2 * units).uniform_(-glorot, glorot).requires_grad_()
        self.recurrent_candidate = torch.empty(units, units).uniform_(-glorot, glorot).requires_grad_()
        self.gate_bias = torch.zeros(3 * units, requires_grad=True)
        self.dense = [self.inputs, self.recurrent_gates, self.recurrent_candidate, self.gate_bias]
        self.sums = {id(p): torch.zeros_like(p) for p in [self.items, self.bias, *self.dense]}
        self.velocities = {id(p): torch.zeros_like(p) for p in [self.items, self.bias, *self.dense]}


def gru(network, x, before):
    """h = (1 - z) h_before + z tanh(a + (r h_before) W): the reset gate acts before the product."""
    units = before.shape[1]
    from_input = torch.addmm(network.gate_bias, x, network.inputs)
    gates = torch.sigmoid(from_input[:, units:] + before @ network.recurrent_gates)
    reset, update = gates[:, :units], gates[:, units:]
    candidate = torch.tanh(from_input[:, :units] + (reset * before) @ network.recurrent_candidate)
    return before + update * (candidate - before)


def cross_entropy(scores, log_q):
    """Softmax over all columns, corrected for how often a column's item stands among them; the target is on the diagonal."""
    lanes = scores.shape[0]
    return F.cross_entropy(scores - log_q, torch.arange(lanes), reduction="sum") / lanes


def bpr_max(scores, case):
    """-log sum_j s_j sigma(r_i - r_j) + reg sum_j s_j r_j^2 over the negatives j, s their softmax, r = elu(score)."""
    lanes = scores.shape[0]
    r = F.elu(scores, case["alpha"])
    target = r.diagonal().unsqueeze(1)
    negatives = r.masked_fill(torch.eye(lanes, scores.shape[1], dtype=torch.bool), float("-inf"))
    s = torch.softmax(negatives, dim=1)
    won = (s * torch.sigmoid(target - r)).sum(1)
    return (-torch.log(won + 1e-24) + case["reg"] * (s * r * r).sum(1)).sum() / lanes


def update(parameter, gradient, network, case, rows=None, values=None):
    """Adagrad with momentum; of a table the touched rows alone."""
    total, velocity = network.sums[id(parameter)], network.velocities[id(parameter)]
    with torch.no_grad():
        if rows is None:
            total.addcmul_(gradient, gradient)
            scaled = gradient * torch.rsqrt(total + EPSILON)
            if case["momentum"] > 0:
                velocity.mul_(case["momentum"]).sub_(scaled, alpha=case["rate"])
                parameter.add_(velocity)
            else:
                parameter.sub_(scaled, alpha=case["rate"])
            return
        of_rows = total[rows].addcmul_(gradient, gradient)
        total[rows] = of_rows  # rows are distinct: written back, not added, which is faster
        change = gradient * torch.rsqrt(of_rows + EPSILON) * -case["rate"]
        if case["momentum"] > 0:
            change.add_(velocity[rows], alpha=case["momentum"])
            velocity[rows] = change
        parameter[rows] = values.detach() + change


def step(network, case, inputs, targets, samples, state, ended, log_support):
    """One training step. Each distinct row is fetched once; autograd adds up what several columns of one item give."""
    lanes = inputs.shape[0]
    ids = torch.cat([inputs, targets, samples])
    rows, place = torch.unique(ids, return_inverse=True)
    vectors = network.items[rows].requires_grad_()
    biases = network.bias[rows].requires_grad_()
    x = F.dropout(F.embedding(place[:lanes], vectors), case["embed"]) if case["embed"] > 0 else F.embedding(place[:lanes], vectors)
    hidden = gru(network, x, state.masked_fill(ended, 0))
    if case["hidden"] > 0:
        hidden = F.dropout(hidden, case["hidden"])
    columns = place[lanes:]
    scores = hidden @ F.embedding(columns, vectors).t() + F.embedding(columns, biases).t()
    if case["loss"] == "ce":
        frequency = torch.cat([log_support[targets], log_support[samples] * SAMPLE_ALPHA])
        loss = cross_entropy(scores, frequency)
    else:
        loss = bpr_max(scores, case)
    gradients = torch.autograd.grad(loss, [vectors, biases, *network.dense])
    update(network.items, gradients[0], network, case, rows, vectors)
    # The bias of an item that is an input alone has gradient 0: its row is written back as it is, but for the momentum.
    update(network.bias, gradients[1], network, case, rows, biases)
    for parameter, gradient in zip(network.dense, gradients[2:]):
        update(parameter, gradient, network, case)
    return loss.item(), hidden.detach()


def measure(name, threads):
    """Steps/s and steps per second of processor time: the best of three stretches after a warm-up, since machines are shared."""
    case = CASES[name]
    torch.manual_seed(42)
    torch.set_num_threads(threads)
    ctypes.CDLL("libopenblas.so.0").openblas_set_num_threads(threads)  # its pthread build has threads of its own
    popularity = torch.arange(1, ITEMS + 1, dtype=torch.float64).pow(-ZIPF)[torch.randperm(ITEMS)]
    support = (popularity / popularity.sum() * 300_000).clamp(min=1).float()
    network, lanes = Network(case["units"]), case["lanes"]
    steps = case["steps"]
    warm_up = steps // 5
    total = warm_up + 3 * steps
    events = torch.multinomial(popularity, (total + 1) * lanes, replacement=True).view(total + 1, lanes)
    ended = torch.rand(total, lanes, 1) < 0.25  # sessions of five events: four pairs
    store = torch.multinomial(support.pow(SAMPLE_ALPHA), total * SAMPLES, replacement=True).view(total, SAMPLES)  # not timed here; NextItem's is
    log_support = support.log()
    state = torch.zeros(lanes, case["units"])
    rates, cpu_rates, loss = [], [], float("nan")
    started = cpu = 0.0
    for i in range(total):
        if i >= warm_up and (i - warm_up) % steps == 0:
            if i > warm_up:
                rates.append(steps / (time.perf_counter() - started))
                cpu_rates.append(steps / (time.process_time() - cpu))
            started, cpu = time.perf_counter(), time.process_time()
        loss, state = step(network, case, events[i], events[i + 1], store[i], state, ended[i], log_support)
    rates.append(steps / (time.perf_counter() - started))
    cpu_rates.append(steps / (time.process_time() - cpu))
    return max(rates), max(cpu_rates), loss


def rates_of(path):
    """(threads, mini-batches/s, mini-batches per second of processor time) of each case, from NextItem.Benchmarks' table."""
    rates = {}
    for line in open(path, encoding="utf-8"):
        name, fields = line[:40].strip(), line[40:].split()
        if name in CASES:
            rates.setdefault(name, []).append((int(fields[0]), float(fields[1]), float(fields[2])))
    return rates


def ratio(ours, theirs):
    """Each side's better number of threads, and one thread per second of processor time, which other programs disturb less."""
    us, them = max(ours, key=lambda r: r[1]), max(theirs, key=lambda r: r[1])
    text = f"NextItem {us[1]:.1f} ({us[0]} threads) / PyTorch {them[1]:.1f} ({them[0]} threads) = {us[1] / them[1]:.1f}"
    us, them = min(ours), min(theirs)
    if us[0] == them[0]:
        text += f"; per second of processor time with {us[0]}: {us[2]:.1f} / {them[2]:.1f} = {us[2] / them[2]:.1f}"
    return text


def keep_freed_memory():
    """glibc gives large tensors back to the system and fetches them anew, page by page: five sixths of the time of a step."""
    libc = ctypes.CDLL("libc.so.6")
    trim_threshold, mmap_threshold = -1, -3  # malloc.h
    libc.mallopt(trim_threshold, 2**31 - 1)
    libc.mallopt(mmap_threshold, 2**30)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    arguments.add_argument("--case", default="", help="part of the names of the cases to run")
    arguments.add_argument("--against", help="table of NextItem.Benchmarks with the same cases")
    options = arguments.parse_args()
    keep_freed_memory()
    print(f"Python {sys.version.split()[0]}, PyTorch {torch.__version__}, eager, {ITEMS:,} items, {SAMPLES:,} samples", flush=True)
    ours = rates_of(options.against) if options.against else {}
    for name in CASES:
        if options.case not in name:
            continue
        theirs = []
        for threads in options.threads:
            rate, cpu_rate, loss = measure(name, threads)
            theirs.append((threads, rate, cpu_rate))
            print(f"{name:<40} PyTorch {threads} thread{'s' if threads > 1 else ' '} {rate:9.1f} mb/s {cpu_rate:9.1f} mb/cpu-s, loss {loss:.4f}", flush=True)
        if name in ours:
            print(f"{name:<40} {ratio(ours[name], theirs)}", flush=True)


if __name__ == "__main__":
    main()
