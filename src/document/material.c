#include "document/document_fact.h"
#include "document/document_read.h"

#include "unit/unit.h"
#include "viet/viet.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>

/* ---- What a file is, by its bytes and its name together ---- */

struct file_sort {
    struct str ending;
    struct str starts;
    struct str holds; /* a part every such office file has; "" for the others */
    struct str content_type;
};

static const struct file_sort file_sorts[] = {
    { STR_INIT(".pdf"), STR_INIT("%PDF-"), STR_INIT(""), STR_INIT("application/pdf") },
    { STR_INIT(".png"), STR_INIT("\x89PNG\r\n\x1a\n"), STR_INIT(""), STR_INIT("image/png") },
    { STR_INIT(".jpg"), STR_INIT("\xff\xd8\xff"), STR_INIT(""), STR_INIT("image/jpeg") },
    { STR_INIT(".jpeg"), STR_INIT("\xff\xd8\xff"), STR_INIT(""), STR_INIT("image/jpeg") },
    { STR_INIT(".docx"), STR_INIT("PK\x03\x04"), STR_INIT("word/document.xml"),
      STR_INIT("application/vnd.openxmlformats-officedocument.wordprocessingml.document") },
    { STR_INIT(".pptx"), STR_INIT("PK\x03\x04"), STR_INIT("ppt/presentation.xml"),
      STR_INIT("application/vnd.openxmlformats-officedocument.presentationml.presentation") },
    { STR_INIT(".xlsx"), STR_INIT("PK\x03\x04"), STR_INIT("xl/workbook.xml"),
      STR_INIT("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet") },
};

enum err material_sniff(struct ctx *cx, struct str name, struct str content,
                        struct str *ret_content_type)
{
    if (content.len == 0)
        return fail_field(cx, "file", "Tệp rỗng, xin chọn lại tệp");
    if (content.len > MATERIAL_BYTES_MAX)
        return fail(cx, ERR_LIMIT,
                    "Tệp lớn quá 24 MB; với phim bài giảng xin ghi địa chỉ thay cho tệp");
    TRY(document_refuse_secret(cx, "file", name));
    struct str lower = viet_lower(&cx->arena, name);
    for (size_t i = 0; i < LEN(file_sorts); i++) {
        const struct file_sort *sort = &file_sorts[i];
        if (!str_ends(lower, sort->ending))
            continue;
        bool is_such = str_starts(content, sort->starts) &&
                       (sort->holds.len == 0 || str_find(content, sort->holds) < content.len);
        if (!is_such)
            return fail_field(cx, "file",
                              "Nội dung tệp không đúng với đuôi " STR_FMT ", xin kiểm tra lại tệp",
                              STR_ARG(sort->ending));
        if (str_find(content, STR("vbaProject.bin")) < content.len)
            return fail_field(cx, "file",
                              "Tệp có chứa macro nên không tiếp nhận; xin lưu lại không kèm macro");
        *ret_content_type = sort->content_type;
        return OK;
    }
    return fail_field(
        cx, "file",
        "Chỉ tiếp nhận tệp PDF, DOCX, PPTX, XLSX, PNG, JPG; tệp nén xin giải nén trước khi gửi");
}

/* ---- Keeping: written, synced, renamed, and the folder synced, before any fact names it ---- */

static enum err no_room(struct ctx *cx, const char *what)
{
    return fail_detail(cx, ERR_UNAVAILABLE, "files: %s: %s", what, strerrordesc_np(errno));
}

