#include "check/check.h"
#include "check/check_docx.h"
#include "paper/paper.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define P(text) "<w:p><w:r><w:t>" text "</w:t></w:r></w:p>"
#define R(text) "<w:r><w:t xml:space=\"preserve\">" text "</w:t></w:r>"
#define RP(look, text) "<w:r><w:rPr>" look "</w:rPr><w:t xml:space=\"preserve\">" text "</w:t></w:r>"
#define ITEM(list, level, text)                                                                        \
    "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"" level "\"/><w:numId w:val=\"" list "\"/></w:numPr></w:pPr>" \
    "<w:r><w:t>" text "</w:t></w:r></w:p>"
#define LEVEL(at, format, text)                                                                        \
    "<w:lvl w:ilvl=\"" at "\"><w:start w:val=\"1\"/><w:numFmt w:val=\"" format "\"/><w:lvlText w:val=\"" text "\"/></w:lvl>"
#define NUM(id, abstract, more) "<w:num w:numId=\"" id "\"><w:abstractNumId w:val=\"" abstract "\"/>" more "</w:num>"
#define CELL(properties, inside) "<w:tc><w:tcPr>" properties "</w:tcPr>" inside "</w:tc>"

/* One line a block: its kind, for a cell "table.row.column" and "rows x columns" when merged, then its words. */
static struct str shown(struct ctx *cx, const struct paper *paper)
{
    static const char kinds[] = "LPCHFN";
    struct buf out;
    buf_init(&out, &cx->arena);
    for (size_t i = 0; i < paper->blocks_len; i++) {
        const struct paper_block *block = &paper->blocks[i];
        assert_int_equal(block->page, 0);
        assert_int_equal(block->confidence, 100);
        buf_put_char(&out, kinds[block->kind]);
        if (block->kind == PAPER_CELL)
            buf_format(&out, "%d.%d.%d", block->table, block->row, block->column);
        if (block->row_span > 1 || block->column_span > 1)
            buf_format(&out, "(%dx%d)", block->row_span, block->column_span);
        if (block->kind == PAPER_NOTE)
            buf_format(&out, "%d", block->note);
        buf_format(&out, " " STR_FMT "\n", STR_ARG(block->text));
    }
    return buf_str(&out);
}

static struct paper read_parts(struct ctx *cx, const char *body, const struct check_part *parts, size_t len)
{
    struct paper paper = { .blocks = NULL };
    assert_ok(cx, paper_read(cx, check_docx(cx, body, parts, len), &paper));
    assert_int_equal(paper.format, PAPER_FORMAT_DOCX);
    return paper;
}

static void assert_reads(struct ctx *cx, const char *body, const char *expected)
{
    struct paper paper = read_parts(cx, body, NULL, 0);
    assert_str_equal(shown(cx, &paper), expected);
}

static void assert_reads_with(struct ctx *cx, const char *name, const char *part, const char *body, const char *expected)
{
    struct check_part other = { name, str_from(part) };
    struct paper paper = read_parts(cx, body, &other, 1);
    assert_str_equal(shown(cx, &paper), expected);
}

static void assert_refused(struct ctx *cx, struct bytes file, enum err err, const char *words)
{
    struct paper paper = { .blocks = NULL };
    assert_err(err, paper_read(cx, file, &paper));
    assert_null(paper.blocks);
    if (!strstr(cx->fault.words, words))
        fail_msg("said: %s\nexpected: %s", cx->fault.words, words);
}

static void words_split_over_runs_are_one_paragraph(void **state)
{
    struct ctx *cx = *state;
    assert_reads(cx,
                 "<w:p>" R("Kế ho") R("ạch ") "<w:proofErr w:type=\"spellStart\"/>" R("số 66")
                 "<w:hyperlink r:id=\"x\">" R("4") "</w:hyperlink>" R("-KH/HVCTQG")
                 "<w:r><w:tab/><w:t>ngày</w:t><w:noBreakHyphen/><w:t>14 </w:t></w:r></w:p>"
                 "<w:p><w:pPr><w:tabs><w:tab w:val=\"left\" w:pos=\"720\"/></w:tabs></w:pPr>"
                 "<w:r><w:t>  Đối tượng &amp; thành phần </w:t></w:r></w:p>",
                 "P Kế hoạch số 664-KH/HVCTQG ngày-14\nP Đối tượng & thành phần\n");
}

static void forced_line_breaks_part_a_title_from_its_subject(void **state)
{
    struct ctx *cx = *state;
    struct paper paper = read_parts(cx, "<w:p>" R("KẾ HOẠCH") "<w:r><w:br/><w:t>tổ chức lớp bồi dưỡng</w:t></w:r></w:p><w:p/>"
                                        "<w:p/>" P("Căn cứ"), NULL, 0);
    assert_str_equal(shown(cx, &paper), "L KẾ HOẠCH\nL tổ chức lớp bồi dưỡng\nP Căn cứ\n");
    assert_int_equal(paper.blocks[1].blank_before, 0);
    assert_int_equal(paper.blocks[2].blank_before, 2);
}

