#include "point/janus.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct answer {
    char *at;
    size_t len;
};

static size_t take_answer(char *part, size_t size, size_t count, void *what)
{
    struct answer *answer = what;
    size_t len = size * count;
    if (len > (size_t)JANUS_ANSWER_BYTES - answer->len)
        return 0; /* stops the transfer */
    memcpy(answer->at + answer->len, part, len);
    answer->len += len;
    return len;
}

static void free_json(void *json)
{
    json_decref(json);
}

static enum err no_janus(struct ctx *cx, const char *what)
{
    enum err err = fail(cx, ERR_UNAVAILABLE, "Phần vọng hình, tiếng của máy chủ đang không trả lời; các số đo khác vẫn dùng được");
    snprintf(cx->fault.detail, sizeof cx->fault.detail, "janus: %s", what);
    return err;
}

static void set_up(CURL *curl, const char *url, const char *body, struct answer *answer)
{
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)JANUS_CALL_MS);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, 1000L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    if (body)
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
}

/* One call; the answer's JSON lives as long as the arena. `path` is "" or "/session/handle". */
static enum err call(struct ctx *cx, const struct janus *janus, const char *path, json_t *body, json_t **ret_json)
{
    struct answer answer = { .at = arena_alloc(&cx->arena, JANUS_ANSWER_BYTES) };
    struct str url = str_format(&cx->arena, "%s%s", janus->url, path);
    if (!body && janus->secret[0] != '\0') {
        char *escaped = curl_easy_escape(NULL, janus->secret, 0);
        url = str_format(&cx->arena, "%s%s?maxev=1&apisecret=%s", janus->url, path, escaped ? escaped : "");
        curl_free(escaped);
    }
    const char *address = str_to_c(&cx->arena, url);
    CURL *curl = curl_easy_init();
    char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
    CURLcode code = CURLE_FAILED_INIT;
    if (curl && (text || !body)) {
        set_up(curl, address, text, &answer);
        code = curl_easy_perform(curl);
    }
    curl_easy_cleanup(curl);
    free(text);
    if (code != CURLE_OK)
        return no_janus(cx, curl_easy_strerror(code));
    json_t *json = json_loadb(answer.at, answer.len, 0, NULL);
    if (!json)
        return no_janus(cx, "the answer is no JSON");
    arena_on_end(&cx->arena, free_json, json);
    const char *kind = json_string_value(json_object_get(json, "janus"));
    if (!kind || strcmp(kind, "error") == 0) {
        const char *reason = json_string_value(json_object_get(json_object_get(json, "error"), "reason"));
        return no_janus(cx, reason ? reason : "an error without words");
    }
    *ret_json = json;
    return OK;
}

/* A request with what each carries; `more` is consumed. */
static enum err ask(struct ctx *cx, const struct janus *janus, const char *path, const char *kind, json_t *more, json_t **ret_json)
{
    char transaction[17];
    unsigned char random[8];
    env_random(cx->env, random, sizeof random);
    struct str hex = str_from_bytes_hex(&cx->arena, random, sizeof random);
    memcpy(transaction, hex.at, sizeof transaction - 1);
    transaction[sizeof transaction - 1] = '\0';
    json_t *body = more ? more : json_object();
    json_object_set_new(body, "janus", json_string(kind));
    json_object_set_new(body, "transaction", json_string(transaction));
    if (janus->secret[0] != '\0')
        json_object_set_new(body, "apisecret", json_string(janus->secret));
    enum err err = call(cx, janus, path, body, ret_json);
    json_decref(body);
    return err;
}

static int64_t id_of(json_t *json)
{
    return json_integer_value(json_object_get(json_object_get(json, "data"), "id"));
}

/* Events come one by one; the one that carries the answer comes among the first. */
static enum err await_answer(struct ctx *cx, const struct janus *janus, int64_t session, struct str *ret_answer)
{
    enum { EVENTS_MAX = 4 };
    const char *path = str_to_c(&cx->arena, str_format(&cx->arena, "/%" PRId64, session));
    for (int i = 0; i < EVENTS_MAX; i++) {
        json_t *event = NULL;
        TRY(call(cx, janus, path, NULL, &event));
        const char *sdp = json_string_value(json_object_get(json_object_get(event, "jsep"), "sdp"));
        if (sdp) {
            *ret_answer = str_copy(&cx->arena, str_from(sdp));
            return OK;
        }
    }
    return no_janus(cx, "no answer to the offer");
}

enum err janus_echo(struct ctx *cx, const struct janus *janus, struct str offer, int64_t *ret_session, struct str *ret_answer)
{
    json_t *json = NULL;
    if (offer.len == 0 || offer.len > JANUS_OFFER_BYTES || !str_starts(offer, STR("v=0")))
        return fail(cx, ERR_INVALID, "Lời mời kết nối của trình duyệt không đúng dạng");
    TRY(ask(cx, janus, "", "create", NULL, &json));
    int64_t session = id_of(json);
    if (session <= 0)
        return no_janus(cx, "no session");
    *ret_session = session;
    const char *path = str_to_c(&cx->arena, str_format(&cx->arena, "/%" PRId64, session));
    TRY(ask(cx, janus, path, "attach", json_pack("{s:s}", "plugin", "janus.plugin.echotest"), &json));
    int64_t handle = id_of(json);
    if (handle <= 0)
        return no_janus(cx, "no handle");
    path = str_to_c(&cx->arena, str_format(&cx->arena, "/%" PRId64 "/%" PRId64, session, handle));
    json_t *message = json_pack("{s:{s:b,s:b},s:{s:s,s:s%}}", "body", "audio", 1, "video", 1, "jsep", "type", "offer", "sdp", offer.at,
                                offer.len);
    if (!message)
        return fail(cx, ERR_INVALID, "Lời mời kết nối của trình duyệt không đúng dạng");
    TRY(ask(cx, janus, path, "message", message, &json));
    return await_answer(cx, janus, session, ret_answer);
}

void janus_end(struct ctx *cx, const struct janus *janus, int64_t session)
{
    struct fault before = cx->fault;
    json_t *json = NULL;
    const char *path = str_to_c(&cx->arena, str_format(&cx->arena, "/%" PRId64, session));
    if (ask(cx, janus, path, "destroy", NULL, &json) != OK)
        cx->fault = before; /* Janus ends it by itself after a minute without us */
}
