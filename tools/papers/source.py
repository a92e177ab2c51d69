"""One paper as its author wrote it: marked-up blocks, and the label that says what a reader should find.

A source file has three parts: settings (`key: value`), a line `---`, the paper, a line `=== label`, the label.

Settings
  style    clean | wrapped | markdown | layout     how the text converter writes it (text.py)
  head     columns | rows | side | N               letterhead: left column then right, in turn, side by side,
                                                   or columns fallen into the body after block N
  table    tabs | cells | pipes | layout           how the converter flattens a table
  notes    end | page | glued                      footnotes: after the paper, after their paragraph, number glued on
  width    80                                      where a wrapped line ends
  page     42                                      lines to a page: the page number falls into the text there
  blank    yes                                     a blank line after every line of text
  nfd      yes                                     decomposed letters, as some converters write them
  lists    auto | multi                            DOCX: numbers and bullets are made by the word processor;
                                                   multi: 1., 1.1. and so on as one list of several levels
  stamp    yes                                     scan: a red stamp over the signature

The paper, one block a line
  L: R:    lines of the letterhead, left and right      K: kind of document   T: its subject    C: a centred line
  H1: H2: H3:  headings, number included               X:  a new page         F1: text of footnote 1
  N:       a line of the recipients                    S:  a line of the signature (`S:` alone is a blank)
  | a | b  a table row; `|! a | b` a heading row; a cell `^` continues the one above, `<` the one on its left
  anything else is a paragraph, its bullet or number included
Inside a line: **bold**, //italic//, ^1^ mark of footnote 1, {-gone-} {+new+} tracked change, {{name|words}} words the
label calls @name; [[name]] at the end gives the whole paragraph (or cell) that name.
"""
import ast
import os
import re
import unicodedata

KINDS = {"KH": "ke_hoach", "GM": "giay_moi", "TB": "thong_bao", "CV": "cong_van", "QĐ": "quyet_dinh",
         "KL": "ket_luan", "NQ": "nghi_quyet", "CT": "chi_thi", "HD": "huong_dan", "CTr": "chuong_trinh",
         "QyĐ": "quy_dinh", "NĐ": "nghi_dinh", "TT": "thong_tu", "TTr": "to_trinh", "ĐA": "de_an", "QH": "luat"}

ITEM = re.compile(r"^(?:-\s\+|[-+*•–]|\(?[ivx]{1,4}\)|\(?\d{1,2}\)|[a-zđ]\)|\d{1,2}(?:\.\d{1,2}){1,3}\.?|\d{1,2}\.|"
                  r"[IVX]{1,5}[-./]|\d{1,2}(?:\.\d{1,2})*[-/]|Phần\s+[IVX]+[.:]?)\s+")
ARTICLE = re.compile(r"^Điều\s+\d+\.\s+")
HONOUR = re.compile(r"^(?:(?:Đồng chí|Đ/c|Ông|Bà|ông|bà|đồng chí|(?:GS\.|PGS\.)?TS\.?|ThS\.?|GS\.|CN\.|BS\.)\s+)+")
NAME = re.compile(r"\s*\[\[(\w+)\]\]\s*$")
SPAN = re.compile(r"\{\{(\w+)\|((?:(?!\{\{|\}\}).)*)\}\}")


class Block(object):
    def __init__(self, kind, text, cells=None, head=False):
        self.kind, self.text, self.cells, self.head = kind, text, cells, head


class Paper(object):
    def __init__(self, name, settings, blocks, label, notes):
        self.name, self.settings, self.blocks = name, settings, blocks
        self.label, self.notes = label, notes

    def setting(self, key, default=None):
        return self.settings.get(key, default)


def plain(text):
    """The words alone, as they are printed, without footnote marks."""
    text = re.sub(r"\^\d+\^", "", text)
    return settle(text)


def settle(text):
    """Tracked changes accepted, bold and italic marks gone, names of spans gone; footnote marks stay."""
    text = re.sub(r"\{-.*?-\}", "", text)
    text = re.sub(r"\{\+(.*?)\+\}", r"\1", text)
    while SPAN.search(text):
        text = SPAN.sub(r"\2", text)
    text = text.replace("**", "")
    text = re.sub(r"(?<!:)//", "", text)
    return text.rstrip()


