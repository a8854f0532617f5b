"""Writes Tests/InkTextTests/Fixtures/subword: tiny tokenizers of each kind, with ids and offsets from their references.

    pip install transformers==4.57.1 tokenizers==0.22.2 sentencepiece==0.2.3 protobuf
    python Tools/make_subword_fixtures.py

The models are trained here on the texts of make_tokenizer_fixtures.py. Folders with a `.model` file hold what
sentencepiece gives, the others what the fast tokenizers of transformers give; offsets are without white space at the
ends, and a character that was replaced by several is covered whole.
"""

import bisect
import json
import os
import pathlib
import shutil
import tempfile

os.environ["RAYON_NUM_THREADS"] = "1"

import sentencepiece
import sentencepiece.sentencepiece_model_pb2 as protobuf
import tokenizers
import transformers

import make_tokenizer_fixtures as base

FOLDER = base.FOLDER.parent / "subword"
MARK = "\u2581"
RULES = [("\uff0c", ","), ("\uff1a", ":"), ("\uff01", "!"), ("\u3000", " "), ("\t", " "), ("\n", " "), ("\u2122", "TM"),
         ("\u00e9", "e"), ("e\u0301", "e"), ("\uff76\uff9e", "\u30ac"), ("\u200b", ""), ("\u00a8", " \u0308")]


