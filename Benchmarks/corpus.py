#!/usr/bin/env python3
"""The corpus stages and what a user would pick instead, as whole processes on the same file, in turn.

    Benchmarks/corpus.py --python VENV/bin/python --text corpus.txt --vocab vocab.txt
    Benchmarks/corpus.py --memory --text corpus.txt --vocab vocab.txt
    Benchmarks/corpus.py --near-quality 20000 --text corpus.txt

Each round runs every side once, every second round backwards; the table shows medians of the rounds' ratios and their
range. Times are of whole processes, start and files included. `--memory` repeats the text up to a size and shows the
most memory that each stage held. `--near-quality` compares near duplicates among the first documents with the exact
Jaccard similarity of all pairs. See Benchmarks/README.md.
"""

import argparse
import collections
import itertools
import json
import math
import operator
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent


class Work:
    """Files that the measures share."""

    def __init__(self, arguments, folder: pathlib.Path):
        self.arguments, self.folder = arguments, folder
        self.text = folder / "text.txt"

    def cut_text(self, size: int) -> None:
        """The first `size` bytes of the text, to a line end; repeated with a mark on every line when it is shorter."""
        source = pathlib.Path(self.arguments.text)
        written, copy = 0, 0
        with open(self.text, "wb") as out:
            while written < size:
                with open(source, "rb") as lines:
                    for line in lines:
                        if copy:
                            line = line.rstrip(b"\n") + b" %d\n" % copy
                        out.write(line)
                        written += len(line)
                        if written >= size:
                            break
                copy += 1
                if not self.arguments.memory:
                    break

    def tokenizer(self) -> pathlib.Path:
        folder = self.folder / "tokenizer"
        if not folder.exists():
            folder.mkdir()
            shutil.copy(self.arguments.vocab, folder / "vocab.txt")
        return folder

    def classes(self, most: int | None = None) -> tuple[pathlib.Path, pathlib.Path]:
        """Every other line of the text, and the lines between with their letters reversed."""
        good, bad = self.folder / "good.txt", self.folder / "bad.txt"
        if not good.exists():
            with open(self.text, encoding="utf-8") as lines, open(good, "w", encoding="utf-8") as first, \
                    open(bad, "w", encoding="utf-8") as second:
                for number, line in enumerate(itertools.islice(lines, most)):
                    text = line.strip()
                    if text:
                        print(text if number % 2 else text[::-1], file=first if number % 2 else second)
        return good, bad


def ours(work: Work, *words, threads: int | None = None) -> list[str]:
    return [work.arguments.inkstone, "corpus", *map(str, words), "--threads", str(threads or work.arguments.threads)]


def peer(work: Work, script: str, *words) -> list[str]:
    return [work.arguments.python, str(HERE / "peers" / script), *map(str, words)]


def sides(work: Work, measure: str) -> dict[str, list[str]]:
    folder, text, threads = work.folder, work.text, work.arguments.threads
    match measure:
        case "clean":
            return {
                "Inkstone": ours(work, "clean", text, "--lowercase", "true", "--min-sentence-words", 10,
                                 "--output", folder / "c.txt", "--force"),
                "a script with re": peer(work, "clean_peer.py", text, folder / "p.txt", "--lowercase",
                                         "--min-sentence-words", 10, "--processes", threads),
            }
        case "signatures":
            return {
                "Inkstone": ours(work, "dedup", "--signatures", text, "--output", folder / "s.jsonl", "--force"),
                "datasketch": peer(work, "minhash_peer.py", text, "--output", folder / "p.jsonl"),
                f"datasketch, {threads} processes": peer(
                    work, "minhash_peer.py", text, "--output", folder / "p.jsonl", "--processes", threads),
            }
        case "train":
            good, bad = work.classes()
            train = peer(work, "fasttext_peer.py", "train", good, bad, folder / "peer.bin", "--threads", threads)
            return {
                "Inkstone": ours(work, "quality", "train", "--positive", good, "--negative", bad, "--held-share", 0,
                                 "--output", folder / "model.ink", "--force"),
                "fastText, 10 dimensions, 5 epochs": train,
                "fastText, 100 dimensions, 1 epoch": [*train, "--dimension", "100", "--epochs", "1", "--rate", "0.5"],
            }
        case "score" | "score-1":
            for command in list(sides(work, "train").values())[:2]:
                if not pathlib.Path(folder / "peer.bin").exists():
                    run(command)
            score = peer(work, "fasttext_peer.py", "score", folder / "peer.bin", text, folder / "peer.jsonl")
            one = [*score, "--processes", "1"]
            own = ["score", "--model", folder / "model.ink", text, "--output", folder / "own.jsonl", "--force"]
            if measure == "score-1":
                return {"Inkstone": ours(work, *own, threads=1), "fastText, 1 process": one}
            return {
                "Inkstone": ours(work, *own),
                f"fastText, {threads} processes": [*score, "--processes", str(threads)],
                "fastText, 1 process": one,
            }
        case "shard":
            tokenizer = work.tokenizer()
            return {
                "Inkstone": ours(work, "shard", text, "--tokenizer", tokenizer, "--folder", folder / "shards"),
                "tokenizers with a map": peer(work, "shard_peer.py", tokenizer, text, folder / "peer", threads),
            }
    sys.exit(f"there is no measure {measure}")


