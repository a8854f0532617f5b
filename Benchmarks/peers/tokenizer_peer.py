#!/usr/bin/env python3
"""Hugging Face's fast tokenizer, as a peer (protocol: peer.py; `shape` is not needed).

Measures:
    tokenize       transformers' BertTokenizerFast on a list of titles, as in most training scripts
    tokenize-raw   the same tokenizer from the `tokenizers` package, without transformers around it
    tokenize-folder          transformers' fast tokenizer of the folder that the request names as `tokenizer`
    tokenize-sentencepiece   sentencepiece with the `*.model` of that folder, all titles in one call; pieces only
The request may name `batch`, the number of titles in one call (default 1000). `threads` is fixed by the first request.
"""

import os
import pathlib

os.environ["TRANSFORMERS_VERBOSITY"] = "error"
os.environ["TOKENIZERS_PARALLELISM"] = "true"

import tokenizers
import transformers

from peer import MAX_LENGTH, Step, Titles, serve


def set_threads(count: int) -> None:
    """The thread pool of `tokenizers` reads its size once, when it starts."""
    fixed = os.environ.setdefault("RAYON_NUM_THREADS", str(count))
    if fixed != str(count):
        raise ValueError(f"threads: {count}; this process already works with {fixed}, start another")


def build(request: dict) -> Step:
    set_threads(request["threads"])
    titles = Titles(request["titles"])
    size = request.get("batch", 1000)
    match request["measure"]:
        case "tokenize":
            fast = transformers.BertTokenizerFast(request["vocab"], do_lower_case=True)

            def run(texts):
                return sum(map(len, fast(texts, truncation=True, max_length=MAX_LENGTH)["input_ids"]))

        case "tokenize-raw":
            raw = tokenizers.BertWordPieceTokenizer(request["vocab"], lowercase=True)
            raw.enable_truncation(MAX_LENGTH)

            def run(texts):
                return sum(len(row.ids) for row in raw.encode_batch(texts))

        case "tokenize-folder":
            folder_fast = transformers.AutoTokenizer.from_pretrained(request["tokenizer"], use_fast=True)

            def run(texts):
                return sum(map(len, folder_fast(texts, truncation=True, max_length=MAX_LENGTH)["input_ids"]))

        case "tokenize-sentencepiece":
            import sentencepiece

            model = next(pathlib.Path(request["tokenizer"]).glob("*.model"))
            pieces = sentencepiece.SentencePieceProcessor(model_file=str(model))

            def run(texts):
                return sum(map(len, pieces.encode(texts, num_threads=request["threads"])))

        case other:
            raise ValueError(f"measure: {other}")
    return Step(size, lambda: titles.take(size)[0], run)


if __name__ == "__main__":
    serve(f"transformers {transformers.__version__}, tokenizers {tokenizers.__version__}", build)
