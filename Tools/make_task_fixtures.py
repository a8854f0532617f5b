"""Writes Tests/InkTasksTests/Fixtures/metrics.json: made-up gold and predicted values with the scores that the reference
implementations give.

    pip install seqeval==1.2.2 nltk==3.10.4 scikit-learn==1.9.1 scipy==1.17.1
    python Tools/make_task_fixtures.py CMRC2018_EVALUATE.py

The argument is the official evaluation script of CMRC 2018 (version 6, from the data's repository). Its word splitting
runs without NLTK's trained list of abbreviations, which is a download of its own. Seeds are fixed: a second run writes the
same bytes.
"""

import importlib.util
import json
import pathlib
import random
import sys
import warnings

import nltk
import numpy as np
import scipy.stats
import sklearn.metrics
from nltk.tokenize import NLTKWordTokenizer
from nltk.tokenize.punkt import PunktSentenceTokenizer
from seqeval.metrics.sequence_labeling import get_entities, precision_recall_fscore_support
from seqeval.metrics.v1 import precision_recall_fscore_support as strict_scores
from seqeval.scheme import IOB2, IOBES, Entities

FILE = pathlib.Path(__file__).parent.parent / "Tests/InkTasksTests/Fixtures/metrics.json"
warnings.filterwarnings("ignore")


def scores(values):
    """Precision, recall, F1 and support as a list, per class or averaged."""
    return [np.asarray(value, dtype=float).tolist() for value in values]


def tagging(rng):
    cases = []
    for name, letters, scheme in (("bio", "BI", IOB2), ("bioes", "BIES", IOBES)):
        def sequence(length):
            weights = [4] + [1] * (2 * len(letters))
            return rng.choices(["O"] + [f"{x}-{t}" for t in ("LOC", "PER") for x in letters], weights, k=length)

        gold = [sequence(rng.randint(1, 12)) for _ in range(60)]
        predicted = [[t if rng.random() < 0.8 else sequence(1)[0] for t in tags] for tags in gold]
        cases.append({
            "scheme": name,
            "gold": gold,
            "predicted": predicted,
            "spans": [[[t, s, e + 1] for t, s, e in get_entities(tags)] for tags in gold],
            "strictSpans": [
                sorted([e.tag, e.start, e.end] for e in sentence) for sentence in Entities(gold, scheme).entities
            ],
            "types": scores(precision_recall_fscore_support(gold, predicted, average=None)),
            "micro": scores(precision_recall_fscore_support(gold, predicted, average="micro")),
            "macro": scores(precision_recall_fscore_support(gold, predicted, average="macro")),
            "weighted": scores(precision_recall_fscore_support(gold, predicted, average="weighted")),
            "strictMicro": scores(strict_scores(gold, predicted, average="micro", scheme=scheme)),
            "strictMacro": scores(strict_scores(gold, predicted, average="macro", scheme=scheme)),
        })
    return cases


def extraction(rng, script):
    splitter = PunktSentenceTokenizer()
    words = NLTKWordTokenizer()
    nltk.word_tokenize = lambda text: [w for s in splitter.tokenize(text) for w in words.tokenize(s)]
    spec = importlib.util.spec_from_file_location("cmrc2018_evaluate", script)
    official = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(official)

    phrases = """一九三二年 长江大桥 《海边》 “风筝” NBA总决赛 the Grey Harbour Dr. Lin's don't 3.5% 1,204人 12：30 A-B-C iPhone 4s
    10~20 （上册） (ver. 2.0) e.g. no. 7 What? Yes! etc. it's rock 'n' roll we'll $5 #1 C++ "quoted" 'single' ... Wait… @home a/b R&B
    cannot gonna 5'10" o'clock l'art U.S. Inc. 2.5. [a] {b} <c> 蓝、绿 ·木· ＡＢ ２０ é Ω, ok, 1,000,000 x; y""".split()
    items = []
    for _ in range(220):
        def answer():
            return rng.choice(["", " "]).join(rng.choices(phrases, k=rng.randint(1, 5)))

        truth = [answer() for _ in range(rng.randint(1, 3))]
        base = rng.choice(truth)
        start, end = sorted(rng.choices(range(len(base) + 1), k=2))
        prediction = rng.choice([base, base[start:end], base[start:] + answer(), answer()])
        items.append({
            "answers": truth,
            "prediction": prediction,
            "pieces": official.mixed_segmentation(prediction, rm_punc=True),
            "exactMatch": official.calc_em_score(truth, prediction),
            "f1": official.calc_f1_score(truth, prediction),
        })
    return items


def ranking(rng):
    scores = [[round(rng.random(), 3) for _ in range(rng.randint(1, 8))] for _ in range(40)]
    relevant = [[int(rng.random() < 0.3) for _ in row] for row in scores]
    first = []
    precision = []
    for row, labels in zip(scores, relevant):
        labels_by_score = [label for _, label in sorted(zip(row, labels), key=lambda pair: -pair[0])]
        first.append(labels_by_score.index(1) + 1 if 1 in labels_by_score else 0)
        precision.append(sklearn.metrics.average_precision_score(labels, row) if 1 in labels else 0)
    flat = [label for row in relevant for label in row]
    guessed = [int(score > 0.5) for row in scores for score in row]
    return {
        "scores": scores,
        "relevant": relevant,
        "meanReciprocalRank": float(np.mean([1 / rank if rank else 0 for rank in first])),
        "meanAveragePrecision": float(np.mean(precision)),
        "hits": [float(np.mean([0 < rank <= cutoff for rank in first])) for cutoff in (1, 3)],
        "positive": scores_of(sklearn.metrics.precision_recall_fscore_support(flat, guessed, average="binary")),
        "without": first.count(0),
    }


def scores_of(values):
    return [float(value) for value in values[:3]]


def similarity(rng):
    gold = [rng.randint(0, 5) for _ in range(60)]
    predicted = [round(value / 5 + rng.gauss(0, 0.3), 1) for value in gold]
    return {
        "gold": gold,
        "predicted": predicted,
        "spearman": float(scipy.stats.spearmanr(gold, predicted).statistic),
        "pearson": float(scipy.stats.pearsonr(gold, predicted).statistic),
    }


def labels(rng):
    classes = 5
    gold = [sorted(rng.sample(range(classes - 1), rng.randint(0, 3))) for _ in range(60)]
    predicted = [sorted({k for k in range(classes) if (k in row) != (rng.random() < 0.15)}) for row in gold]

    def matrix(rows):
        return np.array([[int(k in row) for k in range(classes)] for row in rows])

    def measured(truth, guess, **options):
        return scores_of(sklearn.metrics.precision_recall_fscore_support(truth, guess, zero_division=0, **options))

    single = [rng.randrange(classes) for _ in range(80)]
    guess = [k if rng.random() < 0.7 else rng.randrange(classes) for k in single]
    averages = ("micro", "macro", "weighted")
    return {
        "gold": gold,
        "predicted": predicted,
        "exactMatch": float(sklearn.metrics.accuracy_score(matrix(gold), matrix(predicted))),
        "averages": [measured(matrix(gold), matrix(predicted), average=name) for name in averages],
        "single": single,
        "guess": guess,
        "withoutZero": [measured(single, guess, average=name, labels=[1, 2, 3, 4]) for name in averages],
    }


def main():
    rng = random.Random(2718)
    fixture = {"tagging": tagging(rng), "extraction": extraction(rng, sys.argv[1])}
    fixture |= {"ranking": ranking(rng), "similarity": similarity(rng), "labels": labels(rng)}
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(fixture, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
