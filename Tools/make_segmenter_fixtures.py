"""Writes Tests/InkTextTests/Fixtures/segmenter and .../roformer: words from jieba, RoFormer tokens from transformers.

    pip install jieba==0.42.1 rjieba==0.2.2 transformers==4.57.1 tokenizers==0.22.2
    python Tools/make_segmenter_fixtures.py

The dictionary, the texts and the tables of word boundaries are made here; jieba's own data is not used. The same
versions give the same files.

segmenter/cases.json: `texts`; `words`, for each name of a setting (mode, then `-hmm` or `-user`) the words of each text;
`frequencies`, of words and beginnings of words after the user dictionary was read; `total`.
roformer/cases.json: `texts`, and the `ids` and `offsets` (flat) of each, without special tokens.
"""

import json
import math
import pathlib
import random
import shutil
import tempfile

import jieba
import jieba.finalseg
import rjieba
import tokenizers
import transformers
from transformers.models.roformer import tokenization_utils

FIXTURES = pathlib.Path(__file__).parent.parent / "Tests/InkTextTests/Fixtures"
rng = random.Random(31)

DICTIONARY = """
砚台 120 n|墨 300 n|墨汁 90 n|研墨 40 v|书法 260 n|书法家 80 n|书 900 n|法 500 n|家 1500 n|法家 30 n|宣纸 70 n|纸 400 n
毛笔 95 n|笔 350 n|毛 210 n|毛笔字 22 n|字 800 n|写 700 v|写字 160 v|我们 2000 r|我 3000 r|们 50 k|在 5000 p|的 9000 u
学校 600 n|学 450 v|校 90 n|校园 150 n|园 60 n|里 1800 f|练习 240 v|练 75 v|习 20 v|今天 520 t|今 33 t|天 640 n|天气 310 n
气 140 n|很 1400 d|好 1900 a|好看 130 a|看 1100 v|看书 85 v|南 180 f|京 45 b|南京 330 ns|南京市 110 ns|市 280 n|市长 190 n
长 560 a|长江 200 ns|江 170 n|长江大桥 66 ns|大桥 88 n|大 2500 a|桥 105 n|A4 12 n|A4纸 9 n|C++ 7 n|R&B 5 n|T恤 14 n
一 4000 m|一个 1700 m|个 2600 q|个人 270 n|人 3200 n|人工 125 n|工 65 n|智能 145 n|人工智能 77 n|能 1300 v|能力 215 n|力 230 n
不 4200 d|不能 480 d|是 6000 v|也 1600 d|了 4800 u|下雨 99 v|下 950 f|雨 155 n|雨天 26 n|去掉 0 v|去 720 v|掉 330 v
"""
USER = """砚友
砚友会 12
端砚 n
墨汁 500 n
书法家协会
很好看 20 a
天气 0
A4纸盒 3 n
洮河砚 ns
"""
PARTS = """砚台 墨 书法家 法 在 学校 里 练习 毛笔字 写 我们 今天 天气 很 好看 南京市长江大桥 一个 人工智能 不能 是 也 了 下雨天 个人 能力 去掉
砚友 砚友会 端砚 洮河砚 徐悲鸿 歙县 墨汁 很好看 A4 A4纸 A4纸盒 C++ R&B T恤 iPad 3.14% 50% x86_64 a.b -3 +1 ， 。 ！ “ ” 《 》 … \u3000 \t é 한 ガ
㐀㐁 𠀀 鿕 鿖 12 30日 Ｚ ％ . % & # @ \r\n \u00a0 \u001c 龘 翾 赑屃""".split(" ")
ODD = ["", " ", "  ", "\r\n", "\n\r\n ", "a", "1", "。", "长", "南京市长江大桥", "我们在学校里练习写毛笔字", "今天天气很好看书法", "A4", "AA4A4纸B",
       "3.14%和.5和5.", "C++C+++", "R&B&B", "..%%--", "x_y-z+w", "一个人工智能不能是个人的能力", "徐悲鸿也写了一个砚字", "去掉去掉了",
       "“书法家”，《法家》", "a b\tc\u3000d", "T恤ST恤", "é长江é", "龘龘龘龘", "歙县的歙砚端溪的端砚", "下雨天不能写字"]


def texts() -> list[str]:
    made = list(ODD)
    for _ in range(160):
        made.append("".join(rng.choices(PARTS, k=rng.randint(1, 12))))
    letters = [c for line in DICTIONARY.replace("|", "\n").split("\n") for c in line.split(" ")[0]]
    for _ in range(60):
        made.append("".join(rng.choices(letters, k=rng.randint(1, 25))))
    return made


def entries() -> list[list[str]]:
    return [line.split(" ") for line in DICTIONARY.strip().replace("\n", "|").split("|")]


