#include "nomination/nomination_inside.h"

#include "store/store.h"

#include <sodium.h>
#include <string.h>

/* What rooms below show on the learner's page: filled at start, before any connection, and only read after. */
static struct {
    learner_block at[LEARNER_BLOCKS_MAX];
    size_t len;
} blocks;

void learner_register_block(learner_block block)
{
    for (size_t i = 0; i < blocks.len; i++) {
        if (blocks.at[i] == block)
            return;
    }
    if (blocks.len < LEARNER_BLOCKS_MAX)
        blocks.at[blocks.len++] = block;
}

/* Who is told of seats: filled at start, before any connection, and only read after. */
static struct {
    learner_seat_listener at[LEARNER_LISTENERS_MAX];
    size_t len;
} listeners;

void learner_listen_seats(learner_seat_listener listener)
{
    for (size_t i = 0; i < listeners.len; i++) {
        if (listeners.at[i] == listener)
            return;
    }
    if (listeners.len < LEARNER_LISTENERS_MAX)
        listeners.at[listeners.len++] = listener;
}

enum err learner_seat_changed(struct ctx *cx, int64_t old_point_id, int64_t new_point_id)
{
    for (size_t i = 0; old_point_id != new_point_id && i < listeners.len; i++)
        TRY(listeners.at[i](cx, old_point_id, new_point_id));
    return OK;
}

const learner_block *learner_blocks(size_t *ret_len)
{
    *ret_len = blocks.len;
    return blocks.at;
}

/* ---- Reading ---- */

#define LEARNER_COLUMNS                                                                                \
    "l.id, l.root_id, l.person_id, l.unit_id, l.area_id, l.point_id, u.full_name, p.full_name, p.family, p.middle,"     \
    " p.given, l.title, l.code_version, l.names"

static struct learner learner_from_row(struct rows *row)
{
    struct learner l = { .id = rows_i64(row) };
    l.root_id = rows_i64(row);
    l.person_id = rows_i64(row);
    l.unit_id = rows_i64(row);
    l.area_id = rows_i64(row);
    l.point_id = rows_i64(row);
    l.unit_name = rows_str(row);
    l.full_name = rows_str(row);
    l.family = rows_str(row);
    l.middle = rows_str(row);
    l.given = rows_str(row);
    l.title = rows_str(row);
    l.code_version = rows_i64(row);
    l.is_in_force = rows_i64(row) > 0;
    return l;
}

static enum err take_learners(struct ctx *cx, struct rows *rows, struct learners *ret_list)
{
    size_t room = 64;
    struct learners list = { .at = ARENA_NEW_ARRAY(&cx->arena, struct learner, room) };
    while (list.len < NOMINATION_LEARNERS_MAX && rows_next(rows)) {
        if (list.len == room) {
            struct learner *wider = ARENA_NEW_ARRAY(&cx->arena, struct learner, room * 2);
            memcpy(wider, list.at, list.len * sizeof *wider);
            list.at = wider;
            room *= 2;
        }
        list.at[list.len++] = learner_from_row(rows);
    }
    TRY(rows_end(rows));
    *ret_list = list;
    return OK;
}

enum err learner_list_of_point(struct ctx *cx, int64_t root_id, int64_t area_id, int64_t point_id, bool is_main,
                               struct learners *ret_list)
{
    /* Who was moved nowhere has point 0; -1 is nobody's area. Both parts are ranges of one index. */
    SQL(list, "SELECT " LEARNER_COLUMNS " FROM nomination_learner l JOIN person p ON p.id = l.person_id"
              " JOIN unit u ON u.id = l.unit_id WHERE l.id IN (SELECT a.id FROM nomination_learner a WHERE a.root_id = $1"
              " AND a.point_id = 0 AND a.area_id = $2 AND a.names > 0 UNION ALL SELECT b.id FROM nomination_learner b"
              " WHERE b.root_id = $1 AND b.point_id = $3 AND b.names > 0) ORDER BY p.sort_key, l.id LIMIT $4");
    struct rows rows = db_rows(cx, &list,
                               BIND(V(root_id), V(is_main ? area_id : INT64_C(-1)), V(point_id ? point_id : INT64_C(-1)),
                                    V((int64_t)NOMINATION_LEARNERS_MAX)));
    return take_learners(cx, &rows, ret_list);
}

