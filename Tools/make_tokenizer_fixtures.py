"""Writes Tests/InkTextTests/Fixtures/tokenizer: texts with ids and offsets from transformers.

    pip install transformers==4.57.1 tokenizers==0.22.2
    python Tools/make_tokenizer_fixtures.py

Everything is made here from word lists and fixed seeds; the same versions give the same files.
"""

import json
import pathlib
import random
import tempfile

import transformers

FOLDER = pathlib.Path(__file__).parent.parent / "Tests/InkTextTests/Fixtures/tokenizer"
rng = random.Random(20260)

SUBJECTS = """央行 多家银行 这家车企 老城区房价 女排姑娘 高三学生 火箭研制团队 社区医院 国产游戏 新能源基金 沪指 校友会 环保组织
青年导演 地铁十号线 退休教师 乡村图书馆 职业中学 人工智能实验室 二手房市场 A股 5G基站 NBA新秀 CEO周敏 iPhone用户 世乒赛小将 考古队 台风“海燕”
税务部门 直播平台 《山海谣》剧组""".split()
VERBS = """宣布下调 首次公开 连续三天刷新 意外失守 重启 谢幕前再谈 低调回应 全力备战 正式上线 被曝拖欠 创下 悄然改变 三年投入2.6亿元建设
或将取消 联手打造 因大雨推迟 暴涨12%后放弃 vs对手谈 称不会退出""".split()
OBJECTS = """存款准备金率 年度报告 最长假期 总决赛 夜间公交 四六级口语考试 学区房政策 半导体生产线 老旧电梯改造 “双减”新规 怀旧服 跨省通办
太空育种试验 奥运资格赛 Windows更新 3D打印桥梁 退市警示 敦煌壁画展 研究生招生简章 新手保护期 Q3财报(附全文) 第18届读书节""".split()
ENDS = ["", "", "", "！", "？", "：专家解读", " 网友炸锅", "——记者手记", "(组图)", "…", "【视频】", " 12月3日开售", "#热搜#"]

