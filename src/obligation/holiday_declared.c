#include "obligation/obligation_inside.h"
#include "obligation/obligation_rows.h"

/*
 * Days off that no calendar knows: the Government says each year which days of Tết are free and which Saturday makes up
 * for a Friday. They are declared by the nation's own seat, with the paper that says so, and count for deadlines that
 * come into being after that; what was due stays due.
 */

const struct field holiday_fields[4] = {
    { "day", "Ngày", FIELD_DAY, FIELD_OF(struct holiday_set, day), .required = true },
    { "is_off", "Là ngày nghỉ", FIELD_BOOL, FIELD_OF(struct holiday_set, is_off),
      .help = "Bỏ chọn khi đó là ngày đi làm bù." },
    { "name", "Tên ngày", FIELD_TEXT, FIELD_OF(struct holiday_set, name), .len_max = 100, .required = true },
    { "source", "Căn cứ", FIELD_TEXT, FIELD_OF(struct holiday_set, source), .len_max = 300, .required = true,
      .help = "Số, ký hiệu và cơ quan ban hành thông báo nghỉ lễ, Tết hoặc hoán đổi ngày làm việc." },
};

static enum err decide_set(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct holiday_set *set = body;
    int32_t today = day_from_instant(fact->at);
    if (set->day < today - 366 || set->day > today + 3 * 366)
        return fail_field(cx, "day", "Ngày cần trong khoảng từ một năm trước đến ba năm sau hôm nay");
    return OK;
}

static enum err apply_set(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(put_holiday, "INSERT INTO holiday_declared (day, is_off, name, source) VALUES ($1, $2, $3, $4)"
                     " ON CONFLICT (day) DO UPDATE SET is_off = excluded.is_off, name = excluded.name,"
                     " source = excluded.source");
    const struct holiday_set *set = body;
    (void)fact;
    return db_run(cx, &put_holiday, BIND(V((int64_t)set->day), V((int64_t)set->is_off), V(set->name), V(set->source)));
}

static const struct fact_kind kinds[] = {
    { .name = STR_INIT("holiday.set"),
      .words = STR_INIT("Khai báo ngày nghỉ, ngày làm bù"),
      .fields = FIELD_TABLE(struct holiday_set, holiday_fields),
      .decide = decide_set,
      .apply = apply_set },
};
const struct fact_kinds holiday_facts = { kinds, LEN(kinds) };

enum err holiday_declare(struct ctx *cx, const struct holiday_set *set)
{
    struct unit nation = { .id = 0 };
    TRY(unit_find_nation(cx, &nation));
    if (cx->actor->kind != ACTOR_PROGRAM && !unit_scope_holds(&cx->actor->scope, nation.path))
        return fail(cx, ERR_FORBIDDEN, "Ngày nghỉ lễ, Tết do cơ quan chủ trì toàn quốc khai báo");
    return fact_record(cx, &kinds[0], nation.id, 0, set, NULL);
}

enum err holiday_list_declared(struct ctx *cx, struct holiday_sets *ret_list)
{
    SQL(list_holidays, "/*scan*/ SELECT day, is_off, name, source FROM holiday_declared ORDER BY day DESC LIMIT $1");
    struct holiday_sets list = { .at = ARENA_NEW_ARRAY(&cx->arena, struct holiday_set, HOLIDAYS_MAX) };
    struct rows rows = db_rows(cx, &list_holidays, BIND(V((int64_t)HOLIDAYS_MAX)));
    while (list.len < HOLIDAYS_MAX && rows_next(&rows)) {
        struct holiday_set *set = &list.at[list.len++];
        set->day = (int32_t)rows_i64(&rows);
        set->is_off = rows_i64(&rows) != 0;
        set->name = rows_str(&rows);
        set->source = rows_str(&rows);
    }
    TRY(rows_end(&rows));
    *ret_list = list;
    return OK;
}

enum err holiday_read(struct ctx *cx, const struct holidays **ret_holidays)
{
    struct holiday_sets list = { .len = 0 };
    TRY(holiday_list_declared(cx, &list));
    struct holiday *days = ARENA_NEW_ARRAY(&cx->arena, struct holiday, list.len + 1);
    for (size_t i = 0; i < list.len; i++)
        days[i] = (struct holiday){ list.at[i].day, list.at[i].is_off };
    struct holidays *holidays = ARENA_NEW(&cx->arena, struct holidays);
    *holidays = (struct holidays){ days, list.len };
    *ret_holidays = holidays;
    return OK;
}

/* ---- The page ---- */

/* The law's days of this year and the next, then what was declared. */
static void fill_rows(struct ctx *cx, const struct holiday_sets *declared, struct holidays_view *view)
{
    enum { DAYS = 2 * 366 };
    int year = instant_to_civil(cx->now).year;
    int32_t first = day_from_civil(year, 1, 1);
    view->rows = ARENA_NEW_ARRAY(&cx->arena, struct holiday_row, DAYS + declared->len);
    for (size_t i = 0; i < declared->len; i++) {
        const struct holiday_set *set = &declared->at[i];
        view->rows[view->len++] = (struct holiday_row){ day_format_long(&cx->arena, set->day), set->name,
                                                        set->is_off ? STR("Nghỉ") : STR("Làm bù"), set->source };
    }
    for (int32_t day = first; day < first + DAYS; day++) {
        struct str name = holiday_name(day);
        bool is_free = day_weekday(day) < 5 && !holiday_is_working_day(NULL, day);
        if (name.len == 0 && !is_free)
            continue;
        view->rows[view->len++] = (struct holiday_row){ day_format_long(&cx->arena, day),
                                                        name.len > 0 ? name : STR("Nghỉ bù ngày lễ"), STR("Nghỉ"),
                                                        STR("Bộ luật Lao động 45/2019/QH14") };
    }
}

enum err holidays_show(struct ctx *cx, struct request *req, struct response *res)
{
    static const struct field_table table = FIELD_TABLE(struct holiday_set, holiday_fields);
    struct holiday_sets declared = { .len = 0 };
    struct holidays_view view = { .len = 0 };
    struct unit nation = { .id = 0 };
    TRY(refuse_link(cx));
    TRY(holiday_list_declared(cx, &declared));
    TRY(unit_find_nation(cx, &nation));
    fill_rows(cx, &declared, &view);
    if (actor_may(cx->actor, PERMISSION_ACCOUNT_WRITE) && unit_scope_holds(&cx->actor->scope, nation.path)) {
        const struct holiday_set values = { .day = DAY_NONE, .is_off = true };
        struct form_view form = { .fact_id = STR("") };
        request_form_view(req, &table, &values, &form);
        form.action = url_format(&cx->arena, "/quan-tri/ngay-nghi");
        form.submit_label = STR("Khai báo ngày");
        view.form = page_form(&cx->arena, &form);
    }
    struct page page = { .title = STR("Ngày nghỉ lễ, Tết và ngày làm bù"), .place = STR("quan-tri") };
    struct html h = page_begin(&cx->arena);
    page_holidays(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

enum err holidays_post(struct ctx *cx, struct request *req, struct response *res)
{
    TRY(holiday_declare(cx, req->form));
    response_redirect(cx, res, url_format(&cx->arena, "/quan-tri/ngay-nghi"), "Đã khai báo ngày");
    return OK;
}
