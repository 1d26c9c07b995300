# Work that times itself. A line "ROW COUNT" on standard input runs a row so often; each run answers with a line of its
# seconds and its result, which has to be the same on every host.
import json
import random
import re
import sys
import time


def generator():
    return sum(i * i for i in range(100_000))


def floats():
    x = 0.0
    for i in range(100_000):
        x = x * 0.5 + i
    return repr(x)


def nbody():
    bodies = [
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 39.47],
        [4.84, -1.16, -0.10, 0.60, 2.81, -0.02, 0.037],
        [8.34, 4.12, -0.40, -1.01, 1.82, 0.008, 0.011],
        [12.89, -15.11, -0.22, 1.08, 0.86, -0.01, 0.0017],
        [15.37, -25.9, 0.17, 0.97, 0.59, -0.03, 0.002],
    ]
    pairs = [(a, b) for i, a in enumerate(bodies) for b in bodies[i + 1:]]
    for _ in range(500):
        for a, b in pairs:
            dx = a[0] - b[0]
            dy = a[1] - b[1]
            dz = a[2] - b[2]
            distance = dx * dx + dy * dy + dz * dz
            force = 0.01 / (distance * distance ** 0.5)
            ma = a[6] * force
            mb = b[6] * force
            a[3] -= dx * mb
            a[4] -= dy * mb
            a[5] -= dz * mb
            b[3] += dx * ma
            b[4] += dy * ma
            b[5] += dz * ma
        for body in bodies:
            body[0] += 0.01 * body[3]
            body[1] += 0.01 * body[4]
            body[2] += 0.01 * body[5]
    return "%.9f" % bodies[0][0]


def dicts():
    counts = {}
    for i in range(30_000):
        key = (i * 7919) % 5003
        counts[key] = counts.get(key, 0) + i
    names = {"key%d" % i: i for i in range(5_000)}
    total = 0
    for key, value in names.items():
        if key in names:
            total += value + counts.get(value, 0)
    for key in list(names):
        del names[key]
    return total + len(names)


def strings():
    words = ["word%d" % (i % 97) for i in range(10_000)]
    text = " ".join(words)
    upper = text.upper().replace("WORD1", "term").split()
    found = sum(1 for word in upper if word.startswith("term"))
    lines = [f"{i:>6}: {word}" for i, word in enumerate(words)]
    return found + len("\n".join(lines).encode()) + len("".join(reversed(text)))


DOCUMENT = {
    "records": [
        {"id": i, "name": "name %d" % i, "score": i / 7, "tags": ["a", "b", str(i)], "on": i % 2 == 0, "none": None}
        for i in range(480)
    ]
}


def documents():
    text = json.dumps(DOCUMENT)
    assert 40_000 < len(text) < 55_000, len(text)
    return len(json.loads(text)["records"]) + len(text)


TEXT = " ".join("user%d@host%d.example.org 2024-%02d-%02d" % (i, i % 50, i % 12 + 1, i % 28 + 1) for i in range(1_500))
ADDRESS = re.compile(r"(\w+)@([\w.]+)\.(org|com)")
DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


def regex():
    return len(ADDRESS.findall(TEXT)) + len(DATE.sub(r"\3.\2.\1", TEXT))


NUMBERS = random.Random(42).sample(range(1_000_000), 20_000)


def sorting():
    ascending = sorted(NUMBERS)
    by_key = sorted(NUMBERS, key=lambda n: (n % 1000, n))
    texts = sorted(map(str, NUMBERS))
    return "%d/%d/%s" % (ascending[100], by_key[100], texts[100])


while line := sys.stdin.readline():
    row, count = line.split()
    work = globals()[row]
    for _ in range(int(count)):
        start = time.perf_counter()
        result = work()
        print("%.9f %s" % (time.perf_counter() - start, result), flush=True)
