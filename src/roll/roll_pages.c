#include "roll/roll_pages.h"

#include "http/live.h"
#include "http/server.h"
#include "person/person.h"
#include "roll/roll_sync.h"
#include "store/db.h"
#include "store/store.h"
#include "viet/viet.h"

#include <string.h>

/* ---- Rows ---- */

static struct str who_words(struct arena *arena, const struct roll_line *line)
{
    if (line->title.len == 0)
        return line->unit_name;
    return str_format(arena, STR_FMT " · " STR_FMT, STR_ARG(line->title), STR_ARG(line->unit_name));
}

static struct str said_words(struct arena *arena, const struct roll_line *line)
{
    struct buf out;
    buf_init(&out, arena);
    if (line->heads.len == 0)
        return STR("");
    buf_format(&out, STR_FMT " · " STR_FMT " · " STR_FMT, STR_ARG(roll_mark_shown(line->mark)),
               STR_ARG(instant_format_time(arena, line->marked_at)), STR_ARG(line->marked_by));
    if (line->reason.len > 0)
        buf_format(&out, " · " STR_FMT, STR_ARG(line->reason));
    if (line->elsewhere_point_id != 0)
        buf_put(&out, STR(" · ghi tại điểm cầu khác"));
    if (line->is_visitor)
        buf_put(&out, STR(" · học viên nơi khác đến"));
    if (line->is_conflict)
        buf_put(&out, STR(" · chưa thống nhất"));
    if (line->flag.len > 0)
        buf_format(&out, " · " STR_FMT, STR_ARG(line->flag));
    return buf_str(&out);
}

static struct roll_row row_of(struct arena *arena, const struct roll_line *line)
{
    static const struct {
        enum roll_mark mark;
        const char *label;
    } buttons[ROLL_BUTTONS] = {
        { ROLL_PRESENT, "Có mặt" },
        { ROLL_LATE, "Muộn" },
        { ROLL_EXCUSED, "Phép" },
        { ROLL_ABSENT, "Vắng" },
    };
    struct roll_row row = { .line = line, .mark = roll_mark_stored(line->mark), .who = who_words(arena, line) };
    /* A mark names so many heads at most; a longer conflict is for its own form. */
    struct str heads = str_sub(line->heads, 0, 33 * ROLL_REPLACES_MAX - 1);
    row.id = str_format(arena, "hv-%lld", (long long)line->learner_id);
    row.said = said_words(arena, line);
    row.group = str_format(arena, "Điểm danh " STR_FMT, STR_ARG(line->full_name));
    for (size_t i = 0; i < ROLL_BUTTONS; i++) {
        struct str mark = roll_mark_stored(buttons[i].mark);
        row.buttons[i] = (struct roll_button){
            .value = str_format(arena, "%lld:" STR_FMT ":" STR_FMT, (long long)line->learner_id, STR_ARG(mark),
                                STR_ARG(heads)),
            .mark = mark,
            .label = str_from(buttons[i].label),
            .is_pressed = line->mark == buttons[i].mark && line->heads.len > 0,
        };
    }
    return row;
}

static void fill_rows(struct ctx *cx, const struct request *req, struct sheet_view *view)
{
    const struct roll_sheet *sheet = view->sheet;
    struct buf unmarked;
    int64_t asked = 0;
    view->rows = ARENA_NEW_ARRAY(&cx->arena, struct roll_row, sheet->len + 1);
    buf_init(&unmarked, &cx->arena);
    if (!str_to_i64(request_value(req, "phep"), &asked))
        asked = 0;
    for (size_t i = 0; i < sheet->len; i++) {
        const struct roll_line *line = &sheet->at[i];
        view->rows[view->len++] = row_of(&cx->arena, line);
        if (line->mark == ROLL_NONE && !line->is_visitor && line->elsewhere_point_id == 0)
            buf_format(&unmarked, "%s" STR_FMT, unmarked.len > 0 ? ", " : "", STR_ARG(line->full_name));
        if (line->learner_id != asked || !view->is_open || !view->may_mark)
            continue;
        view->reason_name = line->full_name;
        view->reason_value = view->rows[i].buttons[2].value;
        view->reason_hidden = page_form_hidden(&cx->arena, req->csrf, roll_form_id(&cx->arena, req, 1));
    }
    view->unmarked_words = buf_str(&unmarked);
}

/* ---- Conflicts: every head, with who said it and when ---- */

