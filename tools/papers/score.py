#!/usr/bin/env python3
"""How well a reader read: plans it made against the labels, field by field.

  score.py LABEL.json PLAN.json      one paper
  score.py LABELS PLANS [--fields] [--wrong] [--fail-under X] [--precision-under X]      two folders

Every judged value is a hit, a wrong value (one too many and one missing), a missing or a superfluous one; the figure
of a paper is F1 over all its values, that of a folder the mean of its papers.
"""
import argparse
import difflib
import functools
import glob
import json
import os
import re
import sys
import unicodedata
from collections import Counter

ALIKE = 0.9     # a text is right from here
PAIRED = 0.6    # two records with a text key may be one pair from here
VOTES = 0.3     # two records without a strong key may be one pair when this share of their values agrees


def tone_table():
    """`hoà` and `hòa`: the tone of the open rhymes oa, oe, uy moved to the first vowel."""
    table = {}
    for first, second, plain in (("o", "a", "oòóỏõọ"), ("o", "e", "oòóỏõọ"), ("u", "y", "uùúủũụ")):
        marked = {"a": "aàáảãạ", "e": "eèéẻẽẹ", "y": "yỳýỷỹỵ"}[second]
        for tone in range(1, 6):
            table[first + marked[tone]] = plain[tone] + second
    return table


TONES = tone_table()
TONE = re.compile("|".join(TONES))


@functools.lru_cache(maxsize=None)
def norm_text(value):
    text = unicodedata.normalize("NFC", value).lower()
    text = re.sub(r"</?[a-z]+>", "", text)
    text = re.sub("[“”„«»‘’'`\"]", "", text)
    text = re.sub("[‐‑‒–—―−]", "-", text).replace("…", "...")
    text = re.sub("[*#_<>\\[\\]\u00ad\u200b\ufeff]", "", text)
    text = TONE.sub(lambda m: m.group(0) if m.group(0)[0] == "u" and text[m.start() - 1:m.start()] == "q"
                    else TONES[m.group(0)], text)
    text = " ".join(text.split())
    text = re.sub(r" ?([-/]) ?", r"\1", text)
    text = re.sub(r" ([.,;:)!?])", r"\1", text).replace("( ", "(")
    return text.strip(" .,;:-/+*")


@functools.lru_cache(maxsize=None)
def similarity(a, b):
    a, b = norm_text(a), norm_text(b)
    if a == b:
        return 1.0
    if not a or not b:
        return 0.0
    left, right = Counter(a.split(" ")), Counter(b.split(" "))
    size = sum(left.values()) + sum(right.values())
    if size > 8 and 2.0 * sum((left & right).values()) / size < 0.2:
        return 0.0
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= 0.4 else 0.0


def empty(value):
    return value is None or value is False or value == "" or value == [] or value == {}


def value_of(record, key):
    value = record.get(key) if isinstance(record, dict) else None
    return None if empty(value) else value


def flat(value):
    if isinstance(value, (list, tuple)):
        return ", ".join(flat(item) for item in value if not empty(item))
    return "" if value is None else str(value)


def norm_exact(value):
    if value is True:
        return "true"
    if isinstance(value, float) and value == int(value):
        value = int(value)
    text = re.sub("[‐‑‒–—―−]", "-", unicodedata.normalize("NFC", str(value)))
    text = re.sub(r"\s+", "", text).lower()
    if re.fullmatch(r"[\d.]+", text) and re.fullmatch(r"\d+(\.\d+)?", text):
        text = text.lstrip("0") or "0"
    return text


def same_exact(label, plan):
    return norm_exact(label) == norm_exact(plan)


def same_text(label, plan):
    return similarity(flat(label), flat(plan)) >= ALIKE


def same_joined(label, plan):
    def words(value):
        text = re.sub(r"[.,;:()]", " ", norm_text(flat(value)))
        return " ".join(re.sub(r"\b(và|cùng|với|các)\b", " ", text).split())
    a, b = words(label), words(plan)
    return a == b or difflib.SequenceMatcher(None, a, b, autojunk=False).ratio() >= ALIKE


def same_phone(label, plan):
    a, b = re.sub(r"\D", "", str(label)), re.sub(r"\D", "", str(plan))
    if "*" in str(label):
        return a != "" and b.endswith(a)
    if "*" in str(plan):
        return b != "" and a.endswith(b)
    return a == b


def same_set(label, plan):
    plan = plan if isinstance(plan, list) else [plan]
    return sorted(map(norm_exact, label)) == sorted(map(norm_exact, plan))


