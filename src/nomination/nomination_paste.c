#include "nomination/nomination_pages.h"

#include "person/person.h"
#include "viet/viet.h"

#include <sodium.h>

/*
 * A pasted list, one person a line: "họ tên[, chức vụ][, ngày sinh]", parted by tabs, semicolons or commas as spreadsheets,
 * messages and papers part them. The lines are read and matched with the records before the writer is asked, shown, and
 * taken only when what would happen is still what was shown (a digest of the outcome goes with the confirmation).
 */

/* clang-format off */
enum { TEXT_MAX = 100000, PEOPLE_MAX = 5000, NAME_MAX_CHARACTERS = 120, TITLE_MAX_CHARACTERS = 300 };
#define UNIT_FIELD { "unit_id", "Đơn vị", FIELD_ID, FIELD_OF(struct roster_form, unit_id), .required = true }
#define TEXT_FIELD { "text", "Danh sách", FIELD_LINES, FIELD_OF(struct roster_form, text), .len_max = TEXT_MAX, .required = true, \
      .help = "Mỗi dòng một người: họ tên, chức vụ, ngày sinh; dán được từ bảng tính" }
const struct field paste_fields[2] = { UNIT_FIELD, TEXT_FIELD };
const struct field paste_done_fields[3] = { UNIT_FIELD, TEXT_FIELD,
    { "digest", "Kết quả xem trước", FIELD_TEXT, FIELD_OF(struct roster_form, digest), .required = true } };
/* clang-format on */
static const struct field_table paste_table = FIELD_TABLE(struct roster_form, paste_fields);

enum outcome { LINE_MATCHED, LINE_NEW, LINE_REFUSED };

struct line {
    int64_t number;
    struct str typed;
    struct str full_name, folded, title;
    int32_t birth_day; /* DAY_NONE */
    int birth_year;    /* 0 */
    enum outcome outcome;
    int64_t person_id;
    struct str words; /* what will happen, or why not */
};
struct pasted {
    struct asked asked;
    struct line *at;
    size_t len;
    size_t matched, made, refused;
    struct str digest;
};

/* ---- Reading the lines ---- */

static bool is_digits(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
    }
    return text.len > 0;
}

static bool has_digit(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] >= '0' && text.at[i] <= '9')
            return true;
    }
    return false;
}

/* "1. Nguyễn Văn An", "1) ...", "- ...": a list's own numbering is no part of the name. */
static struct str without_number(struct str text)
{
    size_t i = 0;
    while (i < text.len && text.at[i] >= '0' && text.at[i] <= '9')
        i++;
    if (i > 0 && i < text.len && (text.at[i] == '.' || text.at[i] == ')' || text.at[i] == '/'))
        return str_trim(str_sub(text, i + 1, SIZE_MAX));
    if (text.len > 1 && (text.at[0] == '-' || text.at[0] == '+' || text.at[0] == '*'))
        return str_trim(str_sub(text, 1, SIZE_MAX));
    return text;
}

static char separator_of(struct str text)
{
    static const char separators[] = { '\t', ';', ',' };
    for (size_t i = 0; i < LEN(separators); i++) {
        if (str_find(text, (struct str){ &separators[i], 1 }) < text.len)
            return separators[i];
    }
    return '\0';
}

/* True when the text is a day of birth, or a year alone, which is enough to tell namesakes apart. */
static bool take_birth(struct str text, struct line *line)
{
    int64_t year = 0;
    if (day_parse(text, &line->birth_day) || day_parse_iso(text, &line->birth_day)) {
        line->birth_year = day_to_civil(line->birth_day).year;
        return true;
    }
    if (text.len == 4 && str_to_i64(text, &year) && year >= 1900 && year <= 2100) {
        line->birth_year = (int)year;
        return true;
    }
    return false;
}

