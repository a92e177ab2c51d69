/*
 * person: officials, the posts they hold and held, and what may be known of them.
 *
 * A record belongs to one unit; who reaches that unit reaches the record (every list, count, search and export is
 * narrowed in its query). Personal values are private fields of the facts: they stand beside the chain, so that they can
 * be erased while it stays whole (Law 91/2025/QH15). Namesakes are common and are told apart by post and unit.
 *
 * The citizen id is kept only where a payment or a certificate needs it: encrypted (XChaCha20-Poly1305, bound to its
 * table, column, row and key), found again by a keyed digest, shown as its last three digits. Revealing it needs
 * PERMISSION_PERSON_REVEAL and a reason, and is a fact of the trail.
 */
#ifndef PERSON_PERSON_H
#define PERSON_PERSON_H

#include "base/ctx.h"
#include "base/day.h"
#include "page/html.h"
#include "store/fact.h"

enum {
    PERSON_PAGE_ROWS = 50,
    PERSON_EXPORT_MAX = 20000, /* records of one file: the largest province has 7,000; nobody takes the country along */
    PERSON_FOUND_MAX = 2000,   /* a search nationwide counts no further: nobody pages through more, but adds a word */
    PERSON_POSTS_MAX = 100,
    PERSON_TRAIL_MAX = 500,
    PERSON_DAY_OPEN = INT32_MAX, /* to_day of a post still held */
};

struct person {
    int64_t id;
    int64_t unit_id; /* the unit that keeps the record */
    struct str unit_name;
    struct str family, middle, given;
    struct str full_name;
    int32_t birth_day; /* DAY_NONE when not known */
    struct str sex;    /* "nam", "nu", "" */
    struct str phone;
    struct str mail;
    struct str citizen_tail; /* the last three digits, "" when none is kept */
    struct str title;        /* the post held now, the highest-ranking first entered; "" when none */
    int64_t erased_at;       /* 0: not erased */
};

struct person_list {
    struct person *at;
    size_t len;
    int64_t total; /* all that match; one more than the limit (PERSON_FOUND_MAX, or the query's own) stands for "more" */
};

struct post {
    int64_t id;
    int64_t unit_id;
    struct str unit_name;
    struct str title;
    int32_t from_day;
    int32_t to_day; /* PERSON_DAY_OPEN while held */
};
struct post_list {
    struct post *at;
    size_t len;
};

struct person_trail {
    struct person_event {
        int64_t seq;
        struct str kind;
        int64_t at;
        int64_t account_id;
        struct str words; /* what was done, in Vietnamese */
    } *at;
    size_t len;
};

/* ---- Reading, narrowed to the actor's scope ---- */

struct person_query {
    struct str text;  /* a name with or without diacritics, or a whole citizen id */
    struct str title; /* words of the post held now; "" any */
    int64_t unit_id;  /* only in this unit's subtree; 0 any */
    int64_t offset;
    int64_t limit; /* 0: PERSON_PAGE_ROWS */
};
enum err person_list(struct ctx *cx, const struct person_query *query, struct person_list *ret_list) MUST_CHECK;
enum err person_get(struct ctx *cx, int64_t id, struct person *ret_person) MUST_CHECK;
enum err person_get_posts(struct ctx *cx, int64_t id, struct post_list *ret_list) MUST_CHECK;
enum err person_get_trail(struct ctx *cx, int64_t id, struct person_trail *ret_trail) MUST_CHECK;

/* Not narrowed: for apply and for rooms that have already checked. */
enum err person_find(struct ctx *cx, int64_t id, struct person *ret_person) MUST_CHECK;

/* ---- Changes, on the writer ---- */

/* What a person's form and facts carry. */
struct person_values {
    struct str full_name; /* typed as one; split by viet_name_split unless `given` is set */
    struct str given;     /* for names whose given name does not stand where it usually does */
    int32_t birth_day;
    struct str sex;
    struct str phone;
    struct str mail;
};
/* In `unit_id`, with a first post there when `title` is given. */
enum err person_create(struct ctx *cx, int64_t unit_id, const struct person_values *values, struct str title,
                       int32_t from_day, int64_t *ret_id) MUST_CHECK;
enum err person_update(struct ctx *cx, int64_t id, const struct person_values *values) MUST_CHECK;
/* The record goes to another unit, which keeps it from now on. */
enum err person_transfer(struct ctx *cx, int64_t id, int64_t to_unit_id) MUST_CHECK;
enum err person_add_post(struct ctx *cx, int64_t id, int64_t unit_id, struct str title, int32_t from_day) MUST_CHECK;
enum err person_close_post(struct ctx *cx, int64_t id, int64_t post_id, int32_t to_day) MUST_CHECK;

/* 12 digits; blanks and dots are taken off. ERR_CONFLICT when another record of the actor's scope has it. */
enum err person_set_citizen_id(struct ctx *cx, int64_t id, struct str digits) MUST_CHECK;
/* Records who asked and why, and then opens the seal. On the writer. */
enum err person_reveal_citizen_id(struct ctx *cx, int64_t id, struct str reason, struct str *ret_digits) MUST_CHECK;
/* What does not fit between a citizen id, a birth day and a sex, in words; "" when all fits. Only ever a warning. */
struct str person_citizen_doubt(struct arena *arena, struct str digits, int32_t birth_day, struct str sex);

/* Empties the record and the private values of its facts. The posts stay, without a name. */
enum err person_erase(struct ctx *cx, int64_t id, struct str reason) MUST_CHECK;

/* ---- Who read lists of people ---- */

enum { PERSON_NOTED_ROWS = 20 };

/* X(NAME, as stored, as shown) */
#define PERSON_READING_LIST(X)                                                                         \
    X(PAGE, "can_bo", "cán bộ, xem trên màn hình")                                                     \
    X(FILE, "can_bo_tep", "cán bộ, tải về tệp")                                                        \
    X(ACCOUNTS, "tai_khoan", "tài khoản, xem trên màn hình")                                           \
    X(ACCOUNTS_FILE, "tai_khoan_tep", "tài khoản, tải về tệp")                                         \
    X(ROSTER, "danh_sach_cu", "cử học, xem trên màn hình")                                             \
    X(ROSTER_FILE, "danh_sach_cu_tep", "cử học, tải về tệp")                                           \
    X(ROLL_FILE, "diem_danh_tep", "điểm danh, tải về tệp")
enum person_reading {
#define X(name, stored, shown) PERSON_READING_##name,
    PERSON_READING_LIST(X)
#undef X
        PERSON_READING_COUNT
};

struct app;
/*
 * A handler that shows or exports more than PERSON_NOTED_ROWS people says so here (domain.md 3.6: every read of a
 * roster is logged). `unit_id` is whose people they are, 0: the actor's whole reach. Written behind the answer, into the
 * trail; one entry for a person, a list, a unit and an hour, however often it is read.
 */
void person_note_read(struct ctx *cx, const struct app *app, enum person_reading reading, int64_t unit_id, int64_t rows);

struct url person_url(struct arena *arena, int64_t id);
struct str person_sex_words(struct str sex); /* "Nam", "Nữ", "" */

extern const struct fact_kinds person_facts;

#endif
