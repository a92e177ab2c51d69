"""The paper as it looks: printed to PDF by Chromium out of HTML, and as a scan of that print."""
import html
import os
import shutil
import subprocess
import tempfile
import zlib

import source

DPI = 200
SKEW = 1.0
STYLE = """
@page { size: A4; margin: 20mm 15mm 20mm 30mm; @top-center { content: counter(page); font: 13pt "Liberation Serif"; } }
@page :first { @top-center { content: none; } }
body { font: 13.5pt/1.35 "Times New Roman", "Liberation Serif", serif; margin: 0; }
p { margin: 0 0 6pt; text-align: justify; text-indent: 10mm; }
p.c, td.c p { text-align: center; text-indent: 0; }
h1, h2, h3 { font-size: 13.5pt; margin: 6pt 0; text-indent: 10mm; break-after: avoid; }
h3 { font-style: italic; }
table { border-collapse: collapse; width: 100%; }
table.grid { margin: 6pt 0; }
table.grid td { border: 1px solid #000; padding: 2pt 4pt; vertical-align: middle; font-size: 12pt; }
td { vertical-align: top; }
.side p { text-align: center; text-indent: 0; margin: 0; font-size: 12pt; }
.sent p { text-align: left; font-size: 11pt; }
.note { font-size: 10.5pt; }
.note p { text-indent: 0; }
"""


def inline(text):
    out = []
    for what, words, bold, italic in source.runs(text):
        if what == "del":
            continue
        words = "<sup>%s</sup>" % words if what == "note" else html.escape(words)
        words = "<b>%s</b>" % words if bold else words
        out.append("<i>%s</i>" % words if italic else words)
    return "".join(out)


def columns(left, right, kind=""):
    def cell(width, lines, extra):
        lines = ["<p>%s</p>" % (line or "<br><br>") for line in lines]
        return '<td class="side %s" style="width:%d%%">%s</td>' % (extra, width, "".join(lines))
    return "<table><tr>%s%s</tr></table>" % (cell(44, left, kind), cell(56, right, ""))


def table(rows):
    out = ['<table class="grid">']
    for r, row in enumerate(rows):
        out.append("<tr>")
        for c, text in enumerate(row.cells):
            if text in ("<", "^"):
                continue
            across = down = 1
            while c + across < len(row.cells) and row.cells[c + across] == "<":
                across += 1
            while r + down < len(rows) and c < len(rows[r + down].cells) and rows[r + down].cells[c] == "^":
                down += 1
            words = inline(text)
            out.append('<td colspan="%d" rowspan="%d">%s</td>' % (across, down,
                                                                 "<b>%s</b>" % words if row.head else words))
        out.append("</tr>")
    return "".join(out) + "</table>"


def lines_of(paper, kind):
    lines = [inline(b.text) for b in paper.blocks if b.kind == kind]
    return ["<b>%s</b>" % line if line and (kind == "S" or i in (0, 1) and kind != "N") else line
            for i, line in enumerate(lines)]


def document(paper):
    out = ['<!doctype html><meta charset="utf-8"><style>%s</style>' % STYLE]
    if lines_of(paper, "L") or lines_of(paper, "R"):
        out.append(columns(lines_of(paper, "L"), lines_of(paper, "R")) + "<br>")
    signed, rows = False, []
    for block in paper.blocks + [source.Block("end", "")]:
        if block.kind == "row":
            rows.append(block)
            continue
        if rows:
            out.append(table(rows))
            rows = []
        if block.kind in ("N", "S"):
            if not signed:
                signed = True
                out.append("<br>" + columns(lines_of(paper, "N"), lines_of(paper, "S"), "sent"))
        elif block.kind == "X":
            out.append('<div style="break-after:page"></div>')
        elif block.kind[0] == "H":
            out.append("<h%s>%s</h%s>" % (block.kind[1], inline(block.text), block.kind[1]))
        elif block.kind in ("K", "T", "C"):
            words = inline(block.text)
            out.append('<p class="c">%s</p>' % ("<b>%s</b>" % words if block.kind != "C" else words))
        elif block.kind not in ("L", "R", "F", "end"):
            out.append("<p>%s</p>" % inline(block.text))
    if paper.notes:
        out.append('<div class="note"><hr style="width:30%;margin-left:0">' + "".join(
            "<p><sup>%d</sup> %s</p>" % (n, inline(text)) for n, text in sorted(paper.notes.items())) + "</div>")
    return "\n".join(out)


def print_pdf(paper, path):
    folder = tempfile.mkdtemp()
    try:
        page = os.path.join(folder, "page.html")
        with open(page, "w", encoding="utf-8") as handle:
            handle.write(document(paper))
        browser = shutil.which("chromium") or shutil.which("google-chrome")
        subprocess.run([browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
                        "--user-data-dir=" + os.path.join(folder, "profile"), "--print-to-pdf=" + path,
                        "file://" + page], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def stamped(image, seed):
    """A red round stamp over the lower right, where signatures stand, and a blue stroke of a pen."""
    from PIL import ImageDraw
    draw = ImageDraw.Draw(image)
    width, height = image.size
    x, y, r = int(width * 0.58), int(height * 0.62) + seed % 200, 150
    for k in range(6):
        draw.ellipse((x - r + k, y - r + k, x + r - k, y + r - k), outline=(205, 60, 60))
    draw.ellipse((x - r + 34, y - r + 34, x + r - 34, y + r - 34), outline=(205, 60, 60))
    points = [(x + 20 + 22 * i, y + (70 if i % 2 else -40) + (seed >> i) % 40) for i in range(12)]
    draw.line(points, fill=(60, 70, 170), width=4)
    return image


def scan(pdf, path, seed, stamp):
    """The print on a copier: 200 dpi, turned by one degree, grain, uneven light, a little blur."""
    import numpy
    from PIL import Image, ImageFilter
    folder = tempfile.mkdtemp()
    try:
        subprocess.run(["pdftoppm", "-r", str(DPI), "-png", pdf, os.path.join(folder, "page")], check=True)
        names = sorted(os.listdir(folder))
        random, pages = numpy.random.RandomState(seed), []
        for i, name in enumerate(names):
            image = Image.open(os.path.join(folder, name)).convert("RGB")
            if stamp and i == len(names) - 1:
                image = stamped(image, seed)
            image = image.rotate(SKEW if i % 2 == 0 else -SKEW, Image.BICUBIC, fillcolor=(255, 255, 255))
            image = image.filter(ImageFilter.GaussianBlur(0.6))
            grid = numpy.asarray(image).astype(numpy.float32)
            light = numpy.linspace(0, 12, grid.shape[1])[None, :, None]
            grid = grid - light + random.normal(0, 14, grid.shape[:2])[:, :, None]
            specks = random.rand(*grid.shape[:2]) < 0.0004
            grid[specks] = 40
            pages.append(Image.fromarray(numpy.clip(grid, 0, 255).astype(numpy.uint8)))
        pages[0].save(path, save_all=True, append_images=pages[1:], resolution=DPI, quality=70)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write(paper, path, scanned=False):
    if not scanned:
        print_pdf(paper, path)
        return
    plain = path + ".print"
    print_pdf(paper, plain)
    scan(plain, path, zlib.crc32(paper.name.encode("utf-8")) & 0x7FFFFFFF, paper.setting("stamp") == "yes")
    os.remove(plain)
