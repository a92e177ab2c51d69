#include "unit/unit_import.h"

#include "store/db.h"
#include "unit/unit_base.h"
#include "viet/viet.h"

/* ---- CSV ---- */

enum { CELLS_MAX = 40 };

struct csv {
    struct ctx *cx;
    struct str rest;
    char separator;
    size_t line; /* of the row read last */
};

static struct str quoted_cell(struct csv *csv)
{
    struct buf cell;
    buf_init(&cell, &csv->cx->arena);
    csv->rest = str_sub(csv->rest, 1, SIZE_MAX);
    while (csv->rest.len > 0) {
        char c = csv->rest.at[0];
        csv->rest = str_sub(csv->rest, 1, SIZE_MAX);
        if (c == '"' && !str_starts(csv->rest, STR("\"")))
            break;
        if (c == '"')
            csv->rest = str_sub(csv->rest, 1, SIZE_MAX);
        buf_put_char(&cell, c);
    }
    return buf_str(&cell);
}

static struct str plain_cell(struct csv *csv)
{
    size_t len = 0;
    while (len < csv->rest.len && csv->rest.at[len] != csv->separator && csv->rest.at[len] != '\n')
        len++;
    struct str cell = str_sub(csv->rest, 0, len);
    csv->rest = str_sub(csv->rest, len, SIZE_MAX);
    return cell;
}

/* The next row's cells, cleaned; their number, 0 at the end. More cells than fit are passed over.
 */
static size_t csv_next(struct csv *csv, struct str cells[CELLS_MAX])
{
    size_t len = 0;
    if (csv->rest.len == 0)
        return 0;
    csv->line++;
    for (;;) {
        struct str cell = str_starts(csv->rest, STR("\"")) ? quoted_cell(csv) : plain_cell(csv);
        if (len < CELLS_MAX)
            cells[len++] = viet_clean(&csv->cx->arena, cell);
        /* Whatever follows a closing quote up to the separator is noise. */
        (void)plain_cell(csv);
        bool is_last = csv->rest.len == 0 || csv->rest.at[0] == '\n';
        csv->rest = str_sub(csv->rest, 1, SIZE_MAX);
        if (is_last)
            return len;
    }
}

static char separator_of(struct str csv)
{
    struct str rest = csv;
    struct str head = str_cut(&rest, '\n');
    if (str_find(head, STR("\t")) < head.len)
        return '\t';
    return str_find(head, STR(";")) < head.len ? ';' : ',';
}

/* ---- Headings and kinds ---- */

enum column { COLUMN_CODE, COLUMN_NAME, COLUMN_KIND, COLUMN_PARENT, COLUMN_COUNT };

static const struct {
    enum column column;
    struct str heading; /* folded */
} headings[] = {
    { COLUMN_CODE, STR_INIT("code") },          { COLUMN_CODE, STR_INIT("ma") },
    { COLUMN_CODE, STR_INIT("ma so") },         { COLUMN_CODE, STR_INIT("ma xa") },
    { COLUMN_CODE, STR_INIT("ma don vi") },     { COLUMN_NAME, STR_INIT("name") },
    { COLUMN_NAME, STR_INIT("ten") },           { COLUMN_NAME, STR_INIT("ten don vi") },
    { COLUMN_NAME, STR_INIT("ten xa") },        { COLUMN_NAME, STR_INIT("ten don vi hanh chinh") },
    { COLUMN_KIND, STR_INIT("kind") },          { COLUMN_KIND, STR_INIT("cap") },
    { COLUMN_KIND, STR_INIT("loai") },          { COLUMN_KIND, STR_INIT("loai hinh") },
    { COLUMN_PARENT, STR_INIT("parent_code") }, { COLUMN_PARENT, STR_INIT("ma tp") },
    { COLUMN_PARENT, STR_INIT("ma tinh") },     { COLUMN_PARENT, STR_INIT("ma tinh / thanh pho") },
    { COLUMN_PARENT, STR_INIT("ma cap tren") }, { COLUMN_PARENT, STR_INIT("ma tinh/thanh pho") },
};

enum { NO_COLUMN = CELLS_MAX };

