#include "rehearse/rehearse.h"

#include <jansson.h>
#include <string.h>

/* Where the three counts stand in a board's "tong": sent, received, sent, received, total, done, late. */
static const size_t places[REHEARSE_COUNTS] = { [REHEARSE_PAPERS] = 1, [REHEARSE_MATERIALS] = 3, [REHEARSE_DUTIES] = 5 };

bool rehearse_line_agrees(const struct rehearse_line *line)
{
    for (size_t i = 0; i < REHEARSE_COUNTS; i++)
        if (line->after[i] - line->before[i] != line->sent[i])
            return false;
    return true;
}

static struct rehearse_line *line_of(struct rehearse_result *result, const char *code, const char *name)
{
    for (size_t i = 0; i < result->lines_len; i++)
        if (strcmp(result->lines[i].code, code) == 0)
            return &result->lines[i];
    if (result->lines_len == REHEARSE_LINES_MAX)
        return NULL;
    struct rehearse_line *line = &result->lines[result->lines_len++];
    *line = (struct rehearse_line){ .code = "" };
    snprintf(line->code, sizeof line->code, "%s", code);
    snprintf(line->name, sizeof line->name, "%s", name);
    return line;
}

static bool add_numbers(struct rehearse_line *line, const json_t *area, bool is_after)
{
    const json_t *numbers = json_object_get(area, "tong");
    for (size_t i = 0; i < REHEARSE_COUNTS; i++) {
        const json_t *number = json_array_get(numbers, places[i]);
        if (!json_is_integer(number))
            return false;
        *(is_after ? &line->after[i] : &line->before[i]) += json_integer_value(number);
    }
    return true;
}

/* Provinces only: what was sent is known by province, not by commune. */
static bool add_paper(struct rehearse_result *result, struct rehearse_line *whole, const json_t *paper, bool is_nation,
                      bool is_after)
{
    if (!add_numbers(whole, paper, is_after))
        return false;
    size_t i = 0;
    const json_t *below = NULL;
    json_array_foreach (json_object_get(paper, "duoi"), i, below) {
        const char *code = json_string_value(json_object_get(below, "ma"));
        const char *name = json_string_value(json_object_get(below, "ten"));
        struct rehearse_line *line = is_nation && code ? line_of(result, code, name ? name : "") : NULL;
        if (is_nation && (!line || !add_numbers(line, below, is_after)))
            return false;
    }
    return true;
}

enum err rehearse_read_board(struct ctx *cx, struct str json, bool is_after, struct rehearse_result *result)
{
    json_t *board = json_loadb(json.at, json.len, JSON_REJECT_DUPLICATES, NULL);
    const char *code = json_string_value(json_object_get(board, "ma"));
    const json_t *papers = json_object_get(board, "van_ban");
    bool is_sound = code && json_is_array(papers);
    if (is_sound) {
        /* The nation's code is letters. A province's own watcher sees its province: then that is the whole. */
        bool is_nation = code[0] < '0' || code[0] > '9';
        struct rehearse_line *whole = line_of(result, is_nation ? "" : code, is_nation ? "cả nước" : "cả tỉnh");
        size_t i = 0;
        const json_t *paper = NULL;
        json_array_foreach (papers, i, paper)
            is_sound = is_sound && whole && add_paper(result, whole, paper, is_nation, is_after);
    }
    json_decref(board);
    return is_sound ? OK : fail(cx, ERR_UNAVAILABLE, "Máy chủ trả lời bảng theo dõi không đúng dạng");
}

void rehearse_count(struct rehearse_result *result, struct str province_code, enum rehearse_count what)
{
    for (size_t i = 0; i < result->lines_len; i++) {
        struct rehearse_line *line = &result->lines[i];
        bool is_meant = line->code[0] == '\0' || str_eq(str_from(line->code), province_code);
        line->sent[what] += is_meant;
        if (what != REHEARSE_DUTIES)
            line->sent[REHEARSE_DUTIES] += is_meant;
    }
}

static bool is_quiet(const struct rehearse_line *line)
{
    static const int64_t nothing[REHEARSE_COUNTS] = { 0 };
    return memcmp(line->sent, nothing, sizeof nothing) == 0 && rehearse_line_agrees(line);
}

void rehearse_compare(struct rehearse_result *result)
{
    size_t kept = 0;
    result->is_verified = result->lines_len > 0;
    for (size_t i = 0; i < result->lines_len; i++) {
        result->is_verified = result->is_verified && rehearse_line_agrees(&result->lines[i]);
        if (i == 0 || !is_quiet(&result->lines[i]))
            result->lines[kept++] = result->lines[i];
    }
    result->lines_len = kept;
}
