#!/usr/bin/env python3
"""Makes the first inputs of the paper targets: paper_seeds.py CORPUS-FOLDER. Small, one for each thing the readers know."""
import io
import os
import sys
import zipfile

SPACES = ('xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
          'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"')


def paragraph(text, look="", properties=""):
    return "<w:p><w:pPr>%s</w:pPr><w:r><w:rPr>%s</w:rPr><w:t>%s</w:t></w:r></w:p>" % (properties, look, text)


def item(level):
    return paragraph("mục", "", '<w:numPr><w:ilvl w:val="%d"/><w:numId w:val="1"/></w:numPr>' % level)


def document(body):
    return "<w:document %s><w:body>%s</w:body></w:document>" % (SPACES, body)


STYLES = ('<w:styles %s><w:style w:type="paragraph" w:default="1" w:styleId="A"><w:name w:val="heading 1"/><w:basedOn w:val="B"/>'
          '<w:pPr><w:jc w:val="center"/></w:pPr><w:rPr><w:b/><w:sz w:val="28"/></w:rPr></w:style></w:styles>' % SPACES)
LISTS = ('<w:numbering %s><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/>'
         '<w:lvlText w:val="%%1."/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%%1.%%2)"/></w:lvl>'
         '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>' % SPACES)
NOTES = '<w:footnotes %s><w:footnote w:id="1">%s</w:footnote></w:footnotes>' % (SPACES, paragraph("chú thích"))

DOCUMENTS = {
    "looks": document(paragraph("KẾ HOẠCH", '<w:b/><w:caps/>', '<w:pStyle w:val="A"/>') + paragraph("ẩn", "<w:vanish/>")
                      + paragraph("§¶ng ñy", '<w:rFonts w:ascii=".VnTime"/>')
                      + paragraph("Keá hoaïch", '<w:rFonts w:ascii="VNI-Times"/>')
                      + paragraph("1", '<w:vertAlign w:val="superscript"/>')),
    "lists": document(item(0) + item(1) + item(1) + item(0)),
    "changes": document('<w:p><w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr><w:ins><w:r><w:t>mới</w:t></w:r></w:ins><w:del><w:r>'
                        '<w:delText>cũ</w:delText></w:r></w:del></w:p>' + paragraph("sau")),
    "table": document('<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/><w:vMerge w:val="restart"/></w:tcPr>%s</w:tc></w:tr><w:tr>'
                      '<w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc><w:tc><w:tbl><w:tr><w:tc>%s</w:tc></w:tr></w:tbl></w:tc></w:tr>'
                      '</w:tbl>' % (paragraph("ô"), paragraph("trong"))),
    "inside": document('<w:p><w:r><w:br/><w:tab/><w:sym w:font="Wingdings" w:char="F0E0"/><w:footnoteReference w:id="1"/>'
                       '<w:fldChar w:fldCharType="begin"/><w:instrText>PAGE</w:instrText><w:fldChar w:fldCharType="separate"/>'
                       '<w:t>1</w:t><w:fldChar w:fldCharType="end"/><mc:AlternateContent><mc:Choice><w:txbxContent>%s</w:txbxContent>'
                       '</mc:Choice><mc:Fallback/></mc:AlternateContent><w:pict><v:textpath string="DỰ THẢO"/></w:pict></w:r></w:p>'
                       '<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>%s</w:sdtContent></w:sdt>'
                       % (paragraph("khung"), paragraph("mẫu"))),
}

TEXTS = {
    "markdown": "## **I. MỤC ĐÍCH**\n- Lưu: NC<sup>1</sup>[^2] &amp; [nhóm](#)\n| a | b |\n|---|---|\n| 1 | 2<br>3 |\n[^2]: chú thích\n",
    "plain": "TỈNH ỦY A          ĐẢNG CỘNG SẢN VIỆT NAM\n    *             Hà Tĩnh, ngày 01 tháng 02 năm 2026\n\n-----\n(*) x\n",
    "tcvn3": "§¶ng ñy ph­êng Hßa B×nh\nKÕ HO¹CH båi d­ìng c¸n bé",
    "vni": "Keá hoaïch môû lôùp boài döôõng caùn boä",
}


def archive(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in parts.items():
            made.writestr(zipfile.ZipInfo(name, (2026, 5, 14, 0, 0, 0)), text)
    return out.getvalue()


def main(folder):
    def write(target, name, data):
        os.makedirs(os.path.join(folder, target), exist_ok=True)
        with open(os.path.join(folder, target, name), "wb") as handle:
            handle.write(data if isinstance(data, bytes) else data.encode("utf-8"))

    for name, text in DOCUMENTS.items():
        write("paper_docx", name, "\0".join([text, STYLES, LISTS, NOTES]))
    for name, text in TEXTS.items():
        write("paper_text", name, text)
    write("paper_text", "utf16", b"\xff\xfe" + TEXTS["plain"].encode("utf-16-le"))
    for name in ("tcvn3", "vni"):
        write("paper_text", name + "_bytes", TEXTS[name].encode("latin-1"))
    write("paper_archive", "docx", archive({"word/document.xml": DOCUMENTS["looks"], "word/styles.xml": STYLES}))
    write("paper_archive", "lists", archive({"word/document.xml": DOCUMENTS["lists"], "word/numbering.xml": LISTS}))
    write("paper_archive", "other", archive({"a.txt": "a", "b/c.txt": "b" * 300}))


main(*sys.argv[1:])
