"""The upstream protobuf implementation as judge of ours.

    oracle.py make DESCRIPTORS SEED COUNT DIRECTORY   writes random messages in binary and JSON
    oracle.py check DESCRIPTORS DIRECTORY             compares them with what our code made of them

Files are sequences of records: four bytes of length, little-endian, then the bytes.
"""

import json
import math
import random
import struct
import sys

from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

ROOTS = ["orca.testing.v1.Everything"]


def load(path):
    files = descriptor_pb2.FileDescriptorSet()
    files.ParseFromString(open(path, "rb").read())
    pool = descriptor_pool.DescriptorPool()
    names = []
    for file in files.file:
        pool.Add(file)
        for service in file.service:
            for method in service.method:
                names += [method.input_type[1:], method.output_type[1:]]
    return pool, ROOTS * 20 + sorted(set(names))


def message_class(pool, name):
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(name))


def random_text(r):
    alphabet = ["a", "Z", "0", " ", "\"", "\\", "/", "\n", "\t", "\x01", "\x7f", "é", "漢", "😀", "\u2028", "<", "\x00"]
    return "".join(r.choice(alphabet) for _ in range(r.choice([0, 1, 3, 20, 200])))


def random_int(r, bits, signed):
    low = -(1 << bits - 1) if signed else 0
    high = (1 << bits - 1) - 1 if signed else (1 << bits) - 1
    return r.choice([0, 1, low, high, r.randint(low, high), r.randint(max(low, -300), 300)])


def random_double(r):
    special = [0.0, -0.0, 1.0, -1.5, 1e300, 5e-324, math.inf, -math.inf, math.nan, 2.0**53, 1e21, 123456.789]
    return r.choice(special + [r.uniform(-1e6, 1e6)])


def random_float(r):
    value = r.choice([0.0, -0.0, 1.5, math.inf, -math.inf, math.nan, 3.4e38, r.uniform(-1e6, 1e6)])
    return struct.unpack("<f", struct.pack("<f", value))[0]


def random_scalar(r, field):
    kind = field.cpp_type
    if kind == field.CPPTYPE_STRING:
        if field.type == field.TYPE_BYTES:
            return r.randbytes(r.choice([0, 1, 2, 3, 50]))
        return random_text(r)
    if kind == field.CPPTYPE_BOOL:
        return r.random() < 0.5
    if kind == field.CPPTYPE_ENUM:
        known = [value.number for value in field.enum_type.values]
        return r.choice(known * 4 + [77])
    if kind == field.CPPTYPE_DOUBLE:
        return random_double(r)
    if kind == field.CPPTYPE_FLOAT:
        return random_float(r)
    bits = 64 if kind in (field.CPPTYPE_INT64, field.CPPTYPE_UINT64) else 32
    return random_int(r, bits, kind in (field.CPPTYPE_INT64, field.CPPTYPE_INT32))


def fill_value(r, value, depth):
    kind = r.choice(["null", "number", "text", "bool"] + (["object", "list"] if depth < 3 else []))
    if kind == "null":
        value.null_value = 0
    elif kind == "number":
        value.number_value = r.choice([0.0, -0.0, 1.0, -3.25, 1e300, 2.0**60, r.uniform(-9, 9)])
    elif kind == "text":
        value.string_value = random_text(r)
    elif kind == "bool":
        value.bool_value = r.random() < 0.5
    elif kind == "object":
        value.struct_value.SetInParent()
        for _ in range(r.randint(0, 3)):
            fill_value(r, value.struct_value.fields[random_text(r)], depth + 1)
    else:
        value.list_value.SetInParent()
        for _ in range(r.randint(0, 3)):
            fill_value(r, value.list_value.values.add(), depth + 1)