static enum err write_all(struct ctx *cx, int fd, struct str content)
{
    size_t done = 0;
    while (done < content.len) {
        ssize_t n = cx->env->write(cx->env->state, fd, content.at + done, content.len - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return no_room(cx, "write");
        done += (size_t)n;
    }
    return cx->env->sync(cx->env->state, fd) == 0 ? OK : no_room(cx, "sync");
}

static enum err sync_folder(struct ctx *cx, const char *path)
{
    int fd = cx->env->open(cx->env->state, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    if (fd < 0)
        return no_room(cx, "open folder");
    int failed = cx->env->sync(cx->env->state, fd);
    enum err err = failed ? no_room(cx, "sync folder") : OK;
    cx->env->close(cx->env->state, fd);
    return err;
}

enum err material_keep(struct ctx *cx, struct str dir, struct str content, struct str *ret_digest)
{
    unsigned char digest[32], random[8];
    if (crypto_generichash(digest, sizeof digest, (const unsigned char *)content.at, content.len,
                           NULL, 0) != 0)
        return fail_detail(cx, ERR_SYSTEM, "files: digest");
    env_random(cx->env, random, sizeof random);
    struct str name = str_from_bytes_hex(&cx->arena, digest, sizeof digest);
    const char *folder =
        str_to_c(&cx->arena, str_format(&cx->arena, STR_FMT "/files", STR_ARG(dir)));
    const char *whole =
        str_to_c(&cx->arena, str_format(&cx->arena, "%s/" STR_FMT, folder, STR_ARG(name)));
    struct str suffix = str_from_bytes_hex(&cx->arena, random, sizeof random);
    const char *part =
        str_to_c(&cx->arena, str_format(&cx->arena, "%s.%.*s.tmp", whole, STR_ARG(suffix)));
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return no_room(cx, "make folder");
    int fd = cx->env->open(cx->env->state, part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return no_room(cx, "open");
    enum err err = write_all(cx, fd, content);
    if (cx->env->close(cx->env->state, fd) != 0 && err == OK)
        err = no_room(cx, "close");
    if (err == OK && cx->env->rename(cx->env->state, part, whole) != 0)
        err = no_room(cx, "rename");
    if (err != OK) {
        cx->env->unlink(cx->env->state, part);
        return err;
    }
    TRY(sync_folder(cx, folder));
    *ret_digest = name;
    return OK;
}

enum err material_open(struct ctx *cx, struct str dir, const struct material *material,
                       struct str *ret_content)
{
    unsigned char want[32], got[32];
    const char *path = str_to_c(&cx->arena, str_format(&cx->arena, STR_FMT "/files/" STR_FMT,
                                                       STR_ARG(dir), STR_ARG(material->digest)));
    if (!str_to_bytes_hex(material->digest, want, sizeof want) || material->bytes < 0 ||
        material->bytes > MATERIAL_BYTES_MAX)
        return fail(cx, ERR_NOT_FOUND, "Tài liệu này không có tệp để tải");
    char *at = arena_alloc(&cx->arena, (size_t)material->bytes + 1);
    size_t len = 0;
    int fd = cx->env->open(cx->env->state, path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return no_room(cx, "open");
    ssize_t n = 1;
    while (len <= (size_t)material->bytes && n > 0) {
        n = cx->env->read(cx->env->state, fd, at + len, (size_t)material->bytes + 1 - len);
        len += n > 0 ? (size_t)n : 0;
    }
    cx->env->close(cx->env->state, fd);
    /* A file that is not what the fact says is not handed out: a damaged disk must be loud. */
    if (len != (size_t)material->bytes ||
        crypto_generichash(got, sizeof got, (const unsigned char *)at, len, NULL, 0) != 0 ||
        memcmp(got, want, sizeof got) != 0)
        return fail_detail(cx, ERR_SYSTEM, "files: " STR_FMT " is damaged",
                           STR_ARG(material->digest));
    *ret_content = (struct str){ at, len };
    return OK;
}

/* ---- Facts ---- */

static enum err read_materials(struct rows rows, struct material *list, size_t *ret_len)
{
    size_t len = 0;
    while (len < MATERIALS_MAX && rows_next(&rows)) {
        struct material *m = &list[len++];
        m->id = rows_i64(&rows);
        m->document_id = rows_i64(&rows);
        m->name = rows_str(&rows);
        m->content_type = rows_str(&rows);
        m->digest = rows_str(&rows);
        m->link = rows_str(&rows);
        m->bytes = rows_i64(&rows);
        m->deliver_before = rows_i64(&rows);
        m->delivered_at = rows_i64(&rows);
        m->is_mine = rows_i64(&rows) != 0;
        m->my_received_at = rows_i64(&rows);
    }
    *ret_len = len;
    return rows_end(&rows);
}

#define MATERIAL_COLUMNS                                                                         \
    "SELECT m.id, m.document_id, m.name, m.content_type, m.digest, m.link, m.bytes, "            \
    "m.deliver_before, m.delivered_at,"                                                          \
    " CASE WHEN r.unit_id IS NULL THEN 0 ELSE 1 END, COALESCE(r.received_at, 0) FROM material m" \
    " LEFT JOIN material_receipt r ON r.material_id = m.id AND r.unit_id = $2"

enum err material_find(struct ctx *cx, int64_t material_id, struct material *ret_material)
{
    SQL(find_material, MATERIAL_COLUMNS " WHERE m.id = $1");

