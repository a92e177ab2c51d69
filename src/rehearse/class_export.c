#include "rehearse/class_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

/*
 * What a load generator needs to do the same without the thinking: one line a request or a stream, parted by tabs, with
 * the sessions that were just opened. requests.txt: path, cookie, body, the area's number; a mark each, as the page's own
 * form sends it without scripts. boards.txt: path, cookie, the area's number.
 */

struct export_file {
    const struct env *env;
    int fd;
    struct buf buf;
    bool has_failed;
};

static void flush(struct export_file *file, size_t keep)
{
    if (file->buf.len < keep)
        return;
    for (size_t at = 0; at < file->buf.len && !file->has_failed;) {
        ssize_t put = file->env->write(file->env->state, file->fd, file->buf.at + at, file->buf.len - at);
        file->has_failed = put <= 0;
        at += put > 0 ? (size_t)put : 0;
    }
    file->buf.len = 0;
}

static void put_csrf(struct buf *out, struct str csrf)
{
    for (size_t i = 0; i < csrf.len; i++) {
        char c = csrf.at[i];
        if (c == '+' || c == '/' || c == '=')
            buf_format(out, "%%%02X", (unsigned)c);
        else
            buf_put_char(out, c);
    }
}

static void put_requests(const struct play *play, struct export_file *file)
{
    enum { FLUSH_BYTES = 1 << 20 };
    for (size_t r = 0; r < play->rooms_len; r++) {
        const struct room *room = &play->rooms[(r * 7919) % play->rooms_len]; /* in no order of the map */
        const struct officer *officer = &play->officers[room->officer];
        for (size_t i = 0; i < room->learners_len; i++) {
            buf_format(&file->buf, "/diem-danh/%lld/%lld/luot\t" STR_FMT "\tcsrf=", (long long)room->point_id,
                       (long long)play->session_keys[0], STR_ARG(officer->cookie));
            put_csrf(&file->buf, officer->csrf);
            buf_format(&file->buf, "&fact_id={id}&luot=%lld%%3Apresent%%3A\t%lld\n", (long long)room->learners[i],
                       (long long)officer->board.at[room->area].unit_id);
            flush(file, FLUSH_BYTES);
        }
    }
}

static void put_boards(const struct play *play, struct export_file *file)
{
    for (size_t r = 0; r < play->rooms_len; r++) {
        const struct room *room = &play->rooms[r];
        const struct officer *officer = &play->officers[room->officer];
        int64_t unit_id = officer->board.at[room->area].unit_id;
        buf_format(&file->buf, "/lop/%lld/ngay-hoc/%lld/truc-tiep?so=co-mat&buoi=%lld\t" STR_FMT "\t%lld\n",
                   (long long)play->course_id, (long long)unit_id, (long long)play->session_keys[0], STR_ARG(officer->cookie),
                   (long long)unit_id);
    }
}

static enum err write_file(struct ctx *cx, const struct play *play, const char *name,
                           void (*put)(const struct play *play, struct export_file *file))
{
    struct str path = str_format(&cx->arena, STR_FMT "/%s", STR_ARG(play->options->export_dir), name);
    struct export_file file = { .env = cx->env };
    file.fd = cx->env->open(cx->env->state, str_to_c(&cx->arena, path), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file.fd < 0)
        return fail_detail(cx, ERR_UNAVAILABLE, "rehearse: %s: %s", name, strerror(errno));
    buf_init(&file.buf, &cx->arena);
    put(play, &file);
    flush(&file, 0);
    cx->env->close(cx->env->state, file.fd);
    return file.has_failed ? fail_detail(cx, ERR_UNAVAILABLE, "rehearse: %s: %s", name, strerror(errno)) : OK;
}

enum err play_export(struct ctx *cx, struct play *play)
{
    TRY(write_file(cx, play, "requests.txt", put_requests));
    return write_file(cx, play, "boards.txt", put_boards);
}
