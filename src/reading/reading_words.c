/* Values of plan/1 in the words of a page, and typed words back into values. */
#include "reading/reading_inside.h"

#include "plan/plan.h"
#include "viet/viet.h"

/* ---- Dates and times ---- */

/* 2026-05-21 is 21/05/2026, 2026-05 is 05/2026, 2026-Q2 is quý 2/2026. */
static struct str show_date(struct arena *arena, struct str date)
{
    int32_t day = DAY_NONE;
    if (day_parse_iso(date, &day))
        return day_format(arena, day);
    struct str rest = date;
    struct str year = str_cut(&rest, '-');
    if (rest.len == 2 && rest.at[0] == 'Q')
        return str_format(arena, "quý %c/" STR_FMT, rest.at[1], STR_ARG(year));
    return rest.len == 2 ? str_format(arena, STR_FMT "/" STR_FMT, STR_ARG(rest), STR_ARG(year)) : date;
}

/* 2026-05-23T08:00 is 08:00 ngày 23/05/2026. */
static struct str show_datetime(struct arena *arena, struct str at)
{
    if (at.len != 16)
        return show_date(arena, at);
    return str_format(arena, STR_FMT " ngày " STR_FMT, STR_ARG(str_sub(at, 11, 5)),
                      STR_ARG(show_date(arena, str_sub(at, 0, 10))));
}

static bool is_number(struct str text, int64_t *ret_value)
{
    return text.len > 0 && text.at[0] != '-' && str_to_i64(text, ret_value);
}

static struct str without_prefix(struct str text, const char *const *prefixes)
{
    for (size_t i = 0; prefixes[i]; i++) {
        if (str_starts(text, str_from(prefixes[i])))
            return str_trim(str_sub(text, strlen(prefixes[i]), SIZE_MAX));
    }
    return text;
}

/* "21/5/2026", "5/2026", "quý 2/2026", "năm 2026", or the stored form. */
static bool parse_date(struct arena *arena, struct str typed, struct str *ret_date)
{
    static const char *const heads[] = { "ngày ", "tháng ", "năm ", NULL };
    int32_t day = DAY_NONE, last = DAY_NONE;
    int64_t first_number = 0, year = 0;
    struct str text = without_prefix(viet_lower(arena, str_trim(typed)), heads);
    if (day_parse(text, &day)) {
        *ret_date = day_format_iso(arena, day);
        return true;
    }
    bool is_quarter = str_starts(text, STR("quý "));
    struct str rest = is_quarter ? str_trim(str_sub(text, sizeof "quý " - 1, SIZE_MAX)) : text;
    struct str part = str_cut(&rest, '/');
    if (rest.len == 4 && is_number(part, &first_number) && is_number(rest, &year) && first_number >= 1 &&
        first_number <= (is_quarter ? 4 : 12)) {
        *ret_date = str_format(arena, is_quarter ? "%04lld-Q%lld" : "%04lld-%02lld", (long long)year,
                               (long long)first_number);
        return true;
    }
    struct str stored = viet_upper(arena, text); /* the stored form, whose Q is a capital */
    *ret_date = stored;
    return stored.len > 0 && plan_date_range(stored, &day, &last);
}

/* "8:00", "8h", "8 giờ 30", "08:00". */
static bool parse_clock(struct arena *arena, struct str typed, struct str *ret_clock)
{
    int64_t hour = 0, minute = 0;
    struct str text = viet_lower(arena, str_trim(typed));
    size_t at = str_find(text, STR("giờ"));
    size_t mark = at < text.len ? sizeof "giờ" - 1 : 1;
    if (at == text.len)
        at = str_find(text, STR(":")) < text.len ? str_find(text, STR(":")) : str_find(text, STR("h"));
    static const char *const none[] = { NULL };
    struct str hours = str_trim(str_sub(text, 0, at));
    struct str minutes = without_prefix(str_trim(str_sub(text, at + mark, SIZE_MAX)), none);
    if (str_ends(minutes, STR("phút")))
        minutes = str_trim(str_sub(minutes, 0, minutes.len - (sizeof "phút" - 1)));
    bool is_clock = at < text.len && is_number(hours, &hour) && hour < 24 &&
                    (minutes.len == 0 || (is_number(minutes, &minute) && minute < 60));
    if (is_clock)
        *ret_clock = str_format(arena, "%02lld:%02lld", (long long)hour, (long long)minute);
    return is_clock;
}

