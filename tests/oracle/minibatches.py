"""Session-parallel mini-batches (Hidasi et al. 2016, section 3.1.1) of a small random shop, picked for their collisions."""
import random

ITEMS, BATCH_SIZE, NEGATIVES, STEPS = 12, 3, 4, 10


def lay_out(sessions, batch_size):
    """Each mini-batch: input and target items, and the lane of the mini-batch before whose state a lane continues, or -1."""
    waiting = list(sessions)
    lanes = [(waiting.pop(0), 0, -1) for _ in range(min(batch_size, len(waiting)))]
    while lanes:
        yield {
            'inputs': [session[at] for session, at, _ in lanes],
            'targets': [session[at + 1] for session, at, _ in lanes],
            'continuesLane': [before for _, _, before in lanes],
        }
        following = []
        for lane, (session, at, _) in enumerate(lanes):
            if at + 2 < len(session):
                following.append((session, at + 1, lane))
            elif waiting:
                following.append((waiting.pop(0), 0, -1))
        lanes = following


def happenings(step, negatives_expected):
    """Names of the collisions and other rare things in a mini-batch."""
    inputs, targets, negatives, continues = step['inputs'], step['targets'], step['negatives'], step['continuesLane']
    repeated = {item for item in targets if targets.count(item) > 1}
    scored = set(targets) | set(negatives)
    found = {
        'all lanes': len(targets) == BATCH_SIZE,
        'fewer lanes': 1 < len(targets) < BATCH_SIZE,
        'shared target': bool(repeated),
        'shared input': len(set(inputs)) < len(inputs),
        'input scored for another lane': any(item in targets[:lane] + targets[lane + 1:] for lane, item in enumerate(inputs)),
        'input is its own target': any(item == target for item, target in zip(inputs, targets)),
        'input only': any(item not in scored for item in inputs),
        'starts beside continues': -1 in continues and max(continues) >= 0,
        'lane moved down': any(before > lane for lane, before in enumerate(continues)),
    }
    if negatives_expected:
        found |= {
            'one lane': len(targets) == 1,
            'drawn target': bool(set(targets) & set(negatives)),
            'drawn twice': len(set(negatives)) < len(negatives),
            'shared target drawn': bool(repeated & set(negatives)),
            'input drawn': bool(set(inputs) & set(negatives)),
            'target drawn for a single lane': len(targets) == 1 and targets[0] in negatives,
        }
    return found


def stream(negative_count):
    """The first seed whose ten mini-batches hold all happenings; with no drawn negatives it ends at two lanes, else at one."""
    for seed in range(1_000_000):
        generator = random.Random(seed)
        sessions = [[generator.randrange(ITEMS) for _ in range(generator.randint(2, 5))] for _ in range(9)]
        steps = [step for step in lay_out(sessions, BATCH_SIZE) if len(step['targets']) > 1 or negative_count > 0]
        if len(steps) != STEPS:
            continue
        support = [sum(session.count(item) for session in sessions) + generator.randint(1, 9) for item in range(ITEMS)]
        for step in steps:
            step['negatives'] = generator.choices(range(ITEMS), [count ** 0.5 for count in support], k=negative_count)
        found = [happenings(step, negative_count > 0) for step in steps]
        lacking = [name for name in found[0] if not any(step[name] for step in found)]
        # A lane must keep a negative when columns that hold its target are left out.
        alone = any(set(step['targets'] + step['negatives']) == {target} for step in steps for target in step['targets'])
        if not lacking and not (alone and negative_count > 0):
            return {'items': ITEMS, 'batch_size': BATCH_SIZE, 'seed': seed, 'support': support, 'steps': steps}
    raise RuntimeError('No seed below 1,000,000 gives mini-batches with all collisions.')
