#include "nomination/nomination_inside.h"

#include "obligation/obligation.h"
#include "viet/viet.h"

/*
 * The facts of this room: fact->unit_id is the unit whose list it is (of an assignment, the paper's issuer), fact->subject_id
 * the class.
 */

/* clang-format off */
#define REASON(type) { "reason", "Lý do", FIELD_TEXT, FIELD_OF(type, reason), .len_max = 500, .required = true }
#define TITLE(type) { "title", "Chức vụ", FIELD_TEXT, FIELD_OF(type, title), .len_max = 300 }
static const struct field assigned_fields[] = {
    { "quota_id", "Chỉ tiêu", FIELD_ID, FIELD_OF(struct quota_assigned, quota_id), .required = true },
    { "unit_id", "Đơn vị", FIELD_ID, FIELD_OF(struct quota_assigned, unit_id), .required = true },
};
static const struct field named_fields[] = {
    { "quota_id", "Chỉ tiêu", FIELD_I64, FIELD_OF(struct person_named, quota_id) },
    { "person_id", "Cán bộ", FIELD_ID, FIELD_OF(struct person_named, person_id), .required = true },
    TITLE(struct person_named),
    { "is_widened", "Mở rộng thành phần", FIELD_BOOL, FIELD_OF(struct person_named, is_widened) },
    { "double_reason", "Lý do cử trùng", FIELD_TEXT, FIELD_OF(struct person_named, double_reason), .len_max = 500 },
};
static const struct field changed_fields[] = {
    { "name_id", "Tên", FIELD_ID, FIELD_OF(struct name_changed, name_id), .required = true },
    TITLE(struct name_changed),
};
static const struct field withdrawn_fields[] = {
    { "name_id", "Tên", FIELD_ID, FIELD_OF(struct name_withdrawn, name_id), .required = true },
    REASON(struct name_withdrawn),
};
static const struct field replaced_fields[] = {
    { "name_id", "Tên", FIELD_ID, FIELD_OF(struct name_replaced, name_id), .required = true },
    { "person_id", "Cán bộ", FIELD_ID, FIELD_OF(struct name_replaced, person_id), .required = true },
    TITLE(struct name_replaced),
    REASON(struct name_replaced),
};
static const struct field acted_fields[] = {
    { "quota_id", "Chỉ tiêu", FIELD_I64, FIELD_OF(struct roster_acted, quota_id) },
};
static const struct field returned_fields[] = {
    { "quota_id", "Chỉ tiêu", FIELD_I64, FIELD_OF(struct roster_acted, quota_id) },
    REASON(struct roster_acted),
};
static const struct field moved_fields[] = {
    { "learner_id", "Học viên", FIELD_ID, FIELD_OF(struct learner_moved, learner_id), .required = true },
    { "point_id", "Điểm cầu", FIELD_I64, FIELD_OF(struct learner_moved, point_id) },
};
static const struct field renewed_fields[] = {
    { "learner_id", "Học viên", FIELD_ID, FIELD_OF(struct code_renewed, learner_id), .required = true },
};
static const struct field guest_fields[] = {
    { "person_id", "Cán bộ", FIELD_ID, FIELD_OF(struct guest_named, person_id), .required = true },
    TITLE(struct guest_named),
};
static const struct field guest_withdrawn_fields[] = {
    { "guest_id", "Đại biểu", FIELD_ID, FIELD_OF(struct guest_withdrawn, guest_id), .required = true },
    REASON(struct guest_withdrawn),
};
#undef REASON
#undef TITLE
/* clang-format on */

/* ---- What stands in the way ---- */

static enum err class_is_open(struct ctx *cx, const struct fact *fact)
{
    struct course course = { .id = 0 };
    TRY(course_find(cx, fact->subject_id, &course));
    if (course.is_withdrawn)
        return fail(cx, ERR_CONFLICT, "Lớp không còn hiệu lực. " STR_FMT, STR_ARG(course.state_reason));
    if (course.end_day != DAY_NONE && day_from_instant(fact->at) > course.end_day)
        return fail(cx, ERR_CONFLICT, "Lớp đã kết thúc ngày " STR_FMT ", danh sách không thay đổi nữa",
                    STR_ARG(day_format(&cx->arena, course.end_day)));
    return OK;
}