static enum err read_headings(struct ctx *cx, const struct str *cells, size_t len,
                              size_t ret_at[COLUMN_COUNT])
{
    for (size_t c = 0; c < COLUMN_COUNT; c++)
        ret_at[c] = NO_COLUMN;
    for (size_t i = 0; i < len; i++) {
        struct str folded = viet_fold(&cx->arena, cells[i]);
        for (size_t h = 0; h < LEN(headings); h++)
            if (ret_at[headings[h].column] == NO_COLUMN && str_eq(headings[h].heading, folded))
                ret_at[headings[h].column] = i;
    }
    if (ret_at[COLUMN_CODE] == NO_COLUMN || ret_at[COLUMN_NAME] == NO_COLUMN ||
        ret_at[COLUMN_PARENT] == NO_COLUMN)
        return fail(
            cx, ERR_INVALID,
            "Dòng 1 phải có các cột mã, tên và mã tỉnh; kiểm tra lại tên cột của tệp danh mục");
    return OK;
}

static const struct {
    struct str words; /* folded */
    enum unit_kind kind;
} kind_words[] = {
    { STR_INIT("thanh pho trung uong"), UNIT_CITY },
    { STR_INIT("thanh pho"), UNIT_CITY },
    { STR_INIT("city"), UNIT_CITY },
    { STR_INIT("tinh"), UNIT_PROVINCE },
    { STR_INIT("province"), UNIT_PROVINCE },
    { STR_INIT("xa"), UNIT_COMMUNE },
    { STR_INIT("commune"), UNIT_COMMUNE },
    { STR_INIT("phuong"), UNIT_WARD },
    { STR_INIT("ward"), UNIT_WARD },
    { STR_INIT("dac khu"), UNIT_SPECIAL_ZONE },
    { STR_INIT("special_zone"), UNIT_SPECIAL_ZONE },
};

/*
 * The kind a name begins with, "Phường Ba Đình"; *ret_bare is what is left. With its marks: Phương
 * Liệt is a name.
 */
static bool kind_of_name(struct arena *arena, struct str name, enum unit_kind *ret_kind,
                         struct str *ret_bare)
{
    for (enum unit_kind kind = UNIT_PROVINCE; kind <= UNIT_SPECIAL_ZONE; kind++) {
        struct str words = unit_kind_shown(kind), rest = name;
        for (size_t n = str_count_code_points(words); n > 0 && rest.len > 0; n--)
            str_next_code_point(&rest);
        struct str head = str_sub(name, 0, name.len - rest.len);
        if (!str_starts(rest, STR(" ")) || !str_eq(viet_lower(arena, head), words))
            continue;
        *ret_kind = kind;
        *ret_bare = str_trim(rest);
        return true;
    }
    return false;
}

static bool kind_of_word(struct arena *arena, struct str word, enum unit_kind *ret_kind)
{
    struct str folded = viet_fold(arena, word);
    for (size_t i = 0; i < LEN(kind_words); i++)
        if (str_eq(kind_words[i].words, folded)) {
            *ret_kind = kind_words[i].kind;
            return true;
        }
    return false;
}

static bool is_code(struct str code, size_t digits)
{
    for (size_t i = 0; i < code.len; i++)
        if (code.at[i] < '0' || code.at[i] > '9')
            return false;
    return code.len == digits;
}

static enum err read_row(struct ctx *cx, const struct str *cells, size_t len,
                         const size_t at[COLUMN_COUNT], size_t line,
                         struct unit_import_row *ret_row)
{
    struct str values[COLUMN_COUNT];
    for (size_t c = 0; c < COLUMN_COUNT; c++)
        values[c] = at[c] < len ? cells[at[c]] : STR("");
    struct unit_import_row row = { .code = values[COLUMN_CODE],
                                   .parent_code = values[COLUMN_PARENT],
                                   .line = line };
    struct str name = values[COLUMN_NAME];
    enum unit_kind named = UNIT_BODY;
    struct str bare = name;
    bool has_prefix = kind_of_name(&cx->arena, name, &named, &bare);
    bool has_kind = kind_of_word(&cx->arena, values[COLUMN_KIND], &row.kind);
    if (!has_kind && !has_prefix)
        return fail(cx, ERR_INVALID,
                    "Dòng %zu: không rõ loại đơn vị (tỉnh, thành phố, xã, phường, đặc khu)", line);
    /* A ward may be called "Xã ...": the column decides, and only its own kind is taken off the
     * name. */
    if (!has_kind)
        row.kind = named;
    if (has_prefix && named == row.kind)
        name = bare;
    row.name = unit_clean_name(&cx->arena, name);
    if (row.name.len == 0)
        return fail(cx, ERR_INVALID, "Dòng %zu: thiếu tên đơn vị", line);
    bool is_province = unit_kind_is_province(row.kind);
    if (is_province)
        row.parent_code = STR("");
    if (!is_code(row.code, is_province ? 2 : 5))
        return fail(
            cx, ERR_INVALID,
            "Dòng %zu: mã phải gồm 2 chữ số với cấp tỉnh, 5 chữ số với cấp xã, giữ cả số 0 ở đầu",
            line);
    if (!is_province && !is_code(row.parent_code, 2))
        return fail(cx, ERR_INVALID, "Dòng %zu: mã tỉnh phải gồm 2 chữ số, giữ cả số 0 ở đầu",
                    line);
    *ret_row = row;
    return OK;
}

