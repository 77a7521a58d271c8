"""The losses of GRU4Rec for one lane at a time: a positive score, a vector of negative scores, one number.

Sources: Hidasi et al. 2016 (BPR, TOP1, cross-entropy), Hidasi & Karatzoglou 2018 (BPR-max, TOP1-max, score regularisation),
Petrov & Macdonald 2023 (gBCE). No gradient stands here: autograd finds them.
"""
import torch
from torch import sigmoid


def activation(name):
    """The function that `final_act` names: linear, relu, tanh, leaky-X, elu-X, selu-L-A."""
    kind, *numbers = name.split('-')
    numbers = [float(number) for number in numbers]
    if kind == 'linear':
        return lambda x: x
    if kind == 'relu':
        return lambda x: torch.where(x > 0, x, torch.zeros_like(x))
    if kind == 'tanh':
        return torch.tanh
    if kind == 'leaky':
        return lambda x: torch.where(x >= 0, x, numbers[0] * x)
    if kind == 'elu':
        return lambda x: torch.where(x >= 0, x, numbers[0] * exp_minus_1_below_0(x))
    if kind == 'selu':
        return lambda x: numbers[0] * torch.where(x >= 0, x, numbers[1] * exp_minus_1_below_0(x))
    raise ValueError(f"final_act is '{name}'; expected linear, relu, tanh, leaky-X, elu-X or selu-L-A.")


def exp_minus_1_below_0(x):
    return torch.exp(x.clamp(max=0)) - 1


def cross_entropy(positive, negatives, settings, item_count):
    probabilities = torch.softmax(torch.cat([positive.reshape(1), negatives]), 0)
    surprise = -torch.log(probabilities + 1e-24)
    smoothing, n = settings.get('smoothing', 0), len(surprise)
    if smoothing == 0:
        return surprise[0]
    return (1 - smoothing * n / (n - 1)) * surprise[0] + smoothing / (n - 1) * surprise.sum()


def bpr(positive, negatives, settings, item_count):
    return -torch.log(sigmoid(positive - negatives)).mean()


def bpr_sum(positive, negatives, settings, item_count):
    own_column = -torch.log(sigmoid(positive - positive))
    return -torch.log(sigmoid(positive - negatives)).sum() + own_column


def top1(positive, negatives, settings, item_count):
    columns = len(negatives) + 1
    return (sigmoid(negatives - positive) + sigmoid(negatives ** 2)).sum() / columns + 0.5 / columns


def top1_pygru4rec(positive, negatives, settings, item_count):
    """Negatives are the other lanes' targets only; the positive's own column counts as they do."""
    columns = torch.cat([positive.reshape(1), negatives])
    return (sigmoid(columns - positive) + sigmoid(columns ** 2)).mean()


def softmax_of_negatives(negatives):
    weights = torch.exp(negatives - negatives.detach().max())
    return weights / weights.sum()


def top1_max(positive, negatives, settings, item_count):
    return (softmax_of_negatives(negatives) * (sigmoid(negatives - positive) + sigmoid(negatives ** 2))).sum()


def bpr_max(positive, negatives, settings, item_count):
    weights = softmax_of_negatives(negatives)
    return -torch.log((weights * sigmoid(positive - negatives)).sum() + 1e-24) + settings['bpreg'] * (weights * negatives ** 2).sum()


def sigmoid_cross_entropy(positive, negatives, settings, item_count):
    sampled_share = min(1, len(negatives) / (item_count - 1))
    beta = 1 - settings.get('gbce_t', 0) * (1 - sampled_share)
    return -beta * torch.log(sigmoid(positive)) - torch.log(1 - sigmoid(negatives)).mean()


BY_NAME = {
    'cross-entropy': cross_entropy, 'bpr': bpr, 'bpr-sum': bpr_sum, 'bpr-max': bpr_max, 'top1': top1, 'top1-max': top1_max,
    'top1-pygru4rec': top1_pygru4rec, 'sigmoid-cross-entropy': sigmoid_cross_entropy,
}


def sum_over_lanes(logits, targets, negatives, support, settings):
    """The loss of [B x M] logits. Columns are the targets, then the negatives, repetitions kept; lane b's positive is column b."""
    loss, act = BY_NAME[settings['loss']], activation(settings.get('final_act', 'linear'))
    columns, logq = targets + negatives, settings.get('logq', 0)
    if logq != 0:
        weight = [support[item] for item in targets] + [support[item] ** settings['sample_alpha'] for item in negatives]
        logits = logits - logq * torch.log(torch.tensor(weight, dtype=torch.float64))
    scores, total = act(logits), 0
    for lane, target in enumerate(targets):
        others = [column for column in range(len(columns)) if column != lane]
        if settings.get('mask_targets', False):
            others = [column for column in others if columns[column] != target]
        total = total + loss(scores[lane, lane], scores[lane, others], settings, len(support))
    return total
