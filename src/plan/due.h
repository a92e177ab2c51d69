/*
 * due: when something is owed, from the words of a paper to instants at +07:00.
 *
 * The rule is the `due` of plan/1: {kind, value, relation} and, beside a first date, `recurring`. What comes out is
 * one instance: it is late from due_at on, and cannot be begun before opens_at. A deadline that falls on a weekend
 * stays where the paper put it (nothing in the law on records work moves it); the words show the weekday instead.
 */
#ifndef PLAN_DUE_H
#define PLAN_DUE_H

#include "base/day.h"
#include "base/holiday.h"
#include "base/str.h"

/* As in plan/1; every text may be empty. */
struct due_rule {
    struct str kind;      /* date datetime month quarter year recurring period_after; "" none */
    struct str value;     /* 2026-05-21, 2025-11-21T09:00, yearly-12, P3M, P5WD ... */
    struct str relation;  /* before by in at after */
    struct str recurring; /* beside a dated due: what follows it */
};

/* What a rule may lean on. DAY_NONE where not known. */
struct due_frame {
    int32_t issued_day;
    int32_t event_day; /* what a period is counted from: the last day of the class, or the day a paper was issued */
    int32_t until_day; /* the last day of the scheme: nothing recurs after it */
    const struct holidays *declared; /* days off beside the law's own, for periods of working days; NULL none */
};

enum due_shape {
    DUE_NOT_STATED, /* the paper names no time */
    DUE_ONCE,       /* one date */
    DUE_REPEATING,  /* one instance of several */
    DUE_STANDING,   /* continuously, or at intervals the paper does not name */
    DUE_OPEN,       /* not before opens_at, and no end */
    DUE_WAITING,    /* counted from an event whose day is not known yet */
    DUE_UNREADABLE, /* the value is none that plan/1 knows: a doubt to be settled before issue */
};

struct due {
    enum due_shape shape;
    int64_t due_at;   /* late from this instant on; 0: no end */
    int64_t opens_at; /* cannot be met before; 0: at once */
    int64_t period;   /* yyyymmdd of an instance's last day; 0 when the rule gives only one */
    bool continues;   /* the first date is past, the task is not: "và tiếp tục trong quá trình thực hiện" */
};

/* The first instance that a paper issued on frame->issued_day asks for. */
struct due due_first(const struct due_rule *rule, const struct due_frame *frame);

/* The instance after the one with this period; false when there is none (not a repeating rule, or the scheme is over). */
bool due_next(const struct due_rule *rule, const struct due_frame *frame, int64_t period, struct due *ret_due);

/*
 * The deadline as papers say it, with the weekday: "trước 9 giờ ngày 21/11/2025 (Thứ Sáu)",
 * "trước ngày 21/5/2026 (hết Thứ Tư, 20/5/2026)", "trong tháng 12 hằng năm (kỳ này: hết Thứ Năm, 31/12/2026)",
 * "thường xuyên"; "không nêu thời hạn" when there is none.
 */
struct str due_words(struct arena *arena, const struct due_rule *rule, const struct due *due);

/* The same in few letters, for messages of 160: "trước 9h ngày 21/11/2025", "hết ngày 20/5/2026"; "" when no date. */
struct str due_words_short(struct arena *arena, const struct due *due);

/* True when the period of a text runs from the paper's own day and not from the class: "kể từ ngày ban hành". */
bool due_counts_from_issue(struct str obligation_text);

#endif