static int compare_codes(const void *a, const void *b)
{
    const struct unit_import_row *one = a, *two = b;
    /* Two digits before five: provinces come first. */
    if (one->code.len != two->code.len)
        return one->code.len < two->code.len ? -1 : 1;
    return str_compare(one->code, two->code);
}

enum err unit_import_read(struct ctx *cx, struct str csv_text, struct unit_import *ret_import)
{
    if (csv_text.len > UNIT_IMPORT_BYTES_MAX)
        return fail(cx, ERR_LIMIT,
                    "Tệp danh mục lớn hơn 2 MB; xin gửi đúng tệp danh mục đơn vị hành chính");
    if (str_starts(csv_text, STR("\xEF\xBB\xBF")))
        csv_text = str_sub(csv_text, 3, SIZE_MAX);
    if (!str_is_utf8(csv_text))
        return fail(cx, ERR_INVALID,
                    "Tệp không ở dạng CSV UTF-8; trong Excel chọn lưu thành \"CSV UTF-8\"");
    struct csv csv = { .cx = cx, .rest = csv_text, .separator = separator_of(csv_text) };
    struct str cells[CELLS_MAX];
    size_t at[COLUMN_COUNT];
    size_t cells_len = csv_next(&csv, cells);
    TRY(read_headings(cx, cells, cells_len, at));

    struct unit_import import = { .at = ARENA_NEW_ARRAY(&cx->arena, struct unit_import_row,
                                                        UNIT_IMPORT_ROWS_MAX) };
    while ((cells_len = csv_next(&csv, cells)) > 0) {
        bool is_empty = true;
        for (size_t i = 0; i < cells_len; i++)
            is_empty = is_empty && cells[i].len == 0;
        if (is_empty)
            continue;
        if (import.len == UNIT_IMPORT_ROWS_MAX)
            return fail(cx, ERR_LIMIT,
                        "Tệp có hơn 10.000 dòng; xin gửi đúng tệp danh mục đơn vị hành chính");
        TRY(read_row(cx, cells, cells_len, at, csv.line, &import.at[import.len]));
        import.len++;
    }
    if (import.len == 0)
        return fail(cx, ERR_INVALID, "Tệp không có đơn vị nào");
    qsort(import.at, import.len, sizeof *import.at, compare_codes);
    for (size_t i = 1; i < import.len; i++)
        if (str_eq(import.at[i - 1].code, import.at[i].code))
            return fail(cx, ERR_INVALID, "Mã " STR_FMT " có ở cả dòng %zu và dòng %zu",
                        STR_ARG(import.at[i].code), import.at[i - 1].line, import.at[i].line);
    *ret_import = import;
    return OK;
}

static void put_quoted(struct buf *out, struct str text)
{
    buf_put_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '"')
            buf_put_char(out, '"');
        buf_put_char(out, text.at[i]);
    }
    buf_put_char(out, '"');
}

struct str unit_import_write(struct arena *arena, const struct unit_import *import)
{
    struct buf out;
    buf_init(&out, arena);
    buf_put(&out, STR("code,name,kind,parent_code\n"));
    for (size_t i = 0; i < import->len; i++) {
        const struct unit_import_row *row = &import->at[i];
        buf_format(&out, STR_FMT ",", STR_ARG(row->code));
        put_quoted(&out, row->name);
        buf_format(&out, "," STR_FMT "," STR_FMT "\n", STR_ARG(unit_kind_stored(row->kind)),
                   STR_ARG(row->parent_code));
    }
    return buf_str(&out);
}

/* ---- What would change ---- */

struct str unit_change_words(enum unit_change change)
{
    switch (change) {
    case UNIT_ADDED:
        return STR("Thành lập mới");
    case UNIT_RENAMED:
        return STR("Đổi tên");
    case UNIT_REKINDED:
        return STR("Đổi loại");
    case UNIT_MOVED:
        return STR("Chuyển tỉnh");
    case UNIT_CLOSED:
        return STR("Kết thúc hoạt động");
    case UNIT_CHANGE_COUNT:
        break;
    }
    return STR("");
}

