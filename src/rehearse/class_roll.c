#include "rehearse/class_inside.h"

#include <stdlib.h>

/* ---- what a device takes along ---- */

static enum said_mark said_from(const char *text)
{
    static const struct str names[] = { STR_INIT("none"), STR_INIT("present"), STR_INIT("late"), STR_INIT("excused"),
                                        STR_INIT("absent") };
    for (size_t i = 0; text && i < LEN(names); i++)
        if (str_eq(names[i], str_from(text)))
            return (enum said_mark)i;
    return SAID_NONE;
}

static const char *const mark_names[] = { "none", "present", "late", "excused", "absent" };
static const char *const counters[] = { "", "roll_present", "roll_late", "roll_excused", "roll_absent" };

static void take_learners(struct play *play, struct room *room, json_t *learners)
{
    room->learners_len = json_array_size(learners);
    room->learners = ARENA_NEW_ARRAY(play->arena, int64_t, room->learners_len + 1);
    room->said = ARENA_NEW_ARRAY(play->arena, struct said, room->learners_len * play->sessions_len + 1);
    for (size_t i = 0; i < room->learners_len; i++)
        room->learners[i] = json_integer_value(json_object_get(json_array_get(learners, i), "id"));
    play->result->learners += (int64_t)room->learners_len;
}

/* What the officers had marked before: a new mark replaces it, and its figure goes. */
static void take_standing(struct play *play, struct room *room, json_t *marks)
{
    for (size_t k = 0; k < play->sessions_len; k++) {
        char key[32];
        snprintf(key, sizeof key, "%lld", (long long)play->session_keys[k]);
        json_t *of_session = json_object_get(marks, key);
        for (size_t i = 0; of_session && i < room->learners_len; i++) {
            char id[32];
            snprintf(id, sizeof id, "%lld", (long long)room->learners[i]);
            json_t *mark = json_object_get(of_session, id);
            json_t *heads = json_object_get(mark, "heads");
            if (!mark || json_array_size(heads) == 0)
                continue;
            size_t at = k * room->learners_len + i;
            struct buf list;
            buf_init(&list, play->arena);
            for (size_t n = 0; n < json_array_size(heads); n++)
                buf_format(&list, "%s\"%s\"", n ? "," : "", json_string_value(json_array_get(heads, n)));
            if (!room->heads)
                room->heads = ARENA_NEW_ARRAY(play->arena, struct str, room->learners_len * play->sessions_len);
            room->heads[at] = buf_str(&list);
            room->said[at].before = (unsigned char)said_from(json_string_value(json_object_get(mark, "mark")));
        }
    }
}

static bool next_package(void *what, struct arena *arena, struct exchange *exchange)
{
    struct play *play = what;
    if (play->next == play->rooms_len)
        return false;
    exchange->index = play->next++;
    exchange->cookie = play->officers[play->rooms[exchange->index].officer].cookie;
    exchange->path = str_format(arena, "/diem-danh/%lld/goi.json", (long long)play->rooms[exchange->index].point_id);
    play->step->sent++;
    return true;
}

static void take_package(void *what, struct arena *arena, const struct exchange *exchange, const struct answer *answer)
{
    struct play *play = what;
    struct room *room = &play->rooms[exchange->index];
    json_error_t error;
    (void)arena;
    json_t *root = answer->status == 200 ? json_loadb(answer->text.at, answer->text.len, 0, &error) : NULL;
    if (!root) {
        play_count_trouble(play, exchange, answer);
        return;
    }
    play->step->taken++;
    struct officer *officer = &play->officers[room->officer];
    const char *csrf = json_string_value(json_object_get(root, "csrf"));
    if (csrf && officer->csrf.len == 0)
        officer->csrf = str_copy(play->arena, str_from(csrf));
    take_learners(play, room, json_object_get(root, "learners"));
    take_standing(play, room, json_object_get(root, "marks"));
    json_decref(root);
}

enum err play_read_rooms(struct ctx *cx, struct play *play)
{
    return play_phase(cx, play, "gói ngoại tuyến của điểm cầu", false,
                      (struct crew_phase){ .what = play, .next = next_package, .answered = take_package });
}

/* ---- what the devices say ---- */

/* One upload: some learners of one room in one half-day. */
struct parcel {
    unsigned room;
    unsigned short from, len;
    unsigned char session;
    bool is_correction, is_again;
};

struct calling {
    struct play *play;
    struct parcel *parcels;
    size_t len, room_for;
};