/* The day stands behind the last blank; the hours in front: "8 giờ 30 ngày 23/5/2026". */
static bool parse_datetime(struct arena *arena, struct str typed, struct str *ret_at)
{
    struct str text = viet_lower(arena, str_trim(typed)), clock = STR(""), date = STR("");
    int64_t unused = 0;
    if (text.len == 16 && instant_parse_iso(viet_upper(arena, text), &unused)) {
        *ret_at = viet_upper(arena, text);
        return true;
    }
    size_t at = text.len;
    while (at > 0 && text.at[at - 1] != ' ')
        at--;
    struct str hours = str_trim(str_sub(text, 0, at > 0 ? at - 1 : 0));
    if (str_ends(hours, STR("ngày")))
        hours = str_trim(str_sub(hours, 0, hours.len - (sizeof "ngày" - 1)));
    while (hours.len > 0 && hours.at[hours.len - 1] == ',')
        hours = str_trim(str_sub(hours, 0, hours.len - 1));
    if (!parse_clock(arena, hours, &clock) || !parse_date(arena, str_sub(text, at, SIZE_MAX), &date) || date.len != 10)
        return false;
    *ret_at = str_format(arena, STR_FMT "T" STR_FMT, STR_ARG(date), STR_ARG(clock));
    return true;
}

/* ---- Deadlines ---- */

static const struct choice relations[] = {
    { STR_INIT("before"), STR_INIT("trước") },  { STR_INIT("by"), STR_INIT("chậm nhất") },
    { STR_INIT("in"), STR_INIT("trong") },      { STR_INIT("at"), STR_INIT("vào lúc") },
    { STR_INIT("after"), STR_INIT("sau ít nhất") },
};
static const struct choice repeats[] = {
    { STR_INIT("continuous"), STR_INIT("thường xuyên") }, { STR_INIT("periodic"), STR_INIT("định kỳ") },
    { STR_INIT("weekly"), STR_INIT("hằng tuần") },        { STR_INIT("monthly"), STR_INIT("hằng tháng") },
    { STR_INIT("quarterly"), STR_INIT("hằng quý") },      { STR_INIT("half_yearly"), STR_INIT("6 tháng một lần") },
    { STR_INIT("yearly"), STR_INIT("hằng năm") },
};
static const struct choice spans[] = {
    { STR_INIT("D"), STR_INIT("ngày") },
    { STR_INIT("W"), STR_INIT("tuần") },
    { STR_INIT("M"), STR_INIT("tháng") },
    { STR_INIT("Y"), STR_INIT("năm") },
    { STR_INIT("WD"), STR_INIT("ngày làm việc") },
};

/* yearly-12-15 is "hằng năm, 15/12"; yearly-12 "hằng năm, tháng 12"; monthly-25 "hằng tháng, ngày 25". */
static struct str show_repeat(struct arena *arena, struct str value)
{
    struct str rest = value;
    struct str name = str_cut(&rest, '-');
    for (size_t i = 0; i < LEN(repeats); i++) {
        struct str label = repeats[i].label;
        if (!str_eq(repeats[i].value, name))
            continue;
        if (rest.len == 0)
            return label;
        if (str_eq(name, STR("monthly")))
            return str_format(arena, STR_FMT ", ngày " STR_FMT, STR_ARG(label), STR_ARG(rest));
        struct str day = rest;
        struct str month = str_cut(&day, '-');
        return day.len > 0 ? str_format(arena, STR_FMT ", " STR_FMT "/" STR_FMT, STR_ARG(label), STR_ARG(day), STR_ARG(month))
                           : str_format(arena, STR_FMT ", tháng " STR_FMT, STR_ARG(label), STR_ARG(month));
    }
    return value;
}

