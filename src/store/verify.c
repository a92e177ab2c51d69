#include "store/verify.h"

#include "base/day.h"
#include "store/backup_files.h"
#include "store/chain.h"
#include "store/fact_body.h"
#include "store/guard.h"
#include "store/inside.h"
#include "store/replay.h"

#include <stdarg.h>

enum { VERIFY_CHUNK = 1000 };

void verify_add(struct ctx *cx, struct verify_list *list, const char *format, ...)
{
    if (list->len == VERIFY_FINDINGS_MAX) {
        list->left_out++;
        return;
    }
    char text[1000];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    list->at[list->len++] = str_copy(&cx->arena, str_from(text));
}

/* The chain. */

static enum err find_salt(struct ctx *cx, int64_t seq, struct bytes *ret_salt)
{
    SQL(find_private_salt, "SELECT salt FROM fact_private WHERE seq = $1");

    struct rows rows = db_rows(cx, &find_private_salt, BIND(V(seq)));
    if (rows_next(&rows))
        *ret_salt = rows_bytes(&rows);
    return rows_end(&rows);
}

static enum err check_private(struct ctx *cx, const struct fact_row *row, bool *ret_sound)
{
    *ret_sound = true;
    if (row->private_body.len == 0)
        return OK; /* none, or erased: the chain holds without them */
    struct bytes salt = { 0 };
    TRY(find_salt(cx, row->fact.seq, &salt));
    *ret_sound = salt.len == FACT_SALT_BYTES &&
                 str_eq(fact_body_digest(cx, salt.at, row->private_body), fact_body_find_digest(row->body));
    return OK;
}

static enum err check_fact(struct ctx *cx, struct ctx *side, const struct fact_row *row, struct verify_head *head,
                           struct verify_list *list)
{
    unsigned char hash[FACT_HASH_BYTES];
    chain_hash(head->hash, &row->fact, row->kind, row->body, hash);
    const char *when = instant_format(&side->arena, row->fact.at).at;
    if (row->fact.seq != head->facts + 1)
        verify_add(cx, list, "Sổ bản ghi thiếu từ số %lld đến số %lld", (long long)head->facts + 1,
                   (long long)row->fact.seq - 1);
    else if (memcmp(hash, row->hash, sizeof hash) != 0)
        verify_add(cx, list, "Bản ghi số %lld (" STR_FMT ", %s) đã bị sửa hoặc hỏng: mã băm không khớp với chuỗi",
                   (long long)row->fact.seq, STR_ARG(row->kind), when);
    bool private_is_sound = true;
    TRY(check_private(side, row, &private_is_sound));
    if (!private_is_sound)
        verify_add(cx, list, "Bản ghi số %lld (" STR_FMT ", %s): phần thông tin cá nhân đã bị sửa hoặc hỏng",
                   (long long)row->fact.seq, STR_ARG(row->kind), when);
    /* Go on from what is stored, so that each entry is judged by itself and one change is one finding. */
    head->facts = row->fact.seq;
    memcpy(head->hash, row->hash, sizeof head->hash);
    return OK;
}

enum err verify_chain(struct ctx *cx, struct verify_list *list, struct verify_head *ret_head)
{
    struct ctx *side = replay_side_ctx(cx);
    *ret_head = (struct verify_head){ 0 };
    for (size_t len = VERIFY_CHUNK; len == VERIFY_CHUNK;) {
        struct fact_row *rows = ARENA_NEW_ARRAY(&side->arena, struct fact_row, VERIFY_CHUNK);
        enum err err = fact_list(side, ret_head->facts, rows, VERIFY_CHUNK, &len);
        for (size_t i = 0; i < len && err == OK; i++)
            err = check_fact(cx, side, &rows[i], ret_head, list);
        cx->fault = side->fault;
        TRY(err);
        arena_reset(&side->arena);
    }
    return OK;
}

enum err verify_engine(struct ctx *cx, enum verify what, struct verify_list *list)
{
    struct str *found = NULL;
    size_t len = 0;
    TRY(cx->db->engine->verify(cx, what, &found, &len));
    for (size_t i = 0; i < len; i++)
        verify_add(cx, list, "Cơ sở dữ liệu báo: " STR_FMT, STR_ARG(found[i]));
    return OK;
}