SAME = {"E": same_exact, "T": same_text, "J": same_joined, "P": same_phone, "B": same_exact, "X": same_set,
        "ET": lambda label, plan: same_exact(label, plan) or same_text(label, plan)}
SILENT = {"topics.kind": "topic", "quotas.bound": "exact"}   # what a missing value means
DUE, TEXTS = "due", "texts"


class Record(object):
    def __init__(self, fields):
        self.fields = fields


class Records(Record):
    """A list; `how` two of its records find each other: exact, text, place, vote or whole."""

    def __init__(self, how, key, fields):
        Record.__init__(self, fields)
        self.how, self.key = how, key


def fields(text, **more):
    """`number:E title:T` as a table of fields, in that order, and what follows them."""
    table = dict(part.split(":") for part in text.split())
    table.update(more)
    return table


SPEC = Record(fields(
    "",
    document=Record(fields(
        "kind:E number:E symbol:E issuer:T place:T date:E title:T addressees:J",
        signer=Record(fields("name:T title:T authority:T")),
        references=Records("exact", "number", fields("number:E kind:E date:E issuer:T")),
        replaces_invitation="B",
        amends=Record(fields("number:E date:E", changes=Records("vote", "what", fields("what:E old:ET new:ET")))))),
    mode="E",
    audiences=Records("text", "text", fields("text:T block:T")),
    totals=Record(fields("learners:E classes:E")),
    groups=Records("text", "name", fields("name:T learners:E classes:E")),
    schedule=Record(fields(
        "start:E end:E days:E",
        sessions=Records("whole", None, fields("date:E from:E to:E")),
        opening="E", closing="E", check_in="E",
        connection_tests=Records("whole", None, fields("at:E")),
        official_connection=Record(fields("at:E")),
        arrive_before_minutes="E")),
    online=Record(fields("system:T url:E meeting_id:E passcode:E")),
    points=Records("place", "level", fields("level:E place:T chair:T", attendees=TEXTS)),
    programmes=Records("exact", "number", fields(
        "number:E title:T audience:T learners:E classes:E",
        venues=Records("text", "place", fields("place:T classes:E batches:E")))),
    runs=Records("vote", "label", fields("programme:E label:T learners:E start:E end:E place:T")),
    topics=Records("text", "title", fields("title:T programme:E number:E speaker:T minutes:E kind:E")),
    quotas=Records("text", "unit", fields("unit:T count:E each:B bound:E")),
    obligations=Records("text", "text", fields("text:T owner:T coordinators:J", due=DUE, recurring="E")),
    essay=Record(fields("required:B count:E", due=DUE, routes=Records("text", "from", fields("to:T then:J from:T")))),
    evaluation=Records("text", "text", fields("text:T owner:T", due=DUE, percent="E")),
    budget=Records("text", "for", fields("payer:T amount:E for:T")),
    phases=Records("text", "name", fields("name:T to:E from:E", items=Records("text", "text",
                                                                            fields("text:T duration:E")))),
    recipients=TEXTS,
    archive="T",
    contacts=Records("vote", "name", fields("name:T role:T phone:P for:T")),
    anomalies=Records("vote", "kind", fields("kind:E values:X"))))


class Tally(object):
    def __init__(self):
        self.fields, self.wrong = {}, []

    def add(self, path, hit=0, extra=0, miss=0):
        row = self.fields.setdefault(path, [0, 0, 0])
        row[0] += hit
        row[1] += extra
        row[2] += miss

    def note(self, what, path, label, plan):
        self.wrong.append((what, path, label, plan))

    def join(self, other):
        for path, row in other.fields.items():
            self.add(path, *row)

    def sum(self):
        return [sum(row[i] for row in self.fields.values()) for i in range(3)]


def figures(hit, extra, miss):
    """Precision, recall and F1."""
    if hit + extra + miss == 0:
        return 1.0, 1.0, 1.0
    return (hit / (hit + extra) if hit + extra else 0.0, hit / (hit + miss) if hit + miss else 0.0,
            2.0 * hit / (2 * hit + extra + miss))


def accepted(record, key):
    """All values the label takes; the first is its own."""
    more = value_of(record, key + "_alt") or []
    return [value_of(record, key)] + list(more)


def judge(kind, path, label, plan, key):
    """None when the label does not judge; else its value, the plan's, and whether that one is right."""
    takes = accepted(label, key)
    if takes[0] == "*":
        return None

    def told(value):
        return None if empty(value) or (path in SILENT and norm_exact(value) == SILENT[path]) else value
    takes, got = [told(value) for value in takes], told(value_of(plan, key))
    if got is None:
        return takes[0], None, None in takes
    return takes[0], got, any(value is not None and SAME[kind](value, got) for value in takes)


