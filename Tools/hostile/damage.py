"""Changes to bytes: what disks, transfers and editors do (`damaged`), and values where a format has them
(`structured`)."""

import io
import json
import re
import struct
import zipfile

NUMBERS = ["0", "-1", "-0", "1", "2147483648", "4294967296", "9223372036854775807", "-9223372036854775808",
           "9223372036854775808", "18446744073709551616", "1e308", "1e400", "-1e308", "1e-320", "NaN", "Infinity", "0.5",
           "1" + "0" * 400]
VALUES = [None, True, "", "0", "\u0000", "\ufeff", "好" * 5000, [], {}, [[]], {"": {}}, [1, "a", None], "../../x", "/dev/zero"]


def damaged(data, random):
    """A name of what was done, and the bytes after it."""
    if not data:
        return "empty", b"\0"
    kind = random.choice(["flip", "flips", "cut", "insert", "delete", "repeat", "zeros", "swap", "ff"])
    place, length = random.randrange(len(data)), min(len(data), 1 << random.randrange(0, 13))
    out = bytearray(data)
    if kind == "flip":
        out[place] ^= 1 << random.randrange(8)
    elif kind == "flips":
        for _ in range(random.randrange(2, 40)):
            out[random.randrange(len(out))] ^= 1 << random.randrange(8)
    elif kind == "cut":
        del out[place:]
    elif kind == "insert":
        out[place:place] = random.randbytes(length)
    elif kind == "delete":
        del out[place:place + length]
    elif kind == "repeat":
        out[place:place] = out[place:place + length] * random.choice([1, 1, 7, 300])
    elif kind in ("zeros", "ff"):
        part = out[place:place + length]
        out[place:place + length] = (b"\0" if kind == "zeros" else b"\xff") * len(part)
    else:
        other = random.randrange(len(data))
        first, second = bytes(out[place:place + length]), bytes(out[other:other + length])
        out[place:place + len(second)] = second
        out[other:other + len(first)] = first
    return kind, bytes(out)


def structured(data, form, random):
    """As `damaged`, by the file's own structure."""
    change = {"json": json_value, "jsonl": json_line, "yaml": yaml_value, "table": table, "csv": table, "lines": lines,
              "safetensors": safetensors, "torch": torch, "protobuf": protobuf}[form]
    return change(data, random)


def number(random):
    return random.choice(NUMBERS)


def mutate(value, random, depth=0):
    """A value with one place changed."""
    if isinstance(value, dict) and value and random.random() < 0.9:
        key = random.choice(list(value))
        value = dict(value)
        action = random.randrange(8)
        if action == 0:
            del value[key]
        elif action == 1:
            value[random.choice(["", "text", key + "x", "\u0000", "类型"])] = value.pop(key)
        else:
            value[key] = mutate(value[key], random, depth + 1)
        return value
    if isinstance(value, list) and value and random.random() < 0.9:
        value = list(value)
        place = random.randrange(len(value))
        action = random.randrange(8)
        if action == 0:
            del value[place]
        elif action == 1:
            value *= random.choice([2, 50])
        else:
            value[place] = mutate(value[place], random, depth + 1)
        return value
    action = random.randrange(5)
    if action == 0:
        return {"deep": nested(random.choice([3, 70, 5000]))}
    if action == 1:
        return random.choice(VALUES)
    if action == 2 and isinstance(value, str):
        return random.choice([value * 1000, value[::-1], value + "\ud800\udc00", value[:1]])
    return Raw(number(random))


class Raw(str):
    """A number as it is to stand in the text."""


def nested(depth):
    return Raw("[" * depth + "]" * depth)


