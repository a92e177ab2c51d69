#include "base/day.h"
#include "rehearse/class_inside.h"

#include "rehearse/rehearse.h"

/*
 * What people do at the pages of a point: the page is asked for, its form is read as a browser reads it, and sent with
 * what a person would type. A form that a person could not send, this cannot send either.
 */

struct form_step {
    struct play *play;
    bool is_roll;       /* the page of the roll of session_key; else the point's own */
    bool is_line;       /* the page of the point's line test */
    const char *action; /* how the form's address ends */
    const char *holds;  /* what is among its hidden fields, where a page has several such forms; NULL for any */
    int64_t session_key;
    bool (*wants)(struct form_step *step, struct room *room);
    void (*fill)(struct form_step *step, struct room *room, struct buf *body);
    void (*taken)(struct form_step *step, struct room *room);
    int session;
    int share_percent; /* of the rooms */
    bool has_failed;
};

static bool wants_now(struct form_step *step, size_t index)
{
    struct room *room = &step->play->rooms[index];
    room->form = (struct str){ .at = NULL };
    return step->wants(step, room);
}

static bool next_page(void *what, struct arena *arena, struct exchange *exchange)
{
    struct form_step *step = what;
    struct play *play = step->play;
    while (play->next < play->rooms_len && !wants_now(step, play->next))
        play->next++;
    if (play->next == play->rooms_len)
        return false;
    exchange->index = play->next++;
    struct room *room = &play->rooms[exchange->index];
    exchange->cookie = play->officers[room->officer].cookie;
    exchange->path = step->is_roll ? str_format(arena, "/diem-danh/%lld/%lld", (long long)room->point_id, (long long)step->session_key)
                                   : str_format(arena, step->is_line ? "/diem-cau/%lld/kiem-tra" : "/diem-cau/%lld", (long long)room->point_id);
    return true;
}

static void take_page(void *what, struct arena *arena, const struct exchange *exchange, const struct answer *answer)
{
    struct form_step *step = what;
    struct play *play = step->play;
    struct room *room = &play->rooms[exchange->index];
    struct str rest = answer->text;
    struct rehearse_form form = { .has_text = false };
    if (answer->status != 200) {
        play_count_trouble(play, exchange, answer);
        return;
    }
    while (rehearse_next_form(arena, &rest, &form)) {
        bool is_other = step->holds && str_find(form.body, str_from(step->holds)) == form.body.len;
        if (!str_ends(form.action, str_from(step->action)) || is_other)
            continue;
        room->form = str_format(play->arena, STR_FMT "\n" STR_FMT, STR_ARG(form.action), STR_ARG(form.body));
        return;
    }
    play->result->refused++; /* a page without the form: nobody could do this here */
}

static bool next_form(void *what, struct arena *arena, struct exchange *exchange)
{
    struct form_step *step = what;
    struct play *play = step->play;
    while (play->next < play->rooms_len && !play->rooms[play->next].form.at)
        play->next++;
    if (play->next == play->rooms_len)
        return false;
    exchange->index = play->next++;
    struct room *room = &play->rooms[exchange->index];
    struct str rest = room->form;
    struct buf body;
    exchange->path = str_cut(&rest, '\n');
    buf_init(&body, arena);
    buf_put(&body, rest);
    step->fill(step, room, &body);
    exchange->body = buf_str(&body);
    exchange->type = "application/x-www-form-urlencoded";
    exchange->cookie = play->officers[room->officer].cookie;
    play->step->sent++;
    return true;
}

static void take_form(void *what, struct arena *arena, const struct exchange *exchange, const struct answer *answer)
{
    struct form_step *step = what;
    struct play *play = step->play;
    struct room *room = &play->rooms[exchange->index];
    (void)arena;
    room->form.at = NULL;
    if (answer->status != 303) {
        play_count_trouble(play, exchange, answer);
        return;
    }
    play->step->taken++;
    step->taken(step, room);
}

/* Pages first, so that the forms themselves come in one burst, as they do before nine. */
static enum err do_forms(struct ctx *cx, struct form_step *step, const char *name)
{
    struct play *play = step->play;
    struct crew_figures pages = { .answers = 0 };
    struct crew_phase reading = { .what = step, .next = next_page, .answered = take_page };
    play->next = 0;
    TRY(crew_run(cx, play->crew, &reading, 0, play->options->per_second, &pages));
    return play_phase(cx, play, name, true, (struct crew_phase){ .what = step, .next = next_form, .answered = take_form });
}

static const struct board_area *area_of(const struct form_step *step, const struct room *room)
{
    return &step->play->officers[room->officer].board.at[room->area];
}

/* What a room's area will say once all that was sent is counted. */
static int64_t value_now(const struct form_step *step, const struct room *room, const char *name, int session)
{
    size_t at = number_at(name, session);
    const struct board_area *area = area_of(step, room);
    return area->before[at] + area->sent[at];
}

static bool is_chosen(struct form_step *step)
{
    return (int)(play_random(step->play) % 100) < step->share_percent;
}

/* ---- lines ---- */

/* The areas here have one point; where somebody added others, the area's figures say how many passed, not which. */
static bool wants_test(struct form_step *step, struct room *room)
{
    bool is_alone = value_now(step, room, "point_total", -1) == 1;
    bool is_done = step->has_failed ? value_now(step, room, "test_failed", -1) > 0
                                    : value_now(step, room, "test_passed", -1) + value_now(step, room, "test_failed", -1) > 0;
    return is_alone && !is_done && is_chosen(step);
}