/* The list as it stands; a unit's own list (quota 0) that was not begun is an empty draft. */
static enum err find_list(struct ctx *cx, const struct fact *fact, int64_t quota_id, struct roster_row *ret_roster)
{
    TRY(class_is_open(cx, fact));
    TRY(roster_find(cx, fact->subject_id, fact->unit_id, quota_id, ret_roster));
    if (!ret_roster->is_there && quota_id != 0)
        return fail(cx, ERR_NOT_FOUND, "Đơn vị không được giao chỉ tiêu này");
    if (str_eq(ret_roster->state, STR("withdrawn")))
        return fail(cx, ERR_CONFLICT, "Văn bản giao chỉ tiêu này không còn hiệu lực");
    return OK;
}

static enum err must_be_draft(struct ctx *cx, const struct roster_row *roster)
{
    if (str_eq(roster->state, STR("sent")))
        return fail(cx, ERR_CONFLICT,
                    "Danh sách đã gửi lúc " STR_FMT "; chỉ thay người có lý do, hoặc đề nghị cơ quan nhận trả lại",
                    STR_ARG(instant_format(&cx->arena, roster->sent_at)));
    if (str_eq(roster->state, STR("approved")))
        return fail(cx, ERR_CONFLICT, "Danh sách đã được người đứng đầu duyệt; đề nghị trả lại trước khi sửa");
    return OK;
}

/* Counted here, on the one writer: requests at once see each other's names. */
static enum err seat_is_left(struct ctx *cx, const struct roster_row *roster, int64_t quota_id)
{
    struct quota_row row = { .quota = { .id = 0 } };
    struct str source = STR("");
    if (roster->names >= NOMINATION_ROSTER_MAX)
        return fail(cx, ERR_LIMIT, "Một danh sách có tối đa %d tên", (int)NOMINATION_ROSTER_MAX);
    if (quota_id == 0)
        return OK;
    TRY(quota_find(cx, quota_id, &row));
    const struct nomination_quota *quota = &row.quota;
    int64_t taken = quota->is_each ? roster->names : quota->taken;
    if (row.is_withdrawn)
        return fail(cx, ERR_CONFLICT, "Văn bản giao chỉ tiêu này không còn hiệu lực");
    if (quota->seats_max < 0 || taken < quota->seats_max)
        return OK;
    TRY(quota_cite(cx, quota, &source));
    return fail(cx, ERR_CONFLICT, "Đã cử đủ %lld/%lld theo chỉ tiêu của " STR_FMT ": “" STR_FMT "”, " STR_FMT,
                (long long)taken, (long long)quota->seats_max, STR_ARG(source), STR_ARG(str_sub(quota->text, 0, 240)),
                STR_ARG(quota_seats_words(&cx->arena, quota)));
}

/* Whoever has this person in the class already, by the oldest name in force. */
struct elsewhere {
    bool is_named, is_here;
    struct str unit_name, person_name;
    int64_t at;
};

static enum err find_elsewhere(struct ctx *cx, const struct fact *fact, int64_t quota_id, int64_t person_id,
                               int64_t except_name_id, struct elsewhere *ret_elsewhere)
{
    SQL(list, "SELECT n.unit_id, n.quota_id, n.at, u.full_name, p.full_name FROM nomination_learner l"
              " JOIN nomination_name n ON n.learner_id = l.id AND n.is_in_force = 1 JOIN unit u ON u.id = n.unit_id"
              " JOIN person p ON p.id = l.person_id WHERE l.root_id = $1 AND l.person_id = $2 AND n.id <> $3 ORDER BY n.id");
    struct elsewhere found = { .is_named = false };
    struct rows rows = db_rows(cx, &list, BIND(V(fact->subject_id), V(person_id), V(except_name_id)));
    while (rows_next(&rows)) {
        int64_t unit_id = rows_i64(&rows);
        bool is_here = rows_i64(&rows) == quota_id && unit_id == fact->unit_id;
        int64_t at = rows_i64(&rows);
        struct str unit_name = rows_str(&rows);
        struct str person_name = rows_str(&rows);
        if (!found.is_named || is_here)
            found = (struct elsewhere){ true, is_here, unit_name, person_name, at };
    }
    TRY(rows_end(&rows));
    *ret_elsewhere = found;
    return OK;
}