MARK = re.compile(r"(\*\*|(?<!:)//|\^\d+\^|\{-|-\}|\{\+|\+\})")


def runs(text):
    """The line in pieces (what, words, bold, italic); what is text, note, del or ins. For formats that keep it all."""
    while SPAN.search(text):
        text = SPAN.sub(r"\2", text)
    bold = italic = False
    what, pieces = "text", []
    for part in MARK.split(text):
        if part == "**":
            bold = not bold
        elif part == "//":
            italic = not italic
        elif part in ("{-", "{+"):
            what = "del" if part == "{-" else "ins"
        elif part in ("-}", "+}"):
            what = "text"
        elif re.fullmatch(r"\^\d+\^", part):
            pieces.append(("note", part.strip("^"), bold, italic))
        elif part:
            pieces.append((what, part, bold, italic))
    return pieces


def bare(text):
    """As a label gives it: no number, no bullet, no closing mark, one line."""
    text = ITEM.sub("", plain(text).strip())
    text = ARTICLE.sub("", ITEM.sub("", text))
    text = re.sub(r"\s+", " ", text).strip()
    return re.sub(r"(\./\.|[.;,:])$", "", text).strip()


def take_names(text, names):
    """Keeps what the paper calls by name, and returns the text without the name of the whole."""
    found = NAME.search(text)
    if found:
        text = text[:found.start()]
        names[found.group(1)] = bare(text)
    rest = text
    while True:
        span = SPAN.search(rest)
        if not span:
            return text
        names[span.group(1)] = re.sub(r"\s+", " ", plain(span.group(2))).strip()
        rest = rest[:span.start()] + span.group(2) + rest[span.end():]


def cells_of(line):
    return [cell.strip() for cell in line.strip().lstrip("|").lstrip("!").rstrip("|").split("|")] if "{{" not in line \
        else [c.strip() for c in re.split(r"\|(?![^{]*\}\})", line.strip().lstrip("|").lstrip("!").rstrip("|"))]


def read(path):
    with open(path, encoding="utf-8") as handle:
        whole = unicodedata.normalize("NFC", handle.read())
    top, rest = whole.split("\n---\n", 1)
    body, label = rest.split("\n=== label\n", 1)
    settings = dict(re.split(r":\s*", line, maxsplit=1) for line in top.splitlines() if line.strip())
    blocks, names, notes = [], {}, {}
    for line in body.splitlines():
        if not line.strip():
            continue
        if line.startswith("|"):
            row = [take_names(cell, names) for cell in cells_of(line)]
            if blocks and blocks[-1].kind == "row":
                row += [""] * (len(blocks[-1].cells) - len(row))
            blocks.append(Block("row", "", row, line.startswith("|!")))
            continue
        found = re.match(r"^(L|R|K|T|C|H1|H2|H3|X|N|S|F\d+):\s?(.*)$", line)
        kind, text = (found.group(1), found.group(2)) if found else ("P", line)
        text = take_names(text, names)
        if kind.startswith("F"):
            notes[int(kind[1:])] = text
            blocks.append(Block("F", text, head=int(kind[1:])))
        else:
            blocks.append(Block(kind, text))
    name = os.path.basename(path)[:-len(".src")]
    paper = Paper(name, settings, blocks, None, notes)
    paper.label = label_of(paper, ast.literal_eval(label.strip()), names)
    return paper


# ---------------------------------------------------------------- the label, out of its short form

def due_of(text):
    """`before 2026-05-21`, `by P5WD`, `in yearly-12`: relation and value; the kind is seen from the value."""
    if text is None or text == "*" or isinstance(text, dict):
        return text
    relation, value = text.split(" ")
    shapes = (("datetime", r"\d{4}-\d\d-\d\dT"), ("date", r"\d{4}-\d\d-\d\d$"), ("month", r"\d{4}-\d\d$"),
              ("quarter", r"\d{4}-Q"), ("year", r"\d{4}$"), ("period_after", r"P\d"), ("recurring", r"[a-z]"))
    kind = next(kind for kind, shape in shapes if re.match(shape, value))
    return {"kind": kind, "value": value, "relation": relation}