static const char outline_lists[] =
    "<w:abstractNum w:abstractNumId=\"7\">" LEVEL("0", "upperRoman", "%1.") LEVEL("1", "decimal", "%2.")
    LEVEL("2", "decimal", "%2.%3.") LEVEL("3", "lowerLetter", "%4)") "</w:abstractNum>"
    "<w:abstractNum w:abstractNumId=\"8\">" LEVEL("0", "bullet", "\uF0B7") LEVEL("1", "bullet", "-")
    LEVEL("2", "bullet", "+") LEVEL("3", "bullet", "\uF02D") LEVEL("4", "bullet", "o") LEVEL("5", "bullet", "–")
    "</w:abstractNum>"
    "<w:abstractNum w:abstractNumId=\"9\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"3\"/><w:numFmt w:val=\"decimalZero\"/>"
    "<w:suff w:val=\"space\"/><w:lvlText w:val=\"Điều %1:\"/></w:lvl></w:abstractNum>"
    NUM("1", "7", "") NUM("2", "8", "") NUM("3", "9", "")
    NUM("4", "7", "<w:lvlOverride w:ilvl=\"0\"><w:startOverride w:val=\"1\"/></w:lvlOverride>")
    NUM("5", "7", "<w:lvlOverride w:ilvl=\"0\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"upperLetter\"/>"
                  "<w:lvlText w:val=\"%1.\"/></w:lvl></w:lvlOverride>");

static void automatic_numbers_are_seen_as_word_draws_them(void **state)
{
    struct ctx *cx = *state;
    assert_reads_with(cx, "numbering.xml", outline_lists,
                      ITEM("1", "0", "Mục đích") ITEM("1", "1", "Chung") ITEM("1", "2", "Lý luận") ITEM("1", "2", "Kỹ năng")
                      ITEM("1", "3", "một") ITEM("1", "3", "hai") ITEM("1", "1", "Yêu cầu") ITEM("1", "2", "Kịp thời")
                      ITEM("1", "0", "Nội dung") ITEM("1", "1", "Chuyên đề") ITEM("3", "0", "Phạm vi")
                      ITEM("3", "0", "Đối tượng") ITEM("0", "0", "không số"),
                      "P I. Mục đích\nP 1. Chung\nP 1.1. Lý luận\nP 1.2. Kỹ năng\nP a) một\nP b) hai\nP 2. Yêu cầu\n"
                      "P 2.1. Kịp thời\nP II. Nội dung\nP 1. Chuyên đề\nP Điều 03: Phạm vi\nP Điều 04: Đối tượng\n"
                      "P không số\n");
}

static void lists_go_on_begin_again_and_change_their_look(void **state)
{
    struct ctx *cx = *state;
    assert_reads_with(cx, "numbering.xml", outline_lists,
                      ITEM("1", "0", "a") P("xen giữa") ITEM("1", "0", "b") ITEM("4", "0", "c") ITEM("4", "0", "d")
                      ITEM("1", "0", "e") ITEM("5", "0", "f") "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"0\"/><w:numId "
                      "w:val=\"1\"/></w:numPr></w:pPr></w:p>" ITEM("1", "0", "g"),
                      "P I. a\nP xen giữa\nP II. b\nP I. c\nP II. d\nP III. e\nP D. f\nP VI. g\n");
}

static void bullets_are_those_people_type(void **state)
{
    struct ctx *cx = *state;
    assert_reads_with(cx, "numbering.xml", outline_lists,
                      ITEM("2", "0", "a") ITEM("2", "1", "b") ITEM("2", "2", "c") ITEM("2", "3", "d") ITEM("2", "4", "e")
                      ITEM("2", "5", "f"),
                      "P • a\nP - b\nP + c\nP - d\nP • e\nP - f\n");
}

static void numbers_come_through_styles_too(void **state)
{
    struct ctx *cx = *state;
    struct check_part parts[] = {
        { "numbering.xml",
          STR("<w:abstractNum w:abstractNumId=\"1\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"upperRoman\"/>"
              "<w:pStyle w:val=\"Muc\"/><w:lvlText w:val=\"%1.\"/></w:lvl><w:lvl w:ilvl=\"1\"><w:start w:val=\"1\"/>"
              "<w:numFmt w:val=\"decimal\"/><w:pStyle w:val=\"Tieumuc\"/><w:isLgl/><w:lvlText w:val=\"%1.%2.\"/></w:lvl>"
              "</w:abstractNum><w:abstractNum w:abstractNumId=\"2\"><w:numStyleLink w:val=\"Danhsach\"/></w:abstractNum>"
              NUM("1", "1", "") NUM("2", "2", "")) },
        { "styles.xml",
          STR("<w:style w:type=\"paragraph\" w:styleId=\"Muc\"><w:name w:val=\"heading 1\"/><w:pPr><w:numPr><w:numId "
              "w:val=\"1\"/></w:numPr><w:outlineLvl w:val=\"0\"/></w:pPr></w:style>"
              "<w:style w:type=\"paragraph\" w:styleId=\"Tieumuc\"><w:name w:val=\"heading 2\"/><w:basedOn w:val=\"Muc\"/>"
              "<w:pPr><w:numPr><w:ilvl w:val=\"1\"/></w:numPr><w:outlineLvl w:val=\"1\"/></w:pPr></w:style>"
              "<w:style w:type=\"paragraph\" w:styleId=\"Con\"><w:name w:val=\"Con\"/><w:basedOn w:val=\"Tieumuc\"/></w:style>"
              "<w:style w:type=\"numbering\" w:styleId=\"Danhsach\"><w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr></w:pPr>"
              "</w:style>") },
    };
#define STYLED(style, more, text) "<w:p><w:pPr><w:pStyle w:val=\"" style "\"/>" more "</w:pPr>" R(text) "</w:p>"
    struct paper paper = read_parts(cx, STYLED("Muc", "", "Mục đích") STYLED("Tieumuc", "", "Chung")
                                        STYLED("Con", "", "Riêng") STYLED("Muc", "", "Nội dung")
                                        STYLED("Tieumuc", "", "Chuyên đề") ITEM("2", "0", "Tổ chức")
                                        STYLED("Muc", "<w:numPr><w:numId w:val=\"0\"/></w:numPr>", "Không số"), parts, 2);
    assert_str_equal(shown(cx, &paper), "P I. Mục đích\nP 1.1. Chung\nP 1.2. Riêng\nP II. Nội dung\nP 2.1. Chuyên đề\n"
                                        "P III. Tổ chức\nP Không số\n");
    assert_int_equal(paper.blocks[0].style_level, 1);
    assert_int_equal(paper.blocks[2].style_level, 2);
    assert_int_equal(paper.blocks[5].style_level, 0);
}

