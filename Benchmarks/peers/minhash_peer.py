"""MinHash signatures with datasketch: what a Python user computes near duplicates with.

    python minhash_peer.py FILE [--shingle 5] [--permutations 128] [--limit 20000]

FILE has one document a line. Prints JSON: documents, seconds and documents a second, for the fastest public way of
datasketch (all shingles of a document in one `update_batch`). Shingles are the distinct
runs of code points; cutting them is part of the time, as it is part of Inkstone's.
"""

import argparse
import json
import time

from datasketch import MinHash


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--shingle", type=int, default=5)
    parser.add_argument("--permutations", type=int, default=128)
    parser.add_argument("--limit", type=int, default=20000, help="documents to take")
    options = parser.parse_args()
    with open(options.file, encoding="utf-8") as lines:
        texts = [line.rstrip("\n") for _, line in zip(range(options.limit), lines) if line.strip()]
    empty = MinHash(num_perm=options.permutations)
    start = time.perf_counter()
    for text in texts:
        count = max(1, len(text) - options.shingle + 1)
        shingles = {text[at : at + options.shingle] for at in range(count)}
        signature = empty.copy()
        signature.update_batch([shingle.encode("utf-8") for shingle in shingles])
    seconds = time.perf_counter() - start
    print(
        json.dumps(
            {
                "peer": "datasketch",
                "documents": len(texts),
                "characters": sum(map(len, texts)),
                "seconds": round(seconds, 3),
                "documentsPerSecond": round(len(texts) / seconds, 1),
            }
        )
    )


if __name__ == "__main__":
    main()