static bool parse_repeat(struct arena *arena, struct str typed, struct str *ret_value)
{
    static const char *const heads[] = { "tháng ", "ngày ", NULL };
    struct str rest = viet_lower(arena, str_trim(typed));
    struct str name = str_trim(str_cut(&rest, ','));
    int64_t day = 0, month = 0;
    rest = without_prefix(str_trim(rest), heads);
    for (size_t i = 0; i < LEN(repeats); i++) {
        bool is_named = str_eq(name, repeats[i].label) || str_eq(name, repeats[i].value) ||
                        (str_starts(repeats[i].label, STR("hằng")) && str_starts(name, STR("hàng")) &&
                         str_eq(str_sub(name, sizeof "hàng" - 1, SIZE_MAX),
                                str_sub(repeats[i].label, sizeof "hằng" - 1, SIZE_MAX)));
        if (!is_named)
            continue;
        *ret_value = repeats[i].value;
        if (rest.len == 0)
            return true;
        if (str_eq(*ret_value, STR("monthly")) && is_number(rest, &day) && day >= 1 && day <= 31) {
            *ret_value = str_format(arena, "monthly-%02lld", (long long)day);
            return true;
        }
        struct str months = rest;
        struct str first = str_cut(&months, '/');
        if (!str_eq(*ret_value, STR("yearly")) || !is_number(first, &day))
            return false;
        bool has_day = months.len > 0;
        month = day;
        if ((has_day && !is_number(months, &month)) || month < 1 || month > 12 || day < 1 || day > 31)
            return false;
        *ret_value = has_day ? str_format(arena, "yearly-%02lld-%02lld", (long long)month, (long long)day)
                             : str_format(arena, "yearly-%02lld", (long long)month);
        return true;
    }
    return false;
}

/* P3M is "3 tháng", P2D/P5D "2 ngày đến 5 ngày", P5WD "5 ngày làm việc". */
static struct str show_period(struct arena *arena, struct str value)
{
    struct str rest = value, to = STR("");
    struct str from = str_cut(&rest, '/');
    to = rest;
    size_t at = 1;
    while (at < from.len && (from.at[at] == '.' || (from.at[at] >= '0' && from.at[at] <= '9')))
        at++;
    struct str unit = str_sub(from, at, SIZE_MAX), shown = from;
    for (size_t i = 0; i < LEN(spans); i++) {
        if (str_eq(spans[i].value, unit) && at > 1)
            shown = str_format(arena, STR_FMT " " STR_FMT, STR_ARG(str_sub(from, 1, at - 1)), STR_ARG(spans[i].label));
    }
    if (to.len == 0 || str_eq(to, from))
        return shown;
    return str_format(arena, STR_FMT " đến " STR_FMT, STR_ARG(shown), STR_ARG(show_period(arena, to)));
}

static bool parse_period(struct arena *arena, struct str typed, struct str *ret_value)
{
    struct str unit = viet_lower(arena, str_trim(typed)), parts[2] = { { NULL, 0 } };
    size_t len = 0, dash = str_find(unit, STR(" đến "));
    if (dash < unit.len) {
        if (!parse_period(arena, str_sub(unit, 0, dash), &parts[0]) ||
            !parse_period(arena, str_sub(unit, dash + sizeof " đến " - 1, SIZE_MAX), &parts[1]))
            return false;
        *ret_value = str_format(arena, STR_FMT "/" STR_FMT, STR_ARG(parts[0]), STR_ARG(parts[1]));
        return true;
    }
    while (len < unit.len && (unit.at[len] == '.' || (unit.at[len] >= '0' && unit.at[len] <= '9')))
        len++;
    struct str number = str_sub(unit, 0, len);
    unit = str_trim(str_sub(unit, len, SIZE_MAX));
    for (size_t i = 0; i < LEN(spans); i++) {
        if (len > 0 && str_eq(unit, spans[i].label)) {
            *ret_value = str_format(arena, "P" STR_FMT STR_FMT, STR_ARG(number), STR_ARG(spans[i].value));
            return true;
        }
    }
    return false;
}

static struct str relation_label(struct str relation)
{
    for (size_t i = 0; i < LEN(relations); i++) {
        if (str_eq(relations[i].value, relation))
            return relations[i].label;
    }
    return STR("");
}

static struct str type_due(struct arena *arena, const json_t *due)
{
    struct str kind = reading_json_str(json_object_get(due, "kind"));
    struct str value = reading_json_str(json_object_get(due, "value"));
    if (str_eq(kind, STR("recurring")))
        return show_repeat(arena, value);
    if (str_eq(kind, STR("period_after")))
        return show_period(arena, value);
    return show_datetime(arena, value);
}

static struct str show_due(struct arena *arena, const json_t *due)
{
    struct str relation = reading_json_str(json_object_get(due, "relation"));
    struct str words = type_due(arena, due);
    bool is_repeat = str_eq(reading_json_str(json_object_get(due, "kind")), STR("recurring"));
    bool is_plain = words.len == 0 || (is_repeat && str_eq(relation, STR("in")));
    return is_plain ? words : str_format(arena, STR_FMT " " STR_FMT, STR_ARG(relation_label(relation)), STR_ARG(words));
}

