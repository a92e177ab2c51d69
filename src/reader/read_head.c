/*
 * The head of a paper: kind, number, issuer, place, date, title, addressees (domain.md 4.1). A letterhead may be
 * complete, displaced, half, or gone; what it does not say is left empty.
 */
#include "reader/read.h"

#include "reader/outline_inside.h"

#include <string.h>

static struct reader_text value_at(const struct reader_text *line, const struct fold *fold, size_t from, size_t to, struct str value)
{
    (void)fold;
    struct reader_span span = line->span;
    span.to = span.from + (int)to;
    span.from += (int)from;
    return (struct reader_text){ .value = value, .span = span, .doubt = STR("") };
}

static size_t skip(const struct fold *f, size_t at, const char *marks)
{
    while (at < f->key.len && strchr(marks, f->key.at[at]))
        at++;
    return at;
}

/* ---- number and symbol ---- */

static bool is_symbol_char(const struct fold *f, size_t i)
{
    return i < f->key.len && (f->shape.at[i] == 'A' || f->shape.at[i] == 'a' || f->shape.at[i] == '0' || f->key.at[i] == '-' || f->key.at[i] == '/');
}

/* Reads "Số: 664 - KH/HVCTQG" from `at`; returns where the symbol ends, 0 when this is no number. */
static size_t read_number_line(struct ctx *cx, const struct reader_text *line, const struct fold *f, size_t at, struct reader_head *head)
{
    at = skip(f, at, " .:_");
    size_t from = at;
    while (at < f->key.len && f->shape.at[at] == '0')
        at++;
    size_t number_to = at;
    size_t mark = skip(f, at, " ._");
    if (mark >= f->key.len || (f->key.at[mark] != '-' && f->key.at[mark] != '/'))
        return 0;
    at = skip(f, mark, " -/._");
    struct buf symbol;
    buf_init(&symbol, &cx->arena);
    size_t symbol_from = at;
    while (at < f->key.len) {
        if (is_symbol_char(f, at)) {
            buf_put(&symbol, fold_part(f, at, at + 1));
            at++;
            continue;
        }
        /* "KH / UBND": blanks around a mark */
        size_t next = skip(f, at, " ");
        bool is_between = next < f->key.len && next > at && (f->key.at[next] == '-' || f->key.at[next] == '/' || f->key.at[at - 1] == '-' || f->key.at[at - 1] == '/');
        if (!is_between || at == symbol_from)
            break;
        at = next;
    }
    struct str text = buf_str(&symbol);
    if (text.len < 2 || at == symbol_from || f->shape.at[symbol_from] != 'A')
        return 0;
    if (number_to > from)
        head->number = value_at(line, f, from, number_to, fold_part(f, from, number_to));
    head->symbol = value_at(line, f, symbol_from, at, text);
    return at;
}

/* ---- place and date ---- */

static int read_figures(const struct fold *f, size_t *at, const char *word)
{
    size_t found = fold_find_words(f->key, *at, word);
    if (found >= f->key.len)
        return 0;
    size_t i = skip(f, found + strlen(word), " ._:");
    int value = 0;
    for (int n = 0; i < f->key.len && f->shape.at[i] == '0' && n < 4; n++, i++)
        value = value * 10 + (f->key.at[i] - '0');
    *at = found + strlen(word);
    return value;
}

static struct str coarse_date(struct arena *arena, int day, int month, int year)
{
    if (year < 1990 || year > 2099)
        return STR("");
    if (month < 1 || month > 12)
        return str_format(arena, "%04d", year);
    if (day < 1 || day > 31)
        return str_format(arena, "%04d-%02d", year, month);
    return str_format(arena, "%04d-%02d-%02d", year, month, day);
}

/* "Nam Cường" of "* Nam Cường, ngày", "Hà Nội" of "ĐẤT ĐAI VÀ MÔI TRƯỜNG Hà Nội, ngày": the words before the comma that are
 * not all in capitals. */
static size_t place_from(const struct fold *f, size_t from, size_t comma)
{
    size_t start = comma;
    for (size_t i = comma; i > from;) {
        size_t word = i;
        while (word > from && f->shape.at[word - 1] != ' ')
            word--;
        bool has_lower = false;
        for (size_t k = word; k < i; k++)
            has_lower |= f->shape.at[k] == 'a';
        /* "Phường 7", "Khu A": a short word behind one in small letters */
        bool is_short = i - word <= 3 && word > from + 1 && f->shape.at[word - 2] == 'a';
        if (!has_lower && !is_short)
            break;
        start = word;
        i = word > from ? word - 1 : from;
    }
    return start;
}