static enum err refuse_double(struct ctx *cx, const struct fact *fact, int64_t quota_id, int64_t person_id,
                              int64_t except_name_id, struct str double_reason)
{
    struct elsewhere found = { .is_named = false };
    TRY(find_elsewhere(cx, fact, quota_id, person_id, except_name_id, &found));
    if (found.is_here)
        return fail(cx, ERR_CONFLICT, "Đồng chí " STR_FMT " đã có tên trong danh sách này", STR_ARG(found.person_name));
    if (found.is_named && double_reason.len == 0)
        return fail(cx, ERR_CONFLICT,
                    "Đồng chí " STR_FMT " đã được " STR_FMT " cử lúc " STR_FMT
                    "; nếu danh sách này cũng cần tên ấy, xin ghi lý do cử trùng",
                    STR_ARG(found.person_name), STR_ARG(found.unit_name), STR_ARG(instant_format(&cx->arena, found.at)));
    return OK;
}

/* ---- Assigned ---- */

static enum err decide_assigned(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct quota_assigned *assigned = body;
    struct quota_row row = { .quota = { .id = 0 } };
    struct roster_row roster = { .is_there = false };
    TRY(class_is_open(cx, fact));
    TRY(quota_find(cx, assigned->quota_id, &row));
    TRY(roster_find(cx, fact->subject_id, assigned->unit_id, assigned->quota_id, &roster));
    if (row.is_withdrawn || row.quota.root_id != fact->subject_id)
        return fail(cx, ERR_CONFLICT, "Văn bản giao chỉ tiêu này không còn hiệu lực");
    if (roster.is_there)
        return fail(cx, ERR_CONFLICT, "Đơn vị này đã được giao chỉ tiêu");
    return OK;
}

static enum err apply_assigned(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(mark, "UPDATE nomination_quota SET is_unassigned = 0 WHERE id = $1");
    const struct quota_assigned *assigned = body;
    struct quota_row row = { .quota = { .id = 0 } };
    struct unit unit = { .id = 0 };
    TRY(quota_find(cx, assigned->quota_id, &row));
    TRY(unit_find(cx, assigned->unit_id, &unit));
    TRY(db_run(cx, &mark, BIND(V(assigned->quota_id))));
    return roster_open(cx, fact->subject_id, &unit, assigned->quota_id, row.quota.course_id);
}

enum err roster_open(struct ctx *cx, int64_t root_id, const struct unit *unit, int64_t quota_id, int64_t course_id)
{
    SQL(insert, "INSERT INTO nomination_roster (root_id, unit_id, quota_id, course_id, state, version, names, return_reason)"
                " VALUES ($1, $2, $3, $4, 'draft', 0, 0, '') ON CONFLICT DO NOTHING");
    SQL(open_again, "UPDATE nomination_roster SET state = 'draft' WHERE root_id = $1 AND unit_id = $2 AND quota_id = $3"
                    " AND state = 'withdrawn'");
    int64_t made = 0;
    int64_t again = 0;
    TRY(db_run_count(cx, &insert, BIND(V(root_id), V(unit->id), V(quota_id), V(course_id)), &made));
    if (made == 0) /* a line that one amendment took away and another brings back */
        TRY(db_run_count(cx, &open_again, BIND(V(root_id), V(unit->id), V(quota_id)), &again));
    if (made + again > 0)
        counter_add(cx, "roster_total", root_id, unit->path, 1);
    return OK;
}

/* ---- Named ---- */

static enum err decide_named(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct person_named *named = body;
    struct roster_row roster = { .is_there = false };
    struct own_list own = { .is_allowed = false };
    struct unit unit = { .id = 0 };
    TRY(find_list(cx, fact, named->quota_id, &roster));
    TRY(must_be_draft(cx, &roster));
    if (named->quota_id == 0) {
        TRY(unit_find(cx, fact->unit_id, &unit));
        TRY(own_list_find(cx, fact->subject_id, &unit, &own));
        if (!own.is_allowed)
            return fail(cx, ERR_CONFLICT, "Văn bản không giao " STR_FMT " cử người dự lớp này", STR_ARG(unit.full_name));
    }
    if (named->is_widened && !own.is_extensible)
        return fail(cx, ERR_CONFLICT, "Văn bản không cho mở rộng thành phần tham dự; chỉ cử người đúng đối tượng");
    TRY(refuse_double(cx, fact, named->quota_id, named->person_id, 0, named->double_reason));
    return seat_is_left(cx, &roster, named->quota_id);
}

struct new_name {
    int64_t unit_id, quota_id, person_id, replaces_id;
    struct str title, double_reason;
    bool is_widened, is_sent;
};

