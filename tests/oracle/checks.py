"""What must hold before a fixture is written: recorded losses and gradients, the framework's own cells and rules."""
import json
import torch
import losses
import network
from optimizers import EPSILON, Optimizer

GOLDEN_CASES = {
    'cross_entropy': {'loss': 'cross-entropy'},
    'cross_entropy_logq1': {'loss': 'cross-entropy', 'logq': 1},
    'cross_entropy_smoothing01': {'loss': 'cross-entropy', 'smoothing': 0.1},
    'top1': {'loss': 'top1'},
    'top1_max': {'loss': 'top1-max'},
    'top1_pygru4rec': {'loss': 'top1-pygru4rec'},
    'bpr_sum': {'loss': 'bpr-sum'},
    'bpr_mean': {'loss': 'bpr'},
    'bpr_max_l05': {'loss': 'bpr-max', 'bpreg': 0.5},
    'bpr_max_l05_elu05': {'loss': 'bpr-max', 'bpreg': 0.5, 'final_act': 'elu-0.5'},
    'sigmoid_cross_entropy': {'loss': 'sigmoid-cross-entropy'},
}


def check(holds, message):
    if not holds:
        raise AssertionError(message)


def close(what, found, expected, tolerance):
    found, expected = (torch.as_tensor(value, dtype=torch.float64) for value in (found, expected))
    check(found.shape == expected.shape, f'{what}: shape {tuple(found.shape)}; expected {tuple(expected.shape)}.')
    apart = (found - expected).abs().max().item()
    check(apart <= tolerance, f'{what}: {apart:g} apart; at most {tolerance:g} is allowed.')


def golden(path):
    """The recorded losses and gradients of golden.json and its GRU cell. Returns how many losses were compared."""
    with open(path) as file:
        recorded = json.load(file)
    compared = 0
    for where, group in (('', recorded), ('collisions ', recorded['collisions'])):
        known = [name for name in group if isinstance(group[name], dict) and 'loss_sum' in group[name]]
        for name in known:
            check(name in GOLDEN_CASES, f"golden.json has the case '{where}{name}', which no loss here answers.")
            settings = GOLDEN_CASES[name] | {'sample_alpha': group['alpha']}
            if where:
                scores, targets, drawn = group['item_scores'], group['targets'], group['drawn']
            else:
                # Column j is item j: the first are the lanes' targets.
                scores, lanes = group['scores'], group['lanes']
                targets, drawn = list(range(lanes)), list(range(lanes, lanes + group['drawn']))
            scores = torch.tensor(scores, dtype=torch.float64, requires_grad=True)
            if name == 'top1_pygru4rec':
                drawn = []
            loss = losses.sum_over_lanes(scores[:, targets + drawn], targets, drawn, group['support'], settings)
            if name == 'top1_pygru4rec':
                loss = loss / len(targets)  # Recorded as the mean over all B x B entries.
            loss.backward()
            close(f'{where}{name} loss', loss.detach(), group[name]['loss_sum'], 1e-9)
            close(f'{where}{name} gradient', scores.grad, group[name]['grad'], 1e-9)
            compared += 1
        missing = [name for name in GOLDEN_CASES if not where and name not in known]
        check(not missing, f"golden.json lacks {', '.join(missing)}.")
    golden_gru(recorded['gru'])
    return compared


def golden_gru(recorded):
    blocks = lambda key: torch.cat([torch.tensor(recorded[key][gate], dtype=torch.float64) for gate in 'hrz'], -1)
    x, h = (torch.tensor([recorded[key]], dtype=torch.float64) for key in 'xh')
    for name, bias in (('reset_before', None), ('reset_after', torch.zeros(6, dtype=torch.float64))):
        close(f'gru {name}', network.gru(x @ blocks('w') + blocks('b'), h, blocks('u'), bias)[0], recorded[name], 1e-15)