static enum err fill_conflict(struct ctx *cx, const struct request *req, const struct sheet_view *sheet,
                              const struct roll_line *line, struct conflict_view *view)
{
    SQL(list_marks, "SELECT m.id, m.mark, m.reason, m.at, m.source, m.offset_ms, m.point_id, a.name FROM roll_mark m"
                    " LEFT JOIN account a ON a.id = m.account_id WHERE m.learner_id = $1 AND m.session_key = $2"
                    " ORDER BY m.at, m.id");
    struct arena *arena = &cx->arena;
    const struct settle_form values = { .learner_id = line->learner_id, .mark = STR(""), .reason = STR("") };
    static const struct field_table fields = FIELD_TABLE(struct settle_form, roll_settle_fields);
    view->name = line->full_name;
    view->heads = ARENA_NEW_ARRAY(arena, struct head_row, ROLL_LINE_MARKS_MAX);
    struct rows rows = db_rows(cx, &list_marks, BIND(V(line->learner_id), V(sheet->sheet->session_key)));
    while (view->len < ROLL_LINE_MARKS_MAX && rows_next(&rows)) {
        struct bytes id = rows_bytes(&rows);
        enum roll_mark mark = ROLL_NONE;
        (void)roll_mark_parse(rows_str(&rows), &mark);
        struct str reason = rows_str(&rows);
        int64_t at = rows_i64(&rows);
        struct str source = rows_str(&rows);
        int64_t offset = rows_i64(&rows);
        bool is_here = rows_i64(&rows) == sheet->sheet->point_id;
        struct str by = rows_str(&rows);
        if (str_find(line->heads, str_from_bytes_hex(arena, id.at, id.len)) == line->heads.len)
            continue;
        bool is_off = offset > ROLL_SKEW_FLAG_MS || offset < -ROLL_SKEW_FLAG_MS;
        struct str who = str_eq(source, STR("code")) ? STR("học viên tự quét mã") : by.len > 0 ? by : STR("cán bộ");
        view->heads[view->len++].words =
            str_format(arena, STR_FMT " · " STR_FMT " · " STR_FMT "%s" STR_FMT "%s%s", STR_ARG(roll_mark_shown(mark)),
                       STR_ARG(instant_format(arena, at)), STR_ARG(who), reason.len > 0 ? " · " : "", STR_ARG(reason),
                       is_here ? "" : " · tại điểm cầu khác", is_off ? " · đồng hồ thiết bị lệch, giờ đã được hiệu chỉnh" : "");
    }
    TRY(rows_end(&rows));
    if (sheet->is_open && sheet->may_mark)
        view->form = roll_form_of(cx, req,
                                  url_format(arena, "/diem-danh/%lld/%lld/thong-nhat", (long long)sheet->sheet->point_id,
                                             (long long)sheet->sheet->session_key),
                                  &fields, &values, "Thống nhất", line->learner_id);
    return OK;
}

static enum err fill_conflicts(struct ctx *cx, const struct request *req, struct sheet_view *view)
{
    view->conflicts = ARENA_NEW_ARRAY(&cx->arena, struct conflict_view, view->sheet->len + 1);
    for (size_t i = 0; i < view->sheet->len; i++)
        if (view->sheet->at[i].is_conflict)
            TRY(fill_conflict(cx, req, view, &view->sheet->at[i], &view->conflicts[view->conflicts_len++]));
    return OK;
}

/* ---- Forms below the list ---- */

static struct url sheet_action(struct arena *arena, const struct sheet_view *view, const char *tail)
{
    return url_format(arena, "/diem-danh/%lld/%lld/%s", (long long)view->sheet->point_id, (long long)view->sheet->session_key,
                      tail);
}

static void fill_walk_ins(struct ctx *cx, const struct request *req, struct sheet_view *view)
{
    static const struct field_table add_fields = FIELD_TABLE(struct walk_in_form, roll_walk_in_fields);
    struct arena *arena = &cx->arena;
    view->walk_ins = ARENA_NEW_ARRAY(arena, struct named_row, view->sheet->walk_ins_len + 1);
    for (size_t i = 0; i < view->sheet->walk_ins_len; i++) {
        const struct roll_walk_in *w = &view->sheet->walk_ins[i];
        struct named_row *row = &view->walk_ins[view->walk_ins_len++];
        row->words = str_format(arena, STR_FMT "%s" STR_FMT "%s" STR_FMT " · " STR_FMT " · " STR_FMT, STR_ARG(w->full_name),
                                w->title.len > 0 ? " · " : "", STR_ARG(w->title), w->unit_name.len > 0 ? " · " : "",
                                STR_ARG(w->unit_name), STR_ARG(instant_format_time(arena, w->at)), STR_ARG(w->marked_by));
        if (!view->is_open || !view->may_mark)
            continue;
        struct html h = page_begin(arena);
        part_roll_withdraw(&h, sheet_action(arena, view, "rut-ten"), w->id,
                           page_form_hidden(arena, req->csrf, roll_form_id(arena, req, 1000 + (int64_t)i)));
        row->form = page_end(&h);
    }
    if (view->is_open && view->may_mark)
        view->walk_in_form = roll_form_of(cx, req, sheet_action(arena, view, "den-them"), &add_fields, NULL,
                                          "Ghi người đến thêm", 2);
}

