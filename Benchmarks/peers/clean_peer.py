"""Cleaning with compiled regular expressions: what a Python user writes for the same rules.

    python clean_peer.py FILE OUTPUT [--processes 2] [--lowercase] [--min-sentence-words N]

FILE has one document a line. The rules, their order and their results are those of `inkstone corpus clean` (preset
`standard`, and the two that the options add); like it, they repeat until nothing changes. A rule is skipped by a
substring test where one is possible. Prints JSON: documents, megabytes and seconds.
"""

import argparse
import functools
import html.entities
import itertools
import json
import multiprocessing
import re
import time
import unicodedata

BLOCKS = """address article aside blockquote body br center caption dd details dialog dir div dl dt fieldset figcaption
figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li link main menu meta nav noframes
noscript ol optgroup option p pre section summary table tbody tfoot thead title tr ul"""
INLINES = """a abbr acronym applet area audio b base basefont bdi bdo big button canvas cite code col colgroup data
datalist del dfn em embed font i iframe img input ins kbd label map mark marquee math meter nobr object output param
picture progress q rp rt ruby s samp select slot small source span strike strong sub sup svg template textarea time track
tt u var video wbr"""
REPLACEMENTS = dict.fromkeys(BLOCKS.split() + ["script", "style"], "\n") | {"td": " ", "th": " "}
NAMES = "|".join(sorted(BLOCKS.split() + INLINES.split() + ["td", "th", "script", "style"], key=len, reverse=True))
ATTRIBUTES = r"""(?:[^<>"']|"[^"<]*"|'[^'<]*')*>"""
MARKUP = re.compile(
    r"<!--.*?-->|<![A-Za-z]" + ATTRIBUTES + r"|<\?[A-Za-z].*?\?>"
    r"|<(script|style)(?=[\s/>])" + ATTRIBUTES + r".*?</\1" + ATTRIBUTES
    + r"|</?(" + NAMES + r")(?=[ \t\n/>]|(?:src|href|class|style|id|target|title|alt|width|map|data)=)" + ATTRIBUTES,
    re.S | re.I,
)
ENTITY = re.compile(r"&((?:(?:amp|AMP|#38|#x26);)*)(#[0-9]{1,8};|#[xX][0-9A-Fa-f]{1,8};|[A-Za-z0-9]{1,8};)?")
SPACES = {"nbsp", "ensp", "emsp", "thinsp"}
URL = re.compile(
    r"(?:(?:https?|ftp)://|(?<![A-Za-z0-9.@/-])www\.)[A-Za-z0-9][-A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%]*", re.I | re.A
)
DOMAINS = """com net org edu gov mil int info biz name pro mobi asia cat coop jobs museum tel travel xyz top vip club site
online tech shop store wang ltd group work live life fun space website app dev cloud ink link social example test"""
EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+@-])(\.*)(?!(?i:git)@)[A-Za-z0-9_%+-][A-Za-z0-9._%+-]*@(?:[A-Za-z0-9-]+\.)+"
    rf"(?i:[a-z]{{2}}|{'|'.join(DOMAINS.split())})(?![A-Za-z])"
)
EMOJI = re.compile(
    "(?:[\u231a\u231b\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u2648-\u2653\u267f\u2693\u26a1\u26aa\u26ab"
    "\u26bd\u26be\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705\u270a\u270b\u2728\u274c\u274e"
    "\u2753-\u2755\u2757\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55\U0001f000-\U0001f0ff\U0001f170\U0001f171"
    "\U0001f17e\U0001f17f\U0001f18e\U0001f191-\U0001f19a\U0001f1e6-\U0001f1ff\U0001f201\U0001f202\U0001f21a\U0001f22f"
    "\U0001f232-\U0001f23a\U0001f250\U0001f251\U0001f300-\U0001faff]|[\u2300-\u2bff](?=\ufe0f)|\ufe0f?\u20e3)"
    "[\ufe0f\u200d\u20e3]*"
)
ALPHANUMERIC = "A-Za-z0-9\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"
ANY_EMOJI = re.compile("[\u20e3\u2300-\u2bff\ufe0f\U0001f000-\U0001faff]")
ANY_WIDE = re.compile("[\u3000\uff10-\uff19\uff21-\uff3a\uff41-\uff5a＆＋－．／＠＿％]")
ANY_NUMBER = re.compile("[0-9](?:[ -]?[0-9]){10}")
WIDE = re.compile(
    f"[\u3000\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]|(?<=[{ALPHANUMERIC}])[＆＋－．／＠＿](?=[{ALPHANUMERIC}])"
    "|(?<=[0-9\uff10-\uff19])％"
)
UPPER = re.compile(r"(\[(?:PHONE|ID|CARD)\])|[A-Z\u00c0-\u00d6\u00d8-\u00de\u0391-\u03a1\u03a3-\u03a9\u0400-\u042f\uff21-\uff3a]+")
IDENTITY = re.compile(
    r"(?<![0-9A-Za-z.])[1-8][0-9]{5}(?:1[89]|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]"
    r"(?![0-9A-Za-z])"
)
CARD = re.compile(
    r"(?<![0-9A-Za-z.])(?:[3-9][0-9]{12,18}|[3-9][0-9]{3}([ -])[0-9]{4}\1[0-9]{4}\1"
    r"(?:[0-9]{4}\1[0-9]{1,3}(?![0-9])|[0-9]{1,4}))(?![0-9A-Za-z])"
)
ISSUERS = re.compile(
    r"62[0-9]{14,17}|955[89][0-9]{15}|4[0-9]{15}|5[1-5][0-9]{14}|35(?:2[89]|[3-8][0-9])[0-9]{12}"
    r"|(?:601[13]|65[0-9]{2})[0-9]{12}(?:[0-9]{3})?|3[47][0-9]{13}|(?:30[0-5]|3[68][0-9])[0-9]{11}"
)
NATIONAL = r"1[3-9][0-9](?:[0-9]{8}|([ -])[0-9]{4}\%d[0-9]{4})(?![0-9])"
PHONE = re.compile(
    r"(?<![0-9A-Za-z.])(?:(?:\+|00)?86[ -]?" + NATIONAL % 1 + "|" + NATIONAL % 2 + r")|(?<=\+)" + NATIONAL % 3
)
LABELS = """责任编辑 责编 本文来源 文章来源 信息来源 原标题 上一篇 下一篇 上一页 下一页 上一章 下一章 相关阅读
相关新闻 相关链接 相关文章 相关推荐 推荐阅读 延伸阅读 热门推荐 热门文章 猜你喜欢 编辑推荐 分享到 分享至 免责声明
版权声明 特别声明 版权所有"""
CREDITS = """编辑 来源 发布时间 点击数 浏览次数 阅读次数 当前位置 您的位置 您现在的位置 您当前的位置 投稿邮箱"""
BEGINNINGS = """点击查看更多 点击查看原文 点击查看全文 点击查看大图 点击查看详情 点击进入专题 点击进入直播
点击阅读原文 点击阅读全文 点击上方蓝字 点击上方关注 点击上方“ 点击下方阅读原文 点击下方链接 点击下方二维码
扫描二维码关注 扫一扫关注 扫一扫二维码 扫一扫下载 扫一扫添加 长按二维码 长按识别 关注微信公众号 关注官方微信
欢迎关注微信 微信扫一扫 更多精彩内容 更多精彩请 转载请注明 转载请联系 未经本站 未经本网 未经本报 未经作者授权
本站所有 本网站所有 本站仅 如有侵权 如需转载 如涉及版权 ©"""
MENUS = """上一页 下一页 上一篇 下一篇 返回首页 返回顶部 返回列表 返回目录 网站地图 联系我们 关于我们 加入收藏
收藏本站 设为首页 打印本页 关闭窗口 阅读原文 查看原文 阅读全文 查看更多 加载更多 展开全文 发表评论 我要评论
网友评论 用户登录 会员登录 友情链接 广告合作 扫一扫"""
NOTICES = """icp备 icp证 公网安备 京公网 版权所有翻印必究 版权所有，侵权必究 版权所有不得转载 转载请注明出处
未经授权不得转载 未经授权禁止转载 未经许可不得转载 未经授权，不得转载 未经许可，不得转载 扫描下方二维码
长按识别二维码 设为星标 请勿转载 谢绝转载"""
DECORATION = r"【\[（(<>《》·•|\-－—*#▲▼◆■●↑↓→ \t\u3000"
DELIMITERS = r"：:|/>】\])）\-—·•»＞ \t\u3000"


