"""Tokenizes a file of lines with a fast tokenizer and `datasets`-style map, and saves the ids: what a user would pick
instead of `inkstone corpus shard`.

    python3 shard_peer.py MODEL_FOLDER TEXT_FILE OUTPUT_FOLDER [PROCESSES]

Prints one JSON object: bytes, tokens, seconds and MB/s of reading, tokenizing and saving.
"""

import json
import os
import sys
import tempfile
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"

from datasets import load_dataset  # noqa: E402
from transformers import BertTokenizerFast  # noqa: E402


def main() -> None:
    model, text, output = sys.argv[1:4]
    processes = int(sys.argv[4]) if len(sys.argv) > 4 else 2
    tokenizer = BertTokenizerFast(vocab_file=os.path.join(model, "vocab.txt"))

    def encode(batch):
        ids = tokenizer(
            batch["text"], add_special_tokens=False, return_attention_mask=False, return_token_type_ids=False
        )["input_ids"]
        return {"input_ids": ids, "length": [len(row) for row in ids]}

    with tempfile.TemporaryDirectory() as cache:
        start = time.perf_counter()
        data = load_dataset("text", data_files=text, split="train", cache_dir=cache)
        data = data.map(encode, batched=True, num_proc=processes, remove_columns=["text"])
        data.save_to_disk(output)
        seconds = time.perf_counter() - start
        tokens = sum(data["length"])
    size = os.path.getsize(text)
    print(json.dumps({"bytes": size, "tokens": tokens, "seconds": seconds, "mb_per_second": size / 1e6 / seconds}))


if __name__ == "__main__":
    main()