def kind_of(number):
    if re.search(r"/QH\d", number):
        return "luat"
    found = re.search(r"(?:-|/)(%s)(?:/|-|$)" % "|".join(KINDS), number)
    return KINDS[found.group(1)] if found else "cong_van"


SHAPES = {
    "references": ("number", "date", "issuer", "kind"),
    "changes": ("what", "old", "new"),
    "audiences": ("text", "block"),
    "groups": ("name", "learners", "classes"),
    "points": ("level", "place", "chair", "attendees"),
    "programmes": ("number", "title", "audience", "learners", "classes", "venues"),
    "venues": ("place", "classes", "batches"),
    "runs": ("label", "start", "end", "place", "learners", "programme"),
    "topics": ("number", "title", "speaker", "minutes", "kind", "programme"),
    "quotas": ("unit", "count", "each", "bound"),
    "obligations": ("text", "owner", "coordinators", "due", "recurring"),
    "evaluation": ("text", "owner", "due", "percent"),
    "budget": ("for", "payer", "amount"),
    "routes": ("from", "to", "then"),
    "phases": ("name", "from", "to", "items"),
    "items": ("text", "duration"),
    "contacts": ("name", "role", "phone", "for"),
    "anomalies": ("kind", "values"),
}


def expand(value, key, names):
    if isinstance(value, str):
        if value.startswith("@"):
            return names[value[1:]]
        return value
    if isinstance(value, dict):
        out = {}
        for k, v in value.items():
            v = expand(v, k, names)
            if k in ("due",):
                v = due_of(v)
            if k == "due_alt":
                v = [due_of(x) for x in v]
            out[k] = v
        return out
    if isinstance(value, (list, tuple)) and key in SHAPES:
        records = []
        for item in value:
            if isinstance(item, (list, tuple)):
                extra = item[-1] if isinstance(item[-1], dict) and "relation" not in item[-1] else {}
                item = dict(zip(SHAPES[key], item[:-1] if extra else item))
                item.update(extra)
            elif isinstance(item, str):
                item = {SHAPES[key][0]: item}
            item = expand(item, None, names)
            if key == "references" and "kind" not in item:
                item["kind"] = kind_of(item["number"])
            if key == "anomalies":
                item.setdefault("values", [])
            records.append({k: v for k, v in item.items() if v is not None})
        return records
    if isinstance(value, (list, tuple)):
        if key == "sessions":
            out = []
            for text in value:
                date, hours = text.split(" ")
                start, end = hours.split("-")
                out.append({"date": date, "from": start, "to": end})
            return out
        if key == "connection_tests":
            return [{"at": text} for text in value]
        return [expand(item, None, names) for item in value]
    return value


RECIPIENT_NOTE = re.compile(r"\s*\((?:để )?(?:b/c|báo cáo|t/h|thực hiện|phối hợp|biết|theo dõi|p/h|th)\)", re.I)


def recipients_of(paper):
    """Who gets the paper, and what is kept, from its lines under `Nơi nhận`."""
    people, archive = [], None
    for block in paper.blocks:
        text = bare(block.text)
        if block.kind != "N" or text.lower().startswith("nơi nhận"):
            continue
        kept = re.match(r"^Lưu(?:\s*:|\s)\s*(.*)$", text)
        if kept:
            archive = kept.group(1).strip()
        elif text:
            people.append(bare(RECIPIENT_NOTE.sub("", text)))
    return people, archive


def take_bare_names(records, key):
    """A speaker or chair with and without forms of address and degrees is the same person."""
    for record in records if isinstance(records, list) else []:
        value = record.get(key)
        if isinstance(value, str) and HONOUR.match(value):
            record[key + "_alt"] = record.get(key + "_alt", []) + [HONOUR.sub("", value)]


def label_of(paper, short, names):
    label = {"schema": "plan/1"}
    label.update({key: expand(value, key, names) for key, value in short.items()})
    take_bare_names(label.get("topics"), "speaker")
    take_bare_names(label.get("points"), "chair")
    people, archive = recipients_of(paper)
    label.setdefault("recipients", people)
    if archive and "archive" not in label:
        label["archive"] = archive
    return label
