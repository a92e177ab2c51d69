/*
 * Where an online class meets: the system by name, its address, the number and the password of the room. An address for
 * lists and forms is none of them.
 */
#include "reader/read.h"

#include <string.h>

struct online_reading {
    struct ctx *cx;
    struct reader_online *online;
};

static bool is_url_end(char c)
{
    return strchr(" ,;)>\"]", c) != NULL;
}

/* The clause in front of an address: from the last full stop, semicolon or colon before it. */
static struct str clause_before(const struct fold *f, size_t at)
{
    size_t from = at;
    while (from > 0 && !strchr(";.", f->key.at[from - 1]))
        from--;
    return str_sub(f->key, from, at - from);
}

static void read_url(struct online_reading *r, const struct outline_node *node, const struct fold *f)
{
    static const char *const others[] = { "dang ky", "bieu mau", "danh sach", "tai lieu", "tra cuu", "cong thong tin", "gui ve", "bao cao", "khao sat" };
    static const char *const starts[] = { "https://", "http://", "www." };
    for (size_t s = 0; s < LEN(starts) && r->online->url.value.len == 0; s++) {
        for (size_t at = str_find(f->key, str_from(starts[s])); at < f->key.len;) {
            size_t end = at;
            while (end < f->key.len && !is_url_end(f->key.at[end]))
                end++;
            while (end > at && strchr(".:", f->key.at[end - 1]))
                end--;
            struct str clause = clause_before(f, at);
            bool is_other = false;
            for (size_t i = 0; i < LEN(others); i++)
                is_other |= fold_has_words(clause, others[i]);
            if (!is_other && end > at + strlen(starts[s])) {
                struct str part = fold_part(f, at, end);
                r->online->url = read_value(node, part, part);
                return;
            }
            size_t next = str_find(str_sub(f->key, end, f->key.len), str_from(starts[s]));
            at = end + next;
        }
    }
}

/* Behind the words, a ':' or "là" may stand; where the value begins. */
static size_t skip_to_value(const struct fold *f, size_t at)
{
    static const char *const between[] = { "phong hop", "phong hoc", "phong", "cuoc hop", "lop hoc", "truy cap", "dang nhap", "vao phong", "so", "la" };
    while (at < f->key.len && strchr(" :", f->key.at[at]))
        at++;
    /* "Mật khẩu (Passcode): ..." says it in two tongues */
    if (at < f->key.len && f->key.at[at] == '(') {
        size_t close = str_find(str_sub(f->key, at, 24), STR("):"));
        at += at + close + 2 <= f->key.len && f->key.at[at + close] == ')' ? close + 2 : 0;
    }
    for (size_t i = 0; i < LEN(between); i++) {
        if (fold_starts_words(f->key, at, between[i]))
            at += strlen(between[i]);
        while (at < f->key.len && strchr(" :", f->key.at[at]))
            at++;
    }
    return at;
}

static void read_meeting_id(struct online_reading *r, const struct outline_node *node, const struct fold *f)
{
    static const char *const words[] = { "meeting id", "id phong hop", "id phong", "id cuoc hop", "id", "ma phong hop", "ma phong", "ma cuoc hop", "ma so", "ma hop", "ma lop", "so phong" };
    enum { FIGURES_MIN = 6, FIGURES_MAX = 14 };
    for (size_t w = 0; w < LEN(words) && r->online->meeting_id.value.len == 0; w++) {
        for (size_t at = fold_find_words(f->key, 0, words[w]); at < f->key.len; at = fold_find_words(f->key, at + 2, words[w])) {
            size_t from = skip_to_value(f, at + strlen(words[w])), to = from, figures = 0;
            struct buf id;
            buf_init(&id, &r->cx->arena);
            for (size_t i = from; i < f->key.len && (f->shape.at[i] == '0' || f->key.at[i] == ' ' || f->key.at[i] == '-'); i++) {
                if (f->shape.at[i] != '0')
                    continue;
                buf_put_char(&id, f->key.at[i]);
                figures++;
                to = i + 1;
            }
            if (figures < FIGURES_MIN || figures > FIGURES_MAX)
                continue;
            r->online->meeting_id = read_value(node, fold_part(f, from, to), buf_str(&id));
            return;
        }
    }
}

static void read_passcode(struct online_reading *r, const struct outline_node *node, const struct fold *f)
{
    static const char *const words[] = { "mat khau", "ma truy cap", "passcode", "password", "mat ma", "pass" };
    for (size_t w = 0; w < LEN(words) && r->online->passcode.value.len == 0; w++) {
        size_t at = fold_find_words(f->key, 0, words[w]);
        if (at >= f->key.len || fold_has_words(str_sub(f->key, at > 14 ? at - 14 : 0, at > 14 ? 14 : at), "khong"))
            continue;
        size_t from = skip_to_value(f, at + strlen(words[w])), to = from;
        /* a password has a figure or a capital, or stands behind a colon; a word of the sentence does not */
        bool has_mark = from > 0 && (f->key.at[from - 1] == ':' || (from > 1 && f->key.at[from - 2] == ':'));
        if (from < f->key.len && f->key.at[from] == '(')
            continue;
        while (to < f->key.len && !strchr(" ,;)", f->key.at[to]) && to - from < 40) {
            has_mark |= f->shape.at[to] == '0' || f->shape.at[to] == 'A';
            to++;
        }
        while (to > from && f->key.at[to - 1] == '.')
            to--;
        if (has_mark && to - from >= 3) {
            struct str part = fold_part(f, from, to);
            r->online->passcode = read_value(node, part, part);
        }
    }
}

