#include "rehearse/rehearse.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    PLAYER_ARENA_BYTES = 8 << 20,
    PLAYER_FORMS_MAX = 64,
    LATENCIES_MAX = 4 << 20,
    PLAYERS_FILE_MAX = 4 << 20,
    WAITS_MAX = 2000,
    SIGN_INS = 4, /* at once, when nobody says: the server hashes two passwords at a time and turns away a crowd */
    COOKIE_BYTES_MAX = 500,
    AT_ONCE_MAX = 1000, /* requests under way: browsers of a thousand officials at the same instant */
};

enum step { STEP_OPEN_DOOR, STEP_SIGN_IN, STEP_READ_TODAY, STEP_ACT, STEP_REPEAT, STEP_DONE };

struct player {
    CURL *easy;
    struct arena arena;
    struct buf page;
    struct str login, password, unit, province_code;
    bool tries_old_session;
    enum step step;
    struct str post_url, post_body; /* of the request under way */
    enum rehearse_count counts; /* what the action under way is */
    bool is_by_words;
    int waits;
    struct rehearse_form forms[PLAYER_FORMS_MAX];
    size_t forms_len, forms_next;
    struct player *next; /* in the queue of those who may go on */
    struct play *play;
};

struct play {
    const struct rehearse_options *options;
    struct rehearse_result *result;
    struct arena *arena;
    const struct env *env;
    CURLM *multi;
    struct player *players;
    size_t players_len;
    struct queue {
        struct player *first, *last;
    } ready, door; /* those who may act; those who still have to sign in, a few at a time */
    size_t under_way, signing_in;
    struct str old_sessions;
    size_t done;
    double *latencies_ms;
    size_t latencies_len;
    uint64_t random;
    int64_t started_us;
    int64_t released; /* requests let go, for the pace */
};

/* xorshift64*: what is random here must only differ, and be the same again for the same seed. */
static uint64_t next_random(struct play *play)
{
    play->random ^= play->random >> 12;
    play->random ^= play->random << 25;
    play->random ^= play->random >> 27;
    return play->random * UINT64_C(2685821657736338717);
}

static bool is_at_door(const struct player *player)
{
    return player->step == STEP_OPEN_DOOR || player->step == STEP_SIGN_IN;
}

static void push_ready(struct play *play, struct player *player)
{
    struct queue *queue = is_at_door(player) ? &play->door : &play->ready;
    player->next = NULL;
    if (queue->last)
        queue->last->next = player;
    else
        queue->first = player;
    queue->last = player;
}

static struct player *pop(struct queue *queue)
{
    struct player *player = queue->first;
    if (player) {
        queue->first = player->next;
        if (!queue->first)
            queue->last = NULL;
    }
    return player;
}

/* libcurl's write callback; a page over the limit ends the transfer. */
static size_t take_page(char *data, size_t size, size_t count, void *what)
{
    struct player *player = what;
    size_t len = size * count;
    if (player->page.room - player->page.len < len)
        return 0;
    memcpy(player->page.at + player->page.len, data, len);
    player->page.len += len;
    return len;
}

static void begin(struct player *player, const char *path, const struct str *body)
{
    struct play *play = player->play;
    CURL *easy = player->easy;
    /* Room for the largest page, of which only what comes is touched; given back by end_answer. */
    player->page = (struct buf){ .at = malloc(REHEARSE_PAGE_MAX), .room = REHEARSE_PAGE_MAX };
    if (!player->page.at)
        player->page.room = 0;
    const char *url = str_to_c(&player->arena, str_format(&player->arena, STR_FMT "%s", STR_ARG(play->options->url), path));
    curl_easy_setopt(easy, CURLOPT_URL, url);
    if (body) {
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)body->len);
        curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, body->at);
    } else {
        curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    }
    curl_multi_add_handle(play->multi, easy);
    play->under_way++;
}

static void end_answer(struct player *player)
{
    free(player->page.at);
    player->page = (struct buf){ .at = NULL };
}