def any_of(words):
    return "(?:" + "|".join(map(re.escape, words.split())) + ")"


STARTS = (
    rf"[{DECORATION}]*(?:{any_of(LABELS)}(?=$|[{DELIMITERS}])|{any_of(BEGINNINGS)}|(?i:copyright)(?: ?©|[:：]| \([cC]\)| 19| 20)"
    rf"|{any_of(MENUS)}(?:[{DECORATION}{DELIMITERS}]*{any_of(MENUS)})*[{DECORATION}{DELIMITERS}]*$)"
)
CREDIT = rf"[{DECORATION}]*({any_of(CREDITS)}[：:])"
ANY_NOTICE = re.compile("[Ii][Cc][Pp]|公网安备|京公网|版权所有|得转载|止转载|勿转载|绝转载|注明出处|二维码|设为星标|(?i:all rights)")
ANY_START = re.compile(f"{STARTS}|{CREDIT}", re.M)
BOILERPLATE = re.compile(
    rf"^(?=.{{1,180}}$)(?:{STARTS}|.*(?:(?i:{any_of(NOTICES)})|(?i:all rights reserved))|{CREDIT}).*(?:\n|\Z)", re.M
)
RUN = re.compile(r"([^A-Za-z0-9])\1+", re.S)
MARK = r"""[!?;。…！？；]|\.(?=\Z|[ \n])"""
SENTENCE = re.compile(
    r"(?:[^\n!?;。…！？；.]|\.(?!\Z|[ \n]))*(?:(?:" + MARK + r""")(?:[!?;。…！？；"')”’」』】》）]|\.(?=\Z|[ \n]))*)?"""
)
WORD = r"[\W_]*(?:[A-Za-z0-9]+(?![A-Za-z0-9])|[^\W_A-Za-z0-9])"
LINE_END_SPACE = re.compile(r"[ \t]+(?=\n)")