enum err learner_find(struct ctx *cx, int64_t learner_id, struct learner *ret_learner)
{
    SQL(find, "SELECT " LEARNER_COLUMNS " FROM nomination_learner l JOIN person p ON p.id = l.person_id"
              " JOIN unit u ON u.id = l.unit_id WHERE l.id = $1");
    struct learner found = { .id = 0 };
    struct rows rows = db_rows(cx, &find, BIND(V(learner_id)));
    if (rows_next(&rows))
        found = learner_from_row(&rows);
    TRY(rows_end(&rows));
    if (found.id == 0)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy học viên này");
    *ret_learner = found;
    return OK;
}

/* ---- The code: 40 bits of the learner's id and 88 of a keyed digest, in base32 (RFC 4648) ---- */

enum { CODE_ID_BYTES = 5, CODE_BYTES = 16, LETTER_BITS = 5 };
static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

static void put_letters(const unsigned char *bytes, char *ret_letters)
{
    for (size_t i = 0; i < NOMINATION_CODE_LEN; i++) {
        unsigned value = 0;
        for (size_t bit = i * LETTER_BITS; bit < (i + 1) * LETTER_BITS; bit++) {
            unsigned byte = bit < (size_t)CODE_BYTES * 8 ? bytes[bit / 8] : 0;
            value = value << 1 | (byte >> (7 - bit % 8) & 1u);
        }
        ret_letters[i] = letters[value];
    }
}

static struct str make_code(struct ctx *cx, int64_t learner_id, int64_t root_id, int64_t version)
{
    unsigned char key[32];
    unsigned char bytes[CODE_BYTES];
    unsigned char digest[CODE_BYTES];
    const int64_t says[3] = { learner_id, root_id, version };
    store_key(db_store(cx->db), "learner code", key);
    crypto_generichash(digest, sizeof digest, (const unsigned char *)says, sizeof says, key, sizeof key);
    sodium_memzero(key, sizeof key);
    for (size_t i = 0; i < CODE_ID_BYTES; i++)
        bytes[i] = (unsigned char)((uint64_t)learner_id >> (8 * (CODE_ID_BYTES - 1 - i)) & 0xff);
    memcpy(bytes + CODE_ID_BYTES, digest, CODE_BYTES - CODE_ID_BYTES);
    char *code = arena_alloc(&cx->arena, NOMINATION_CODE_LEN);
    put_letters(bytes, code);
    return (struct str){ code, NOMINATION_CODE_LEN };
}

struct str learner_code(struct ctx *cx, const struct learner *learner)
{
    return make_code(cx, learner->id, learner->root_id, learner->code_version);
}

/* The id that a code claims to be of; 0 when it is no code at all. Small letters are typed, capitals printed. */
static int64_t claimed_id(struct str code, char ret_capitals[NOMINATION_CODE_LEN])
{
    uint64_t id = 0;
    if (code.len != NOMINATION_CODE_LEN)
        return 0;
    for (size_t i = 0; i < NOMINATION_CODE_LEN; i++) {
        char c = code.at[i];
        c = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
        const char *found = c ? strchr(letters, c) : NULL;
        if (!found)
            return 0;
        ret_capitals[i] = c;
        if (i < (size_t)CODE_ID_BYTES * 8 / LETTER_BITS)
            id = id << LETTER_BITS | (uint64_t)(found - letters);
    }
    return (int64_t)id;
}

/* One answer for a code that was never made, is old, or whose learner was withdrawn. */
static enum err no_such_code(struct ctx *cx)
{
    return fail(cx, ERR_NOT_FOUND, "Không tìm thấy trang này; xin kiểm tra lại mã hoặc hỏi đơn vị cử đi học");
}

enum err learner_find_by_code(struct ctx *cx, struct str code, struct learner *ret_learner)
{
    char capitals[NOMINATION_CODE_LEN] = { 0 };
    struct learner learner = { .id = 0 };
    int64_t id = claimed_id(code, capitals);
    enum err err = id > 0 ? learner_find(cx, id, &learner) : ERR_NOT_FOUND;
    if (err == ERR_NOT_FOUND)
        return no_such_code(cx);
    TRY(err);
    struct str expected = learner_code(cx, &learner);
    if (sodium_memcmp(expected.at, capitals, NOMINATION_CODE_LEN) != 0 || !learner.is_in_force)
        return no_such_code(cx);
    *ret_learner = learner;
    return OK;
}

struct url learner_url(struct arena *arena, struct str code)
{
    return url_format(arena, "/hv/%.*s", STR_ARG(code));
}

/* ---- Keeping; in apply ---- */

