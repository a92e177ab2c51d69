/*
 * Which line is what: letterhead, kind of paper, title, addressees, body, recipients, signature, notes, appendices
 * (the components of domain.md 4.1), wherever the file put them: letterheads fall into the body, the two columns of a
 * signature come in either order (5.8).
 */
#include "reader/outline_inside.h"

#include <string.h>

enum { HEAD_LINES_MAX = 160 }; /* a letterhead stands on the first page, or on the first of an attached plan */

static bool key_starts(const struct line *line, const char *words)
{
    return fold_starts_words(line->fold.key, 0, words);
}

/* ---- kinds of paper ---- */

struct kind_name {
    const char *squeezed; /* without blanks: "K Ế  H O Ạ C H" is a kind too */
    const char *kind;
};
static const struct kind_name kind_names[] = {
    { "thongbaotrieutap", "thong_bao" }, { "giaytrieutap", "giay_moi" }, { "kehoach", "ke_hoach" }, { "giaymoi", "giay_moi" },
    { "thumoi", "giay_moi" }, { "thongbao", "thong_bao" }, { "congvan", "cong_van" }, { "quyetdinh", "quyet_dinh" },
    { "ketluan", "ket_luan" }, { "nghiquyet", "nghi_quyet" }, { "chithi", "chi_thi" }, { "huongdan", "huong_dan" },
    { "chuongtrinh", "chuong_trinh" }, { "quydinh", "quy_dinh" }, { "totrinh", "to_trinh" }, { "dean", "de_an" },
    { "phuongan", "khac" }, { "congdien", "khac" }, { "baocao", "khac" }, { "quyche", "khac" },
};

struct str zone_kind(const struct fold *fold, size_t *rest)
{
    *rest = fold->key.len;
    if (fold->key.len < 5 || fold->shape.at[0] != 'A')
        return STR("");
    for (size_t k = 0; k < LEN(kind_names); k++) {
        const char *name = kind_names[k].squeezed;
        size_t at = 0, matched = 0;
        bool is_caps = true;
        while (at < fold->key.len && name[matched] != '\0' && (fold->key.at[at] == name[matched] || fold->key.at[at] == ' ')) {
            is_caps = is_caps && fold->shape.at[at] != 'a';
            matched += fold->key.at[at] == name[matched];
            at++;
        }
        if (name[matched] != '\0')
            continue;
        size_t behind = at;
        while (behind < fold->key.len && strchr(" .:*-", fold->key.at[behind]))
            behind++;
        if (behind >= fold->key.len && (is_caps || fold->key.len <= 24))
            return str_from(kind_names[k].kind);
        if (is_caps && at < fold->key.len && fold->key.at[at] == ' ' && fold->shape.at[0] == 'A') {
            *rest = behind;
            return str_from(kind_names[k].kind);
        }
    }
    return STR("");
}

/* The whole line is a kind: the usual form. */
static bool is_kind_line(const struct line *line)
{
    size_t rest = 0;
    return line->table == 0 && line->label.style == LABEL_NONE && zone_kind(&line->fold, &rest).len > 0 && rest >= line->fold.key.len &&
           !str_ends(line->fold.key, STR(":"));
}

/* "KẾ HOẠCH tổ chức lớp ...", "KẾ HOẠCH TỔ CHỨC LỚP ...": kind and title in one line. */
static bool is_kind_with_title(const struct line *line)
{
    size_t rest = 0;
    return line->table == 0 && line->label.style == LABEL_NONE && zone_kind(&line->fold, &rest).len > 0 && line->fold.key.len > rest + 8;
}

/* ---- letterheads ---- */

static bool is_rule(const struct line *line)
{
    struct str key = line->fold.key;
    if (key.len == 0)
        return false;
    for (size_t i = 0; i < key.len; i++)
        if (!strchr("-_=*~. +", key.at[i]))
            return false;
    return key.len == 1 ? key.at[0] == '*' || key.at[0] == '-' || key.at[0] == '_' : key.at[0] == key.at[key.len - 1];
}