static enum err add_name(struct ctx *cx, const struct fact *fact, const struct new_name *name)
{
    SQL(insert, "INSERT INTO nomination_name (id, root_id, unit_id, quota_id, person_id, learner_id, title, at, account_id,"
                " is_in_force, is_sent, is_widened, double_reason, replaces_id, reason)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11, $12, $13, '')");
    SQL(count_roster, "UPDATE nomination_roster SET names = names + 1 WHERE root_id = $1 AND unit_id = $2 AND quota_id = $3");
    SQL(count_quota, "UPDATE nomination_quota SET taken = taken + 1 WHERE id = $1");
    int64_t learner_id = 0;
    TRY(learner_open(cx, fact->subject_id, name->person_id, fact->seq, &learner_id));
    TRY(db_run(cx, &insert,
               BIND(V(fact->seq), V(fact->subject_id), V(name->unit_id), V(name->quota_id), V(name->person_id), V(learner_id),
                    V(name->title), V(fact->at), VN(fact->account_id), V((int64_t)name->is_sent),
                    V((int64_t)name->is_widened), V(name->double_reason), VN(name->replaces_id))));
    TRY(db_run(cx, &count_roster, BIND(V(fact->subject_id), V(name->unit_id), V(name->quota_id))));
    if (name->quota_id != 0)
        TRY(db_run(cx, &count_quota, BIND(V(name->quota_id))));
    return learner_settle(cx, learner_id);
}

static enum err apply_named(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct person_named *named = body;
    if (named->quota_id == 0) {
        struct unit unit = { .id = 0 };
        struct own_list own = { .is_allowed = false };
        TRY(unit_find(cx, fact->unit_id, &unit));
        TRY(own_list_find(cx, fact->subject_id, &unit, &own));
        TRY(roster_open(cx, fact->subject_id, &unit, 0, own.course_id));
    }
    const struct new_name name = { .unit_id = fact->unit_id, .quota_id = named->quota_id, .person_id = named->person_id,
                                   .title = named->title, .double_reason = named->double_reason,
                                   .is_widened = named->is_widened };
    return add_name(cx, fact, &name);
}

/* ---- Changed, withdrawn, replaced ---- */

/* The name, which must stand in a list of the fact's own unit and class. */
static enum err find_own_name(struct ctx *cx, const struct fact *fact, int64_t name_id, struct name_row *ret_name,
                              struct roster_row *ret_roster)
{
    struct name_row name = { .id = 0 };
    TRY(name_find(cx, name_id, &name));
    if (name.unit_id != fact->unit_id || name.root_id != fact->subject_id)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy tên này trong danh sách");
    TRY(find_list(cx, fact, name.quota_id, ret_roster));
    *ret_name = name;
    return OK;
}

static enum err decide_changed(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct name_changed *changed = body;
    struct name_row name = { .id = 0 };
    struct roster_row roster = { .is_there = false };
    TRY(find_own_name(cx, fact, changed->name_id, &name, &roster));
    if (!name.is_in_force)
        return fail(cx, ERR_CONFLICT, "Tên này không còn trong danh sách");
    return must_be_draft(cx, &roster);
}

static enum err apply_changed(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(update, "UPDATE nomination_name SET title = $2 WHERE id = $1");
    const struct name_changed *changed = body;
    struct name_row name = { .id = 0 };
    (void)fact;
    TRY(name_find(cx, changed->name_id, &name));
    TRY(db_run(cx, &update, BIND(V(changed->name_id), V(changed->title))));
    return learner_settle(cx, name.learner_id);
}

static enum err decide_withdrawn(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct name_withdrawn *withdrawn = body;
    struct name_row name = { .id = 0 };
    struct roster_row roster = { .is_there = false };
    TRY(find_own_name(cx, fact, withdrawn->name_id, &name, &roster));
    if (!name.is_in_force)
        return fail(cx, ERR_CONFLICT, "Tên này không còn trong danh sách");
    return str_eq(roster.state, STR("approved")) ? must_be_draft(cx, &roster) : OK;
}

static enum err end_name(struct ctx *cx, const struct fact *fact, const struct name_row *name, struct str reason,
                         int64_t replaced_by_id)
{
    SQL(update, "UPDATE nomination_name SET is_in_force = 0, is_sent = 0, ended_at = $2, reason = $3, replaced_by_id = $4"
                " WHERE id = $1");
    SQL(count_roster, "UPDATE nomination_roster SET names = names - 1 WHERE root_id = $1 AND unit_id = $2 AND quota_id = $3");
    SQL(count_quota, "UPDATE nomination_quota SET taken = taken - 1 WHERE id = $1");
    TRY(db_run(cx, &update, BIND(V(name->id), V(fact->at), V(reason), VN(replaced_by_id))));
    TRY(db_run(cx, &count_roster, BIND(V(name->root_id), V(name->unit_id), V(name->quota_id))));
    if (name->quota_id != 0)
        TRY(db_run(cx, &count_quota, BIND(V(name->quota_id))));
    return learner_settle(cx, name->learner_id);
}