def boundary_tables() -> tuple[dict, dict, dict]:
    """Counts of the dictionary's words, a little disturbed so that no two numbers are alike."""
    emission = {state: {} for state in "BMES"}
    for word, frequency, _ in entries():
        if not all("\u4e00" <= c <= "\u9fd5" for c in word) or frequency == "0":
            continue
        states = "S" if len(word) == 1 else "B" + "M" * (len(word) - 2) + "E"
        for letter, state in zip(word, states):
            emission[state][letter] = emission[state].get(letter, 0) + int(frequency) * rng.uniform(0.8, 1.2)
    for state in "BES":
        for letter in "砚端鸿悲徐":
            emission[state].setdefault(letter, rng.uniform(1, 30))
    for letters in emission.values():
        total = sum(letters.values())
        for letter in letters:
            letters[letter] = math.log(letters[letter] / total)
    never = -3.14e100
    start = {"B": math.log(0.6), "M": never, "E": never, "S": math.log(0.4)}
    transition = {"B": {"E": math.log(0.8), "M": math.log(0.2)}, "M": {"E": math.log(0.7), "M": math.log(0.3)},
                  "E": {"B": math.log(0.55), "S": math.log(0.45)}, "S": {"B": math.log(0.5), "S": math.log(0.5)}}
    return start, transition, emission


def write(path: pathlib.Path, value) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def make_segmenter(folder: pathlib.Path) -> None:
    (folder / "dict.txt").write_text("".join(" ".join(entry) + "\n" for entry in entries()), encoding="utf-8")
    (folder / "user.txt").write_text(USER, encoding="utf-8")
    start, transition, emission = boundary_tables()
    write(folder / "hmm.json", {"start": start, "transition": transition, "emission": emission})
    jieba.setLogLevel(60)
    jieba.finalseg.start_P, jieba.finalseg.trans_P, jieba.finalseg.emit_P = start, transition, emission
    made = texts()
    words = {}
    with tempfile.TemporaryDirectory() as temporary:
        def segmenter():
            one = jieba.Tokenizer(str(folder / "dict.txt"))
            one.tmp_dir = temporary
            one.initialize()
            return one

        plain, user = segmenter(), segmenter()
        for name, hmm in [("", False), ("-hmm", True)]:
            words["precise" + name] = [list(plain.cut(text, HMM=hmm)) for text in made]
            words["search" + name] = [list(plain.cut_for_search(text, HMM=hmm)) for text in made]
        words["full"] = [[word for word in plain.cut(text, cut_all=True) if word] for text in made]
        user.load_userdict(str(folder / "user.txt"))
        words["precise-user"] = [list(user.cut(text, HMM=False)) for text in made]
        words["precise-hmm-user"] = [list(user.cut(text, HMM=True)) for text in made]
    write(folder / "cases.json", {
        "texts": made, "words": words, "frequencies": user.FREQ, "total": user.total})


def make_roformer(folder: pathlib.Path) -> None:
    shutil.copy(FIXTURES / "segmenter/dict.txt", folder / "jieba_dict.txt")
    words = [entry[0] for entry in entries()]
    kept = [word for index, word in enumerate(words) if len(word) == 1 or index % 3]
    more = "徐 悲 鸿 县 a b c ##a ##b ##4 ipad x ##x ##86 3 14 ##4 % , ， 。 “ ” é e ##好 ᄒ ##ᅡ ##ᆫ 㐀 𠀀 日 c ##+ ##++ r t a4 12 50".split()
    vocabulary = list(dict.fromkeys(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + kept + more))
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    write(folder / "tokenizer_config.json", {"tokenizer_class": "RoFormerTokenizer", "do_lower_case": True})
    segmenter = rjieba.Jieba.empty()
    for word, frequency, tag in entries():
        if frequency != "0":
            segmenter.add_word(word, int(frequency), tag)
    plain = tokenization_utils.JiebaPreTokenizer.__init__

    def with_dictionary(self, vocab):
        plain(self, vocab)
        self.jieba = segmenter

    tokenization_utils.JiebaPreTokenizer.__init__ = with_dictionary
    tokenizer = transformers.RoFormerTokenizerFast(str(folder / "vocab.txt"), do_lower_case=True)
    made = texts() + ["[CLS]我们[SEP]书法[MASK]家", "É长江Ǎ", "한국", "ＡＢ字", "IPAD写字", "南京\x00市\ufffd长江"]
    encoded = [tokenizer(text, add_special_tokens=False, return_offsets_mapping=True) for text in made]
    write(folder / "cases.json", {
        "texts": made, "ids": [one["input_ids"] for one in encoded],
        "offsets": [[place for pair in one["offset_mapping"] for place in pair] for one in encoded]})


def main() -> None:
    assert (jieba.__version__, transformers.__version__, tokenizers.__version__) == ("0.42.1", "4.57.1", "0.22.2")
    for name, make in [("segmenter", make_segmenter), ("roformer", make_roformer)]:
        folder = FIXTURES / name
        folder.mkdir(parents=True, exist_ok=True)
        make(folder)


if __name__ == "__main__":
    main()
