#include "rehearse/crew.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

enum { HAND_ARENA_BYTES = 16 << 20, TIMES_MAX = 1 << 22, ANSWER_FIRST_BYTES = 64 << 10, WAIT_MS = 5, BUSY_PAUSE_US = 20000 };

/* One connection. */
struct hand {
    struct crew *crew;
    CURL *easy;
    struct curl_slist *headers;
    struct arena arena;
    struct exchange exchange;
    char *text;
    size_t text_len, text_room;
    char cookie[1024];
    size_t cookie_len;
    int tries;
    int64_t again_us; /* a busy server is asked again from then on; 0: not waiting */
    bool is_out;
};

struct crew {
    const struct env *env;
    struct str url;
    CURLM *multi;
    struct hand *hands;
    int hands_len;
    float *times_ms;
    size_t times_len;
};

/* ---- what curl calls: no arena here (base/arena.h) ---- */

static size_t take_text(char *data, size_t size, size_t count, void *what)
{
    struct hand *hand = what;
    size_t len = size * count;
    if (hand->text_len + len > CREW_ANSWER_MAX)
        return 0;
    if (hand->text_len + len > hand->text_room) {
        size_t room = hand->text_room ? hand->text_room : ANSWER_FIRST_BYTES;
        while (room < hand->text_len + len)
            room *= 2;
        char *text = realloc(hand->text, room);
        if (!text)
            return 0;
        hand->text = text;
        hand->text_room = room;
    }
    memcpy(hand->text + hand->text_len, data, len);
    hand->text_len += len;
    return len;
}

/* The session's cookie comes with the answer to a sign-in. */
static size_t take_header(char *data, size_t size, size_t count, void *what)
{
    struct hand *hand = what;
    struct str line = { data, size * count };
    static const char name[] = "set-cookie: ";
    bool is_cookie = line.len > sizeof name - 1;
    for (size_t i = 0; is_cookie && i < sizeof name - 1; i++)
        is_cookie = (line.at[i] | 32) == (name[i] | 32);
    if (!is_cookie)
        return line.len;
    struct str value = str_sub(line, sizeof name - 1, SIZE_MAX);
    struct str pair = str_cut(&value, ';');
    if (str_find(pair, STR("phien=")) < pair.len && pair.len < sizeof hand->cookie) {
        memcpy(hand->cookie, pair.at, pair.len);
        hand->cookie_len = pair.len;
    }
    return line.len;
}

/* ---- one exchange ---- */

static void send_exchange(struct hand *hand)
{
    struct exchange *exchange = &hand->exchange;
    struct arena *arena = &hand->arena;
    hand->text_len = hand->cookie_len = 0;
    curl_easy_setopt(hand->easy, CURLOPT_URL, str_to_c(arena, str_format(arena, STR_FMT STR_FMT, STR_ARG(hand->crew->url),
                                                                        STR_ARG(exchange->path))));
    curl_slist_free_all(hand->headers);
    /* As a browser would say of a form of the same page: the server refuses forms sent from elsewhere. */
    hand->headers = curl_slist_append(NULL, "Sec-Fetch-Site: same-origin");
    hand->headers = curl_slist_append(hand->headers, "Expect:");
    if (exchange->cookie.len > 0)
        hand->headers = curl_slist_append(hand->headers, str_to_c(arena, str_format(arena, "Cookie: " STR_FMT, STR_ARG(exchange->cookie))));
    if (exchange->csrf.len > 0)
        hand->headers = curl_slist_append(hand->headers, str_to_c(arena, str_format(arena, "X-CSRF: " STR_FMT, STR_ARG(exchange->csrf))));
    if (exchange->type) {
        hand->headers = curl_slist_append(hand->headers, str_to_c(arena, str_format(arena, "Content-Type: %s", exchange->type)));
        curl_easy_setopt(hand->easy, CURLOPT_POST, 1L);
        curl_easy_setopt(hand->easy, CURLOPT_POSTFIELDSIZE, (long)exchange->body.len);
        curl_easy_setopt(hand->easy, CURLOPT_POSTFIELDS, exchange->body.at);
    } else {
        curl_easy_setopt(hand->easy, CURLOPT_HTTPGET, 1L);
    }
    curl_easy_setopt(hand->easy, CURLOPT_HTTPHEADER, hand->headers);
    curl_multi_add_handle(hand->crew->multi, hand->easy);
    hand->is_out = true;
}

static bool take_next(struct hand *hand, const struct crew_phase *phase)
{
    arena_reset(&hand->arena);
    hand->exchange = (struct exchange){ .path = STR(""), .body = STR(""), .cookie = STR(""), .csrf = STR("") };
    hand->tries = 0;
    return phase->next(phase->what, &hand->arena, &hand->exchange);
}

static void take_answer(struct hand *hand, const struct crew_phase *phase, CURLcode code, struct crew_figures *figures)
{
    struct crew *crew = hand->crew;
    struct answer answer = { .status = 0, .text = { hand->text, hand->text_len }, .cookie = { hand->cookie, hand->cookie_len } };
    double seconds = 0;
    curl_easy_getinfo(hand->easy, CURLINFO_RESPONSE_CODE, &answer.status);
    curl_easy_getinfo(hand->easy, CURLINFO_TOTAL_TIME, &seconds);
    hand->is_out = false;
    if (code != CURLE_OK)
        answer.status = 0;
    if (answer.status == 503 && hand->tries < CREW_TRIES_MAX) {
        hand->tries++;
        figures->busy++;
        hand->again_us = env_monotonic(crew->env) + BUSY_PAUSE_US;
        return;
    }
    if (crew->times_len < TIMES_MAX)
        crew->times_ms[crew->times_len++] = (float)(seconds * 1000);
    figures->answers++;
    phase->answered(phase->what, &hand->arena, &hand->exchange, &answer);
}

