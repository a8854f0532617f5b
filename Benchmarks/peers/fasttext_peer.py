"""A two-class text classifier with fastText: what a Python user filters a crawl with.

    python fasttext_peer.py POSITIVE NEGATIVE [--epochs 1] [--threads 2] [--dimension 100]

Both files have one document a line. Trains on nine tenths of them and scores the others, with the features of
`inkstone corpus quality train`: character n-grams of 1 to 3 and word n-grams of 1 to 2. Prints JSON: megabytes of text
trained on and scored a second, and the share of right answers. A small --dimension is faster than fastText's usual one.
"""

import argparse
import json
import random
import tempfile
import time

import fasttext

LABELS = ("__label__positive", "__label__negative")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("positive")
    parser.add_argument("negative")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--dimension", type=int, default=100)
    options = parser.parse_args()
    documents = []
    for label, path in zip(LABELS, (options.positive, options.negative)):
        with open(path, encoding="utf-8") as lines:
            documents += [(label, line.strip()) for line in lines if line.strip()]
    random.Random(1).shuffle(documents)
    cut = len(documents) * 9 // 10
    training, held = documents[:cut], documents[cut:]
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as file:
        file.writelines(f"{label} {text}\n" for label, text in training)
        file.flush()
        start = time.perf_counter()
        model = fasttext.train_supervised(
            file.name,
            epoch=options.epochs,
            thread=options.threads,
            dim=options.dimension,
            lr=0.5,
            minn=1,
            maxn=3,
            wordNgrams=2,
            bucket=1 << 20,
            verbose=0,
        )
        train_seconds = time.perf_counter() - start
    start = time.perf_counter()
    # Below the Python wrapper, whose arrays do not work with NumPy 2.
    answers = [model.f.predict(text + "\n", 1, 0.0, "strict") for _, text in held]
    score_seconds = time.perf_counter() - start
    right = sum(answer[0][1] == label for answer, (label, _) in zip(answers, held))
    print(
        json.dumps(
            {
                "peer": "fastText",
                "dimension": options.dimension,
                "documents": len(documents),
                "trainMegabytesPerSecond": round(options.epochs * megabytes(training) / train_seconds, 2),
                "scoreMegabytesPerSecond": round(megabytes(held) / score_seconds, 2),
                "accuracy": round(right / len(held), 4),
            }
        )
    )


def megabytes(documents: list[tuple[str, str]]) -> float:
    return sum(len(text.encode("utf-8")) for _, text in documents) / 1e6


if __name__ == "__main__":
    main()
