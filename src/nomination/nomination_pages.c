#include "nomination/nomination_pages.h"

#include "obligation/obligation_rows.h"
#include "person/person.h"
#include "viet/viet.h"

/* ---- What a request asks about ---- */

enum err asked_class(struct ctx *cx, const struct request *req, struct asked *ret_asked)
{
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(course_get(cx, id, &ret_asked->course));
    return course_find_root(cx, id, &ret_asked->root_id);
}

enum err asked_unit(struct ctx *cx, const struct request *req, int64_t form_unit_id, struct asked *ret_asked)
{
    int64_t unit_id = form_unit_id;
    TRY(asked_class(cx, req, ret_asked));
    if (unit_id == 0 && request_value(req, "don-vi").len > 0 && !str_to_i64(request_value(req, "don-vi"), &unit_id))
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy đơn vị này");
    TRY(unit_get(cx, unit_id != 0 ? unit_id : cx->actor->unit_id, &ret_asked->unit));
    bool is_kept = is_keeper(cx, &ret_asked->unit);
    ret_asked->may_write = is_kept && actor_may(cx->actor, PERMISSION_NOMINATION_WRITE);
    ret_asked->may_approve = is_kept && actor_may(cx->actor, PERMISSION_NOMINATION_APPROVE);
    return OK;
}

enum err asked_list(struct ctx *cx, const struct request *req, int64_t form_unit_id, struct asked *ret_asked)
{
    struct roster_row roster = { .is_there = false };
    TRY(asked_unit(cx, req, form_unit_id, ret_asked));
    if (str_eq(req->params[1], STR("rieng")))
        return OK;
    TRY(request_id(cx, req, 1, &ret_asked->quota_id));
    TRY(roster_find(cx, ret_asked->root_id, ret_asked->unit.id, ret_asked->quota_id, &roster));
    return roster.is_there ? OK : fail(cx, ERR_NOT_FOUND, "Đơn vị không được giao chỉ tiêu này");
}

struct url unit_lists_url(struct arena *arena, const struct asked *asked)
{
    return nomination_url(arena, asked->course.id, asked->unit.id);
}

struct url list_url(struct arena *arena, const struct asked *asked, const char *what)
{
    struct str list = asked->quota_id == 0 ? STR("rieng") : str_format(arena, "%lld", (long long)asked->quota_id);
    struct url url = { .text = STR("") };
    /* `what` may be two parts of a path ("dan/ghi"), whose slash url_format would encode. */
    (void)url_from_path(str_format(arena, "/lop/%lld/cu-hoc/" STR_FMT "/%s?don-vi=%lld", (long long)asked->course.id,
                                   STR_ARG(list), what, (long long)asked->unit.id),
                        &url);
    return url;
}

struct str class_days(struct arena *arena, const struct course *course)
{
    if (course->start_day == DAY_NONE)
        return STR("chưa ấn định thời gian");
    if (course->end_day == DAY_NONE || course->end_day == course->start_day)
        return str_format(arena, "ngày " STR_FMT, STR_ARG(day_format(arena, course->start_day)));
    return str_format(arena, "từ ngày " STR_FMT " đến ngày " STR_FMT, STR_ARG(day_format(arena, course->start_day)),
                      STR_ARG(day_format(arena, course->end_day)));
}

struct str birth_words(struct arena *arena, int32_t birth_day)
{
    return birth_day == DAY_NONE ? STR("") : day_format(arena, birth_day);
}

struct str taken_words(struct arena *arena, const struct nomination_quota *quota)
{
    return quota->seats_max < 0 ? str_format(arena, "%lld", (long long)quota->taken) :
                                  str_format(arena, "%lld/%lld", (long long)quota->taken, (long long)quota->seats_max);
}

struct safe_html roster_mark(struct ctx *cx, const struct nomination_roster *roster)
{
    struct arena *arena = &cx->arena;
    bool has_due = roster->due_at != 0;
    if (roster->state == NOMINATION_SENT) {
        bool is_late = has_due && roster->sent_at >= roster->due_at;
        return page_mark(arena, MARK_DONE,
                         str_format(arena, "Đã gửi lúc " STR_FMT "%s", STR_ARG(instant_format(arena, roster->sent_at)),
                                    is_late ? ", sau hạn" : ""));
    }
    const char *what = roster->state == NOMINATION_APPROVED ? "Đã duyệt, chưa gửi" : "Chưa gửi";
    if (!has_due)
        return page_mark(arena, MARK_DUE, str_from(what));
    struct str left = instant_format_left(arena, roster->due_at, cx->now);
    enum state_mark mark = cx->now >= roster->due_at           ? MARK_LATE :
                           roster->due_at - cx->now < DAY_MS ? MARK_SOON :
                                                               MARK_DUE;
    return page_mark(arena, mark, str_format(arena, "%s, " STR_FMT, what, STR_ARG(left)));
}