static void cells_know_their_row_column_and_spans(void **state)
{
    struct ctx *cx = *state;
    struct paper paper = read_parts(
        cx,
        P("Bảng:") "<w:tbl><w:tblPr><w:jc w:val=\"center\"/></w:tblPr>"
        "<w:tr>" CELL("<w:vMerge w:val=\"restart\"/>", P("TT")) CELL("<w:gridSpan w:val=\"2\"/>", P("Số lượng"))
        CELL("<w:vMerge w:val=\"restart\"/>", P("Ghi") P("chú")) "</w:tr>"
        "<w:tr>" CELL("<w:vMerge/>", "<w:p/>") CELL("", P("Nam")) CELL("", P("Nữ")) CELL("<w:vMerge/>", "<w:p/>") "</w:tr>"
        "<w:tr><w:trPr><w:gridBefore w:val=\"1\"/></w:trPr>" CELL("", P("5")) CELL("", "<w:p/>") CELL("", P("x")) "</w:tr>"
        "<w:tr><w:trPr><w:del w:id=\"1\"/></w:trPr>" CELL("", P("bỏ")) "</w:tr>"
        "<w:tr>" CELL("<w:hMerge w:val=\"restart\"/>", P("Cộng")) CELL("<w:hMerge/>", "<w:p/>") CELL("", P("9")) "</w:tr>"
        "</w:tbl>" P("Hết"), NULL, 0);
    assert_str_equal(shown(cx, &paper), "P Bảng:\nC1.0.0(2x1) TT\nC1.0.1(1x2) Số lượng\nC1.0.3(2x1) Ghi\nC1.0.3(2x1) chú\n"
                                        "C1.1.1 Nam\nC1.1.2 Nữ\nC1.2.1 5\nC1.2.3 x\nC1.3.0(1x2) Cộng\nC1.3.2 9\nP Hết\n");
    assert_false(paper.blocks[1].is_centred);
}

static void a_table_in_a_cell_is_a_table_of_its_own(void **state)
{
    struct ctx *cx = *state;
    assert_reads(cx,
                 "<w:tbl><w:tr>" CELL("", P("trước") "<w:tbl><w:tr>" CELL("", P("trong")) "</w:tr></w:tbl>" P("sau"))
                 CELL("", P("bên")) "</w:tr></w:tbl><w:tbl><w:tr>" CELL("", P("hai")) "</w:tr></w:tbl>",
                 "C1.0.0 trước\nC2.0.0 trong\nC1.0.0 sau\nC1.0.1 bên\nC3.0.0 hai\n");
}

static void tracked_changes_are_accepted(void **state)
{
    struct ctx *cx = *state;
    assert_reads(cx,
                 "<w:p>" R("trước ngày ") "<w:del w:id=\"1\"><w:r><w:delText>20</w:delText></w:r></w:del>"
                 "<w:ins w:id=\"2\">" R("22") "<w:del w:id=\"9\">" R("x") "</w:del></w:ins>" R("/5/2026")
                 "<w:moveFrom w:id=\"3\">" R("đi") "</w:moveFrom></w:p>"
                 "<w:p><w:pPr><w:rPr><w:del w:id=\"4\"/></w:rPr></w:pPr>" R("Hai đoạn ") "</w:p>"
                 "<w:p><w:pPr><w:jc w:val=\"center\"/><w:pPrChange w:id=\"5\"><w:pPr><w:jc w:val=\"left\"/></w:pPr></w:pPrChange>"
                 "</w:pPr><w:moveTo w:id=\"6\">" R("thành một") "</w:moveTo></w:p>"
                 "<w:p><w:pPr><w:rPr><w:del w:id=\"7\"/></w:rPr></w:pPr><w:del w:id=\"8\">" R("mất") "</w:del></w:p>" P("cuối"),
                 "P trước ngày 22/5/2026\nP Hai đoạn thành một\nP cuối\n");
}

static void a_removed_item_takes_no_number(void **state)
{
    struct ctx *cx = *state;
    assert_reads_with(cx, "numbering.xml", outline_lists,
                      ITEM("1", "1", "một") "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"1\"/><w:numId w:val=\"1\"/></w:numPr><w:rPr>"
                      "<w:del w:id=\"1\"/></w:rPr></w:pPr><w:del w:id=\"2\">" R("bỏ") "</w:del></w:p>" ITEM("1", "1", "hai"),
                      "P 1. một\nP 2. hai\n");
}