/* What the facts make, compared with what stands in the tables. */

struct comparison {
    struct ctx *here;
    struct verify_list *list;
};

static enum err compare_tables(struct ctx *rebuilt, void *what)
{
    struct comparison *comparison = what;
    struct ctx *cx = comparison->here;
    cx->arena.guard = rebuilt->arena.guard; /* memory that ends here ends the comparison, in either database */
    struct str *tables = NULL;
    size_t len = 0;
    TRY(replay_tables(rebuilt, &tables, &len));
    for (size_t i = 0; i < len; i++) {
        unsigned char here[FACT_HASH_BYTES];
        unsigned char there[FACT_HASH_BYTES];
        enum err err = replay_digest_table(cx, tables[i], here);
        rebuilt->fault = cx->fault;
        TRY(err);
        TRY(replay_digest_table(rebuilt, tables[i], there));
        if (memcmp(here, there, sizeof here) != 0)
            verify_add(cx, comparison->list, "Bảng " STR_FMT " không khớp với sổ bản ghi; xin chạy lệnh rebuild",
                       STR_ARG(tables[i]));
    }
    return OK;
}

static enum err check_tables(struct ctx *cx, struct store *store, int64_t facts, struct verify_list *list)
{
    struct store *rebuilt = NULL;
    if (replay_into_new(cx, store, facts, &rebuilt) != OK) {
        verify_add(cx, list, "Không dựng lại được dữ liệu từ sổ bản ghi: %s (%s)", cx->fault.words, cx->fault.detail);
        return OK;
    }
    struct ctx *side = replay_side_ctx(cx);
    enum err err = guard_read(side, rebuilt, compare_tables, &(struct comparison){ replay_side_ctx(cx), list });
    cx->fault = side->fault;
    store_close(rebuilt);
    return err;
}

/* Files: each is named by the BLAKE2b-256 of its bytes. */

static void check_file(struct ctx *cx, struct ctx *side, const char *dir, struct str name, struct verify_list *list)
{
    struct file_seen seen = { 0 };
    struct str path = str_format(&side->arena, "%s/files/" STR_FMT, dir, STR_ARG(name));
    if (file_look(side, path.at, &seen) != OK)
        verify_add(cx, list, "Thiếu hoặc không đọc được tệp files/" STR_FMT, STR_ARG(name));
    else if (!str_eq(str_from(seen.hex), name))
        verify_add(cx, list, "Tệp files/" STR_FMT " đã bị sửa hoặc hỏng: nội dung không khớp với tên", STR_ARG(name));
    arena_reset(&side->arena);
}

/* Each file that facts name; what lies there without a fact (an upload that was given up) is nobody's. */
static enum err check_files(struct ctx *cx, const struct store *store, struct verify_list *list)
{
    struct ctx *side = replay_side_ctx(cx);
    struct file_names names = { 0 };
    TRY(backup_files_named(cx, &names));
    for (size_t i = 0; i < names.len; i++)
        check_file(cx, side, store->dir, names.at[i], list);
    return OK;
}

/* check */

struct checking {
    struct store *store;
    struct verify_list *list;
    int64_t facts;
};

/* In one moment: the program may go on writing meanwhile. */
static enum err check_all(struct ctx *cx, void *what)
{
    struct checking *checking = what;
    struct verify_head head = { 0 };
    TRY(verify_engine(cx, VERIFY_ALL, checking->list));
    TRY(verify_chain(cx, checking->list, &head));
    checking->facts = head.facts;
    if (checking->list->len == 0) /* a broken chain has nothing to be compared with */
        TRY(check_tables(cx, checking->store, head.facts, checking->list));
    return check_files(cx, checking->store, checking->list);
}

enum err store_check(struct ctx *cx, struct store *store, struct store_findings *ret_findings)
{
    struct verify_list *list = ARENA_NEW(&cx->arena, struct verify_list);
    struct checking checking = { store, list, 0 };
    TRY(guard_read(cx, store, check_all, &checking));
    if (list->left_out > 0)
        list->at[VERIFY_FINDINGS_MAX - 1] = str_format(&cx->arena, "và %zu điểm khác", list->left_out + 1);
    *ret_findings = (struct store_findings){ list->at, list->len, checking.facts };
    return OK;
}