enum err named_elsewhere(struct ctx *cx, int64_t root_id, int64_t person_id, int64_t unit_id, int64_t quota_id,
                         struct str *ret_words)
{
    SQL(list, "SELECT u.full_name, n.at, n.double_reason FROM nomination_learner l JOIN nomination_name n ON n.learner_id = l.id"
              " JOIN unit u ON u.id = n.unit_id WHERE l.root_id = $1 AND l.person_id = $2 AND n.is_in_force = 1"
              " AND (n.unit_id <> $3 OR n.quota_id <> $4) ORDER BY n.id LIMIT 5");
    struct buf out;
    buf_init(&out, &cx->arena);
    struct rows rows = db_rows(cx, &list, BIND(V(root_id), V(person_id), V(unit_id), V(quota_id)));
    while (rows_next(&rows)) {
        struct str unit_name = rows_str(&rows);
        int64_t at = rows_i64(&rows);
        struct str reason = rows_str(&rows);
        buf_format(&out, "%s" STR_FMT " (" STR_FMT ")", out.len > 0 ? "; " : "", STR_ARG(unit_name),
                   STR_ARG(instant_format(&cx->arena, at)));
        if (reason.len > 0)
            buf_format(&out, ", lý do: " STR_FMT, STR_ARG(reason));
    }
    TRY(rows_end(&rows));
    *ret_words = buf_str(&out);
    return OK;
}

enum err own_people(struct ctx *cx, const struct unit *unit, struct str search, int64_t limit, struct person_list *ret_list)
{
    bool is_commune = str_eq(unit->level, STR("commune")) && unit_get(cx, unit->place_id, &(struct unit){ .id = 0 }) == OK;
    struct person_query query = { .text = search, .title = STR(""), .limit = limit,
                                  .unit_id = is_commune ? unit->place_id : unit->id };
    return person_list(cx, &query, ret_list);
}

/* ---- Fields ---- */

/* clang-format off */
#define UNIT_FIELD { "unit_id", "Đơn vị", FIELD_ID, FIELD_OF(struct roster_form, unit_id), .required = true }
#define PERSON_FIELD { "person_id", "Cán bộ", FIELD_ID, FIELD_OF(struct roster_form, person_id), .required = true }
#define WIDENED_FIELD { "is_widened", "Mở rộng thành phần, ngoài đối tượng ghi trong văn bản", FIELD_BOOL, FIELD_OF(struct roster_form, is_widened) }
#define TITLE_FIELD { "title", "Chức vụ", FIELD_TEXT, FIELD_OF(struct roster_form, title), .len_max = 300 }
#define REASON_FIELD { "reason", "Lý do", FIELD_TEXT, FIELD_OF(struct roster_form, reason), .len_max = 500, .required = true }
static const struct choice sexes[] = { { STR_INIT("nam"), STR_INIT("Nam") }, { STR_INIT("nu"), STR_INIT("Nữ") } };
static const struct field add_fields[] = { UNIT_FIELD, PERSON_FIELD, WIDENED_FIELD,
    { "double_reason", "Lý do cử trùng", FIELD_TEXT, FIELD_OF(struct roster_form, double_reason), .len_max = 500 } };
static const struct field double_fields[] = { UNIT_FIELD, PERSON_FIELD,
    { "double_reason", "Lý do danh sách này cũng cần tên ấy", FIELD_TEXT, FIELD_OF(struct roster_form, double_reason), .len_max = 500, .required = true } };
static const struct field new_fields[] = { UNIT_FIELD,
    { "full_name", "Họ và tên", FIELD_TEXT, FIELD_OF(struct roster_form, full_name), .len_max = 120, .required = true },
    { "birth_day", "Ngày sinh", FIELD_DAY, FIELD_OF(struct roster_form, birth_day) },
    { "sex", "Giới tính", FIELD_CHOICE, FIELD_OF(struct roster_form, sex), .choices = sexes, .choices_len = LEN(sexes) },
    TITLE_FIELD };
static const struct field many_fields[] = { UNIT_FIELD, WIDENED_FIELD };
static const struct field unit_fields[] = { UNIT_FIELD };
static const struct field return_fields[] = { UNIT_FIELD, REASON_FIELD };
/* clang-format on */
static const struct field_table double_table = FIELD_TABLE(struct roster_form, double_fields);
static const struct field_table new_table = FIELD_TABLE(struct roster_form, new_fields);
static const struct field_table unit_table = FIELD_TABLE(struct roster_form, unit_fields);
static const struct field_table return_table = FIELD_TABLE(struct roster_form, return_fields);

/* ---- A unit's lists ---- */

static struct roster_form form_of(const struct asked *asked)
{
    return (struct roster_form){ .unit_id = asked->unit.id, .birth_day = DAY_NONE };
}

/* A form of one press that carries whose list it is. */
static struct safe_html press(struct ctx *cx, const struct request *req, const struct asked *asked, const char *what,
                              const char *label, const char *confirm)
{
    struct roster_form values = form_of(asked);
    struct form_view form = { .action = list_url(&cx->arena, asked, what), .submit_label = str_from(label),
                              .confirm = str_from(confirm) };
    request_form_view(req, &unit_table, &values, &form);
    form.fact_id = form_own_id(&cx->arena, req, asked->quota_id * 8 + what[0]);
    return page_form(&cx->arena, &form);
}