/* The player's next request, by its step. */
static void go_on(struct player *player)
{
    switch (player->step) {
    case STEP_OPEN_DOOR:
        begin(player, "/dang-nhap", NULL);
        break;
    case STEP_READ_TODAY:
        begin(player, "/hom-nay", NULL);
        break;
    case STEP_SIGN_IN:
    case STEP_ACT:
    case STEP_REPEAT:
        begin(player, player->post_url.at, &player->post_body);
        break;
    case STEP_DONE:
        break;
    }
}

static void put_encoded(struct play *play, CURL *easy, struct buf *out, struct str text)
{
    (void)play;
    char *encoded = curl_easy_escape(easy, text.at, (int)text.len);
    if (encoded)
        buf_put(out, str_from(encoded));
    curl_free(encoded);
}

/* Takes the forms of Hôm nay that meet a duty; the rest (sign out, seat, filters) are no part of a rehearsal. */
static void take_forms(struct player *player)
{
    player->forms_len = player->forms_next = 0;
    struct str rest = buf_str(&player->page);
    struct rehearse_form form;
    while (player->forms_len < PLAYER_FORMS_MAX && rehearse_next_form(&player->arena, &rest, &form)) {
        bool acknowledges = str_ends(form.action, STR("/tiep-nhan")) || str_ends(form.action, STR("/nhan"));
        if (acknowledges || str_ends(form.action, STR("/hoan-thanh")))
            player->forms[player->forms_len++] = form;
    }
}

static void choose_action(struct player *player)
{
    if (player->forms_next == player->forms_len) {
        player->step = STEP_DONE;
        player->play->done++;
        return;
    }
    const struct rehearse_form *form = &player->forms[player->forms_next++];
    struct buf body;
    buf_init(&body, &player->arena);
    buf_put(&body, form->body);
    if (form->has_text) {
        buf_put_char(&body, '&');
        put_encoded(player->play, player->easy, &body, form->text_name);
        buf_put_char(&body, '=');
        put_encoded(player->play, player->easy, &body, STR("Đã thực hiện theo kế hoạch"));
    }
    player->post_url = (struct str){ str_to_c(&player->arena, form->action), form->action.len };
    player->post_body = str_copy(&player->arena, buf_str(&body));
    player->is_by_words = str_ends(form->action, STR("/hoan-thanh"));
    player->counts = player->is_by_words                              ? REHEARSE_DUTIES :
                     str_ends(form->action, STR("/tiep-nhan")) ? REHEARSE_PAPERS :
                                                                 REHEARSE_MATERIALS;
    player->step = STEP_ACT;
    push_ready(player->play, player);
}

static void prepare_sign_in(struct player *player)
{
    struct str rest = buf_str(&player->page);
    struct rehearse_form form;
    while (rehearse_next_form(&player->arena, &rest, &form)) {
        if (!str_ends(form.action, STR("/dang-nhap")))
            continue;
        struct buf body;
        buf_init(&body, &player->arena);
        buf_put(&body, form.body);
        buf_put(&body, STR("&login="));
        put_encoded(player->play, player->easy, &body, player->login);
        buf_put(&body, STR("&password="));
        put_encoded(player->play, player->easy, &body, player->password);
        player->post_url = (struct str){ "/dang-nhap", 10 };
        player->post_body = str_copy(&player->arena, buf_str(&body));
        player->step = STEP_SIGN_IN;
        push_ready(player->play, player);
        return;
    }
    player->play->result->failed++;
    player->step = STEP_DONE;
    player->play->done++;
}

static void give_up(struct player *player, bool is_refused)
{
    if (is_refused)
        player->play->result->refused++;
    else
        player->play->result->failed++;
    if (player->step == STEP_ACT || player->step == STEP_REPEAT) {
        choose_action(player);
        return;
    }
    player->step = STEP_DONE;
    player->play->done++;
}