static void cut_fields(struct ctx *cx, struct str text, struct line *line)
{
    char separator = separator_of(text);
    struct buf title;
    buf_init(&title, &cx->arena);
    struct str rest = text;
    bool has_name = false;
    while (rest.len > 0) {
        struct str part = separator ? str_cut(&rest, separator) : rest;
        rest = separator ? rest : STR("");
        part = viet_clean(&cx->arena, str_trim(part));
        if (part.len == 0 || (!has_name && is_digits(part)))
            continue; /* a spreadsheet's STT column */
        if (!has_name) {
            struct viet_name name = viet_name_split(&cx->arena, without_number(part));
            line->full_name = viet_name_join(&cx->arena, &name);
            has_name = true;
        } else if (line->birth_year == 0 && take_birth(part, line)) {
            continue;
        } else if (!is_digits(part)) {
            buf_format(&title, "%s" STR_FMT, title.len > 0 ? ", " : "", STR_ARG(part));
        }
    }
    line->title = buf_str(&title);
    line->folded = viet_fold(&cx->arena, line->full_name);
}

static void refuse(struct pasted *pasted, struct line *line, struct str words)
{
    line->outcome = LINE_REFUSED;
    line->words = words;
    pasted->refused++;
}

/* What stands in the way of the line by itself; "" when nothing does. */
static struct str fault_of(struct ctx *cx, const struct line *line, const struct pasted *pasted, size_t index)
{
    if (line->full_name.len == 0)
        return STR("không có họ tên");
    if (has_digit(line->full_name))
        return STR("họ tên có chữ số; mỗi dòng ghi họ tên trước, rồi chức vụ, ngày sinh");
    if (str_find(line->full_name, STR(" ")) == line->full_name.len)
        return STR("chưa đủ họ và tên");
    if (str_count_code_points(line->full_name) > NAME_MAX_CHARACTERS || str_count_code_points(line->title) > TITLE_MAX_CHARACTERS)
        return STR("dòng quá dài; mỗi dòng chỉ ghi một người");
    for (size_t i = 0; i < index; i++) {
        const struct line *other = &pasted->at[i];
        if (other->outcome != LINE_REFUSED && str_eq(other->folded, line->folded) && other->birth_year == line->birth_year)
            return str_format(&cx->arena, "trùng với dòng %lld", (long long)other->number);
    }
    return STR("");
}

static enum err read_lines(struct ctx *cx, struct str text, struct pasted *pasted)
{
    pasted->at = ARENA_NEW_ARRAY(&cx->arena, struct line, NOMINATION_PASTE_MAX);
    int64_t number = 0;
    for (struct str rest = text; rest.len > 0;) {
        struct str one = str_trim(str_cut(&rest, '\n'));
        number++;
        if (one.len == 0)
            continue;
        if (pasted->len == NOMINATION_PASTE_MAX)
            return fail_field(cx, "text", "Mỗi lần dán tối đa %d người; xin chia thành nhiều lần", (int)NOMINATION_PASTE_MAX);
        struct line *line = &pasted->at[pasted->len++];
        *line = (struct line){ .number = number, .typed = str_sub(viet_clean(&cx->arena, one), 0, 240),
                               .birth_day = DAY_NONE };
        cut_fields(cx, one, line);
    }
    if (pasted->len == 0)
        return fail_field(cx, "text", "Dán danh sách, mỗi dòng một người");
    return OK;
}

/* ---- Matching with the records ---- */

/* A name typed without diacritics finds its record; one typed with them must have the same. */
static bool is_same_name(struct ctx *cx, const struct line *line, const struct person *person)
{
    if (!str_eq(viet_fold(&cx->arena, person->full_name), line->folded))
        return false;
    bool is_plain = str_eq(viet_lower(&cx->arena, line->full_name), line->folded);
    return is_plain || str_eq(viet_lower(&cx->arena, viet_tone_key(&cx->arena, person->full_name)),
                              viet_lower(&cx->arena, viet_tone_key(&cx->arena, line->full_name)));
}

static bool may_be(struct ctx *cx, const struct line *line, const struct person *person)
{
    if (!is_same_name(cx, line, person))
        return false;
    if (line->birth_day != DAY_NONE && person->birth_day != DAY_NONE)
        return line->birth_day == person->birth_day;
    return line->birth_year == 0 || person->birth_day == DAY_NONE ||
           day_to_civil(person->birth_day).year == line->birth_year;
}