static struct safe_html return_form(struct ctx *cx, const struct request *req, const struct asked *asked)
{
    struct roster_form values = form_of(asked);
    struct form_view form = { .action = list_url(&cx->arena, asked, "tra-lai"), .submit_label = STR("Trả lại") };
    request_form_view(req, &return_table, &values, &form);
    form.fact_id = form_own_id(&cx->arena, req, asked->quota_id * 8 + 't');
    form.id_prefix = str_format(&cx->arena, "tra-%lld", (long long)asked->quota_id);
    return page_form(&cx->arena, &form);
}

static enum err fill_line(struct ctx *cx, const struct asked *asked, const struct nomination_name *name, int64_t number,
                          struct name_line *line)
{
    *line = (struct name_line){ .number = number, .name = name->full_name, .title = name->title,
                                .birth = birth_words(&cx->arena, name->birth_day) };
    if (name->is_widened)
        line->notes[line->notes_len++] = STR("mở rộng");
    if (name->is_double) {
        struct str where = STR("");
        TRY(named_elsewhere(cx, asked->root_id, name->person_id, name->unit_id, name->quota_id, &where));
        line->notes[line->notes_len++] = str_format(&cx->arena, "trùng với " STR_FMT, STR_ARG(where));
    }
    if (name->double_reason.len > 0)
        line->notes[line->notes_len++] = str_format(&cx->arena, "cử trùng: " STR_FMT, STR_ARG(name->double_reason));
    if (asked->may_write)
        line->url = url_format(&cx->arena, "/lop/%lld/ten/%lld", (long long)asked->course.id, (long long)name->id);
    return OK;
}

static struct str former_words(struct arena *arena, const struct nomination_name *name)
{
    return str_format(arena, "%s lúc " STR_FMT ": " STR_FMT, name->replaced_by_id != 0 ? "Thay" : "Rút",
                      STR_ARG(instant_format(arena, name->ended_at)), STR_ARG(name->reason));
}

static enum err fill_names(struct ctx *cx, const struct asked *asked, struct roster_section *section)
{
    struct nomination_names names = { .len = 0 };
    TRY(nomination_list_names(cx, asked->quota_id, asked->root_id, asked->unit.id, true, &names));
    section->lines = ARENA_NEW_ARRAY(&cx->arena, struct name_line, names.len + 1);
    section->former = ARENA_NEW_ARRAY(&cx->arena, struct former_line, names.len + 1);
    for (size_t i = 0; i < names.len; i++) {
        const struct nomination_name *name = &names.at[i];
        if (!name->is_in_force) {
            section->former[section->former_len++] =
                (struct former_line){ name->full_name, former_words(&cx->arena, name) };
            continue;
        }
        TRY(fill_line(cx, asked, name, (int64_t)section->lines_len + 1, &section->lines[section->lines_len]));
        section->lines_len++;
    }
    return OK;
}

static const char *cause_words(struct str cause)
{
    return str_eq(cause, STR("replaced")) ? "thay người" : str_eq(cause, STR("withdrawn")) ? "rút tên" : "gửi danh sách";
}

static enum err fill_versions(struct ctx *cx, const struct asked *asked, struct roster_section *section)
{
    SQL(list, "SELECT version, at, cause, reason FROM nomination_version WHERE root_id = $1 AND unit_id = $2 AND quota_id = $3"
              " ORDER BY version DESC LIMIT 50");
    section->versions = ARENA_NEW_ARRAY(&cx->arena, struct version_link, 50);
    struct rows rows = db_rows(cx, &list, BIND(V(asked->root_id), V(asked->unit.id), V(asked->quota_id)));
    while (section->versions_len < 50 && rows_next(&rows)) {
        struct version_link *link = &section->versions[section->versions_len++];
        int64_t version = rows_i64(&rows);
        int64_t at = rows_i64(&rows);
        struct str cause = rows_str(&rows);
        struct str reason = rows_str(&rows);
        link->words = str_format(&cx->arena, "Lần %lld, " STR_FMT ": %s%s" STR_FMT, (long long)version,
                                 STR_ARG(instant_format(&cx->arena, at)), cause_words(cause), reason.len > 0 ? ", lý do: " : "",
                                 STR_ARG(reason));
        link->url = list_url(&cx->arena, asked,
                             str_to_c(&cx->arena, str_format(&cx->arena, "phien-ban/%lld", (long long)version)));
    }
    return rows_end(&rows);
}