/* The list as it is now becomes a version of its own. */
static enum err freeze(struct ctx *cx, const struct fact *fact, int64_t unit_id, int64_t quota_id, struct str cause,
                       struct str reason)
{
    SQL(next, "UPDATE nomination_roster SET version = version + 1 WHERE root_id = $1 AND unit_id = $2 AND quota_id = $3");
    SQL(find, "SELECT version FROM nomination_roster WHERE root_id = $1 AND unit_id = $2 AND quota_id = $3");
    SQL(insert, "INSERT INTO nomination_version (root_id, unit_id, quota_id, version, at, account_id, cause, reason)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    SQL(insert_names, "INSERT INTO nomination_version_name (root_id, unit_id, quota_id, version, name_id, title)"
                      " SELECT n.root_id, n.unit_id, n.quota_id, $4, n.id, n.title FROM nomination_name n"
                      " WHERE n.root_id = $1 AND n.unit_id = $2 AND n.quota_id = $3 AND n.is_in_force = 1");
    int64_t version = 0;
    int64_t root_id = fact->subject_id;
    TRY(db_run(cx, &next, BIND(V(root_id), V(unit_id), V(quota_id))));
    TRY(db_i64(cx, &find, BIND(V(root_id), V(unit_id), V(quota_id)), &version));
    TRY(db_run(cx, &insert,
               BIND(V(root_id), V(unit_id), V(quota_id), V(version), V(fact->at), VN(fact->account_id), V(cause), V(reason))));
    return db_run(cx, &insert_names, BIND(V(root_id), V(unit_id), V(quota_id), V(version)));
}

static enum err freeze_if_sent(struct ctx *cx, const struct fact *fact, const struct name_row *name, struct str cause,
                               struct str reason)
{
    struct roster_row roster = { .is_there = false };
    TRY(roster_find(cx, name->root_id, name->unit_id, name->quota_id, &roster));
    return str_eq(roster.state, STR("sent")) ? freeze(cx, fact, name->unit_id, name->quota_id, cause, reason) : OK;
}

static enum err apply_withdrawn(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct name_withdrawn *withdrawn = body;
    struct name_row name = { .id = 0 };
    TRY(name_find(cx, withdrawn->name_id, &name));
    TRY(end_name(cx, fact, &name, withdrawn->reason, 0));
    return freeze_if_sent(cx, fact, &name, STR("withdrawn"), withdrawn->reason);
}

static enum err decide_replaced(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct name_replaced *replaced = body;
    struct name_row name = { .id = 0 };
    struct roster_row roster = { .is_there = false };
    TRY(find_own_name(cx, fact, replaced->name_id, &name, &roster));
    if (!str_eq(roster.state, STR("sent")))
        return fail(cx, ERR_CONFLICT, "Danh sách chưa gửi: xin rút tên này và cử người khác");
    if (name.replaced_by_id != 0)
        return fail(cx, ERR_CONFLICT, "Đã có người thay cho tên này");
    if (name.person_id == replaced->person_id && name.is_in_force)
        return fail_field(cx, "person_id", "Chọn người khác để thay");
    TRY(refuse_double(cx, fact, name.quota_id, replaced->person_id, name.id, STR("")));
    return name.is_in_force ? OK : seat_is_left(cx, &roster, name.quota_id); /* a seat that a withdrawal freed */
}

static enum err apply_replaced(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(mark, "UPDATE nomination_name SET replaced_by_id = $2 WHERE id = $1");
    const struct name_replaced *replaced = body;
    struct name_row name = { .id = 0 };
    TRY(name_find(cx, replaced->name_id, &name));
    if (name.is_in_force)
        TRY(end_name(cx, fact, &name, replaced->reason, fact->seq));
    else
        TRY(db_run(cx, &mark, BIND(V(name.id), V(fact->seq))));
    const struct new_name by = { .unit_id = name.unit_id, .quota_id = name.quota_id, .person_id = replaced->person_id,
                                 .replaces_id = name.id, .title = replaced->title, .double_reason = STR(""),
                                 .is_sent = true };
    TRY(add_name(cx, fact, &by));
    return freeze(cx, fact, name.unit_id, name.quota_id, STR("replaced"), replaced->reason);
}

