"""Feeds the program thousands of damaged files and fails on any signal, hang, or memory beyond the bound, and where a
file that carries a checksum is answered from although its bytes have changed.

    swift build -c release --product inkstone
    python3 Tools/hostile --program .build/release/inkstone --work /tmp/hostile

Needs Python 3.9 and nothing else. Same seed, same inputs. A run that was stopped goes on with the same command. Inputs
that failed lie under WORK/found, each with the command that reads it."""

import argparse
import gzip
import hashlib
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from damage import damaged, structured
from targets import Workshop


def arguments():
    parser = argparse.ArgumentParser(prog="hostile", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, help="the inkstone binary")
    parser.add_argument("--work", required=True, type=Path, help="a folder for inputs and results")
    parser.add_argument("--damaged", type=int, default=10_000, help="inputs with damaged bytes")
    parser.add_argument("--structured", type=int, default=7_000, help="inputs with wrong values in their structure")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--seconds", type=float, default=20, help="longest run")
    parser.add_argument("--megabytes", type=int, default=1000, help="most memory that a run may hold")
    parser.add_argument("--only", default="", help="targets whose names hold this")
    return parser.parse_args()


def run(program, target, folder, options):
    """Exit code (negative for a signal, None for a hang), peak memory in bytes, hash of the output, what was said."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen([program, *target.arguments], cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=errors)
        late = threading.Event()

        def stop():
            late.set()
            process.kill()

        timer = threading.Timer(options.seconds, stop)
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        for stream in (output, errors):
            stream.seek(0)
        digest = hashlib.sha256(output.read()).hexdigest()[:16]
        said = errors.read(600).decode("utf-8", "replace")
    return None if late.is_set() else process.returncode, usage.ru_maxrss * 1024, digest, said


def case(number, kind, targets, options):
    """The target of a case, what is done to it, and the bytes."""
    source = random.Random(f"{options.seed}:{kind}:{number}")
    usable = [target for target in targets if kind == "damaged" or target.form]
    target = usable[number % len(usable)]
    data = (target.folder / target.file).read_bytes()
    change, after = damaged(data, source) if kind == "damaged" else structured(data, target.form, source)
    return target, change, data, after


def matters(before, after):
    """Whether what the file holds has changed. Nothing covers the date and the name in the header of a gzip file."""
    try:
        return gzip.decompress(before) != gzip.decompress(after)
    except (OSError, EOFError, ValueError, zlib.error):
        return before != after


def check(number, kind, targets, options):
    target, change, before, after = case(number, kind, targets, options)
    with tempfile.TemporaryDirectory(dir=options.work) as name:
        folder = Path(name)
        for path in target.folder.iterdir():
            if path.name != target.file:
                (shutil.copytree if path.is_dir() else os.link)(path, folder / path.name)
        (folder / target.file).write_bytes(after)
        code, memory, digest, said = run(options.program, target, folder, options)
        fault = ""
        if code is None:
            fault = "hang"
        elif code < 0:
            fault = f"signal {-code}"
        elif code not in (0, 1, 2, 3):
            fault = f"exit code {code}"
        elif memory > options.megabytes << 20:
            fault = f"memory {memory >> 20} MB"
        elif code == 0 and target.checked and matters(before, after) and digest != target.reference:
            fault = "silent"
        if fault:
            found = options.work / "found" / f"{kind}-{number}"
            found.mkdir(parents=True, exist_ok=True)
            (found / target.file).write_bytes(after)
            (found / "command").write_text(" ".join(target.arguments) + "\n")
            (found / "fault").write_text(f"{fault}\n{target.name}\n{change}\n{said}\n")
    return {"number": number, "kind": kind, "target": target.name, "change": change, "code": code, "fault": fault,
            "megabytes": memory >> 20, "differs": code == 0 and digest != target.reference}


def table(results):
    rows = {}
    for result in results:
        row = rows.setdefault((result["target"], result["kind"]), [0] * 7)
        row[0] += 1
        if result["code"] in (0, 1, 2, 3):
            row[1 + result["code"]] += 1
        row[5] += result["differs"]
        row[6] += bool(result["fault"])
    header = ["target", "kind", "runs", "exit 0", "exit 1", "exit 2", "exit 3", "other answer", "faults"]
    lines = [header] + [[*key, *map(str, row)] for key, row in sorted(rows.items())]
    lines.append(["all", "", *map(str, (sum(column) for column in zip(*rows.values())))])
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    return "\n".join("  ".join(text.ljust(width) for text, width in zip(line, widths)) for line in lines)


def main():
    options = arguments()
    options.program = str(Path(options.program).resolve())
    options.work.mkdir(parents=True, exist_ok=True)
    options.work = options.work.resolve()
    targets = [target for target in Workshop(options.program, options.work / "inputs").make() if options.only in target.name]
    for target in targets:
        with tempfile.TemporaryDirectory(dir=options.work) as name:
            shutil.copytree(target.folder, name, dirs_exist_ok=True)
            code, _, target.reference, said = run(options.program, target, name, options)
        if code != 0:
            sys.exit(f"{target.name} fails with its valid input: exit code {code}\n{said}")
    journal = options.work / f"results-{options.seed}.jsonl"
    results = [json.loads(line) for line in journal.read_text().splitlines()] if journal.exists() else []
    done = {(result["kind"], result["number"]) for result in results}
    cases = [(kind, number) for kind, count in (("damaged", options.damaged), ("structured", options.structured))
             for number in range(count) if (kind, number) not in done]
    # Both kinds come early, so that a run that is stopped has seen something of each.
    random.Random(options.seed).shuffle(cases)
    lock = threading.Lock()
    with journal.open("a") as log, ThreadPoolExecutor(options.jobs) as pool:

        def work(entry):
            result = check(entry[1], entry[0], targets, options)
            with lock:
                log.write(json.dumps(result, ensure_ascii=False) + "\n")
                log.flush()
                results.append(result)
                if result["fault"]:
                    print(f"{result['fault']}: {result['kind']} {result['number']}: {result['target']}: {result['change']}", flush=True)
                if len(results) % 500 == 0:
                    print(f"{len(results)} of {len(cases) + len(done)}", file=sys.stderr, flush=True)

        list(pool.map(work, cases))
    print(table(results))
    faults = [result for result in results if result["fault"]]
    print(f"{len(results)} inputs, {len(faults)} faults, most memory {max(result['megabytes'] for result in results)} MB")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