static bool is_motto(const struct line *line)
{
    struct str key = line->fold.key;
    return key.len < 120 && (str_find(key, STR("cong hoa xa hoi chu nghia viet nam")) < key.len ||
                             (str_find(key, STR("doc lap")) < key.len && str_find(key, STR("hanh phuc")) < key.len) ||
                             (str_find(key, STR("dang cong san viet nam")) < key.len && line->is_caps) ||
                             (line->is_caps && (str_eq(key, STR("doan tncs ho chi minh")) || str_eq(key, STR("doan thanh nien cong san ho chi minh")))));
}

/* "Số: 15/KH-UBND", "Số 09-KH/TU", "Số        -KH/TU"; a sentence does not begin so and stay short. */
static bool is_number_line(const struct line *line)
{
    struct str key = line->fold.key;
    if (!(fold_starts_words(key, 0, "so") || fold_starts_words(key, 0, "s?") || fold_starts_words(key, 0, "s0")) || key.len > 90)
        return false;
    size_t at = 2;
    while (at < key.len && strchr(" .:_", key.at[at]))
        at++;
    bool is_number = at < key.len && (line->fold.shape.at[at] == '0' || key.at[at] == '-' || key.at[at] == '/');
    return is_number && (memchr(key.at, '/', key.len) || memchr(key.at, '-', key.len));
}

/* "Hà Nội, ngày 14 tháng 5 năm 2026", blanks for the figures allowed. */
static bool is_date_line(const struct line *line)
{
    struct str key = line->fold.key;
    size_t day = fold_find_words(key, 0, "ngay"), month = fold_find_words(key, 0, "thang");
    return key.len < 90 && day < key.len && month < key.len && month > day && fold_find_words(key, month, "nam") < key.len && day > 2 && day < 45 &&
           memchr(key.at, ',', day) && line->fold.shape.at[0] == 'A' && line->label.style == LABEL_NONE;
}

static bool is_urgency(const struct line *line)
{
    return line->is_caps && line->fold.key.len < 24 &&
           (key_starts(line, "khan") || key_starts(line, "hoa toc") || key_starts(line, "thuong khan") || key_starts(line, "du thao"));
}

static bool is_letterhead_token(const struct line *line)
{
    return is_motto(line) || is_number_line(line) || is_date_line(line);
}

static bool is_subject_line(const struct line *line)
{
    return key_starts(line, "v/v") || key_starts(line, "ve viec");
}

static bool is_addressee_line(const struct line *line)
{
    return key_starts(line, "kinh gui") || key_starts(line, "kinh trinh") || key_starts(line, "kinh moi:") || (key_starts(line, "kinh moi") && line->fold.key.len < 12);
}

/* ---- signatures ---- */

bool zone_is_authority(const struct fold *fold)
{
    static const char *const marks[] = { "tm.", "t/m", "t.m", "kt.", "k/t", "tl.", "t/l", "tuq.", "tu/q", "q.", "tm ", "kt ", "tl " };
    struct fold f = *fold;
    for (size_t i = 0; i < LEN(marks); i++)
        if (str_starts(f.key, str_from(marks[i])) && f.shape.at[0] == 'A' && line_is_caps(&f))
            return true;
    return false;
}

static bool is_post_line(const struct line *line)
{
    static const char *const posts[] = { "giam doc", "pho giam doc", "chu tich", "pho chu tich", "bi thu", "pho bi thu", "truong ban", "pho truong ban",
                                         "chanh van phong", "pho chanh van phong", "hieu truong", "pho hieu truong", "bo truong", "thu truong",
                                         "vien truong", "tong giam doc", "cuc truong", "vu truong", "truong phong", "pho truong phong", "uy vien", "thuong truc",
                                         "truong doan", "chanh thanh tra", "quyen", "nguoi ky", "pho tong giam doc", "tong bien tap", "chinh uy", "chi huy truong", "phu trach", "chu nhiem", "pho chu nhiem", "chinh tri vien", "pho vu truong", "pho cuc truong",
                                         "pho chanh thanh tra", "pho chi huy truong", "pho chinh uy", "tu lenh", "pho tu lenh", "chanh an", "pho chanh an", "pho vien truong",
                                         "tong thu ky", "pho tong thu ky", "truong khoa", "pho truong khoa", "pho bo truong" };
    if (line->is_caps && line->fold.key.len <= 40 && str_starts(line->fold.key, STR("q.")))
        return true; /* "Q. GIÁM ĐỐC" is acting, no item Q of a list */
    if (!line->is_caps || line->label.style != LABEL_NONE || line->fold.key.len > 90)
        return false;
    for (size_t i = 0; i < LEN(posts); i++)
        if (key_starts(line, posts[i]))
            return true;
    return zone_is_authority(&line->fold);
}