def fill(r, message, depth=0):
    name = message.DESCRIPTOR.full_name
    if name == "google.protobuf.Timestamp":
        message.seconds = r.choice([0, -62135596800, 253402300799, r.randint(-62135596800, 253402300799), r.randint(0, 2**32)])
        message.nanos = r.choice([0, 0, 500000000, 123000000, 1000, 999999999, r.randint(0, 999999999)])
        return message
    if name == "google.protobuf.Struct":
        for _ in range(r.randint(0, 3)):
            fill_value(r, message.fields[random_text(r)], depth + 1)
        return message
    if name == "google.protobuf.Value":
        fill_value(r, message, depth)
        return message
    for field in message.DESCRIPTOR.fields:
        if r.random() < 0.4:
            continue
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            fill_map(r, message, field, depth)
        elif field.is_repeated:
            for _ in range(r.choice([0, 1, 2, 5])):
                if field.message_type is not None:
                    fill(r, getattr(message, field.name).add(), depth + 1)
                else:
                    getattr(message, field.name).append(random_scalar(r, field))
        elif field.message_type is not None:
            inner = getattr(message, field.name)
            inner.SetInParent()
            fill(r, inner, depth + 1)
        else:
            setattr(message, field.name, random_scalar(r, field))
    return message


def fill_map(r, message, field, depth):
    key, value = field.message_type.fields_by_name["key"], field.message_type.fields_by_name["value"]
    entries = getattr(message, field.name)
    for _ in range(r.choice([0, 1, 4])):
        if value.message_type is not None:
            fill(r, entries[random_scalar(r, key)], depth + 1)
        else:
            entries[random_scalar(r, key)] = random_scalar(r, value)


def write_records(path, records):
    with open(path, "wb") as out:
        for record in records:
            out.write(struct.pack("<I", len(record)) + record)


def read_records(path):
    data, position = open(path, "rb").read(), 0
    while position < len(data):
        (count,) = struct.unpack_from("<I", data, position)
        yield data[position + 4 : position + 4 + count]
        position += 4 + count


def to_json(message):
    return json_format.MessageToJson(message, always_print_fields_with_no_presence=True, ensure_ascii=False)


def make(descriptors, seed, count, directory):
    pool, names = load(descriptors)
    r = random.Random(int(seed))
    records = []
    for _ in range(int(count)):
        name = r.choice(names)
        message = fill(r, message_class(pool, name)())
        records += [name.encode(), message.SerializeToString(deterministic=True), to_json(message).encode()]
    write_records(directory + "/made", records)


def same(left, right):
    """Equal as JSON, where 1 and 1.0 are the same and 32-bit floats may be written with other digits."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    numbers = (int, float)
    if isinstance(left, numbers) and isinstance(right, numbers) and not isinstance(left, bool) and not isinstance(right, bool):
        return math.isclose(left, right, rel_tol=1e-6) and math.copysign(1, left) == math.copysign(1, right)
    return type(left) is type(right) and left == right


def check(descriptors, directory):
    pool, _ = load(descriptors)
    made, ours = list(read_records(directory + "/made")), list(read_records(directory + "/ours"))
    # Per message: wire from wire, JSON from wire, wire from JSON, JSON from JSON.
    assert len(made) // 3 == len(ours) // 4, "a message is missing"
    wrong = 0
    for index in range(len(made) // 3):
        name, wire, text = made[3 * index : 3 * index + 3]
        cls = message_class(pool, name.decode())
        wanted = json.loads(text)
        for way in (0, 2):
            our_wire, our_text = ours[4 * index + way], ours[4 * index + way + 1]
            problems = []
            if cls.FromString(our_wire).SerializeToString(deterministic=True) != wire:
                problems.append("binary differs")
            if not same(json.loads(our_text), wanted):
                problems.append("JSON differs")
            if json_format.Parse(our_text, cls()).SerializeToString(deterministic=True) != wire:
                problems.append("JSON reads back differently")
            if problems:
                wrong += 1
                if wrong <= 5:
                    source = "binary" if way == 0 else "JSON"
                    print(f"message {index} {name.decode()} from {source}: {', '.join(problems)}")
                    print(f"  wanted {text.decode()}\n  got    {our_text.decode()}")
    print(f"{len(made) // 3} messages, {wrong} wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    {"make": make, "check": check}[sys.argv[1]](*sys.argv[2:])
