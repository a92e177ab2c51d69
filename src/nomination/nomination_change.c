#include "nomination/nomination_inside.h"

#include "person/person.h"
#include "viet/viet.h"

/*
 * What people ask for. Who may ask stands here; whether it may happen stands in the facts' decide steps, on the one writer,
 * so that it holds however many ask at once.
 */

static enum err record(struct ctx *cx, enum nomination_fact kind, int64_t unit_id, int64_t root_id, const void *body,
                       int64_t *ret_seq)
{
    return fact_record(cx, &nomination_fact_list[kind], unit_id, root_id, body, ret_seq);
}

/* The unit whose list it is, when the actor keeps it and holds the permission. */
static enum err find_kept(struct ctx *cx, int64_t unit_id, enum permission permission, struct unit *ret_unit)
{
    struct unit unit = { .id = 0 };
    TRY(unit_get(cx, unit_id, &unit));
    if (!actor_may(cx->actor, permission))
        return fail(cx, ERR_FORBIDDEN, permission == PERMISSION_NOMINATION_APPROVE ?
                                           "Danh sách cử đi học do người đứng đầu đơn vị duyệt và gửi" :
                                           "Đồng chí chưa được giao quyền lập danh sách cử đi học");
    if (!is_keeper(cx, &unit))
        return fail(cx, ERR_FORBIDDEN, "Danh sách của " STR_FMT " do chính đơn vị ấy lập", STR_ARG(unit.full_name));
    *ret_unit = unit;
    return OK;
}

static enum err clean_reason(struct ctx *cx, struct str typed, struct str *ret_reason)
{
    struct str reason = viet_clean(&cx->arena, typed);
    if (reason.len == 0)
        return fail_field(cx, "reason", "Ghi rõ lý do");
    *ret_reason = reason;
    return OK;
}

/* An official of this unit: of its own record, or of any body of the same commune. */
static enum err find_own_person(struct ctx *cx, const struct unit *unit, int64_t person_id, struct person *ret_person)
{
    struct person person = { .id = 0 };
    struct unit keeps = { .id = 0 };
    TRY(person_get(cx, person_id, &person));
    TRY(unit_find(cx, person.unit_id, &keeps));
    bool is_own = str_starts(keeps.path, unit->path) ||
                  (str_eq(unit->level, STR("commune")) && keeps.place_id == unit->place_id);
    if (person.erased_at != 0)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy hồ sơ cán bộ này");
    if (!is_own)
        return fail(cx, ERR_CONFLICT, "Đồng chí " STR_FMT " thuộc " STR_FMT ", do đơn vị ấy cử",
                    STR_ARG(person.full_name), STR_ARG(person.unit_name));
    *ret_person = person;
    return OK;
}

static struct str title_or_post(struct ctx *cx, struct str typed, const struct person *person)
{
    struct str title = viet_clean(&cx->arena, typed);
    return title.len > 0 ? title : person->title;
}

enum err nomination_name(struct ctx *cx, const struct nomination_naming *naming, int64_t *ret_name_id)
{
    struct unit unit = { .id = 0 };
    struct person person = { .id = 0 };
    TRY(find_kept(cx, naming->unit_id, PERMISSION_NOMINATION_WRITE, &unit));
    TRY(find_own_person(cx, &unit, naming->person_id, &person));
    struct person_named named = { .quota_id = naming->quota_id, .person_id = person.id, .is_widened = naming->is_widened };
    named.title = title_or_post(cx, naming->title, &person);
    named.double_reason = viet_clean(&cx->arena, naming->double_reason);
    return record(cx, NOMINATION_FACT_NAMED, unit.id, naming->root_id, &named, ret_name_id);
}

enum err nomination_name_person(struct ctx *cx, int64_t quota_id, int64_t root_id, int64_t unit_id, int64_t person_id,
                                struct str title, int64_t *ret_name_id)
{
    struct nomination_naming naming = { .quota_id = quota_id, .root_id = root_id, .unit_id = unit_id,
                                        .person_id = person_id, .title = title, .double_reason = STR("") };
    return nomination_name(cx, &naming, ret_name_id);
}

static enum err find_kept_name(struct ctx *cx, int64_t name_id, struct name_row *ret_name, struct unit *ret_unit)
{
    struct name_row name = { .id = 0 };
    TRY(name_find(cx, name_id, &name));
    TRY(find_kept(cx, name.unit_id, PERMISSION_NOMINATION_WRITE, ret_unit));
    *ret_name = name;
    return OK;
}

