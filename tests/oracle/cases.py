"""What is trained: the list of cases, each a name and its settings under the official hyperparameter names."""
import minibatches
import network
from optimizers import CONSTANTS

EMBEDDING_SIZE = 5
DEPTHS = ([4], [4, 3])
LOSSES = {
    'cross-entropy': {'loss': 'cross-entropy', 'logq': 0},
    'cross-entropy-logq': {'loss': 'cross-entropy', 'logq': 1},
    'cross-entropy-smoothing': {'loss': 'cross-entropy', 'logq': 1, 'smoothing': 0.1},
    'cross-entropy-masked': {'loss': 'cross-entropy', 'logq': 1, 'mask_targets': True},
    'bpr-max-elu': {'loss': 'bpr-max', 'bpreg': 0.5, 'final_act': 'elu-0.5'},
    'bpr-max-leaky': {'loss': 'bpr-max', 'bpreg': 0.5, 'final_act': 'leaky-0.1'},
    'bpr-max-relu': {'loss': 'bpr-max', 'bpreg': 0.5, 'final_act': 'relu'},
    'bpr-max-masked': {'loss': 'bpr-max', 'bpreg': 0.5, 'final_act': 'elu-0.5', 'mask_targets': True},
    'top1': {'loss': 'top1', 'final_act': 'tanh'},
    'top1-pygru4rec': {'loss': 'top1-pygru4rec', 'final_act': 'tanh', 'n_sample': 0},
    'top1-max': {'loss': 'top1-max', 'final_act': 'selu-1.05-1.67'},
    'bpr': {'loss': 'bpr', 'final_act': 'tanh'},
    'bpr-sum': {'loss': 'bpr-sum', 'final_act': 'linear'},
    'sigmoid-cross-entropy': {'loss': 'sigmoid-cross-entropy', 'final_act': 'linear'},
    'gbce': {'loss': 'sigmoid-cross-entropy', 'final_act': 'linear', 'gbce_t': 0.75},
}
# Rates at which ten steps move the parameters visibly.
RATES = {'adagrad': 0.1, 'rmsprop': 0.01, 'adadelta': 1.0, 'adam': 0.01, 'sgd': 0.1}
DEFAULTS = {
    'batch_size': minibatches.BATCH_SIZE, 'n_sample': minibatches.NEGATIVES, 'sample_alpha': 0.5, 'final_act': 'linear', 'logq': 0,
    'smoothing': 0, 'bpreg': 0, 'gbce_t': 0, 'mask_targets': False, 'momentum': 0, 'lmbd': 0, 'grad_cap': 0,
}


def network_name(mode, variant, layers):
    return f"{mode} {variant} {'-'.join(map(str, layers))}"


def networks():
    """Name to settings of the network, of all twelve."""
    return {network_name(mode, variant, layers): {
        'embedding': EMBEDDING_SIZE if mode == 'separate' else 0, 'constrained_embedding': mode == 'shared',
        'variant': variant, 'layers': layers,
    } for mode in network.MODES for variant in network.VARIANTS for layers in DEPTHS}


def case(name, network_, loss, adapt, every_step, **changes):
    settings = networks()[network_] | DEFAULTS | LOSSES[loss] | {'adapt': adapt, 'learning_rate': RATES[adapt]} | CONSTANTS[adapt] | changes
    return {'name': f'{name}, {network_}', 'network': network_, 'settings': settings, 'every_step': every_step}


def loss_cases():
    """Every loss in every network, with Adagrad and momentum. One network of each loss is kept after every step."""
    names = list(networks())
    return [case(loss, name, loss, 'adagrad', at * 5 % len(names) == other, momentum=0.2)
            for at, loss in enumerate(LOSSES) for other, name in enumerate(names)]


def optimizer_cases():
    """Every update rule, plain and with each of its additions; Adam has no momentum of this kind."""
    additions = {'plain': {}, 'momentum': {'momentum': 0.3}, 'lmbd': {'lmbd': 0.01},
                 'momentum and lmbd': {'momentum': 0.3, 'lmbd': 0.01}, 'grad_cap': {}}
    # Caps between the smallest and the largest norm of the ten steps.
    caps = {('cross-entropy-logq', 'shared'): 0.7, ('cross-entropy-logq', 'separate'): 0.75, ('bpr-max-elu', 'shared'): 0.3, ('bpr-max-elu', 'separate'): 0.5}
    return [case(f'{adapt} {addition}, {loss}', network_name(mode, 'reset-before', [4]), loss, adapt, True,
                 **(changes if addition != 'grad_cap' else {'grad_cap': caps[loss, mode]}))
            for adapt in RATES for addition, changes in additions.items() if not (adapt == 'adam' and 'momentum' in changes)
            for loss, mode in caps]