/* Two to six words, each with a capital of its own; a degree may stand in front. Not all in capitals but for names. */
size_t zone_rank_len(const struct fold *fold)
{
    static const char *const ranks[] = { "dai tuong", "thuong tuong", "trung tuong", "thieu tuong", "dai ta", "thuong ta", "trung ta", "thieu ta", "dai uy", "thuong uy", "trung uy", "thieu uy" };
    for (size_t i = 0; i < LEN(ranks); i++)
        if (fold_starts_words(fold->key, 0, ranks[i]) && fold->key.len > strlen(ranks[i]) + 4)
            return strlen(ranks[i]) + 1;
    return 0;
}

bool zone_is_person(const struct fold *fold)
{
    size_t words = 0;
    bool at_start = true;
    if (fold->key.len < 5 || fold->key.len > 48)
        return false;
    for (size_t i = zone_rank_len(fold); i < fold->key.len; i++) {
        char shape = fold->shape.at[i];
        if (shape == ' ' || shape == '.') {
            at_start = true;
        } else if (shape == 'A' || shape == 'a' || shape == '"') {
            if (at_start && shape != 'A')
                return false;
            words += at_start;
            at_start = false;
        } else if (shape != '-' && shape != ',' && shape != '\'') {
            return false;
        }
    }
    return words >= 2 && words <= 6;
}

static bool is_signed_mark(const struct line *line)
{
    struct str key = line->fold.key;
    return key.len < 60 && (str_starts(key, STR("(da ky")) || fold_starts_words(key, 0, "da ky") || str_starts(key, STR("(ky")) || str_starts(key, STR("ky boi")) ||
                            str_starts(key, STR("(chu ky")) || str_starts(key, STR("[da ky")) || str_starts(key, STR("ngay ky")) || str_starts(key, STR("nguoi ky:")) || str_starts(key, STR("thoi gian ky")) || str_starts(key, STR("(dong dau")) ||
                            str_starts(key, STR("[ky")) || str_starts(key, STR("/da ky")) || str_starts(key, STR("<da ky")));
}

/* ---- the head ---- */

static size_t find_kind_line(const struct lines *lines)
{
    size_t limit = lines->len < HEAD_LINES_MAX ? lines->len : HEAD_LINES_MAX;
    for (size_t i = 0; i < limit; i++)
        if (is_kind_line(&lines->at[i]) && lines->at[i].is_caps)
            return i;
    for (size_t i = 0; i < limit && i < 40; i++) {
        if (is_kind_with_title(&lines->at[i]) || is_kind_line(&lines->at[i]))
            return i;
        if (is_addressee_line(&lines->at[i]) || lines->at[i].label.style == LABEL_ROMAN)
            break;
    }
    return lines->len;
}

/* Sentences of a body begin like this, titles do not (domain.md 4.3: the basis comes first). */
static bool begins_body(const struct line *line)
{
    static const char *const words[] = { "thuc hien", "can cu", "nham", "theo", "tren co so", "xet", "thi hanh", "ngay", "tiep theo", "quan triet", "de ", "vua qua",
                                         "nham", "duoc su", "phuc dap", "ke hoach nay", "thuong truc", "ban thuong vu", "trong thoi gian", "nam 20", "hien nay",
                                         "tiep tuc", "kinh moi", "tran trong", "thuc hien:" };
    for (size_t i = 0; i < LEN(words); i++)
        if (str_starts(line->fold.key, str_from(words[i])) && line->fold.shape.at[0] == 'A' && !line->is_caps)
            return true;
    return false;
}