static void fill_deeds(struct ctx *cx, const struct request *req, const struct asked *asked,
                       const struct nomination_roster *roster, struct roster_section *section)
{
    bool is_draft = roster->state == NOMINATION_DRAFT;
    bool is_above = cx->actor->unit_id != asked->unit.id && actor_may(cx->actor, PERMISSION_NOMINATION_APPROVE);
    if (asked->may_write && is_draft) {
        section->add_url = list_url(&cx->arena, asked, "them");
        section->paste_url = list_url(&cx->arena, asked, "dan");
    }
    if (roster->names > 0)
        section->print_url = list_url(&cx->arena, asked, "in");
    if (asked->may_approve && is_draft && roster->names > 0)
        section->buttons[section->buttons_len++] = press(cx, req, asked, "duyet", "Duyệt danh sách", "");
    if (asked->may_approve && roster->state == NOMINATION_APPROVED)
        section->buttons[section->buttons_len++] =
            press(cx, req, asked, "gui", "Gửi danh sách", "Gửi danh sách? Sau khi gửi chỉ thay người khi có lý do.");
    if ((asked->may_approve && roster->state == NOMINATION_APPROVED) || (is_above && roster->state == NOMINATION_SENT))
        section->return_form = return_form(cx, req, asked);
}

struct str roster_due_words(struct arena *arena, int64_t due_at)
{
    int32_t day = day_from_instant(due_at);
    if (due_at == day_time(day, 0, 0))
        return str_format(arena, "trước ngày " STR_FMT, STR_ARG(day_format(arena, day)));
    return str_format(arena, "trước " STR_FMT, STR_ARG(instant_format(arena, due_at)));
}

static struct str due_words_of(struct ctx *cx, const struct nomination_roster *roster)
{
    if (roster->due_at == 0)
        return STR("");
    return str_format(&cx->arena, "hạn " STR_FMT, STR_ARG(roster_due_words(&cx->arena, roster->due_at)));
}

static enum err fill_section(struct ctx *cx, const struct request *req, const struct asked *asked,
                             const struct nomination_roster *roster, struct roster_section *section)
{
    section->mark = roster_mark(cx, roster);
    section->due = due_words_of(cx, roster);
    if (roster->return_reason.len > 0)
        section->returned = str_format(&cx->arena, "Danh sách bị trả lại: " STR_FMT, STR_ARG(roster->return_reason));
    TRY(fill_names(cx, asked, section));
    TRY(fill_versions(cx, asked, section));
    fill_deeds(cx, req, asked, roster, section);
    return OK;
}

static enum err quota_section(struct ctx *cx, const struct request *req, struct asked *asked,
                              const struct nomination_quota *quota, struct roster_section *section)
{
    struct nomination_roster roster = { .version = 0 };
    struct arena *arena = &cx->arena;
    asked->quota_id = quota->id;
    TRY(nomination_get_roster(cx, quota->id, asked->root_id, asked->unit.id, &roster));
    section->title = str_format(arena, STR_FMT ": %s" STR_FMT, STR_ARG(quota->text), quota->is_each ? "mỗi đơn vị " : "",
                                STR_ARG(quota_seats_words(arena, quota)));
    section->figures = quota->is_each || quota->taken == roster.names ?
                           str_format(arena, "Đã cử " STR_FMT, STR_ARG(taken_words(arena, quota))) :
                           str_format(arena, "Đơn vị cử %lld, cả khối đã cử " STR_FMT, (long long)roster.names,
                                      STR_ARG(taken_words(arena, quota)));
    TRY(quota_cite(cx, quota, &section->paper));
    section->paper_url = quota->paragraph > 0 ? document_url_paragraph(arena, quota->course_id, quota->paragraph) :
                                                document_url(arena, quota->course_id);
    return fill_section(cx, req, asked, &roster, section);
}

static struct str own_words(struct arena *arena, const struct own_list *own)
{
    struct str place = own->place.len > 0 ? str_format(arena, " (" STR_FMT ")", STR_ARG(own->place)) : STR("");
    struct str widen = own->is_extensible ?
                           str_format(arena, "Văn bản cho mở rộng thành phần" STR_FMT ".", STR_ARG(place)) :
                           STR("Văn bản không nêu việc mở rộng thành phần.");
    return own->audience.len > 0 ? str_format(arena, "Thành phần: " STR_FMT ". " STR_FMT, STR_ARG(own->audience), STR_ARG(widen)) :
                                   widen;
}

static enum err own_section(struct ctx *cx, const struct request *req, struct asked *asked, const struct own_list *own,
                            struct roster_section *section)
{
    struct nomination_roster roster = { .version = 0 };
    struct document document = { .id = 0 };
    asked->quota_id = 0;
    TRY(nomination_get_roster(cx, 0, asked->root_id, asked->unit.id, &roster));
    TRY(document_find(cx, own->course_id, &document));
    section->title = STR("Người của đơn vị dự lớp");
    section->figures = str_format(&cx->arena, "Đã cử %lld", (long long)roster.names);
    section->paper = document_title(&cx->arena, &document);
    section->paper_url = own->is_extensible && own->document_id == own->course_id ?
                             document_url_paragraph(&cx->arena, own->document_id, own->paragraph) :
                             document_url(&cx->arena, own->course_id);
    section->words = own_words(&cx->arena, own);
    return fill_section(cx, req, asked, &roster, section);
}

