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


def main():
    rng = random.Random(2718)
    fixture = {"tagging": tagging(rng), "extraction": extraction(rng, sys.argv[1])}
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(fixture, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