static void fill_forms(struct ctx *cx, const struct request *req, struct sheet_view *view)
{
    static const struct field_table count_fields = FIELD_TABLE(struct count_form, roll_count_fields);
    static const struct field_table reopen_fields = FIELD_TABLE(struct reopen_form, roll_reopen_fields);
    struct arena *arena = &cx->arena;
    const struct roll_figures *f = &view->sheet->figures;
    bool is_called = f->present + f->late + f->excused + f->absent > 0;
    if (view->is_open && view->may_mark && !is_called)
        view->count_form = roll_form_of(cx, req, sheet_action(arena, view, "dem"), &count_fields, NULL, "Ghi số đếm", 3);
    if (f->head_count >= 0)
        view->count_words = str_format(arena, "Số đếm: %lld người%s" STR_FMT "%s", (long long)f->head_count,
                                       view->sheet->head_note.len > 0 ? " (" : "", STR_ARG(view->sheet->head_note),
                                       view->sheet->head_note.len > 0 ? ")" : "");
    if (f->head_count >= 0 && is_called)
        view->count_words = str_format(arena, STR_FMT ". Buổi đã điểm danh theo tên nên số đếm không tính vào tổng số.",
                                       STR_ARG(view->count_words));
    if (view->is_open && view->may_close) {
        struct str ask = STR("Kết thúc điểm danh buổi này?");
        if (f->unmarked > 0)
            ask = str_format(arena, "Còn %lld người chưa điểm danh. Kết thúc buổi này?", (long long)f->unmarked);
        view->close_form = page_button(arena, sheet_action(arena, view, "ket-thuc"), STR("Kết thúc buổi"), true, ask, req->csrf,
                                       roll_form_id(arena, req, 4));
    }
    if (!view->is_open && view->may_close)
        view->reopen_form = roll_form_of(cx, req, sheet_action(arena, view, "mo-lai"), &reopen_fields, NULL, "Mở lại buổi", 5);
}

/* ---- What else an officer should see ---- */

static void fill_closed(struct arena *arena, struct sheet_view *view)
{
    const struct roll_sheet *sheet = view->sheet;
    const struct roll_figures *now = &sheet->figures;
    const struct roll_figures *then = &sheet->frozen;
    if (!sheet->is_closed)
        return;
    view->closed_words = str_format(arena, "Đã kết thúc lúc " STR_FMT "%s" STR_FMT, STR_ARG(instant_format(arena, sheet->closed_at)),
                                    sheet->closed_by.len > 0 ? ", " : "", STR_ARG(sheet->closed_by));
    const struct figure_row rows[] = {
        { STR("Phải có mặt"), STR("expected"), now->expected, then->expected },
        { STR("Có mặt"), STR("present"), now->present + now->late, then->present + then->late },
        { STR("Trong đó muộn"), STR("late"), now->late, then->late },
        { STR("Vắng có lý do"), STR("excused"), now->excused, then->excused },
        { STR("Vắng"), STR("absent"), now->absent, then->absent },
        { STR("Chưa điểm danh"), STR("unmarked"), now->unmarked, then->unmarked },
        { STR("Đến thêm"), STR("walk_in"), now->walk_in, then->walk_in },
        { STR("Số đếm"), STR("head_count"), now->head_count < 0 ? 0 : now->head_count,
          then->head_count < 0 ? 0 : then->head_count },
    };
    view->compare = ARENA_NEW_ARRAY(arena, struct figure_row, LEN(rows));
    view->compare_len = LEN(rows);
    memcpy(view->compare, rows, sizeof rows);
}

static enum err fill_turns(struct ctx *cx, struct sheet_view *view)
{
    enum { TURNS_MAX = 40 };
    SQL(list_turns, "SELECT t.is_closing, t.at, t.reason, t.present + t.late, t.expected, a.name FROM roll_turn t"
                    " LEFT JOIN account a ON a.id = t.account_id WHERE t.point_id = $1 AND t.session_key = $2"
                    " ORDER BY t.turn, t.id");
    view->turns = ARENA_NEW_ARRAY(&cx->arena, struct str, TURNS_MAX);
    struct rows rows = db_rows(cx, &list_turns, BIND(V(view->sheet->point_id), V(view->sheet->session_key)));
    while (view->turns_len < TURNS_MAX && rows_next(&rows)) {
        bool is_closing = rows_i64(&rows) != 0;
        struct str at = instant_format(&cx->arena, rows_i64(&rows));
        struct str reason = rows_str(&rows);
        int64_t present = rows_i64(&rows);
        int64_t expected = rows_i64(&rows);
        struct str by = rows_str(&rows);
        view->turns[view->turns_len++] =
            is_closing ? str_format(&cx->arena, "Kết thúc lúc " STR_FMT ", %lld/%lld có mặt, " STR_FMT, STR_ARG(at),
                                    (long long)present, (long long)expected, STR_ARG(by)) :
                         str_format(&cx->arena, "Mở lại lúc " STR_FMT ", " STR_FMT ": " STR_FMT, STR_ARG(at), STR_ARG(by),
                                    STR_ARG(reason));
    }
    return rows_end(&rows);
}

