#!/usr/bin/env python3
"""Every value that is read stands where the reader says: each place lies inside its paragraph, and of the values that are
words of the paper the place holds the words. Papers that are given; ends with 1 and the first ones that do not.

    spans.py DIEMCAU FILE...
"""
import json
import re
import subprocess
import sys
import unicodedata

# Values that are the paper's own words, so that their place holds them (plan-schema: "the words of the document").
WORDS = {"obligations.text", "obligations.owner", "recipients", "quotas.unit", "points.place", "audiences.text", "online.url"}


def bare(text):
    return re.sub(r"[^\w]", "", unicodedata.normalize("NFC", text).lower())


def values(record, path):
    """(path, value, span) of each value under a record that has a place."""
    if isinstance(record, list):
        for one in record:
            yield from values(one, path)
    elif isinstance(record, dict):
        at = record.get("_at", {})
        if at:
            yield path, None, at
        for key, spans in at.get("fields", {}).items():
            value = record.get(key)
            for i, span in enumerate(spans if isinstance(spans, list) else [spans]):
                yield f"{path}.{key}".lstrip("."), value[i] if isinstance(spans, list) else value, span
        for key, inner in record.items():
            if not key.startswith("_"):
                yield from values(inner, f"{path}.{key}".lstrip("."))


def faults(plan):
    paragraphs = [one["text"] for one in plan["_paragraphs"]]
    count = 0
    bad = []
    for path, value, span in values(plan, ""):
        if span.get("paragraph", 0) == 0:
            continue
        count += 1
        if span["paragraph"] > len(paragraphs):
            bad.append(f"{path}: paragraph {span['paragraph']} of {len(paragraphs)}")
            continue
        text = paragraphs[span["paragraph"] - 1]
        if not 0 <= span["from"] <= span["to"] <= len(text):
            bad.append(f"{path}: {span['from']} to {span['to']} of {len(text)}")
        elif path in WORDS and isinstance(value, str):
            held = bare(text[span["from"]:span["to"]])
            if bare(value) not in held and held not in bare(value):
                bad.append(f"{path}: {value!r} is not in {text[span['from']:span['to']]!r}")
    return count, bad


def main():
    total = 0
    wrong = 0
    for name in sys.argv[2:]:
        done = subprocess.run([sys.argv[1], "plan", "read", name, "--json"], capture_output=True, check=True)
        count, bad = faults(json.loads(done.stdout))
        total += count
        wrong += len(bad)
        for line in bad[:3]:
            print(f"{name}: {line}")
    print(f"{total} places, {wrong} wrong")
    sys.exit(1 if wrong or total < 1000 else 0)


main()
