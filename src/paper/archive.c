#include "paper/archive.h"

#include <zip.h>

#define PLEASE_AGAIN "; xin mở thử bằng phần mềm đã tạo ra nó, lưu lại rồi gửi lại"

struct archive {
    zip_t *zip;
    size_t parts_len;
    size_t file_bytes;
    uint64_t left_bytes; /* of ARCHIVE_TOTAL_MAX */
};

struct archive_part {
    struct archive *archive;
    zip_file_t *file;
    uint64_t said_bytes;
    uint64_t read_bytes;
};

static enum err refuse_damaged(struct ctx *cx)
{
    return fail(cx, ERR_INVALID, "Tệp này bị hỏng hoặc tải lên chưa trọn" PLEASE_AGAIN);
}

static enum err refuse_bomb(struct ctx *cx)
{
    return fail(cx, ERR_LIMIT, "Tệp này khi mở ra lớn quá mức của một văn bản" PLEASE_AGAIN);
}

static void close_archive(void *what)
{
    struct archive *archive = what;
    zip_discard(archive->zip);
}

static void close_part(void *what)
{
    struct archive_part *part = what;
    if (part->file)
        (void)zip_fclose(part->file);
    part->file = NULL;
}

static uint32_t number_at(struct bytes file, size_t at, int bytes)
{
    uint32_t value = 0;
    for (int i = 0; i < bytes; i++)
        value |= (uint32_t)file.at[at + (size_t)i] << (8 * i);
    return value;
}

/*
 * Before libzip reads the directory into memory: how many parts it has, by every record at the file's end that could be
 * taken for the end of the directory (APPNOTE 4.3.16; the comment behind it has at most 65,535 bytes). A directory of
 * the 64-bit form (4.3.15) is for archives of gigabytes; no word processor writes it into a paper.
 */
static enum err check_directory(struct ctx *cx, struct bytes file)
{
    enum { END_BYTES = 22, LOCATOR_BYTES = 20, COMMENT_MAX = 65535 };
    size_t tail = END_BYTES + LOCATOR_BYTES + COMMENT_MAX;
    size_t from = file.len > tail ? file.len - tail : 0;
    bool is_found = false;
    for (size_t i = from; i + END_BYTES <= file.len; i++) {
        if (file.at[i] != 'P' || file.at[i + 1] != 'K')
            continue;
        if (memcmp(file.at + i, "PK\x06\x07", 4) == 0)
            return refuse_damaged(cx);
        if (memcmp(file.at + i, "PK\x05\x06", 4) != 0)
            continue;
        is_found = true;
        uint32_t here = number_at(file, i + 8, 2), all = number_at(file, i + 10, 2);
        if (here > ARCHIVE_PARTS_MAX || all > ARCHIVE_PARTS_MAX)
            return fail(cx, ERR_LIMIT, "Tệp này gồm hơn %d phần, không giống một văn bản" PLEASE_AGAIN,
                        ARCHIVE_PARTS_MAX);
    }
    return is_found ? OK : refuse_damaged(cx);
}

enum err archive_open(struct ctx *cx, struct bytes file, struct archive **ret_archive)
{
    TRY(check_directory(cx, file));
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(file.at, file.len, 0, &error);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : NULL;
    if (!zip) {
        if (source)
            zip_source_free(source);
        enum err err = refuse_damaged(cx);
        snprintf(cx->fault.detail, sizeof cx->fault.detail, "%s", zip_error_strerror(&error));
        zip_error_fini(&error);
        return err;
    }
    zip_error_fini(&error);
    struct archive *archive = ARENA_NEW(&cx->arena, struct archive);
    archive->zip = zip;
    arena_on_end(&cx->arena, close_archive, archive);
    archive->file_bytes = file.len;
    archive->left_bytes = ARCHIVE_TOTAL_MAX;
    archive->parts_len = (size_t)zip_get_num_entries(zip, 0);
    if (archive->parts_len > ARCHIVE_PARTS_MAX)
        return refuse_bomb(cx);
    *ret_archive = archive;
    return OK;
}

size_t archive_len(const struct archive *archive)
{
    return archive->parts_len;
}

struct str archive_name(const struct archive *archive, size_t at)
{
    struct str name = str_from(zip_get_name(archive->zip, at, ZIP_FL_ENC_RAW));
    return str_is_utf8(name) ? name : STR("");
}

/* Its place, or parts_len. */
static size_t find(const struct archive *archive, struct str name)
{
    size_t at = 0;
    for (; at < archive->parts_len; at++) {
        struct str here = archive_name(archive, at);
        if (here.len == name.len && strncasecmp(here.at, name.at, name.len) == 0)
            break;
    }
    return at;
}

bool archive_has(const struct archive *archive, struct str name)
{
    return find(archive, name) < archive->parts_len;
}

/* What the directory says of the part. */
static enum err check_said(struct ctx *cx, const struct archive *archive, const zip_stat_t *said)
{
    const zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
    if ((said->valid & needed) != needed || said->comp_size > archive->file_bytes)
        return refuse_damaged(cx);
    if (said->encryption_method != ZIP_EM_NONE)
        return fail(cx, ERR_INVALID, "Tệp này đặt mật khẩu mở; xin mở tệp, bỏ mật khẩu, lưu lại rồi gửi lại");
    if (said->comp_method != ZIP_CM_STORE && said->comp_method != ZIP_CM_DEFLATE)
        return refuse_damaged(cx);
    if (said->size > ARCHIVE_PART_MAX || said->size > archive->left_bytes)
        return refuse_bomb(cx);
    if (said->size > ARCHIVE_RATIO_FREE && said->size / ARCHIVE_RATIO_MAX > said->comp_size)
        return refuse_bomb(cx);
    return OK;
}

enum err archive_part_open(struct ctx *cx, struct archive *archive, struct str name, struct archive_part **ret_part)
{
    size_t at = find(archive, name);
    if (at == archive->parts_len)
        return fail(cx, ERR_NOT_FOUND, "Tệp này thiếu phần “" STR_FMT "”" PLEASE_AGAIN, STR_ARG(name));
    zip_stat_t said;
    zip_stat_init(&said);
    if (zip_stat_index(archive->zip, at, 0, &said) != 0)
        return refuse_damaged(cx);
    TRY(check_said(cx, archive, &said));
    struct archive_part *part = ARENA_NEW(&cx->arena, struct archive_part);
    part->archive = archive;
    part->said_bytes = said.size;
    archive->left_bytes -= said.size;
    arena_on_end(&cx->arena, close_part, part);
    part->file = zip_fopen_index(archive->zip, at, 0);
    if (!part->file)
        return refuse_damaged(cx);
    *ret_part = part;
    return OK;
}

enum err archive_part_read(struct ctx *cx, struct archive_part *part, void *at, size_t room, size_t *ret_len)
{
    *ret_len = 0;
    if (!part->file)
        return OK;
    zip_int64_t len = zip_fread(part->file, at, room);
    if (len < 0)
        return refuse_damaged(cx);
    part->read_bytes += (uint64_t)len;
    /* It said less than it has, or more: either way the directory lies. */
    if (part->read_bytes > part->said_bytes || (len == 0 && part->read_bytes < part->said_bytes))
        return refuse_damaged(cx);
    if (len == 0)
        close_part(part);
    *ret_len = (size_t)len;
    return OK;
}
