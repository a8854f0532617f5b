#!/usr/bin/env python3
"""Inkstone and its peers on the same data, the same threads, in turn; a table of medians of ratios.

    Benchmarks/compare.py --python VENV/bin/python --titles train.txt --vocab vocab.txt

Both sides live through a whole measure and answer requests of a few steps each: A B C, then C B A, and so on. Every
round gives one ratio for each peer; the table shows their median and range. Memory and start are measured in fresh
processes. See Benchmarks/README.md.
"""

import argparse
import json
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
MEASURES = ["finetune", "latency", "throughput", "tokenize", "tokenize-offsets", "tokenize-folder", "segment", "memory", "start"]
# Steps of one request: long enough to time, short enough that both sides meet the same load of the machine.
STEPS = {("finetune", "nano"): 2, ("finetune", "base"): 1, ("latency", "nano"): 30, ("latency", "base"): 8,
         ("throughput", "nano"): 6, ("throughput", "base"): 2, ("tokenize", ""): 20, ("tokenize-offsets", ""): 20, ("tokenize-folder", ""): 20,
         ("segment", ""): 20}
QUESTION = "国足再次冲出亚洲"


class Side:
    """A process that answers requests; started when first asked."""

    def __init__(self, name: str, command: list[str], **fields):
        self.name, self.command, self.fields = name, command, fields
        self.process = None

    def ask(self, request: dict) -> dict:
        if self.process is None:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.process.stdin.write(json.dumps(request | self.fields) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        answer = json.loads(line) if line else {"error": "the process ended"}
        if "error" in answer:
            sys.exit(f"{self.name}: {answer['error']}\nrequest: {request | self.fields}")
        return answer

    def end(self) -> None:
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait()
            self.process = None


class Comparison:
    """The rounds of one measure on one shape. `values` are of the first side and its peers, one list each."""

    def __init__(self, measure: str, shape: str, unit: str, names: list[str], higher_is_better: bool):
        self.measure, self.shape, self.unit, self.names = measure, shape, unit, names
        self.higher_is_better = higher_is_better
        self.values: list[list[float]] = [[] for _ in names]

    def ratios(self, peer: int) -> list[float]:
        pairs = zip(self.values[0], self.values[peer])
        return [ours / theirs if self.higher_is_better else theirs / ours for ours, theirs in pairs]


def alternate(count: int, rounds: int):
    """The places of the sides in each round, every second round backwards."""
    for round_number in range(rounds):
        yield list(range(count)) if round_number % 2 == 0 else list(reversed(range(count)))


def peer(arguments, script: str) -> list[str]:
    return [arguments.python, str(HERE / "peers" / script)]


def sides(arguments, measure: str) -> list[Side]:
    ours = Side("Inkstone", [arguments.inkstone, "bench", "--serve"])
    torch = peer(arguments, "torch_peer.py")
    match measure:
        case "finetune" | "memory":
            padded = Side("PyTorch, padded to 32", torch, padding="fixed32")
            return [ours, padded, Side("PyTorch, padded to the longest", torch, padding="longest")]
        case "tokenize":
            script = peer(arguments, "tokenizer_peer.py")
            return [ours, Side("transformers, fast", script), Side("tokenizers alone", script, measure="tokenize-raw")]
        case "tokenize-offsets":
            # The peer computes offsets either way.
            return [ours, Side("transformers, fast", peer(arguments, "tokenizer_peer.py"), measure="tokenize")]
        case "tokenize-folder":
            script = peer(arguments, "tokenizer_peer.py")
            ours.fields["measure"] = "tokenize"
            found = [ours, Side("transformers, fast", script)]
            if any(pathlib.Path(arguments.tokenizer).glob("*.model")):
                found.append(Side("sentencepiece", script, measure="tokenize-sentencepiece"))
            return found
        case "segment":
            script = peer(arguments, "segmenter_peer.py")
            return [ours, *(Side(name, script, measure=f"segment-{name}") for name in ("rjieba", "jieba"))]
        case _:
            onnx = Side("ONNX Runtime", peer(arguments, "onnx_peer.py"), cache=str(arguments.cache / "onnx"))
            return [ours, onnx, Side("PyTorch", torch)]


def request(arguments, measure: str, shape: str, steps: int) -> dict:
    fields = {"measure": measure, "titles": arguments.titles, "vocab": arguments.vocab, "steps": steps,
              "threads": arguments.threads}
    if measure == "tokenize-folder":
        fields["tokenizer"] = arguments.tokenizer
    if measure == "segment":
        fields["dictionary"] = arguments.dictionary or jieba_dictionary(arguments.python)
    return fields | ({"shape": shape} if shape else {})


def jieba_dictionary(python: str) -> str:
    """The dictionary that comes with jieba, which the peers use too."""
    code = "import importlib.util as u, pathlib; print(pathlib.Path(u.find_spec('jieba').origin).parent / 'dict.txt')"
    return subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def compare_speed(arguments, measure: str, shape: str) -> Comparison:
    all_sides = sides(arguments, measure)
    is_latency = measure == "latency"
    result = Comparison(measure, shape, "ms" if is_latency else "titles/s", [s.name for s in all_sides], not is_latency)
    wanted = request(arguments, measure, shape, STEPS[measure, shape])
    try:
        for order in alternate(len(all_sides), arguments.rounds):
            for place in order:
                answer = all_sides[place].ask(wanted)
                milliseconds = 1000 * statistics.median(answer["seconds"])
                result.values[place].append(milliseconds if is_latency else answer["titlesPerSecond"])
    finally:
        for side in all_sides:
            side.end()
    return result


def compare_memory(arguments, shape: str) -> Comparison:
    all_sides = sides(arguments, "memory")
    result = Comparison("memory of fine-tuning", shape, "MB", [s.name for s in all_sides], False)
    for order in alternate(len(all_sides), 2):
        for place in order:
            answer = all_sides[place].ask(request(arguments, "finetune", shape, 3))
            all_sides[place].end()
            result.values[place].append(answer["peakRss"] / 1e6)
    return result


def compare_start(arguments, shape: str) -> Comparison:
    folder = arguments.cache / f"start-{shape}"
    script = peer(arguments, "start_peer.py")
    if not (folder / "model.safetensors").exists():
        subprocess.run(script + ["--make", shape, arguments.vocab, str(folder)], check=True)
    threads = ["--threads", str(arguments.threads)]
    ours = [arguments.inkstone, "predict", "--model", str(folder), QUESTION, *threads]
    commands = [ours, [*script, str(folder), QUESTION]]
    result = Comparison("start to first result", shape, "ms", ["Inkstone", "transformers"], False)
    for order in alternate(2, arguments.rounds):
        for place in order:
            start = time.perf_counter()
            subprocess.run(commands[place], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            result.values[place].append(1000 * (time.perf_counter() - start))
    return result


def number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def rows(one: Comparison) -> list[str]:
    lines = []
    for place in range(1, len(one.names)):
        ratios = one.ratios(place)
        ours, theirs = (statistics.median(one.values[i]) for i in (0, place))
        lines.append(
            f"| {one.measure} | {one.shape or '–'} | {number(ours)} {one.unit} | {one.names[place]} | "
            f"{number(theirs)} {one.unit} | **{statistics.median(ratios):.2f}×** | "
            f"{min(ratios):.2f}–{max(ratios):.2f} |")
    return lines


def table(comparisons: list[Comparison]) -> str:
    lines = ["| measure | shape | Inkstone | peer | its figure | ratio | range |", "|---|---|---|---|---|---|---|"]
    return "\n".join(lines + [line for one in comparisons for line in rows(one)])


def raw(comparisons: list[Comparison]) -> str:
    lines = ["Every round:", ""]
    for one in comparisons:
        for name, values in zip(one.names, one.values):
            lines.append(f"* {one.measure} {one.shape} {name}: {', '.join(number(v) for v in values)} {one.unit}")
    return "\n".join(lines)


def processor() -> str:
    info = pathlib.Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def write_vocabulary(titles: str, path: pathlib.Path, size: int = 21128) -> None:
    """Every character of the titles, alone and as a continuation, filled up to the size of the published one."""
    letters = set(pathlib.Path(titles).read_text(encoding="utf-8").lower()) | set("abcdefghijklmnopqrstuvwxyz0123456789")
    letters = sorted(letter for letter in letters if letter.isprintable() and not letter.isspace())
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *("##" + letter for letter in letters)]
    tokens += [f"[unused{i}]" for i in range(size - len(tokens))]
    path.write_text("\n".join(tokens) + "\n", encoding="utf-8")


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", default=sys.executable, help="an interpreter with peers/requirements.txt installed")
    parser.add_argument("--inkstone", default=str(HERE.parent / ".build/release/inkstone"), help="the release build")
    parser.add_argument("--titles", help="a titles file, title<TAB>label (default: the sample titles)")
    parser.add_argument("--vocab", help="vocab.txt (default: made from the titles)")
    parser.add_argument("--tokenizer", help="a model folder; its tokenizer is timed by tokenize-folder")
    parser.add_argument("--dictionary", help="for our segmenter (default: jieba's, from the interpreter's packages)")
    parser.add_argument("--measures", default=",".join(MEASURES), help="of " + ", ".join(MEASURES))
    parser.add_argument("--shapes", default="nano,base", help="of nano, base")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--cache", type=pathlib.Path, help="where models are kept between runs (default: nowhere)")
    parser.add_argument("--json", type=pathlib.Path, help="also write every figure to this file")
    arguments = parser.parse_args()
    for flag, known in (("measures", MEASURES), ("shapes", ["nano", "base"])):
        names = getattr(arguments, flag).split(",")
        if unknown := [name for name in names if name not in known]:
            parser.error(f"--{flag}: unknown {', '.join(unknown)}; known: {', '.join(known)}")
        setattr(arguments, flag, names)
    if "tokenize-folder" in arguments.measures and not arguments.tokenizer:
        arguments.measures.remove("tokenize-folder")
    if not pathlib.Path(arguments.inkstone).exists():
        parser.error(f"{arguments.inkstone} is missing: swift build -c release --product inkstone")
    return arguments


def main() -> None:
    arguments = read_arguments()
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        arguments.cache = arguments.cache or folder
        if not arguments.titles:
            subprocess.run(
                [arguments.inkstone, "quickstart", "--export-titles", str(folder)], check=True,
                stderr=subprocess.DEVNULL)
            arguments.titles = str(folder / "train.txt")
        if not arguments.vocab:
            arguments.vocab = str(folder / "vocab.txt")
            write_vocabulary(arguments.titles, folder / "vocab.txt")
        comparisons = []
        for measure in arguments.measures:
            for shape in [""] if (measure, "") in STEPS else arguments.shapes:
                print(f"measuring {measure} {shape} …", file=sys.stderr, flush=True)
                match measure:
                    case "memory": comparisons.append(compare_memory(arguments, shape))
                    case "start": comparisons.append(compare_start(arguments, shape))
                    case _: comparisons.append(compare_speed(arguments, measure, shape))
                # A comparison takes long; what is known is shown at once.
                print("\n".join(rows(comparisons[-1])), file=sys.stderr, flush=True)
    print(f"{processor()}, {arguments.threads} threads, {arguments.rounds} rounds\n")
    print(table(comparisons) + "\n\n" + raw(comparisons))
    if arguments.json:
        arguments.json.write_text(json.dumps([vars(one) for one in comparisons], ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