def suspects() -> re.Pattern:
    """Everything that `characters` may have to change; most texts hold none of it."""
    ranges = []
    for code in itertools.chain(range(0xD800), range(0xE000, 0x10000)):
        if plain(chr(code)) != chr(code):
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    body = "".join(f"{re.escape(chr(a))}-{re.escape(chr(b))}" for a, b in ranges)
    return re.compile(f"\r\n|[{body}\U00010000-\U0010ffff]")


@functools.cache
def plain(text: str) -> str:
    """What stands for a character: itself, nothing, a space or a line end."""
    code, category = ord(text[0]), unicodedata.category(text[0])
    if text[0] in "\r\x85\u2028\u2029":
        return "\n"
    if category == "Zs":
        return text if text in " \u3000" else " "
    if 0x4DB6 <= code < 0xA000 or 0x20000 <= code < 0x3FFFE or text in "\t\n":
        return text
    gone = (category[0] == "C" or 0xFE00 <= code <= 0xFE0F or code == 0xFFFD or 0x180B <= code <= 0x180F
            or 0xE0100 <= code <= 0xE01EF)
    return "" if gone else text


SUSPECT = suspects()
KINDS = {}


def characters(text):
    return SUSPECT.sub(lambda found: plain(found[0]), text)


def width(text):
    return text if not ANY_WIDE.search(text) else WIDE.sub(lambda found: " " if found[0] == "\u3000" else chr(ord(found[0]) - 0xFEE0), text)


def entity(found):
    escaped, last = found[1], found[2]
    if last:
        name = last[:-1]
        if name[0] == "#":
            code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
            if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000:
                return chr(code)
        elif name in SPACES:
            return " "
        elif last in html.entities.html5:
            return html.entities.html5[last]
    return "&" + (last or "") if escaped else found[0]


def markup(text):
    if "<" in text and ">" in text:
        text = MARKUP.sub(lambda found: REPLACEMENTS.get((found[1] or found[2] or "").lower(), ""), text)
    return ENTITY.sub(entity, text) if "&" in text and ";" in text else text


def address(found):
    url = found[0]
    unopened = url.count(")") - url.count("(")
    while url[-1] in ".,;:!?'])":
        if url[-1] == ")":
            if unopened <= 0:
                break
            unopened -= 1
        url = url[:-1]
    return found[0][len(url):]


def urls(text):
    return URL.sub(address, text) if "://" in text or "www." in text.lower() else text


def emails(text):
    return EMAIL.sub(r"\1", text) if "@" in text else text


def lowercase(text):
    return UPPER.sub(lambda found: found[1] or found[0].lower(), text)


def identity(found):
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    check = sum(weight * int(digit) for weight, digit in zip(weights, found[0]))
    return "[ID]" if "10X98765432"[check % 11] == found[0][-1].upper() else found[0]


def card(found):
    number = found[0].replace(" ", "").replace("-", "")
    if not ISSUERS.fullmatch(number):
        return found[0]
    digits = [int(character) for character in reversed(number)]
    total = sum(digits[::2]) + sum(2 * digit - 9 if digit > 4 else 2 * digit for digit in digits[1::2])
    return "[CARD]" if total % 10 == 0 else found[0]


