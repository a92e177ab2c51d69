"""The paper as a converter would give it: plain UTF-8 text, with the habits and the damage of real converters."""
import re
import textwrap
import unicodedata

import source

SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def words(paper, text):
    """One block's words with its footnote marks written the way this converter writes them."""
    text = source.settle(text)
    if paper.setting("style") == "markdown":
        return re.sub(r"\^(\d+)\^", r"<sup>\1</sup>", text)
    if paper.setting("notes") == "glued":
        return re.sub(r"\^(\d+)\^", r"\1", text)
    return re.sub(r"\^(\d+)\^", lambda m: m.group(1).translate(SUPERSCRIPT), text)


def marked(paper, text):
    """Like words(), but Markdown keeps what was bold and italic."""
    if paper.setting("style") != "markdown":
        return words(paper, text)
    text = re.sub(r"(?<!:)//(.*?)(?<!:)//", r"*\1*", text)
    bold = text.replace("**", "\x01")
    return words(paper, bold).replace("\x01", "**")


class Out(object):
    """Lines of text; a wrapping converter ends each visual line, and may put a blank one or a page number between."""

    def __init__(self, paper):
        style = paper.setting("style", "clean")
        self.width = int(paper.setting("width", "82")) if style in ("wrapped", "layout") else 0
        self.blank = paper.setting("blank") == "yes"
        self.page = int(paper.setting("page", "0"))
        self.lines, self.on_page, self.pages = [], 0, 1

    def line(self, text):
        self.lines.append(text)
        if text.strip():
            self.on_page += 1
            if self.blank:
                self.lines.append("")
        if self.page and self.on_page >= self.page:
            self.new_page()

    def new_page(self):
        if self.page:
            self.pages += 1
            self.lines += ["", "%d" % self.pages, ""]
        self.on_page = 0

    def block(self, text, indent=""):
        if not self.width:
            self.line(indent + text)
            return
        for part in textwrap.wrap(text, self.width, break_long_words=False, break_on_hyphens=True) or [""]:
            self.line(indent + part + ("" if part.endswith("-") else " " if self.blank else ""))

    def gap(self):
        if self.lines and self.lines[-1] != "":
            self.lines.append("")


def letterhead(paper, out):
    left = [words(paper, b.text) for b in paper.blocks if b.kind == "L"]
    right = [words(paper, b.text) for b in paper.blocks if b.kind == "R"]
    how = paper.setting("head", "columns")
    if how == "side":
        left = [part for line in left for part in textwrap.wrap(line, 36) or [""]]
        for i in range(max(len(left), len(right))):
            a = left[i] if i < len(left) else ""
            b = right[i] if i < len(right) else ""
            out.line(("%-40s %s" % (a.center(38), b)).rstrip())
    elif how == "rows":
        for i in range(max(len(left), len(right))):
            for column in (left, right):
                if i < len(column):
                    out.line(column[i])
    else:
        for text in left:
            out.line(text)
        out.gap()
        for text in right:
            out.line(text)
    out.gap()


def grid(rows):
    """Rows with every cell's own words; cells swallowed by a neighbour are empty."""
    return [["" if cell in ("^", "<") else cell for cell in row.cells] for row in rows]


def table(paper, out, rows):
    how = paper.setting("table", "tabs")
    cells = [[words(paper, cell) for cell in row] for row in grid(rows)]
    out.gap()
    if how == "pipes":
        for i, row in enumerate(cells):
            out.lines.append("| " + " | ".join(row) + " |")
            if i == 0:
                out.lines.append("|" + "---|" * len(row))
    elif how == "tabs":
        for row in cells:
            out.line("\t".join(row).rstrip("\t"))
    elif how == "cells":
        for row in cells:
            for cell in row:
                for part in textwrap.wrap(cell, 50):
                    out.line(part)
    else:
        table_layout(out, cells)
    out.gap()


def table_layout(out, cells):
    """Columns kept side by side by blanks, as `pdftotext -layout` gives them."""
    count = max(len(row) for row in cells)
    natural = [max(len(row[i]) if i < len(row) else 0 for row in cells) for i in range(count)]
    room = 96 - 2 * count
    widths = [max(4, min(n, max(8, room * n // max(1, sum(natural))))) for n in natural]
    for row in cells:
        columns = [textwrap.wrap(cell, widths[i]) or [""] for i, cell in enumerate(row)]
        for k in range(max(len(column) for column in columns)):
            parts = [(column[k] if k < len(column) else "").ljust(widths[i]) for i, column in enumerate(columns)]
            out.line("  ".join(parts).rstrip())


def heading(paper, out, block):
    text = marked(paper, block.text)
    out.gap()
    if paper.setting("style") == "markdown":
        text = "#" * (int(block.kind[1]) + 1) + " " + ("**" + text + "**" if len(text) % 2 else text)
    out.block(text)
    if paper.setting("style") in ("markdown", "clean"):
        out.gap()


def body_block(paper, out, block):
    style = paper.setting("style", "clean")
    text = marked(paper, block.text)
    if block.kind == "X":
        out.new_page()
    elif block.kind in ("H1", "H2", "H3"):
        heading(paper, out, block)
    elif block.kind in ("K", "T", "C"):
        if style == "markdown" and block.kind in ("K", "T"):
            text = "**" + text + "**" if block.kind == "T" else "## " + text
        out.block(text)
        if style == "markdown":
            out.gap()
    elif block.kind == "F":
        if paper.setting("notes") == "page":
            out.gap()
            out.block(str(block.head) + " " + text)
            out.gap()
    else:
        if style == "markdown" and text.startswith("+ "):
            text = "- " + text
        out.block(text)
        if style in ("markdown", "clean"):
            out.gap()


def closing(paper, out, kind):
    out.gap()
    blocks = [b for b in paper.blocks if b.kind == kind]
    for block in blocks:
        text = marked(paper, block.text)
        if kind == "S" and not text:
            out.lines += ["", ""]
            continue
        if kind == "S" and paper.setting("style") == "markdown":
            text = "**" + text + "**"
        out.line(text)
    out.gap()


def render(paper):
    out = Out(paper)
    displaced = paper.setting("head", "columns")
    after = int(displaced) if displaced.isdigit() else 0
    if not after:
        letterhead(paper, out)
    done = {"N": False, "S": False}
    rows, seen = [], 0
    for block in paper.blocks + [source.Block("end", "")]:
        if block.kind == "row":
            rows.append(block)
            continue
        if rows:
            table(paper, out, rows)
            rows = []
        if block.kind in done:
            if not done[block.kind]:
                closing(paper, out, block.kind)
                done[block.kind] = True
        elif block.kind not in ("L", "R", "end"):
            body_block(paper, out, block)
            seen += 1
            if seen == after:
                out.gap()
                letterhead(paper, out)
    if paper.notes and paper.setting("notes", "end") != "page":
        out.gap()
        for number, text in sorted(paper.notes.items()):
            out.block("%d %s" % (number, words(paper, text)))
    result = re.sub(r"\n{4,}", "\n\n\n", "\n".join(out.lines).strip("\n") + "\n")
    return unicodedata.normalize("NFD", result) if paper.setting("nfd") == "yes" else result