def run(command: list[str]) -> tuple[float, int]:
    """Wall seconds, and the most kilobytes held by the process."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"failed: {' '.join(command)}\n{said.decode(errors='replace')[-2000:]}")
    return time.monotonic() - start, usage.ru_maxrss


def compare(work: Work, measures: list[str], rounds: int) -> list[dict]:
    results = []
    for measure in measures:
        commands = sides(work, measure)
        seconds = {name: [] for name in commands}
        for number in range(rounds):
            names = list(commands) if number % 2 == 0 else list(reversed(commands))
            for name in names:
                seconds[name].append(run(commands[name])[0])
        megabytes = work.text.stat().st_size / 1e6
        mine = seconds["Inkstone"]
        for name in list(commands)[1:]:
            ratios = [theirs / own for theirs, own in zip(seconds[name], mine)]
            print(f"| {measure} | {megabytes / statistics.median(mine):.1f} MB/s | {name} "
                  f"{megabytes / statistics.median(seconds[name]):.1f} MB/s | {statistics.median(ratios):.2f} "
                  f"({min(ratios):.2f}–{max(ratios):.2f}) |", flush=True)
        results.append({"measure": measure, "megabytes": megabytes, "seconds": seconds})
    return results


def memory(work: Work) -> list[dict]:
    text, folder, results = work.text, work.folder, []
    to = ["--output", folder / "o.txt", "--force"]
    evaluation = folder / "evaluation.txt"
    with open(text, encoding="utf-8") as lines, open(evaluation, "w", encoding="utf-8") as out:
        out.writelines(itertools.islice(lines, 0, 100_000, 10))
    work.classes(100_000)
    run(sides(work, "train")["Inkstone"])
    stages = {
        "clean, all rules": sides(work, "clean")["Inkstone"],
        "filter": ours(work, "filter", text, "--min-characters", 5, *to),
        **{f"dedup {method}": ours(work, "dedup", text, "--method", method, *to)
           for method in ["exact", "ernie3", "near", "lines", "paragraphs"]},
        "dedup near, verified": ours(work, "dedup", text, "--method", "near", "--verify", "exact", *to),
        "dedup signatures": sides(work, "signatures")["Inkstone"],
        "score": ours(work, "score", text, "--model", folder / "model.ink", "--keep", "pareto", *to),
        "sample": ours(work, "sample", text, "--share", 0.5, *to),
        "mix": ours(work, "mix", text, "--weights", "{text: 1}", "--bytes", text.stat().st_size * 3 // 4, *to),
        "contamination": ours(work, "contamination", text, "--evaluation", f"[{evaluation}]", *to),
        "shard": sides(work, "shard")["Inkstone"],
        "stats": ours(work, "stats", text, "--tokenizer", work.tokenizer()),
        "quality label": ours(work, "quality", "label", text, *to),
        "lexicon": [work.arguments.inkstone, "lexicon", "build", text, *to],
    }
    for name, command in stages.items():
        seconds, kilobytes = run(command)
        size = text.stat().st_size / 1e6
        print(f"| {name} | {size / 1000:.2f} GB | {kilobytes / 1000:.0f} MB | {size / seconds:.1f} MB/s |", flush=True)
        results.append({"stage": name, "megabytes": size, "kilobytes": kilobytes, "seconds": seconds})
    return results


def shingles_of(text: str, length: int = 5) -> frozenset[str]:
    return frozenset(text[at : at + length] for at in range(max(1, len(text) - length + 1)))


def similar_pairs(sets: list[frozenset[str]], least: float) -> dict[tuple[int, int], float]:
    """The Jaccard similarity of every pair from `least`: two such sets share one of their rarest shingles, so many of
    them that what is left is less than `least` of the set."""
    counts = collections.Counter(shingle for shingles in sets for shingle in shingles)
    members, pairs = collections.defaultdict(list), {}
    for number, shingles in enumerate(sets):
        rarest = sorted(shingles, key=lambda shingle: (counts[shingle], shingle))
        others = set()
        for shingle in rarest[: len(rarest) - math.ceil(least * len(rarest)) + 1]:
            others.update(members[shingle])
            members[shingle].append(number)
        for other in others:
            common = len(shingles & sets[other])
            similarity = common / (len(shingles) + len(sets[other]) - common)
            if similarity >= least:
                pairs[other, number] = similarity
    return pairs


def share(some, all) -> float:
    return len(some) / len(all) if all else math.nan


def near_quality(work: Work, documents: int, threshold: float = 0.8) -> list[dict]:
    """Pairs that share a band, and those of them whose signatures agree, against those that are similar. Equal texts are
    left out: they are always found."""
    separator = "\n\n" if work.arguments.format == "paragraphs" else "\n"
    texts = []
    with open(work.arguments.text, encoding="utf-8") as file:
        for text in file.read().split(separator):
            if text.strip():
                texts.append(text.strip())
            if len(texts) == documents:
                break
    texts = list(dict.fromkeys(texts))
    work.text = work.text.with_suffix(".jsonl")
    with open(work.text, "w", encoding="utf-8") as out:
        for number, text in enumerate(texts):
            print(json.dumps({"text": text, "id": str(number)}, ensure_ascii=False), file=out)
    records = work.folder / "signatures.jsonl"
    run(ours(work, "dedup", "--signatures", "--threshold", threshold, work.text, "--output", records))
    bands, signatures = collections.defaultdict(list), []
    with open(records, encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            record = json.loads(line)
            signatures.append(bytes(record["signature"]))
            for band in record["bands"]:
                bands[band].append(number)
    candidates = {pair for members in bands.values() for pair in itertools.combinations(members, 2)}
    required = math.ceil(threshold * len(signatures[0]) - 1e-9)
    agreeing = {
        (one, other) for one, other in candidates
        if sum(map(operator.eq, signatures[one], signatures[other])) >= required}
    similar = similar_pairs([shingles_of(text) for text in texts], threshold - 0.1)
    true = {pair for pair, similarity in similar.items() if similarity >= threshold}
    clear = {pair for pair, similarity in similar.items() if similarity >= threshold + 0.1}
    result = {
        "documents": len(texts), "similar": len(true), "found": len(agreeing),
        "precision": share(agreeing & true, agreeing),
        "precision a tenth below": share(agreeing & similar.keys(), agreeing),
        "recall": share(agreeing & true, true),
        "recall a tenth above": share(agreeing & clear, clear),
        "recall with --verify exact": share(candidates & true, true),
    }
    for name, value in result.items():
        print(f"| {name} | {value:.3f} |" if isinstance(value, float) else f"| {name} | {value} |")
    return [result]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inkstone", default=".build/release/inkstone")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--text", required=True, help="a file with one document a line")
    parser.add_argument("--vocab", help="a vocab.txt, for the shards")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--megabytes", type=int, default=50, help="how much of the text to take")
    parser.add_argument("--measures", default="clean,signatures,train,score,score-1,shard")
    parser.add_argument("--memory", action="store_true", help="the most memory of each stage instead")
    parser.add_argument("--near-quality", type=int, metavar="N", help="near duplicates of the first N documents instead")
    parser.add_argument("--format", choices=["lines", "paragraphs"], default="lines", help="of the text, for that")
    parser.add_argument("--json", help="write every figure to this file")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Work(arguments, pathlib.Path(folder))
        if arguments.near_quality is None:
            work.cut_text(arguments.megabytes * 1_000_000)
        if arguments.near_quality is not None:
            print("| near duplicates against exact Jaccard | |\n|---|---|")
            results = near_quality(work, arguments.near_quality)
        elif arguments.memory:
            print("| stage | input | most memory | speed |\n|---|---|---|---|")
            results = memory(work)
        else:
            print("| measure | Inkstone | instead | times as fast |\n|---|---|---|---|")
            results = compare(work, arguments.measures.split(","), arguments.rounds)
    if arguments.json:
        pathlib.Path(arguments.json).write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
