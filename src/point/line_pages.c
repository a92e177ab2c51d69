#include "point/point_pages.h"

#include "http/server.h"
#include "point/line_test.h"

#include <string.h>

/* ---- The page ---- */

enum { KEY_MEASURED = 31, KEY_HAND = 32, TESTS_SHOWN = 5 };

/* What was typed stands in the figures again when the verdict was refused: nobody measures twice for a missing word. */
static struct str typed_value(const struct request *req, const char *name)
{
    for (size_t i = 0; req->typed && i < point_tested_table.len; i++) {
        if (str_eq(str_from(point_tested_table.at[i].name), str_from(name)))
            return req->typed[i];
    }
    return STR("");
}

static const struct {
    const char *name, *label, *unit;
} figures[LINE_FIGURES] = {
    { "rtt_ms", "Độ trễ", "ms" },
    { "rtt_p95_ms", "Độ trễ ở mức 95%", "ms" },
    { "loss_permille", "Mất gói", "‰" },
    { "down_kbps", "Tốc độ tải xuống", "kbit/s" },
    { "up_kbps", "Tốc độ tải lên", "kbit/s" },
    { "camera", "Camera", "" },
    { "microphone", "Micro", "" },
    { "echo", "Hình, tiếng vọng lại", "" },
    { "echo_rtt_ms", "Độ trễ hình, tiếng", "ms" },
    { "echo_loss_permille", "Mất hình, tiếng", "‰" },
};

static void fill_figures(struct ctx *cx, const struct request *req, struct line_view *view)
{
    bool was_measured = str_eq(typed_value(req, "how"), STR("browser"));
    view->is_refused = req->refused != NULL && was_measured;
    view->error = view->is_refused ? str_from(req->refused->words) : STR("");
    for (size_t i = 0; i < LEN(figures); i++) {
        view->figures[i] = (struct line_figure){ .name = str_from(figures[i].name), .label = str_from(figures[i].label),
                                                 .unit = str_from(figures[i].unit) };
        if (was_measured)
            view->figures[i].value = typed_value(req, figures[i].name);
        view->figures[i].limit = point_limit_words(&cx->arena, view->figures[i].name, &view->figures[i].min, &view->figures[i].max);
    }
    view->words = was_measured ? typed_value(req, "words") : STR("");
    view->ticket = was_measured ? request_value(req, "ve") : STR("");
}

static void fill_hours(struct ctx *cx, const struct point_turn *turn, struct line_view *view)
{
    struct arena *arena = &cx->arena;
    if (turn->opens_at == 0) {
        view->hour = STR("Văn bản của lớp chưa nêu giờ kiểm tra; kiểm tra lúc nào cũng được tính.");
        return;
    }
    bool is_early = cx->now < turn->opens_at;
    view->hour = str_format(arena, "Đợt kiểm tra mở từ " STR_FMT " (" STR_FMT ").%s", STR_ARG(instant_format(arena, turn->opens_at)),
                            STR_ARG(point_opening_words(arena, turn->opens_at, cx->now)),
                            is_early ? " Kiểm tra trước giờ này được ghi lại nhưng chưa tính kết quả." : "");
    view->turn = str_format(arena, "Lượt của điểm cầu này từ " STR_FMT " đến " STR_FMT "; ngoài lượt vẫn kiểm tra được khi còn chỗ.",
                            STR_ARG(instant_format_time(arena, turn->from_at)), STR_ARG(instant_format(arena, turn->to_at)));
}

static enum err fill_history(struct ctx *cx, const struct point *point, struct line_view *view)
{
    struct point_tests tests = { .len = 0 };
    TRY(point_list_tests(cx, point->id, &tests));
    view->tests_len = tests.len < TESTS_SHOWN ? tests.len : TESTS_SHOWN;
    view->tests = ARENA_NEW_ARRAY(&cx->arena, struct test_row, view->tests_len + 1);
    for (size_t i = 0; i < view->tests_len; i++)
        view->tests[i] = point_test_row(&cx->arena, &tests.at[i]);
    return OK;
}

static void fill_forms(struct ctx *cx, const struct request *req, struct line_view *view)
{
    static const struct field_table none = { NULL, 0, 0 };
    struct form_view form = { .fact_id = STR("") };
    request_form_view(req, &none, NULL, &form);
    bool was_hand = req->typed && !view->is_refused;
    view->csrf = form.csrf;
    view->measured_hidden = page_form_hidden(&cx->arena, form.csrf, view->is_refused ? req->fact_id :
                                                                                       request_form_id(&cx->arena, req, KEY_MEASURED));
    view->hand_hidden = page_form_hidden(&cx->arena, form.csrf, was_hand ? req->fact_id :
                                                                           request_form_id(&cx->arena, req, KEY_HAND));
    view->hand_error = was_hand && req->refused ? str_from(req->refused->words) : STR("");
    view->hand_words = was_hand ? typed_value(req, "words") : STR("");
}