ODD = [
    "", " ", "\t\n\r", "\u3000\u3000", "\u00a0\u2003\u2028\u2029\u205f\u1680\u0085\u000b\u000c", "a\u00a0b\u3000c\u2009d",
    "\u0000", "a\u0000b", "\ufffd中\ufffd", "\ufeff国\u200b家\u200d\u200e", "\u0001\u0002x\u007f\u0080\u009fy", "\ue000私\uf8ff\U000f0000",
    "[SEP]", "[CLS]你好[SEP]世界[MASK]了[PAD][UNK]", "[mask][Sep]", "[[MASK]]", "[MASK", "MASK]", "[MA SK]", "a[SEP]b", "中[MASK]文",
    "[unused1]", "##好", "## a", "#标签#", "a##b", "ＡＢＣ１２３！？（全角）", "ｈｅｌｌｏ　ｗｏｒｌｄ", "﹏￥％＃＠", "「引号」『双层』《书名》〈单〉",
    "Café résumé naïve", "Cafe\u0301 re\u0301sume\u0301", "ÀÉÎÕÜ àéîõü", "Ångström Å K Ω", "İstanbul ISPARTA ıI", "straße STRASSE ẞ ﬁn",
    "ΑΒΓ αβγ ΣΊΣΥΦΟΣ ς", "Привет, Мир! ЁЖ ёж й", "Ђорђе Ѓ Ќ ѓ", "\u0344x a\u0344", "q\u0323\u0307 q\u0307\u0323 ḍ̇", "x\u0334\u0345\u0301",
    "\u0f73\u0334", "\u1d15e\u1d165x", "\U0001d15e\U0001d165\U0001d16d\U0001d16e", "\u302e\u302f가\u302e", "\u1b44\u0334\u1b44", "\U00016ff0\u0334\U00016ff1",
    "한국어 대통령 각힣", "\u1112\u1161\u11ab", "ㄱㄴㄷ ㅏㅑ", "日本語テキスト ガギグ ｶﾞｷﾞ パピプ ヽヾ 々〆", "カ\u3099キ\u309a", "ﾊﾝｶｸ ｶﾅ\uff9e\uff9f",
    "مرحبا بالعالم", "السَّلَامُ عَلَيْكُمْ", "שָׁלוֹם עולם", "สวัสดีชาวโลก น้ำ", "नमस्ते दुनिया क़ ड़", "བོད་སྐད།", "தமிழ் கொ", "ქართული Ა ა", "አማርኛ፡ቋንቋ።",
    "😀😂👍🏽", "👨‍👩‍👧‍👦家庭", "🇨🇳国旗🏳️‍🌈", "❤️♥︎✈️", "1️⃣2️⃣", "🧑🏿‍🚀发射", "\U0001fae8\U0001fab0新表情",
    "𠀀𠮷𡃁", "𪜀𫝀𫠠𬺰", "\U0002b820\U0002b91f\U0002b920\U0002ceaf", "\U0002f800\U0002fa1d", "豈更車賈滑", "㐀䶵䶿龥鿿", "\U00030000\U00031350", "⺀⻳⼀⿕㇀㊀㍿",
    "a" * 99, "a" * 100, "a" * 101, "ab" * 60, "中" * 120, "é" * 100, "e\u0301" * 100, "가" * 40, "가" * 34, "ß" * 101, "1" * 200,
    "don't can't I'm we've they're", "e-mail:foo@bar.com", "http://example.com/a_b?c=d&e=%20#f", "C++ C# .NET $100 50% 3.14 1,000", "^_^ `~` <tag> |x| a=b a+b",
    "３月１５日", "２０２６年", "①②③ⅣⅤⅵ ⓐⒷ", "℃ ‰ № ™ ½ ²", "—–-‐‑‒―−", "“”‘’«»‹›„‚", "…‥・·•※", "\u2e43\u2e55\u061d\u10fb\u166d\u1734x\u1885",
    "\U000111c9\U0001171e\ua9bd", "\u0378\u0530\U000e0001\U000e0041\U000e0100a", "\u08e2\u0890\U000110bd\U000110cd\U00013430", "\ufdd0\uffff\U0001fffe",
    "\u00ad软\u00ad连\u2060接", "\u180e蒙\u180bᠠ", "≠≮≯ a≠b", "\u037e\u0387\u1fef\u2000\u212a\u212b", "ǅ ǈ Ǳ ꟸ Ꭰ ꭰ Ⴀ Ⅷ", "ŉ ΐ ﬃ ẖ", "œuvre Œ Æ æ Ø đ",
    "\u0b95\u0bca\u0d4a\u0ddd\u09cb", "x\u093c\u094d\u0951", "Z\u0351\u036b\u0343\u036a\u0302\u0334a\u0321l\u0322g\u0327o\u0328", "\u0300\u0301", "中\u0301文\u0302",
    "\u0915\u093c", "\u2adc\u2add\u0338", "A\u030a\u0323", "\u0041\u0308\u0304", "\u1e9b\u0323", "ཱི\u0334", "\U0001e94a\U0001e944\U0001e90a", "ＤＪ＆ＭＣ",
    "word\u2028word\u2029word", "tab\tnew\nline\rret", "  lead and trail  ", "\u202eabc\u202c", "a\u034fb", "ﷺ ﷲ", "\U0001f1e6", "\U00010400\U00010428", "\U0001e900\U0001e922", "𝐀𝑏𝟙",
]
POOLS = [
    (0x20, 0x7E), (0x20, 0xFF), (0x100, 0x24F), (0x2B0, 0x36F), (0x300, 0x345), (0x370, 0x52F), (0x590, 0x6FF), (0x900, 0xDFF), (0xE00, 0xFFF),
    (0x1100, 0x11FF), (0x1B00, 0x1CFF), (0x1D00, 0x1FFF), (0x2000, 0x206F), (0x2070, 0x2BFF), (0x3000, 0x30FF), (0x3130, 0x33FF), (0x4E00, 0x4FFF),
    (0xA000, 0xABFF), (0xAC00, 0xAD00), (0xF900, 0xFB4F), (0xFE00, 0xFFFF), (0x10000, 0x11FFF), (0x1D100, 0x1D1FF), (0x1E800, 0x1E95F),
    (0x1F300, 0x1FAFF), (0x20000, 0x2A6DF), (0x2F800, 0x2FA1F), (0xE0000, 0xE01EF), (0x0, 0x10FFFF),
]
SPECIALS = ["[SEP]", "[MASK]", "[CLS]", "[UNK]", "[PAD]"]
PIECES = """the and of to in for with on new ip iphone pad win ##dows windows app ##le update ce ##o nba g ##a ##s ##e ##ing ##ed ##er ##ly ##tion
hello world cafe caf ##e resume na ##ive istanbul ang ##strom don can they we ##ve ##re mask sep cls http www com example foo bar email tag vs 3d
2023 2026 12 18 10 100 50 5g a股 α ##β ##γ αβ ##γα привет ми ##р еж の ##テ テキスト ##スト ##本 カ ##キ 가 ##각 ᄀ ##ᅡ ##ᆨ ᄒ ##ᅵ ##ᇂ
สวัส ##ดี مرحبا ##م नम ##स ##ते café rés ##umé é ##é ÀÉ Caf Hello World ＡＢ ｈｅ ##ｌｌｏ # ## ##好 新 ##闻""".split()


def scalar(pool):
    while True:
        value = rng.randint(*pool)
        if not 0xD800 <= value <= 0xDFFF:
            return chr(value)


def random_text():
    pools = rng.sample(POOLS, rng.randint(1, 3))
    text = ""
    for _ in range(rng.randint(1, 14)):
        text += rng.choice(SPECIALS + [" ", "\t"]) if rng.random() < 0.05 else scalar(rng.choice(pools))
    return text


