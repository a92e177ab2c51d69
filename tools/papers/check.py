#!/usr/bin/env python3
"""Check labels against plan/1: keys, types, enumerations, shapes of values, and that their texts stand in the paper.

  check.py DIR      every DIR/*.src; exit 1 when one label is wrong
"""
import re
import sys

import make
import score
import source

ENUMS = {
    "kind:document": set(source.KINDS.values()) | {"khac"}, "kind:references": set(source.KINDS.values()) | {"khac"},
    "mode": {"in_person", "online", "hybrid"}, "level": {"central", "province", "commune", "venue"},
    "kind:topics": {"topic", "discussion", "visit", "test"}, "bound": {"exact", "max", "min"},
    "what": {"start", "end", "opening", "closing", "place", "mode", "learners", "classes", "deadline", "speaker",
             "topic", "connection_test", "other"},
    "kind:anomalies": {"missing_number", "missing_date", "weekday_mismatch", "date_conflict", "date_order",
                       "count_mismatch", "numbering", "dangling_reference", "name_conflict"},
}
DATE = r"\d{4}(-\d\d(-\d\d)?|-Q[1-4])?"
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d"
SHAPE = {
    "start": DATE, "end": DATE, "opening": MOMENT, "closing": MOMENT, "check_in": MOMENT + "|" + DATE, "at": MOMENT,
    "recurring": r"continuous|periodic|weekly|(monthly|quarterly|half_yearly|yearly)(-\d+(-\d+)?)?",
    "duration": r"P\d+(\.5)?[DWMY](/P\d+[DWMY])?", "phone": r"0900000\d{3}|\*+\d{3}",
}
DUE = {"date": r"\d{4}-\d\d-\d\d", "datetime": MOMENT, "month": r"\d{4}-\d\d", "quarter": r"\d{4}-Q[1-4]",
       "year": r"\d{4}", "recurring": SHAPE["recurring"], "period_after": r"P\d+(D|WD|W|M|Y)"}


def texts_of(paper):
    parts = []
    for block in paper.blocks:
        for cell in block.cells or [block.text]:
            parts.append(score.norm_text(source.plain(cell)))
    return parts


class Check(object):
    def __init__(self, paper):
        self.paper, self.faults = paper, []
        self.parts = texts_of(paper)
        self.whole = " ".join(self.parts)

    def fault(self, where, what):
        self.faults.append("%s %s: %s" % (self.paper.name, where, what))

    def text(self, where, value):
        if isinstance(value, list):
            for item in value:
                self.text(where, item)
            return
        if value in ("*", None):
            return
        if not isinstance(value, str):
            self.fault(where, "not a text: %r" % (value,))
        elif score.norm_text(value) not in self.whole and not any(
                score.similarity(value, part) >= 0.9 for part in self.parts):
            self.fault(where, "not in the paper: %s" % value)

    def exact(self, where, key, owner, value):
        names = ENUMS.get(key) or ENUMS.get(key + ":" + owner)
        if names and value not in names:
            self.fault(where, "no such value: %r" % (value,))
        shape = SHAPE.get(key)
        if shape and owner != "sessions" and not re.fullmatch(shape, str(value)):
            self.fault(where, "shape of %r" % (value,))
        if key in ("learners", "classes", "count", "minutes", "percent", "amount", "batches") and not (
                isinstance(value, int) or re.fullmatch(r"\d+-\d+", str(value))):
            self.fault(where, "not a count: %r" % (value,))

    def due(self, where, value):
        if value == "*":
            return
        if set(value) - {"kind", "value", "relation"} or not re.fullmatch(DUE.get(value["kind"], "x"), value["value"]):
            self.fault(where, "due %r" % (value,))
        elif value.get("relation", "*") not in ("before", "by", "in", "at", "after", "*"):
            self.fault(where, "relation %r" % (value,))

    def record(self, where, spec, value, owner):
        if not isinstance(value, dict):
            if value not in (None, "*", []):
                self.fault(where, "not a record: %r" % (value,))
            return
        for key, item in value.items():
            path = where + "." + key if where else key
            base = key[:-4] if key.endswith("_alt") else key
            if key in ("_optional", "schema"):
                continue
            if base not in spec.fields:
                self.fault(path, "no such key")
                continue
            if item in (None, "*", []):
                continue
            kind = spec.fields[base]
            for one in (item if key.endswith("_alt") else [item]):
                if one is not None and not (key.endswith("_alt") and kind in ("T", "J")):
                    self.leaf(path, kind, base, owner, one)

    def leaf(self, path, kind, key, owner, value):
        if isinstance(kind, score.Records):
            for i, item in enumerate(value):
                if kind.how == "text" and item.get(kind.key) == "*":
                    self.fault(path, "a record is found by its %s, so it must be given" % kind.key)
                self.record("%s[%d]" % (path, i), kind, item, key)
        elif isinstance(kind, score.Record):
            self.record(path, kind, value, key)
        elif kind == score.DUE:
            self.due(path, value)
        elif kind in ("T", "J", score.TEXTS):
            if key not in ("old", "new"):
                self.text(path, value)
        elif kind == "B":
            if not isinstance(value, bool):
                self.fault(path, "not a bool: %r" % (value,))
        else:
            self.exact(path, key, owner, value)


def main(argv):
    faults = []
    for folder in argv:
        for paper in make.papers(folder):
            check = Check(paper)
            check.record("", score.SPEC, paper.label, "document")
            faults += check.faults
    print("\n".join(faults) if faults else "labels are in order")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