def dump(value):
    if isinstance(value, Raw):
        return str.__str__(value)
    if isinstance(value, dict):
        return "{" + ",".join(json.dumps(key, ensure_ascii=False) + ":" + dump(inner) for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(dump, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def encoded(text):
    return text.encode("utf-8", "surrogatepass")


def json_value(data, random):
    value = json.loads(data)
    for _ in range(random.choice([1, 1, 1, 3])):
        value = mutate(value, random)
    text = dump(value)
    if random.random() < 0.1:
        key = random.choice(re.findall(r'"[^"\\]*":', text) or ['"a":'])
        text = text.replace("{", "{" + key + "1,", 1)
        return "json key twice", encoded(text)
    return "json value", encoded(text)


def json_line(data, random):
    rows = data.decode().splitlines()
    place = random.randrange(len(rows))
    rows[place] = dump(mutate(json.loads(rows[place]), random))
    return "json record", encoded("\n".join(rows) + "\n")


def yaml_value(data, random):
    text = data.decode()
    spots = list(re.finditer(r"(?<=: )[^\n{}\[\],]+", text))
    spot = random.choice(spots)
    new = random.choice([number(random), ".nan", ".inf", "-.inf", "0x10", "1_000", "~", "[]", "{}", "''", "*a", "&a [*a]", "!!int x",
                         "!!binary 8", "[" * random.choice([3, 900, 20000]), "|\n    x", "? ", "'" + "好" * 9000 + "'", "true", "٣"])
    return "yaml value", encoded(text[:spot.start()] + new + text[spot.end():])


def table(data, random):
    rows = data.decode().splitlines()
    place = random.randrange(len(rows))
    kind = random.choice(["number", "quote", "columns", "long", "control", "empty", "same"])
    row = rows[place]
    parts = re.split(r"([\t, ])", row)
    if kind == "number":
        parts[random.randrange(len(parts))] = number(random)
        row = "".join(parts)
    elif kind == "quote":
        at = random.randrange(len(row) + 1)
        row = row[:at] + random.choice(['"', '""', '"\n', '\\"', "'"]) + row[at:]
    elif kind == "columns":
        row = random.choice(["\t", ",", " "]).join(parts * random.choice([1, 2, 2000]))
    elif kind == "long":
        row = row * 20000
    elif kind == "control":
        at = random.randrange(len(row) + 1)
        row = row[:at] + random.choice(["\0", "\r", "\x1b[2J", "\u2028", "\ufeff", "\u202e", "\t\t", "\x85", "　"]) + row[at:]
    elif kind == "empty":
        row = random.choice(["", " ", "\t", ",", "\r"])
    else:
        row = rows[random.randrange(len(rows))]
    rows[place] = row
    return "table " + kind, encoded("\n".join(rows) + "\n")


def lines(data, random):
    rows = data.decode().split("\n")
    kind = random.choice(["sort", "twice", "drop", "longer", "token", "break"])
    place = random.randrange(len(rows))
    if kind == "sort":
        rows.sort()
    elif kind == "twice":
        rows.insert(random.randrange(len(rows)), rows[place])
    elif kind == "drop":
        del rows[place:place + random.choice([1, 1, 20])]
    elif kind == "longer":
        rows[place:place] = [f"新{n}" for n in range(random.choice([1, 5, 70000]))]
    elif kind == "token":
        rows[place] = random.choice(["[CLS]", "[PAD]", "##", "", " ", "\t", "a\t1", "a\t" + number(random), "好" * 100000])
    else:
        return "lines break", random.choice([b"\r", b"\r\n", b"\0", b"\n\n"]).join(encoded(row) for row in rows)
    return "lines " + kind, encoded("\n".join(rows))


def safetensors(data, random):
    length = struct.unpack("<Q", data[:8])[0]
    body = data[8 + length:]
    if random.random() < 0.2:
        size = random.choice([0, 1, length - 1, length + 1, length + 8, len(data), 1 << 31, 1 << 40, 1 << 63, (1 << 64) - 1])
        return "safetensors length", struct.pack("<Q", size % (1 << 64)) + data[8:]
    if random.random() < 0.25 and len(body) >= 4:
        place = random.randrange(len(body) // 4) * 4
        value = random.choice([b"\0\0\xc0\x7f", b"\0\0\x80\x7f", b"\xff\xff\x7f\x7f", b"\x01\0\0\0"])
        count = random.choice([1, 1, 64])
        return "safetensors values", data[:8 + length] + (body[:place] + value * count + body[place + 4 * count:])[:len(body)]
    header = json.loads(data[8:8 + length])
    names = [name for name in header if name != "__metadata__"]
    name = random.choice(names)
    entry = dict(header[name])
    action = random.randrange(6)
    if action == 0:
        entry["dtype"] = random.choice(["F32", "F16", "BF16", "I64", "F64", "BOOL", "F8", "", 3, None])
    elif action == 1:
        entry["shape"] = random.choice([[], [0], [-1], entry["shape"][::-1], entry["shape"] * 3, [1 << 62, 4], [1 << 63], ["1"], None, [1.5]])
    elif action == 2:
        first, last = entry["data_offsets"]
        entry["data_offsets"] = random.choice([[last, first], [first, last + 4], [0, 1 << 62], [-4, 0], [first], [], [first + 1, last + 1],
                                               [1 << 63, 1 << 64], [0, last - first]])
    elif action == 3:
        header[random.choice(["bert.new.weight", "", "x" * 100000, name.upper(), "__metadata__"])] = entry
    elif action == 4:
        del header[name]
    else:
        header = mutate(header, random)
    if action < 3:
        header[name] = entry
    text = encoded(dump(header))
    return "safetensors header", struct.pack("<Q", len(text)) + text + body


OPCODES = b"(.0123FGIJKLMNPQRSTUVXabcdeghijlopqrstu}\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95"


def pickle_bytes(data, random):
    out = bytearray(data)
    for _ in range(random.choice([1, 1, 2, 5])):
        place = random.randrange(len(out))
        action = random.randrange(4)
        if action == 0:
            out[place] = random.choice(OPCODES)
        elif action == 1:
            out[place:place] = bytes([random.choice(OPCODES)])
        elif action == 2:
            part = struct.pack("<I", random.choice([0, 1, 1 << 31, (1 << 32) - 1]))
            out[place:place + 4] = part
        else:
            out[place:place] = random.choice([b"cos\nsystem\n(S'id'\ntR.", b"(" * 50000, b"]" + b"(e" * 5000, b"\x8b\xff\xff\xff\x7f", b"\x8a\xff"])
    return bytes(out)


def torch(data, random):
    if not data.startswith(b"PK"):
        return "pickle opcodes", pickle_bytes(data[:4096], random) + data[4096:]
    if random.random() < 0.4:
        start = data.rfind(b"PK\x05\x06")
        place = random.choice([start, data.find(b"PK\x01\x02")])
        out = bytearray(data)
        at = min(len(out) - 4, place + random.randrange(4, 46 if place != start else 22))
        size = random.choice([1, 2, 4])
        out[at:at + size] = random.choice([b"\0" * 4, b"\xff" * 4, b"\x01\0\0\0", b"\0\0\0\x80"])[:size]
        return "zip directory", bytes(out)
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(result, "w") as new:
        chosen = random.choice(old.namelist()) if random.random() < 0.3 else None
        for item in old.infolist():
            content = old.read(item)
            if chosen is None and item.filename.endswith("data.pkl"):
                content = pickle_bytes(content, random)
            if item.filename == chosen:
                action = random.randrange(4)
                if action == 0:
                    continue
                content = [content, content[:-4], content * 2, b""][action]
                if action == 2:
                    item.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(item, content)
    return "pickle opcodes" if chosen is None else "zip entries", result.getvalue()


def protobuf(data, random):
    """A field of the message at the top, or one inside a piece, gets another tag, length or value."""
    fields, place = [], 0
    while place < len(data):
        start = place
        tag, place = varint(data, place)
        if tag & 7 == 2:
            length, content = varint(data, place)
            fields.append((start, place, content, content + length))
            place = content + length
        elif tag & 7 == 0:
            _, place = varint(data, place)
        elif tag & 7 == 5:
            place += 4
        else:
            place += 8
    start, lengthAt, content, end = random.choice(fields) if random.random() < 0.7 else fields[-1 - random.randrange(min(3, len(fields)))]
    out = bytearray(data)
    action = random.randrange(6)
    if action == 0:
        out[lengthAt:content] = random.choice([b"\0", b"\x7f", b"\xff\xff\xff\xff\x7f", b"\xff" * 9 + b"\x01", b"\xff" * 12])
    elif action == 1:
        out[start:start + 1] = bytes([random.choice([0, 3, 4, 8, 13, 15, 0x7f])])
    elif action == 2 and end > content:
        out[random.randrange(content, end)] = random.choice([0, 0x7f, 0x80, 0xff])
    elif action == 3:
        out[start:start] = data[start:end] * random.choice([1, 3])
    elif action == 4:
        del out[start:end]
    else:
        out[start:end] = b"\x0a\x0e\x0a\x03\xe5\xa5\xbd\x15" + random.choice([b"\0\0\xc0\x7f", b"\0\0\x80\xff", b"\xff\xff\x7f\x7f"]) + b"\x18" + bytes([random.randrange(8)])
    return "protobuf field", bytes(out)


def varint(data, place):
    value = shift = 0
    while place < len(data):
        byte = data[place]
        place += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            break
    return value, place