enum err nomination_change_title(struct ctx *cx, int64_t name_id, struct str title)
{
    struct name_row name = { .id = 0 };
    struct unit unit = { .id = 0 };
    TRY(find_kept_name(cx, name_id, &name, &unit));
    struct name_changed changed = { .name_id = name.id, .title = viet_clean(&cx->arena, title) };
    return record(cx, NOMINATION_FACT_CHANGED, unit.id, name.root_id, &changed, NULL);
}

/* A list that was sent changes only by who may send it. */
static enum err may_change_sent(struct ctx *cx, const struct name_row *name)
{
    struct roster_row roster = { .is_there = false };
    TRY(roster_find(cx, name->root_id, name->unit_id, name->quota_id, &roster));
    if (str_eq(roster.state, STR("sent")) && !actor_may(cx->actor, PERMISSION_NOMINATION_APPROVE))
        return fail(cx, ERR_FORBIDDEN, "Danh sách đã gửi; việc rút tên, thay người do người đứng đầu đơn vị thực hiện");
    return OK;
}

enum err nomination_withdraw(struct ctx *cx, int64_t name_id, struct str reason)
{
    struct name_row name = { .id = 0 };
    struct unit unit = { .id = 0 };
    struct name_withdrawn withdrawn = { .name_id = name_id };
    TRY(find_kept_name(cx, name_id, &name, &unit));
    TRY(may_change_sent(cx, &name));
    TRY(clean_reason(cx, reason, &withdrawn.reason));
    return record(cx, NOMINATION_FACT_WITHDRAWN, unit.id, name.root_id, &withdrawn, NULL);
}

enum err nomination_replace(struct ctx *cx, int64_t name_id, int64_t person_id, struct str title, struct str reason,
                            int64_t *ret_name_id)
{
    struct name_row name = { .id = 0 };
    struct unit unit = { .id = 0 };
    struct person person = { .id = 0 };
    TRY(find_kept_name(cx, name_id, &name, &unit));
    TRY(may_change_sent(cx, &name));
    TRY(find_own_person(cx, &unit, person_id, &person));
    struct name_replaced replaced = { .name_id = name_id, .person_id = person.id };
    replaced.title = title_or_post(cx, title, &person);
    TRY(clean_reason(cx, reason, &replaced.reason));
    return record(cx, NOMINATION_FACT_REPLACED, unit.id, name.root_id, &replaced, ret_name_id);
}

enum err nomination_approve(struct ctx *cx, int64_t quota_id, int64_t root_id, int64_t unit_id)
{
    struct unit unit = { .id = 0 };
    TRY(find_kept(cx, unit_id, PERMISSION_NOMINATION_APPROVE, &unit));
    struct roster_acted acted = { .quota_id = quota_id, .reason = STR("") };
    return record(cx, NOMINATION_FACT_APPROVED, unit.id, root_id, &acted, NULL);
}

enum err nomination_send(struct ctx *cx, int64_t quota_id, int64_t root_id, int64_t unit_id)
{
    struct unit unit = { .id = 0 };
    TRY(find_kept(cx, unit_id, PERMISSION_NOMINATION_APPROVE, &unit));
    struct roster_acted acted = { .quota_id = quota_id, .reason = STR("") };
    return record(cx, NOMINATION_FACT_SENT, unit.id, root_id, &acted, NULL);
}

/*
 * An approved list goes back to who drafted it, by the unit's own head. A sent one is no longer the unit's to call back:
 * it is returned from above.
 */
enum err nomination_return(struct ctx *cx, int64_t quota_id, int64_t root_id, int64_t unit_id, struct str reason)
{
    struct unit unit = { .id = 0 };
    struct roster_row roster = { .is_there = false };
    struct roster_acted acted = { .quota_id = quota_id };
    TRY(unit_get(cx, unit_id, &unit));
    TRY(roster_find(cx, root_id, unit_id, quota_id, &roster));
    if (str_eq(roster.state, STR("sent"))) {
        bool is_above = cx->actor->kind == ACTOR_PROGRAM || cx->actor->unit_id != unit.id;
        if (!is_above || !actor_may(cx->actor, PERMISSION_NOMINATION_APPROVE))
            return fail(cx, ERR_FORBIDDEN, "Danh sách đã gửi do cơ quan nhận trả lại; đơn vị chỉ thay người khi có lý do");
    } else {
        TRY(find_kept(cx, unit_id, PERMISSION_NOMINATION_APPROVE, &unit));
    }
    TRY(clean_reason(cx, reason, &acted.reason));
    return record(cx, NOMINATION_FACT_RETURNED, unit.id, root_id, &acted, NULL);
}

