#include "check/check.h"

#include "reader/outline.h"

#include <string.h>

static struct outline outline_of(struct ctx *cx, const char *text)
{
    struct paper paper = { .blocks = NULL };
    struct outline outline = { .root = NULL };
    assert_ok(cx, paper_read(cx, (struct bytes){ (const unsigned char *)text, strlen(text) }, &paper));
    assert_ok(cx, outline_make(cx, &paper, &outline));
    return outline;
}

/* The tree as lines: depth in blanks, H heading, P paragraph, I item, T R C of tables; label; title; body. */
static struct str tree_of(struct ctx *cx, const struct outline_node *top)
{
    static const char kinds[] = "-HPITRC";
    struct buf out;
    buf_init(&out, &cx->arena);
    for (const struct outline_node *node = outline_next(top, top); node; node = outline_next(top, node)) {
        for (const struct outline_node *up = node->parent; up != top; up = up->parent)
            buf_put_char(&out, ' ');
        buf_format(&out, "%c[" STR_FMT "]{" STR_FMT "} " STR_FMT "\n", kinds[node->kind], STR_ARG(node->label), STR_ARG(node->title), STR_ARG(node->body));
    }
    return buf_str(&out);
}

#define assert_tree(cx, text, expected) assert_str_equal(tree_of((cx), outline_of((cx), (text)).root), (expected))

static void headings_nest_by_their_numbers_and_items_by_their_bullets(void **state)
{
    assert_tree(*state,
                "KẾ HOẠCH\ntổ chức lớp bồi dưỡng\n\nI. NỘI DUNG\n\n1. Thời gian: 02 ngày.\n\n2. Thành phần\n\n- Cấp tỉnh:\n\n+ Lãnh đạo sở;\n\n+ Trưởng phòng.\n\n- Cấp xã.\n\n"
                "II. TỔ CHỨC THỰC HIỆN\n\na) Sở Nội vụ mở lớp.\n",
                "H[I.]{NỘI DUNG} \n H[1.]{Thời gian} 02 ngày.\n H[2.]{Thành phần} \n  I[-]{Cấp tỉnh} \n   I[+]{} Lãnh đạo sở;\n   I[+]{} Trưởng phòng.\n  I[-]{} Cấp xã.\n"
                "H[II.]{TỔ CHỨC THỰC HIỆN} \n I[a)]{} Sở Nội vụ mở lớp.\n");
}

static void every_style_of_number_is_read_and_figures_of_sentences_are_not(void **state)
{
    assert_tree(*state,
                "KẾ HOẠCH\nmở lớp bồi dưỡng\n\nPhần I. QUY MÔ\n\n1- Số lớp\n\n1.200 học viên của tỉnh dự lớp bồi dưỡng trong năm.\n\n1/ Ghi chú\n\n20/11 là ngày khai giảng các lớp của trường.\n",
                "H[Phần I.]{QUY MÔ} \n H[1-]{Số lớp} \n  P[]{} 1.200 học viên của tỉnh dự lớp bồi dưỡng trong năm.\n  H[1/]{Ghi chú} \n   P[]{} 20/11 là ngày khai giảng các lớp của trường.\n");
}

static void lines_broken_everywhere_are_whole_sentences_again(void **state)
{
    struct outline outline = outline_of(*state, "KẾ HOẠCH\ntổ chức lớp bồi dưỡng\n\n"
                                                "Thực hiện các kết luận, chỉ đạo của cấp trên về bồi dưỡng, Ban \n\n"
                                                "Thường vụ Đảng ủy ban hành Kế hoạch này để các đơn vị, địa \n\n"
                                                "phương thực hiện đúng tiến độ, đúng thành phần đã được duyệt \n\n"
                                                "như sau: \n\n"
                                                "1. Các cơ quan được phân công báo cáo \n\n"
                                                "Căn cứ Kế hoạch, các cơ quan cử báo cáo viên và gửi tài liệu \n\n"
                                                "cho nhà trường. \n");
    assert_str_equal(tree_of(*state, outline.root),
                     "P[]{} Thực hiện các kết luận, chỉ đạo của cấp trên về bồi dưỡng, Ban Thường vụ Đảng ủy ban hành Kế hoạch này để các đơn vị, địa phương thực hiện "
                     "đúng tiến độ, đúng thành phần đã được duyệt như sau:\nH[1.]{Các cơ quan được phân công báo cáo} \n"
                     " P[]{} Căn cứ Kế hoạch, các cơ quan cử báo cáo viên và gửi tài liệu cho nhà trường.\n");
}

