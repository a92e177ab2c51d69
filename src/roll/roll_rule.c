#include "roll/roll_rule.h"

#include <stdlib.h>
#include <string.h>

/* id, mark, time, point: 16 + 1 + 8 + 8 bytes of a stored mark. */
enum { ID_BYTES = 16, MARK_BYTES = ID_BYTES + 1 + 8 + 8, ID_HEX = 2 * ID_BYTES };

static bool holds_id(const struct fact_id *ids, size_t len, const struct fact_id *id)
{
    for (size_t i = 0; i < len; i++)
        if (roll_id_compare(&ids[i], id) == 0)
            return true;
    return false;
}

/* Keeps the list ascending; a second time changes nothing. The list has room. */
static size_t insert_id(struct fact_id *ids, size_t len, const struct fact_id *id)
{
    size_t at = 0;
    while (at < len && roll_id_compare(&ids[at], id) < 0)
        at++;
    if (at < len && roll_id_compare(&ids[at], id) == 0)
        return len;
    memmove(ids + at + 1, ids + at, (len - at) * sizeof *ids);
    ids[at] = *id;
    return len + 1;
}

static size_t insert_mark(struct roll_said *marks, size_t len, const struct roll_said *said)
{
    size_t at = 0;
    while (at < len && roll_id_compare(&marks[at].id, &said->id) < 0)
        at++;
    if (at < len && roll_id_compare(&marks[at].id, &said->id) == 0)
        return len;
    memmove(marks + at + 1, marks + at, (len - at) * sizeof *marks);
    marks[at] = *said;
    return len + 1;
}

struct roll_state roll_state_add(struct arena *arena, const struct roll_state *state, const struct roll_said *said,
                                 const struct fact_id *replaces, size_t replaces_len)
{
    struct roll_state next = { .known = ARENA_NEW_ARRAY(arena, struct roll_said, state->known_len + 1),
                               .named = ARENA_NEW_ARRAY(arena, struct fact_id, state->named_len + replaces_len + 1),
                               .known_len = state->known_len,
                               .named_len = state->named_len };
    if (state->known_len > 0)
        memcpy(next.known, state->known, state->known_len * sizeof *state->known);
    if (state->named_len > 0)
        memcpy(next.named, state->named, state->named_len * sizeof *state->named);
    next.known_len = insert_mark(next.known, next.known_len, said);
    for (size_t i = 0; i < replaces_len; i++)
        if (roll_id_compare(&replaces[i], &said->id) != 0) /* nothing replaces itself */
            next.named_len = insert_id(next.named, next.named_len, &replaces[i]);
    return next;
}

static bool says_the_same(const struct roll_said *a, const struct roll_said *b)
{
    bool in_room = a->mark == ROLL_PRESENT || a->mark == ROLL_LATE;
    return a->mark == b->mark && (!in_room || a->point_id == b->point_id);
}

struct roll_outcome roll_state_outcome(struct arena *arena, const struct roll_state *state)
{
    struct roll_outcome outcome = { .mark = ROLL_NONE,
                                    .heads = ARENA_NEW_ARRAY(arena, struct fact_id, state->known_len + 1) };
    size_t replaced = 0;
    for (size_t i = 0; i < state->known_len; i++)
        replaced += holds_id(state->named, state->named_len, &state->known[i].id);
    bool is_ring = replaced == state->known_len;
    const struct roll_said *first = NULL;
    for (size_t i = 0; i < state->known_len; i++) {
        const struct roll_said *said = &state->known[i];
        if (!is_ring && holds_id(state->named, state->named_len, &said->id))
            continue;
        first = first ? first : said;
        /* Ascending by id, so that of equal times the later of the list has the greater id. */
        if (!outcome.winner || said->at >= outcome.winner->at)
            outcome.winner = said;
        outcome.is_conflict = outcome.is_conflict || !says_the_same(said, first);
        outcome.heads[outcome.heads_len++] = said->id;
    }
    if (outcome.winner)
        outcome.mark = outcome.winner->mark;
    return outcome;
}

/* ---- As stored ---- */

