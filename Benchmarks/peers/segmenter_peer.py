#!/usr/bin/env python3
"""Segmenters of the jieba family without their hidden Markov model, as peers (protocol: peer.py; `shape` is not needed).

Measures, each a list of words for every title:
    segment-rjieba  jieba-rs through rjieba; its threads share the titles (it works without Python's lock)
    segment-jieba   jieba itself
The request may name `batch`, the number of titles in one call (default 1000). Only rjieba can use `threads`.
"""

import concurrent.futures
import importlib
import timeit

from peer import Step, Titles, serve


def build(request: dict) -> Step:
    titles = Titles(request["titles"])
    size = request.get("batch", 1000)
    name = request["measure"].removeprefix("segment-")
    if name not in ("rjieba", "jieba"):
        raise ValueError(f"measure: {request['measure']}; known: segment-rjieba, segment-jieba")
    library = importlib.import_module(name)
    if name == "rjieba":
        threads = request["threads"]
        pool = concurrent.futures.ThreadPoolExecutor(threads)

        def cut(texts):
            return [library.cut(text, False) for text in texts]

        def run(texts):
            parts = pool.map(cut, [texts[i::threads] for i in range(threads)])
            return sum(len(words) for part in parts for words in part)

        def run_alone(texts):
            return sum(map(len, cut(texts)))

        # Whichever way is faster with this library on this machine.
        best = run if faster(run, run_alone, titles.texts[:2000]) else run_alone
    else:
        library.setLogLevel(60)
        library.initialize()

        def best(texts):
            return sum(len(library.lcut(text, HMM=False)) for text in texts)

    return Step(size, lambda: titles.take(size)[0], best)


def faster(one, other, texts: list[str]) -> bool:
    return min(timeit.repeat(lambda: one(texts), number=1)) < min(timeit.repeat(lambda: other(texts), number=1))


if __name__ == "__main__":
    serve("jieba family", build)