/* ---- Approved, returned, sent ---- */

static enum err decide_approved(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct roster_acted *acted = body;
    struct roster_row roster = { .is_there = false };
    TRY(find_list(cx, fact, acted->quota_id, &roster));
    TRY(must_be_draft(cx, &roster));
    if (roster.names == 0)
        return fail(cx, ERR_CONFLICT, "Danh sách chưa có tên nào để duyệt");
    return OK;
}

static enum err apply_approved(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(update, "UPDATE nomination_roster SET state = 'approved', approved_at = $4, approved_account_id = $5"
                " WHERE root_id = $1 AND unit_id = $2 AND quota_id = $3");
    const struct roster_acted *acted = body;
    return db_run(cx, &update,
                  BIND(V(fact->subject_id), V(fact->unit_id), V(acted->quota_id), V(fact->at), VN(fact->account_id)));
}

static enum err decide_sent(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct roster_acted *acted = body;
    struct roster_row roster = { .is_there = false };
    TRY(find_list(cx, fact, acted->quota_id, &roster));
    if (str_eq(roster.state, STR("sent")))
        return fail(cx, ERR_CONFLICT, "Danh sách đã gửi lúc " STR_FMT,
                    STR_ARG(instant_format(&cx->arena, roster.sent_at)));
    if (!str_eq(roster.state, STR("approved")))
        return fail(cx, ERR_CONFLICT, "Danh sách được gửi sau khi người đứng đầu đơn vị duyệt");
    return OK;
}

/* Every name of the list is sent, or none is; each learner is counted anew. */
static enum err mark_names(struct ctx *cx, const struct fact *fact, int64_t quota_id, bool is_sent)
{
    SQL(update, "UPDATE nomination_name SET is_sent = $4 WHERE root_id = $1 AND unit_id = $2 AND quota_id = $3"
                " AND is_in_force = 1");
    SQL(list, "SELECT learner_id FROM nomination_name WHERE root_id = $1 AND unit_id = $2 AND quota_id = $3"
              " AND is_in_force = 1 ORDER BY id LIMIT $4");
    int64_t *learners = ARENA_NEW_ARRAY(&cx->arena, int64_t, NOMINATION_ROSTER_MAX);
    size_t len = 0;
    int64_t root_id = fact->subject_id;
    TRY(db_run(cx, &update, BIND(V(root_id), V(fact->unit_id), V(quota_id), V((int64_t)is_sent))));
    struct rows rows =
        db_rows(cx, &list, BIND(V(root_id), V(fact->unit_id), V(quota_id), V((int64_t)NOMINATION_ROSTER_MAX)));
    while (len < NOMINATION_ROSTER_MAX && rows_next(&rows))
        learners[len++] = rows_i64(&rows);
    TRY(rows_end(&rows));
    for (size_t i = 0; i < len; i++)
        TRY(learner_settle(cx, learners[i]));
    return OK;
}

/* Duties of the paper and of the class that wait for the unit's lists: met when none of them is missing any more. */
static enum err tell_duties(struct ctx *cx, const struct fact *fact, int64_t course_id, bool has_happened)
{
    SQL(count_missing, "SELECT COUNT(*) FROM nomination_roster WHERE root_id = $1 AND unit_id = $2 AND state <> 'sent'"
                       " AND state <> 'withdrawn' AND (course_id = $3 OR $3 = $1)");
    int64_t missing = 0;
    if (!has_happened)
        return obligation_unhappened(cx, fact, course_id, fact->unit_id, STR("roster_sent"));
    TRY(db_i64(cx, &count_missing, BIND(V(fact->subject_id), V(fact->unit_id), V(course_id)), &missing));
    return missing > 0 ? OK : obligation_happened(cx, fact, course_id, fact->unit_id, STR("roster_sent"));
}

static enum err tell_all_duties(struct ctx *cx, const struct fact *fact, int64_t quota_id, bool has_happened)
{
    struct roster_row roster = { .is_there = false };
    TRY(roster_find(cx, fact->subject_id, fact->unit_id, quota_id, &roster));
    TRY(tell_duties(cx, fact, roster.course_id, has_happened));
    return roster.course_id == fact->subject_id ? OK : tell_duties(cx, fact, fact->subject_id, has_happened);
}

