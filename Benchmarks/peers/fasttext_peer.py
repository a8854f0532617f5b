"""A two-class text classifier with fastText: what a Python user filters a crawl with.

    python fasttext_peer.py train POSITIVE NEGATIVE MODEL [--epochs 5] [--threads 2] [--dimension 10] [--rate 0.1]
    python fasttext_peer.py score MODEL TEXT OUTPUT [--processes 2]
    python fasttext_peer.py accuracy POSITIVE NEGATIVE [as train]

Files have one document a line. The features are those of `inkstone corpus quality train`: character n-grams of 1 to 3 and
word n-grams of 1 to 2. `score` writes an object with text and score a line. `accuracy` trains on nine tenths and prints
the share of right answers on the others. fastText's usual dimension is 100; a small one is faster and no worse here.
"""

import argparse
import json
import multiprocessing
import random
import tempfile

import fasttext

LABELS = ("__label__positive", "__label__negative")


def documents(options) -> list[tuple[str, str]]:
    found = []
    for label, path in zip(LABELS, (options.positive, options.negative)):
        with open(path, encoding="utf-8") as lines:
            found += [(label, line.strip()) for line in lines if line.strip()]
    random.Random(1).shuffle(found)
    return found


def fit(training: list[tuple[str, str]], options):
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as file:
        file.writelines(f"{label} {text}\n" for label, text in training)
        file.flush()
        return fasttext.train_supervised(
            file.name, epoch=options.epochs, thread=options.threads, dim=options.dimension, lr=options.rate, minn=1,
            maxn=3, wordNgrams=2, bucket=1 << 20, verbose=0,
        )


def answer(model, text: str) -> tuple[float, str]:
    # Below the Python wrapper, whose arrays do not work with NumPy 2.
    return model.f.predict(text + "\n", 1, 0.0, "strict")[0]


model = None


def open_model(path: str) -> None:
    global model
    model = fasttext.load_model(path)


def score_lines(lines: list[str]) -> str:
    rows = []
    for line in lines:
        text = line.strip()
        if not text:
            continue
        probability, label = answer(model, text)
        score = probability if label == LABELS[0] else 1 - probability
        rows.append(json.dumps({"text": text, "score": round(score, 4)}, ensure_ascii=False))
    return "\n".join(rows) + "\n"


def blocks(path: str):
    with open(path, encoding="utf-8") as file:
        while lines := file.readlines(1 << 20):
            yield lines


def score(options) -> None:
    with open(options.output, "w", encoding="utf-8") as out:
        if options.processes == 1:
            open_model(options.model)
            out.writelines(map(score_lines, blocks(options.text)))
        else:
            with multiprocessing.Pool(options.processes, open_model, (options.model,)) as pool:
                out.writelines(pool.imap(score_lines, blocks(options.text)))


def accuracy(options) -> None:
    found = documents(options)
    cut = len(found) * 9 // 10
    trained = fit(found[:cut], options)
    right = sum(answer(trained, text)[1] == label for label, text in found[cut:])
    print(json.dumps({"peer": "fastText", "accuracy": round(right / (len(found) - cut), 4)}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("train", "accuracy"):
        command = commands.add_parser(name)
        command.add_argument("positive")
        command.add_argument("negative")
        if name == "train":
            command.add_argument("model")
        command.add_argument("--epochs", type=int, default=5)
        command.add_argument("--threads", type=int, default=2)
        command.add_argument("--dimension", type=int, default=10)
        command.add_argument("--rate", type=float, default=0.1)
    command = commands.add_parser("score")
    command.add_argument("model")
    command.add_argument("text")
    command.add_argument("output")
    command.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    if options.command == "train":
        fit(documents(options), options).save_model(options.model)
    elif options.command == "score":
        score(options)
    else:
        accuracy(options)


if __name__ == "__main__":
    main()
