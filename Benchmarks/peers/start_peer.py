#!/usr/bin/env python3
"""transformers from a standing start: one title classified by a process that does nothing else.

    start_peer.py FOLDER TEXT            prints the label; the harness times the process
    start_peer.py --make SHAPE VOCAB FOLDER   writes a model folder of random weights for both sides
"""

import os
import shutil
import sys

os.environ["TRANSFORMERS_VERBOSITY"] = "error"

LABELS = 10


def make(shape: str, vocab: str, folder: str) -> None:
    from torch_peer import build_model

    from transformers import BertTokenizerFast

    build_model(shape, vocab, LABELS).save_pretrained(folder)
    BertTokenizerFast(vocab, do_lower_case=True).save_pretrained(folder)
    shutil.copy(vocab, os.path.join(folder, "vocab.txt"))


def predict(folder: str, text: str) -> None:
    import torch
    from transformers import BertForSequenceClassification, BertTokenizerFast

    model = BertForSequenceClassification.from_pretrained(folder).eval()
    with torch.inference_mode():
        logits = model(**BertTokenizerFast.from_pretrained(folder)(text, return_tensors="pt")).logits
    print(model.config.id2label[int(logits.argmax())], flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "--make":
        make(*sys.argv[2:5])
    else:
        predict(*sys.argv[1:3])