static enum err fill_asides(struct ctx *cx, struct sheet_view *view)
{
    enum { ASIDES_MAX = 50 };
    SQL(list_asides, "SELECT at, words, content FROM roll_set_aside WHERE point_id = $1 ORDER BY at DESC, id LIMIT 50");
    view->asides = ARENA_NEW_ARRAY(&cx->arena, struct str, ASIDES_MAX);
    struct rows rows = db_rows(cx, &list_asides, BIND(V(view->sheet->point_id)));
    while (view->asides_len < ASIDES_MAX && rows_next(&rows)) {
        struct str at = instant_format(&cx->arena, rows_i64(&rows));
        struct str words = rows_str(&rows);
        struct str content = rows_str(&rows);
        view->asides[view->asides_len++] =
            str_format(&cx->arena, STR_FMT ": " STR_FMT ". " STR_FMT, STR_ARG(at), STR_ARG(words), STR_ARG(content));
    }
    return rows_end(&rows);
}

/* A device numbers its marks from 1 without gaps, so what is missing has not been sent. Marks of forms have no
   device. The scan is of the point's own rows. */
static enum err fill_devices(struct ctx *cx, struct sheet_view *view)
{
    enum { DEVICES_MAX = 20 };
    SQL(list_devices, "/*scan*/ SELECT device, COUNT(*), COUNT(DISTINCT device_count), MAX(device_count), MAX(at), MAX(ABS(offset_ms)) FROM ("
                      "SELECT device, device_count, at, offset_ms FROM roll_mark WHERE point_id = $1"
                      " UNION ALL SELECT device, device_count, at, offset_ms FROM roll_walk_in WHERE point_id = $1"
                      " UNION ALL SELECT device, device_count, at, 0 FROM roll_set_aside WHERE point_id = $1) d"
                      " WHERE device <> '' AND device_count > 0 GROUP BY device ORDER BY MAX(at) DESC LIMIT 20");
    view->devices = ARENA_NEW_ARRAY(&cx->arena, struct str, DEVICES_MAX);
    struct rows rows = db_rows(cx, &list_devices, BIND(V(view->sheet->point_id)));
    while (view->devices_len < DEVICES_MAX && rows_next(&rows)) {
        struct str device = str_sub(rows_str(&rows), 0, 6);
        int64_t count = rows_i64(&rows);
        int64_t numbers = rows_i64(&rows);
        int64_t last = rows_i64(&rows);
        struct str at = instant_format(&cx->arena, rows_i64(&rows));
        int64_t off_minutes = (rows_i64(&rows) + 30000) / 60000;
        struct buf words;
        buf_init(&words, &cx->arena);
        buf_format(&words, "Thiết bị " STR_FMT ": %lld lượt, mới nhất lúc " STR_FMT, STR_ARG(device), (long long)count, STR_ARG(at));
        if (last > numbers)
            buf_format(&words, "; còn thiếu %lld lượt chưa gửi về", (long long)(last - numbers));
        if (off_minutes * 60000 > ROLL_SKEW_FLAG_MS)
            buf_format(&words, "; đồng hồ từng lệch %lld phút, giờ ghi đã được hiệu chỉnh", (long long)off_minutes);
        view->devices[view->devices_len++] = buf_str(&words);
    }
    return rows_end(&rows);
}

static enum err fill_objections(struct ctx *cx, const struct request *req, struct sheet_view *view)
{
    static const struct field_table fields = FIELD_TABLE(struct answer_form, roll_answer_fields);
    struct roll_objections list = { .len = 0 };
    struct arena *arena = &cx->arena;
    TRY(roll_list_objections(cx, view->sheet->point_id, view->sheet->session_key, 0, &list));
    view->objections = ARENA_NEW_ARRAY(arena, struct objection_view, list.len + 1);
    for (size_t i = 0; i < list.len; i++) {
        const struct roll_objection *o = &list.at[i];
        struct objection_view *row = &view->objections[view->objections_len++];
        struct learner learner = { .id = 0 };
        TRY(learner_find(cx, o->learner_id, &learner));
        *row = (struct objection_view){ .name = learner.full_name, .at = instant_format(arena, o->at), .words = o->words };
        if (o->answered_at != 0)
            row->answer = str_format(arena, "Trả lời lúc " STR_FMT ", " STR_FMT ": " STR_FMT,
                                     STR_ARG(instant_format(arena, o->answered_at)), STR_ARG(o->answered_by), STR_ARG(o->answer));
        else if (view->may_mark) {
            struct html h = page_begin(arena);
            const struct answer_form values = { .objection = o->id, .mark = STR(""), .words = STR("") };
            struct form_view form = { .fact_id = STR("") };
            request_form_view(req, &fields, &values, &form);
            form.fact_id = roll_form_id(arena, req, 2000 + (int64_t)i);
            part_roll_answer(&h, sheet_action(arena, view, "tra-loi"), o->id, page_form_hidden(arena, req->csrf, form.fact_id),
                             view->is_open);
            row->form = page_end(&h);
        }
    }
    return OK;
}

