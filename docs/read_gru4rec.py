#!/usr/bin/env python3
"""The whole of a reader for the usual model in 40 lines: gru4rec, ResetBefore, shared embedding, any number of layers. read_model.py reads all kinds.

    python3 docs/read_gru4rec.py MODEL KEY [KEY ...]    the number of items, and every item with its score, best first, as JSON
"""
import array, json, math, sys

if len(sys.argv) < 2:
    sys.exit(__doc__)
data = open(sys.argv[1], "rb").read()
start = 8 + int.from_bytes(data[:8], "little")
header = json.loads(data[8:start])
meta = header.pop("__metadata__")
options = json.loads(meta.get("options", "{}"))
if (meta["format"], meta["format_version"], meta["algorithm"], options.get("variant", "ResetBefore"), options.get("embedding", "Shared")) != ("nextitem", "1", "gru4rec", "ResetBefore", "Shared"):
    sys.exit("this short reader does not know that model; read_model.py does")
tensors = {}  # name -> flat row-major values
for name, entry in header.items():
    first, end = entry["data_offsets"]
    tensors[name] = array.array({"U8": "B", "I32": "i", "I64": "q", "F32": "f"}[entry["dtype"]], data[start + first:start + end])
blob, offsets = tensors["item.keys"].tobytes(), tensors["item.key_offsets"]
keys = [blob[a:b].decode() for a, b in zip(offsets, offsets[1:])]
vectors, bias = tensors["item.vectors"], tensors["item.bias"]
size = len(vectors) // len(bias)


def times(row, matrix, block, n):  # a row times one of the three blocks of n columns: 0 candidate, 1 reset, 2 update
    return [sum(x * matrix[i * 3 * n + block * n + j] for i, x in enumerate(row)) for j in range(n)]


state = [[0.0] * units for units in options.get("layers", [100])]
for item in (keys.index(key) for key in sys.argv[2:] if key in keys):
    x = vectors[item * size:(item + 1) * size]
    for layer, h in enumerate(state):
        W, U, b = (tensors[f"gru.{layer}.{part}"] for part in ("input_weights", "recurrent_weights", "input_bias"))
        n, add = len(h), lambda *rows: [sum(values) for values in zip(*rows)]
        r, z = ([1 / (1 + math.exp(-v)) for v in add(times(x, W, k, n), times(h, U, k, n), b[k * n:(k + 1) * n])] for k in (1, 2))
        g = [math.tanh(v) for v in add(times(x, W, 0, n), times([a * v for a, v in zip(r, h)], U, 0, n), b[:n])]
        x = state[layer] = [(1 - u) * old + u * new for u, old, new in zip(z, h, g)]
found = [(key, bias[i] + sum(v * s for v, s in zip(vectors[i * size:(i + 1) * size], state[-1]))) for i, key in enumerate(keys)]
print(json.dumps({"items": len(keys), "scores": sorted(found, key=lambda pair: -pair[1])}))