def texts():
    titles = {rng.choice(SUBJECTS) + rng.choice(VERBS) + rng.choice(OBJECTS) + rng.choice(ENDS) for _ in range(1300)}
    titles = sorted(titles)[:1200]
    noisy = []
    for title in rng.sample(titles, 200):
        at = rng.randint(0, len(title))
        noisy.append(title[:at] + rng.choice(ODD) + title[at:])
    return ODD + titles + noisy + [random_text() for _ in range(600)]


def vocabulary(all_texts):
    characters = sorted({c for text in all_texts for c in text if c.isprintable() and c != " "})
    known = [c for c in characters if rng.random() < 0.9]
    known += [chr(v) for v in range(0x4E00, 0x4F00)] + list("abcdefghijklmnopqrstuvwxyz0123456789")
    continued = ["##" + c for c in "abcdefghijklmnopqrstuvwxyz0123456789"]
    continued += ["##" + c for c in characters if not 0x4E00 <= ord(c) <= 0x9FFF and rng.random() < 0.4]
    tokens = list(dict.fromkeys(known + continued + PIECES))
    rng.shuffle(tokens)
    return ["[PAD]", "[CLS]", "[SEP]", "[MASK]"] + tokens + ["[UNK]"]


def tokenizer(config, vocab):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        (path / "vocab.txt").write_text("\n".join(vocab) + "\n", encoding="utf-8")
        (path / "tokenizer_config.json").write_text(json.dumps(config), encoding="utf-8")
        return transformers.BertTokenizerFast.from_pretrained(folder)


def flat(offsets):
    return [x for pair in offsets for x in pair]


def case(config, vocab, all_texts, indices):
    encodings = tokenizer(config, vocab)([all_texts[i] for i in indices], return_offsets_mapping=True)
    return {
        "config": config,
        "texts": indices,
        "ids": encodings["input_ids"],
        "offsets": [flat(o) for o in encodings["offset_mapping"]],
    }


def pair_cases(hf, all_texts):
    cases = []
    for strategy in ["longest_first", "only_first", "only_second", "do_not_truncate"]:
        for _ in range(60):
            first, second = rng.sample(range(len(all_texts)), 2)
            second = None if rng.random() < 0.2 else second
            length = rng.randint(2 if second is None else 3, 40)
            added = rng.random() < 0.8
            entry = {"first": first, "second": second, "maxLength": length, "truncation": strategy, "special": added}
            try:
                result = hf(
                    all_texts[first], None if second is None else all_texts[second], max_length=length,
                    truncation=strategy, add_special_tokens=added, return_offsets_mapping=True,
                    return_special_tokens_mask=True, return_token_type_ids=True)
                entry |= {
                    "ids": result["input_ids"],
                    "types": result["token_type_ids"],
                    "mask": result["special_tokens_mask"],
                    "offsets": flat(result["offset_mapping"]),
                }
            except Exception:
                entry["fails"] = True
            cases.append(entry)
    return cases


def decode_cases(hf, vocab):
    cases = []
    for _ in range(120):
        ids = [rng.randrange(len(vocab)) for _ in range(rng.randint(0, 12))]
        ids += hf("they don't , e . do not ' s ! 're [MASK] we 've")["input_ids"] if rng.random() < 0.3 else []
        for skip in (False, True):
            cases.append({"ids": ids, "skip": skip, "text": hf.decode(ids, skip_special_tokens=skip)})
    return cases


def main():
    all_texts = texts()
    vocab = vocabulary(all_texts)
    base = {"do_lower_case": True}
    everything = list(range(len(all_texts)))
    unusual = list(range(len(ODD))) + list(range(len(all_texts) - 220, len(all_texts)))
    variants = [
        {"do_lower_case": False},
        {"do_lower_case": False, "strip_accents": True, "tokenize_chinese_chars": False},
        {"do_lower_case": True, "strip_accents": False},
        {"do_lower_case": True, "additional_special_tokens": ["专家", "[X]", "re"]},
        {
            "do_lower_case": True,
            "added_tokens_decoder": {
                "3": {"content": "[MASK]", "lstrip": True, "rstrip": False, "normalized": True, "single_word": False, "special": True},
                str(len(vocab)): {"content": "Café", "lstrip": False, "rstrip": True, "normalized": True, "single_word": True, "special": False},
                str(len(vocab) + 1): {"content": "网友", "lstrip": False, "rstrip": False, "normalized": True, "single_word": False, "special": False},
                str(len(vocab) + 2): {"content": "ab", "lstrip": True, "rstrip": True, "normalized": False, "single_word": True, "special": False},
            },
        },
    ]
    cases = [case(base, vocab, all_texts, everything)] + [case(v, vocab, all_texts, unusual) for v in variants]
    hf = tokenizer(base, vocab)
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "vocab.txt").write_text("\n".join(vocab) + "\n", encoding="utf-8")
    for name, value in [
        ("texts", all_texts), ("cases", cases), ("pairs", pair_cases(hf, all_texts)), ("decoded", decode_cases(hf, vocab)),
    ]:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    print(f"{len(all_texts)} texts, {len(vocab)} tokens, transformers {transformers.__version__}")


if __name__ == "__main__":
    main()