static void hidden_words_codes_of_fields_and_prompts_are_not_seen(void **state)
{
    struct ctx *cx = *state;
    assert_reads(cx,
                 "<w:p>" R("Số: ") RP("<w:vanish/>", "ẩn") RP("<w:vanish w:val=\"0\"/>", "12")
                 "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> DATE </w:instrText></w:r>" R("mã")
                 "<w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>" R("/KH-UBND")
                 "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r><w:fldSimple w:instr=\"PAGE\">" R(" (trang 1)")
                 "</w:fldSimple></w:p>"
                 "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>" P("Bấm để nhập") "</w:sdtContent></w:sdt>"
                 "<w:sdt><w:sdtPr><w:rPr><w:b/></w:rPr></w:sdtPr><w:sdtContent>" P("Nơi nhận:") "</w:sdtContent></w:sdt>",
                 "P Số: 12/KH-UBND (trang 1)\nP Nơi nhận:\n");
}

static void notes_stand_after_the_paragraph_or_table_that_calls_them(void **state)
{
    struct ctx *cx = *state;
    struct check_part parts[] = {
        { "footnotes.xml", STR("<w:footnote w:type=\"separator\" w:id=\"-1\">" P("vạch") "</w:footnote>"
                               "<w:footnote w:id=\"5\"><w:p><w:r><w:footnoteRef/></w:r>" R(" Công văn số 12.") "</w:p>" P("Tiếp")
                               "</w:footnote><w:footnote w:id=\"6\">" P("Trong bảng.") "</w:footnote>"
                               "<w:footnote w:id=\"7\">" P("Dấu riêng.") "</w:footnote>") },
        { "endnotes.xml", STR("<w:endnote w:id=\"2\">" P("Cuối.") "</w:endnote>") },
    };
    struct paper paper = read_parts(
        cx,
        "<w:p>" R("Ngày 21/11/2025") "<w:r><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr><w:footnoteReference w:id=\"5\"/>"
        "</w:r>" R(" và") "<w:r><w:endnoteReference w:id=\"2\"/></w:r></w:p>"
        "<w:tbl><w:tr>" CELL("", "<w:p>" R("a") "<w:r><w:footnoteReference w:id=\"6\"/></w:r></w:p>") CELL("", P("b"))
        "</w:tr></w:tbl><w:p>" R("c") "<w:r><w:footnoteReference w:id=\"7\" w:customMarkFollows=\"1\"/><w:t>*</w:t></w:r></w:p>",
        parts, 2);
    assert_str_equal(shown(cx, &paper), "P Ngày 21/11/2025¹ và¹\nN1 Công văn số 12.\nN1 Tiếp\nN1 Cuối.\nC1.0.0 a²\n"
                                        "C1.0.1 b\nN2 Trong bảng.\nP c*\nN0 Dấu riêng.\n");
}

static void raised_figures_are_marks_and_pictures_are_letters(void **state)
{
    struct ctx *cx = *state;
    assert_reads(cx,
                 "<w:p>" R("năm 2025") RP("<w:vertAlign w:val=\"superscript\"/>", "12") RP("<w:vertAlign w:val=\"subscript\"/>", "3")
                 "<w:r><w:sym w:font=\"Wingdings\" w:char=\"F0E0\"/></w:r>" R(" ")
                 "<w:r><w:sym w:font=\"Wingdings\" w:char=\"F0FE\"/><w:sym w:font=\"Symbol\" w:char=\"F0B3\"/></w:r>"
                 RP("<w:rFonts w:ascii=\"Symbol\" w:hAnsi=\"Symbol\"/>", "\uF0B7") RP("<w:caps/>", " kế hoạch") "</w:p>",
                 "P năm 2025¹²3→ ☑≥• KẾ HOẠCH\n");
}

static void looks_come_through_the_chain_of_styles(void **state)
{
    struct ctx *cx = *state;
    struct check_part styles = {
        "styles.xml",
        STR("<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val=\"26\"/></w:rPr></w:rPrDefault></w:docDefaults>"
            "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Thuong\"><w:name w:val=\"Normal\"/></w:style>"
            "<w:style w:type=\"paragraph\" w:styleId=\"Ten\"><w:name w:val=\"Ten\"/><w:basedOn w:val=\"Goc\"/>"
            "<w:rPr><w:sz w:val=\"28\"/></w:rPr></w:style>"
            "<w:style w:type=\"paragraph\" w:styleId=\"Goc\"><w:name w:val=\"Goc\"/><w:basedOn w:val=\"Ten\"/><w:pPr><w:jc "
            "w:val=\"center\"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>"
            "<w:style w:type=\"character\" w:styleId=\"Manh\"><w:name w:val=\"Strong\"/><w:rPr><w:b/></w:rPr></w:style>"
            "<w:style w:type=\"paragraph\" w:styleId=\"De\"><w:name w:val=\"heading 3\"/></w:style>")
    };
    struct paper paper = read_parts(
        cx,
        STYLED("Ten", "", "KẾ HOẠCH") "<w:p><w:pPr><w:pStyle w:val=\"Ten\"/></w:pPr>" RP("<w:rStyle w:val=\"Manh\"/>", "đảo") "</w:p>"
        "<w:p>" RP("<w:b/><w:i/>", "Mục đích:") RP("<w:i/>", " chung") "</w:p>" STYLED("De", "", "Mục"), &styles, 1);
    assert_true(paper.blocks[0].is_bold && paper.blocks[0].is_centred);
    assert_int_equal(paper.blocks[0].size, 14);
    /* Bold by the paragraph's style and by the letters' style is not bold (17.7.3). */
    assert_false(paper.blocks[1].is_bold);
    assert_true(!paper.blocks[2].is_bold && paper.blocks[2].is_italic);
    assert_int_equal(paper.blocks[2].size, 13);
    assert_int_equal(paper.blocks[3].style_level, 3);
}