enum err learner_open(struct ctx *cx, int64_t root_id, int64_t person_id, int64_t seq, int64_t *ret_learner_id)
{
    SQL(find, "SELECT id FROM nomination_learner WHERE root_id = $1 AND person_id = $2");
    SQL(insert, "INSERT INTO nomination_learner (id, root_id, person_id, unit_id, area_id, title, point_id, code_version,"
                " names, is_sent) VALUES ($1, $2, $3, 0, 0, '', 0, 1, 0, 0)");
    int64_t id = 0;
    enum err err = db_i64(cx, &find, BIND(V(root_id), V(person_id)), &id);
    if (err == ERR_NOT_FOUND) {
        id = seq;
        err = db_run(cx, &insert, BIND(V(id), V(root_id), V(person_id)));
    }
    TRY(err);
    *ret_learner_id = id;
    return OK;
}

/* Where a learner is counted: under the unit of the oldest name in force, once. */
struct standing {
    int64_t root_id, unit_id, names;
    int64_t area_id, point_id;
    bool is_sent;
    struct str title;
};

/* The point where one sits; 0 for who is named no more. */
static int64_t seat_of(const struct standing *standing)
{
    if (standing->names == 0)
        return 0;
    return standing->point_id != 0 ? standing->point_id : course_main_point(standing->root_id, standing->area_id);
}

static enum err find_standing(struct ctx *cx, int64_t learner_id, struct standing *ret_old, struct standing *ret_new)
{
    SQL(find_old, "SELECT root_id, unit_id, names, area_id, point_id, is_sent FROM nomination_learner WHERE id = $1");
    SQL(list_names, "SELECT unit_id, title, is_sent FROM nomination_name WHERE learner_id = $1 AND is_in_force = 1"
                    " ORDER BY id");
    struct standing old = { .names = 0 };
    struct rows rows = db_rows(cx, &find_old, BIND(V(learner_id)));
    if (rows_next(&rows)) {
        old.root_id = rows_i64(&rows);
        old.unit_id = rows_i64(&rows);
        old.names = rows_i64(&rows);
        old.area_id = rows_i64(&rows);
        old.point_id = rows_i64(&rows);
        old.is_sent = rows_i64(&rows) != 0;
    }
    TRY(rows_end(&rows));
    struct standing now = { .root_id = old.root_id, .unit_id = old.unit_id, .point_id = old.point_id,
                            .title = STR("") };
    rows = db_rows(cx, &list_names, BIND(V(learner_id)));
    while (rows_next(&rows)) {
        int64_t unit_id = rows_i64(&rows);
        struct str title = rows_str(&rows);
        now.is_sent |= rows_i64(&rows) != 0;
        if (now.names++ > 0)
            continue;
        now.unit_id = unit_id;
        now.title = title;
    }
    TRY(rows_end(&rows));
    *ret_old = old;
    *ret_new = now;
    return OK;
}

static enum err count_standing(struct ctx *cx, const struct standing *standing, int64_t sign)
{
    struct unit unit = { .id = 0 };
    if (standing->names == 0)
        return OK;
    TRY(unit_find(cx, standing->unit_id, &unit));
    counter_add(cx, "learner_named", standing->root_id, unit.path, sign);
    if (standing->is_sent)
        counter_add(cx, "learner_sent", standing->root_id, unit.path, sign);
    return OK;
}

enum err learner_settle(struct ctx *cx, int64_t learner_id)
{
    SQL(update, "UPDATE nomination_learner SET unit_id = $2, area_id = $3, title = $4, names = $5, is_sent = $6 WHERE id = $1");
    SQL(update_gone, "UPDATE nomination_learner SET names = 0, is_sent = 0 WHERE id = $1");
    struct standing old = { .names = 0 };
    struct standing now = { .names = 0 };
    struct unit unit = { .id = 0 };
    TRY(find_standing(cx, learner_id, &old, &now));
    bool is_counted_alike = (old.names > 0) == (now.names > 0) && old.is_sent == now.is_sent && old.unit_id == now.unit_id;
    if (!is_counted_alike) {
        TRY(count_standing(cx, &old, -1));
        TRY(count_standing(cx, &now, 1));
    }
    if (now.names == 0) {
        TRY(db_run(cx, &update_gone, BIND(V(learner_id))));
        return learner_seat_changed(cx, seat_of(&old), 0);
    }
    TRY(unit_find(cx, now.unit_id, &unit));
    now.area_id = unit.place_id;
    TRY(db_run(cx, &update,
               BIND(V(learner_id), V(now.unit_id), V(now.area_id), V(now.title), V(now.names), V((int64_t)now.is_sent))));
    return learner_seat_changed(cx, seat_of(&old), seat_of(&now));
}