/* "Thời gian: ...": a section that needs no number. */
static bool is_section_line(const struct line *line)
{
    enum { SECTION_TITLE_MAX = 40 };
    size_t colon = str_find(line->fold.key, STR(":"));
    if (colon > SECTION_TITLE_MAX || colon >= line->fold.key.len)
        return false;
    struct fold title = { .text = fold_part(&line->fold, 0, colon), .key = str_sub(line->fold.key, 0, colon), .shape = str_sub(line->fold.shape, 0, colon), .at = line->fold.at };
    enum outline_topic first = OUTLINE_TOPIC_NONE;
    return topics_of(&title, &first) != 0;
}

static bool ends_title(const struct lines *lines, size_t first, size_t i)
{
    const struct line *line = &lines->at[i];
    if (is_rule(line) || is_addressee_line(line) || is_letterhead_token(line) || is_post_line(line) || line->fold.key.at[0] == '(' || line->table > 0)
        return true;
    if (line->label.style != LABEL_NONE && line->label.style != LABEL_NAMED)
        return true;
    if (is_section_line(line))
        return true;
    if (i == first && fold_has_words(line->fold.key, "kinh moi"))
        return true;
    if (i == first)
        return begins_body(line) && line->fold.key.len > 60 && (memchr(line->fold.key.at, '/', line->fold.key.len) || str_ends(line->fold.key, STR(".")) || str_ends(line->fold.key, STR(":")));
    const struct line *before = &lines->at[i - 1];
    if (line->fold.shape.at[0] == 'a')
        return false;
    if (begins_body(line) && !line->block->is_centred)
        return true;
    if (line->is_caps != before->is_caps || line->is_bold != before->is_bold || line->level != before->level)
        return !(line->block->is_centred && before->block->is_centred && i < first + 4);
    if (line->is_caps)
        return false;
    if (str_ends(line->fold.key, STR(".")) || str_ends(line->fold.key, STR(":")) || line->fold.key.len > 130)
        return true;
    if (line->is_bold || (line->block->is_centred && before->block->is_centred))
        return i > first + 5;
    return !join_goes_on(lines, &lines->at[first], before, line);
}

static size_t mark_title(struct lines *lines, size_t first)
{
    size_t i = first;
    for (; i < lines->len && i < first + 12; i++) {
        if (ends_title(lines, first, i))
            break;
        lines->at[i].zone = ZONE_TITLE;
    }
    for (; i < lines->len && (is_rule(&lines->at[i])); i++)
        lines->at[i].zone = ZONE_DROPPED;
    return i;
}

static size_t mark_addressees(struct lines *lines, size_t i)
{
    lines->at[i].zone = ZONE_ADDRESSEE;
    bool is_bare = str_ends(lines->at[i].fold.key, STR(":")) || str_ends(lines->at[i].fold.key, STR("gui"));
    size_t first = i++;
    bool has_bullets = false;
    for (; i < lines->len && i < first + 40; i++) {
        const struct line *line = &lines->at[i];
        bool is_bullet = line->label.style >= LABEL_DASH && line->label.style <= LABEL_STAR;
        bool is_more = is_bullet || line->fold.shape.at[0] == 'a' ||
                       (!has_bullets && (str_ends(lines->at[i - 1].fold.key, STR(",")) || str_ends(lines->at[i - 1].fold.key, STR(";"))));
        bool is_first = is_bare && i == first + 1 && !begins_body(line) && line->label.style == LABEL_NONE && line->fold.key.len < 120 && line->blank_before == 0;
        if (!is_more && !is_first)
            break;
        if (is_bullet && has_bullets && str_ends(lines->at[i - 1].fold.key, STR(".")))
            break;
        has_bullets |= is_bullet;
        lines->at[i].zone = ZONE_ADDRESSEE;
    }
    return i;
}