static enum err fill_incidents(struct ctx *cx, struct sheet_view *view)
{
    struct point_incidents list = { .len = 0 };
    int32_t day = course_session_day(view->sheet->session_key);
    int64_t from = day_start(day);
    int64_t to = from + DAY_MS;
    enum course_half half = course_session_half(view->sheet->session_key);
    if (half == COURSE_MORNING)
        to = day_time(day, 12, 30);
    else
        from = day_time(day, half == COURSE_AFTERNOON ? 12 : 17, 30);
    TRY(point_list_incidents(cx, view->place->point.root_id, view->sheet->point_id, 0, false, &list));
    view->incidents = ARENA_NEW_ARRAY(&cx->arena, struct str, list.len + 1);
    for (size_t i = 0; i < list.len; i++) {
        const struct point_incident *incident = &list.at[i];
        if (incident->from_at >= to || (incident->to_at != 0 && incident->to_at <= from))
            continue;
        struct buf words;
        buf_init(&words, &cx->arena);
        buf_format(&words, STR_FMT, STR_ARG(instant_format_time(&cx->arena, incident->from_at)));
        if (incident->to_at != 0)
            buf_format(&words, " đến " STR_FMT, STR_ARG(instant_format_time(&cx->arena, incident->to_at)));
        buf_format(&words, ": " STR_FMT, STR_ARG(incident->words));
        if (incident->minutes_lost > 0)
            buf_format(&words, " (mất %lld phút)", (long long)incident->minutes_lost);
        view->incidents[view->incidents_len++] = buf_str(&words);
    }
    return OK;
}

/* ---- The page of a half-day ---- */

static struct str hours_words(struct arena *arena, const struct roll_session *session)
{
    if (session->starts_at == 0)
        return STR("");
    struct str from = instant_format_time(arena, session->starts_at);
    if (session->arrive_at != 0 && session->arrive_at != session->starts_at)
        return str_format(arena, "Bắt đầu " STR_FMT ", có mặt trước " STR_FMT, STR_ARG(from),
                          STR_ARG(instant_format_time(arena, session->arrive_at)));
    return str_format(arena, "Bắt đầu " STR_FMT, STR_ARG(from));
}

static void fill_addresses(struct ctx *cx, const struct request *req, struct sheet_view *view)
{
    struct arena *arena = &cx->arena;
    long long point = (long long)view->sheet->point_id;
    view->package_url = url_format(arena, "/diem-danh/%lld/goi.json", point);
    view->send_url = url_format(arena, "/diem-danh/%lld/luot", point);
    view->live_url = url_format(arena, "/diem-danh/%lld/truc-tiep", point);
    view->file_url = url_format(arena, "/diem-danh/%lld/tep", point);
    view->mark_url = sheet_action(arena, view, "luot");
    view->print_url = sheet_action(arena, view, "in");
    view->code_url = sheet_action(arena, view, "ma");
    view->point_url = point_url(arena, view->sheet->point_id);
    view->epoch = req->app->store ? store_epoch(req->app->store) : STR("");
    view->hidden = page_form_hidden(arena, req->csrf, req->fact_id);
    view->file_hidden = page_form_hidden(arena, req->csrf, STR(""));
    view->session_urls = ARENA_NEW_ARRAY(arena, struct url, view->place->sessions_len + 1);
    for (size_t i = 0; i < view->place->sessions_len; i++)
        view->session_urls[i] = roll_url(arena, view->sheet->point_id, view->place->sessions[i].key);
}

static enum err open_view(struct ctx *cx, struct request *req, struct sheet_view *view)
{
    struct roll_place *place = ARENA_NEW(&cx->arena, struct roll_place);
    struct roll_sheet *sheet = ARENA_NEW(&cx->arena, struct roll_sheet);
    int64_t session = 0;
    TRY(roll_asked_sheet(cx, req, place, &session));
    TRY(roll_read_sheet(cx, place, session, sheet));
    view->place = place;
    view->sheet = sheet;
    view->session = roll_find_session(place, session);
    view->may_mark = actor_may(cx->actor, PERMISSION_ROLL_MARK);
    view->may_close = actor_may(cx->actor, PERMISSION_ROLL_CLOSE);
    view->is_open = !sheet->is_closed;
    view->hours = hours_words(&cx->arena, view->session);
    fill_addresses(cx, req, view);
    fill_rows(cx, req, view);
    fill_closed(&cx->arena, view);
    return OK;
}

static struct page sheet_page(struct ctx *cx, const struct sheet_view *view)
{
    struct page page = { .title = str_format(&cx->arena, "Điểm danh " STR_FMT, STR_ARG(view->session->name)),
                         .unit_name = view->place->point.name, .place = STR("lop"), .crumb = STR("Điểm danh"),
                         .source = view->place->class_title };
    page.crumb_url = url_format(&cx->arena, "/diem-danh");
    page.export_url = sheet_action(&cx->arena, view, "tep.csv");
    return page;
}

