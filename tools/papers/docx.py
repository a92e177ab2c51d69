"""The paper as a real Word file: the letterhead and the signature are tables, numbers and bullets are made by the word
processor, footnotes are footnotes, merged cells are merged, pages are numbered in the header, runs are split."""
import re
import zipfile
import zlib
from xml.sax.saxutils import escape

import source

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
PART = "application/vnd.openxmlformats-officedocument.wordprocessingml."
PARTS = ("document.main", "styles", "numbering", "footnotes", "header", "settings")

# prefix of an item -> (format of the number, its text, how to read its value)
ROMAN = {"I": 1, "V": 5, "X": 10}
FORMATS = (
    (re.compile(r"^-\s+"), "bullet", "-"), (re.compile(r"^\+\s+"), "bullet", "+"), (re.compile(r"^•\s+"), "bullet", "•"),
    (re.compile(r"^([IVX]{1,5})\.\s+"), "upperRoman", "%1."), (re.compile(r"^(\d{1,2})\.\s+"), "decimal", "%1."),
    (re.compile(r"^\((\d{1,2})\)\s+"), "decimal", "(%1)"), (re.compile(r"^([a-d])\)\s+"), "lowerLetter", "%1)"),
    (re.compile(r"^\(([ivx]{1,4})\)\s+"), "lowerRoman", "(%1)"),
)
DOTTED = re.compile(r"^(\d{1,2}(?:\.\d{1,2}){0,2})\.?\s+")


def roman(text):
    values = [ROMAN[c] for c in text.upper()]
    return sum(-v if i + 1 < len(values) and values[i + 1] > v else v for i, v in enumerate(values))


class Numbering(object):
    """Lists of the paper: one abstract list a format, a new instance wherever the count does not simply go on."""

    def __init__(self, mode):
        self.mode = mode
        self.formats = []           # (format, text) of abstract list i + 1; list 0 has several levels
        self.instances = []         # (abstract, start)
        self.last = {}              # format -> (instance, value)
        self.levels = [0, 0, 0]     # where the list of several levels stands
        self.many = None

    def instance(self, abstract, start):
        self.instances.append((abstract, start))
        return len(self.instances)

    def dotted(self, text):
        found = DOTTED.match(text)
        if not found:
            return None
        numbers = [int(n) for n in found.group(1).split(".")]
        level = len(numbers) - 1
        after = self.levels[:level] + [self.levels[level] + 1] + [0] * (2 - level)
        if numbers != after[:level + 1] or (level == 0 and "." not in found.group(0)):
            return None
        self.levels = after
        self.many = self.many or self.instance(0, None)
        return self.many, level, text[found.end():]

    def of(self, text):
        """(instance, level, rest of the text) when the word processor makes the number, else None."""
        if self.mode == "multi":
            made = self.dotted(text)
            if made:
                return made
        if not self.mode:
            return None
        for pattern, kind, shown in FORMATS:
            found = pattern.match(text)
            if found and not (self.mode == "multi" and kind == "decimal" and shown == "%1."):
                return self.simple(found, kind, shown, text)
        return None

    def simple(self, found, kind, shown, text):
        if (kind, shown) not in self.formats:
            self.formats.append((kind, shown))
        abstract = self.formats.index((kind, shown)) + 1
        value = 0
        if kind != "bullet":
            raw = found.group(1)
            value = int(raw) if kind == "decimal" else ord(raw) - 96 if kind == "lowerLetter" else roman(raw)
        number, last = self.last.get((kind, shown), (None, None))
        if number is None or (kind != "bullet" and value != last + 1):
            number = self.instance(abstract, value if kind != "bullet" else None)
        self.last[(kind, shown)] = (number, value)
        return number, 0, text[found.end():]

    def xml(self):
        def level(i, kind, text):
            return ('<w:lvl w:ilvl="%d"><w:start w:val="1"/><w:numFmt w:val="%s"/><w:lvlText w:val="%s"/><w:lvlJc '
                    'w:val="left"/></w:lvl>' % (i, kind, escape(text)))
        out = [HEAD + "<w:numbering %s>" % W,
               '<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="multilevel"/>'
               + level(0, "decimal", "%1.") + level(1, "decimal", "%1.%2.") + level(2, "decimal", "%1.%2.%3.")
               + "</w:abstractNum>"]
        for i, (kind, text) in enumerate(self.formats):
            out.append('<w:abstractNum w:abstractNumId="%d"><w:multiLevelType w:val="singleLevel"/>%s</w:abstractNum>'
                       % (i + 1, level(0, kind, text)))
        for i, (abstract, start) in enumerate(self.instances):
            override = "" if start is None else \
                '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="%d"/></w:lvlOverride>' % start
            out.append('<w:num w:numId="%d"><w:abstractNumId w:val="%d"/>%s</w:num>' % (i + 1, abstract, override))
        return "".join(out) + "</w:numbering>"