def line(found):
    size = len(found[0].rstrip("\n").encode())
    return found[0] if size > (60 if found[1] else 180) else ""


def boilerplate(text):
    if ANY_NOTICE.search(text) or any(map(ANY_START.match, text.split("\n"))):
        return BOILERPLATE.sub(line, text)
    return text


def shorter(found):
    character = found[1]
    number = len(found[0])
    if character < "\x80":
        limit = 2 if character == "\n" else 1 if character in "!?,;~ \t" else 3
        return character * min(number, limit)
    limit = KINDS.get(character)
    if limit is None:
        category = unicodedata.category(character)
        limit = 2 if category[0] == "L" or character in "…⋯–—―─〇" else number if category[0] == "N" else 1
        KINDS[character] = limit if category[0] != "N" else None
    return character * min(number, limit)


def without(text, sentences, removed):
    parts, kept, done = [], False, 0
    for index, (start, end) in enumerate(sentences):
        if start == 0 or text[start - 1] == "\n":
            kept = False
        if index not in removed:
            kept = True
            continue
        parts.append(text[done:start])
        done = end + (not kept and text[end : end + 1] == "\n")
    return "".join(parts) + text[done:]


@functools.lru_cache(1)
def spans(text):
    return [found.span() for found in SENTENCE.finditer(text) if found.end() > found.start()]


def repeats(text):
    sentences = spans(text)
    if len(sentences) < 2:
        return text
    keys = [text[start:end].strip(" ") for start, end in sentences]
    if len(set(keys)) == len(keys):
        return text
    stack, stacked, removed = [], [], set()
    for index, key in enumerate(keys):
        stack.append(key)
        stacked.append(index)
        for size in range(1, min(99, len(stack) // 2) + 1):
            if key == stack[-1 - size] and stack[-size:] == stack[-2 * size : -size]:
                removed.update(stacked[-size:])
                del stack[-size:], stacked[-size:]
                break
    return without(text, sentences, removed)


def short_sentences(enough, text):
    sentences = spans(text)
    removed = {index for index, (start, end) in enumerate(sentences) if not enough.match(text, start, end)}
    return without(text, sentences, removed) if removed else text


def space(text):
    return LINE_END_SPACE.sub("", text).strip(" \t\n")


def numbers(text):
    if not ANY_NUMBER.search(text):
        return text
    return PHONE.sub("[PHONE]", CARD.sub(card, IDENTITY.sub(identity, text)))


def rules(options):
    yield lambda text: EMOJI.sub("", text) if ANY_EMOJI.search(text) else text
    yield from (characters, width, markup, urls, emails)
    if options.lowercase:
        yield lowercase
    yield from (numbers, boilerplate, lambda text: RUN.sub(shorter, text), repeats)
    if options.min_sentence_words:
        enough = re.compile("(?:" + WORD + "){%d}" % options.min_sentence_words)
        yield lambda text: short_sentences(enough, text)
    yield space


def clean(text: str) -> str:
    """The text after as many turns as change it."""
    unchanged = 0
    for rule in itertools.islice(itertools.cycle(RULES), 20 * len(RULES)):
        after = rule(text)
        unchanged = unchanged + 1 if after == text else 0
        text = after
        if unchanged == len(RULES):
            break
    return text


def start(options) -> None:
    global RULES
    RULES = list(rules(options))


def work(lines: list[str]) -> str:
    texts = (clean(line.rstrip("\n")) for line in lines)
    return "".join(text.replace("\n", " ") + "\n" for text in texts if text)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("output")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--lowercase", action="store_true")
    parser.add_argument("--min-sentence-words", type=int, default=0)
    options = parser.parse_args()
    begun = time.perf_counter()
    documents = size = 0

    def batches(lines):
        nonlocal documents, size
        while batch := list(itertools.islice(lines, 2000)):
            documents += len(batch)
            yield batch

    with open(options.file, encoding="utf-8", errors="replace", newline="\n") as lines, \
            open(options.output, "w", encoding="utf-8", newline="\n") as output, \
            multiprocessing.Pool(options.processes, start, (options,)) as pool:
        for text in pool.imap(work, batches(lines)):
            output.write(text)
        size = lines.tell() if not lines.closed else 0
    seconds = time.perf_counter() - begun
    print(json.dumps({"peer": "re", "documents": documents, "megabytes": round(size / 1e6, 1),
                      "seconds": round(seconds, 2), "megabytesPerSecond": round(size / 1e6 / seconds, 2)}))


if __name__ == "__main__":
    main()
