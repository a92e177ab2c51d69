#include "nomination/nomination_pages.h"

#include "store/store.h"
#include "viet/viet.h"

/* The learner's own page: the code is the key, so nothing of anybody else stands on it. */

static enum err find_own_course(struct ctx *cx, const struct learner *learner, struct unit *ret_unit, struct course *ret_course)
{
    TRY(unit_find(cx, learner->unit_id, ret_unit));
    return course_find_for_unit(cx, learner->root_id, ret_unit->path, ret_course);
}

static struct str minute_words(struct arena *arena, int minute)
{
    return minute < 0 ? STR("") : str_format(arena, "%02d:%02d", minute / 60, minute % 60);
}

static struct str hours_words(struct arena *arena, const struct course_session *session)
{
    struct str from = minute_words(arena, session->from_minute);
    struct str to = minute_words(arena, session->to_minute);
    if (from.len > 0 && to.len > 0)
        return str_format(arena, STR_FMT " đến " STR_FMT, STR_ARG(from), STR_ARG(to));
    if (from.len > 0)
        return str_format(arena, "từ " STR_FMT, STR_ARG(from));
    return to.len > 0 ? str_format(arena, "đến " STR_FMT, STR_ARG(to)) : STR("giờ theo thông báo của lớp");
}

static enum err fill_half_days(struct ctx *cx, const struct learner *learner, const struct unit *unit, struct learner_view *view)
{
    struct course_session *sessions = NULL;
    size_t len = 0;
    TRY(course_find_sessions(cx, learner->root_id, unit->path, &sessions, &len));
    view->half_days = ARENA_NEW_ARRAY(&cx->arena, struct half_day_line, len + 1);
    for (size_t i = 0; i < len; i++)
        view->half_days[view->half_days_len++] =
            (struct half_day_line){ .day = day_format_long(&cx->arena, sessions[i].day),
                                    .half = course_half_name(sessions[i].half),
                                    .hours = hours_words(&cx->arena, &sessions[i]) };
    return OK;
}

/* What was delivered with the papers of the class; the officer's receipt of it is another matter. */
static enum err fill_materials(struct ctx *cx, const struct learner *learner, int64_t course_id, struct str code,
                               struct learner_view *view)
{
    SQL(list, "SELECT id, name, link, bytes FROM material WHERE (document_id = $1 OR document_id = $2) AND delivered_at <> 0"
              " ORDER BY id LIMIT 100");
    view->materials = ARENA_NEW_ARRAY(&cx->arena, struct material_line, MATERIALS_MAX);
    struct rows rows = db_rows(cx, &list, BIND(V(learner->root_id), V(course_id)));
    while (view->materials_len < MATERIALS_MAX && rows_next(&rows)) {
        struct material_line *line = &view->materials[view->materials_len++];
        int64_t id = rows_i64(&rows);
        line->name = rows_str(&rows);
        struct str link = rows_str(&rows);
        int64_t bytes = rows_i64(&rows);
        line->is_outside = link.len > 0;
        line->size = link.len > 0 ? link : str_format(&cx->arena, STR_FMT " KB", STR_ARG(viet_number(&cx->arena, bytes / 1024 + 1)));
        line->url = url_format(&cx->arena, "/hv/%.*s/tai-lieu/%lld", STR_ARG(code), (long long)id);
    }
    return rows_end(&rows);
}

static enum err fill_blocks(struct ctx *cx, const struct request *req, const struct learner *learner, struct str code,
                            struct learner_view *view)
{
    size_t len = 0;
    const learner_block *blocks = learner_blocks(&len);
    for (size_t i = 0; i < len; i++) {
        struct safe_html block = { .markup = { NULL, 0 } };
        TRY(blocks[i](cx, req, learner, code, &block));
        if (block.markup.len > 0)
            view->blocks[view->blocks_len++] = block;
    }
    return OK;
}