    struct material *list = ARENA_NEW_ARRAY(&cx->arena, struct material, MATERIALS_MAX);
    size_t len = 0;
    TRY(read_materials(db_rows(cx, &find_material, BIND(V(material_id), V(cx->actor->unit_id))),
                       list, &len));
    if (len == 0)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy tài liệu này");
    *ret_material = list[0];
    return OK;
}

/* Who works on the paper sees all its materials; who has got the paper those that were delivered.
 */
enum err material_list(struct ctx *cx, int64_t document_id, struct material **ret_list,
                       size_t *ret_len)
{
    SQL(list_materials, MATERIAL_COLUMNS
        " WHERE m.document_id = $1 AND ($3 = 1 OR m.delivered_at > 0) ORDER BY m.id");

    struct document document = { 0 };
    TRY(document_get(cx, document_id, &document));
    bool is_own = document_is_own(cx->actor, document.issuer_unit_id, document.issuer_path);
    struct material *list = ARENA_NEW_ARRAY(&cx->arena, struct material, MATERIALS_MAX);
    TRY(read_materials(
        db_rows(cx, &list_materials, BIND(V(document_id), V(cx->actor->unit_id), V(is_own))), list,
        ret_len));
    for (size_t i = 0; i < *ret_len; i++)
        TRY(material_count(cx, &document, &list[i]));
    *ret_list = list;
    return OK;
}

enum err material_count(struct ctx *cx, const struct document *document, struct material *material)
{
    SQL(count_receipts,
        "SELECT COUNT(*), COALESCE(SUM(CASE WHEN received_at > 0 THEN 1 ELSE 0 END), 0)"
        " FROM material_receipt WHERE material_id = $1 AND unit_path >= $2 AND unit_path < $3");

    struct scope scope = cx->actor->scope;
    if (unit_scope_holds(&scope, document->issuer_path))
        scope = (struct scope){ STR(""), STR("g") };
    struct rows rows =
        db_rows(cx, &count_receipts, BIND(V(material->id), V(scope.path_lo), V(scope.path_hi)));
    if (rows_next(&rows)) {
        material->sent = rows_i64(&rows);
        material->received = rows_i64(&rows);
    }
    return rows_end(&rows);
}

enum err material_get(struct ctx *cx, int64_t material_id, struct material *ret_material)
{
    struct document document = { 0 };
    struct material material = { 0 };
    TRY(material_find(cx, material_id, &material));
    TRY(document_get(cx, material.document_id, &document));
    if (material.delivered_at == 0 &&
        !document_is_own(cx->actor, document.issuer_unit_id, document.issuer_path))
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy tài liệu này");
    *ret_material = material;
    return OK;
}

static bool is_https(struct str link)
{
    return str_starts(link, STR("https://")) && str_find(link, STR(" ")) == link.len &&
           str_find(link, STR("\"")) == link.len;
}

enum err material_decide_attached(struct ctx *cx, const struct fact *fact, const void *body)
{
    (void)fact;
    const struct material_attached *attached = body;
    struct document document = { 0 };
    TRY(document_find(cx, attached->document_id, &document));
    TRY(document_must_own(cx, document.issuer_unit_id, document.issuer_path,
                          PERMISSION_DOCUMENT_DRAFT));
    TRY(document_refuse_secret(cx, "name", attached->name));
    if (attached->digest.len == 0 && !is_https(attached->link))
        return fail_field(cx, "link", "Xin chọn tệp, hoặc ghi địa chỉ bắt đầu bằng https://");
    if (str_eq(document.state, DOCUMENT_STATE_RECALLED))
        return fail(cx, ERR_CONFLICT, "Văn bản đã thu hồi nên không thêm được tài liệu");
    return OK;
}

enum err material_attach(struct ctx *cx, const struct material *material, int64_t *ret_id)
{
    struct document document = { 0 };
    TRY(document_find(cx, material->document_id, &document));
    struct material_attached body = { material->document_id,   material->name,
                                      material->content_type,  material->digest,
                                      material->link,          material->bytes,
                                      material->deliver_before };
    return fact_record(cx, &document_fact_list[MATERIAL_FACT_ATTACHED], document.issuer_unit_id, 0,
                       &body, ret_id);
}

enum err material_apply_attached(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(add_material,
        "INSERT INTO material (id, document_id, name, content_type, digest, link, bytes, "
        "deliver_before,"
        " delivered_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)");

    const struct material_attached *a = body;
    return db_run(cx, &add_material,
                  BIND(V(fact->seq), V(a->document_id), V(a->name), V(a->content_type),
                       V(a->digest), V(a->link), V(a->bytes), V(a->deliver_before)));
}

enum err material_decide_delivered(struct ctx *cx, const struct fact *fact, const void *body)
{
    (void)body;
    struct material material = { 0 };
    struct document document = { 0 };
    TRY(material_find(cx, fact->subject_id, &material));
    TRY(document_find(cx, material.document_id, &document));
    TRY(document_must_own(cx, document.issuer_unit_id, document.issuer_path,
                          PERMISSION_DOCUMENT_ISSUE));
    if (str_eq(document.state, DOCUMENT_STATE_DRAFT))
        return fail(cx, ERR_CONFLICT,
                    "Văn bản còn là dự thảo; xin ban hành văn bản rồi chuyển tài liệu");
    if (material.delivered_at > 0)
        return fail(cx, ERR_CONFLICT, "Tài liệu này đã được chuyển");
    return OK;
}

enum err material_deliver(struct ctx *cx, int64_t material_id)
{
    struct material material = { 0 };
    struct document document = { 0 };
    TRY(material_find(cx, material_id, &material));
    TRY(document_find(cx, material.document_id, &document));
    struct document_marked nothing = { .note = STR("") };
    return fact_record(cx, &document_fact_list[MATERIAL_FACT_DELIVERED], document.issuer_unit_id,
                       material_id, &nothing, NULL);
}

enum err material_apply_delivered(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(mark_delivered, "UPDATE material SET delivered_at = $2 WHERE id = $1");
    SQL(add_receipts,
        "INSERT INTO material_receipt (material_id, unit_id, unit_path, delivered_at, received_at)"
        " SELECT CAST($1 AS BIGINT), v.unit_id, v.unit_path, CAST($3 AS BIGINT), 0 FROM "
        "document_delivery v"
        " WHERE v.document_id = $2 ON CONFLICT (material_id, unit_id) DO NOTHING");
    SQL(list_paths,
        "SELECT unit_path FROM material_receipt WHERE material_id = $1 ORDER BY unit_id");

    (void)body;
    struct material material = { 0 };
    TRY(material_find(cx, fact->subject_id, &material));
    TRY(db_run(cx, &mark_delivered, BIND(V(material.id), V(fact->at))));
    TRY(db_run(cx, &add_receipts, BIND(V(material.id), V(material.document_id), V(fact->at))));
    struct rows rows = db_rows(cx, &list_paths, BIND(V(material.id)));
    while (rows_next(&rows))
        counter_add(cx, "material_sent", material.document_id, rows_str(&rows), 1);
    TRY(rows_end(&rows));
    material.delivered_at = fact->at;
    size_t len = 0;
    const struct document_listener *const *listeners = document_listeners(&len);
    for (size_t i = 0; i < len; i++) {
        if (listeners[i]->material_delivered)
            TRY(listeners[i]->material_delivered(cx, fact, &material));
    }
    return OK;
}

enum err material_receive(struct ctx *cx, int64_t material_id)
{
    SQL(find_receipt,
        "SELECT received_at FROM material_receipt WHERE material_id = $1 AND unit_id = $2");

