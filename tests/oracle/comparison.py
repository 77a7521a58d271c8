"""Compares a committed fixture with freshly made content."""
import gzip
import json

# Numbers have nine digits; another processor's exp may end one unit of the last one away.
TOLERANCE = 2e-9


def compare(path, made):
    """A sentence, and whether the two are equal."""
    try:
        with gzip.open(path, 'rt') as file:
            committed = json.load(file)
    except (OSError, EOFError, ValueError) as fault:
        return f'UNREADABLE: {fault}', False
    made = json.loads(json.dumps(made))
    ours, theirs = made['sha256'], committed.get('sha256', {})
    stale = [name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name)]
    counts = {'numbers': 0, 'last digit': 0}
    fault = difference({**committed, 'sha256': 0}, {**made, 'sha256': 0}, '', counts)
    if fault:
        return f'DIFFERENT: {fault}', False
    if stale:
        return f"STALE: the numbers are equal, but it was made by another {', '.join(sorted(stale))}; run make.sh", False
    if counts['last digit'] > 0:
        return f"equal; {counts['last digit']} of {counts['numbers']:,} numbers differ in the ninth digit", True
    return f"equal, all {counts['numbers']:,} numbers", True


def difference(committed, made, where, counts):
    """The first place where two JSON values differ, or None."""
    if isinstance(made, dict) and isinstance(committed, dict):
        if list(made) != list(committed):
            return f'{where} has the keys {list(committed)}; expected {list(made)}'
        pairs = [(key, committed[key], made[key]) for key in made]
    elif isinstance(made, list) and isinstance(committed, list):
        if len(made) != len(committed):
            return f'{where} has {len(committed)} elements; expected {len(made)}'
        pairs = [(at, *pair) for at, pair in enumerate(zip(committed, made))]
    else:
        counts['numbers'] += isinstance(made, (int, float)) and not isinstance(made, bool)
        if committed == made and type(committed) is type(made):
            return None
        if isinstance(made, float) and isinstance(committed, float) and abs(committed - made) <= TOLERANCE * max(1, abs(made)):
            counts['last digit'] += 1
            return None
        return f'{where} is {committed!r}; expected {made!r}'
    for key, one, other in pairs:
        fault = difference(one, other, f'{where}/{key}', counts)
        if fault:
            return fault
    return None