static enum err settle_match(struct ctx *cx, struct pasted *pasted, struct line *line, const struct person *person,
                             const struct nomination_names *names)
{
    struct str where = STR("");
    for (size_t i = 0; i < names->len; i++) {
        if (names->at[i].person_id == person->id) {
            refuse(pasted, line, STR("đã có trong danh sách này"));
            return OK;
        }
    }
    TRY(named_elsewhere(cx, pasted->asked.root_id, person->id, pasted->asked.unit.id, pasted->asked.quota_id, &where));
    if (where.len > 0) {
        refuse(pasted, line, str_format(&cx->arena, "đã được cử: " STR_FMT "; muốn cử trùng, dùng Thêm người và ghi lý do",
                                        STR_ARG(where)));
        return OK;
    }
    line->outcome = LINE_MATCHED;
    line->person_id = person->id;
    line->words = str_format(&cx->arena, STR_FMT ", " STR_FMT, STR_ARG(person->full_name), STR_ARG(person->unit_name));
    return OK;
}

static enum err match_line(struct ctx *cx, struct pasted *pasted, struct line *line, const struct person_list *people,
                           const struct nomination_names *names)
{
    const struct person *found = NULL;
    size_t count = 0;
    for (size_t i = 0; i < people->len; i++) {
        if (may_be(cx, line, &people->at[i])) {
            found = &people->at[i];
            count++;
        }
    }
    if (count == 1)
        return settle_match(cx, pasted, line, found, names);
    if (count > 1)
        refuse(pasted, line, str_format(&cx->arena, "có %zu hồ sơ cùng tên; ghi thêm ngày sinh để phân biệt", count));
    else if (!actor_may(cx->actor, PERMISSION_PERSON_WRITE))
        refuse(pasted, line, STR("chưa có hồ sơ; đồng chí chưa được giao quyền lập hồ sơ cán bộ"));
    else
        *line = (struct line){ .number = line->number, .typed = line->typed, .full_name = line->full_name,
                               .folded = line->folded, .title = line->title, .birth_day = line->birth_day,
                               .birth_year = line->birth_year, .outcome = LINE_NEW,
                               .words = STR("chưa có hồ sơ: sẽ lập hồ sơ tại đơn vị") };
    return OK;
}

/* How many more the list takes; -1 without a cap. */
static enum err seats_left(struct ctx *cx, const struct asked *asked, int64_t *ret_left)
{
    struct nomination_roster roster = { .version = 0 };
    struct quota_row row = { .quota = { .id = 0 } };
    TRY(nomination_get_roster(cx, asked->quota_id, asked->root_id, asked->unit.id, &roster));
    *ret_left = NOMINATION_ROSTER_MAX - roster.names;
    if (asked->quota_id == 0)
        return OK;
    TRY(quota_find(cx, asked->quota_id, &row));
    int64_t taken = row.quota.is_each ? roster.names : row.quota.taken;
    if (row.quota.seats_max >= 0 && row.quota.seats_max - taken < *ret_left)
        *ret_left = row.quota.seats_max - taken;
    return OK;
}

static enum err match_all(struct ctx *cx, struct pasted *pasted)
{
    struct person_list people = { .len = 0 };
    struct nomination_names names = { .len = 0 };
    const struct asked *asked = &pasted->asked;
    int64_t left = 0;
    TRY(own_people(cx, &asked->unit, STR(""), PEOPLE_MAX, &people));
    TRY(nomination_list_names(cx, asked->quota_id, asked->root_id, asked->unit.id, false, &names));
    TRY(seats_left(cx, asked, &left));
    for (size_t i = 0; i < pasted->len; i++) {
        struct line *line = &pasted->at[i];
        struct str fault = fault_of(cx, line, pasted, i);
        if (fault.len > 0) {
            refuse(pasted, line, fault);
            continue;
        }
        TRY(match_line(cx, pasted, line, &people, &names));
        if (line->outcome != LINE_REFUSED && left-- <= 0)
            refuse(pasted, line, STR("vượt chỉ tiêu của danh sách"));
        pasted->matched += line->outcome == LINE_MATCHED;
        pasted->made += line->outcome == LINE_NEW;
    }
    return OK;
}