static void decide_marks(struct play *play)
{
    for (size_t r = 0; r < play->rooms_len; r++) {
        struct room *room = &play->rooms[r];
        for (size_t at = 0; at < room->learners_len * play->sessions_len; at++) {
            unsigned chance = (unsigned)(play_random(play) % 100);
            struct said *said = &room->said[at];
            said->first = chance < 91 ? SAID_PRESENT : chance < 94 ? SAID_LATE : chance < 97 ? SAID_EXCUSED : SAID_ABSENT;
            if ((int)(play_random(play) % 100) < play->options->correct_percent)
                said->corrected = said->first == SAID_PRESENT ? SAID_LATE : SAID_PRESENT;
            int session = (int)(at / room->learners_len);
            if (said->before != SAID_NONE)
                play_add(play, room, counters[said->before], session, -1);
            play_add(play, room, counters[said->corrected ? said->corrected : said->first], session, 1);
        }
        for (size_t k = 0; room->learners_len > 0 && k < play->sessions_len; k++) {
            const struct board_area *area = &play->officers[room->officer].board.at[room->area];
            if (area->before[number_at("roll_expected", (int)k)] == 0)
                play_add(play, room, "roll_expected", (int)k, (int64_t)room->learners_len);
        }
    }
}

static void add_parcel(struct calling *calling, struct parcel parcel)
{
    if (calling->len == calling->room_for) {
        size_t room_for = calling->room_for ? calling->room_for * 2 : 1 << 14;
        struct parcel *parcels = realloc(calling->parcels, room_for * sizeof *parcels);
        if (!parcels)
            return; /* the boards will show what was not sent */
        calling->parcels = parcels;
        calling->room_for = room_for;
    }
    calling->parcels[calling->len++] = parcel;
}

static size_t corrections_of(const struct room *room, size_t session)
{
    size_t found = 0;
    for (size_t i = 0; i < room->learners_len; i++)
        found += room->said[session * room->learners_len + i].corrected != SAID_NONE;
    return found;
}

static void add_session(struct calling *calling, size_t room_index, size_t session)
{
    struct play *play = calling->play;
    const struct room *room = &play->rooms[room_index];
    size_t batch = (size_t)play->options->batch;
    for (size_t from = 0; from < room->learners_len; from += batch) {
        struct parcel parcel = { .room = (unsigned)room_index, .from = (unsigned short)from, .session = (unsigned char)session };
        parcel.len = (unsigned short)(room->learners_len - from < batch ? room->learners_len - from : batch);
        add_parcel(calling, parcel);
        parcel.is_again = true;
        if ((int)(play_random(play) % 100) < play->options->repeat_percent)
            add_parcel(calling, parcel);
    }
    if (corrections_of(room, session) > 0)
        add_parcel(calling, (struct parcel){ .room = (unsigned)room_index, .len = (unsigned short)room->learners_len,
                                             .session = (unsigned char)session, .is_correction = true });
}

static void shuffle(struct calling *calling, size_t from)
{
    for (size_t i = calling->len; i > from + 1; i--) {
        size_t other = from + (size_t)(play_random(calling->play) % (i - from));
        struct parcel kept = calling->parcels[i - 1];
        calling->parcels[i - 1] = calling->parcels[other];
        calling->parcels[other] = kept;
    }
}

/* Half-day after half-day, in no order within one; who vanished comes back at the end with everything. */
static void plan_parcels(struct calling *calling)
{
    struct play *play = calling->play;
    for (size_t k = 0; k < play->sessions_len; k++) {
        size_t from = calling->len;
        for (size_t r = 0; r < play->rooms_len; r++)
            if (!play->rooms[r].vanishes)
                add_session(calling, r, k);
        shuffle(calling, from);
    }
    size_t from = calling->len;
    for (size_t r = 0; r < play->rooms_len; r++)
        for (size_t k = 0; play->rooms[r].vanishes && k < play->sessions_len; k++)
            add_session(calling, r, k);
    shuffle(calling, from);
}

/* An id that only this mark has: a pure function, so that a second device and a second upload say the same. */
static void put_id(struct buf *out, const struct play *play, int64_t learner, size_t session, bool is_correction)
{
    uint64_t parts[2] = { play->options->seed ^ (uint64_t)play->now_ms,
                          (uint64_t)learner * 64 + session * 2 + (is_correction ? 1 : 0) };
    for (int round = 0; round < 2; round++) {
        uint64_t z = parts[0] + parts[1] * 0x9E3779B97F4A7C15U + (uint64_t)round * 0xD1B54A32D192ED03U;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
        buf_format(out, "%016llx", (unsigned long long)(z ^ (z >> 31)));
    }
}