/* A letterhead that fell into the body: its tokens and the capitals around them. */
static void mark_displaced(struct lines *lines, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (lines->at[i].zone != ZONE_BODY || !is_letterhead_token(&lines->at[i]))
            continue;
        lines->at[i].zone = ZONE_LETTERHEAD;
        for (int step = -1; step <= 1; step += 2) {
            for (size_t k = i + (size_t)step; k < to && k >= from; k += (size_t)step) {
                struct line *line = &lines->at[k];
                bool is_name = line->is_caps && line->label.style == LABEL_NONE && line->fold.key.len < 80 && !is_kind_line(line);
                if (line->zone != ZONE_BODY || !(is_rule(line) || is_letterhead_token(line) || is_name))
                    break;
                line->zone = ZONE_LETTERHEAD;
            }
        }
    }
}

/* Returns where the body begins. */
static size_t mark_head(struct lines *lines, size_t kind)
{
    size_t body = 0, limit = lines->len < HEAD_LINES_MAX ? lines->len : HEAD_LINES_MAX, addressee = limit;
    for (size_t i = 0; i < limit && addressee == limit; i++)
        if (is_addressee_line(&lines->at[i]) && (kind >= lines->len || i < kind + 14))
            addressee = i;
    size_t head_end = kind < lines->len ? kind : addressee < limit ? addressee : 0;
    for (size_t i = 0; i < head_end; i++)
        if (lines->at[i].zone == ZONE_BODY)
            lines->at[i].zone = is_rule(&lines->at[i]) || is_urgency(&lines->at[i]) ? ZONE_DROPPED : ZONE_LETTERHEAD;
    if (head_end == 0)
        while (head_end < limit && (is_letterhead_token(&lines->at[head_end]) || lines->at[head_end].is_caps || is_rule(&lines->at[head_end])) && lines->at[head_end].label.style == LABEL_NONE)
            lines->at[head_end++].zone = ZONE_LETTERHEAD;
    body = head_end;
    for (size_t i = 0; i < head_end; i++) {
        if (!is_subject_line(&lines->at[i]))
            continue;
        lines->at[i].zone = ZONE_TITLE;
        for (size_t k = i + 1; k < head_end && lines->at[k].fold.shape.at[0] == 'a' && !is_letterhead_token(&lines->at[k]); k++)
            lines->at[k].zone = ZONE_TITLE;
    }
    if (kind < lines->len) {
        lines->at[kind].zone = ZONE_KIND;
        body = mark_title(lines, kind + 1);
    }
    if (addressee < limit && addressee >= head_end)
        body = mark_addressees(lines, addressee);
    mark_displaced(lines, body > addressee ? head_end : body, limit);
    return body;
}

/* ---- the end ---- */

static bool is_recipients_line(const struct line *line)
{
    return key_starts(line, "noi nhan") && line->fold.key.len < 200;
}

static bool is_appendix_line(const struct line *line)
{
    struct str key = line->fold.key;
    return line->label.style == LABEL_NONE && ((key_starts(line, "phu luc") && (key.len < 16 || line->is_caps || (line->fold.shape.at[0] == 'A' && key.len < 40 && !str_ends(key, STR("."))))) ||
                                               (key_starts(line, "bieu mau") && line->is_caps));
}

static bool is_attached_mark(const struct lines *lines, size_t from)
{
    for (size_t i = from; i < lines->len && i < from + 10; i++) {
        struct str key = lines->at[i].fold.key;
        if (str_find(key, STR("kem theo")) < key.len)
            return true;
    }
    return false;
}

static bool is_note_line(const struct line *line)
{
    struct str key = line->fold.key;
    if (key.len > 3 && key.at[0] == '^')
        return true;
    if (key.len > 8 && line->fold.shape.at[0] == '0' && line->fold.shape.at[1] == ' ' && line->fold.shape.at[2] == 'A')
        return true;
    return key_starts(line, "ghi chu") && key.len > 8;
}