def pieces_of(text):
    """Word splits a run wherever somebody stopped typing; the places depend on the words alone."""
    if len(text) < 24:
        return [text]
    cut = 8 + zlib.crc32(text.encode("utf-8")) % (len(text) - 12)
    return [text[:cut]] + pieces_of(text[cut:]) if cut % 3 else [text]


def run(text, bold, italic, tag="w:t"):
    style = ("<w:b/>" if bold else "") + ("<w:i/>" if italic else "")
    style = "<w:rPr>%s</w:rPr>" % style if style else ""
    return '<w:r>%s<%s xml:space="preserve">%s</%s></w:r>' % (style, tag, escape(text), tag)


def inline(text, bold=False):
    out = []
    for what, words, strong, italic in source.runs(text):
        if what == "note":
            out.append('<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="%s"/></w:r>'
                       % words)
            continue
        tag = "w:delText" if what == "del" else "w:t"
        made = "".join(run(part, bold or strong, italic, tag) for part in pieces_of(words))
        if what != "text":
            made = '<w:%s w:id="%d" w:author="Văn thư" w:date="2026-01-05T08:00:00Z">%s</w:%s>' % (
                what, 900 + len(out), made, what)
        out.append(made)
    return "".join(out)


def paragraph(text, centre=False, bold=False, style=None, number=None, before=""):
    props = ('<w:pStyle w:val="%s"/>' % style if style else "") \
        + ('<w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr>' % (number[1], number[0]) if number else "") \
        + ('<w:jc w:val="center"/>' if centre else "")
    return "<w:p>%s%s%s</w:p>" % ("<w:pPr>%s</w:pPr>" % props if props else "", before, inline(text, bold))


def two_columns(left, right):
    def cell(width, blocks):
        return '<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>%s</w:tc>' % (width, "".join(blocks) or "<w:p/>")
    return ('<w:tbl><w:tblPr><w:tblW w:w="9400" w:type="dxa"/></w:tblPr><w:tblGrid><w:gridCol w:w="4200"/><w:gridCol '
            'w:w="5200"/></w:tblGrid><w:tr>%s%s</w:tr></w:tbl>' % (cell(4200, left), cell(5200, right)))


def table(rows):
    count = max(len(row.cells) for row in rows)
    width = 9400 // count
    out = ["<w:tbl><w:tblPr><w:tblStyle w:val=\"TableGrid\"/><w:tblW w:w=\"9400\" w:type=\"dxa\"/></w:tblPr><w:tblGrid>"
           + '<w:gridCol w:w="%d"/>' % width * count + "</w:tblGrid>"]
    for r, row in enumerate(rows):
        out.append("<w:tr>" + ("<w:trPr><w:tblHeader/></w:trPr>" if row.head else ""))
        for c, text in enumerate(row.cells):
            if text == "<":
                continue
            span = 1
            while c + span < len(row.cells) and row.cells[c + span] == "<":
                span += 1
            below = r + 1 < len(rows) and c < len(rows[r + 1].cells) and rows[r + 1].cells[c] == "^"
            merge = "<w:vMerge/>" if text == "^" else '<w:vMerge w:val="restart"/>' if below else ""
            words = "" if text == "^" else text
            out.append('<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>%s%s</w:tcPr>%s</w:tc>' % (
                width * span, '<w:gridSpan w:val="%d"/>' % span if span > 1 else "", merge,
                paragraph(words, bold=row.head)))
        out.append("</w:tr>")
    return "".join(out) + "</w:tbl>"