struct preview {
    struct ctx *cx;
    const struct unit_import *import;
    struct unit_import_changes changes;
    size_t room;
};

static void add_change(struct preview *preview, enum unit_change change,
                       const struct unit_import_row *row, const struct unit *unit,
                       struct str before, struct str after)
{
    struct unit_import_changes *changes = &preview->changes;
    if (changes->len == preview->room)
        return;
    changes->at[changes->len++] = (struct unit_import_change){
        .change = change,
        .row = row,
        .unit_id = unit ? unit->id : 0,
        .before = before,
        .after = after,
        .code = row ? row->code : unit->code,
    };
    changes->counts[change]++;
}

static const struct unit_import_row *row_of(const struct unit_import *import, struct str code)
{
    struct unit_import_row key = { .code = code };
    return bsearch(&key, import->at, import->len, sizeof key, compare_codes);
}

static enum err compare_row(struct preview *preview, const struct unit_import_row *row)
{
    struct ctx *cx = preview->cx;
    struct unit unit = { .id = 0 }, parent = { .id = 0 };
    struct str after = unit_area_full_name(&cx->arena, row->kind, row->name);
    enum err err = unit_find_code(cx, row->code, &unit);
    if (err != OK && err != ERR_NOT_FOUND)
        return err;
    if (err == ERR_NOT_FOUND) {
        bool has_parent = row->parent_code.len == 0 || row_of(preview->import, row->parent_code) ||
                          unit_find_code(cx, row->parent_code, &parent) == OK;
        if (!has_parent)
            return fail(cx, ERR_INVALID, "Dòng %zu: không có tỉnh, thành phố nào mang mã " STR_FMT,
                        row->line, STR_ARG(row->parent_code));
        add_change(preview, UNIT_ADDED, row, NULL, STR(""), after);
        return OK;
    }
    if (!unit_scope_holds(&cx->actor->scope, unit.path))
        return fail(cx, ERR_INVALID,
                    "Dòng %zu: đơn vị mã " STR_FMT " không thuộc phạm vi quản lý của tài khoản này",
                    row->line, STR_ARG(row->code));
    if (unit.kind == UNIT_BODY || unit.kind == UNIT_NATION || unit.to_day != UNIT_DAY_OPEN)
        return fail(cx, ERR_INVALID,
                    "Dòng %zu: mã " STR_FMT " thuộc về một đơn vị đã kết thúc hoạt động", row->line,
                    STR_ARG(row->code));
    if (unit.kind != row->kind)
        add_change(preview, UNIT_REKINDED, row, &unit, unit.full_name,
                   unit_area_full_name(&cx->arena, row->kind, unit.name));
    if (!str_eq(unit.name, row->name))
        add_change(preview, UNIT_RENAMED, row, &unit, unit.full_name, after);
    TRY(unit_find(cx, unit.parent_id, &parent));
    if (row->parent_code.len > 0 && !str_eq(parent.code, row->parent_code)) {
        struct unit target = { .id = 0, .full_name = row->parent_code };
        err = unit_find_code(cx, row->parent_code, &target);
        if (err != OK && err != ERR_NOT_FOUND)
            return err;
        add_change(preview, UNIT_MOVED, row, &unit, parent.full_name, target.full_name);
    }
    return OK;
}

static enum err is_in_list(struct ctx *cx, const struct unit_import *import,
                           const struct unit *unit, bool *ret_listed)
{
    SQL(list_codes_of, "SELECT code FROM unit_code WHERE unit_id = $1");

    bool is_listed = row_of(import, unit->code) != NULL;
    if (!is_listed) {
        struct rows rows = db_rows(cx, &list_codes_of, BIND(V(unit->id)));
        while (!is_listed && rows_next(&rows))
            is_listed = row_of(import, rows_str(&rows)) != NULL;
        TRY(rows_end(&rows));
    }
    *ret_listed = is_listed;
    return OK;
}

