#!/usr/bin/env python3
"""ONNX Runtime on the CPU, as a peer (protocol: peer.py).

The request also names `cache`, a folder where the random model is exported to once. The export runs in a process of its
own, so that PyTorch does not count in this peer's memory. Text is split by Hugging Face's `tokenizers` without
transformers around it, the quicker of the two.

Measures:
    latency      one title, from its text to the probabilities
    throughput   64 titles as they come, padded to the longest, from text to probabilities
"""

import pathlib
import subprocess
import sys

import numpy
import onnxruntime
from tokenizers import BertWordPieceTokenizer

from peer import MAX_LENGTH, TITLES_AT_ONCE, Step, Titles, serve, vocabulary_size

INPUTS = ["input_ids", "attention_mask"]


def export(shape: str, vocab: str, labels: int, path: pathlib.Path) -> None:
    import torch

    from torch_peer import build_model

    model = build_model(shape, vocab, labels).eval()
    # The scores spelled out give ONNX Runtime's optimizer the pattern that it fuses.
    model.set_attn_implementation("eager")
    example = (torch.randint(1, vocabulary_size(vocab), (2, 22)), torch.ones(2, 22, dtype=torch.long))
    unfinished = path.with_suffix(".unfinished")
    torch.onnx.export(
        model, example, unfinished, input_names=INPUTS, output_names=["logits"], opset_version=17, dynamo=False,
        dynamic_axes={name: {0: "batch", 1: "length"} for name in INPUTS})
    unfinished.rename(path)


def session(request: dict, labels: int) -> onnxruntime.InferenceSession:
    cache = pathlib.Path(request["cache"])
    cache.mkdir(parents=True, exist_ok=True)
    path = cache / f"{request['shape']}-{vocabulary_size(request['vocab'])}-{labels}.onnx"
    if not path.exists():
        arguments = [request["shape"], request["vocab"], str(labels), str(path)]
        subprocess.run([sys.executable, __file__, "--export", *arguments], check=True, stdout=sys.stderr)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = request["threads"]
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def build(request: dict) -> Step:
    sizes = {"latency": 1, "throughput": TITLES_AT_ONCE}
    if request["measure"] not in sizes:
        raise ValueError(f"measure: {request['measure']}; known: {', '.join(sizes)}")
    size = sizes[request["measure"]]
    titles = Titles(request["titles"])
    tokenizer = BertWordPieceTokenizer(request["vocab"], lowercase=True)
    tokenizer.enable_truncation(MAX_LENGTH)
    tokenizer.enable_padding(pad_id=tokenizer.token_to_id("[PAD]"))
    model = session(request, titles.label_count)

    def run(texts):
        rows = tokenizer.encode_batch(texts)
        ids = numpy.array([row.ids for row in rows], dtype=numpy.int64)
        mask = numpy.array([row.attention_mask for row in rows], dtype=numpy.int64)
        logits = model.run(None, dict(zip(INPUTS, (ids, mask))))[0]
        powers = numpy.exp(logits - logits.max(axis=-1, keepdims=True))
        (powers / powers.sum(axis=-1, keepdims=True)).tolist()
        return int(mask.sum())

    return Step(size, lambda: titles.take(size)[0], run)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--export"]:
        shape, vocab, labels, path = sys.argv[2:]
        export(shape, vocab, int(labels), pathlib.Path(path))
    else:
        serve(f"ONNX Runtime {onnxruntime.__version__}", build)