struct str code_words(struct arena *arena, struct str code)
{
    struct buf out;
    buf_init(&out, arena);
    for (size_t i = 0; i < code.len; i++) {
        if (i > 0 && i % 4 == 0)
            buf_put_char(&out, ' ');
        buf_put_char(&out, code.at[i]);
    }
    return buf_str(&out);
}

static struct str absolute(struct ctx *cx, const struct request *req, struct url url)
{
    return str_format(&cx->arena, "http%s://" STR_FMT STR_FMT, req->is_tls ? "s" : "", STR_ARG(req->host), STR_ARG(url.text));
}

enum err show_learner(struct ctx *cx, struct request *req, struct response *res)
{
    struct learner learner = { .id = 0 };
    struct unit unit = { .id = 0 };
    struct course course = { .id = 0 };
    struct learner_view *view = ARENA_NEW(&cx->arena, struct learner_view);
    TRY(learner_find_by_code(cx, req->params[0], &learner));
    TRY(find_own_course(cx, &learner, &unit, &course));
    struct str code = learner_code(cx, &learner);
    view->name = learner.full_name;
    view->title = learner.title;
    view->unit_name = learner.unit_name;
    view->class_title = viet_upper_first(&cx->arena, course.title);
    view->days = class_days(&cx->arena, &course);
    view->organiser = course.issuer_name;
    if (course.arrive_before_minutes > 0)
        view->in_place = str_format(&cx->arena, "trước giờ học %lld phút", (long long)course.arrive_before_minutes);
    TRY(fill_half_days(cx, &learner, &unit, view));
    TRY(fill_materials(cx, &learner, course.id, code, view));
    TRY(fill_blocks(cx, req, &learner, code, view));
    view->calendar_url = url_format(&cx->arena, "/hv/%.*s/lich.ics", STR_ARG(code));
    view->qr = qr_picture(&cx->arena, absolute(cx, req, learner_url(&cx->arena, code)));
    view->code = code_words(&cx->arena, code);
    struct page page = { .title = STR("Trang của học viên"), .is_bare = true, .unit_name = learner.unit_name };
    struct html h = page_begin(&cx->arena);
    page_learner(&h, view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

enum err show_learner_calendar(struct ctx *cx, struct request *req, struct response *res)
{
    struct learner learner = { .id = 0 };
    struct unit unit = { .id = 0 };
    struct course course = { .id = 0 };
    struct course_whole whole = { .tests_len = 0 };
    TRY(learner_find_by_code(cx, req->params[0], &learner));
    TRY(find_own_course(cx, &learner, &unit, &course));
    TRY(course_find_whole(cx, course.id, &whole));
    /* The class's own half-days, with the hours of the learner's province; line tests are not a learner's business. */
    TRY(course_find_sessions(cx, learner.root_id, unit.path, &whole.sessions, &whole.sessions_len));
    whole.tests_len = 0;
    response_file(res, STR("lich-hoc.ics"), STR("text/calendar; charset=utf-8"),
                  course_calendar(&cx->arena, whole.course.title, &whole, 1, cx->now));
    return OK;
}

enum err show_learner_material(struct ctx *cx, struct request *req, struct response *res)
{
    struct learner learner = { .id = 0 };
    struct unit unit = { .id = 0 };
    struct course course = { .id = 0 };
    struct material material = { .id = 0 };
    struct str content = STR("");
    int64_t id = 0;
    TRY(learner_find_by_code(cx, req->params[0], &learner));
    TRY(request_id(cx, req, 1, &id));
    TRY(find_own_course(cx, &learner, &unit, &course));
    enum err err = material_find(cx, id, &material);
    bool is_of_class = err == OK && (material.document_id == course.id || material.document_id == learner.root_id);
    if (err == ERR_NOT_FOUND || (err == OK && (!is_of_class || material.delivered_at == 0 || material.link.len > 0)))
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy tài liệu này");
    TRY(err);
    TRY(material_open(cx, store_dir(db_store(cx->db)), &material, &content));
    response_file(res, material.name, material.content_type, content);
    return OK;
}
