#!/usr/bin/env python3
"""Trains tiny GRU4Rec models for ten steps in double precision with autograd, and records every number that a test can compare.

    ten_steps.py [--check] [--verbose]

Written from the papers' formulas, and not from the C#. Writes losses.json.gz and optimizers.json.gz; with --check it compares
what it would write with the committed files. README.md beside this file has the format. Needs Debian's python3-torch.
"""
import sys
sys.dont_write_bytecode = True
import argparse, gzip, hashlib, json, os, pathlib
import torch
import cases, checks, losses, minibatches, network
from comparison import compare
from optimizers import EPSILON, Optimizer

HERE = pathlib.Path(__file__).resolve().parent
FIXTURES = HERE.parent / 'NextItem.Tests' / 'Fixtures'
KEPT_STEPS = (1, 2, 5, 10)
# The files that decide the numbers; a fixture names their contents, so that a stale one shows.
SOURCES = ('cases.py', 'losses.py', 'minibatches.py', 'network.py', 'optimizers.py', 'ten_steps.py')


def nine_digits(values):
    return [float(f'{value:.9g}') for value in values]


def train(case, initial, stream):
    """Ten steps. Returns the case with its losses, and its parameters after the steps that are kept."""
    settings, mode = case['settings'], case['network'].split()[0]
    parameters = {name: value.clone() for name, value in initial.items()}
    rule, states, steps, norms = Optimizer(parameters, settings), None, [], []
    for number, batch in enumerate(stream['steps'], 1):
        previous = [torch.stack([states[layer][lane] if lane >= 0 else torch.zeros(units, dtype=torch.float64)
                                 for lane in batch['continuesLane']]) for layer, units in enumerate(settings['layers'])]
        columns = batch['targets'] + batch['negatives']
        learned = {name: value.clone().requires_grad_() for name, value in parameters.items()}
        states = network.forward(learned, mode, settings['layers'], batch['inputs'], previous)
        logits = network.logits(learned, states[-1], columns)
        loss = losses.sum_over_lanes(logits, batch['targets'], batch['negatives'], stream['support'], settings) / stream['batch_size']
        gradients = dict(zip(learned, torch.autograd.grad(loss, list(learned.values()))))
        states = [state.detach() for state in states]
        before = {name: value.clone() for name, value in parameters.items()}
        touched = network.touched(parameters, mode, batch['inputs'], columns)
        norms.append(rule.step(parameters, gradients, touched))
        checks.step(case['name'], number, loss, before, parameters, touched, gradients)
        step = {'loss': nine_digits([loss.item()])[0]}
        if case['every_step'] or number in KEPT_STEPS:
            step['parameters'] = {name: nine_digits(value.flatten().tolist()) for name, value in parameters.items()}
        steps.append(step)
    if settings['grad_cap'] > 0:
        checks.caps(case['name'], norms, settings['grad_cap'])
    moved = {name: (parameters[name] - initial[name]).abs().max().item() for name in parameters}
    checks.check(min(moved.values()) > 1e-3, f"{case['name']}: hardly moved: {moved}.")
    stream_name = 'drawn' if settings['n_sample'] > 0 else 'in-batch'
    return {'name': case['name'], 'network': case['network'], 'stream': stream_name, 'settings': settings, 'steps': steps}


def fixture(case_list, verbose):
    """The content of one file: what all cases share, then the cases."""
    streams = {'drawn': minibatches.stream(minibatches.NEGATIVES), 'in-batch': minibatches.stream(0)}
    shapes = {name: network.shapes(
        minibatches.ITEMS, name.split()[0], cases.EMBEDDING_SIZE, net['layers'], net['variant']) for name, net in cases.networks().items()}
    initial = {name: network.initial(shape, at) for at, (name, shape) in enumerate(shapes.items())}
    results = []
    for case in case_list:
        result = train(case, initial[case['network']], streams['drawn' if case['settings']['n_sample'] > 0 else 'in-batch'])
        results.append(result)
        if verbose:
            print(f"{case['name']:70}", ' '.join(f"{step['loss']:.5f}" for step in result['steps']))
    checks.all_differ(results)
    used = {name for name in shapes if any(case['network'] == name for case in case_list)}
    return {
        'script': 'tests/oracle/ten_steps.py',
        'sha256': {name: hashlib.sha256((HERE / name).read_bytes()).hexdigest() for name in SOURCES},
        'epsilon': EPSILON,
        'streams': {name: stream for name, stream in streams.items() if any(result['stream'] == name for result in results)},
        'networks': {name: {
            key: {'shape': list(shapes[name][key]), 'values': nine_digits(value.flatten().tolist())} for key, value in initial[name].items()
        } for name in shapes if name in used},
        'cases': results,
    }


def write(path, content):
    """Aside, then renamed; no time stamp and no file name inside, so that the same numbers give the same bytes."""
    text = json.dumps(content, separators=(',', ':')) + '\n'
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix('.tmp')
    aside.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    os.replace(aside, path)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    arguments.add_argument('--check', action='store_true', help='compare with the committed files instead of writing them')
    arguments.add_argument('--verbose', action='store_true', help='print the ten losses of every case')
    options = arguments.parse_args()
    torch.set_num_threads(1)
    print(f"golden.json: {checks.golden(FIXTURES / 'golden.json')} losses and their gradients agree, and both GRU cells")
    checks.framework_gru()
    checks.framework_rules()
    same = True
    by_depth = {depth: [case for case in cases.loss_cases() if len(case['settings']['layers']) == depth] for depth in (1, 2)}
    for name, case_list in (('losses-1-layer', by_depth[1]), ('losses-2-layers', by_depth[2]), ('optimizers', cases.optimizer_cases())):
        path = FIXTURES / 'oracle' / f'{name}.json.gz'
        content = fixture(case_list, options.verbose)
        if options.check:
            verdict, equal = compare(path, content)
            print(f'{path.name}: {verdict}')
            same &= equal
        else:
            write(path, content)
            print(f'{path.name}: {len(case_list)} cases, {path.stat().st_size:,} bytes')
    sys.exit(0 if same else 1)


if __name__ == '__main__':
    main()