#define OLD(font, text) RP("<w:rFonts w:ascii=\"" font "\" w:hAnsi=\"" font "\"/>", text)

static void old_fonts_are_read_by_their_name_and_never_twice(void **state)
{
    struct ctx *cx = *state;
    assert_reads(cx,
                 "<w:p>" OLD(".VnTimeH", "KÕ ho¹ch") "</w:p>"
                 "<w:p>" OLD(".VnTime", "Thùc hiÖn KÕ ho") OLD(".VnTime", "¹ch, §¶ng ñy ph")
                 "<w:r><w:rPr><w:rFonts w:ascii=\".VnTime\" w:hAnsi=\".VnTime\"/></w:rPr><w:softHyphen/><w:t>êng</w:t></w:r>"
                 R(" Hòa Bình có") "</w:p>"
                 "<w:p>" OLD("VNI-Times", "Keá hoa") OLD("VNI-Times", "ïch môû lôùp") "</w:p>"
                 "<w:p>" OLD(".VnTime", "Đã là Unicode") "</w:p>"
                 "<w:p>" OLD(".VnTime", "2026") RP("<w:rFonts w:ascii=\".VnTime\"/><w:vertAlign w:val=\"superscript\"/>", "1")
                 "</w:p>",
                 "P KẾ HOẠCH\nP Thực hiện Kế hoạch, Đảng ủy phường Hòa Bình có\nP Kế hoạch mở lớp\nP Đã là Unicode\nP 2026¹\n");
}

static void old_letters_without_their_font_are_read_by_what_they_spell(void **state)
{
    assert_reads(*state, P("§¶ng ñy x· T©n H­ng") P("Thùc hiÖn KÕ ho¹ch båi d­ìng c¸n bé, c«ng chøc"),
                 "P Đảng ủy xã Tân Hưng\nP Thực hiện Kế hoạch bồi dưỡng cán bộ, công chức\n");
}

static void text_boxes_follow_the_paragraph_that_holds_them_and_are_read_once(void **state)
{
    struct ctx *cx = *state;
    assert_reads(cx,
                 "<w:p>" R("Trước ") "<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><wps:txbx><w:txbxContent>"
                 P("DỰ THẢO") P("lần 2") "</w:txbxContent></wps:txbx></mc:Choice><mc:Fallback><w:pict><v:textbox>"
                 "<w:txbxContent>" P("DỰ THẢO") "</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
                 R("sau") "</w:p>" "<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>" P("cuối"),
                 "P Trước sau\nP DỰ THẢO\nP lần 2\nP cuối\n");
}

#define TABBED(left, right) "<w:p><w:r><w:t>" left "</w:t><w:tab/><w:tab/><w:t>" right "</w:t></w:r></w:p>"