static void count_action(struct player *player)
{
    struct play *play = player->play;
    double seconds = 0;
    curl_easy_getinfo(player->easy, CURLINFO_TOTAL_TIME, &seconds);
    if (play->latencies_len < LATENCIES_MAX)
        play->latencies_ms[play->latencies_len++] = seconds * 1000;
    if (player->step == STEP_REPEAT) {
        play->result->repeated++;
        choose_action(player);
        return;
    }
    *(player->counts == REHEARSE_PAPERS    ? &play->result->acknowledged :
      player->counts == REHEARSE_MATERIALS ? &play->result->received :
                                             &play->result->closed) += 1;
    rehearse_count(play->result, player->province_code, player->counts);
    if ((int)(next_random(play) % 100) < play->options->repeat_percent) {
        player->step = STEP_REPEAT; /* the same request again, as a phone does that saw no answer */
        push_ready(play, player);
        return;
    }
    choose_action(player);
}

static void take_answer(struct player *player, CURLcode code)
{
    long status = 0;
    curl_easy_getinfo(player->easy, CURLINFO_RESPONSE_CODE, &status);
    bool is_post = player->step == STEP_SIGN_IN || player->step == STEP_ACT || player->step == STEP_REPEAT;
    if (code == CURLE_OK && status == 503 && player->waits < WAITS_MAX) {
        player->waits++; /* the door is crowded: come again, as the page asks */
        push_ready(player->play, player);
        return;
    }
    if (code == CURLE_OK && status != 200 && player->step == STEP_READ_TODAY && player->tries_old_session) {
        player->tries_old_session = false; /* it has ended meanwhile: through the door like everybody */
        player->step = STEP_OPEN_DOOR;
        curl_easy_setopt(player->easy, CURLOPT_COOKIELIST, "ALL");
        push_ready(player->play, player);
        return;
    }
    if (code != CURLE_OK || status != (is_post ? 303 : 200)) {
        give_up(player, code == CURLE_OK && status >= 400 && status < 500);
        return;
    }
    switch (player->step) {
    case STEP_OPEN_DOOR:
        prepare_sign_in(player);
        break;
    case STEP_SIGN_IN:
        player->play->result->signed_in++;
        player->step = STEP_READ_TODAY;
        push_ready(player->play, player);
        break;
    case STEP_READ_TODAY:
        player->play->result->reused += player->tries_old_session;
        take_forms(player);
        choose_action(player);
        break;
    case STEP_ACT:
    case STEP_REPEAT:
        count_action(player);
        break;
    case STEP_DONE:
        break;
    }
}

/* Whether one more request may be let go by now. */
static bool pace_allows(const struct play *play)
{
    if (play->under_way >= AT_ONCE_MAX)
        return false;
    if (play->options->per_second == 0)
        return true;
    int64_t elapsed_us = env_monotonic(play->env) - play->started_us;
    return play->released < elapsed_us * play->options->per_second / 1000000 + 1;
}

/* Who goes next: at most a few at the door, and meanwhile those who are in. NULL when nobody may go now. */
static struct player *next_player(struct play *play)
{
    size_t door_max = play->options->sign_ins > 0 ? (size_t)play->options->sign_ins : SIGN_INS;
    if (!pace_allows(play))
        return NULL;
    if (play->door.first && play->signing_in < door_max) {
        play->signing_in++;
        return pop(&play->door);
    }
    return pop(&play->ready);
}

static bool time_is_up(const struct play *play)
{
    return play->options->seconds_max > 0 &&
           env_monotonic(play->env) - play->started_us > (int64_t)play->options->seconds_max * 1000000;
}

