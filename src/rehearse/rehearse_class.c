#include "rehearse/class_inside.h"

#include "rehearse/rehearse.h"

#include <fcntl.h>
#include <string.h>

enum { OFFICERS_FILE_MAX = 1 << 20, SIGN_INS_AT_ONCE = 4 };

uint64_t play_random(struct play *play)
{
    play->random ^= play->random >> 12;
    play->random ^= play->random << 25;
    play->random ^= play->random >> 27;
    return play->random * UINT64_C(2685821657736338717);
}

void play_count_trouble(struct play *play, const struct exchange *exchange, const struct answer *answer)
{
    enum { WORDS_MAX = 30 };
    bool is_refused = answer->status >= 400 && answer->status < 500;
    play->result->refused += is_refused;
    play->result->failed += !is_refused;
    if (play->result->words_len < WORDS_MAX)
        play->result->words[play->result->words_len++] =
            str_format(play->arena, STR_FMT ": máy chủ trả lời %ld", STR_ARG(exchange->path), answer->status);
}

void play_add(struct play *play, const struct room *room, const char *name, int session, int64_t delta)
{
    size_t at = number_at(name, session);
    struct board *board = &play->officers[room->officer].board;
    struct board *nation = &play->officers[play->officers_len - 1].board;
    board->at[room->area].sent[at] += delta;
    board->at[0].sent[at] += delta;
    nation->at[0].sent[at] += delta;
    if (board == nation)
        return;
    for (size_t i = 1; i < nation->len; i++)
        if (nation->at[i].point_id == board->at[0].point_id)
            nation->at[i].sent[at] += delta;
}

enum err play_phase(struct ctx *cx, struct play *play, const char *name, bool is_paced, struct crew_phase phase)
{
    play->step = &play->result->steps[play->result->steps_len++];
    *play->step = (struct rehearse_class_step){ .name = name };
    play->next = 0;
    return crew_run(cx, play->crew, &phase, 0, is_paced ? play->options->per_second : 0, &play->step->figures);
}

/* ---- who takes part ---- */

static enum err read_file(struct ctx *cx, struct str path, struct str *ret_text)
{
    int fd = cx->env->open(cx->env->state, str_to_c(&cx->arena, path), O_RDONLY, 0);
    if (fd < 0)
        return fail(cx, ERR_INVALID, "Không mở được danh sách tài khoản " STR_FMT, STR_ARG(path));
    char *at = arena_alloc(&cx->arena, OFFICERS_FILE_MAX);
    size_t len = 0;
    ssize_t got = 0;
    while (len < OFFICERS_FILE_MAX && (got = cx->env->read(cx->env->state, fd, at + len, OFFICERS_FILE_MAX - len)) > 0)
        len += (size_t)got;
    cx->env->close(cx->env->state, fd);
    if (got < 0 || len == OFFICERS_FILE_MAX)
        return fail(cx, ERR_INVALID, "Danh sách tài khoản " STR_FMT " không đọc được hoặc quá dài", STR_ARG(path));
    *ret_text = (struct str){ at, len };
    return OK;
}

static enum err read_officers(struct ctx *cx, struct play *play)
{
    struct str rest = STR("");
    TRY(read_file(cx, play->options->officers_path, &rest));
    play->officers = ARENA_NEW_ARRAY(&cx->arena, struct officer, REHEARSE_OFFICERS_MAX + 1);
    while (rest.len > 0 && play->officers_len < REHEARSE_OFFICERS_MAX) {
        struct str line = str_cut(&rest, '\n');
        if (line.len == 0 || line.at[0] == '#')
            continue;
        struct officer *officer = &play->officers[play->officers_len++];
        officer->login = str_cut(&line, '\t');
        officer->password = str_cut(&line, '\t');
        officer->unit = line;
    }
    if (play->officers_len == 0)
        return fail(cx, ERR_INVALID, "Danh sách tài khoản " STR_FMT " trống", STR_ARG(play->options->officers_path));
    play->officers[play->officers_len++] = (struct officer){ .login = play->options->watcher_login,
                                                             .password = play->options->watcher_password,
                                                             .unit = STR("toàn quốc") };
    return OK;
}

static void put_encoded(struct buf *out, struct str text)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '.';
        if (is_plain)
            buf_put_char(out, (char)c);
        else
            buf_format(out, "%%%c%c", digits[c >> 4], digits[c & 15]);
    }
}

static bool next_sign_in(void *what, struct arena *arena, struct exchange *exchange)
{
    struct play *play = what;
    if (play->next == play->officers_len)
        return false;
    exchange->index = play->next++;
    struct buf body;
    buf_init(&body, arena);
    buf_put(&body, STR("login="));
    put_encoded(&body, play->officers[exchange->index].login);
    buf_put(&body, STR("&password="));
    put_encoded(&body, play->officers[exchange->index].password);
    exchange->body = buf_str(&body);
    exchange->type = "application/x-www-form-urlencoded";
    exchange->path = STR("/dang-nhap");
    play->step->sent++;
    return true;
}