static const char displaced[] = "KẾ HOẠCH\ntổ chức các lớp bồi dưỡng\n\nI. ĐỐI TƯỢNG\n\n(1) Lãnh đạo các sở.\n\n"
                                "THÀNH ỦY A\n\n*\n\nSố         -KH/TU\n\nĐẢNG CỘNG SẢN VIỆT NAM\n\nA, ngày        tháng       năm 2025\n\n"
                                "(2) Lãnh đạo các phòng.\n\nNơi nhận:\n- Ban Thường vụ,\n- Lưu Văn phòng.\n\nT/M BAN THƯỜNG VỤ\nPHÓ BÍ THƯ\n\nTrần Văn An\n"
                                "1 Liên hệ: đồng chí Lê Thị Bình, điện thoại 0900.000.123\n";

static void a_letterhead_that_fell_into_the_body_is_put_aside(void **state)
{
    struct outline outline = outline_of(*state, displaced);
    assert_str_equal(tree_of(*state, outline.root), "H[I.]{ĐỐI TƯỢNG} \n I[(1)]{} Lãnh đạo các sở.\n I[(2)]{} Lãnh đạo các phòng.\n");
    assert_int_equal(outline.letterhead_len, 5);
    assert_str_equal(outline.letterhead[0].value, "THÀNH ỦY A");
}

static void recipients_signature_and_notes_stand_outside_the_body(void **state)
{
    struct outline outline = outline_of(*state, displaced);
    assert_int_equal(outline.recipients.len, 2);
    assert_str_equal(outline.recipients.at[1].value, "Lưu Văn phòng.");
    assert_int_equal(outline.signature_len, 3);
    assert_str_equal(outline.signature[2].value, "Trần Văn An");
    assert_int_equal(outline.notes_len, 1);
    assert_int_equal(outline.notes[0].number, 1);
}

static void a_signature_before_the_recipients_is_found_too(void **state)
{
    struct outline outline = outline_of(*state, "GIẤY MỜI\n\nThời gian: 8h00 ngày 02/3/2026.\n\nTL. GIÁM ĐỐC\nCHÁNH VĂN PHÒNG\n\nLý Thị Hoa\n\nNơi nhận:\n- Như trên;\n- Lưu: VT.\n");
    assert_int_equal(outline.signature_len, 3);
    assert_int_equal(outline.recipients.len, 2);
    assert_str_equal(tree_of(*state, outline.root), "H[]{Thời gian} 8h00 ngày 02/3/2026.\n");
}

static void a_table_flattened_into_lines_is_a_table_again(void **state)
{
    assert_tree(*state,
                "KẾ HOẠCH\nbồi dưỡng\n\n1. Chương trình\n\nTT Chuyên đề/nội dung \nPhương án giảng viên \n\n/báo cáo viên \n\n1 \n\nKỹ năng tiếp công dân và xử lý \n\nđơn thư ở cấp xã \n\n"
                "Lãnh đạo \n\nThanh tra tỉnh \n\n2 \n\nChữ ký số trong công việc \n\nSở Nội vụ \n\n2. Kinh phí\n\nTỉnh chi.\n",
                "H[1.]{Chương trình} \n T[]{} \n  R[]{} \n   C[]{} TT\n   C[]{} Chuyên đề/nội dung\n   C[]{} Phương án giảng viên /báo cáo viên\n"
                "  R[]{} \n   C[]{} 1\n   C[]{} Kỹ năng tiếp công dân và xử lý đơn thư ở cấp xã\n   C[]{} Lãnh đạo Thanh tra tỉnh\n"
                "  R[]{} \n   C[]{} 2\n   C[]{} Chữ ký số trong công việc\n   C[]{} Sở Nội vụ\nH[2.]{Kinh phí} \n P[]{} Tỉnh chi.\n");
}

