"""GRU4Rec's network: item input, GRU layers, item scores. Cho et al. 2014 for the GRU, Hidasi et al. 2016 for the rest."""
import random
import torch

MODES, VARIANTS = ('none', 'separate', 'shared'), ('reset-before', 'reset-after')


def shapes(item_count, mode, embedding_size, layers, variant):
    """Name to shape. Gate blocks stand side by side: candidate, reset, update."""
    result = {'items': (item_count, layers[-1] + 1)}
    if mode == 'separate':
        result['embedding'] = (item_count, embedding_size)
    width = {'none': item_count, 'separate': embedding_size, 'shared': layers[-1]}[mode]
    for layer, units in enumerate(layers):
        result[f'gru.{layer}.input_weights'] = (width, 3 * units)
        result[f'gru.{layer}.recurrent_weights'] = (units, 3 * units)
        result[f'gru.{layer}.input_bias'] = (3 * units,)
        if variant == 'reset-after':
            result[f'gru.{layer}.recurrent_bias'] = (3 * units,)
        width = units
    return result


def initial(shape_by_name, seed):
    """Uniform in [-0.8, 0.8), every value a float32: a program in single precision starts at the same numbers."""
    generator = random.Random(seed)
    values = {name: [generator.uniform(-0.8, 0.8) for _ in range(torch.Size(shape).numel())] for name, shape in shape_by_name.items()}
    return {name: torch.tensor(values[name], dtype=torch.float32).double().reshape(shape) for name, shape in shape_by_name.items()}


def gru(projected, previous, recurrent_weights, recurrent_bias):
    """h' = (1 - z) h + z h~ from projected = x W + b [B x 3H]. Without a recurrent bias the reset gate acts before the product."""
    candidate, reset, update = projected.chunk(3, 1)
    u_candidate, u_reset, u_update = recurrent_weights.chunk(3, 1)
    if recurrent_bias is None:
        r, z = torch.sigmoid(reset + previous @ u_reset), torch.sigmoid(update + previous @ u_update)
        new = torch.tanh(candidate + (r * previous) @ u_candidate)
    else:
        c_candidate, c_reset, c_update = recurrent_bias.chunk(3)
        r = torch.sigmoid(reset + previous @ u_reset + c_reset)
        z = torch.sigmoid(update + previous @ u_update + c_update)
        new = torch.tanh(candidate + r * (previous @ u_candidate + c_candidate))
    return (1 - z) * previous + z * new


def forward(parameters, mode, layers, inputs, previous):
    """New states, one [B x H] a layer. `previous` holds the states before; they are constants."""
    if mode == 'none':
        projected = parameters['gru.0.input_weights'][inputs]
    elif mode == 'separate':
        projected = parameters['embedding'][inputs] @ parameters['gru.0.input_weights']
    else:
        projected = parameters['items'][inputs, :-1] @ parameters['gru.0.input_weights']
    states = []
    for layer in range(len(layers)):
        if layer > 0:
            projected = states[-1] @ parameters[f'gru.{layer}.input_weights']
        states.append(gru(
            projected + parameters[f'gru.{layer}.input_bias'], previous[layer].detach(),
            parameters[f'gru.{layer}.recurrent_weights'], parameters.get(f'gru.{layer}.recurrent_bias')))
    return states


def logits(parameters, state, columns):
    """[B x M] from the last layer's state: h . item vector + item bias."""
    rows = parameters['items'][columns]
    return state @ rows[:, :-1].T + rows[:, -1]


def touched(parameters, mode, inputs, columns):
    """Which elements a mini-batch may change, per parameter: rows of its items; the bias only where the item is scored."""
    result = {name: torch.ones_like(value, dtype=torch.bool) for name, value in parameters.items()}
    result['items'][:] = False
    result['items'][columns] = True
    if mode == 'shared':
        result['items'][inputs, :-1] = True
    else:
        by_input = 'embedding' if mode == 'separate' else 'gru.0.input_weights'
        result[by_input][:] = False
        result[by_input][inputs] = True
    return result