/* Where recipients or signature begin: "Nơi nhận", or the capitals before it when the right column came first. */
static size_t find_closing(const struct lines *lines, size_t body)
{
    size_t closing = lines->len;
    for (size_t i = body; i < lines->len && closing == lines->len; i++)
        if (lines->at[i].zone == ZONE_BODY && lines->at[i].table == 0 && is_recipients_line(&lines->at[i]))
            closing = i;
    size_t from = closing;
    if (closing == lines->len) {
        /* no recipients: the first authority or post in the paper's second half that a name follows */
        for (size_t i = body + 1; i < lines->len; i++) {
            if (is_appendix_line(&lines->at[i]))
                break;
            if (lines->at[i].zone != ZONE_BODY || !is_post_line(&lines->at[i]) || lines->at[i].table > 0)
                continue;
            for (size_t k = i + 1; k < lines->len && k < i + 8; k++)
                if (zone_is_person(&lines->at[k].fold) && !is_post_line(&lines->at[k]) && lines->at[k].table == 0)
                    return i;
        }
        return lines->len;
    }
    bool has_post = false;
    size_t start = from;
    for (size_t i = from; i-- > body && from - i < 12;) {
        const struct line *line = &lines->at[i];
        if (!(is_post_line(line) || (line->is_caps && line->label.style == LABEL_NONE && line->fold.key.len < 60) || is_signed_mark(line) || is_rule(line) ||
              (!has_post && zone_is_person(&line->fold))))
            break;
        has_post |= is_post_line(line);
        start = i;
    }
    return has_post ? start : from;
}

struct closing {
    bool in_recipients, has_name, has_archive, in_notes;
    size_t recipients, posts;
};

static enum line_zone closing_zone(struct closing *at, const struct line *line, const struct line *before)
{
    bool is_bullet = line->label.style >= LABEL_DASH && line->label.style <= LABEL_STAR;
    bool is_archive = key_starts(line, "luu") || (is_bullet && fold_starts_words(line->fold.key, line->label.text, "luu"));
    if (is_recipients_line(line)) {
        at->in_recipients = true;
        at->in_notes = false;
        return ZONE_RECIPIENT;
    }
    if (line->zone == ZONE_NOTE || is_note_line(line)) {
        at->in_notes = true;
        return ZONE_NOTE;
    }
    if (is_rule(line) || is_signed_mark(line))
        return ZONE_DROPPED;
    if (is_post_line(line) || (at->posts > 0 && !at->has_name && line->is_caps && !is_bullet && line->fold.key.len < 80)) {
        at->posts++;
        return ZONE_SIGNATURE;
    }
    if (at->in_recipients && (is_bullet || is_archive) && !at->in_notes) {
        at->has_archive |= is_archive;
        at->recipients++;
        return ZONE_RECIPIENT;
    }
    if (at->posts > 0 && !at->has_name && !is_bullet && zone_is_person(&line->fold)) {
        at->has_name = true;
        return ZONE_SIGNATURE;
    }
    if (at->in_notes)
        return ZONE_NOTE;
    if (at->in_recipients && before->zone == ZONE_RECIPIENT && (line->fold.shape.at[0] == 'a' || !at->has_archive))
        return ZONE_RECIPIENT;
    return at->has_name || at->posts == 0 ? ZONE_NOTE : ZONE_DROPPED;
}

/* Whether line i, after the signature, begins another part: an appendix, or a paper of its own. */
static bool begins_appendix(const struct lines *lines, size_t i, const struct closing *at)
{
    const struct line *line = &lines->at[i];
    if (is_appendix_line(line))
        return true;
    bool is_over = (at->has_name && (at->recipients > 0 || !at->in_recipients)) || (at->has_archive && at->posts == 0 && !line->is_caps);
    if (!at->has_name || line->label.style != LABEL_NONE || is_post_line(line) || is_rule(line))
        return line->table > 0 && is_over;
    bool is_head = is_number_line(line) && i + 2 < lines->len && (is_date_line(&lines->at[i + 1]) || is_date_line(&lines->at[i + 2]));
    return is_over && ((line->is_caps && line->fold.key.len > 6) || is_head || line->table > 0 || (line->is_caps && is_kind_line(line)) ||
                       str_find(line->fold.key, STR("kem theo")) < line->fold.key.len);
}

