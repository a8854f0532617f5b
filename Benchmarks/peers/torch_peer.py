#!/usr/bin/env python3
"""PyTorch and transformers on the CPU, as a peer (protocol: peer.py).

Measures:
    finetune     forward, backward, clipping to a global norm of 1.0, fused AdamW; the batch is tokenized beforehand
    latency      one title, from its text to the probabilities
    throughput   64 titles as they come, padded to the longest, from text to probabilities
"""

import os

os.environ["TRANSFORMERS_VERBOSITY"] = "error"
os.environ["TOKENIZERS_PARALLELISM"] = "true"

import torch
import transformers
from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

from peer import MAX_LENGTH, SHAPES, TITLES_AT_ONCE, Step, Titles, serve, vocabulary_size


def build_model(shape_name: str, vocab: str, labels: int) -> BertForSequenceClassification:
    shape = SHAPES[shape_name]
    torch.manual_seed(1)
    return BertForSequenceClassification(
        BertConfig(
            vocab_size=vocabulary_size(vocab), hidden_size=shape.hidden, num_hidden_layers=shape.layers,
            num_attention_heads=shape.heads, intermediate_size=shape.intermediate, num_labels=max(labels, 2)))


def finetune(request: dict, titles: Titles, tokenizer: BertTokenizerFast) -> Step:
    known = {"fixed32": "max_length", "longest": "longest"}
    if request["padding"] not in known:
        raise ValueError(f"padding: {request['padding']}; known: {', '.join(known)}")
    padding = known[request["padding"]]
    model = build_model(request["shape"], request["vocab"], titles.label_count).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-5, fused=True)
    size = SHAPES[request["shape"]].batch

    def prepare():
        texts, labels = titles.take(size)
        batch = tokenizer(texts, padding=padding, truncation=True, max_length=MAX_LENGTH, return_tensors="pt")
        return batch, torch.tensor(labels)

    def run(prepared):
        batch, labels = prepared
        loss = model(**batch, labels=labels).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        return int(batch["attention_mask"].sum())

    return Step(size, prepare, run)


def predict(request: dict, titles: Titles, tokenizer: BertTokenizerFast, size: int) -> Step:
    model = build_model(request["shape"], request["vocab"], titles.label_count).eval()

    @torch.inference_mode()
    def run(texts):
        batch = tokenizer(texts, padding="longest", truncation=True, max_length=MAX_LENGTH, return_tensors="pt")
        model(**batch).logits.softmax(-1).tolist()
        return int(batch["attention_mask"].sum())

    return Step(size, lambda: titles.take(size)[0], run)


def build(request: dict) -> Step:
    torch.set_num_threads(request["threads"])
    titles = Titles(request["titles"])
    tokenizer = BertTokenizerFast(request["vocab"], do_lower_case=True)
    match request["measure"]:
        case "finetune":
            return finetune(request, titles, tokenizer)
        case "latency":
            return predict(request, titles, tokenizer, 1)
        case "throughput":
            return predict(request, titles, tokenizer, TITLES_AT_ONCE)
        case other:
            raise ValueError(f"measure: {other}; known: finetune, latency, throughput")


if __name__ == "__main__":
    serve(f"PyTorch {torch.__version__}, transformers {transformers.__version__}", build)