static void letterhead_and_signature_set_with_tabs_are_read_side_by_side(void **state)
{
    struct ctx *cx = *state;
    assert_reads(cx,
                 TABBED("UBND TỈNH TÂN HƯNG", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
                 "<w:p>" R("SỞ NỘI VỤ            Độc lập - Tự do - Hạnh phúc") "</w:p>"
                 TABBED("Số: 15/KH-SNV", "Tân Hưng, ngày 05 tháng 6 năm 2026") P("KẾ HOẠCH")
                 TABBED("1.", "Mục đích") TABBED("2.", "Yêu cầu") TABBED("Thời gian:", "02 ngày") P("Thực hiện kế hoạch của Ủy ban nhân dân tỉnh về bồi dưỡng cán bộ, công chức cấp xã năm 2026, Sở Nội vụ mở hai lớp bồi dưỡng kỹ năng tiếp công dân cho công chức các xã, phường trên địa bàn tỉnh như sau:")
                 TABBED("Họ tên", "Chức vụ")
                 TABBED("Nơi nhận:", "KT. GIÁM ĐỐC") TABBED("- Như trên;", "PHÓ GIÁM ĐỐC") P("- Lưu: VT.")
                 "<w:p><w:r><w:tab/><w:t>Nguyễn Văn An</w:t></w:r></w:p>",
                 "C1.0.0 UBND TỈNH TÂN HƯNG\nC1.0.1 CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nC1.1.0 SỞ NỘI VỤ\n"
                 "C1.1.1 Độc lập - Tự do - Hạnh phúc\nC1.2.0 Số: 15/KH-SNV\nC1.2.1 Tân Hưng, ngày 05 tháng 6 năm 2026\n"
                 "P KẾ HOẠCH\nP 1. Mục đích\nP 2. Yêu cầu\nP Thời gian: 02 ngày\nP Thực hiện kế hoạch của Ủy ban nhân dân tỉnh về bồi dưỡng cán bộ, công chức cấp xã năm 2026, Sở Nội vụ mở hai lớp bồi dưỡng kỹ năng tiếp công dân cho công chức các xã, phường trên địa bàn tỉnh như sau:\nP Họ tên Chức vụ\n"
                 "C2.0.0 Nơi nhận:\nC2.0.1 KT. GIÁM ĐỐC\nC2.1.0 - Như trên;\nC2.1.1 PHÓ GIÁM ĐỐC\nC2.2.0 - Lưu: VT.\n"
                 "C2.3.1 Nguyễn Văn An\n");
}

static void heads_and_feet_are_told_from_the_body(void **state)
{
    struct ctx *cx = *state;
    struct check_part parts[] = {
        { "header1.xml", STR(P("2")) },
        { "header2.xml", STR("<w:tbl><w:tr>" CELL("", P("SỞ NỘI VỤ")) "</w:tr></w:tbl>") },
        { "footer1.xml", STR(P("Lưu hành nội bộ")) },
        { "header3.xml", STR(P("không ai gọi")) },
    };
    static const char section[] = "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"header1\"/><w:headerReference "
                                  "w:type=\"first\" r:id=\"header2\"/><w:footerReference w:type=\"default\" r:id=\"footer1\"/>";
    struct str with = str_format(&cx->arena, "<w:tbl><w:tr>%s</w:tr></w:tbl>%s%s<w:titlePg/></w:sectPr>",
                                 CELL("", P("ô")), P("KẾ HOẠCH"), section);
    struct paper paper = read_parts(cx, str_to_c(&cx->arena, with), parts, 4);
    assert_str_equal(shown(cx, &paper), "C1.0.0 SỞ NỘI VỤ\nH 2\nC2.0.0 ô\nP KẾ HOẠCH\nF Lưu hành nội bộ\n");
    struct str without = str_format(&cx->arena, "%s%s</w:sectPr>", P("KẾ HOẠCH"), section);
    paper = read_parts(cx, str_to_c(&cx->arena, without), parts, 4);
    assert_str_equal(shown(cx, &paper), "H 2\nP KẾ HOẠCH\nF Lưu hành nội bộ\n");
}

static void a_secret_word_document_is_turned_away_wherever_its_mark_is(void **state)
{
    struct ctx *cx = *state;
    static const struct check_part watermark = {
        "header1.xml", STR_INIT("<w:p><w:r><w:pict><v:shape><v:textpath string=\"TUYỆT MẬT\"/></v:shape></w:pict></w:r></w:p>")
    };
    static const char *const bodies[] = {
        P("SỞ NỘI VỤ") P("MẬT") P("KẾ HOẠCH"),
        "<w:tbl><w:tr>" CELL("", P("SỞ NỘI VỤ") P("Tối mật")) CELL("", P("CỘNG HÒA")) "</w:tr></w:tbl>" P("KẾ HOẠCH"),
        "<w:p><w:r><w:pict><v:textbox><w:txbxContent>" P("TỐI MẬT") "</w:txbxContent></v:textbox></w:pict></w:r></w:p>" P("KẾ"),
    };
    for (size_t i = 0; i < LEN(bodies); i++)
        assert_refused(cx, check_docx(cx, bodies[i], NULL, 0), ERR_INVALID, "Văn bản có dấu");
    assert_refused(cx,
                   check_docx(cx, P("KẾ HOẠCH") "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"header1\"/></w:sectPr>",
                              &watermark, 1),
                   ERR_INVALID, "TUYỆT MẬT");
}

/* A list of papers with the degree of secrecy of each is itself an open paper. */
static void a_column_of_degrees_in_a_table_is_no_mark(void **state)
{
    assert_reads(*state,
                 P("KẾ HOẠCH") "<w:tbl><w:tr>" CELL("", P("Văn bản")) "</w:tr><w:tr>" CELL("", P("a")) "</w:tr><w:tr>"
                 CELL("", P("b")) "</w:tr><w:tr>" CELL("", P("c")) "</w:tr><w:tr>" CELL("", P("Mật")) "</w:tr></w:tbl>",
                 "P KẾ HOẠCH\nC1.0.0 Văn bản\nC1.1.0 a\nC1.2.0 b\nC1.3.0 c\nC1.4.0 Mật\n");
}

static void other_packages_are_named_for_what_they_are(void **state)
{
    struct ctx *cx = *state;
    static const struct {
        const char *name, *words;
    } others[] = { { "xl/workbook.xml", "bảng tính" },
                   { "ppt/presentation.xml", "trình chiếu" },
                   { "word/styles.xml", "thiếu phần nội dung" },
                   { "Ke hoach.pdf", "giải nén" } };
    for (size_t i = 0; i < LEN(others); i++) {
        struct check_part part = { others[i].name, STR("<a/>") };
        assert_refused(cx, check_zip(cx, &part, 1), ERR_INVALID, others[i].words);
    }
    struct check_part odt[] = { { "mimetype", STR("application/vnd.oasis.opendocument.text") }, { "content.xml", STR("<a/>") } };
    assert_refused(cx, check_zip(cx, odt, 2), ERR_INVALID, "OpenDocument");
    assert_refused(cx, check_docx(cx, "<w:p/>", NULL, 0), ERR_INVALID, "không có chữ");
}

/* In a context of its own, so that many files do not fill one arena. */
static enum err read_alone(struct bytes file, const char *words)
{
    struct paper paper = { .blocks = NULL };
    void *state = NULL;
    assert_int_equal(check_ctx_open(&state), 0);
    struct ctx *cx = state;
    enum err err = paper_read(cx, file, &paper);
    if (words && !strstr(cx->fault.words, words))
        fail_msg("said: %s\nexpected: %s", cx->fault.words, words);
    assert_true(err == OK || paper.blocks == NULL);
    check_ctx_close(&state);
    return err;
}

static void a_damaged_document_is_refused(void **state)
{
    struct ctx *cx = *state;
    struct bytes whole = check_docx(cx, P("KẾ HOẠCH bồi dưỡng cán bộ, công chức cấp xã năm 2026"), NULL, 0);
    unsigned char *copy = arena_alloc(&cx->arena, whole.len);
    for (size_t len = 4; len < whole.len; len += 7)
        assert_err(ERR_INVALID, read_alone((struct bytes){ whole.at, len }, "Tệp này bị hỏng"));
    size_t refused = 0;
    for (size_t at = 0; at < whole.len; at++) {
        memcpy(copy, whole.at, whole.len);
        copy[at] ^= 0x55;
        enum err err = read_alone((struct bytes){ copy, whole.len }, NULL);
        assert_true(err == OK || err == ERR_INVALID || err == ERR_LIMIT);
        refused += err != OK;
    }
    assert_true(refused > whole.len / 2);
    assert_refused(cx, check_docx(cx, "<w:p><w:r></w:p>", NULL, 0), ERR_INVALID, "hỏng");
    assert_refused(cx, check_docx(cx, "\x01", NULL, 0), ERR_INVALID, "hỏng");
}

static void a_document_type_and_its_entities_are_refused(void **state)
{
    struct ctx *cx = *state;
    static const char *const documents[] = {
        "<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]><a>&c;</a>",
        "<!DOCTYPE a SYSTEM \"http://127.0.0.1:1/x.dtd\"><a/>",
        "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/hostname\">]><a>&b;</a>",
    };
    for (size_t i = 0; i < LEN(documents); i++) {
        struct check_part part = { "word/document.xml", str_from(documents[i]) };
        assert_refused(cx, check_zip(cx, &part, 1), ERR_INVALID, "hỏng bên trong");
        assert_string_equal(strstr(cx->fault.detail, "a document type"), "a document type");
    }
}

/* How many MB more the process needed at its height for reading a file; the file must be refused. */
static void assert_refused_within_memory(struct bytes file, enum err expected)
{
    enum { MEMORY_MAX_KB = 64 * 1024, NOT_AS_EXPECTED = 1, TOO_MUCH = 2 };
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct rusage before, after;
        getrusage(RUSAGE_SELF, &before);
        enum err err = read_alone(file, NULL);
        getrusage(RUSAGE_SELF, &after);
        bool is_within = after.ru_maxrss - before.ru_maxrss <= MEMORY_MAX_KB;
        _exit(err != expected ? NOT_AS_EXPECTED : is_within ? 0 : TOO_MUCH);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    if (status != 0)
        fail_msg("%zu bytes: %s", file.len, status >> 8 == NOT_AS_EXPECTED ? "not as expected" : "too much memory");
}

/* A document of one repeated text between two others. */
static struct bytes repeated(struct ctx *cx, const char *before, const char *text, size_t times, const char *after)
{
    struct buf body;
    buf_init(&body, &cx->arena);
    buf_put(&body, str_from(before));
    for (size_t i = 0; i < times; i++)
        buf_put(&body, str_from(text));
    buf_put(&body, str_from(after));
    buf_put_char(&body, 0);
    return check_docx(cx, buf_str(&body).at, NULL, 0);
}

static void what_unpacks_beyond_a_paper_is_refused_in_little_memory(void **state)
{
    struct ctx *cx = *state;
    enum { MANY = 400 * 1000 };
    /* Packed a thousandfold. */
    assert_refused_within_memory(repeated(cx, "<w:p>", "                    ", MANY, "</w:p>"), ERR_LIMIT);
    assert_refused_within_memory(repeated(cx, "", P("a"), PAPER_BLOCKS_MAX + 1, ""), ERR_LIMIT);
    assert_refused_within_memory(repeated(cx, "<w:p>", "<w:sdt>", 5000, ""), ERR_LIMIT);
#define TWICE(text) text text
#define NEST(text) TWICE(text) TWICE(text) TWICE(text) TWICE(text) TWICE(text) TWICE(text) text
    assert_refused(cx, check_docx(cx, NEST("<w:tbl><w:tr><w:tc>") NEST("</w:tc></w:tr></w:tbl>"), NULL, 0), ERR_LIMIT,
                   "lồng nhau quá nhiều tầng");
    assert_refused_within_memory(repeated(cx, "<w:p w:x=\"", "0123456789 abcdef", 20000, "\"/>"), ERR_LIMIT);
    assert_refused_within_memory(repeated(cx, "", "<w:a xmlns:b=\"x\">", 150, ""), ERR_INVALID);
    assert_refused_within_memory(repeated(cx, "<w:p><w:r><w:t>", "a b c d e f g h i j", 60000, "</w:t></w:r></w:p>"),
                                 ERR_LIMIT);
}

static void put_number(unsigned char *at, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        at[i] = (unsigned char)(value >> (8 * i));
}

/* Where the record of a part in the directory at the end is. */
static unsigned char *record_of(unsigned char *file, size_t len, const char *name)
{
    for (size_t i = 0; i + 46 + strlen(name) < len; i++)
        if (memcmp(file + i, "PK\x01\x02", 4) == 0 && memcmp(file + i + 46, name, strlen(name)) == 0)
            return file + i;
    fail_msg("no record of %s", name);
    return NULL;
}

static void sizes_and_counts_that_lie_are_refused(void **state)
{
    struct ctx *cx = *state;
    struct bytes whole = check_docx(cx, P("KẾ HOẠCH bồi dưỡng cán bộ, công chức cấp xã năm 2026"), NULL, 0);
    unsigned char *copy = arena_alloc(&cx->arena, whole.len);
    struct bytes file = { copy, whole.len };
    static const struct {
        uint32_t packed, unpacked;
        enum err err;
    } lies[] = {
        { 0, 10, ERR_INVALID },          { 0, 1000000, ERR_INVALID },        { 0, 0xFFFFFFF0, ERR_LIMIT },
        { 0, 40 << 20, ERR_LIMIT },      { 0x7FFFFFFF, 10, ERR_INVALID },    { 10, 0, ERR_INVALID },
    };
    for (size_t i = 0; i < LEN(lies); i++) {
        memcpy(copy, whole.at, whole.len);
        unsigned char *record = record_of(copy, whole.len, "word/document.xml");
        if (lies[i].packed)
            put_number(record + 20, lies[i].packed, 4);
        if (lies[i].unpacked)
            put_number(record + 24, lies[i].unpacked, 4);
        assert_refused_within_memory(file, lies[i].err);
    }
    memcpy(copy, whole.at, whole.len);
    put_number(copy + whole.len - 14, 0xFFFF, 2);
    put_number(copy + whole.len - 12, 0xFFFF, 2);
    assert_refused_within_memory(file, ERR_LIMIT);
    /* A locator of the 64-bit form (APPNOTE 4.3.15) in the comment. */
    struct buf longer;
    buf_init(&longer, &cx->arena);
    buf_put(&longer, (struct str){ (const char *)whole.at, whole.len });
    buf_put(&longer, STR("PK\x06\x07................PK\x05\x06.................."));
    assert_refused_within_memory((struct bytes){ (const unsigned char *)longer.at, longer.len }, ERR_INVALID);
}

static void too_many_parts_are_refused(void **state)
{
    struct ctx *cx = *state;
    enum { MANY = 4001 };
    struct check_part *parts = ARENA_NEW_ARRAY(&cx->arena, struct check_part, MANY);
    for (int i = 0; i < MANY; i++)
        parts[i] = (struct check_part){ str_to_c(&cx->arena, str_format(&cx->arena, "word/%d.xml", i)), STR("") };
    assert_refused(cx, check_zip(cx, parts, MANY), ERR_LIMIT, "4000 phần");
}

static void a_package_with_a_password_says_so(void **state)
{
    struct ctx *cx = *state;
    struct bytes whole = check_docx(cx, P("KẾ HOẠCH"), NULL, 0);
    unsigned char *copy = arena_alloc(&cx->arena, whole.len);
    memcpy(copy, whole.at, whole.len);
    /* The flag "encrypted" in the directory (APPNOTE 4.4.4). */
    static const char *const names[] = { "word/document.xml", "_rels/.rels", "word/_rels/document.xml.rels" };
    for (size_t i = 0; i < LEN(names); i++)
        record_of(copy, whole.len, names[i])[8] |= 1;
    assert_refused(cx, (struct bytes){ copy, whole.len }, ERR_INVALID, "mật khẩu");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, check_ctx_open, check_ctx_close)
    const struct CMUnitTest tests[] = {
        TEST(words_split_over_runs_are_one_paragraph),
        TEST(forced_line_breaks_part_a_title_from_its_subject),
        TEST(automatic_numbers_are_seen_as_word_draws_them),
        TEST(lists_go_on_begin_again_and_change_their_look),
        TEST(bullets_are_those_people_type),
        TEST(numbers_come_through_styles_too),
        TEST(cells_know_their_row_column_and_spans),
        TEST(a_table_in_a_cell_is_a_table_of_its_own),
        TEST(tracked_changes_are_accepted),
        TEST(a_removed_item_takes_no_number),
        TEST(hidden_words_codes_of_fields_and_prompts_are_not_seen),
        TEST(notes_stand_after_the_paragraph_or_table_that_calls_them),
        TEST(raised_figures_are_marks_and_pictures_are_letters),
        TEST(looks_come_through_the_chain_of_styles),
        TEST(old_fonts_are_read_by_their_name_and_never_twice),
        TEST(old_letters_without_their_font_are_read_by_what_they_spell),
        TEST(text_boxes_follow_the_paragraph_that_holds_them_and_are_read_once),
        TEST(letterhead_and_signature_set_with_tabs_are_read_side_by_side),
        TEST(heads_and_feet_are_told_from_the_body),
        TEST(a_secret_word_document_is_turned_away_wherever_its_mark_is),
        TEST(a_column_of_degrees_in_a_table_is_no_mark),
        TEST(other_packages_are_named_for_what_they_are),
        TEST(a_damaged_document_is_refused),
        TEST(a_document_type_and_its_entities_are_refused),
        TEST(what_unpacks_beyond_a_paper_is_refused_in_little_memory),
        TEST(sizes_and_counts_that_lie_are_refused),
        TEST(too_many_parts_are_refused),
        TEST(a_package_with_a_password_says_so),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