static void put_number(unsigned char *at, int64_t value)
{
    uint64_t bits = (uint64_t)value;
    for (int i = 0; i < 8; i++)
        at[i] = (unsigned char)(bits >> (56 - 8 * i) & 0xFF);
}

static int64_t take_number(const unsigned char *at)
{
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++)
        bits = bits << 8 | at[i];
    return (int64_t)bits;
}

struct bytes roll_state_known(struct arena *arena, const struct roll_state *state)
{
    unsigned char *at = ARENA_NEW_ARRAY(arena, unsigned char, state->known_len * MARK_BYTES + 1);
    for (size_t i = 0; i < state->known_len; i++) {
        unsigned char *mark = at + i * MARK_BYTES;
        memcpy(mark, state->known[i].id.at, ID_BYTES);
        mark[ID_BYTES] = (unsigned char)state->known[i].mark;
        put_number(mark + ID_BYTES + 1, state->known[i].at);
        put_number(mark + ID_BYTES + 9, state->known[i].point_id);
    }
    return (struct bytes){ at, state->known_len * MARK_BYTES };
}

struct bytes roll_state_named(struct arena *arena, const struct roll_state *state)
{
    unsigned char *at = ARENA_NEW_ARRAY(arena, unsigned char, state->named_len * ID_BYTES + 1);
    for (size_t i = 0; i < state->named_len; i++)
        memcpy(at + i * ID_BYTES, state->named[i].at, ID_BYTES);
    return (struct bytes){ at, state->named_len * ID_BYTES };
}

bool roll_state_read(struct arena *arena, struct bytes known, struct bytes named, struct roll_state *ret_state)
{
    if (known.len % MARK_BYTES != 0 || named.len % ID_BYTES != 0)
        return false;
    struct roll_state state = { .known_len = known.len / MARK_BYTES, .named_len = named.len / ID_BYTES };
    state.known = ARENA_NEW_ARRAY(arena, struct roll_said, state.known_len + 1);
    state.named = ARENA_NEW_ARRAY(arena, struct fact_id, state.named_len + 1);
    for (size_t i = 0; i < state.known_len; i++) {
        const unsigned char *mark = known.at + i * MARK_BYTES;
        if (mark[ID_BYTES] >= ROLL_MARKS)
            return false;
        memcpy(state.known[i].id.at, mark, ID_BYTES);
        state.known[i].mark = (enum roll_mark)mark[ID_BYTES];
        state.known[i].at = take_number(mark + ID_BYTES + 1);
        state.known[i].point_id = take_number(mark + ID_BYTES + 9);
    }
    if (named.len > 0)
        memcpy(state.named, named.at, named.len);
    *ret_state = state;
    return true;
}

/* ---- Ids as text ---- */

bool roll_id_parse(struct str text, struct fact_id *ret_id)
{
    static const struct fact_id none;
    struct fact_id id;
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] >= 'A' && text.at[i] <= 'F')
            return false; /* one way to write an id, or equal texts would not be equal ids */
    if (!str_to_bytes_hex(text, id.at, sizeof id.at) || roll_id_compare(&id, &none) == 0)
        return false;
    *ret_id = id;
    return true;
}

bool roll_ids_parse(struct str text, struct fact_id *ret_ids, size_t *ret_len)
{
    size_t len = 0;
    size_t given = 0;
    while (text.len > 0) {
        struct fact_id id;
        bool has_more = text.len > ID_HEX;
        if (++given > ROLL_REPLACES_MAX || (has_more && text.len < 2 * ID_HEX + 1) ||
            !roll_id_parse(str_cut(&text, ','), &id))
            return false;
        len = insert_id(ret_ids, len, &id);
    }
    *ret_len = len;
    return true;
}

struct str roll_ids_format(struct arena *arena, const struct fact_id *ids, size_t len)
{
    struct buf out;
    buf_init(&out, arena);
    for (size_t i = 0; i < len; i++) {
        if (i > 0)
            buf_put_char(&out, ',');
        buf_put(&out, str_from_bytes_hex(arena, ids[i].at, sizeof ids[i].at));
    }
    return buf_str(&out);
}