def score_leaf(kind, path, label, plan, key, tally):
    state = judge(kind, path, label, plan, key)
    if state is None:
        return
    want, got, right = state
    if right:
        tally.add(path, hit=0 if got is None else 1)
        return
    tally.add(path, extra=0 if got is None else 1, miss=0 if want is None else 1)
    tally.note("wrong" if want is not None and got is not None else "missing" if got is None else "extra",
               path, want, got)


def due_text(value):
    if not isinstance(value, dict) or empty(value.get("value")):
        return None
    return norm_exact(value.get("kind") or "") + "=" + norm_exact(value["value"])


def score_due(path, label, plan, key, tally):
    takes, got = accepted(label, key), value_of(plan, key)
    if takes[0] == "*":
        return
    want, have = due_text(takes[0]), due_text(got)
    if want is None and have is None:
        return
    match = next((value for value in takes if due_text(value) == have), False)
    if match is not False:
        if have is not None:
            tally.add(path, hit=1)
            relation, read = value_of(match, "relation"), value_of(got, "relation")
            if relation and relation != "*":
                right = read is not None and same_exact(relation, read)
                tally.add(path + ".relation", hit=int(right), extra=int(not right and read is not None),
                          miss=int(not right))
                if not right:
                    tally.note("wrong", path + ".relation", relation, read)
        return
    if want is not None:
        tally.add(path, miss=1)
        if value_of(takes[0], "relation"):
            tally.add(path + ".relation", miss=1)
    if have is not None:
        tally.add(path, extra=1)
    tally.note("wrong" if want and have else "missing" if want else "extra", path, want, have)


def best_pairs(scored):
    """Greedy pairs from (score, i, j), best first, the earlier ones where equal."""
    left, right, pairs = set(), set(), []
    for _, i, j in sorted((-s, i, j) for s, i, j in scored):
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            pairs.append((i, j))
    return sorted(pairs)


def score_texts(path, label, plan, key, tally):
    want, got = value_of(label, key) or [], value_of(plan, key) or []
    if want == "*":
        return
    want = want if isinstance(want, list) else [want]
    got = [item for item in (got if isinstance(got, list) else [got]) if not empty(item)]
    scored = [(similarity(flat(w), flat(g)), i, j) for i, w in enumerate(want) for j, g in enumerate(got)]
    pairs = best_pairs([one for one in scored if one[0] >= ALIKE])
    tally.add(path, len(pairs), len(got) - len(pairs), len(want) - len(pairs))
    for i in set(range(len(want))) - {pair[0] for pair in pairs}:
        tally.note("missing", path, want[i], None)
    for j in set(range(len(got))) - {pair[1] for pair in pairs}:
        tally.note("extra", path, None, got[j])


def share_right(path, spec, label, plan):
    """How much of the label's record the other one has right; lists inside are left out."""
    right = judged = 0
    for key, kind in spec.fields.items():
        if kind == DUE:
            want, got = due_text(value_of(label, key)), due_text(value_of(plan, key))
            if want is not None or got is not None:
                judged += 1
                right += want == got
        elif isinstance(kind, str) and kind != TEXTS:
            state = judge(kind, path + "." + key, label, plan, key)
            if state is not None and state[:2] != (None, None):
                judged += 1
                right += bool(state[2])
    return right / judged if judged else 0.0


def likeness(label, plan, key):
    got = value_of(plan, key)
    return 0.0 if got is None else max(
        [similarity(flat(value), flat(got)) for value in accepted(label, key) if not empty(value)] or [0.0])


def pair_score(path, spec, label, plan):
    share = share_right(path, spec, label, plan)
    if spec.how == "whole":
        return float(share == 1.0)
    if spec.how == "text":
        alike = likeness(label, plan, spec.key)
        return alike + 0.3 * share if alike >= PAIRED else 0.0
    if spec.how == "vote" and spec.key not in ("kind", "what"):
        return share if share >= VOTES else 0.0
    want, got = value_of(label, spec.key), value_of(plan, spec.key)
    if want is None or got is None or not same_exact(want, got):
        return 0.0
    return 1.0 + (likeness(label, plan, "place") + 0.1 * share if spec.how == "place" else share)