def body(paper, numbering):
    head = [[paragraph(b.text, centre=True, bold=i == 0) for i, b in enumerate(paper.blocks) if b.kind == kind]
            for kind in "LR"]
    out = [two_columns(*head)] if head[0] or head[1] else []
    signed, rows = False, []
    for block in paper.blocks + [source.Block("end", "")]:
        if block.kind == "row":
            rows.append(block)
            continue
        if rows:
            out.append(table(rows) + "<w:p/>")
            rows = []
        if block.kind in ("N", "S"):
            if not signed:
                signed = True
                out.append(two_columns([paragraph(b.text) for b in paper.blocks if b.kind == "N"],
                                       [paragraph(b.text, centre=True, bold=True) for b in paper.blocks
                                        if b.kind == "S"]))
        elif block.kind == "X":
            out.append('<w:p><w:r><w:br w:type="page"/></w:r></w:p>')
        elif block.kind in ("K", "T", "C"):
            out.append(paragraph(block.text, centre=True, bold=block.kind != "C"))
        elif block.kind not in ("L", "R", "F", "end"):
            made = numbering.of(block.text)
            level = int(block.kind[1]) if block.kind[0] == "H" else 0
            out.append(paragraph(made[2] if made else block.text, bold=bool(level),
                                 style="Heading%d" % level if level and numbering.mode else None, number=made))
    return "".join(out)


def footnotes(paper):
    mark = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
    out = [HEAD + "<w:footnotes %s>" % W,
           '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
           '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p>'
           "</w:footnote>"]
    for number, text in sorted(paper.notes.items()):
        out.append('<w:footnote w:id="%d">%s</w:footnote>' % (number, paragraph(" " + text, before=mark)))
    return "".join(out) + "</w:footnotes>"


def styles():
    def style(name, rest):
        return '<w:style w:type="paragraph" w:styleId="%s"><w:name w:val="%s"/>%s</w:style>' % (
            name, name.replace("Heading", "heading "), rest)
    heads = "".join(style("Heading%d" % n, '<w:pPr><w:outlineLvl w:val="%d"/></w:pPr><w:rPr><w:b/></w:rPr>' % (n - 1))
                    for n in (1, 2, 3))
    return HEAD + ('<w:styles %s><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times '
                   'New Roman"/><w:sz w:val="28"/></w:rPr></w:rPrDefault></w:docDefaults>%s%s<w:style w:type="table" '
                   'w:styleId="TableGrid"><w:name w:val="Table Grid"/></w:style></w:styles>'
                   % (W, style("Normal", ""), heads))


def relations(items):
    return HEAD + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">' + "".join(
        '<Relationship Id="rId%d" Type="%s%s" Target="%s"/>' % (i + 1, OFFICE, kind, target)
        for i, (kind, target) in enumerate(items)) + "</Relationships>"


def write(paper, path):
    numbering = Numbering(paper.setting("lists"))
    words = body(paper, numbering)
    section = ('<w:sectPr><w:headerReference w:type="default" r:id="rId4"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar '
               'w:top="1134" w:right="851" w:bottom="1134" w:left="1701" w:header="567" w:footer="567" w:gutter="0"/>'
               "<w:titlePg/></w:sectPr>")
    header = HEAD + ('<w:hdr %s><w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
                     '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar '
                     'w:fldCharType="separate"/></w:r><w:r><w:t>2</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
                     "</w:p></w:hdr>" % W)
    types = HEAD + ('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default '
                    'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default '
                    'Extension="xml" ContentType="application/xml"/>') + "".join(
        '<Override PartName="/word/%s.xml" ContentType="%s%s+xml"/>' % (part.split(".")[0] + (
            "1" if part == "header" else ""), PART, part) for part in PARTS) + "</Types>"
    files = (
        ("[Content_Types].xml", types),
        ("_rels/.rels", relations([("officeDocument", "word/document.xml")])),
        ("word/document.xml", HEAD + "<w:document %s %s><w:body>%s%s</w:body></w:document>" % (W, R, words, section)),
        ("word/_rels/document.xml.rels", relations([("styles", "styles.xml"), ("numbering", "numbering.xml"),
                                                    ("footnotes", "footnotes.xml"), ("header", "header1.xml"),
                                                    ("settings", "settings.xml")])),
        ("word/styles.xml", styles()), ("word/numbering.xml", numbering.xml()),
        ("word/footnotes.xml", footnotes(paper)), ("word/header1.xml", header),
        ("word/settings.xml", HEAD + "<w:settings %s/>" % W),
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files:
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 5, 8, 0, 0)), text.encode("utf-8"),
                             compress_type=zipfile.ZIP_DEFLATED)