    int64_t unit_id = cx->actor->unit_id, received_at = 0;
    if (db_i64(cx, &find_receipt, BIND(V(material_id), V(unit_id)), &received_at) != OK) {
        if (cx->fault.code != ERR_NOT_FOUND)
            return cx->fault.code;
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy tài liệu này trong tài liệu gửi đơn vị");
    }
    if (received_at > 0)
        return OK; /* a second time is a success */
    struct document_marked nothing = { .note = STR("") };
    return fact_record(cx, &document_fact_list[MATERIAL_FACT_RECEIVED], unit_id, material_id,
                       &nothing, NULL);
}

enum err material_apply_received(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(find_unreceived, "SELECT unit_path FROM material_receipt WHERE material_id = $1 AND unit_id = $2"
                         " AND received_at = 0");
    SQL(mark_received,
        "UPDATE material_receipt SET received_at = $3 WHERE material_id = $1 AND unit_id = $2");

    (void)body;
    struct material material = { 0 };
    TRY(material_find(cx, fact->subject_id, &material));
    struct str path = STR("");
    struct rows rows = db_rows(cx, &find_unreceived, BIND(V(fact->subject_id), V(fact->unit_id)));
    if (rows_next(&rows))
        path = rows_str(&rows);
    TRY(rows_end(&rows));
    if (path.len == 0)
        return OK;
    TRY(db_run(cx, &mark_received, BIND(V(fact->subject_id), V(fact->unit_id), V(fact->at))));
    counter_add(cx, "material_received", material.document_id, path, 1);
    size_t len = 0;
    const struct document_listener *const *listeners = document_listeners(&len);
    for (size_t i = 0; i < len; i++) {
        if (listeners[i]->material_received)
            TRY(listeners[i]->material_received(cx, fact, material.document_id, material.id,
                                                fact->unit_id));
    }
    return OK;
}