static bool is_through(const struct fold *f, size_t at)
{
    static const char *const words[] = { "qua ", "tren ", "bang ", "su dung ", "dung ", "thong qua ", "nen tang: ", "phan mem: ", "he thong: ", "ung dung: ", "phan mem su dung: ", "nen tang su dung: ", "he thong su dung: ", "(" };
    for (size_t i = 0; i < LEN(words); i++) {
        size_t len = strlen(words[i]);
        bool is_there = at >= len && memcmp(f->key.at + at - len, words[i], len) == 0 && (at == len || f->key.at[at - len - 1] == ' ');
        /* "xây dựng hệ thống" makes one, "dùng hệ thống" meets in it */
        if (is_there && !(at >= len + 4 && memcmp(f->key.at + at - len - 4, "xay ", 4) == 0))
            return true;
    }
    return false;
}

/* "hệ thống họp của Văn phòng Tỉnh ủy": up to the clause's end or the address. */
static size_t system_end(const struct fold *f, size_t at)
{
    static const char *const ends[] = { "tai dia chi", "dia chi", "duong dan", "theo", "voi", "tu", "den", "de", "tai", "phuc vu", "id", "ma phong", "mat khau" };
    size_t end = at;
    while (end < f->key.len && !strchr(",;():", f->key.at[end]) && !(f->key.at[end] == '.' && (end + 1 >= f->key.len || f->key.at[end + 1] == ' ')))
        end++;
    for (size_t i = 0; i < LEN(ends); i++) {
        size_t stop = fold_find_words(f->key, at, ends[i]);
        end = stop < end ? stop : end;
    }
    while (end > at && f->key.at[end - 1] == ' ')
        end--;
    return end;
}

static bool speaks_of_meeting(struct str key)
{
    static const char *const words[] = { "hoi nghi", "hop", "hoc truc tuyen", "truc tuyen", "truyen hinh", "giao ban", "giang day", "day hoc", "meeting", "vmeet", "vnpt", "trueconf", "jitsi", "zoom", "meet", "teams", "webex" };
    for (size_t i = 0; i < LEN(words); i++)
        if (fold_has_words(key, words[i]))
            return true;
    return false;
}

static void read_system(struct online_reading *r, const struct outline_node *node, const struct fold *f)
{
    static const char *const words[] = { "he thong", "phan mem", "nen tang", "ung dung", "zoom", "google meet", "microsoft teams", "ms teams", "webex", "vnpt emeeting", "vnpt meeting", "emeeting", "trueconf", "jitsi", "vmeet", "gmeet" };
    enum { NAMED_FROM = 4, SYSTEM_MAX = 110 };
    for (size_t w = 0; w < LEN(words) && r->online->system.value.len == 0; w++) {
        for (size_t at = fold_find_words(f->key, 0, words[w]); at < f->key.len; at = fold_find_words(f->key, at + 3, words[w])) {
            size_t end = system_end(f, at);
            if (!is_through(f, at) || end - at > SYSTEM_MAX || (w < NAMED_FROM && !speaks_of_meeting(str_sub(f->key, at, end - at))))
                continue;
            struct str part = fold_part(f, at, end);
            r->online->system = read_value(node, part, part);
            return;
        }
    }
}

/* "ID | 123456789" in two cells is read as "ID: 123456789"; what it says stands in the second. */
static void read_row(struct online_reading *r, const struct outline_node *row)
{
    const struct outline_node *value = row->last_child, *name = value ? value->previous : NULL;
    if (!name || name->text.len == 0 || value->text.len == 0 || name->text.len > 80)
        return;
    struct outline_node joined = { .text = str_format(&r->cx->arena, STR_FMT ": " STR_FMT, STR_ARG(name->text), STR_ARG(value->text)) };
    struct reader_online before = *r->online;
    struct fold f = fold_make(&r->cx->arena, joined.text);
    read_meeting_id(r, &joined, &f);
    read_passcode(r, &joined, &f);
    if (before.meeting_id.value.len == 0)
        r->online->meeting_id.span = value->span;
    if (before.passcode.value.len == 0)
        r->online->passcode.span = value->span;
}

static void read_tree(struct online_reading *r, const struct outline_node *root)
{
    for (const struct outline_node *node = root; node; node = outline_next(root, node)) {
        if (node->kind == OUTLINE_ROW)
            read_row(r, node);
        if (node->text.len == 0)
            continue;
        struct fold f = fold_make(&r->cx->arena, node->text);
        read_url(r, node, &f);
        read_meeting_id(r, node, &f);
        read_passcode(r, node, &f);
        if (node->topic != OUTLINE_TOPIC_EVALUATION && node->topic != OUTLINE_TOPIC_PHASES && node->topic != OUTLINE_TOPIC_PURPOSE)
            read_system(r, node, &f);
    }
}

void read_online(struct ctx *cx, const struct outline *outline, struct reader_plan *plan)
{
    struct online_reading r = { .cx = cx, .online = &plan->online };
    read_tree(&r, outline->root);
    for (const struct outline_node *root = outline->appendices; root; root = root->next)
        read_tree(&r, root);
    /* a class that is held in rooms alone has a system only for its papers */
    if (plan->online.url.value.len == 0 && plan->online.meeting_id.value.len == 0 && str_eq(plan->mode.value, STR("in_person")))
        plan->online.system = (struct reader_text){ .value = STR("") };
}