static void take_sign_in(void *what, struct arena *arena, const struct exchange *exchange, const struct answer *answer)
{
    struct play *play = what;
    (void)arena;
    if (answer->status != 303 || answer->cookie.len == 0) {
        play_count_trouble(play, exchange, answer);
        return;
    }
    play->officers[exchange->index].cookie = str_copy(play->arena, answer->cookie);
    play->step->taken++;
}

static enum err sign_in(struct ctx *cx, struct play *play)
{
    struct crew_phase phase = { .what = play, .next = next_sign_in, .answered = take_sign_in };
    play->step = &play->result->steps[play->result->steps_len++];
    *play->step = (struct rehearse_class_step){ .name = "đăng nhập" };
    play->next = 0;
    TRY(crew_run(cx, play->crew, &phase, SIGN_INS_AT_ONCE, 0, &play->step->figures));
    if (play->step->taken != play->step->sent)
        return fail(cx, ERR_INVALID, "Có %lld tài khoản không đăng nhập được", (long long)(play->step->sent - play->step->taken));
    return OK;
}

/* ---- which class: the one that the watcher's first page of the class day leads to ---- */

static bool next_first_page(void *what, struct arena *arena, struct exchange *exchange)
{
    struct play *play = what;
    (void)arena;
    if (play->next++ > 0)
        return false;
    exchange->cookie = play->officers[play->officers_len - 1].cookie;
    exchange->path = STR("/ngay-hoc");
    play->step->sent++;
    return true;
}

static void take_first_page(void *what, struct arena *arena, const struct exchange *exchange, const struct answer *answer)
{
    struct play *play = what;
    struct str rest = answer->text;
    (void)arena;
    if (answer->status != 200)
        play_count_trouble(play, exchange, answer);
    while (rest.len > 0 && play->course_id == 0) {
        rest = str_sub(rest, str_find(rest, STR("\"/lop/")), SIZE_MAX);
        rest = str_sub(rest, 6, SIZE_MAX);
        struct str number = rest;
        int64_t id = 0;
        if (str_to_i64(str_cut(&number, '/'), &id) && str_starts(number, STR("ngay-hoc\"")))
            play->course_id = id;
    }
    play->step->taken += play->course_id != 0;
}

static enum err find_class(struct ctx *cx, struct play *play)
{
    play->course_id = play->options->course_id;
    if (play->course_id == 0)
        TRY(play_phase(cx, play, "tìm lớp", false,
                       (struct crew_phase){ .what = play, .next = next_first_page, .answered = take_first_page }));
    if (play->course_id == 0)
        return fail(cx, ERR_NOT_FOUND, "Chưa có lớp nào sắp học; dùng --class để chọn lớp");
    return OK;
}

/* ---- the rooms: every place of the officers' boards that has a point ---- */

static enum err make_rooms(struct ctx *cx, struct play *play)
{
    play->rooms = ARENA_NEW_ARRAY(&cx->arena, struct room, REHEARSE_ROOMS_MAX);
    for (size_t o = 0; o + 1 < play->officers_len; o++) {
        struct board *board = &play->officers[o].board;
        if (board->len == 0)
            return fail(cx, ERR_UNAVAILABLE, "Máy chủ không trả lời bảng của " STR_FMT, STR_ARG(play->officers[o].unit));
        for (size_t i = board->len > 1 ? 1 : 0; i < board->len && play->rooms_len < REHEARSE_ROOMS_MAX; i++) {
            if (board->at[i].point_id == 0 || board->at[i].before[number_at("point_total", -1)] == 0)
                continue;
            struct room *room = &play->rooms[play->rooms_len++];
            *room = (struct room){ .point_id = board->at[i].point_id, .officer = o, .area = i };
            room->vanishes = (int)(play_random(play) % 100) < play->options->vanish_percent;
        }
    }
    if (play->officers[play->officers_len - 1].board.len == 0)
        return fail(cx, ERR_UNAVAILABLE, "Máy chủ không trả lời bảng của người theo dõi");
    play->result->rooms = (int64_t)play->rooms_len;
    play->result->sessions = (int64_t)play->sessions_len;
    return OK;
}

static enum err play_all(struct ctx *cx, struct play *play)
{
    TRY(sign_in(cx, play));
    TRY(find_class(cx, play));
    TRY(play_read_boards(cx, play));
    TRY(make_rooms(cx, play));
    TRY(play_read_rooms(cx, play));
    if (play->options->export_dir.len > 0)
        return play_export(cx, play);
    TRY(play_test_lines(cx, play));
    TRY(play_report_heads(cx, play));
    TRY(play_call_rolls(cx, play));
    TRY(play_enter_incidents(cx, play));
    TRY(play_close_rolls(cx, play));
    return play_compare_boards(cx, play);
}

enum err rehearse_class_run(struct ctx *cx, const struct rehearse_class_options *options,
                            struct rehearse_class_result *ret_result)
{
    struct play play = { .options = options, .result = ret_result, .arena = &cx->arena,
                         .random = options->seed ? options->seed : 20260523 };
    ret_result->words = ARENA_NEW_ARRAY(&cx->arena, struct str, 30);
    TRY(read_officers(cx, &play));
    enum err err = crew_open(cx, options->url, options->connections, &play.crew);
    if (err == OK)
        err = play_all(cx, &play);
    crew_close(play.crew);
    return err;
}