static enum err find_kept_learner(struct ctx *cx, int64_t learner_id, struct learner *ret_learner)
{
    struct learner learner = { .id = 0 };
    struct unit unit = { .id = 0 };
    TRY(learner_find(cx, learner_id, &learner));
    enum err err = unit_get(cx, learner.unit_id, &unit);
    if (err == ERR_NOT_FOUND)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy học viên này");
    TRY(err);
    if (!learner.is_in_force)
        return fail(cx, ERR_CONFLICT, "Đồng chí " STR_FMT " không còn trong danh sách của lớp", STR_ARG(learner.full_name));
    *ret_learner = learner;
    return OK;
}

enum err nomination_move_learner(struct ctx *cx, int64_t learner_id, int64_t point_id)
{
    struct learner learner = { .id = 0 };
    struct learner_moved moved = { .learner_id = learner_id, .point_id = point_id };
    TRY(find_kept_learner(cx, learner_id, &learner));
    return record(cx, NOMINATION_FACT_MOVED, learner.unit_id, learner.root_id, &moved, NULL);
}

enum err nomination_renew_code(struct ctx *cx, int64_t learner_id)
{
    struct learner learner = { .id = 0 };
    struct unit unit = { .id = 0 };
    struct code_renewed renewed = { .learner_id = learner_id };
    TRY(find_kept_learner(cx, learner_id, &learner));
    TRY(find_kept(cx, learner.unit_id, PERMISSION_NOMINATION_WRITE, &unit));
    return record(cx, NOMINATION_FACT_RENEWED, unit.id, learner.root_id, &renewed, NULL);
}

enum err nomination_assign(struct ctx *cx, int64_t quota_id, int64_t unit_id)
{
    struct quota_row row = { .quota = { .id = 0 } };
    struct unit issuer = { .id = 0 };
    struct unit unit = { .id = 0 };
    TRY(quota_find(cx, quota_id, &row));
    enum err err = unit_get(cx, row.issuer_unit_id, &issuer);
    if (err == ERR_NOT_FOUND)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy chỉ tiêu này");
    TRY(err);
    if (!document_is_own(cx->actor, issuer.id, issuer.path))
        return fail(cx, ERR_FORBIDDEN, "Chỉ cơ quan ban hành văn bản xác định đơn vị được giao chỉ tiêu");
    err = unit_get(cx, unit_id, &unit);
    if (err == ERR_NOT_FOUND || unit.kind != UNIT_BODY || unit.to_day <= day_from_instant(cx->now))
        return fail_field(cx, "unit_id", "Chọn cơ quan, đơn vị đang hoạt động trong phạm vi của văn bản");
    TRY(err);
    struct quota_assigned assigned = { .quota_id = quota_id, .unit_id = unit_id };
    return record(cx, NOMINATION_FACT_ASSIGNED, issuer.id, row.quota.root_id, &assigned, NULL);
}

enum err nomination_name_guest(struct ctx *cx, int64_t root_id, int64_t unit_id, int64_t person_id, struct str title)
{
    struct unit unit = { .id = 0 };
    struct person person = { .id = 0 };
    TRY(find_kept(cx, unit_id, PERMISSION_NOMINATION_WRITE, &unit));
    TRY(find_own_person(cx, &unit, person_id, &person));
    struct guest_named named = { .person_id = person.id, .title = title_or_post(cx, title, &person) };
    return record(cx, NOMINATION_FACT_GUEST_NAMED, unit.id, root_id, &named, NULL);
}

enum err nomination_withdraw_guest(struct ctx *cx, int64_t guest_id, struct str reason)
{
    SQL(find, "SELECT root_id, unit_id FROM nomination_guest WHERE id = $1");
    struct unit unit = { .id = 0 };
    struct guest_withdrawn withdrawn = { .guest_id = guest_id };
    int64_t root_id = 0;
    int64_t unit_id = 0;
    struct rows rows = db_rows(cx, &find, BIND(V(guest_id)));
    if (rows_next(&rows)) {
        root_id = rows_i64(&rows);
        unit_id = rows_i64(&rows);
    }
    TRY(rows_end(&rows));
    if (unit_id == 0)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy đại biểu này");
    TRY(find_kept(cx, unit_id, PERMISSION_NOMINATION_WRITE, &unit));
    TRY(clean_reason(cx, reason, &withdrawn.reason));
    return record(cx, NOMINATION_FACT_GUEST_WITHDRAWN, unit.id, root_id, &withdrawn, NULL);
}
