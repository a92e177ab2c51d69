#include "course/course_inside.h"

/* What rooms below show on the class's page: filled at start, before any connection, and only read after. */
static struct {
    course_block at[COURSE_BLOCKS_MAX];
    size_t len;
} blocks;

void course_register_block(course_block block)
{
    for (size_t i = 0; i < blocks.len; i++) {
        if (blocks.at[i] == block)
            return;
    }
    if (blocks.len < COURSE_BLOCKS_MAX)
        blocks.at[blocks.len++] = block;
}

const course_block *course_blocks(size_t *ret_len)
{
    *ret_len = blocks.len;
    return blocks.at;
}

enum { CLASS_DEPTH_MAX = 4 }; /* the Academy, a province, a commune: a chain of papers is no longer */

/* The courses above and below in one class: same days, both in force. A scheme over years shares no class. */
enum err course_find_root(struct ctx *cx, int64_t course_id, int64_t *ret_root_id)
{
    SQL(find_upper,
        "SELECT up.id FROM document_relation r JOIN course up ON up.id = r.to_document_id"
        " JOIN course low ON low.id = r.document_id WHERE r.document_id = $1 AND r.relation = 'carries_out'"
        " AND up.start_day <= low.end_day AND up.end_day >= low.start_day"
        " AND NOT EXISTS (SELECT 1 FROM course_phase p WHERE p.course_id = up.id) ORDER BY r.ordinal LIMIT 1");
    int64_t root = course_id;
    for (int depth = 0; depth < CLASS_DEPTH_MAX; depth++) {
        struct rows rows = db_rows(cx, &find_upper, BIND(V(root)));
        int64_t upper = 0;
        if (rows_next(&rows))
            upper = rows_i64(&rows);
        TRY(rows_end(&rows));
        if (upper == 0)
            break;
        root = upper;
    }
    *ret_root_id = root;
    return OK;
}

/* The lower course of `course_id`'s class whose issuer works for an area that holds `unit_path`; 0 when there is none. */
static enum err find_lower_for(struct ctx *cx, int64_t course_id, struct str unit_path, int64_t *ret_id)
{
    SQL(list_lower,
        "SELECT low.id, place.path FROM document_relation r JOIN course low ON low.id = r.document_id"
        " JOIN course up ON up.id = r.to_document_id JOIN unit issuer ON issuer.id = low.issuer_unit_id"
        " JOIN unit place ON place.id = issuer.place_id WHERE r.to_document_id = $1 AND r.relation = 'carries_out'"
        " AND low.state = 'in_force' AND up.start_day <= low.end_day AND up.end_day >= low.start_day"
        " ORDER BY low.id LIMIT 1000");
    int64_t found = 0;
    struct rows rows = db_rows(cx, &list_lower, BIND(V(course_id)));
    while (rows_next(&rows)) {
        int64_t id = rows_i64(&rows);
        if (str_starts(unit_path, rows_str(&rows)))
            found = id; /* the newest paper of that area speaks for it */
    }
    TRY(rows_end(&rows));
    *ret_id = found;
    return OK;
}

static enum err find_id_for_unit(struct ctx *cx, int64_t root_id, struct str unit_path, int64_t *ret_id)
{
    int64_t id = root_id;
    for (int depth = 0; depth < CLASS_DEPTH_MAX; depth++) {
        int64_t lower = 0;
        TRY(find_lower_for(cx, id, unit_path, &lower));
        if (lower == 0)
            break;
        id = lower;
    }
    *ret_id = id;
    return OK;
}

enum err course_find_for_unit(struct ctx *cx, int64_t root_id, struct str unit_path, struct course *ret_course)
{
    int64_t id = 0;
    TRY(find_id_for_unit(cx, root_id, unit_path, &id));
    return course_find(cx, id, ret_course);
}

enum err course_find_sessions(struct ctx *cx, int64_t root_id, struct str unit_path,
                              struct course_session **ret_sessions, size_t *ret_len)
{
    int64_t own_id = 0;
    struct course_whole root = { .tests_len = 0 };
    TRY(course_read_sessions(cx, root_id, &root));
    TRY(find_id_for_unit(cx, root_id, unit_path, &own_id));
    if (own_id != root_id) {
        struct course_whole lower = { .tests_len = 0 };
        TRY(course_read_sessions(cx, own_id, &lower));
        for (size_t i = 0; i < root.sessions_len; i++) {
            for (size_t j = 0; j < lower.sessions_len; j++) {
                struct course_session *session = &root.sessions[i];
                const struct course_session *said = &lower.sessions[j];
                if (said->day != session->day || said->half != session->half)
                    continue;
                session->from_minute = said->from_minute >= 0 ? said->from_minute : session->from_minute;
                session->to_minute = said->to_minute >= 0 ? said->to_minute : session->to_minute;
            }
        }
    }
    *ret_sessions = root.sessions;
    *ret_len = root.sessions_len;
    return OK;
}
