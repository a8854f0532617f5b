"""What the peers share: the protocol, the model shapes, the titles.

A peer is a process that lives through a whole comparison. It reads one JSON request a line from standard input and
answers each with one JSON line on standard output, so that a harness can let both sides work in turn:

    {"measure": "finetune", "shape": "nano", "titles": "titles.txt", "vocab": "vocab.txt", "steps": 3, "threads": 2}
    {"measure": "finetune", …, "seconds": [1.31, 1.29, 1.30], "titlesPerStep": 128, "titlesPerSecond": 98.5, …}

Request:
    measure   what to time; see the peer
    shape     nano (4 layers of 312, batch 128) or base (12 layers of 768, batch 32)
    titles    a text file, one `title<TAB>label` a line; the label may be missing where none is needed
    vocab     vocab.txt; its line count is the vocabulary size
    padding   fixed32 (default) or longest; only for fine-tuning
    steps     how many timed steps (default 5); the position in the titles carries over to the next request
    threads   default 2
    warmup    untimed steps before the first timed one of a kind (default 2)

Answer: the request's fields, and
    peer             name and version
    seconds          one entry for each step
    titlesPerStep, titlesPerSecond   the latter from the median step
    tokensPerStep    real tokens, padding not counted, on average
    peakRss          bytes, the most this process has ever held, over all its requests: for the memory of one
                     measure, start a process for it alone
A request that fails is answered with {"error": "…"}. The process ends when its input ends.
"""

import json
import pathlib
import resource
import statistics
import sys
import time
from typing import Callable, NamedTuple

MAX_LENGTH = 32
TITLES_AT_ONCE = 64


class Shape(NamedTuple):
    layers: int
    hidden: int
    intermediate: int
    batch: int
    heads: int = 12


SHAPES = {"nano": Shape(4, 312, 1248, 128), "base": Shape(12, 768, 3072, 32)}


class Titles:
    """The titles in file order, again from the start when they run out."""

    def __init__(self, path: str):
        lines = pathlib.Path(path).read_text(encoding="utf-8").splitlines()
        rows = [line.split("\t") for line in lines if line.strip()]
        if not rows:
            raise ValueError(f"{path}: no titles")
        self.texts = [row[0] for row in rows]
        names = [row[1].strip() if len(row) > 1 else "" for row in rows]
        known = sorted(set(names))
        self.labels = [known.index(name) for name in names]
        self.label_count = len(known)
        self.position = 0

    def take(self, count: int) -> tuple[list[str], list[int]]:
        places = [(self.position + i) % len(self.texts) for i in range(count)]
        self.position += count
        return [self.texts[i] for i in places], [self.labels[i] for i in places]


class Step(NamedTuple):
    """One timed piece of work: `prepare` is not timed and its result goes to `run`."""

    titles: int
    prepare: Callable[[], object]
    run: Callable[[object], int]  # returns the number of real tokens


def vocabulary_size(path: str) -> int:
    return len(pathlib.Path(path).read_text(encoding="utf-8").splitlines())


def timed(step: Step, count: int) -> dict:
    seconds, tokens = [], 0
    for _ in range(count):
        prepared = step.prepare()
        start = time.perf_counter()
        tokens += step.run(prepared)
        seconds.append(time.perf_counter() - start)
    return {
        "seconds": seconds,
        "titlesPerStep": step.titles,
        "titlesPerSecond": step.titles / statistics.median(seconds),
        "tokensPerStep": tokens / count,
        # Linux counts in KiB, macOS in bytes.
        "peakRss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024),
    }


def serve(name: str, build: Callable[[dict], Step]) -> None:
    """Answers requests until the input ends. `build` makes the step of a request; it is kept for later requests."""
    answers = sys.stdout
    # Whatever a library prints must not end up between the answers.
    sys.stdout = sys.stderr
    steps: dict[str, Step] = {}
    for line in sys.stdin:
        if not line.strip():
            continue
        request = {}
        try:
            request = {"padding": "fixed32", "steps": 5, "threads": 2, "warmup": 2} | json.loads(line)
            kind = json.dumps({k: v for k, v in request.items() if k not in ("steps", "warmup")}, sort_keys=True)
            if kind not in steps:
                steps[kind] = build(request)
                if request["warmup"] > 0:
                    timed(steps[kind], request["warmup"])
            answer = request | {"peer": name} | timed(steps[kind], request["steps"])
        except Exception as error:  # one bad request must not end a comparison
            answer = request | {"peer": name, "error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer, ensure_ascii=False), file=answers, flush=True)
