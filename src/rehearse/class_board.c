#include "rehearse/class_inside.h"

#include <string.h>

const char *const class_number_names[CLASS_NUMBERS] = {
    "point_total",  "point_closed", "point_described", "report_total",  "report_sent",   "report_points",
    "report_heads", "test_passed",  "test_failed",     "roster_total",  "roster_sent",   "learner_named",
    "learner_sent", "incident_open", "incident_total", "incident_minutes"
};
const char *const session_number_names[SESSION_NUMBERS] = { "roll_expected", "roll_present", "roll_late",
                                                            "roll_excused",  "roll_absent",  "roll_walk_in",
                                                            "roll_head_count", "roll_closed", "roll_conflict" };

size_t number_at(const char *name, int session)
{
    const char *const *names = session < 0 ? class_number_names : session_number_names;
    size_t len = session < 0 ? CLASS_NUMBERS : SESSION_NUMBERS;
    size_t at = 0;
    while (at < len && strcmp(names[at], name) != 0)
        at++;
    return session < 0 ? at : CLASS_NUMBERS + (size_t)session * SESSION_NUMBERS + at;
}

static struct board_area *find_area(struct board *board, struct str code)
{
    for (size_t i = 0; i < board->len; i++)
        if (str_eq(board->at[i].code, code))
            return &board->at[i];
    return NULL;
}

/* One JSON object of numbers into an area's list, at the session's place. */
static void take_numbers(json_t *numbers, int session, int64_t *ret_list)
{
    size_t len = session < 0 ? CLASS_NUMBERS : SESSION_NUMBERS;
    for (size_t i = 0; i < len; i++) {
        const char *name = session < 0 ? class_number_names[i] : session_number_names[i];
        ret_list[number_at(name, session)] = json_integer_value(json_object_get(numbers, name));
    }
}

/* What a board says now: `areas` as the first reading found them, each with its numbers in `ret_numbers`. */
static void take_part(json_t *part, int session, struct board *board, int64_t (*ret_numbers)[AREA_NUMBERS])
{
    const char *code = NULL;
    json_t *numbers = NULL;
    take_numbers(json_object_get(part, "tong"), session, ret_numbers[0]);
    json_object_foreach(json_object_get(part, "dia_ban"), code, numbers) {
        struct board_area *area = find_area(board, str_from(code));
        if (area)
            take_numbers(numbers, session, ret_numbers[area - board->at]);
    }
}

static void take_all(struct play *play, json_t *root, struct board *board, int64_t (*ret_numbers)[AREA_NUMBERS])
{
    take_part(json_object_get(root, "lop_hoc"), -1, board, ret_numbers);
    for (size_t i = 0; i < play->sessions_len; i++) {
        char key[32];
        snprintf(key, sizeof key, "%lld", (long long)play->session_keys[i]);
        take_part(json_object_get(json_object_get(root, "buoi"), key), (int)i, board, ret_numbers);
    }
}

static void take_sessions(struct play *play, json_t *root)
{
    const char *key = NULL;
    json_t *session = NULL;
    if (play->sessions_len > 0)
        return;
    json_object_foreach(json_object_get(root, "buoi"), key, session) {
        if (play->sessions_len < REHEARSE_SESSIONS_MAX && str_to_i64(str_from(key), &play->session_keys[play->sessions_len]))
            play->sessions_len++;
    }
}

static void take_areas(struct play *play, json_t *root, struct board *board)
{
    const char *code = NULL;
    json_t *area = NULL;
    json_t *areas = json_object_get(json_object_get(root, "lop_hoc"), "dia_ban");
    board->at = ARENA_NEW_ARRAY(play->arena, struct board_area, json_object_size(areas) + 1);
    board->at[0].code = STR("");
    board->at[0].point_id = json_integer_value(json_object_get(json_object_get(root, "lop_hoc"), "diem_cau"));
    board->len = 1;
    json_object_foreach(areas, code, area) {
        struct board_area *taken = &board->at[board->len++];
        taken->code = str_copy(play->arena, str_from(code));
        taken->unit_id = json_integer_value(json_object_get(area, "id"));
        taken->point_id = json_integer_value(json_object_get(area, "diem_cau"));
    }
}