static void run_players(struct play *play)
{
    while (play->done < play->players_len && !(time_is_up(play) && play->under_way == 0)) {
        struct player *next = NULL;
        while (!time_is_up(play) && (next = next_player(play)) != NULL) {
            play->released++;
            go_on(next);
        }
        int running = 0;
        curl_multi_perform(play->multi, &running);
        int left = 0;
        for (CURLMsg *m = curl_multi_info_read(play->multi, &left); m; m = curl_multi_info_read(play->multi, &left)) {
            if (m->msg != CURLMSG_DONE)
                continue;
            struct player *player = NULL;
            CURLcode code = m->data.result;
            curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &player);
            curl_multi_remove_handle(play->multi, player->easy);
            play->under_way--;
            play->signing_in -= is_at_door(player);
            take_answer(player, code);
            end_answer(player);
        }
        int events = 0;
        if (play->under_way > 0 || play->ready.first || play->door.first)
            curl_multi_poll(play->multi, NULL, 0, play->options->per_second ? 20 : 5, &events);
    }
}

static enum err open_player(struct ctx *cx, struct play *play, struct player *player)
{
    arena_init(&player->arena, cx->env, PLAYER_ARENA_BYTES);
    player->play = play;
    player->easy = curl_easy_init();
    if (!player->easy)
        return fail(cx, ERR_UNAVAILABLE, "Không đủ bộ nhớ cho buổi diễn tập");
    curl_easy_setopt(player->easy, CURLOPT_PRIVATE, player);
    curl_easy_setopt(player->easy, CURLOPT_WRITEFUNCTION, take_page);
    curl_easy_setopt(player->easy, CURLOPT_WRITEDATA, player);
    curl_easy_setopt(player->easy, CURLOPT_COOKIEFILE, ""); /* cookies in memory */
    curl_easy_setopt(player->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(player->easy, CURLOPT_TIMEOUT, 60L);
    curl_easy_setopt(player->easy, CURLOPT_ACCEPT_ENCODING, "");
    /* As a browser would say of a form of the same page: the server refuses forms sent from elsewhere. */
    static struct curl_slist *headers;
    if (!headers)
        headers = curl_slist_append(NULL, "Sec-Fetch-Site: same-origin");
    curl_easy_setopt(player->easy, CURLOPT_HTTPHEADER, headers);
    return OK;
}

static void close_players(struct play *play)
{
    for (size_t i = 0; i < play->players_len; i++) {
        if (!play->players[i].easy)
            continue;
        curl_multi_remove_handle(play->multi, play->players[i].easy);
        curl_easy_cleanup(play->players[i].easy);
        end_answer(&play->players[i]);
        arena_end(&play->players[i].arena);
    }
}

static enum err read_file(struct ctx *cx, struct str path, struct str *ret_text)
{
    int fd = cx->env->open(cx->env->state, str_to_c(&cx->arena, path), O_RDONLY, 0);
    if (fd < 0)
        return fail(cx, ERR_INVALID, "Không mở được danh sách tài khoản " STR_FMT, STR_ARG(path));
    char *at = arena_alloc(&cx->arena, PLAYERS_FILE_MAX);
    size_t len = 0;
    ssize_t got = 0;
    while (len < PLAYERS_FILE_MAX && (got = cx->env->read(cx->env->state, fd, at + len, PLAYERS_FILE_MAX - len)) > 0)
        len += (size_t)got;
    cx->env->close(cx->env->state, fd);
    if (got < 0 || len == PLAYERS_FILE_MAX)
        return fail(cx, ERR_INVALID, "Danh sách tài khoản " STR_FMT " không đọc được hoặc quá dài", STR_ARG(path));
    *ret_text = (struct str){ at, len };
    return OK;
}

static enum err read_players(struct ctx *cx, struct play *play)
{
    struct str rest = STR("");
    TRY(read_file(cx, play->options->players_path, &rest));
    play->players = ARENA_NEW_ARRAY(&cx->arena, struct player, REHEARSE_PLAYERS_MAX);
    while (rest.len > 0 && play->players_len < REHEARSE_PLAYERS_MAX) {
        struct str line = str_cut(&rest, '\n');
        if (line.len == 0 || line.at[0] == '#')
            continue;
        struct player *player = &play->players[play->players_len++];
        player->login = str_cut(&line, '\t');
        player->password = str_cut(&line, '\t');
        player->unit = str_cut(&line, '\t');
        player->province_code = line;
    }
    if (play->players_len == 0)
        return fail(cx, ERR_INVALID, "Danh sách tài khoản " STR_FMT " trống", STR_ARG(play->options->players_path));
    for (size_t i = play->players_len - 1; i > 0; i--) { /* in no order, as a country does things */
        size_t other = (size_t)(next_random(play) % (i + 1));
        struct player kept = play->players[i];
        play->players[i] = play->players[other];
        play->players[other] = kept;
    }
    if (play->options->players > 0 && (size_t)play->options->players < play->players_len)
        play->players_len = (size_t)play->options->players;
    return OK;
}

/* ---- Sessions from one run to the next: a password is hashed once, not once a run ---- */

/* A line each: login, a tab, the cookie as libcurl writes it. */
static void take_old_session(struct play *play, struct player *player)
{
    struct str rest = play->old_sessions;
    while (rest.len > 0) {
        struct str line = str_cut(&rest, '\n');
        if (!str_eq(str_cut(&line, '\t'), player->login) || line.len == 0 || line.len > COOKIE_BYTES_MAX)
            continue;
        curl_easy_setopt(player->easy, CURLOPT_COOKIELIST, str_to_c(&player->arena, line));
        player->tries_old_session = true;
        player->step = STEP_READ_TODAY;
    }
}

static void put_session(struct buf *out, struct player *player)
{
    struct curl_slist *cookies = NULL;
    if (curl_easy_getinfo(player->easy, CURLINFO_COOKIELIST, &cookies) != CURLE_OK)
        return;
    for (struct curl_slist *one = cookies; one; one = one->next)
        if (strlen(one->data) <= COOKIE_BYTES_MAX && strstr(one->data, "phien"))
            buf_format(out, STR_FMT "\t%s\n", STR_ARG(player->login), one->data);
    curl_slist_free_all(cookies);
}

static enum err keep_sessions(struct ctx *cx, struct play *play)
{
    struct buf text;
    buf_init(&text, &cx->arena);
    for (size_t i = 0; i < play->players_len; i++)
        put_session(&text, &play->players[i]);
    int fd = cx->env->open(cx->env->state, str_to_c(&cx->arena, play->options->sessions_path), O_WRONLY | O_CREAT | O_TRUNC,
                           0600);
    size_t done = 0;
    for (ssize_t put = 1; fd >= 0 && put > 0 && done < text.len; done += put > 0 ? (size_t)put : 0)
        put = cx->env->write(cx->env->state, fd, text.at + done, text.len - done);
    if (fd >= 0)
        cx->env->close(cx->env->state, fd);
    return done == text.len ? OK : fail(cx, ERR_UNAVAILABLE, "Không ghi được tệp phiên đăng nhập");
}

static enum err read_sessions(struct ctx *cx, struct play *play)
{
    if (play->options->sessions_path.len == 0 || access(str_to_c(&cx->arena, play->options->sessions_path), F_OK) != 0)
        return OK; /* none yet */
    return read_file(cx, play->options->sessions_path, &play->old_sessions);
}

/* One request of the watcher, waited for. */
static enum err ask(struct ctx *cx, struct player *watcher, const char *path, const struct str *body, long *ret_status)
{
    struct play *play = watcher->play;
    begin(watcher, path, body);
    int running = 1;
    while (running) {
        curl_multi_perform(play->multi, &running);
        int events = 0;
        if (running)
            curl_multi_poll(play->multi, NULL, 0, 1000, &events);
    }
    int left = 0;
    CURLcode code = CURLE_OK;
    for (CURLMsg *m = curl_multi_info_read(play->multi, &left); m; m = curl_multi_info_read(play->multi, &left))
        code = m->data.result;
    curl_multi_remove_handle(play->multi, watcher->easy);
    play->under_way--;
    if (code != CURLE_OK)
        return fail(cx, ERR_UNAVAILABLE, "Không nối được với " STR_FMT ": %s", STR_ARG(play->options->url),
                    curl_easy_strerror(code));
    curl_easy_getinfo(watcher->easy, CURLINFO_RESPONSE_CODE, ret_status);
    return OK;
}

static enum err read_board(struct ctx *cx, struct player *watcher, bool is_after)
{
    long status = 0;
    TRY(ask(cx, watcher, "/theo-doi?kieu=json", NULL, &status));
    enum err err = status == 200 ? rehearse_read_board(cx, buf_str(&watcher->page), is_after, watcher->play->result) :
                                   fail(cx, ERR_UNAVAILABLE, "Máy chủ không trả lời bảng theo dõi (mã %ld)", status);
    end_answer(watcher);
    return err;
}

static enum err open_watcher(struct ctx *cx, struct play *play, struct player *watcher)
{
    TRY(open_player(cx, play, watcher));
    watcher->login = play->options->watcher_login;
    watcher->password = play->options->watcher_password;
    long status = 0;
    TRY(ask(cx, watcher, "/dang-nhap", NULL, &status));
    prepare_sign_in(watcher);
    end_answer(watcher);
    struct player *popped = pop(&play->door);
    if (popped != watcher)
        return fail(cx, ERR_UNAVAILABLE, "Trang đăng nhập không có biểu mẫu như chờ đợi (mã %ld)", status);
    TRY(ask(cx, watcher, "/dang-nhap", &watcher->post_body, &status));
    end_answer(watcher);
    if (status != 303)
        return fail(cx, ERR_INVALID, "Tài khoản theo dõi không đăng nhập được (mã %ld)", status);
    return OK;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static void sum_up(struct play *play)
{
    struct rehearse_result *r = play->result;
    r->seconds = (double)(env_monotonic(play->env) - play->started_us) / 1e6;
    if (play->latencies_len > 0) {
        qsort(play->latencies_ms, play->latencies_len, sizeof(double), compare_doubles);
        r->p50_ms = play->latencies_ms[play->latencies_len / 2];
        r->p99_ms = play->latencies_ms[play->latencies_len * 99 / 100];
    }
}

static enum err play_it(struct ctx *cx, struct play *play, struct player *watcher)
{
    bool is_watched = play->options->watcher_login.len > 0;
    if (is_watched) {
        TRY(open_watcher(cx, play, watcher));
        TRY(read_board(cx, watcher, false));
    }
    for (size_t i = 0; i < play->players_len; i++) {
        TRY(open_player(cx, play, &play->players[i]));
        take_old_session(play, &play->players[i]);
        push_ready(play, &play->players[i]);
    }
    play->started_us = env_monotonic(cx->env);
    run_players(play);
    sum_up(play);
    if (is_watched) {
        TRY(read_board(cx, watcher, true));
        rehearse_compare(play->result);
    }
    return play->options->sessions_path.len > 0 ? keep_sessions(cx, play) : OK;
}

enum err rehearse_run(struct ctx *cx, const struct rehearse_options *options, struct rehearse_result *ret_result)
{
    struct play play = { .options = options,
                         .result = ret_result,
                         .arena = &cx->arena,
                         .env = cx->env,
                         .random = options->seed ? options->seed : 20260523 };
    TRY(read_players(cx, &play));
    TRY(read_sessions(cx, &play));
    play.latencies_ms = malloc(sizeof(double) * LATENCIES_MAX);
    if (!play.latencies_ms || curl_global_init(CURL_GLOBAL_DEFAULT) != 0) {
        free(play.latencies_ms);
        return fail(cx, ERR_UNAVAILABLE, "Không đủ bộ nhớ cho buổi diễn tập");
    }
    play.multi = curl_multi_init();
    struct player watcher = { .play = &play };
    enum err err = play_it(cx, &play, &watcher);
    close_players(&play);
    if (watcher.easy) {
        curl_easy_cleanup(watcher.easy);
        arena_end(&watcher.arena);
    }
    curl_multi_cleanup(play.multi);
    curl_global_cleanup();
    free(play.latencies_ms);
    return err;
}