static void marks_of_notes_and_markdown_leave_no_trace(void **state)
{
    assert_tree(*state,
                "## **KẾ HOẠCH**\n\n### Mở lớp bồi dưỡng\n\n- **Hạn:** trước 9 giờ ngày 21/11/20251, theo Quyết định của Thủ tướng¹.\n\n- + Mạng 5 km² ở xã.\n\nNơi nhận:\n- Lưu: VT.\n\n"
                "GIÁM ĐỐC\n\nLê An Bình\n\n1 Liên hệ: Văn phòng.\n",
                "I[-]{Hạn} trước 9 giờ ngày 21/11/2025, theo Quyết định của Thủ tướng.\n I[- +]{} Mạng 5 km² ở xã.\n");
}

static void sections_know_what_they_are_about(void **state)
{
    struct outline outline = outline_of(*state, "KẾ HOẠCH\nbồi dưỡng\n\nI. THỜI GIAN, ĐỊA ĐIỂM\n\nTại hội trường.\n\nII. NHIỆM VỤ\n\n1. Nội dung tài liệu\n\nSở biên soạn.\n\n2. Theo dõi, đánh giá\n\nSở đánh giá.\n");
    const struct outline_node *time = outline.root->first_child, *tasks = time->next;
    assert_int_equal(time->own_topics, 1u << OUTLINE_TOPIC_TIME | 1u << OUTLINE_TOPIC_PLACE);
    assert_int_equal(time->first_child->topic, OUTLINE_TOPIC_TIME);
    assert_int_equal(tasks->first_child->topic, OUTLINE_TOPIC_TASKS); /* a task's name, no section of contents */
    assert_int_equal(tasks->last_child->topic, OUTLINE_TOPIC_EVALUATION);
}

static void a_node_says_where_it_stands(void **state)
{
    struct ctx *cx = *state;
    struct outline outline = outline_of(cx, "KẾ HOẠCH\nbồi dưỡng\n\nIV. TỔ CHỨC THỰC HIỆN\n\n3. Sở Nội vụ\n\n- Mở lớp.\n\n- Báo cáo kết quả.\n");
    const struct outline_node *office = outline.root->first_child->first_child, *last = office->last_child;
    assert_str_equal(outline_place(&cx->arena, last), "mục IV.3, đoạn 2");
    struct reader_span span = outline_span(last, str_sub(last->text, last->text.len - 4, 3)); /* "quả" holds "ả" of three bytes */
    assert_int_equal(span.paragraph, last->span.paragraph);
    assert_str_equal(str_sub(outline.paragraphs[last->span.paragraph - 1], 0, 2), "- ");
}

static void a_text_without_end_stays_in_bounds(void **state)
{
    struct ctx *cx = *state;
    struct buf text;
    buf_init(&text, &cx->arena);
    buf_put(&text, STR("KẾ HOẠCH\n"));
    for (int i = 0; i < 40000; i++)
        buf_put(&text, STR("bồi dưỡng (1) a) "));
    struct paper paper = { .blocks = NULL };
    struct outline outline = { .root = NULL };
    assert_ok(cx, paper_read(cx, (struct bytes){ (const unsigned char *)text.at, text.len }, &paper));
    assert_ok(cx, outline_make(cx, &paper, &outline));
    for (size_t i = 0; i < outline.paragraphs_len; i++)
        assert_true(outline.paragraphs[i].len <= 2 * OUTLINE_PARAGRAPH_MAX);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, check_ctx_open, check_ctx_close)
    const struct CMUnitTest tests[] = {
        T(headings_nest_by_their_numbers_and_items_by_their_bullets),
        T(every_style_of_number_is_read_and_figures_of_sentences_are_not),
        T(lines_broken_everywhere_are_whole_sentences_again),
        T(a_letterhead_that_fell_into_the_body_is_put_aside),
        T(recipients_signature_and_notes_stand_outside_the_body),
        T(a_signature_before_the_recipients_is_found_too),
        T(a_table_flattened_into_lines_is_a_table_again),
        T(marks_of_notes_and_markdown_leave_no_trace),
        T(sections_know_what_they_are_about),
        T(a_node_says_where_it_stands),
        T(a_text_without_end_stays_in_bounds),
    };
#undef T
    return cmocka_run_group_tests(tests, NULL, NULL);
}