static void put_mark(struct buf *out, const struct play *play, const struct room *room, const struct parcel *parcel, size_t i)
{
    size_t at = parcel->session * room->learners_len + i;
    const struct said *said = &room->said[at];
    unsigned mark = parcel->is_correction ? said->corrected : said->first;
    buf_put(out, STR("{\"id\":\""));
    put_id(out, play, room->learners[i], parcel->session, parcel->is_correction);
    buf_format(out, "\",\"session\":%lld,\"learner\":%lld,\"mark\":\"%s\",\"reason\":\"%s\",\"at\":%lld,\"n\":%lld,\"replaces\":[",
               (long long)play->session_keys[parcel->session], (long long)room->learners[i], mark_names[mark],
               mark == SAID_EXCUSED ? "Nghỉ ốm" : "", (long long)(play->now_ms - 60000 + (int64_t)i * 500),
               (long long)((int64_t)at * 2 + (parcel->is_correction ? 2 : 1)));
    if (parcel->is_correction) {
        buf_put_char(out, '"');
        put_id(out, play, room->learners[i], parcel->session, false);
        buf_put_char(out, '"');
    } else if (room->heads && room->heads[at].len > 0) {
        buf_put(out, room->heads[at]);
    }
    buf_put(out, STR("],\"source\":\"officer\"}"));
}

static size_t put_parcel(struct buf *out, const struct play *play, const struct parcel *parcel)
{
    const struct room *room = &play->rooms[parcel->room];
    size_t put = 0;
    buf_format(out, "{\"device\":\"%016llx%016llx\",\"sent_at\":%lld,\"epoch\":\"\",\"marks\":[",
               (unsigned long long)room->point_id, (unsigned long long)(parcel->is_correction ? 2 : 1), (long long)play->now_ms);
    for (size_t i = parcel->from; i < (size_t)parcel->from + parcel->len; i++) {
        if (parcel->is_correction && room->said[parcel->session * room->learners_len + i].corrected == SAID_NONE)
            continue;
        if (put++ > 0)
            buf_put_char(out, ',');
        put_mark(out, play, room, parcel, i);
    }
    buf_put(out, STR("]}"));
    return put;
}

static bool next_parcel(void *what, struct arena *arena, struct exchange *exchange)
{
    struct calling *calling = what;
    struct play *play = calling->play;
    if (play->next == calling->len)
        return false;
    exchange->index = play->next++;
    const struct parcel *parcel = &calling->parcels[exchange->index];
    const struct room *room = &play->rooms[parcel->room];
    struct buf body;
    buf_init(&body, arena);
    exchange->tag = (int64_t)put_parcel(&body, play, parcel);
    exchange->body = buf_str(&body);
    exchange->type = "application/json";
    exchange->cookie = play->officers[room->officer].cookie;
    exchange->csrf = play->officers[room->officer].csrf;
    exchange->path = str_format(arena, "/diem-danh/%lld/luot", (long long)room->point_id);
    play->step->sent += exchange->tag;
    return true;
}

static size_t count_in(struct str text, struct str part)
{
    size_t found = 0;
    for (size_t at = str_find(text, part); at < text.len; at = str_find(text, part)) {
        found++;
        text = str_sub(text, at + part.len, SIZE_MAX);
    }
    return found;
}

/* Receipts are counted in the text: parsing 400,000 of them would cost more than the server's own work on them. */
static void take_receipts(void *what, struct arena *arena, const struct exchange *exchange, const struct answer *answer)
{
    struct calling *calling = what;
    struct play *play = calling->play;
    (void)arena;
    if (answer->status != 200) {
        play_count_trouble(play, exchange, answer);
        return;
    }
    int64_t stored = (int64_t)count_in(answer->text, STR("\"state\":\"stored\""));
    int64_t already = (int64_t)count_in(answer->text, STR("\"state\":\"already\""));
    int64_t aside = (int64_t)count_in(answer->text, STR("\"state\":\"set_aside\""));
    play->result->stored += stored;
    play->result->already += already;
    play->result->set_aside += aside;
    play->step->taken += stored + already;
    play->result->failed += stored + already + aside != exchange->tag;
}

enum err play_call_rolls(struct ctx *cx, struct play *play)
{
    struct calling calling = { .play = play };
    decide_marks(play);
    plan_parcels(&calling);
    enum err err = play_phase(cx, play, "lượt điểm danh", true,
                              (struct crew_phase){ .what = &calling, .next = next_parcel, .answered = take_receipts });
    free(calling.parcels);
    return err;
}
