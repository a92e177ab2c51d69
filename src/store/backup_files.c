#include "store/backup_files.h"

#include "store/replay.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

enum {
    FILES_MAX = 500000,              /* an essay of everybody who may be called, and their materials */
    LIST_BYTES_MAX = FILES_MAX * 88,  /* a name, a blank, a size, a line end */
};

/* What facts name. */

static bool has_file(const struct fact_kind *kind)
{
    for (size_t i = 0; i < kind->fields.len; i++)
        if (kind->fields.at[i].is_file)
            return true;
    return false;
}

static enum err add_named(struct ctx *cx, struct ctx *side, const struct fact_kind *kind, struct str body,
                          struct buf *names)
{
    void *values = arena_alloc(&side->arena, kind->fields.struct_bytes);
    TRY(fact_body_parse(side, &kind->fields, body, STR(""), values));
    for (size_t i = 0; i < kind->fields.len; i++) {
        const struct field *field = &kind->fields.at[i];
        if (!field->is_file)
            continue;
        struct str name = { 0 };
        memcpy(&name, (const char *)values + field->offset, sizeof name);
        if (name.len != FILE_DIGEST_HEX)
            continue; /* a link, or a closing without a file */
        if (names->len >= (size_t)FILES_MAX * FILE_DIGEST_HEX)
            return fail(cx, ERR_LIMIT, "Có quá %d tệp tài liệu để sao lưu trong một lần", FILES_MAX);
        buf_put(names, name);
    }
    return OK;
}

static enum err add_kind(struct ctx *cx, const struct fact_kind *kind, struct buf *names)
{
    SQL(list_bodies, "SELECT body FROM fact WHERE kind = $1 ORDER BY seq /*scan*/");

    struct ctx *side = replay_side_ctx(cx);
    enum err err = OK;
    struct rows rows = db_rows(side, &list_bodies, BIND(V(kind->name)));
    while (err == OK && rows_next(&rows))
        err = add_named(cx, side, kind, rows_str(&rows), names);
    enum err err_rows = rows_end(&rows);
    if (err_rows != OK || side->fault.code != OK)
        cx->fault = side->fault;
    arena_end(&side->arena);
    return err != OK ? err : err_rows;
}

static int by_name(const void *a, const void *b)
{
    return str_compare(*(const struct str *)a, *(const struct str *)b);
}

enum err backup_files_named(struct ctx *cx, struct file_names *ret_names)
{
    struct buf text;
    buf_init(&text, &cx->arena);
    size_t rooms_len = 0;
    const struct fact_kinds *rooms = fact_kinds_registered(&rooms_len);
    for (size_t i = 0; i < rooms_len; i++)
        for (size_t j = 0; j < rooms[i].len; j++)
            if (has_file(&rooms[i].at[j]))
                TRY(add_kind(cx, &rooms[i].at[j], &text));
    size_t all = text.len / FILE_DIGEST_HEX;
    struct file_names names = { ARENA_NEW_ARRAY(&cx->arena, struct str, all + 1), 0 };
    for (size_t i = 0; i < all; i++)
        names.at[i] = (struct str){ text.at + i * FILE_DIGEST_HEX, FILE_DIGEST_HEX };
    qsort(names.at, all, sizeof *names.at, by_name);
    for (size_t i = 0; i < all; i++)
        if (names.len == 0 || !str_eq(names.at[names.len - 1], names.at[i]))
            names.at[names.len++] = names.at[i];
    *ret_names = names;
    return OK;
}

/* Copying, and what is said of it. */

static enum err make_folder(struct ctx *cx, const char *path)
{
    return mkdir(path, 0700) == 0 ? OK : fail_detail(cx, ERR_UNAVAILABLE, "%s: %s", path, strerrordesc_np(errno));
}

static struct str inside(struct ctx *side, const char *dir, struct str name)
{
    return str_format(&side->arena, "%s/" STR_FMT, dir, STR_ARG(name));
}

/* One file, synced under its name. *ret_sound is false, and nothing is left, when there is none or it is another. */
static enum err copy_one(struct ctx *side, const char *from, const char *to, struct str name, int64_t *ret_bytes,
                         bool *ret_sound)
{
    const char *source = inside(side, from, name).at;
    const char *copy = inside(side, to, name).at;
    struct file_seen seen = { 0 };
    *ret_sound = false;
    if (file_look(side, source, &seen) != OK || !str_eq(str_from(seen.hex), name))
        return OK;
    TRY(file_copy(side, source, copy, &seen));
    if (!str_eq(str_from(seen.hex), name))
        return fail(side, ERR_UNAVAILABLE, "Tệp " STR_FMT " thay đổi trong lúc sao chép", STR_ARG(name));
    TRY(file_sync(side, copy, O_RDWR));
    *ret_bytes = seen.bytes;
    *ret_sound = true;
    return OK;
}