static json_t *parse(struct play *play, const struct exchange *exchange, const struct answer *answer)
{
    json_error_t error;
    json_t *root = answer->status == 200 ? json_loadb(answer->text.at, answer->text.len, 0, &error) : NULL;
    if (!root)
        play_count_trouble(play, exchange, answer);
    return root;
}

static bool next_board(void *what, struct arena *arena, struct exchange *exchange)
{
    struct play *play = what;
    if (play->next == play->officers_len)
        return false;
    exchange->index = play->next++;
    exchange->cookie = play->officers[exchange->index].cookie;
    exchange->path = str_format(arena, "/lop/%lld/ngay-hoc/so-lieu.json", (long long)play->course_id);
    play->step->sent++;
    return true;
}

static void take_before(void *what, struct arena *arena, const struct exchange *exchange, const struct answer *answer)
{
    struct play *play = what;
    struct board *board = &play->officers[exchange->index].board;
    json_t *root = parse(play, exchange, answer);
    if (!root)
        return;
    play->step->taken++;
    play->now_ms = json_integer_value(json_object_get(root, "luc"));
    take_sessions(play, root);
    take_areas(play, root, board);
    board->name = play->officers[exchange->index].unit;
    int64_t(*numbers)[AREA_NUMBERS] = arena_alloc_array(arena, board->len, sizeof *numbers);
    take_all(play, root, board, numbers);
    for (size_t i = 0; i < board->len; i++)
        memcpy(board->at[i].before, numbers[i], sizeof board->at[i].before);
    json_decref(root);
}

enum err play_read_boards(struct ctx *cx, struct play *play)
{
    return play_phase(cx, play, "bảng trước buổi học", false,
                      (struct crew_phase){ .what = play, .next = next_board, .answered = take_before });
}

/* ---- afterwards ---- */

static void say_difference(struct play *play, const struct board *board, const struct board_area *area, size_t at, int64_t now)
{
    enum { WORDS_MAX = 30 };
    struct rehearse_class_result *result = play->result;
    result->differences++;
    if (result->words_len == WORDS_MAX)
        return;
    bool is_of_class = at < CLASS_NUMBERS;
    const char *name = is_of_class ? class_number_names[at] : session_number_names[(at - CLASS_NUMBERS) % SESSION_NUMBERS];
    int64_t session = is_of_class ? 0 : play->session_keys[(at - CLASS_NUMBERS) / SESSION_NUMBERS];
    result->words[result->words_len++] =
        str_format(play->arena, STR_FMT " " STR_FMT " %s %lld: trước %lld, đã gửi %+lld, nay %lld", STR_ARG(board->name),
                   STR_ARG(area->code), name, (long long)session, (long long)area->before[at], (long long)area->sent[at],
                   (long long)now);
}

static void take_after(void *what, struct arena *arena, const struct exchange *exchange, const struct answer *answer)
{
    struct play *play = what;
    struct board *board = &play->officers[exchange->index].board;
    json_t *root = parse(play, exchange, answer);
    if (!root)
        return;
    play->step->taken++;
    size_t numbers_len = CLASS_NUMBERS + play->sessions_len * SESSION_NUMBERS;
    int64_t(*numbers)[AREA_NUMBERS] = arena_alloc_array(arena, board->len, sizeof *numbers);
    take_all(play, root, board, numbers);
    for (size_t i = 0; i < board->len; i++) {
        for (size_t k = 0; k < numbers_len; k++) {
            play->result->numbers++;
            if (numbers[i][k] != board->at[i].before[k] + board->at[i].sent[k])
                say_difference(play, board, &board->at[i], k, numbers[i][k]);
        }
    }
    json_decref(root);
}

enum err play_compare_boards(struct ctx *cx, struct play *play)
{
    return play_phase(cx, play, "bảng sau buổi học", false,
                      (struct crew_phase){ .what = play, .next = next_board, .answered = take_after });
}