static enum err show_line(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t id = 0;
    struct point point = { .id = 0 };
    struct point_turn turn = { .opens_at = 0 };
    struct course course = { .id = 0 };
    struct line_view *view = ARENA_NEW(&cx->arena, struct line_view);
    struct line_test *test = req->app->line_test;
    TRY(request_id(cx, req, 0, &id));
    TRY(point_get(cx, id, &point));
    TRY(point_find_turn(cx, &point, &turn));
    TRY(course_find_for_unit(cx, point.root_id, point.path, &course));
    TRY(fill_history(cx, &point, view));
    fill_hours(cx, &turn, view);
    view->action = url_format(&cx->arena, "/diem-cau/%lld/kiem-tra", (long long)id);
    view->may_test = actor_may(cx->actor, PERMISSION_POINT_TEST) && !point.is_closed && !course.is_withdrawn;
    view->may_measure = view->may_test && test != NULL;
    view->has_echo = line_test_has_echo(test);
    if (test)
        view->room = str_format(&cx->arena, "Đang có %lld trên %lld điểm cầu kiểm tra.", (long long)line_test_running(cx->env, test),
                                (long long)turn.running_max);
    fill_figures(cx, req, view);
    fill_forms(cx, req, view);
    struct page page = { .title = STR("Kiểm tra đường truyền"), .place = STR("lop"), .crumb = point.name, .source = course.source };
    page.crumb_url = point_url(&cx->arena, id);
    struct html h = page_begin(&cx->arena);
    page_point_line(&h, view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

/* ---- Tickets and measuring ---- */

static enum err the_test(struct ctx *cx, const struct request *req, struct line_test **ret_test)
{
    *ret_test = req->app->line_test;
    return *ret_test ? OK : fail(cx, ERR_NOT_FOUND, "Máy chủ này không đo đường truyền; xin ghi kết quả bằng tay");
}

/* On a reader: the point, its turn and the place; the writer has nothing to do for it. */
static enum err prepare_ticket(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t id = 0;
    int64_t wait_s = 0;
    struct line_test *test = NULL;
    struct point point = { .id = 0 };
    struct point_turn turn = { .opens_at = 0 };
    char ticket[LINE_TICKET_HEX + 1] = "";
    (void)res;
    TRY(the_test(cx, req, &test));
    TRY(request_id(cx, req, 0, &id));
    TRY(point_get(cx, id, &point));
    if (point.is_closed)
        return fail(cx, ERR_CONFLICT, "Điểm cầu này đã đóng");
    TRY(point_find_turn(cx, &point, &turn));
    struct line_ask ask = { .account_id = cx->actor->account_id, .point_id = id, .running_max = turn.running_max,
                            .is_in_turn = turn.from_at <= cx->now && cx->now < turn.to_at };
    struct str *answer = ARENA_NEW(&cx->arena, struct str);
    if (line_ticket_take(cx, test, &ask, ticket, &wait_s))
        *answer = str_format(&cx->arena, "{\"ticket\":\"%s\"}", ticket);
    else
        *answer = str_format(&cx->arena, "{\"wait\":%lld}", (long long)wait_s);
    req->prepared = answer;
    return OK;
}

static enum err answer_prepared(struct ctx *cx, struct request *req, struct response *res)
{
    const struct str *answer = req->prepared;
    (void)cx;
    response_json(res);
    buf_put(&res->body, answer ? *answer : STR("{}"));
    return OK;
}

static enum err use_ticket(struct ctx *cx, struct request *req, enum line_use use, int64_t bytes)
{
    int64_t id = 0;
    struct line_test *test = NULL;
    TRY(the_test(cx, req, &test));
    TRY(request_id(cx, req, 0, &id));
    return line_ticket_use(cx, test, request_value(req, "ve"), cx->actor->account_id, id, use, bytes);
}

static enum err answer_ping(struct ctx *cx, struct request *req, struct response *res)
{
    TRY(use_ticket(cx, req, LINE_PING, 0));
    response_json(res);
    buf_put(&res->body, STR("{}"));
    return OK;
}

/* Bytes that no line can make smaller: a small generator, begun at random for each answer (xorshift64*). */
static enum err answer_down(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t kilobytes = 0;
    uint64_t state = 0;
    if (!str_to_i64(request_value(req, "kb"), &kilobytes) || kilobytes < 1 || kilobytes > LINE_PART_BYTES / 1024)
        return fail(cx, ERR_INVALID, "Phần đo từ 1 đến %d KB", LINE_PART_BYTES / 1024);
    TRY(use_ticket(cx, req, LINE_DOWN, kilobytes * 1024));
    env_random(cx->env, &state, sizeof state);
    state |= 1;
    size_t len = (size_t)kilobytes * 1024;
    char *bytes = arena_alloc(&cx->arena, len);
    for (size_t i = 0; i < len; i += sizeof state) {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        uint64_t word = state * UINT64_C(2685821657736338717);
        memcpy(bytes + i, &word, sizeof word);
    }
    res->content_type = STR("application/octet-stream");
    buf_put(&res->body, (struct str){ bytes, len });
    return OK;
}

static enum err prepare_up(struct ctx *cx, struct request *req, struct response *res)
{
    const struct request_file *file = request_file(req, "phan");
    (void)res;
    if (!file)
        return fail(cx, ERR_INVALID, "Thiếu phần đo");
    TRY(use_ticket(cx, req, LINE_UP, (int64_t)file->content.len));
    struct str *answer = ARENA_NEW(&cx->arena, struct str);
    *answer = STR("{}");
    req->prepared = answer;
    return OK;
}

static enum err prepare_echo(struct ctx *cx, struct request *req, struct response *res)
{
    struct line_test *test = NULL;
    struct str sdp = STR("");
    struct buf out;
    (void)res;
    TRY(the_test(cx, req, &test));
    TRY(use_ticket(cx, req, LINE_ECHO, 0));
    TRY(line_echo_begin(cx, test, request_value(req, "ve"), request_value(req, "sdp"), &sdp));
    buf_init(&out, &cx->arena);
    buf_put(&out, STR("{\"sdp\":"));
    json_put_str(&out, sdp);
    buf_put_char(&out, '}');
    struct str *answer = ARENA_NEW(&cx->arena, struct str);
    *answer = buf_str(&out);
    req->prepared = answer;
    return OK;
}

/* ---- The result ---- */

/* What was measured is taken only with the ticket it was measured under; the place is given back, the echo ended. */
static enum err prepare_result(struct ctx *cx, struct request *req, struct response *res)
{
    const struct point_tested *tested = req->form;
    int64_t id = 0;
    struct line_test *test = NULL;
    struct str ticket = request_value(req, "ve");
    (void)res;
    TRY(request_id(cx, req, 0, &id));
    if (!str_eq(tested->how, STR("browser")))
        return OK;
    TRY(the_test(cx, req, &test));
    TRY(line_ticket_finish(cx, test, ticket, cx->actor->account_id, id));
    line_echo_end(cx, test, ticket);
    return OK;
}

static enum err post_result(struct ctx *cx, struct request *req, struct response *res)
{
    const struct point_tested *tested = req->form;
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(point_record_test(cx, id, tested));
    response_redirect(cx, res, point_url(&cx->arena, id), "Đã ghi kết quả kiểm tra đường truyền: %s",
                      str_eq(tested->result, STR("passed")) ? "đạt" : "chưa đạt");
    return OK;
}

#define BODY_OF_PART ((size_t)LINE_PART_BYTES + 4096)
static const struct route routes[] = {
    { METHOD_GET, STR_INIT("/diem-cau/{id}/kiem-tra"), PERMISSION_POINT_READ, show_line, NO_FORM },
    { METHOD_POST, STR_INIT("/diem-cau/{id}/kiem-tra"), PERMISSION_POINT_TEST, post_result,
      FIELD_TABLE(struct point_tested, point_tested_fields), .prepare = prepare_result, .again = show_line },
    { METHOD_POST, STR_INIT("/diem-cau/{id}/kiem-tra/luot"), PERMISSION_POINT_TEST, answer_prepared, NO_FORM,
      .prepare = prepare_ticket },
    { METHOD_GET, STR_INIT("/diem-cau/{id}/kiem-tra/nhip"), PERMISSION_POINT_TEST, answer_ping, NO_FORM },
    { METHOD_GET, STR_INIT("/diem-cau/{id}/kiem-tra/xuong"), PERMISSION_POINT_TEST, answer_down, NO_FORM },
    { METHOD_POST, STR_INIT("/diem-cau/{id}/kiem-tra/len"), PERMISSION_POINT_TEST, answer_prepared, NO_FORM,
      .flags = ROUTE_FILE, .body_max = BODY_OF_PART, .prepare = prepare_up },
    { METHOD_POST, STR_INIT("/diem-cau/{id}/kiem-tra/vong"), PERMISSION_POINT_TEST, answer_prepared, NO_FORM,
      .prepare = prepare_echo },
};
const struct route_table point_line_routes = { routes, LEN(routes) };