static void read_date_line(struct ctx *cx, const struct reader_text *line, const struct fold *f, size_t from, struct reader_head *head)
{
    size_t day_at = fold_find_words(f->key, from, "ngay");
    if (day_at >= f->key.len || fold_find_words(f->key, day_at, "thang") >= f->key.len)
        return;
    size_t comma = day_at;
    while (comma > from && strchr(" ,.", f->key.at[comma - 1]))
        comma--;
    size_t start = place_from(f, from, comma);
    if (start < comma)
        head->place = value_at(line, f, start, comma, fold_part(f, start, comma));
    size_t at = day_at;
    int day = read_figures(f, &at, "ngay");
    int month = read_figures(f, &at, "thang");
    int year = read_figures(f, &at, "nam");
    struct str date = coarse_date(&cx->arena, day, month, year);
    if (date.len > 0)
        head->date = value_at(line, f, day_at, f->key.len, date);
    if (date.len > 0 && date.len < 10)
        head->date.doubt = STR("Ngày ký để trống hoặc chưa đủ ngày, tháng, năm");
}

/* ---- issuer ---- */

static bool is_body_start(struct str key)
{
    static const char *const words[] = { "bo ", "so ", "ban ", "uy ban", "ubnd", "hdnd", "hoi dong", "truong ", "hoc vien", "tinh uy", "thanh uy", "dang uy", "dang bo", "huyen uy",
                                         "hoi ", "lien doan", "van phong", "trung tam", "cuc ", "vu ", "tong cuc", "chi cuc", "phong ", "cong ty", "tap doan", "bao hiem", "kho bac",
                                         "toa an", "vien ", "doan ", "tinh doan", "thanh doan", "mat tran", "cong an", "chi bo", "thanh tra", "kiem toan", "ngan hang", "tong ", "lien minh",
                                         "chinh phu", "quoc hoi", "thuong truc", "co quan", "bao ", "dai ", "trung uong" };
    for (size_t i = 0; i < LEN(words); i++)
        if (str_starts(key, str_from(words[i])) || (str_ends(str_from(words[i]), STR(" ")) && str_eq(key, str_sub(str_from(words[i]), 0, strlen(words[i]) - 1))))
            return true;
    return false;
}

/* A name that cannot stand alone goes on in the next line: "ĐẢNG ỦY" / "ỦY BAN NHÂN DÂN TỈNH". */
static bool is_unfinished(struct str key)
{
    return str_eq(key, STR("dang uy")) || str_ends(key, STR(" va")) || str_ends(key, STR(",")) || str_eq(key, STR("uy ban nhan dan")) ||
           str_eq(key, STR("hoi dong nhan dan")) || str_ends(key, STR(" cua"));
}

/* The words of a letterhead line that name a body: without the motto that another column put behind it. */
static size_t body_words(const struct fold *f)
{
    static const char *const others[] = { "cong hoa xa hoi", "dang cong san viet nam", "doc lap", "doan tncs ho chi minh", "doan thanh nien cong san ho chi minh" };
    size_t to = f->key.len;
    for (size_t i = 0; i < LEN(others); i++) {
        size_t at = str_find(f->key, str_from(others[i]));
        to = at < to ? at : to;
    }
    size_t number = fold_find_words(f->key, 0, "so");
    if (number == 0 && f->key.len > 3 && (f->key.at[2] == ':' || f->shape.at[3] == '0'))
        to = 0;
    size_t day = fold_find_words(f->key, 0, "ngay");
    if (day < to) {
        size_t comma = day;
        while (comma > 0 && strchr(" ,", f->key.at[comma - 1]))
            comma--;
        to = place_from(f, 0, comma);
    }
    while (to > 0 && strchr(" *-_.", f->key.at[to - 1]))
        to--;
    return to;
}

