"""MinHash signatures with datasketch: what a Python user computes near duplicates with.

    python minhash_peer.py FILE [--shingle 5] [--permutations 128] [--bands 14] [--rows 9] [--processes 1] [--output FILE]

FILE has one document a line. All shingles of a document (the distinct runs of code points) go to datasketch in one
`update_batch`, its fastest public way. With an output, each document gives a line with the fields of
`inkstone corpus dedup --signatures`: id, a key of 64 bits for each band, the low byte of each minimum. Prints JSON:
documents, seconds and documents a second.
"""

import argparse
import hashlib
import json
import multiprocessing
import time

from datasketch import MinHash


def chunks(path: str, lines: int):
    """(number of the first line, lines), so that a process gets as much at a time as is worth sending."""
    with open(path, encoding="utf-8") as file:
        chunk, first = [], 1
        for number, line in enumerate(file, 1):
            chunk.append(line.rstrip("\n"))
            if len(chunk) == lines:
                yield first, chunk
                chunk, first = [], number + 1
        if chunk:
            yield first, chunk


class Signer:
    def __init__(self, options):
        self.options = options
        self.empty = MinHash(num_perm=options.permutations)

    def __call__(self, item) -> tuple[int, str]:
        """Documents, and their records where there is an output."""
        first, texts = item
        options, count, records = self.options, 0, []
        for number, text in enumerate(texts, first):
            if not text.strip():
                continue
            count += 1
            windows = max(1, len(text) - options.shingle + 1)
            shingles = {text[at : at + options.shingle] for at in range(windows)}
            signature = self.empty.copy()
            signature.update_batch([shingle.encode("utf-8") for shingle in shingles])
            if options.output:
                minima = signature.hashvalues
                bands = [
                    hashlib.blake2b(minima[at : at + options.rows].tobytes(), digest_size=8).hexdigest()
                    for at in range(0, options.bands * options.rows, options.rows)]
                records.append(json.dumps(
                    {"id": f"{options.file}:{number}", "bands": bands, "signature": (minima & 0xFF).tolist()}))
        return count, "".join(record + "\n" for record in records)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--shingle", type=int, default=5)
    parser.add_argument("--permutations", type=int, default=128)
    parser.add_argument("--bands", type=int, default=14)
    parser.add_argument("--rows", type=int, default=9)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--output")
    options = parser.parse_args()
    start = time.perf_counter()
    signer = Signer(options)
    output = open(options.output, "w", encoding="utf-8") if options.output else None
    documents = 0
    with multiprocessing.Pool(options.processes) as pool:
        work = chunks(options.file, 2000)
        for count, records in map(signer, work) if options.processes == 1 else pool.imap(signer, work):
            documents += count
            if output:
                output.write(records)
    if output:
        output.close()
    seconds = time.perf_counter() - start
    print(
        json.dumps(
            {
                "peer": "datasketch",
                "documents": documents,
                "processes": options.processes,
                "seconds": round(seconds, 3),
                "documentsPerSecond": round(documents / seconds, 1),
            }
        )
    )


if __name__ == "__main__":
    main()