static json_t *parse_due(struct arena *arena, struct str typed, struct str relation)
{
    struct str value = STR("");
    const char *kind = NULL;
    if (parse_datetime(arena, typed, &value))
        kind = "datetime";
    else if (parse_date(arena, typed, &value))
        kind = value.len == 10 ? "date" : value.len == 4 ? "year" : value.at[5] == 'Q' ? "quarter" : "month";
    else if (parse_repeat(arena, typed, &value))
        kind = "recurring";
    else if (parse_period(arena, typed, &value))
        kind = "period_after";
    else
        return NULL;
    const char *usual = str_eq(str_from(kind), STR("recurring")) || value.len < 10 ? "in" : "before";
    if (str_eq(str_from(kind), STR("period_after")))
        usual = "after";
    struct str chosen = relation_label(relation).len > 0 ? relation : str_from(usual);
    return json_pack("{s:s, s:s%, s:s%}", "kind", kind, "value", value.at, value.len, "relation", chosen.at, chosen.len);
}

/* ---- Any field ---- */

static struct str join(struct arena *arena, const json_t *list, const char *separator, bool are_instants)
{
    struct buf text;
    size_t i = 0;
    json_t *item = NULL;
    buf_init(&text, arena);
    json_array_foreach (list, i, item) {
        struct str one = are_instants ? show_datetime(arena, reading_json_str(json_object_get(item, "at")))
                                      : reading_json_str(item);
        buf_format(&text, "%s" STR_FMT, i > 0 ? separator : "", STR_ARG(one));
    }
    return buf_str(&text);
}

static struct str number_of(struct arena *arena, const json_t *value, bool has_dots)
{
    if (json_is_string(value))
        return reading_json_str(value);
    if (json_is_integer(value))
        return has_dots ? viet_number(arena, json_integer_value(value))
                        : str_format(arena, "%lld", (long long)json_integer_value(value));
    if (!json_is_real(value))
        return STR("");
    long long tenths = (long long)(json_real_value(value) * 10 + 0.5);
    return tenths % 10 ? str_format(arena, "%lld,%lld", tenths / 10, tenths % 10) : str_format(arena, "%lld", tenths / 10);
}

static struct str label_of(const struct reading_field *field, struct str value)
{
    for (size_t i = 0; i < field->choices_len; i++) {
        if (str_eq(field->choices[i].value, value))
            return field->choices[i].label;
    }
    return value;
}

static struct str words_of(struct arena *arena, const struct reading_field *field, const json_t *value, bool is_shown)
{
    switch (field->kind) {
    case READING_TEXT:
    case READING_LONG:
    case READING_TIME:
        return reading_json_str(value);
    case READING_LINES:
        return join(arena, value, is_shown ? "; " : "\n", false);
    case READING_DATE:
        return show_date(arena, reading_json_str(value));
    case READING_DATETIME:
        return show_datetime(arena, reading_json_str(value));
    case READING_AT:
        return show_datetime(arena, reading_json_str(json_object_get(value, "at")));
    case READING_ATS:
        return join(arena, value, is_shown ? "; " : "\n", true);
    case READING_COUNT:
    case READING_NUMBER:
    case READING_TENTHS:
        return number_of(arena, value, is_shown && field->kind == READING_NUMBER);
    case READING_BOOL:
        return json_is_true(value) ? (is_shown ? STR("có") : STR("1")) : STR("");
    case READING_CHOICE:
        return is_shown ? label_of(field, reading_json_str(value)) : reading_json_str(value);
    case READING_DUE:
        return is_shown ? show_due(arena, value) : type_due(arena, value);
    case READING_DURATION:
        return show_period(arena, reading_json_str(value));
    case READING_REPEAT:
        return show_repeat(arena, reading_json_str(value));
    }
    return STR("");
}

struct str reading_show(struct arena *arena, const struct reading_field *field, const json_t *value)
{
    return words_of(arena, field, value, true);
}

struct str reading_type(struct arena *arena, const struct reading_field *field, const json_t *value)
{
    return words_of(arena, field, value, false);
}

static json_t *text_json(struct str text)
{
    return json_stringn(text.at, text.len);
}