static struct str digest_of(struct ctx *cx, const struct pasted *pasted)
{
    unsigned char digest[16];
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, sizeof digest);
    for (size_t i = 0; i < pasted->len; i++) {
        const int64_t says[3] = { pasted->at[i].number, (int64_t)pasted->at[i].outcome, pasted->at[i].person_id };
        crypto_generichash_update(&state, (const unsigned char *)says, sizeof says);
    }
    crypto_generichash_final(&state, digest, sizeof digest);
    return str_from_bytes_hex(&cx->arena, digest, sizeof digest);
}

/* On a pool thread with a reader: the writer is not kept waiting by five hundred lines. */
enum err prepare_paste(struct ctx *cx, struct request *req, struct response *res)
{
    const struct roster_form *form = req->form;
    struct pasted *pasted = ARENA_NEW(&cx->arena, struct pasted);
    (void)res;
    TRY(asked_list(cx, req, form->unit_id, &pasted->asked));
    if (!pasted->asked.may_write)
        return fail(cx, ERR_FORBIDDEN, "Danh sách của " STR_FMT " do chính đơn vị ấy lập",
                    STR_ARG(pasted->asked.unit.full_name));
    TRY(read_lines(cx, form->text, pasted));
    TRY(match_all(cx, pasted));
    pasted->digest = digest_of(cx, pasted);
    req->prepared = pasted;
    return OK;
}

/* ---- Pages ---- */

static void show(struct ctx *cx, struct request *req, struct response *res, const struct asked *asked, struct paste_view *view)
{
    struct page page = { .title = STR("Dán danh sách cử học"), .place = STR("lop"), .is_wide = true,
                         .crumb = str_format(&cx->arena, "Danh sách cử học: " STR_FMT, STR_ARG(asked->unit.full_name)) };
    page.crumb_url = unit_lists_url(&cx->arena, asked);
    view->back_url = page.crumb_url;
    struct html h = page_begin(&cx->arena);
    page_paste(&h, view);
    response_page(cx, req, res, &page, page_end(&h));
}

static struct safe_html text_form(struct ctx *cx, const struct request *req, const struct asked *asked, struct str text,
                                  const char *label)
{
    struct roster_form values = { .unit_id = asked->unit.id, .text = text, .birth_day = DAY_NONE };
    struct form_view form = { .action = list_url(&cx->arena, asked, "dan"), .submit_label = str_from(label) };
    request_form_view(req, &paste_table, &values, &form);
    form.id_prefix = STR("dan");
    return page_form(&cx->arena, &form);
}

enum err show_paste(struct ctx *cx, struct request *req, struct response *res)
{
    struct asked asked = { .quota_id = 0 };
    struct paste_view view = { .len = 0 };
    const struct roster_form *sent = req->refused ? req->form : NULL;
    TRY(asked_list(cx, req, sent ? sent->unit_id : 0, &asked));
    if (!asked.may_write)
        return fail(cx, ERR_FORBIDDEN, "Danh sách của " STR_FMT " do chính đơn vị ấy lập", STR_ARG(asked.unit.full_name));
    view.figures = str_format(&cx->arena, "Tối đa %d dòng. Chưa ghi gì trước khi đồng chí xác nhận.", (int)NOMINATION_PASTE_MAX);
    view.form = text_form(cx, req, &asked, STR(""), "Xem trước");
    show(cx, req, res, &asked, &view);
    return OK;
}

static struct safe_html line_mark(struct ctx *cx, const struct line *line)
{
    switch (line->outcome) {
    case LINE_MATCHED:
        return page_mark(&cx->arena, MARK_DONE, STR("Có hồ sơ"));
    case LINE_NEW:
        return page_mark(&cx->arena, MARK_SOON, STR("Hồ sơ mới"));
    case LINE_REFUSED:
        break;
    }
    return page_mark(&cx->arena, MARK_LATE, STR("Không nhận"));
}