/* A decision's plan: its letterhead and title are put aside, its body goes on in the paper's own. Returns where it begins. */
static size_t mark_attached(struct lines *lines, size_t from)
{
    size_t kind = lines->len;
    for (size_t i = from; i < lines->len && i < from + 14 && kind == lines->len; i++)
        if (is_kind_line(&lines->at[i]) || is_kind_with_title(&lines->at[i]))
            kind = i;
    if (kind == lines->len)
        return lines->len;
    size_t body = kind + 1;
    while (body < lines->len && body < kind + 12) {
        const struct line *line = &lines->at[body];
        bool is_mark = str_find(line->fold.key, STR("kem theo")) < line->fold.key.len || str_find(line->fold.key, STR("cua ")) == 0 || str_ends(line->fold.key, STR(")"));
        if (!is_mark && (ends_title(lines, kind + 1, body)) && !is_rule(line) && line->fold.key.at[0] != '(')
            break;
        body++;
    }
    for (size_t i = from; i < body; i++)
        lines->at[i].zone = ZONE_DROPPED;
    return body;
}

static bool is_other_paper(const struct lines *lines, size_t from)
{
    bool has_motto = false, has_number = false, has_kind = false; /* a converter may lose the motto, but not the place and day */
    for (size_t i = from; i < lines->len && i < from + 25; i++) {
        has_motto |= is_motto(&lines->at[i]) || is_date_line(&lines->at[i]);
        has_number |= is_number_line(&lines->at[i]);
        has_kind |= is_kind_line(&lines->at[i]) || is_addressee_line(&lines->at[i]);
    }
    return has_motto && has_kind && has_number && !is_attached_mark(lines, from);
}

static void mark_closing(struct lines *lines, size_t body)
{
    size_t i = find_closing(lines, body);
    struct closing at = { .posts = 0 };
    int part = 0, parts = 0;
    for (; i < lines->len; i++) {
        struct line *line = &lines->at[i];
        if (part > 0) {
            part = is_appendix_line(line) ? ++parts : part;
            line->part = part;
            continue;
        }
        if (begins_appendix(lines, i, &at)) {
            if (is_other_paper(lines, i))
                lines->papers++;
            size_t attached = is_appendix_line(line) || lines->papers > 1 ? lines->len : mark_attached(lines, i);
            if (attached < lines->len) {
                /* the plan's own end is looked for like the paper's */
                size_t more = find_closing(lines, attached);
                for (size_t k = more; k < lines->len && !is_appendix_line(&lines->at[k]); k++)
                    if (lines->at[k].zone == ZONE_BODY && lines->at[k].table == 0 && (is_post_line(&lines->at[k]) || is_rule(&lines->at[k])))
                        lines->at[k].zone = ZONE_DROPPED;
                for (size_t k = attached; k < lines->len; k++) {
                    part = is_appendix_line(&lines->at[k]) ? ++parts : part;
                    lines->at[k].part = part;
                }
                return;
            }
            line->part = part = ++parts;
            continue;
        }
        line->zone = closing_zone(&at, line, i > 0 ? &lines->at[i - 1] : line);
        line->table = 0;
    }
}

/* Notes printed where the page ended, between two sections: they begin with their mark. */
static void mark_notes(struct lines *lines, size_t body)
{
    for (size_t i = body; i < lines->len; i++) {
        struct line *line = &lines->at[i];
        if (line->zone != ZONE_BODY || line->fold.key.len < 4 || line->fold.key.at[0] != '^')
            continue;
        line->zone = ZONE_NOTE;
        while (i + 1 < lines->len && lines->at[i + 1].zone == ZONE_BODY && lines->at[i + 1].fold.key.at[0] != '^' &&
               join_goes_on(lines, line, &lines->at[i], &lines->at[i + 1]))
            lines->at[++i].zone = ZONE_NOTE;
    }
}

/* "- 2 -", "Trang 2/5", a lone figure between the halves of a sentence. */
static void drop_page_numbers(struct lines *lines, size_t body)
{
    for (size_t i = body; i < lines->len; i++) {
        struct line *line = &lines->at[i];
        struct str key = line->fold.key;
        size_t figures = 0, others = 0;
        for (size_t k = 0; k < key.len && key.len < 14; k++) {
            figures += line->fold.shape.at[k] == '0';
            others += line->fold.shape.at[k] != '0' && !strchr("-/ ", key.at[k]);
        }
        bool is_page = (figures > 0 && figures < 4 && others == 0 && figures < key.len) || (key_starts(line, "trang") && figures > 0 && others <= 6);
        bool is_lone = figures > 0 && figures < 4 && figures == key.len && i > body && i + 1 < lines->len && line->table == 0 &&
                       lines->at[i + 1].fold.shape.at[0] == 'a' && join_goes_on(lines, &lines->at[i - 1], &lines->at[i - 1], &lines->at[i + 1]) && line->blank_before > 0;
        if (line->zone == ZONE_BODY && line->table == 0 && (is_page || is_lone))
            line->zone = ZONE_DROPPED;
    }
}

