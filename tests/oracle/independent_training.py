#!/usr/bin/env python3
"""GRU4Rec in 100 lines of PyTorch with autograd, written from the formulas and not from the C#: a second opinion on the numbers.

    independent_training.py TRAIN.tsv.gz TEST.tsv.gz SEED [--init-seed N]

The setting is rsc15-paramfile with the reset-after GRU (100 units, batch 32, hidden dropout 0.4, Adagrad 0.2, momentum 0.2,
2,048 samples, alpha 0.5, logQ 1, 10 epochs). --init-seed draws the initial parameters from a seed of their own, so that runs
differ in dropout and negative samples only. Prints the mean loss of each epoch, then Recall@1/5/20 and MRR@20.
Needs python3-torch and numpy; one seed takes about four minutes on one core.
"""
import argparse, gzip, math
import numpy as np, torch

UNITS, BATCH, SAMPLES, DROPOUT, RATE, MOMENTUM, ALPHA, EPOCHS = 100, 32, 2048, 0.4, 0.2, 0.2, 0.5, 10


def read(path, item_index=None):
    """Sessions by start time, as lists of item indices; unknown items are dropped."""
    new, index, sessions = item_index is None, {} if item_index is None else item_index, {}
    with gzip.open(path, 'rt') as lines:
        next(lines)
        for line in lines:
            session, item, time = line.rstrip('\n').split('\t')
            if new:
                index.setdefault(item, len(index))
            if item in index:
                sessions.setdefault(session, []).append((float(time), index[item]))
    ordered = sorted((sorted(events, key=lambda e: e[0]) for events in sessions.values()), key=lambda events: events[0][0])
    return [[item for _, item in events] for events in ordered], index


def glorot(generator, rows, columns):
    return (torch.rand(rows, columns, generator=generator) * 2 - 1) * math.sqrt(6 / (rows + columns))


class Network:
    def __init__(self, items, generator):
        d = UNITS
        block = lambda: glorot(generator, d, d)
        self.input, self.recurrent = (torch.cat([block() for _ in range(3)], 1).requires_grad_() for _ in range(2))
        self.bias, self.recurrent_bias = (torch.zeros(3 * d, requires_grad=True) for _ in range(2))
        self.dense = [self.input, self.recurrent, self.bias, self.recurrent_bias]
        self.vectors, self.item_bias = glorot(generator, items, d), torch.zeros(items, 1)
        self.state = {id(p): (torch.zeros_like(p), torch.zeros_like(p)) for p in self.dense + [self.vectors, self.item_bias]}

    def gru(self, x, h):
        d = UNITS
        a, u = x @ self.input + self.bias, h @ self.recurrent + self.recurrent_bias
        reset, update = torch.sigmoid(a[:, d:2 * d] + u[:, d:2 * d]), torch.sigmoid(a[:, 2 * d:] + u[:, 2 * d:])
        return (1 - update) * h + update * torch.tanh(a[:, :d] + reset * u[:, :d])

    def adagrad(self, p, gradient, rows=slice(None)):
        accumulator, velocity = self.state[id(p)]
        accumulator[rows] += gradient * gradient
        velocity[rows] = MOMENTUM * velocity[rows] - RATE * gradient / torch.sqrt(accumulator[rows] + 1e-6)
        p[rows] += velocity[rows]


def step(net, inputs, targets, negatives, hidden, support):
    lanes = len(inputs)
    unique, inverse = np.unique(np.concatenate([inputs, targets, negatives]), return_inverse=True)
    unique, inverse = torch.from_numpy(unique), torch.from_numpy(inverse)
    vectors, biases = net.vectors[unique].requires_grad_(), net.item_bias[unique].requires_grad_()
    new = torch.nn.functional.dropout(net.gru(vectors[inverse[:lanes]], hidden), DROPOUT)
    scored = inverse[lanes:]
    columns = support[unique[scored]]
    logits = new @ vectors[scored].T + biases[scored].T - torch.cat([columns[:lanes], columns[lanes:] ** ALPHA]).log()
    loss = -torch.log(torch.diag(torch.softmax(logits, 1)) + 1e-24).sum() / BATCH
    loss.backward()
    with torch.no_grad():
        touched = torch.zeros(len(unique), dtype=torch.bool)
        touched[scored] = True
        net.adagrad(net.vectors, vectors.grad, unique)
        net.adagrad(net.item_bias, biases.grad[touched], unique[touched])
        for p in net.dense:
            net.adagrad(p, p.grad)
            p.grad = None
    return loss.item(), new.detach().clone()


def epoch(net, train, support, cdf, random):
    lanes = list(range(min(BATCH, len(train))))
    following, position, hidden, total, count = len(lanes), [0] * len(lanes), torch.zeros(len(lanes), UNITS), 0.0, 0
    while lanes:
        inputs = [train[s][p] for s, p in zip(lanes, position)]
        targets = [train[s][p + 1] for s, p in zip(lanes, position)]
        loss, hidden = step(net, inputs, targets, np.searchsorted(cdf, random.rand(SAMPLES)), hidden, support)
        total, count, kept = total + loss * len(lanes), count + len(lanes), []
        for lane in range(len(lanes)):
            position[lane] += 1
            if position[lane] < len(train[lanes[lane]]) - 1:
                kept.append(lane)
            elif following < len(train):
                lanes[lane], position[lane], hidden[lane], following = following, 0, 0, following + 1
                kept.append(lane)
        lanes, position, hidden = [lanes[k] for k in kept], [position[k] for k in kept], hidden[kept]
    return total / count


@torch.no_grad()
def ranks(net, test):
    found = []
    for session in test:
        hidden = torch.zeros(1, UNITS)
        for item, target in zip(session, session[1:]):
            hidden = net.gru(net.vectors[[item]], hidden)
            scores = (hidden @ net.vectors.T + net.item_bias.T)[0]
            found.append(1 + int((scores > scores[target]).sum()))
    return np.array(found)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('train'), parser.add_argument('test'), parser.add_argument('seed', type=int)
    parser.add_argument('--init-seed', type=int)
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(args.seed)
    train, index = read(args.train)
    test, _ = read(args.test, index)
    counts = np.bincount([item for session in train for item in session], minlength=len(index)).astype(float)
    train, test = ([s for s in sessions if len(s) > 1] for sessions in (train, test))
    cdf = np.cumsum(counts ** ALPHA)
    initial = torch.Generator().manual_seed(args.seed if args.init_seed is None else args.init_seed)
    net, random = Network(len(index), initial), np.random.RandomState(args.seed)
    for number in range(1, EPOCHS + 1):
        print(number, round(epoch(net, train, torch.tensor(counts, dtype=torch.float32), cdf / cdf[-1], random), 4), flush=True)
    r = ranks(net, test)
    print(f'seed {args.seed}: Recall@1 {(r <= 1).mean():.4f} @5 {(r <= 5).mean():.4f} @20 {(r <= 20).mean():.4f}  MRR@20 {np.where(r <= 20, 1 / r, 0).mean():.4f}  {len(r)} cases')


if __name__ == '__main__':
    main()