/* What stands under a place that the list covers and is not in the list, by any of its codes. */
static enum err find_closed(struct preview *preview, int64_t place_id, int32_t day)
{
    struct ctx *cx = preview->cx;
    struct unit_list children = { .len = 0 };
    TRY(unit_list_children(cx, place_id, day, &children));
    size_t listed = 0, missing = 0;
    const struct unit **gone = ARENA_NEW_ARRAY(&cx->arena, const struct unit *, children.len);
    for (size_t i = 0; i < children.len; i++) {
        const struct unit *child = &children.at[i];
        if (child->kind == UNIT_BODY || child->to_day != UNIT_DAY_OPEN)
            continue;
        bool is_listed = false;
        TRY(is_in_list(cx, preview->import, child, &is_listed));
        if (is_listed)
            listed++;
        else
            gone[missing++] = child;
    }
    /* A list that holds fewer than half of a place's units does not mean to list that place. */
    for (size_t i = 0; i < missing && listed >= missing; i++)
        add_change(preview, UNIT_CLOSED, NULL, gone[i], gone[i]->full_name, STR(""));
    return OK;
}

/*
 * The order in which changes can be applied: names are given free before they are taken, provinces
 * are there before communes move into them, and are empty before they close.
 */
static int step_of(const struct unit_import_change *change)
{
    bool is_province = change->code.len == 2;
    switch (change->change) {
    case UNIT_REKINDED:
        return 0;
    case UNIT_RENAMED:
        return 1;
    case UNIT_CLOSED:
        return is_province ? 6 : 2;
    case UNIT_ADDED:
        return is_province ? 3 : 4;
    case UNIT_MOVED:
        return 5;
    case UNIT_CHANGE_COUNT:
        break;
    }
    return 7;
}

static int compare_changes(const void *a, const void *b)
{
    const struct unit_import_change *one = a, *two = b;
    if (step_of(one) != step_of(two))
        return step_of(one) - step_of(two);
    return str_compare(one->code, two->code);
}

enum err unit_import_preview(struct ctx *cx, const struct unit_import *import, int32_t day,
                             struct unit_import_changes *ret_changes)
{
    struct preview preview = { .cx = cx,
                               .import = import,
                               .room = import->len * 3 + UNIT_LIST_MAX };
    preview.changes.at = ARENA_NEW_ARRAY(&cx->arena, struct unit_import_change, preview.room);
    for (size_t i = 0; i < import->len; i++)
        TRY(compare_row(&preview, &import->at[i]));

    struct unit nation = { .id = 0 };
    struct unit_list provinces = { .len = 0 };
    TRY(unit_find_nation(cx, &nation));
    TRY(find_closed(&preview, nation.id, day));
    TRY(unit_list_children(cx, nation.id, day, &provinces));
    for (size_t i = 0; i < provinces.len; i++)
        if (unit_kind_is_province(provinces.at[i].kind))
            TRY(find_closed(&preview, provinces.at[i].id, day));
    qsort(preview.changes.at, preview.changes.len, sizeof *preview.changes.at, compare_changes);
    *ret_changes = preview.changes;
    return OK;
}

static enum err apply_one(struct ctx *cx, const struct unit_import_change *change, int32_t day,
                          struct str cause)
{
    struct unit parent = { .id = 0 };
    int64_t id = 0;
    switch (change->change) {
    case UNIT_REKINDED:
        return unit_change_kind(cx, change->unit_id, change->row->kind, day, cause);
    case UNIT_RENAMED:
        return unit_rename(cx, change->unit_id, change->row->name, day, cause);
    case UNIT_CLOSED:
        return unit_close(cx, change->unit_id, day, cause);
    case UNIT_MOVED:
        TRY(unit_find_code(cx, change->row->parent_code, &parent));
        return unit_move(cx, change->unit_id, parent.id, day, cause);
    case UNIT_ADDED:
        if (change->row->parent_code.len > 0)
            TRY(unit_find_code(cx, change->row->parent_code, &parent));
        else
            TRY(unit_find_nation(cx, &parent));
        return unit_create(cx,
                           &(struct unit_new){ .parent_id = parent.id,
                                               .kind = change->row->kind,
                                               .code = change->row->code,
                                               .name = change->row->name,
                                               .from_day = day,
                                               .cause = cause,
                                               .with_bodies = true },
                           &id);
    case UNIT_CHANGE_COUNT:
        break;
    }
    return OK;
}

enum err unit_import_apply(struct ctx *cx, const struct unit_import *import, int32_t day,
                           struct str cause, size_t *ret_changes)
{
    struct unit_import_changes changes = { .len = 0 };
    TRY(unit_import_preview(cx, import, day, &changes));
    for (size_t i = 0; i < changes.len; i++)
        TRY(apply_one(cx, &changes.at[i], day, cause));
    *ret_changes = changes.len;
    return OK;
}
