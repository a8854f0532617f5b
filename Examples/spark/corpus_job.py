"""Clean, score, de-duplicate and sample a corpus on Spark, with inkstone doing the work on every document.

    spark-submit corpus_job.py --inkstone inkstone --input 'corpus/*.jsonl' --output sampled \\
        --clean '--preset ernie3' --score '--model quality.ink --keep pareto' --share 0.5

Documents are JSONL records with a unique `id`. The result is that of `inkstone corpus run` with the stages clean,
score, dedup (method near) and sample on the same documents in the same order.
"""

import argparse
import json
import math

from pyspark import StorageLevel
from pyspark.sql import SparkSession

MASK = (1 << 64) - 1
ORDINAL = "inkstone_ordinal"


def mix(value: int) -> int:
    """The finaliser of SplitMix64, as in Hash64."""
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


def hash_number(value: int, seed: int) -> int:
    return mix((value + 0x9E3779B97F4A7C15 + mix(seed)) & MASK)


def hash_short_text(text: str, seed: int) -> int:
    """Hash64 of fewer than sixteen bytes."""
    first, second = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F
    content = text.encode()

    def fold(left: int, right: int) -> int:
        product = left * right
        return (product >> 64) ^ (product & MASK)

    state = fold(seed ^ first, len(content) ^ second)
    low, high = int.from_bytes(content[:8], "little"), int.from_bytes(content[8:], "little")
    return mix(fold(state ^ low, second ^ high))


def numbered(item: tuple[str, int]) -> str:
    """The record with its place in the corpus, which inkstone carries along in `meta`."""
    line, ordinal = item
    record = json.loads(line)
    if "id" not in record:
        raise ValueError(f"record {ordinal} has no id")
    return json.dumps(record | {ORDINAL: ordinal}, ensure_ascii=False)


def ordinal_of(line: str) -> int:
    return json.loads(line)["meta"][ORDINAL]


def without_ordinal(line: str) -> str:
    record = json.loads(line)
    del record["meta"][ORDINAL]
    if not record["meta"]:
        del record["meta"]
    return json.dumps(record, ensure_ascii=False)


def edges_of_band(members, required: int):
    """Pairs of a band whose signatures agree: equal ones as a star, the others compared pair by pair."""
    by_signature = {}
    for ordinal, signature in members:
        by_signature.setdefault(signature, []).append(ordinal)
    distinct = []
    for signature, ordinals in by_signature.items():
        ordinals.sort()
        distinct.append((ordinals[0], signature))
        for other in ordinals[1:]:
            yield ordinals[0], other
    for place, (one, left) in enumerate(distinct):
        for other, right in distinct[place + 1:]:
            if sum(a == b for a, b in zip(left, right)) >= required:
                yield min(one, other), max(one, other)


def first_of_group(edges, partitions: int):
    """(document, first document of its group), by passing the smallest number along the edges until nothing changes."""
    both = edges.flatMap(lambda edge: [edge, (edge[1], edge[0])]).distinct(partitions).persist(StorageLevel.MEMORY_AND_DISK)
    labels = both.keys().distinct(partitions).map(lambda document: (document, document))
    while True:
        offered = both.join(labels, partitions).map(lambda item: item[1])
        following = labels.union(offered).reduceByKey(min, partitions).persist(StorageLevel.MEMORY_AND_DISK)
        is_stable = following.join(labels, partitions).filter(lambda item: item[1][0] != item[1][1]).isEmpty()
        labels = following
        if is_stable:
            return labels


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inkstone", default="inkstone")
    parser.add_argument("--input", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--clean", default="", help="settings of the stage clean")
    parser.add_argument("--score", help="settings of the stage score; without them documents are not scored")
    parser.add_argument("--threshold", type=float, default=0.8)
    parser.add_argument("--permutations", type=int, default=128)
    parser.add_argument("--shingle", type=int, default=5)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--partitions", type=int, default=4)
    arguments = parser.parse_args()

    spark = SparkSession.builder.appName("inkstone-corpus").getOrCreate()
    tool = f"{arguments.inkstone} corpus"
    # checkCode: a stage that fails fails the job.
    documents = spark.sparkContext.textFile(arguments.input, arguments.partitions).zipWithIndex().map(numbered)
    documents = documents.pipe(f"{tool} clean --stdin --threads 1 {arguments.clean}", checkCode=True)
    if arguments.score:
        documents = documents.pipe(
            f"{tool} score --stdin --threads 1 --seed {arguments.seed} {arguments.score}", checkCode=True)
    documents = documents.map(lambda line: (ordinal_of(line), line)).persist(StorageLevel.MEMORY_AND_DISK)

    minhash = (f"--shingle {arguments.shingle} --permutations {arguments.permutations} "
               f"--threshold {arguments.threshold}")
    # The number of a document stands in for its id, so that the signatures can be told apart by it.
    signatures = (
        documents.map(lambda item: json.dumps(json.loads(item[1]) | {"id": str(item[0])}, ensure_ascii=False))
        .pipe(f"{tool} dedup --signatures --stdin --threads 1 {minhash}", checkCode=True)
        .map(json.loads))
    required = math.ceil(arguments.threshold * arguments.permutations - 1e-9)
    edges = (
        signatures.flatMap(lambda item: [
            (band, (int(item["id"]), tuple(item["signature"]))) for band in item["bands"]])
        .groupByKey(arguments.partitions)
        .flatMap(lambda item: edges_of_band(item[1], required))
        .distinct(arguments.partitions))
    repeated = first_of_group(edges, arguments.partitions).filter(lambda item: item[0] != item[1])
    survivors = (
        documents.subtractByKey(repeated, arguments.partitions)
        .sortByKey(numPartitions=arguments.partitions).values().zipWithIndex())
    survivors = survivors.persist(StorageLevel.MEMORY_AND_DISK)

    wanted = math.floor(arguments.share * survivors.count() + 0.5)
    seed = hash_short_text("sample", arguments.seed)
    taken = (
        survivors.map(lambda item: ((hash_number(item[1], seed), item[1]), item[0]))
        .sortByKey(numPartitions=arguments.partitions).zipWithIndex().filter(lambda item: item[1] < wanted)
        .map(lambda item: (item[0][0][1], item[0][1]))
        .sortByKey(numPartitions=arguments.partitions).values().map(without_ordinal))
    taken.saveAsTextFile(arguments.output)
    spark.stop()


if __name__ == "__main__":
    main()