static json_t *parse_lines(struct arena *arena, struct str typed, bool are_instants)
{
    json_t *list = json_array();
    while (typed.len > 0) {
        struct str line = viet_clean(arena, str_cut(&typed, '\n')), at = STR("");
        if (line.len == 0)
            continue;
        if (!are_instants) {
            json_array_append_new(list, text_json(line));
        } else if (parse_datetime(arena, line, &at)) {
            json_array_append_new(list, json_pack("{s:s%}", "at", at.at, at.len));
        } else {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *parse_count(struct arena *arena, const struct reading_field *field, struct str typed)
{
    int64_t value = 0, max = 0;
    struct str rest = typed;
    if (field->kind == READING_TENTHS) {
        struct str whole = str_cut(&rest, str_find(typed, STR(",")) < typed.len ? ',' : '.');
        if (!is_number(whole, &value) || rest.len > 1 || (rest.len == 1 && !is_number(rest, &max)) || value > 1000)
            return NULL;
        return rest.len > 0 ? json_real((double)value + (double)max / 10) : json_integer(value);
    }
    if (viet_number_parse(typed, &value) && value >= 0)
        return json_integer(value);
    struct str from = str_trim(str_cut(&rest, '-'));
    rest = str_trim(rest);
    if (field->kind != READING_COUNT || !is_number(from, &value) || !is_number(rest, &max) || max < value)
        return NULL;
    struct str range = str_format(arena, "%lld-%lld", (long long)value, (long long)max);
    return text_json(range);
}

static json_t *parse_words(struct arena *arena, const struct reading_field *field, struct str typed, struct str how)
{
    struct str value = STR("");
    switch (field->kind) {
    case READING_TEXT:
    case READING_LONG:
        return text_json(viet_clean(arena, typed));
    case READING_LINES:
    case READING_ATS:
        return parse_lines(arena, typed, field->kind == READING_ATS);
    case READING_DATE:
        return parse_date(arena, typed, &value) ? text_json(value) : NULL;
    case READING_DATETIME:
        return parse_datetime(arena, typed, &value) ? text_json(value) : NULL;
    case READING_AT:
        return parse_datetime(arena, typed, &value) ? json_pack("{s:s%}", "at", value.at, value.len) : NULL;
    case READING_TIME:
        return parse_clock(arena, typed, &value) ? text_json(value) : NULL;
    case READING_COUNT:
    case READING_NUMBER:
    case READING_TENTHS:
        return parse_count(arena, field, typed);
    case READING_BOOL:
        return json_true();
    case READING_CHOICE:
        return str_eq(label_of(field, typed), typed) ? NULL : text_json(typed);
    case READING_DUE:
        return parse_due(arena, typed, how);
    case READING_DURATION:
        return parse_period(arena, typed, &value) ? text_json(value) : NULL;
    case READING_REPEAT:
        return parse_repeat(arena, typed, &value) ? text_json(value) : NULL;
    }
    return NULL;
}

static const char *example_of(enum reading_kind kind)
{
    switch (kind) {
    case READING_DATE:
        return "ghi ngày như 21/05/2026, tháng như 05/2026, quý như quý 2/2026, hoặc năm như 2026";
    case READING_DATETIME:
    case READING_AT:
    case READING_ATS:
        return "ghi giờ và ngày, như 08:00 ngày 23/05/2026";
    case READING_TIME:
        return "ghi giờ như 08:00";
    case READING_COUNT:
        return "ghi số như 1.200, hoặc khoảng như 40-45";
    case READING_NUMBER:
    case READING_TENTHS:
        return "ghi số, như 90 hoặc 1,5";
    case READING_DUE:
        return "ghi như 21/05/2026, 09:00 ngày 21/11/2025, 05/2026, hằng năm, tháng 12, thường xuyên, hoặc 3 tháng";
    case READING_DURATION:
        return "ghi như 3 tháng, 2 tuần, hoặc 2 ngày đến 5 ngày";
    case READING_REPEAT:
        return "ghi như thường xuyên, hằng tháng, ngày 25, hoặc hằng năm, tháng 12";
    case READING_TEXT:
    case READING_LONG:
    case READING_LINES:
    case READING_BOOL:
    case READING_CHOICE:
        break;
    }
    return "chọn lại trong danh sách";
}

enum err reading_parse(struct ctx *cx, const struct reading_field *field, struct str typed, struct str how,
                       json_t **ret_value)
{
    struct str text = viet_nfc(&cx->arena, str_trim(typed));
    *ret_value = NULL;
    if (text.len == 0)
        return OK;
    *ret_value = parse_words(&cx->arena, field, text, how);
    if (!*ret_value)
        return fail_field(cx, field->key, "Mục “%s” chưa đúng dạng: xin %s", field->label, example_of(field->kind));
    return OK;
}