static void read_issuer(struct ctx *cx, const struct outline *outline, struct reader_head *head)
{
    struct buf name;
    buf_init(&name, &cx->arena);
    struct reader_span span = { .paragraph = 0 };
    struct str before = STR("");
    for (size_t i = 0; i < outline->letterhead_len; i++) {
        struct fold whole = fold_make(&cx->arena, outline->letterhead[i].value);
        struct fold f = fold_make(&cx->arena, fold_part(&whole, 0, body_words(&whole)));
        if (f.key.len < 3 || !line_is_caps(&f) || f.key.at[0] == '*' || str_starts(f.key, STR("khan")) || str_starts(f.key, STR("hoa toc")) || str_starts(f.key, STR("thuong khan")) ||
            str_starts(f.key, STR("du thao")))
            continue;
        bool goes_on = name.len > 0 && (!is_body_start(f.key) || is_unfinished(before));
        if (!goes_on) {
            buf_init(&name, &cx->arena);
            span = outline->letterhead[i].span;
            span.to = span.from + (int)f.key.len;
        } else {
            buf_put_char(&name, ' ');
        }
        buf_put(&name, f.text);
        before = f.key;
    }
    if (name.len > 0)
        head->issuer = (struct reader_text){ .value = buf_str(&name), .span = span };
}

/* Without a letterhead, the body that acts: the subject of the opening sentence's last clause. */
static void read_acting_body(struct ctx *cx, const struct outline *outline, struct reader_head *head)
{
    static const char *const verbs[] = { "to chuc", "ban hanh", "xay dung", "mo ", "trien khai", "tran trong", "kinh moi", "thong bao", "ke hoach", "de nghi", "yeu cau", "trieu tap", "co ke hoach" };
    int paragraphs = 0;
    for (const struct outline_node *node = outline->root->first_child; node && paragraphs < 6 && head->issuer.value.len == 0; node = node->next, paragraphs++) {
        if (node->kind == OUTLINE_HEADING && node->body.len == 0)
            break;
        struct fold f = fold_make(&cx->arena, node->text);
        for (size_t i = 0; i < f.key.len; i++) {
            bool is_start = i == 0 || (i > 1 && f.key.at[i - 1] == ' ' && (f.key.at[i - 2] == ',' || f.key.at[i - 2] == '.' || f.key.at[i - 2] == ';'));
            if (!is_start || f.shape.at[i] != 'A')
                continue;
            struct str body = lex_body_prefix(&cx->arena, fold_part(&f, i, f.key.len));
            if (body.len == 0)
                continue;
            size_t behind = skip(&f, fold_index(&f, body.at + body.len), " ");
            for (size_t v = 0; v < LEN(verbs); v++)
                if (str_starts(str_sub(f.key, behind, f.key.len), str_from(verbs[v])))
                    head->issuer = read_text(node, body);
        }
    }
    if (head->issuer.value.len > 0)
        head->issuer.doubt = STR("Văn bản không có tên cơ quan ban hành ở đầu trang; lấy theo câu mở đầu");
}

/* ---- kind and title ---- */

static const struct {
    const char *symbol;
    const char *kind;
} symbol_kinds[] = { { "KH", "ke_hoach" }, { "GM", "giay_moi" }, { "TB", "thong_bao" }, { "CV", "cong_van" }, { "QĐ", "quyet_dinh" }, { "KL", "ket_luan" }, { "NQ", "nghi_quyet" },
                     { "CT", "chi_thi" }, { "HD", "huong_dan" }, { "CTr", "chuong_trinh" }, { "TTr", "to_trinh" }, { "ĐA", "de_an" }, { "QyĐ", "quy_dinh" }, { "QĐi", "quy_dinh" } };

static void read_kind(struct ctx *cx, const struct outline *outline, struct reader_head *head)
{
    if (outline->kind_line.value.len > 0) {
        struct fold f = fold_make(&cx->arena, outline->kind_line.value);
        size_t rest = 0;
        head->kind = (struct reader_text){ .value = zone_kind(&f, &rest), .span = outline->kind_line.span };
        head->kind.span.to = head->kind.span.from + (int)rest;
        return;
    }
    struct str symbol = head->symbol.value, first = str_cut(&symbol, '/');
    struct str state = first;
    state = str_cut(&state, '-');
    for (size_t i = 0; i < LEN(symbol_kinds); i++)
        if (str_eq(first, str_from(symbol_kinds[i].symbol)) || str_eq(state, str_from(symbol_kinds[i].symbol)))
            head->kind = (struct reader_text){ .value = str_from(symbol_kinds[i].kind), .span = head->symbol.span };
    if (head->kind.value.len == 0 && (outline->addressees.len > 0 || head->symbol.value.len > 0))
        head->kind = (struct reader_text){ .value = STR("cong_van"), .span = head->symbol.span };
}

