#!/usr/bin/env python3
"""Reads a NextItem model file and scores items with nothing but Python's standard library; model-file.md says what each line does.

    python3 docs/read_model.py MODEL KEY [KEY ...]    the number of items, and every item that has a score after these, best first, as JSON
"""
import array, hashlib, json, math, sys


def read(path):
    data = open(path, "rb").read()
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    meta = header.pop("__metadata__")
    if meta["format"] != "nextitem" or int(meta["format_version"]) not in (1, 2, 3):
        sys.exit("not a NextItem model file of version 1 to 3")
    place = data.index(meta["checksum"].encode())
    if hashlib.sha256(data[:place] + b"0" * 64 + data[place + 64:]).hexdigest() != meta["checksum"]:
        sys.exit("the file is damaged")
    tensors = {}
    for name, entry in header.items():
        first, end = entry["data_offsets"]
        values = tensors[name] = array.array({"U8": "B", "I32": "i", "I64": "q", "F32": "f"}[entry["dtype"]])
        values.frombytes(data[start + first:start + end])
        if sys.byteorder == "big":
            values.byteswap()
    blob, at = tensors["item.keys"].tobytes(), tensors["item.key_offsets"]
    return meta, [blob[a:b].decode() for a, b in zip(at, at[1:])], tensors


def product(row, matrix, first, columns, width):  # row times columns [first, first + columns) of a row-major matrix
    return [sum(x * matrix[i * width + first + j] for i, x in enumerate(row)) for j in range(columns)]


def times(x, matrix, width):  # a row, as {place: value}, times a row-major matrix
    return [sum(value * matrix[i * width + j] for i, value in x.items()) for j in range(width)]


def gru(name, rows, h, tensors, variant):  # rows: the product of the input with its weights
    U, b, n = tensors[f"{name}.recurrent_weights"], tensors[f"{name}.input_bias"], len(h)
    sigmoid = lambda v: 1 / (1 + math.exp(-v))
    add = lambda *rows: [sum(values) for values in zip(*rows)]
    candidate, reset, update = (add(rows[k * n:(k + 1) * n], b[k * n:(k + 1) * n]) for k in range(3))
    inner = [product(h, U, k * n, n, 3 * n) for k in range(3)]
    if variant == "ResetAfter":
        inner = [add(inner[k], tensors[f"{name}.recurrent_bias"][k * n:(k + 1) * n]) for k in range(3)]
    r, z = ([sigmoid(v) for v in add(gate, part)] for gate, part in ((reset, inner[1]), (update, inner[2])))
    if variant == "ResetAfter":
        inner[0] = [a * v for a, v in zip(r, inner[0])]
    else:
        inner[0] = product([a * v for a, v in zip(r, h)], U, 0, n, 3 * n)
    return [(1 - g) * old + g * math.tanh(c) for g, old, c in zip(z, h, add(candidate, inner[0]))]


def row(tensors, offsets, items, values, i):  # row i of a table in compressed rows: item -> value
    a, b = tensors[offsets][i:i + 2]
    return dict(zip(tensors[items][a:b], tensors[values][a:b]))


def votes(vmis, options, tensors, session):  # session-kNN: item index -> score
    at, items, support = tensors["sessions.offsets"], tensors["sessions.items"], tensors["item.support"]
    logged = [set(items[a:b]) for a, b in zip(at, at[1:])]  # oldest first
    session = session[-options["sessionLength"]:]
    last = {item: p + 1 for p, item in enumerate(session)}  # the last position of each item
    recent = [s for s in range(len(logged) - 1, -1, -1) if logged[s] & set(last)][:options["recentSessions"]]
    similarity = {s: sum(p for item, p in last.items() if item in logged[s]) for s in recent}
    found = {}
    for s in sorted(recent, key=lambda s: (-similarity[s], -s))[:options["neighbours"]]:
        from_end = len(session) + 1 - max(last[item] for item in logged[s] & set(last))
        for item in logged[s]:
            found[item] = found.get(item, 0) + similarity[s] * max(0, 10 - from_end)
    weight = options["idfWeight"]
    if vmis:
        idf = lambda i: weight * math.log(sum(support) / max(1, support[i])) if weight else 1
        found.pop(session[-1], None)
    else:
        idf = lambda i: 1 + weight * math.log(len(logged) / sum(i in s for s in logged))
    unit = 10 * (len(last) if vmis else len(session))
    return {i: vote * idf(i) / unit for i, vote in found.items() if vote * idf(i) > 0}


def fused(meta, tensors, session):  # fusion: every model's tensors and metadata have its prefix
    options, found = json.loads(meta["options"]), {}
    for m in range(int(meta["models"])):
        part, prefix = {"item.support": tensors["item.support"]}, f"models.{m}."
        part.update((name[len(prefix):], values) for name, values in tensors.items() if name.startswith(prefix))
        own = {name[len(prefix):]: value for name, value in meta.items() if name.startswith(prefix)}
        best = sorted(scores(own, part, session).items(), key=lambda pair: (-pair[1], pair[0]))[:options["depth"] or None]
        for place, (i, score) in enumerate(best):
            rank = place + 1 if place == 0 or score != best[place - 1][1] else rank  # level items share the best of their places
            found[i] = found.get(i, 0) + (options["weights"][m] if options["weights"] else 1) / (options["rankOffset"] + rank)
    return found