static struct url done_url(struct arena *arena, const struct asked *asked)
{
    struct str list = asked->quota_id == 0 ? STR("rieng") : str_format(arena, "%lld", (long long)asked->quota_id);
    return url_format(arena, "/lop/%lld/cu-hoc/%.*s/dan/ghi?don-vi=%lld", (long long)asked->course.id, STR_ARG(list),
                      (long long)asked->unit.id);
}

static struct safe_html confirm_form(struct ctx *cx, const struct request *req, const struct pasted *pasted, struct str text)
{
    struct confirm_view view = { .action = done_url(&cx->arena, &pasted->asked), .text = text,
                                 .digest = pasted->digest,
                                 .unit_id = str_format(&cx->arena, "%lld", (long long)pasted->asked.unit.id),
                                 .hidden = page_form_hidden(&cx->arena, req->csrf, req->fact_id),
                                 .label = str_format(&cx->arena, "Cử %zu người", pasted->matched + pasted->made) };
    struct html h = page_begin(&cx->arena);
    part_paste_confirm(&h, &view);
    return page_end(&h);
}

/* A POST that answers with a page: it changes nothing, and a list of names has no place in an address. */
enum err post_preview(struct ctx *cx, struct request *req, struct response *res)
{
    const struct roster_form *form = req->form;
    const struct pasted *pasted = req->prepared;
    struct paste_view view = { .lines = ARENA_NEW_ARRAY(&cx->arena, struct paste_line, pasted->len) };
    for (size_t i = 0; i < pasted->len; i++) {
        const struct line *line = &pasted->at[i];
        view.lines[view.len++] = (struct paste_line){ .number = line->number, .typed = line->typed, .result = line->words,
                                                      .mark = line_mark(cx, line) };
    }
    view.figures = str_format(&cx->arena, "%zu dòng: %zu có hồ sơ, %zu hồ sơ mới, %zu không nhận. Chưa ghi gì.", pasted->len,
                              pasted->matched, pasted->made, pasted->refused);
    if (pasted->refused > 0)
        view.words = STR("Dòng không nhận được bỏ qua khi xác nhận; sửa lại ở ô dưới nếu cần.");
    struct html h = page_begin(&cx->arena);
    if (pasted->matched + pasted->made > 0)
        html_put_safe(&h, confirm_form(cx, req, pasted, form->text));
    part_paste_again(&h, text_form(cx, req, &pasted->asked, form->text, "Xem trước lại"));
    view.form = page_end(&h);
    show(cx, req, res, &pasted->asked, &view);
    return OK;
}

static enum err take_line(struct ctx *cx, const struct asked *asked, const struct line *line)
{
    int64_t person_id = line->person_id;
    if (line->outcome == LINE_NEW) {
        struct person_values values = { .full_name = line->full_name, .given = STR(""), .birth_day = line->birth_day,
                                        .sex = STR(""), .phone = STR(""), .mail = STR("") };
        TRY(person_create(cx, asked->unit.id, &values, line->title, day_from_instant(cx->now), &person_id));
    }
    return nomination_name_person(cx, asked->quota_id, asked->root_id, asked->unit.id, person_id, line->title, NULL);
}

enum err post_paste(struct ctx *cx, struct request *req, struct response *res)
{
    const struct roster_form *form = req->form;
    const struct pasted *pasted = req->prepared;
    bool is_known = false;
    int64_t seq = 0;
    TRY(fact_is_known(cx, &is_known, &seq));
    if (!is_known) {
        if (!str_eq(form->digest, pasted->digest))
            return fail(cx, ERR_CONFLICT, "Hồ sơ hoặc danh sách vừa thay đổi; xin xem trước lại rồi xác nhận");
        for (size_t i = 0; i < pasted->len; i++) {
            if (pasted->at[i].outcome != LINE_REFUSED)
                TRY(take_line(cx, &pasted->asked, &pasted->at[i]));
        }
    }
    response_redirect(cx, res, unit_lists_url(&cx->arena, &pasted->asked), "Đã cử %zu người; không nhận %zu dòng",
                      pasted->matched + pasted->made, pasted->refused);
    return OK;
}