static enum err fill_sections(struct ctx *cx, const struct request *req, struct asked *asked, struct rosters_view *view)
{
    struct nomination_quotas quotas = { .len = 0 };
    struct own_list own = { .is_allowed = false };
    struct roster_row begun = { .is_there = false };
    TRY(nomination_list_quotas_of_unit(cx, asked->root_id, asked->unit.id, &quotas));
    TRY(own_list_find(cx, asked->root_id, &asked->unit, &own));
    TRY(roster_find(cx, asked->root_id, asked->unit.id, 0, &begun));
    view->sections = ARENA_NEW_ARRAY(&cx->arena, struct roster_section, quotas.len + 1);
    for (size_t i = 0; i < quotas.len; i++)
        TRY(quota_section(cx, req, asked, &quotas.at[i], &view->sections[view->len++]));
    if (own.is_allowed || begun.is_there)
        TRY(own_section(cx, req, asked, &own, &view->sections[view->len++]));
    if (view->len == 0)
        view->empty_why = str_format(&cx->arena, "Văn bản mở lớp không giao " STR_FMT " cử người.",
                                     STR_ARG(asked->unit.full_name));
    return OK;
}

static enum err show_rosters(struct ctx *cx, struct request *req, struct response *res)
{
    struct asked asked = { .quota_id = 0 };
    struct rosters_view *view = ARENA_NEW(&cx->arena, struct rosters_view);
    TRY(asked_unit(cx, req, 0, &asked));
    TRY(fill_sections(cx, req, &asked, view));
    if (asked.may_write && view->len > 0)
        view->cards_url = url_format(&cx->arena, "/lop/%lld/the?don-vi=%lld", (long long)asked.course.id,
                                     (long long)asked.unit.id);
    view->guests_url = url_format(&cx->arena, "/lop/%lld/dai-bieu?don-vi=%lld", (long long)asked.course.id,
                                  (long long)asked.unit.id);
    view->board_url = url_format(&cx->arena, "/lop/%lld/chi-tieu", (long long)asked.course.id);
    struct page page = { .title = str_format(&cx->arena, "Danh sách cử học: " STR_FMT, STR_ARG(asked.unit.full_name)),
                         .place = STR("lop"), .is_wide = true, .crumb = viet_upper_first(&cx->arena, asked.course.title) };
    page.crumb_url = course_url(&cx->arena, asked.course.id);
    int64_t shown = 0;
    for (size_t i = 0; i < view->len; i++)
        shown += (int64_t)(view->sections[i].lines_len + view->sections[i].former_len);
    person_note_read(cx, req->app, PERSON_READING_ROSTER, asked.unit.id, shown);
    struct html h = page_begin(&cx->arena);
    page_rosters(&h, view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

/* ---- Adding ---- */

static bool is_in_list(const struct nomination_names *names, int64_t person_id)
{
    for (size_t i = 0; i < names->len; i++) {
        if (names->at[i].person_id == person_id)
            return true;
    }
    return false;
}

/* The same person once more in the class, with the reason; hidden until asked for. */
static struct safe_html double_form(struct ctx *cx, const struct request *req, const struct asked *asked, int64_t person_id)
{
    struct roster_form values = form_of(asked);
    struct form_view form = { .action = list_url(&cx->arena, asked, "them"), .submit_label = STR("Vẫn cử") };
    values.person_id = person_id;
    request_form_view(req, &double_table, &values, &form);
    form.typed = NULL;
    form.error_words = STR("");
    form.fact_id = form_own_id(&cx->arena, req, person_id);
    form.id_prefix = str_format(&cx->arena, "trung-%lld", (long long)person_id);
    return page_form(&cx->arena, &form);
}

/* A box to tick, or why not: in this list already, or in another of the class. */
static enum err fill_choice(struct ctx *cx, const struct request *req, const struct asked *asked, const struct person *person,
                            bool is_in_this_list, struct found_line *row)
{
    struct str where = STR("");
    if (is_in_this_list) {
        row->state = STR("đã có trong danh sách");
        return OK;
    }
    TRY(named_elsewhere(cx, asked->root_id, person->id, asked->unit.id, asked->quota_id, &where));
    if (where.len == 0) {
        row->person_id = person->id;
        return OK;
    }
    row->state = str_format(&cx->arena, "đã được cử: " STR_FMT, STR_ARG(where));
    row->form = double_form(cx, req, asked, person->id);
    return OK;
}

static enum err fill_found(struct ctx *cx, const struct request *req, const struct asked *asked, struct add_view *view)
{
    enum { FOUND_MAX = 50 };
    struct person_list people = { .len = 0 };
    struct nomination_names names = { .len = 0 };
    struct own_list own = { .is_allowed = false };
    TRY(own_people(cx, &asked->unit, view->search, FOUND_MAX, &people));
    TRY(nomination_list_names(cx, asked->quota_id, asked->root_id, asked->unit.id, false, &names));
    TRY(own_list_find(cx, asked->root_id, &asked->unit, &own));
    view->rows = ARENA_NEW_ARRAY(&cx->arena, struct found_line, people.len + 1);
    for (size_t i = 0; i < people.len; i++) {
        const struct person *person = &people.at[i];
        struct found_line *row = &view->rows[view->len++];
        *row = (struct found_line){ .name = person->full_name, .title = person->title, .unit_name = person->unit_name,
                                    .birth = birth_words(&cx->arena, person->birth_day) };
        TRY(fill_choice(cx, req, asked, person, is_in_list(&names, person->id), row));
        view->may_choose |= row->person_id != 0;
    }
    view->may_widen = asked->quota_id == 0 && own.is_extensible;
    view->found = str_format(&cx->arena, people.total > (int64_t)people.len ? STR_FMT " cán bộ, hiện 50 người đầu; xin gõ tên" : STR_FMT " cán bộ",
                             STR_ARG(viet_number(&cx->arena, people.total)));
    return OK;
}

static enum err figures_of(struct ctx *cx, const struct asked *asked, struct str *ret_words)
{
    struct nomination_roster roster = { .version = 0 };
    struct quota_row row = { .quota = { .id = 0 } };
    struct str paper = STR("");
    TRY(nomination_get_roster(cx, asked->quota_id, asked->root_id, asked->unit.id, &roster));
    if (asked->quota_id == 0) {
        *ret_words = str_format(&cx->arena, "Đã cử %lld", (long long)roster.names);
        return OK;
    }
    TRY(quota_find(cx, asked->quota_id, &row));
    row.quota.taken = row.quota.is_each ? roster.names : row.quota.taken;
    TRY(quota_cite(cx, &row.quota, &paper));
    *ret_words = str_format(&cx->arena, "Đã cử " STR_FMT " theo " STR_FMT, STR_ARG(taken_words(&cx->arena, &row.quota)),
                            STR_ARG(paper));
    return OK;
}

static enum err show_add(struct ctx *cx, struct request *req, struct response *res)
{
    struct asked asked = { .quota_id = 0 };
    struct add_view *view = ARENA_NEW(&cx->arena, struct add_view);
    const struct roster_form *sent = req->refused ? req->form : NULL;
    TRY(asked_list(cx, req, sent ? sent->unit_id : 0, &asked));
    if (!asked.may_write)
        return fail(cx, ERR_FORBIDDEN, "Danh sách của " STR_FMT " do chính đơn vị ấy lập", STR_ARG(asked.unit.full_name));
    view->action = list_url(&cx->arena, &asked, "them");
    view->many_action = list_url(&cx->arena, &asked, "them-nhieu");
    view->many_hidden = page_form_hidden(&cx->arena, req->csrf, form_own_id(&cx->arena, req, 2));
    view->unit_id = str_format(&cx->arena, "%lld", (long long)asked.unit.id);
    view->search = viet_clean(&cx->arena, request_value(req, "tim"));
    view->paste_url = list_url(&cx->arena, &asked, "dan");
    view->back_url = unit_lists_url(&cx->arena, &asked);
    TRY(figures_of(cx, &asked, &view->figures));
    TRY(fill_found(cx, req, &asked, view));
    if (actor_may(cx->actor, PERMISSION_PERSON_WRITE)) {
        struct roster_form values = form_of(&asked);
        struct form_view form = { .action = list_url(&cx->arena, &asked, "them-moi"), .submit_label = STR("Lập hồ sơ và cử") };
        request_form_view(req, &new_table, &values, &form);
        form.fact_id = form_own_id(&cx->arena, req, 1);
        form.id_prefix = STR("moi");
        view->new_form = page_form(&cx->arena, &form);
    }
    struct page page = { .title = STR("Cử người đi học"), .place = STR("lop"), .is_wide = true,
                         .crumb = str_format(&cx->arena, "Danh sách cử học: " STR_FMT, STR_ARG(asked.unit.full_name)) };
    page.crumb_url = unit_lists_url(&cx->arena, &asked);
    if (req->refused && req->refused->field[0] == '\0')
        page.error = str_copy(&cx->arena, str_from(req->refused->words));
    struct html h = page_begin(&cx->arena);
    page_add_name(&h, view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

static enum err post_add(struct ctx *cx, struct request *req, struct response *res)
{
    const struct roster_form *form = req->form;
    struct asked asked = { .quota_id = 0 };
    struct person person = { .id = 0 };
    TRY(asked_list(cx, req, form->unit_id, &asked));
    struct nomination_naming naming = { .quota_id = asked.quota_id, .root_id = asked.root_id, .unit_id = asked.unit.id,
                                        .person_id = form->person_id, .title = STR(""), .is_widened = form->is_widened,
                                        .double_reason = form->double_reason };
    TRY(nomination_name(cx, &naming, NULL));
    TRY(person_get(cx, form->person_id, &person));
    response_redirect(cx, res, unit_lists_url(&cx->arena, &asked), "Đã cử đồng chí " STR_FMT, STR_ARG(person.full_name));
    return OK;
}

/* Everybody ticked, or nobody: a refusal says whose name stands in the way. */
static enum err post_many(struct ctx *cx, struct request *req, struct response *res)
{
    const struct roster_form *form = req->form;
    struct asked asked = { .quota_id = 0 };
    int64_t named = 0;
    TRY(asked_list(cx, req, form->unit_id, &asked));
    for (size_t i = 0; i < req->values_len; i++) {
        struct nomination_naming naming = { .quota_id = asked.quota_id, .root_id = asked.root_id, .unit_id = asked.unit.id,
                                            .title = STR(""), .is_widened = form->is_widened, .double_reason = STR("") };
        if (!str_eq(req->values[i].name, STR("chon")))
            continue;
        if (!str_to_i64(req->values[i].value, &naming.person_id))
            return fail(cx, ERR_NOT_FOUND, "Không tìm thấy hồ sơ cán bộ này");
        TRY(nomination_name(cx, &naming, NULL));
        named++;
    }
    if (named == 0)
        return fail(cx, ERR_INVALID, "Đánh dấu những người được cử rồi bấm Cử");
    response_redirect(cx, res, unit_lists_url(&cx->arena, &asked), "Đã cử %lld đồng chí", (long long)named);
    return OK;
}

/* An official of the same name is on record: named by mistake as a new one, he would be two persons. */
static enum err refuse_known_person(struct ctx *cx, const struct asked *asked, const struct roster_form *form)
{
    struct person_list people = { .len = 0 };
    struct viet_name typed = viet_name_split(&cx->arena, viet_clean(&cx->arena, form->full_name));
    struct str full_name = viet_name_join(&cx->arena, &typed);
    struct str folded = viet_fold(&cx->arena, full_name);
    TRY(own_people(cx, &asked->unit, full_name, 50, &people));
    for (size_t i = 0; i < people.len; i++) {
        bool is_other = form->birth_day != DAY_NONE && people.at[i].birth_day != DAY_NONE &&
                        form->birth_day != people.at[i].birth_day;
        if (!is_other && str_eq(viet_fold(&cx->arena, people.at[i].full_name), folded))
            return fail_field(cx, "full_name",
                              "Đồng chí " STR_FMT " (" STR_FMT ") đã có hồ sơ; xin chọn trong kết quả tìm, hoặc ghi ngày sinh nếu là người khác",
                              STR_ARG(people.at[i].full_name), STR_ARG(people.at[i].unit_name));
    }
    return OK;
}

static enum err post_new(struct ctx *cx, struct request *req, struct response *res)
{
    const struct roster_form *form = req->form;
    struct asked asked = { .quota_id = 0 };
    struct person_values values = { .full_name = form->full_name, .birth_day = form->birth_day, .sex = form->sex,
                                    .phone = STR(""), .mail = STR(""), .given = STR("") };
    int64_t person_id = 0;
    bool is_known = false;
    int64_t seq = 0;
    TRY(asked_list(cx, req, form->unit_id, &asked));
    if (!actor_may(cx->actor, PERMISSION_PERSON_WRITE))
        return fail(cx, ERR_FORBIDDEN, "Đồng chí chưa được giao quyền lập hồ sơ cán bộ");
    TRY(fact_is_known(cx, &is_known, &seq));
    if (!is_known)
        TRY(refuse_known_person(cx, &asked, form));
    TRY(person_create(cx, asked.unit.id, &values, form->title, day_from_instant(cx->now), &person_id));
    TRY(nomination_name_person(cx, asked.quota_id, asked.root_id, asked.unit.id, person_id, form->title, NULL));
    response_redirect(cx, res, unit_lists_url(&cx->arena, &asked), "Đã lập hồ sơ và cử đồng chí " STR_FMT,
                      STR_ARG(viet_clean(&cx->arena, form->full_name)));
    return OK;
}

/* ---- Approving, returning, sending ---- */

static enum err act_on_list(struct ctx *cx, struct request *req, struct response *res,
                            enum err (*deed)(struct ctx *cx, int64_t quota_id, int64_t root_id, int64_t unit_id),
                            const char *notice)
{
    const struct roster_form *form = req->form;
    struct asked asked = { .quota_id = 0 };
    struct nomination_roster roster = { .version = 0 };
    TRY(asked_list(cx, req, form->unit_id, &asked));
    TRY(deed(cx, asked.quota_id, asked.root_id, asked.unit.id));
    TRY(nomination_get_roster(cx, asked.quota_id, asked.root_id, asked.unit.id, &roster));
    response_redirect(cx, res, unit_lists_url(&cx->arena, &asked), "%s %lld đồng chí lúc " STR_FMT, notice,
                      (long long)roster.names, STR_ARG(instant_format_time(&cx->arena, cx->now)));
    return OK;
}

static enum err post_approve(struct ctx *cx, struct request *req, struct response *res)
{
    return act_on_list(cx, req, res, nomination_approve, "Đã duyệt danh sách");
}

static enum err post_send(struct ctx *cx, struct request *req, struct response *res)
{
    return act_on_list(cx, req, res, nomination_send, "Đã gửi danh sách");
}

static enum err post_return(struct ctx *cx, struct request *req, struct response *res)
{
    const struct roster_form *form = req->form;
    struct asked asked = { .quota_id = 0 };
    TRY(asked_list(cx, req, form->unit_id, &asked));
    TRY(nomination_return(cx, asked.quota_id, asked.root_id, asked.unit.id, form->reason));
    response_redirect(cx, res, unit_lists_url(&cx->arena, &asked), "Đã trả lại danh sách của " STR_FMT,
                      STR_ARG(asked.unit.full_name));
    return OK;
}

/* ---- The routes of the room ---- */

/* clang-format off */
#define READ(pattern_text, handler_name, flags_of) \
    { METHOD_GET, STR_INIT(pattern_text), PERMISSION_NOMINATION_READ, handler_name, NO_FORM, .flags = flags_of }
#define WRITE_PAGE(pattern_text, handler_name) \
    { METHOD_GET, STR_INIT(pattern_text), PERMISSION_NOMINATION_WRITE, handler_name, NO_FORM }
#define WRITE(pattern_text, handler_name, form_fields, again_name) \
    { METHOD_POST, STR_INIT(pattern_text), PERMISSION_NOMINATION_WRITE, handler_name, FIELD_TABLE(struct roster_form, form_fields), .again = again_name }
#define HEAD(pattern_text, handler_name, form_fields) \
    { METHOD_POST, STR_INIT(pattern_text), PERMISSION_NOMINATION_APPROVE, handler_name, FIELD_TABLE(struct roster_form, form_fields) }

static const struct route routes[] = {
    READ("/lop/{id}/cu-hoc", show_rosters, 0),
    WRITE_PAGE("/lop/{id}/cu-hoc/{quota}/them", show_add),
    WRITE("/lop/{id}/cu-hoc/{quota}/them", post_add, add_fields, show_add),
    WRITE("/lop/{id}/cu-hoc/{quota}/them-nhieu", post_many, many_fields, show_add),
    WRITE("/lop/{id}/cu-hoc/{quota}/them-moi", post_new, new_fields, show_add),
    WRITE_PAGE("/lop/{id}/cu-hoc/{quota}/dan", show_paste),
    { METHOD_POST, STR_INIT("/lop/{id}/cu-hoc/{quota}/dan"), PERMISSION_NOMINATION_WRITE, post_preview,
      FIELD_TABLE(struct roster_form, paste_fields), .body_max = 512 * 1024, .prepare = prepare_paste, .again = show_paste },
    { METHOD_POST, STR_INIT("/lop/{id}/cu-hoc/{quota}/dan/ghi"), PERMISSION_NOMINATION_WRITE, post_paste,
      FIELD_TABLE(struct roster_form, paste_done_fields), .body_max = 512 * 1024, .prepare = prepare_paste },
    HEAD("/lop/{id}/cu-hoc/{quota}/duyet", post_approve, unit_fields),
    HEAD("/lop/{id}/cu-hoc/{quota}/gui", post_send, unit_fields),
    HEAD("/lop/{id}/cu-hoc/{quota}/tra-lai", post_return, return_fields),
    READ("/lop/{id}/cu-hoc/{quota}/in", show_printed, 0),
    READ("/lop/{id}/cu-hoc/{quota}/phien-ban/{version}", show_version, 0),
    WRITE_PAGE("/lop/{id}/the", show_cards),
    READ("/lop/{id}/ky-ten", show_signing, 0),
    WRITE_PAGE("/lop/{id}/ten/{name}", show_one_name),
    WRITE("/lop/{id}/ten/{name}/rut", post_withdraw, reason_fields, show_one_name),
    WRITE("/lop/{id}/ten/{name}/thay", post_replace, replace_fields, show_one_name),
    WRITE("/lop/{id}/ten/{name}/chuc-vu", post_title, title_fields, show_one_name),
    { METHOD_POST, STR_INIT("/lop/{id}/ten/{name}/doi-ma"), PERMISSION_NOMINATION_WRITE, post_renew, NO_FORM },
    READ("/lop/{id}/dai-bieu", show_guests, 0),
    { METHOD_POST, STR_INIT("/lop/{id}/dai-bieu"), PERMISSION_NOMINATION_WRITE, post_guest,
      { add_fields, 2, sizeof(struct roster_form) } },
    WRITE("/lop/{id}/dai-bieu/{guest}/rut", post_guest_out, reason_fields, NULL),
    READ("/lop/{id}/chi-tieu", show_quotas, ROUTE_SLOW),
    READ("/lop/{id}/chi-tieu/danh-sach", export_quotas, ROUTE_SLOW),
    WRITE_PAGE("/lop/{id}/chi-tieu/{quota}/don-vi", show_assign),
    WRITE("/lop/{id}/chi-tieu/{quota}/don-vi", post_assign, assign_fields, show_assign),
    { METHOD_GET, STR_INIT("/hv/{code}"), PERMISSION_PUBLIC, show_learner, NO_FORM },
    { METHOD_GET, STR_INIT("/hv/{code}/lich.ics"), PERMISSION_PUBLIC, show_learner_calendar, NO_FORM },
    { METHOD_GET, STR_INIT("/hv/{code}/tai-lieu/{material}"), PERMISSION_PUBLIC, show_learner_material, NO_FORM, .flags = ROUTE_SLOW },
};
/* clang-format on */
const struct route_table nomination_routes = { routes, LEN(routes) };