static enum err count_sent(struct ctx *cx, const struct fact *fact, int64_t sign)
{
    struct unit unit = { .id = 0 };
    TRY(unit_find(cx, fact->unit_id, &unit));
    counter_add(cx, "roster_sent", fact->subject_id, unit.path, sign);
    return OK;
}

static enum err apply_sent(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(update, "UPDATE nomination_roster SET state = 'sent', sent_at = $4, sent_account_id = $5, return_reason = ''"
                " WHERE root_id = $1 AND unit_id = $2 AND quota_id = $3");
    const struct roster_acted *acted = body;
    TRY(db_run(cx, &update,
               BIND(V(fact->subject_id), V(fact->unit_id), V(acted->quota_id), V(fact->at), VN(fact->account_id))));
    TRY(freeze(cx, fact, fact->unit_id, acted->quota_id, STR("sent"), STR("")));
    TRY(mark_names(cx, fact, acted->quota_id, true));
    TRY(count_sent(cx, fact, 1));
    return tell_all_duties(cx, fact, acted->quota_id, true);
}

static enum err decide_returned(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct roster_acted *acted = body;
    struct roster_row roster = { .is_there = false };
    TRY(find_list(cx, fact, acted->quota_id, &roster));
    if (str_eq(roster.state, STR("draft")))
        return fail(cx, ERR_CONFLICT, "Danh sách đang được đơn vị lập, chưa có gì để trả lại");
    return OK;
}

static enum err apply_returned(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(update, "UPDATE nomination_roster SET state = 'draft', approved_at = NULL, approved_account_id = NULL,"
                " sent_at = NULL, sent_account_id = NULL, returned_at = $4, return_reason = $5"
                " WHERE root_id = $1 AND unit_id = $2 AND quota_id = $3");
    const struct roster_acted *acted = body;
    struct roster_row roster = { .is_there = false };
    TRY(roster_find(cx, fact->subject_id, fact->unit_id, acted->quota_id, &roster));
    TRY(db_run(cx, &update,
               BIND(V(fact->subject_id), V(fact->unit_id), V(acted->quota_id), V(fact->at), V(acted->reason))));
    if (!str_eq(roster.state, STR("sent")))
        return OK;
    TRY(mark_names(cx, fact, acted->quota_id, false));
    TRY(count_sent(cx, fact, -1));
    return tell_all_duties(cx, fact, acted->quota_id, false);
}

/* ---- Learners and guests ---- */

static enum err decide_learner(struct ctx *cx, const struct fact *fact, int64_t learner_id)
{
    struct learner learner = { .id = 0 };
    TRY(learner_find(cx, learner_id, &learner));
    if (learner.root_id != fact->subject_id || !learner.is_in_force)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy học viên này");
    return OK;
}

static enum err decide_moved(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct learner_moved *moved = body;
    return decide_learner(cx, fact, moved->learner_id);
}

static enum err apply_moved(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(update, "UPDATE nomination_learner SET point_id = $2 WHERE id = $1");
    const struct learner_moved *moved = body;
    struct learner learner = { .id = 0 };
    (void)fact;
    TRY(learner_find(cx, moved->learner_id, &learner));
    TRY(db_run(cx, &update, BIND(V(moved->learner_id), V(moved->point_id))));
    if (!learner.is_in_force)
        return OK;
    int64_t main_point = course_main_point(learner.root_id, learner.area_id);
    return learner_seat_changed(cx, learner.point_id != 0 ? learner.point_id : main_point,
                                moved->point_id != 0 ? moved->point_id : main_point);
}

static enum err decide_renewed(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct code_renewed *renewed = body;
    return decide_learner(cx, fact, renewed->learner_id);
}

static enum err apply_renewed(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(update, "UPDATE nomination_learner SET code_version = code_version + 1 WHERE id = $1");
    const struct code_renewed *renewed = body;
    (void)fact;
    return db_run(cx, &update, BIND(V(renewed->learner_id)));
}

static enum err decide_guest(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(count, "SELECT COUNT(*) FROM nomination_guest WHERE root_id = $1 AND unit_id = $2 AND person_id = $3"
               " AND is_in_force = 1");
    const struct guest_named *named = body;
    int64_t already = 0;
    TRY(class_is_open(cx, fact));
    TRY(db_i64(cx, &count, BIND(V(fact->subject_id), V(fact->unit_id), V(named->person_id)), &already));
    return already == 0 ? OK : fail(cx, ERR_CONFLICT, "Đồng chí này đã có tên trong danh sách đại biểu");
}