def features(tensors, block, width, item):  # of an item, as {feature: value}
    if f"features.{block}.rows" in tensors:
        return dict(enumerate(tensors[f"features.{block}.rows"][item * width:(item + 1) * width]))
    return row(tensors, f"features.{block}.offsets", f"features.{block}.columns", f"features.{block}.values", item)


def parallel(meta, options, tensors, session):  # p-RNN: what items are scored with after a session
    blocks = json.loads(meta["features"])["blocks"] if "features" in meta else []
    architecture, inputs = options["architecture"], {"id": lambda item: {item: 1}}
    for b, block in enumerate(blocks):
        inputs[block["name"]] = lambda item, b=b, block=block: features(tensors, b, block["width"], item)
    names = list(inputs) if architecture != "FeatureOnly" else [block["name"] for block in blocks]
    subnets = {"concatenated": names} if architecture == "Concatenated" else {name: [name] for name in names}
    own = {subnet["name"]: subnet["weight"] for subnet in options["subnets"]}
    states = []
    for name, reads in subnets.items():
        h = [0.0] * (len(tensors[f"{name}.input_bias"]) // 3)
        for item in session:
            parts = [times(inputs[i](item), tensors[f"{name}.{i}.input_weights"], 3 * len(h)) for i in reads]
            h = gru(name, [sum(values) for values in zip(*parts)], h, tensors, options["training"].get("variant", "ResetBefore"))
        states.append((own.get(name, 1), h))
    if architecture == "SharedWeights":
        return [sum(weight * h[j] for weight, h in states) for j in range(len(states[0][1]))]
    first = states[0][1] if architecture == "Interaction" else None
    return [weight * v * (first[j] if first and k else 1) for k, (weight, h) in enumerate(states) for j, v in enumerate(h)]


def scores(meta, tensors, session):  # item index -> score
    if meta["algorithm"] == "fusion":
        return fused(meta, tensors, session)
    support = tensors["item.support"]
    if meta["algorithm"] == "pop":
        listed = sorted(range(len(support)), key=lambda i: (-support[i], i))[:int(meta["list_length"])]
        return {i: support[i] for i in listed}
    if meta["algorithm"] == "s-pop":
        listed = sorted(range(len(support)), key=lambda i: (-support[i], i))[:int(meta["list_length"])]
        return {i: session.count(i) + support[i] / (1 + support[i]) for i in {*listed, *session}}
    if meta["algorithm"] == "recent-pop":
        return dict(zip(tensors["recent_pop.items"], tensors["recent_pop.counts"]))
    if not session and meta["algorithm"] in ("markov", "rules", "item-knn", "v-sknn", "vmis-knn"):
        return {}  # no item is known: nothing follows from it
    if meta["algorithm"] == "markov":
        a, b = tensors["markov.offsets"][session[-1]:session[-1] + 2]
        counts = tensors["markov.counts"][a:b]
        return {i: count / sum(counts) for i, count in zip(tensors["markov.followers"][a:b], counts)}
    if meta["algorithm"] in ("v-sknn", "vmis-knn"):
        return votes(meta["algorithm"] == "vmis-knn", json.loads(meta["options"]), tensors, session)
    if meta["algorithm"] == "rules":
        return row(tensors, "rules.offsets", "rules.items", "rules.weights", session[-1])
    if meta["algorithm"] == "item-knn":
        return row(tensors, "item_knn.offsets", "item_knn.neighbours", "item_knn.similarities", session[-1])
    options = json.loads(meta["options"])
    vectors, bias = tensors["item.vectors"], tensors["item.bias"]
    size = len(vectors) // len(bias)
    if meta["algorithm"] == "bpr-mf":
        mean = [sum(vectors[i * size + f] for i in session) / max(1, len(session)) for f in range(size)]
        return {i: bias[i] + sum(v * m for v, m in zip(vectors[i * size:(i + 1) * size], mean)) for i in range(len(bias))}
    if meta["algorithm"] == "prnn":
        output = parallel(meta, options, tensors, session)
        return {i: bias[i] + sum(v * u for v, u in zip(vectors[i * size:(i + 1) * size], output)) for i in range(len(bias))}
    inputs = {"Shared": vectors, "Separate": tensors.get("embedding"), "None": None}[options.get("embedding", "Shared")]
    state = [[0.0] * units for units in options.get("layers", [100])]
    for item in session:
        length = len(inputs) // len(bias) if inputs else 0
        x = dict(enumerate(inputs[item * length:(item + 1) * length])) if inputs else {item: 1}
        for layer, h in enumerate(state):
            state[layer] = gru(f"gru.{layer}", times(x, tensors[f"gru.{layer}.input_weights"], 3 * len(h)), h, tensors, options.get("variant", "ResetBefore"))
            x = dict(enumerate(state[layer]))
    output = state[-1]
    if options.get("cosineScale", 0) > 0:  # the vectors have length 1
        norm = math.sqrt(sum(v * v for v in output))
        if norm < 1e-15:
            return {}  # nothing is known yet: no direction, no scores
        output = [options["cosineScale"] * v / norm for v in output]
    return {i: bias[i] + sum(v * s for v, s in zip(vectors[i * size:(i + 1) * size], output)) for i in range(len(bias))}


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    meta, keys, tensors = read(sys.argv[1])
    session = [keys.index(key) for key in sys.argv[2:] if key in keys]
    found = sorted(scores(meta, tensors, session).items(), key=lambda pair: (-pair[1], pair[0]))
    print(json.dumps({"items": len(keys), "scores": [[keys[i], score] for i, score in found]}))
