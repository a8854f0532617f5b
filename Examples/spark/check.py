#!/usr/bin/env python3
"""Runs the Spark job and the one-machine pipeline on the same corpus and compares every document.

    python3 Examples/spark/check.py --inkstone .build/release/inkstone [--text FILE]

Without --text the corpus is made here: sentences put together at random, with copies, near copies, markup and
characters in any order, which a model trained here scores low.
"""

import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SUBJECTS = "老师 学生 工程师 医生 记者 农民 画家 店主 司机 孩子们".split()
VERBS = "讨论了 记录了 修好了 介绍了 参观了 整理了 等待着 想起了".split()
OBJECTS = "新的课本 旧的水车 一座图书馆 城里的桥 明天的比赛 远方的来信 今年的收成 雨后的花园".split()
PLACES = "在河边 在学校里 在车站 在集市上 在山脚下 在家中".split()


def sentence(draw: random.Random) -> str:
    return f"{draw.choice(PLACES)}，{draw.choice(SUBJECTS)}{draw.choice(VERBS)}{draw.choice(OBJECTS)}。"


def shuffled(draw: random.Random, text: str) -> str:
    return "".join(draw.sample(text, len(text)))


def quality_model(inkstone: str, folder: pathlib.Path, corpus: pathlib.Path, count: int = 500) -> pathlib.Path:
    """A model that tells texts of the corpus from the same characters in any order."""
    draw = random.Random(11)
    with open(corpus, encoding="utf-8") as lines:
        good = [json.loads(line)["text"] for line, _ in zip(lines, range(count))]
    (folder / "good.txt").write_text("\n".join(good) + "\n", encoding="utf-8")
    (folder / "poor.txt").write_text("\n".join(shuffled(draw, text) for text in good) + "\n", encoding="utf-8")
    model = folder / "quality.ink"
    subprocess.run(
        [inkstone, "corpus", "quality", "train", "--positive", str(folder / "good.txt"), "--negative",
         str(folder / "poor.txt"), "--output", str(model)], check=True)
    return model


def made_corpus(path: pathlib.Path, count: int = 3000) -> None:
    draw = random.Random(7)
    texts = []
    for _ in range(count):
        kind = draw.random()
        if texts and kind < 0.15:
            text = draw.choice(texts)
            if kind < 0.1:
                place = draw.randrange(len(text))
                text = text[:place] + draw.choice("甲乙丙丁") + text[place + 1:]
        else:
            text = "".join(sentence(draw) for _ in range(draw.randint(2, 9)))
            if kind < 0.3:
                text = shuffled(draw, text)
            if kind > 0.95:
                text = f"<p>{text}</p> 见 https://example.com/{draw.randrange(1000)}"
        texts.append(text)
    with open(path, "w", encoding="utf-8") as out:
        for number, text in enumerate(texts):
            out.write(json.dumps({"id": f"d{number}", "text": text}, ensure_ascii=False) + "\n")


def corpus_of(text: str, path: pathlib.Path) -> None:
    with open(text, encoding="utf-8") as lines, open(path, "w", encoding="utf-8") as out:
        for number, line in enumerate(lines):
            if line.strip():
                out.write(json.dumps({"id": f"d{number}", "text": line.strip()}, ensure_ascii=False) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inkstone", default=".build/release/inkstone")
    parser.add_argument("--text", help="one document a line")
    arguments = parser.parse_args()
    inkstone = str(pathlib.Path(arguments.inkstone).resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        corpus = folder / "corpus.jsonl"
        if arguments.text:
            corpus_of(arguments.text, corpus)
        else:
            made_corpus(corpus)
        model = quality_model(inkstone, folder, corpus)
        (folder / "pipeline.yaml").write_text(json.dumps({
            "input": "corpus.jsonl", "output": "alone", "seed": 1,
            "stages": [
                {"clean": {"preset": "yuan"}}, {"score": {"model": str(model), "keep": "pareto"}},
                {"dedup": {"method": "near"}}, {"sample": {"share": 0.5}}]}))
        subprocess.run([inkstone, "corpus", "run", str(folder / "pipeline.yaml")], check=True)
        subprocess.run(
            [sys.executable, str(HERE / "corpus_job.py"), "--inkstone", inkstone, "--input", str(corpus), "--output",
             str(folder / "spark"), "--clean", "--preset yuan", "--score", f"--model {model} --keep pareto", "--share", "0.5"], check=True)
        alone = [json.loads(line) for line in open(folder / "alone" / "documents.jsonl", encoding="utf-8")]
        spark = [
            json.loads(line) for part in sorted((folder / "spark").glob("part-*"))
            for line in open(part, encoding="utf-8")]
        # Where a document came from is told by the file's name, which a pipe does not know.
        for record in alone + spark:
            record.pop("source", None)
        total = sum(1 for _ in open(corpus, encoding="utf-8"))
        if not alone or alone != spark:
            differing = sum(a != b for a, b in zip(alone, spark)) + abs(len(alone) - len(spark))
            sys.exit(f"{differing} documents differ: {len(alone)} alone, {len(spark)} on Spark")
        print(f"{total} documents in, {len(alone)} out, the same on Spark and alone")


if __name__ == "__main__":
    main()