static enum err apply_guest(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(insert, "INSERT INTO nomination_guest (id, root_id, unit_id, person_id, title, at, is_in_force, reason)"
                " VALUES ($1, $2, $3, $4, $5, $6, 1, '')");
    const struct guest_named *named = body;
    return db_run(cx, &insert,
                  BIND(V(fact->seq), V(fact->subject_id), V(fact->unit_id), V(named->person_id), V(named->title),
                       V(fact->at)));
}

static enum err decide_guest_withdrawn(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(count, "SELECT COUNT(*) FROM nomination_guest WHERE id = $1 AND root_id = $2 AND unit_id = $3 AND is_in_force = 1");
    const struct guest_withdrawn *withdrawn = body;
    int64_t found = 0;
    TRY(db_i64(cx, &count, BIND(V(withdrawn->guest_id), V(fact->subject_id), V(fact->unit_id)), &found));
    return found > 0 ? OK : fail(cx, ERR_CONFLICT, "Đại biểu này không còn trong danh sách");
}

static enum err apply_guest_withdrawn(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(update, "UPDATE nomination_guest SET is_in_force = 0, reason = $2 WHERE id = $1");
    const struct guest_withdrawn *withdrawn = body;
    (void)fact;
    return db_run(cx, &update, BIND(V(withdrawn->guest_id), V(withdrawn->reason)));
}

/* clang-format off */
#define KIND(name_text, words_text, type, fields_of, decide_of, apply_of)                              \
    { .name = STR_INIT(name_text), .words = STR_INIT(words_text), .fields = FIELD_TABLE(type, fields_of), .decide = decide_of, .apply = apply_of }
const struct fact_kind nomination_fact_list[NOMINATION_FACTS] = {
    [NOMINATION_FACT_ASSIGNED] = KIND("nomination.quota_assigned", "Xác định đơn vị được giao chỉ tiêu", struct quota_assigned, assigned_fields, decide_assigned, apply_assigned),
    [NOMINATION_FACT_NAMED] = KIND("nomination.person_named", "Cử người đi học", struct person_named, named_fields, decide_named, apply_named),
    [NOMINATION_FACT_CHANGED] = KIND("nomination.name_changed", "Sửa chức vụ trong danh sách", struct name_changed, changed_fields, decide_changed, apply_changed),
    [NOMINATION_FACT_WITHDRAWN] = KIND("nomination.name_withdrawn", "Rút tên khỏi danh sách", struct name_withdrawn, withdrawn_fields, decide_withdrawn, apply_withdrawn),
    [NOMINATION_FACT_REPLACED] = KIND("nomination.name_replaced", "Thay người trong danh sách đã gửi", struct name_replaced, replaced_fields, decide_replaced, apply_replaced),
    [NOMINATION_FACT_APPROVED] = KIND("nomination.roster_approved", "Duyệt danh sách cử đi học", struct roster_acted, acted_fields, decide_approved, apply_approved),
    [NOMINATION_FACT_RETURNED] = KIND("nomination.roster_returned", "Trả lại danh sách cử đi học", struct roster_acted, returned_fields, decide_returned, apply_returned),
    [NOMINATION_FACT_SENT] = KIND("nomination.roster_sent", "Gửi danh sách cử đi học", struct roster_acted, acted_fields, decide_sent, apply_sent),
    [NOMINATION_FACT_MOVED] = KIND("nomination.learner_moved", "Chuyển học viên sang điểm cầu khác", struct learner_moved, moved_fields, decide_moved, apply_moved),
    [NOMINATION_FACT_RENEWED] = KIND("nomination.code_renewed", "Đổi mã học viên", struct code_renewed, renewed_fields, decide_renewed, apply_renewed),
    [NOMINATION_FACT_GUEST_NAMED] = KIND("nomination.guest_named", "Mời đại biểu dự khai mạc, bế giảng", struct guest_named, guest_fields, decide_guest, apply_guest),
    [NOMINATION_FACT_GUEST_WITHDRAWN] = KIND("nomination.guest_withdrawn", "Rút tên đại biểu", struct guest_withdrawn, guest_withdrawn_fields, decide_guest_withdrawn, apply_guest_withdrawn),
};
#undef KIND
/* clang-format on */
const struct fact_kinds nomination_facts = { nomination_fact_list, NOMINATION_FACTS };
