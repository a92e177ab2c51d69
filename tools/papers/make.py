#!/usr/bin/env python3
"""Make papers out of their sources.

  make.py text DIR            beside each DIR/*.src: its .txt (as a converter gives it) and its .json (the label)
  make.py docx DIR OUT        OUT/*.docx: real Word files
  make.py pdf DIR OUT         OUT/*.pdf: text PDF, printed by Chromium
  make.py scan DIR OUT        OUT/*.pdf: image-only PDF at 200 dpi, with noise and one degree of skew
"""
import glob
import json
import os
import sys

import source


def papers(folder):
    return [source.read(path) for path in sorted(glob.glob(os.path.join(folder, "*.src")))]


def write(path, text):
    with open(path, "w", encoding="utf-8") as handle:
        handle.write(text)


def main(argv):
    if len(argv) < 2 or argv[0] not in ("text", "docx", "pdf", "scan"):
        sys.exit(__doc__)
    what, folder = argv[0], argv[1]
    if what != "text":
        os.makedirs(argv[2], exist_ok=True)
    for paper in papers(folder):
        if what == "text":
            import text
            write(os.path.join(folder, paper.name + ".txt"), text.render(paper))
            write(os.path.join(folder, paper.name + ".json"),
                  json.dumps(paper.label, ensure_ascii=False, indent=1) + "\n")
        elif what == "docx":
            import docx
            docx.write(paper, os.path.join(argv[2], paper.name + ".docx"))
        else:
            import page
            page.write(paper, os.path.join(argv[2], paper.name + ".pdf"), scanned=what == "scan")


if __name__ == "__main__":
    main(sys.argv[1:])