static bool wants_retest(struct form_step *step, struct room *room)
{
    return value_now(step, room, "point_total", -1) == 1 && value_now(step, room, "test_failed", -1) == 1 && is_chosen(step);
}

static void fill_test(struct form_step *step, struct room *room, struct buf *body)
{
    (void)room;
    buf_put(body, step->has_failed ? STR("&result=failed&words=H%C3%ACnh%20d%E1%BB%ABng%2C%20ti%E1%BA%BFng%20ng%E1%BA%AFt")
                                   : STR("&result=passed&words=H%C3%ACnh%2C%20ti%E1%BA%BFng%20r%C3%B5"));
}

static void taken_test(struct form_step *step, struct room *room)
{
    if (!step->has_failed && value_now(step, room, "test_failed", -1) == 1)
        play_add(step->play, room, "test_failed", -1, -1);
    play_add(step->play, room, step->has_failed ? "test_failed" : "test_passed", -1, 1);
}

enum err play_test_lines(struct ctx *cx, struct play *play)
{
    struct form_step failing = { .play = play, .is_line = true, .action = "/kiem-tra", .holds = "how=hand", .wants = wants_test,
                                 .fill = fill_test, .taken = taken_test, .share_percent = 5, .has_failed = true };
    TRY(do_forms(cx, &failing, "kiểm tra không đạt"));
    struct form_step passing = failing;
    passing.has_failed = false;
    passing.share_percent = 100;
    TRY(do_forms(cx, &passing, "kiểm tra đạt"));
    struct form_step again = passing;
    again.wants = wants_retest;
    again.share_percent = 80;
    return do_forms(cx, &again, "kiểm tra lại đạt");
}

/* ---- points and heads, before nine ---- */

static int64_t heads_of(const struct room *room)
{
    return (int64_t)room->learners_len + 2;
}

static bool wants_report(struct form_step *step, struct room *room)
{
    return value_now(step, room, "report_total", -1) == 1;
}

static void fill_report(struct form_step *step, struct room *room, struct buf *body)
{
    (void)step;
    buf_format(body, "&points=1&heads=%lld&note=", (long long)heads_of(room));
}

/* The newest report stands: what an earlier one said is taken back. */
static void taken_report(struct form_step *step, struct room *room)
{
    struct play *play = step->play;
    if (value_now(step, room, "report_sent", -1) == 0)
        play_add(play, room, "report_sent", -1, 1);
    play_add(play, room, "report_points", -1, 1 - value_now(step, room, "report_points", -1));
    play_add(play, room, "report_heads", -1, heads_of(room) - value_now(step, room, "report_heads", -1));
}

enum err play_report_heads(struct ctx *cx, struct play *play)
{
    struct form_step step = { .play = play, .action = "/bao-cao", .wants = wants_report,
                              .fill = fill_report, .taken = taken_report };
    return do_forms(cx, &step, "báo cáo số lượng");
}

/* ---- incidents ---- */

static bool wants_incident(struct form_step *step, struct room *room)
{
    (void)room;
    return is_chosen(step);
}

static void fill_incident(struct form_step *step, struct room *room, struct buf *body)
{
    (void)room;
    struct str now = instant_format_iso(step->play->arena, step->play->now_ms);
    struct str day = str_sub(now, 0, 10);
    struct str hour = str_sub(now, 11, 2);
    struct str minute = str_sub(now, 14, 2);
    buf_format(body, "&kind=line&utility=telecom&from_at=" STR_FMT "T" STR_FMT "%%3A" STR_FMT
                     "&to_at=&words=M%%E1%%BA%%A5t%%20t%%C3%%ADn%%20hi%%E1%%BB%%87u", STR_ARG(day), STR_ARG(hour), STR_ARG(minute));
}

static void taken_incident(struct form_step *step, struct room *room)
{
    play_add(step->play, room, "incident_total", -1, 1);
    play_add(step->play, room, "incident_open", -1, 1);
}

enum err play_enter_incidents(struct ctx *cx, struct play *play)
{
    struct form_step step = { .play = play, .action = "/su-co", .wants = wants_incident,
                              .fill = fill_incident, .taken = taken_incident, .share_percent = 2 };
    return do_forms(cx, &step, "sự cố");
}

/* ---- the end of the first half-day ---- */

static bool wants_closing(struct form_step *step, struct room *room)
{
    return room->learners_len > 0 && value_now(step, room, "point_total", -1) == 1 &&
           value_now(step, room, "roll_closed", step->session) == 0 && is_chosen(step);
}

static void fill_closing(struct form_step *step, struct room *room, struct buf *body)
{
    (void)step;
    (void)room;
    (void)body;
}

static void taken_closing(struct form_step *step, struct room *room)
{
    play_add(step->play, room, "roll_closed", step->session, 1);
}

enum err play_close_rolls(struct ctx *cx, struct play *play)
{
    if (play->sessions_len == 0)
        return OK;
    struct form_step step = { .play = play, .is_roll = true, .action = "/ket-thuc", .wants = wants_closing,
                              .fill = fill_closing, .taken = taken_closing, .share_percent = 90,
                              .session_key = play->session_keys[0] };
    return do_forms(cx, &step, "kết thúc điểm danh buổi đầu");
}