/* ---- a phase ---- */

static int compare_times(const void *a, const void *b)
{
    float x = *(const float *)a;
    float y = *(const float *)b;
    return (x > y) - (x < y);
}

struct running {
    const struct crew_phase *phase;
    struct crew_figures *figures;
    int hands, per_second;
    int64_t started_us, released;
    bool is_over; /* the phase has no more */
};

static bool may_release(struct crew *crew, const struct running *running)
{
    if (running->is_over)
        return false;
    int64_t elapsed_us = env_monotonic(crew->env) - running->started_us;
    return running->per_second == 0 || running->released < elapsed_us * running->per_second / 1000000 + 1;
}

/* Gives every free hand something to do; how many are out. */
static int release(struct crew *crew, struct running *running)
{
    int out = 0;
    for (int i = 0; i < running->hands; i++) {
        struct hand *hand = &crew->hands[i];
        if (!hand->is_out && hand->again_us != 0 && env_monotonic(crew->env) >= hand->again_us) {
            hand->again_us = 0;
            send_exchange(hand);
        } else if (!hand->is_out && hand->again_us == 0 && may_release(crew, running)) {
            if (take_next(hand, running->phase)) {
                running->released++;
                send_exchange(hand);
            } else {
                running->is_over = true;
            }
        }
        out += hand->is_out || hand->again_us != 0;
    }
    return out;
}

enum err crew_run(struct ctx *cx, struct crew *crew, const struct crew_phase *phase, int connections, int per_second,
                  struct crew_figures *ret_figures)
{
    struct crew_figures figures = { .answers = 0 };
    struct running running = { .phase = phase, .figures = &figures, .per_second = per_second,
                               .hands = connections > 0 && connections < crew->hands_len ? connections : crew->hands_len,
                               .started_us = env_monotonic(crew->env) };
    crew->times_len = 0;
    while (release(crew, &running) > 0 || !running.is_over) {
        int active = 0;
        int left = 0;
        int events = 0;
        curl_multi_perform(crew->multi, &active);
        for (CURLMsg *m = curl_multi_info_read(crew->multi, &left); m; m = curl_multi_info_read(crew->multi, &left)) {
            struct hand *hand = NULL;
            CURLcode code = m->data.result;
            curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &hand);
            curl_multi_remove_handle(crew->multi, hand->easy);
            take_answer(hand, phase, code, &figures);
        }
        if (active > 0 || !may_release(crew, &running))
            curl_multi_poll(crew->multi, NULL, 0, WAIT_MS, &events);
    }
    figures.seconds = (double)(env_monotonic(crew->env) - running.started_us) / 1e6;
    if (crew->times_len > 0) {
        qsort(crew->times_ms, crew->times_len, sizeof *crew->times_ms, compare_times);
        figures.p50_ms = (double)crew->times_ms[crew->times_len / 2];
        figures.p99_ms = (double)crew->times_ms[crew->times_len * 99 / 100];
    }
    *ret_figures = figures;
    (void)cx;
    return OK;
}

/* ---- its life ---- */

static bool open_hand(struct crew *crew, struct hand *hand)
{
    hand->crew = crew;
    hand->easy = curl_easy_init();
    if (!hand->easy)
        return false;
    arena_init(&hand->arena, crew->env, HAND_ARENA_BYTES);
    curl_easy_setopt(hand->easy, CURLOPT_PRIVATE, hand);
    curl_easy_setopt(hand->easy, CURLOPT_WRITEFUNCTION, take_text);
    curl_easy_setopt(hand->easy, CURLOPT_WRITEDATA, hand);
    curl_easy_setopt(hand->easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(hand->easy, CURLOPT_HEADERDATA, hand);
    curl_easy_setopt(hand->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(hand->easy, CURLOPT_TIMEOUT, 120L);
    return true;
}

enum err crew_open(struct ctx *cx, struct str url, int connections, struct crew **ret_crew)
{
    struct crew *crew = ARENA_NEW(&cx->arena, struct crew);
    if (connections < 1 || connections > CREW_CONNECTIONS_MAX)
        return fail(cx, ERR_INVALID, "Số kết nối cần từ 1 đến %d", CREW_CONNECTIONS_MAX);
    *crew = (struct crew){ .env = cx->env, .url = url, .hands_len = connections };
    crew->hands = ARENA_NEW_ARRAY(&cx->arena, struct hand, (size_t)connections);
    crew->times_ms = malloc(sizeof *crew->times_ms * TIMES_MAX);
    bool is_ready = crew->times_ms && curl_global_init(CURL_GLOBAL_DEFAULT) == 0;
    crew->multi = is_ready ? curl_multi_init() : NULL;
    if (crew->multi)
        curl_multi_setopt(crew->multi, CURLMOPT_MAXCONNECTS, (long)connections);
    for (int i = 0; i < connections && crew->multi; i++)
        is_ready = is_ready && open_hand(crew, &crew->hands[i]);
    *ret_crew = crew;
    if (!is_ready || !crew->multi)
        return fail(cx, ERR_UNAVAILABLE, "Không đủ bộ nhớ cho buổi diễn tập");
    return OK;
}

void crew_close(struct crew *crew)
{
    for (int i = 0; i < crew->hands_len; i++) {
        struct hand *hand = &crew->hands[i];
        if (!hand->easy)
            continue;
        if (hand->is_out)
            curl_multi_remove_handle(crew->multi, hand->easy);
        curl_easy_cleanup(hand->easy);
        curl_slist_free_all(hand->headers);
        free(hand->text);
        arena_end(&hand->arena);
    }
    if (crew->multi)
        curl_multi_cleanup(crew->multi);
    free(crew->times_ms);
    curl_global_cleanup();
}