/* Column by column, as the two halves of a letterhead or signature are read; stable within a column. */
static void lay_out(struct lines *lines, size_t from, size_t to)
{
    for (size_t i = from + 1; i < to; i++) {
        struct line line = lines->at[i];
        size_t k = i;
        for (; k > from && lines->at[k - 1].block->column > line.block->column; k--)
            lines->at[k] = lines->at[k - 1];
        lines->at[k] = line;
    }
    for (size_t i = from; i < to; i++)
        lines->at[i].table = 0;
}

/* A lone figure that counts on from page to page, and the notes printed above it ("1 Liên hệ: ..."). */
void zones_find_pages(struct lines *lines)
{
    enum { NOTE_LINES_MAX = 6 };
    int page = 0;
    for (size_t i = 1; i < lines->len; i++) {
        struct line *line = &lines->at[i];
        int64_t value = 0;
        bool is_figure = line->fold.key.len <= 3 && line->table == 0 && str_to_i64(line->text, &value) && line->block->kind == PAPER_LINE;
        if (!is_figure || value < 2 || (page == 0 ? value > 3 : value != page + 1))
            continue;
        page = (int)value;
        line->zone = ZONE_DROPPED;
        for (size_t k = i; k-- > 1 && i - k <= NOTE_LINES_MAX && lines->at[k].zone == ZONE_BODY && lines->at[k].table == 0;) {
            const struct fold *f = &lines->at[k].fold;
            if (lines->at[k].label.style != LABEL_NONE)
                break;
            if (f->key.len < 8 || f->shape.at[0] != '0' || f->key.at[1] != ' ' || f->shape.at[2] != 'A')
                continue;
            for (size_t n = k; n < i; n++)
                lines->at[n].zone = ZONE_NOTE;
            if (i + 1 < lines->len && lines->at[i + 1].zone == ZONE_BODY && join_goes_on(lines, &lines->at[k], &lines->at[i - 1], &lines->at[i + 1]))
                lines->at[i + 1].zone = ZONE_NOTE;
        }
    }
    for (size_t i = 0; i < lines->len; i++) {
        const struct line *line = &lines->at[i];
        if (line->zone == ZONE_NOTE && line->fold.shape.at[0] == '0' && line->fold.key.len > 3 && line->fold.key.at[1] == ' ' && line->fold.key.at[0] - '0' > lines->notes)
            lines->notes = line->fold.key.at[0] - '0';
    }
}

void lines_dissolve_tables(struct lines *lines)
{
    for (size_t i = 0; i < lines->len;) {
        size_t end = i + 1;
        int table = lines->at[i].table;
        bool is_layout = false;
        while (table > 0 && end < lines->len && lines->at[end].table == table)
            end++;
        for (size_t k = i; k < end && table > 0; k++)
            is_layout |= is_motto(&lines->at[k]) || is_recipients_line(&lines->at[k]) || zone_is_authority(&lines->at[k].fold) ||
                         (k < 12 && (is_number_line(&lines->at[k]) || is_date_line(&lines->at[k])));
        if (is_layout)
            lay_out(lines, i, end);
        i = end;
    }
}

void zones_find(struct arena *arena, struct lines *lines)
{
    (void)arena;
    lines->papers = 1;
    lines_dissolve_tables(lines);
    size_t body = mark_head(lines, find_kind_line(lines));
    drop_page_numbers(lines, body);
    mark_closing(lines, body);
    mark_notes(lines, body);
    for (size_t i = body; i < lines->len; i++)
        if (lines->at[i].zone == ZONE_BODY && is_rule(&lines->at[i]))
            lines->at[i].zone = ZONE_DROPPED;
}