enum err backup_files_copy(struct ctx *cx, const char *dir, const struct file_names *names, const char *to,
                           struct verify_list *list, struct backup_files *ret_files)
{
    struct ctx *side = replay_side_ctx(cx);
    const char *from = str_format(&cx->arena, "%s/files", dir).at;
    struct backup_files files = { 0 };
    struct buf text;
    buf_init(&text, &cx->arena);
    TRY(make_folder(cx, to));
    for (size_t i = 0; i < names->len; i++) {
        int64_t bytes = 0;
        bool sound = false;
        enum err err = copy_one(side, from, to, names->at[i], &bytes, &sound);
        cx->fault = err == OK ? cx->fault : side->fault;
        TRY(err);
        if (sound) {
            files.count++;
            files.bytes += bytes;
            buf_format(&text, STR_FMT " %lld\n", STR_ARG(names->at[i]), (long long)bytes);
        } else {
            verify_add(cx, list, "Thiếu hoặc hỏng tệp files/" STR_FMT ": bản sao lưu không có tệp này",
                       STR_ARG(names->at[i]));
            buf_format(&text, STR_FMT " -\n", STR_ARG(names->at[i]));
        }
        arena_reset(&side->arena);
    }
    const char *path = str_format(&cx->arena, "%s/list", to).at;
    TRY(file_write(cx, path, buf_str(&text)));
    TRY(file_sync(cx, path, O_RDWR));
    TRY(file_look(cx, path, &files.list));
    *ret_files = files;
    return OK;
}

static enum err read_list(struct ctx *cx, const char *path, const struct backup_files *said, struct str *ret_text)
{
    struct file_seen seen = { 0 };
    if (file_look(cx, path, &seen) != OK)
        return fail(cx, ERR_INVALID, "Bản sao lưu thiếu danh sách tệp tài liệu %s", path);
    if (strcmp(seen.hex, said->list.hex) != 0 || seen.bytes > LIST_BYTES_MAX)
        return fail(cx, ERR_INVALID, "Danh sách tệp tài liệu %s bị sửa hoặc hỏng", path);
    const struct env *env = cx->env;
    char *text = arena_alloc(&cx->arena, (size_t)seen.bytes + 1);
    int fd = env->open(env->state, path, O_RDONLY | O_CLOEXEC, 0);
    ssize_t got = 1;
    size_t len = 0;
    while (fd >= 0 && got > 0 && len < (size_t)seen.bytes) {
        got = env->read(env->state, fd, text + len, (size_t)seen.bytes - len);
        len += got > 0 ? (size_t)got : 0;
    }
    if (fd >= 0)
        env->close(env->state, fd);
    if (len != (size_t)seen.bytes)
        return fail_detail(cx, ERR_UNAVAILABLE, "%s: cut off", path);
    *ret_text = (struct str){ text, len };
    return OK;
}

static enum err restore_one(struct ctx *cx, struct ctx *side, const char *from, const char *to, struct str line,
                            struct verify_list *list, struct backup_files *found)
{
    struct str name = str_cut(&line, ' ');
    if (str_eq(line, STR("-"))) {
        verify_add(cx, list, "Tệp files/" STR_FMT " đã thiếu từ khi sao lưu", STR_ARG(name));
        return OK;
    }
    int64_t bytes = 0, said_bytes = 0;
    bool sound = false;
    enum err err = copy_one(side, from, to, name, &bytes, &sound);
    cx->fault = err == OK ? cx->fault : side->fault;
    TRY(err);
    if (!sound || !str_to_i64(line, &said_bytes) || bytes != said_bytes)
        return fail(cx, ERR_INVALID, "Tệp tài liệu %s/" STR_FMT " trong bản sao lưu bị thiếu hoặc hỏng", from,
                    STR_ARG(name));
    found->count++;
    found->bytes += bytes;
    return OK;
}

enum err backup_files_restore(struct ctx *cx, const char *from, const struct backup_files *said,
                              const struct file_names *names, const char *to, struct verify_list *list)
{
    struct ctx *side = replay_side_ctx(cx);
    struct backup_files found = { 0 };
    struct str text = STR("");
    TRY(read_list(cx, str_format(&cx->arena, "%s/list", from).at, said, &text));
    TRY(make_folder(cx, to));
    size_t at = 0;
    while (text.len > 0) {
        struct str line = str_cut(&text, '\n');
        if (at == names->len || !str_eq(str_sub(line, 0, FILE_DIGEST_HEX), names->at[at++]))
            return fail(cx, ERR_INVALID, "Danh sách tệp tài liệu không khớp với sổ bản ghi trong bản sao lưu");
        TRY(restore_one(cx, side, from, to, line, list, &found));
        arena_reset(&side->arena);
    }
    if (at != names->len || found.count != said->count || found.bytes != said->bytes)
        return fail(cx, ERR_INVALID, "Số tệp tài liệu trong bản sao lưu không khớp với tệp kê khai");
    return OK;
}