def score_records(path, spec, label, plan, tally):
    want = [item for item in label or [] if isinstance(item, dict)]
    got = plan if isinstance(plan, list) else [] if plan is None else [plan]
    got = [item for item in got if isinstance(item, dict)]
    scored = [(pair_score(path, spec, w, g), i, j) for i, w in enumerate(want) for j, g in enumerate(got)]
    pairs = best_pairs([one for one in scored if one[0] > 0])
    lonely = [i for i in range(len(want)) if i not in {p[0] for p in pairs} and not want[i].get("_optional")]
    spare = [j for j in range(len(got)) if j not in {p[1] for p in pairs}]
    if spec.how == "whole":
        tally.add(path, len(pairs), len(spare), len(lonely))
    else:
        for i, j in pairs:
            score_record(path, spec, want[i], got[j], tally)
    for side, where in ((lonely, "missing"), (spare, "extra")):
        for i in side:
            one = want[i] if where == "missing" else got[i]
            if spec.how != "whole":
                alone = Tally()
                score_record(path, spec, one if where == "missing" else {}, {} if where == "missing" else one, alone)
                tally.join(alone)
            shown = one.get(spec.key) if spec.key else one
            tally.note(where + " record", path, *((shown, None) if where == "missing" else (None, shown)))


def score_record(path, spec, label, plan, tally):
    label = label if isinstance(label, dict) else {}
    plan = plan if isinstance(plan, dict) else {}
    for key, kind in spec.fields.items():
        where = path + "." + key if path else key
        if kind == TEXTS:
            score_texts(where, label, plan, key, tally)
        elif kind == DUE:
            score_due(where, label, plan, key, tally)
        elif isinstance(kind, str):
            score_leaf(kind, where, label, plan, key, tally)
        elif label.get(key) == "*":
            continue
        elif isinstance(kind, Records):
            score_records(where, kind, label.get(key), plan.get(key), tally)
        else:
            score_record(where, kind, label.get(key), plan.get(key), tally)


def score(label, plan):
    tally = Tally()
    score_record("", SPEC, label, plan, tally)
    return tally


# ---------------------------------------------------------------- tables

# Where a wrong value does harm: dates, counts and the numbers of papers.
HARD = re.compile(r"(^|\.)(number|date|start|end|days|opening|closing|check_in|at|sessions|connection_tests|due|count|"
                  r"learners|classes|minutes|percent|amount|arrive_before_minutes|from|to|recurring|batches|duration)$")


def hard(path):
    return bool(HARD.search(path)) and not path.startswith("essay.routes")


def row(name, counts):
    return "%-44s %5d %5d %5d %7.3f %7.3f %7.3f" % ((name,) + tuple(counts) + figures(*counts))


def load(path):
    with open(path, encoding="utf-8") as handle:
        return json.load(handle)


def short(value):
    text = "-" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) < 120 else text[:117] + "..."


def folder_pairs(labels, plans):
    if not os.path.isdir(labels):
        return [(os.path.basename(labels), load(labels), load(plans))]
    pairs = []
    for path in sorted(glob.glob(os.path.join(labels, "*.json"))):
        name = os.path.basename(path)
        try:
            plan = load(os.path.join(plans, name))
        except (OSError, ValueError):
            plan = {}
        pairs.append((name, load(path), plan))
    return pairs


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels")
    parser.add_argument("plans")
    parser.add_argument("--fields", action="store_true", help="one line per field")
    parser.add_argument("--wrong", action="store_true", help="every value that is not right")
    parser.add_argument("--fail-under", type=float, help="exit 1 when the mean F1 is lower")
    parser.add_argument("--precision-under", type=float, help="exit 1 when dates, counts and numbers are less precise")
    args = parser.parse_args(argv)
    pooled, means = Tally(), []
    print("%-44s %5s %5s %5s %7s %7s %7s" % ("", "hit", "extra", "miss", "P", "R", "F1"))
    for name, label, plan in folder_pairs(args.labels, args.plans):
        tally = score(label, plan)
        pooled.join(tally)
        means.append(figures(*tally.sum())[2])
        print(row(name[:-5], tally.sum()))
        if args.wrong:
            for what, path, want, got in tally.wrong:
                print("  %-15s %-34s label: %s | plan: %s" % (what, path, short(want), short(got)))
    if args.fields:
        print()
        for path in sorted(pooled.fields):
            if sum(pooled.fields[path]):
                print(row(path, pooled.fields[path]))
    strict = [sum(counts[i] for path, counts in pooled.fields.items() if hard(path)) for i in range(3)]
    mean = sum(means) / len(means) if means else 0.0
    print(row("all values", pooled.sum()))
    print(row("dates, counts and numbers", strict))
    print("mean F1 %.4f over %d papers" % (mean, len(means)))
    if args.fail_under is not None and mean < args.fail_under:
        return 1
    return 1 if args.precision_under is not None and figures(*strict)[0] < args.precision_under else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
