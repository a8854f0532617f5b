"""Small valid inputs, what to damage of each, and the verb that reads it.

Models, quality models, corpora and run folders are made by the program itself; tokenizers and published forms of
checkpoints are the committed fixtures."""

import gzip
import json
import lzma
import random
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FORMS = ROOT / "Tests/InkModelsTests/Fixtures/forms"
SUBWORD = ROOT / "Tests/InkTextTests/Fixtures/subword"
SEGMENTER = ROOT / "Tests/InkTextTests/Fixtures/segmenter"


@dataclass
class Target:
    """A folder of valid files, of which one is damaged, and the arguments that read it there."""

    name: str
    folder: Path
    file: str
    arguments: list
    # Of the files that carry a checksum: another answer than the valid file's is then a fault.
    checked: bool = False
    # How `structure.py` changes the file: json, yaml, table, safetensors, torch, protobuf, lines; "" for not at all.
    form: str = ""
    standard_input: bytes = b""
    reference: str = field(default="", compare=False)


class Workshop:
    """Makes the inputs in a folder; what is there already stays."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        folder.mkdir(parents=True, exist_ok=True)

    def run(self, *arguments):
        done = subprocess.run([self.program, *map(str, arguments)], capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"cannot make the inputs: {' '.join(map(str, arguments))}\n{done.stderr}")

    def make(self):
        titles = self.folder / "titles"
        if not titles.exists():
            self.run("quickstart", "--export-titles", titles)
        lines = (titles / "train.txt").read_text().splitlines()
        random.Random(1).shuffle(lines)
        texts = [line.split("\t")[0] for line in lines[:120]]
        small = self.folder / "small"
        small.mkdir(exist_ok=True)
        (small / "train.txt").write_text("\n".join(lines[:60]) + "\n")
        (small / "texts.txt").write_text("\n".join(texts) + "\n")
        model = self.folder / "model"
        if not (model / "model.safetensors").exists():
            self.run("finetune", "--model", "nano", "--train", small / "train.txt", "--dev", small / "train.txt",
                     "--output", model, "--epochs", 1, "--max-length", 24, "--threads", 1, "--force")
        quality = self.folder / "quality.bin"
        if not quality.exists():
            self.run("corpus", "quality", "train", "--positive", small / "texts.txt", "--negative", titles / "test.txt",
                     "--output", quality, "--bits", 10, "--threads", 1)
        details = self.folder / "words.tsv"
        if not details.exists():
            self.run("lexicon", "build", small / "texts.txt", "--min-frequency", 2, "--min-cohesion", 0, "--min-entropy", 0,
                     "--output", self.folder / "words.txt", "--details", details, "--threads", 1)
        return list(self.targets(texts, lines[:60]))

    def place(self, name, **files):
        """A folder that holds these files: bytes, text, or copies of paths."""
        folder = self.folder / "targets" / name
        folder.mkdir(parents=True, exist_ok=True)
        for file, contents in files.items():
            self.put(folder, file.replace("__", "."), contents)
        return folder

    @staticmethod
    def put(folder, name, contents):
        if isinstance(contents, Path):
            shutil.copyfile(contents, folder / name)
        elif isinstance(contents, str):
            (folder / name).write_text(contents)
        else:
            (folder / name).write_bytes(contents)

    def copy(self, name, source, **more):
        folder = self.place(name, **more)
        for path in sorted(source.iterdir()):
            if path.is_file() and path.name not in ("cases.json", "expected.json"):
                shutil.copyfile(path, folder / path.name)
        return folder

    def targets(self, texts, labelled):
        yield from self.corpora(texts)
        yield from self.tables(labelled)
        yield from self.tokenizers()
        yield from self.models()

    def corpora(self, texts):
        records = "".join(
            json.dumps({"id": f"t{n}", "text": text, "meta": {"n": n, "list": [1, {"a": None}]}}, ensure_ascii=False) + "\n"
            for n, text in enumerate(texts))
        plain = "\n".join(texts) + "\n"
        zstd = subprocess.run(["zstd", "-q", "-c"], input=records.encode(), capture_output=True)
        forms = {
            "plain.txt": (plain, "lines"), "records.jsonl": (records, "jsonl"),
            "records.jsonl.gz": (gzip.compress(records.encode(), mtime=0), ""),
            "records.jsonl.xz": (lzma.compress(records.encode()), ""),
        }
        if zstd.returncode == 0:
            forms["records.jsonl.zst"] = (zstd.stdout, "")
        for name, (contents, form) in forms.items():
            folder = self.folder / "targets" / f"corpus-{name}"
            folder.mkdir(parents=True, exist_ok=True)
            self.put(folder, name, contents)
            packed = name.count(".") == 2
            for verb in (["clean"], ["dedup", "--method", "near"], ["stats", "--json"]):
                yield Target(f"corpus {verb[0]} {name}", folder, name, ["corpus", *verb, name, "--threads", "1"], packed, form)
        folder = self.place("lexicon", texts__txt=plain, words__tsv=self.folder / "words.tsv", words__txt=self.folder / "words.txt")
        yield Target("lexicon build", folder, "texts.txt",
                     ["lexicon", "build", "texts.txt", "--min-frequency", "2", "--threads", "1"], form="lines")
        yield Target("lexicon show table", folder, "words.tsv", ["lexicon", "show", "words.tsv"], form="table")
        yield Target("lexicon show words", folder, "words.txt", ["lexicon", "show", "words.txt"], form="table")
        judged = "".join(
            json.dumps({"text": text, "label": ["high", "disfluent", "advertisement"][n % 3]}, ensure_ascii=False) + "\n"
            for n, text in enumerate(texts))
        folder = self.place("quality", quality__bin=self.folder / "quality.bin", t__txt=plain, judged__jsonl=judged)
        yield Target("corpus score", folder, "quality.bin",
                     ["corpus", "score", "t.txt", "--model", "quality.bin", "--threads", "1"], True)
        yield Target("corpus quality train", folder, "judged.jsonl",
                     ["corpus", "quality", "train", "judged.jsonl", "--output", "q.bin", "--force", "--bits", "10",
                      "--threads", "1"], form="jsonl")
        pipeline = ("input: [t.txt]\noutput: run\nseed: 3\nthreads: 1\nmax-document-bytes: 65536\nstages:\n"
                    "  - clean: {preset: ernie3}\n  - filter: {min-characters: 4, min-chinese: 0.1}\n"
                    "  - dedup: {method: near, threshold: 0.8, permutations: 64}\n  - sample: {share: 0.5}\n  - stats\n")
        folder = self.place("pipeline", t__txt=plain, p__yaml=pipeline)
        yield Target("corpus run", folder, "p.yaml", ["corpus", "run", "p.yaml", "--force"], form="yaml")

    def tables(self, labelled):
        pairs = [line.split("\t") for line in labelled]
        quoted = [(text.replace('"', '""'), label) for text, label in pairs]
        csv = "text,label\n" + "".join(f'"{text}",{label}\n' for text, label in quoted)
        jsonl = "".join(json.dumps({"text": text, "label": label}, ensure_ascii=False) + "\n" for text, label in pairs)
        conll = "".join("".join(f"{letter}\t{'B-X' if n == 0 else 'I-X' if n < 2 else 'O'}\n" for n, letter in enumerate(text))
                        + "\n" for text, _ in pairs)
        squad = json.dumps({"data": [{"title": "t", "paragraphs": [
            {"context": text, "qas": [{"id": f"q{n}", "question": "什么？", "answers": [{"text": text[1:3], "answer_start": 1}]}]}
            for n, (text, _) in enumerate(pairs)]}]}, ensure_ascii=False)
        choice = "".join(json.dumps({"context": text, "question": "哪个？", "choices": ["甲", label], "answer": 1}, ensure_ascii=False)
                         + "\n" for text, label in pairs)
        ranking = "".join(json.dumps({"question": text, "candidates": [{"text": label, "label": 1}, {"text": "乙", "label": 0}]},
                                     ensure_ascii=False) + "\n" for text, label in pairs)
        marked = "".join(json.dumps({"text": f"<e1>{text[:2]}</e1>{text[2:4]}<e2>{text[4:]}</e2>", "label": label},
                                    ensure_ascii=False) + "\n" for text, label in pairs)
        likeness = "".join(json.dumps({"sentence1": text, "sentence2": label}, ensure_ascii=False) + "\n" for text, label in pairs)
        data = [("classification", "d.txt", "\n".join(labelled) + "\n", "table"), ("classification", "d.csv", csv, "csv"),
                ("classification", "d.jsonl", jsonl, "jsonl"), ("tagging", "d.conll", conll, "table"),
                ("extraction", "d.json", squad, "json"), ("choice", "d.jsonl", choice, "jsonl"),
                ("retrieval", "d.jsonl", ranking, "jsonl"), ("relation", "d.jsonl", marked, "jsonl"),
                ("similarity", "d.jsonl", likeness, "jsonl")]
        for task, name, contents, form in data:
            folder = self.folder / "targets" / f"estimate-{task}-{name}"
            folder.mkdir(parents=True, exist_ok=True)
            self.put(folder, name, contents)
            yield Target(f"estimate {task} {name}", folder, name,
                         ["estimate", "--task", task, "--model", "nano", "--train", name, "--dev", name, "--max-length", "64", "--batch-size", "2",
                          "--threads", "1"], form=form)
        settings = ("model: nano\ntrain: d.txt\ndev: d.txt\nepochs: 2\nbatch-size: 8\nlearning-rate: 1e-4\nmax-length: 24\n"
                    "warmup: 0.1\nseed: 4\nthreads: 1\n")
        folder = self.place("config", d__txt="\n".join(labelled) + "\n", c__yaml=settings)
        yield Target("estimate --config", folder, "c.yaml", ["estimate", "--config", "c.yaml"], form="yaml")
        folder = self.copy("segment", SEGMENTER)
        for file, form in (("dict.txt", "table"), ("user.txt", "table"), ("hmm.json", "json")):
            yield Target(f"segment {file}", folder, file,
                         ["segment", "--dict", "dict.txt", "--user-dict", "user.txt", "--hmm", "hmm.json", "国足再次冲出亚洲"],
                         form=form)

    def tokenizers(self):
        forms = {".json": "json", ".model": "protobuf", ".txt": "lines"}
        for folder in sorted(SUBWORD.iterdir()):
            if not folder.is_dir():
                continue
            copied = self.copy(f"tokenize-{folder.name}", folder)
            for path in sorted(copied.iterdir()):
                yield Target(f"tokenize {folder.name} {path.name}", copied, path.name,
                             ["tokenize", "--model", ".", "--json", "国足再次冲出亚洲 hello"], form=forms.get(path.suffix, ""))

    def models(self):
        # As many tokens as the embeddings of these models have rows.
        tokens = (ROOT / "Tests/InkModelsTests/Fixtures/bert-gelu/vocab.txt").read_text(encoding="utf-8").splitlines()
        vocabulary = self.folder / "short-vocab.txt"
        vocabulary.write_text("\n".join(tokens[:24]) + "\n", encoding="utf-8")
        for family in ("bert", "nezha", "deberta"):
            for form in sorted((FORMS / family).iterdir()):
                folder = self.copy(f"inspect-{family}-{form.name}", form, vocab__txt=vocabulary)
                for path in sorted(folder.iterdir()):
                    kind = {".json": "json", ".safetensors": "safetensors", ".bin": "torch", ".txt": "lines"}[path.suffix]
                    yield Target(f"inspect {family} {form.name} {path.suffix[1:]}", folder, path.name, ["inspect", "."], form=kind)
        folder = self.copy("predict", self.folder / "model")
        for file, form in (("config.json", "json"), ("inkstone.json", "json"), ("vocab.txt", "lines"),
                           ("tokenizer_config.json", "json"), ("model.safetensors", "safetensors")):
            if (folder / file).exists():
                yield Target(f"predict {file}", folder, file,
                             ["predict", "--model", ".", "--threads", "1", "国足再次冲出亚洲"], form=form)