static enum err show_sheet(struct ctx *cx, struct request *req, struct response *res)
{
    struct sheet_view *view = ARENA_NEW(&cx->arena, struct sheet_view);
    TRY(open_view(cx, req, view));
    TRY(fill_conflicts(cx, req, view));
    fill_walk_ins(cx, req, view);
    fill_forms(cx, req, view);
    TRY(fill_objections(cx, req, view));
    TRY(fill_incidents(cx, view));
    TRY(fill_asides(cx, view));
    TRY(fill_devices(cx, view));
    TRY(fill_turns(cx, view));
    struct page page = sheet_page(cx, view);
    page.is_light = true;
    page.manifest_url = asset_url("roll.webmanifest");
    struct html h = page_begin(&cx->arena);
    page_roll_sheet(&h, view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

static enum err show_print(struct ctx *cx, struct request *req, struct response *res)
{
    struct sheet_view *view = ARENA_NEW(&cx->arena, struct sheet_view);
    TRY(open_view(cx, req, view));
    struct page page = sheet_page(cx, view);
    page.title = str_format(&cx->arena, "Danh sách điểm danh " STR_FMT, STR_ARG(view->session->name));
    page.is_wide = true;
    struct html h = page_begin(&cx->arena);
    page_roll_print(&h, view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

static enum err export_sheet(struct ctx *cx, struct request *req, struct response *res)
{
    static const char *const heads[] = { "TT", "Họ và tên", "Chức vụ", "Đơn vị", "Điểm danh", "Lúc", "Người ghi", "Lý do",
                                         "Ghi chú" };
    struct sheet_view *view = ARENA_NEW(&cx->arena, struct sheet_view);
    TRY(open_view(cx, req, view));
    person_note_read(cx, req->app, PERSON_READING_ROLL_FILE, 0, (int64_t)view->sheet->len);
    response_csv_begin(res, cx, str_format(&cx->arena, "diem-danh-%lld-%lld.csv", (long long)view->sheet->point_id,
                                           (long long)view->sheet->session_key));
    for (size_t i = 0; i < LEN(heads); i++)
        response_csv_cell(res, str_from(heads[i]));
    response_csv_end_row(res);
    for (size_t i = 0; i < view->sheet->len; i++) {
        const struct roll_line *line = &view->sheet->at[i];
        response_csv_number(res, (int64_t)i + 1);
        response_csv_cell(res, line->full_name);
        response_csv_cell(res, line->title);
        response_csv_cell(res, line->unit_name);
        response_csv_cell(res, roll_mark_shown(line->mark));
        response_csv_cell(res, line->heads.len > 0 ? instant_format(&cx->arena, line->marked_at) : STR(""));
        response_csv_cell(res, line->marked_by);
        response_csv_cell(res, line->reason);
        response_csv_cell(res, line->is_conflict          ? STR("Chưa thống nhất") :
                               line->is_visitor           ? STR("Nơi khác đến") :
                               line->elsewhere_point_id   ? STR("Ghi tại điểm cầu khác") :
                                                            line->flag);
        response_csv_end_row(res);
    }
    for (size_t i = 0; i < view->sheet->walk_ins_len; i++) {
        const struct roll_walk_in *w = &view->sheet->walk_ins[i];
        response_csv_number(res, (int64_t)(view->sheet->len + i) + 1);
        response_csv_cell(res, w->full_name);
        response_csv_cell(res, w->title);
        response_csv_cell(res, w->unit_name);
        response_csv_cell(res, STR("Có mặt"));
        response_csv_cell(res, instant_format(&cx->arena, w->at));
        response_csv_cell(res, w->marked_by);
        response_csv_cell(res, STR(""));
        response_csv_cell(res, STR("Đến thêm"));
        response_csv_end_row(res);
    }
    return OK;
}

enum err roll_show_receipts(struct ctx *cx, struct request *req, struct response *res, const struct roll_place *place,
                            struct receipts_view *view)
{
    struct page page = { .title = STR("Nhập tệp điểm danh"), .unit_name = place->point.name, .place = STR("lop"),
                         .crumb = STR("Điểm danh") };
    page.crumb_url = url_format(&cx->arena, "/diem-danh");
    view->back_url = url_format(&cx->arena, "/diem-danh/%lld", (long long)place->point.id);
    struct html h = page_begin(&cx->arena);
    page_roll_receipts(&h, view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

/* ---- Where one begins ---- */

static enum err fill_point_row(struct ctx *cx, const struct point *point, const struct roll_session *session,
                               struct point_row *row)
{
    SQL(count_lines, "SELECT mark, COUNT(*) FROM roll_line WHERE point_id = $1 AND session_key = $2 GROUP BY mark");
    SQL(find_expected, "SELECT expected, is_closed, head_counted FROM roll_sheet WHERE point_id = $1 AND session_key = $2");
    bool is_closed = false;
    int64_t heads = 0;
    struct rows rows = db_rows(cx, &count_lines, BIND(V(point->id), V(session->key)));
    while (rows_next(&rows)) {
        enum roll_mark mark = ROLL_NONE;
        (void)roll_mark_parse(rows_str(&rows), &mark);
        int64_t count = rows_i64(&rows);
        row->present += mark == ROLL_PRESENT || mark == ROLL_LATE ? count : 0;
        row->marked += mark != ROLL_NONE ? count : 0;
    }
    TRY(rows_end(&rows));
    rows = db_rows(cx, &find_expected, BIND(V(point->id), V(session->key)));
    if (rows_next(&rows)) {
        row->is_opened = true;
        row->expected = rows_i64(&rows);
        is_closed = rows_i64(&rows) != 0;
        heads = rows_i64(&rows);
    }
    TRY(rows_end(&rows));
    row->present += heads;
    row->name = point->name;
    row->session = session->name;
    row->url = roll_url(&cx->arena, point->id, session->key);
    if (is_closed)
        row->mark = page_mark(&cx->arena, MARK_DONE, STR("Đã kết thúc"));
    else if (row->marked > 0 || heads > 0)
        row->mark = page_mark(&cx->arena, MARK_SOON, STR("Đang điểm danh"));
    else
        row->mark = page_mark(&cx->arena, MARK_UNKNOWN, STR("Chưa điểm danh"));
    return OK;
}

/* The half-days are the class's; only their hours may differ from point to point, and those are not shown here. */
enum err roll_fill_point_rows(struct ctx *cx, const struct point_list *points, struct str *ret_title, struct point_row *rows,
                              size_t *ret_len)
{
    struct roll_place place = { .ends_at = 0 };
    const struct roll_session *session = NULL;
    size_t len = 0;
    for (size_t i = 0; i < points->len; i++) {
        if (points->at[i].is_closed)
            continue;
        if (!session) {
            TRY(roll_open_place(cx, points->at[i].id, ROLL_NARROWED, &place));
            session = roll_session_now(&place, cx->now);
            *ret_title = place.class_title;
        }
        if (!session)
            break;
        TRY(fill_point_row(cx, &points->at[i], session, &rows[len++]));
    }
    *ret_len = len;
    return OK;
}

/* The classes of these days, with the points within reach. A province's and the Academy's paper are one class. */
static enum err fill_class(struct ctx *cx, int64_t root_id, struct class_section *section)
{
    enum { POINTS_SHOWN = 60 };
    struct point_filter filter = { .root_id = root_id, .test = STR(""), .text = STR(""), .limit = POINTS_SHOWN };
    struct point_list points = { .len = 0 };
    TRY(point_search(cx, &filter, &points));
    section->rows = ARENA_NEW_ARRAY(&cx->arena, struct point_row, points.len + 1);
    TRY(roll_fill_point_rows(cx, &points, &section->title, section->rows, &section->len));
    if (points.total > (int64_t)points.len)
        section->more = str_format(&cx->arena, "Hiện %zu trên " STR_FMT " điểm cầu; xem đủ ở trang Điểm cầu.", points.len,
                                   STR_ARG(viet_number(&cx->arena, points.total)));
    return OK;
}

static enum err show_home(struct ctx *cx, struct request *req, struct response *res)
{
    enum { SHOWN_BEFORE_DAYS = 14, SHOWN_AFTER_DAYS = 14 };
    struct course_list list = { .len = 0 };
    struct roll_home_view view = { .len = 0 };
    int32_t today = day_from_instant(cx->now);
    TRY(course_list(cx, &list));
    view.at = ARENA_NEW_ARRAY(&cx->arena, struct class_section, list.len + 1);
    int64_t *roots = ARENA_NEW_ARRAY(&cx->arena, int64_t, list.len + 1);
    size_t roots_len = 0;
    for (size_t i = 0; i < list.len; i++) {
        const struct course *c = &list.at[i];
        int64_t root = 0;
        bool is_seen = c->is_withdrawn || c->start_day == DAY_NONE || c->start_day > today + SHOWN_BEFORE_DAYS ||
                       c->end_day < today - SHOWN_AFTER_DAYS;
        if (!is_seen)
            TRY(course_find_root(cx, c->id, &root));
        for (size_t j = 0; j < roots_len; j++)
            is_seen = is_seen || roots[j] == root;
        if (is_seen)
            continue;
        roots[roots_len++] = root;
        TRY(fill_class(cx, root, &view.at[view.len]));
        view.len += view.at[view.len].len > 0;
    }
    struct page page = { .title = STR("Điểm danh"), .place = STR("lop"), .crumb = STR("Các lớp bồi dưỡng") };
    page.crumb_url = url_format(&cx->arena, "/lop");
    struct html h = page_begin(&cx->arena);
    page_roll_home(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

/* A point's address without a half-day leads to the one under way. */
static enum err show_point(struct ctx *cx, struct request *req, struct response *res)
{
    struct roll_place place = { .ends_at = 0 };
    int64_t point_id = 0;
    TRY(request_id(cx, req, 0, &point_id));
    TRY(roll_open_place(cx, point_id, ROLL_NARROWED, &place));
    const struct roll_session *session = roll_session_now(&place, cx->now);
    if (!session)
        return fail(cx, ERR_NOT_FOUND, "Văn bản chưa nêu ngày học nên chưa có buổi để điểm danh");
    response_redirect(cx, res, roll_url(&cx->arena, point_id, session->key), NULL);
    return OK;
}

/* ---- Routes ---- */

/* Others mark at the same point: the page is told that something changed, and asks for the package when it suits it. */
static enum err open_stream(struct ctx *cx, struct request *req, struct response *res)
{
    struct roll_place place = { .ends_at = 0 };
    int64_t point_id = 0;
    TRY(request_id(cx, req, 0, &point_id));
    TRY(roll_open_place(cx, point_id, ROLL_NARROWED, &place));
    response_stream(res, place.point.area_id, LIVE_PING);
    return OK;
}

/* clang-format off */
#define SHEET "/diem-danh/{point}/{session}"
static const struct route routes[] = {
    { METHOD_GET, STR_INIT("/diem-danh"), PERMISSION_ROLL_READ, show_home, NO_FORM },
    { METHOD_GET, STR_INIT("/diem-danh/sw.js"), PERMISSION_PUBLIC, roll_worker_show, NO_FORM },
    { METHOD_GET, STR_INIT("/diem-danh/{point}"), PERMISSION_ROLL_READ, show_point, NO_FORM },
    { METHOD_GET, STR_INIT("/diem-danh/{point}/goi.json"), PERMISSION_ROLL_READ, roll_package_show, NO_FORM },
    { METHOD_GET, STR_INIT("/diem-danh/{point}/truc-tiep"), PERMISSION_ROLL_READ, open_stream, NO_FORM, .flags = ROUTE_STREAM },
    { METHOD_POST, STR_INIT("/diem-danh/{point}/luot"), PERMISSION_ROLL_MARK, roll_upload_post, NO_FORM,
      .flags = ROUTE_JSON, .body_max = ROLL_UPLOAD_BYTES, .prepare = roll_upload_prepare },
    { METHOD_POST, STR_INIT("/diem-danh/{point}/tep"), PERMISSION_ROLL_MARK, roll_file_post, NO_FORM,
      .flags = ROUTE_FILE, .body_max = ROLL_FILE_BYTES, .prepare = roll_file_prepare },
    { METHOD_GET, STR_INIT(SHEET), PERMISSION_ROLL_READ, show_sheet, NO_FORM },
    { METHOD_GET, STR_INIT(SHEET "/in"), PERMISSION_ROLL_READ, show_print, NO_FORM },
    { METHOD_GET, STR_INIT(SHEET "/tep.csv"), PERMISSION_ROLL_READ, export_sheet, NO_FORM, .flags = ROUTE_SLOW },
    { METHOD_GET, STR_INIT(SHEET "/ma"), PERMISSION_ROLL_MARK, roll_code_show, NO_FORM },
    { METHOD_GET, STR_INIT(SHEET "/ma.svg"), PERMISSION_ROLL_MARK, roll_code_image, NO_FORM },
    { METHOD_POST, STR_INIT(SHEET "/luot"), PERMISSION_ROLL_MARK, roll_mark_post,
      FIELD_TABLE(struct mark_form, roll_mark_fields) },
    { METHOD_POST, STR_INIT(SHEET "/thong-nhat"), PERMISSION_ROLL_MARK, roll_settle_post,
      FIELD_TABLE(struct settle_form, roll_settle_fields), .again = show_sheet },
    { METHOD_POST, STR_INIT(SHEET "/den-them"), PERMISSION_ROLL_MARK, roll_walk_in_post,
      FIELD_TABLE(struct walk_in_form, roll_walk_in_fields), .again = show_sheet },
    { METHOD_POST, STR_INIT(SHEET "/rut-ten"), PERMISSION_ROLL_MARK, roll_withdraw_post,
      FIELD_TABLE(struct withdraw_form, roll_withdraw_fields), .again = show_sheet },
    { METHOD_POST, STR_INIT(SHEET "/dem"), PERMISSION_ROLL_MARK, roll_count_post,
      FIELD_TABLE(struct count_form, roll_count_fields), .again = show_sheet },
    { METHOD_POST, STR_INIT(SHEET "/ket-thuc"), PERMISSION_ROLL_CLOSE, roll_close_post, NO_FORM },
    { METHOD_POST, STR_INIT(SHEET "/mo-lai"), PERMISSION_ROLL_CLOSE, roll_reopen_post,
      FIELD_TABLE(struct reopen_form, roll_reopen_fields), .again = show_sheet },
    { METHOD_POST, STR_INIT(SHEET "/tra-loi"), PERMISSION_ROLL_MARK, roll_answer_post,
      FIELD_TABLE(struct answer_form, roll_answer_fields), .again = show_sheet },
    /* A learner has no account: the room's code, and the code of his own paper, say who he is and where. */
    { METHOD_GET, STR_INIT("/vao/{code}"), PERMISSION_PUBLIC, roll_enter_show, NO_FORM },
    { METHOD_POST, STR_INIT("/vao"), PERMISSION_PUBLIC, roll_enter_post,
      FIELD_TABLE(struct enter_form, roll_enter_fields), .flags = ROUTE_NO_CSRF },
    { METHOD_POST, STR_INIT("/vao/dien-thoai"), PERMISSION_PUBLIC, roll_phone_post,
      FIELD_TABLE(struct enter_form, roll_enter_fields), .flags = ROUTE_NO_CSRF },
    { METHOD_POST, STR_INIT("/vao/y-kien"), PERMISSION_PUBLIC, roll_object_post,
      FIELD_TABLE(struct object_form, roll_object_fields), .flags = ROUTE_NO_CSRF },
};
/* clang-format on */
const struct route_table roll_routes = { routes, LEN(routes) };