def write_json(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def train(folder, name, texts, **options):
    """A SentencePiece model with few pieces and, unless told otherwise, few normalisation rules."""
    with tempfile.TemporaryDirectory() as temporary:
        temporary = pathlib.Path(temporary)
        (temporary / "train.txt").write_text("\n".join(texts), encoding="utf-8")
        if "normalization_rule_name" not in options:
            lines = [" ".join(f"{ord(c):X}" for c in a) + "\t" + " ".join(f"{ord(c):X}" for c in b) for a, b in RULES]
            (temporary / "rules.tsv").write_text("\n".join(lines) + "\n")
            options["normalization_rule_tsv"] = str(temporary / "rules.tsv")
        sentencepiece.SentencePieceTrainer.train(
            input=str(temporary / "train.txt"), model_prefix=str(temporary / "m"), num_threads=1, minloglevel=2,
            hard_vocab_limit=False, max_sentence_length=20000, **options)
        model = protobuf.ModelProto()
        model.ParseFromString((temporary / "m.model").read_bytes())
    model.trainer_spec.ClearField("input")
    model.trainer_spec.ClearField("model_prefix")
    model.normalizer_spec.ClearField("normalization_rule_tsv")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(model.SerializeToString())
    return folder / name



def sentencepiece_case(model, text, shift):
    """Ids and offsets; offsets of pieces without white space, and whole characters."""
    starts = [0]
    for c in text:
        starts.append(starts[-1] + len(c.encode()))
    proto = model.encode(text, return_type="proto")
    ids, offsets = [], []
    for piece in proto.pieces:
        begin, end = (bisect.bisect_left(starts, x) for x in (piece.begin, piece.end))
        ids.append(shift(piece.id))
        offsets.append([begin, end])
    return ids, offsets, [p.piece for p in proto.pieces]


def sentencepiece_cases(path, texts, shift=lambda i: i):
    model = sentencepiece.SentencePieceProcessor(model_file=str(path))
    cases = {"ids": [], "spans": [], "pieces": []}
    for text in texts:
        ids, spans, pieces = sentencepiece_case(model, text, shift)
        cases["ids"].append(ids)
        cases["spans"].append([x for span in spans for x in span])
        cases["pieces"].append(pieces)
    return cases


def fast_cases(fast, texts):
    encoded = fast(texts, add_special_tokens=False, return_offsets_mapping=True)
    return {
        "ids": encoded["input_ids"],
        "spans": [base.flat(o) for o in encoded["offset_mapping"]],
        "decoded": [fast.decode(ids) for ids in encoded["input_ids"]],
        "pair": fast("国足再次", "hello world")["input_ids"],
    }


def only_json(fast, folder):
    fast.save_pretrained(folder)
    for file in folder.iterdir():
        if file.name not in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"):
            file.unlink()


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    everything = base.texts()
    titles = [t for t in everything[len(base.ODD):-800]]
    texts = base.ODD + titles[:60] + everything[-160:]
    texts += ["a<mask>b", "国 <mask> 足", "  a  b ", "\u2581a \u2581", "今天 天气", "'s 't it's we'll 've", "a\n\n b \n", "<s>x</s>"]
    cases = {}

    path = train(FOLDER / "xlmr", "sentencepiece.bpe.model", titles, vocab_size=700, model_type="unigram",
                 normalization_rule_name="nmt_nfkc", character_coverage=0.98)
    write_json(FOLDER / "xlmr/tokenizer_config.json", {"tokenizer_class": "XLMRobertaTokenizer", "model_max_length": 512})
    plain = [t for t in texts if "<" not in t]
    cases["xlmr"] = sentencepiece_cases(path, plain, lambda i: {0: 3, 1: 0, 2: 2}.get(i, i + 1))

    specials = {"cls_token": "<s>", "sep_token": "</s>", "pad_token": "<s>", "unk_token": "<unk>", "mask_token": None}
    for name, options in {
        "unigram-bytes": dict(model_type="unigram", byte_fallback=True, user_defined_symbols=["今天", "ab", "银行"]),
        "unigram-suffix": dict(model_type="unigram", treat_whitespace_as_suffix=True, character_coverage=0.98),
        "unigram-spaces": dict(model_type="unigram", remove_extra_whitespaces=False, add_dummy_prefix=False),
        "bpe": dict(model_type="bpe", character_coverage=0.98),
        "bpe-bytes": dict(model_type="bpe", byte_fallback=True, user_defined_symbols=["今天", "ab"], split_digits=True),
    }.items():
        path = train(FOLDER / name, "spm.model", titles, vocab_size=900 if "bytes" in name else 700, **options)
        write_json(FOLDER / name / "tokenizer_config.json", {"tokenizer_class": "DebertaV2Tokenizer"} | specials)
        cases[name] = sentencepiece_cases(path, plain)

    byte_level = tokenizers.ByteLevelBPETokenizer()
    names = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    byte_level.train_from_iterator(titles, vocab_size=700, special_tokens=names, show_progress=False)
    for name, prefix in {"roberta": False, "roberta-prefix": True}.items():
        folder = FOLDER / name
        folder.mkdir(parents=True)
        byte_level.save_model(str(folder))
        write_json(folder / "tokenizer_config.json", {"tokenizer_class": "RobertaTokenizer", "add_prefix_space": prefix})
        fast = transformers.RobertaTokenizerFast.from_pretrained(folder)
        cases[name] = fast_cases(fast, texts)
    only_json(fast, FOLDER / "json-bpe")
    cases["json-bpe"] = fast_cases(fast, texts)

    fast = transformers.BertTokenizerFast(str(base.FOLDER / "vocab.txt"), do_lower_case=True)
    only_json(fast, FOLDER / "json-wordpiece")
    cases["json-wordpiece"] = fast_cases(fast, texts)

    with tempfile.TemporaryDirectory() as temporary:
        path = train(pathlib.Path(temporary), "sentencepiece.bpe.model", titles, vocab_size=700, model_type="unigram")
        fast = transformers.XLMRobertaTokenizerFast.from_pretrained(temporary)
        only_json(fast, FOLDER / "json-unigram")
        cases["json-unigram"] = fast_cases(fast, texts)

    for name, value in cases.items():
        write_json(FOLDER / name / "cases.json", value)
    write_json(FOLDER / "texts.json", {"all": texts, "plain": plain})
    print(f"{len(texts)} texts, {', '.join(cases)}")


if __name__ == "__main__":
    main()