/* The date of the other column may have run into the subject: "V/v ... đi bồi dưỡng Hà Nội, ngày 16 tháng 6 năm 2027". */
static struct fold without_date(struct ctx *cx, struct fold f, struct reader_span span, struct reader_head *head)
{
    size_t day = fold_find_words(f.key, 0, "ngay");
    if (head->date.value.len > 0 || day >= f.key.len || day < 4 || f.key.at[day - 2] != ',' || fold_find_words(f.key, day, "thang") >= f.key.len ||
        fold_find_words(f.key, day, "nam") >= f.key.len)
        return f;
    size_t from = day - 2;
    for (size_t at = from; at > 0;) {
        size_t word = at;
        while (word > 0 && f.key.at[word - 1] != ' ')
            word--;
        if (f.shape.at[word] != 'A')
            break;
        from = word;
        at = word > 0 ? word - 1 : 0;
    }
    struct reader_text line = { .value = f.text, .span = span };
    struct fold tail = fold_make(&cx->arena, fold_part(&f, from, f.key.len));
    read_date_line(cx, &line, &tail, 0, head);
    return fold_make(&cx->arena, read_trim(fold_part(&f, 0, from)));
}

/* An invitation without a title names its event: "Đến dự: Buổi tập huấn ...". */
static void read_event(struct ctx *cx, const struct outline *outline, struct reader_head *head)
{
    static const char *const words[] = { "den du", "toi du", "tham du", "du", "noi dung", "ve viec" };
    for (size_t i = 0; i < LEN(words); i++) {
        for (const struct outline_node *node = outline->root->first_child; node; node = node->next) {
            if (node->title.len == 0 || node->body.len == 0 || !str_eq(fold_key(&cx->arena, node->title), str_from(words[i])))
                continue;
            head->title = read_text(node, node->body);
            return;
        }
    }
}

static void read_title(struct ctx *cx, const struct outline *outline, struct reader_head *head)
{
    struct buf title;
    buf_init(&title, &cx->arena);
    struct reader_span span = { .paragraph = 0 };
    /* "KẾ HOẠCH tổ chức lớp ...": the title begins in the line of the kind */
    struct fold kind = fold_make(&cx->arena, outline->kind_line.value);
    size_t rest = kind.key.len;
    if (kind.key.len > 0)
        (void)zone_kind(&kind, &rest);
    if (rest < kind.key.len) {
        buf_put(&title, fold_part(&kind, rest, kind.key.len));
        span = outline->kind_line.span;
    }
    for (size_t i = 0; i < outline->title_len; i++) {
        struct str line = outline->title[i].value;
        if (title.len > 0)
            buf_put_char(&title, ' ');
        else
            span = outline->title[i].span;
        buf_put(&title, line);
    }
    struct fold f = fold_make(&cx->arena, read_trim(buf_str(&title)));
    f = without_date(cx, f, span, head);
    size_t from = 0;
    bool is_letter = str_eq(head->kind.value, STR("cong_van"));
    if (str_starts(f.key, STR("v/v")))
        from = skip(&f, 3, " :.");
    else if (is_letter && fold_starts_words(f.key, 0, "ve viec"))
        from = skip(&f, 7, " :");
    struct str value = read_trim(fold_part(&f, from, f.key.len));
    if (value.len > 0)
        head->title = (struct reader_text){ .value = value, .span = span };
    else
        read_event(cx, outline, head);
}

void read_head(struct ctx *cx, const struct outline *outline, struct reader_plan *plan)
{
    struct reader_head *head = &plan->document;
    for (size_t i = 0; i < outline->letterhead_len; i++) {
        const struct reader_text *line = &outline->letterhead[i];
        struct fold f = fold_make(&cx->arena, line->value);
        size_t number = fold_find_words(f.key, 0, "so"), behind = 0;
        if (head->symbol.value.len == 0 && number < f.key.len && number < 60)
            behind = read_number_line(cx, line, &f, number + 2, head);
        if (head->date.value.len == 0 && head->place.value.len == 0)
            read_date_line(cx, line, &f, behind, head);
    }
    read_kind(cx, outline, head);
    read_title(cx, outline, head);
    read_issuer(cx, outline, head);
    if (head->issuer.value.len == 0)
        read_acting_body(cx, outline, head);
    for (size_t i = 0; i < outline->addressees.len; i++) {
        struct reader_text text = outline->addressees.at[i];
        text.value = read_trim(text.value);
        if (text.value.len > 0)
            read_texts_add(&cx->arena, &head->addressees, text);
    }
}