def framework_gru():
    """The reset-after cell against torch.nn.GRUCell, whose gates are reset, update, new, and whose update gate is 1 - z."""
    torch.manual_seed(1)
    cell = torch.nn.GRUCell(3, 4).double()
    x, h = torch.rand(5, 3, dtype=torch.float64), torch.rand(5, 4, dtype=torch.float64)

    def ours(values):
        reset, update, new = values.detach().chunk(3, 0)
        return torch.cat([new, reset, -update], 0)

    projected = x @ ours(cell.weight_ih).T + ours(cell.bias_ih)
    close('GRUCell', network.gru(projected, h, ours(cell.weight_hh).T, ours(cell.bias_hh)), cell(x, h).detach(), 1e-15)


def framework_rules():
    """Ten dense steps of each rule that the framework has with the same place of epsilon."""
    rules = {
        'sgd': lambda p: torch.optim.SGD(p, lr=0.1),
        'sgd momentum': lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.3),
        'sgd lmbd': lambda p: torch.optim.SGD(p, lr=0.1, weight_decay=0.01),
        'sgd momentum lmbd': lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.3, weight_decay=0.01),
        'adam': lambda p: torch.optim.Adam(p, lr=0.1, betas=(0.9, 0.999), eps=EPSILON),
        'adadelta': lambda p: torch.optim.Adadelta(p, lr=0.1, rho=0.9, eps=EPSILON),
    }
    for name, make in rules.items():
        torch.manual_seed(2)
        theirs = torch.nn.Parameter(torch.rand(6, dtype=torch.float64))
        ours = {'p': theirs.detach().clone()}
        theirs_rule = make([theirs])
        ours_rule = Optimizer(ours, {
            'adapt': name.split()[0], 'learning_rate': 0.1, 'momentum': 0.3 if 'momentum' in name else 0,
            'lmbd': 0.01 if 'lmbd' in name else 0, 'grad_cap': 0, 'rho': 0.9, 'beta1': 0.9, 'beta2': 0.999})
        for _ in range(10):
            theirs.grad = torch.rand(6, dtype=torch.float64) - 0.3
            theirs_rule.step()
            ours_rule.step(ours, {'p': theirs.grad.clone()}, {'p': torch.ones(6, dtype=torch.bool)})
        close(f'torch.optim and {name}', ours['p'], theirs.detach(), 1e-14)


def step(name, number, loss, before, after, touched, gradients):
    """A finite loss; untouched elements keep every bit and have no gradient; others with a gradient move."""
    check(torch.isfinite(loss), f'{name}, step {number}: the loss is {loss.item()}.')
    for key, where in touched.items():
        check(torch.isfinite(after[key]).all(), f'{name}, step {number}: {key} has values that are not finite.')
        check(torch.equal(before[key][~where], after[key][~where]), f'{name}, step {number}: {key} moved where nothing touched it.')
        check((gradients[key][~where] == 0).all(), f'{name}, step {number}: {key} has a gradient where nothing touched it.')
        small = (gradients[key].abs() > 1e-9) & (after[key] == before[key])
        check(not small.any(), f'{name}, step {number}: {key} stands still in spite of a gradient.')


def caps(name, norms, cap):
    """A cap must bite in some steps and not in others, or its case shows nothing; never so near that single precision decides."""
    clipped, shown = sum(norm >= cap for norm in norms), ' '.join(f'{norm:.4f}' for norm in norms)
    check(1 < clipped < len(norms) - 1, f'{name}: {clipped} of {len(norms)} steps are clipped at {cap}; norms {shown}')
    check(all(abs(norm / cap - 1) > 1e-3 for norm in norms), f'{name}: a norm is too near the cap {cap}; norms {shown}')


def all_differ(results):
    """No two cases of one network may end nearer than 20 times the tolerance of a reader: else a setting does not show."""
    for at, one in enumerate(results):
        for other in results[:at]:
            if one['network'] == other['network']:
                apart = max(abs(a - b) for key, row in one['steps'][-1]['parameters'].items()
                            for a, b in zip(row, other['steps'][-1]['parameters'][key]))
                check(apart > 2e-4, f"'{one['name']}' and '{other['name']}' end {apart:g} apart; their settings should show.")
