#include "person/person_fact.h"
#include "person/person_seal.h"
#include "store/db.h"
#include "unit/unit.h"
#include "viet/viet.h"

/* A unit that the actor reaches and that stands today. */
static enum err find_own_unit(struct ctx *cx, int64_t unit_id, const char *field,
                              struct unit *ret_unit)
{
    struct unit unit = { .id = 0 };
    enum err err = unit_get(cx, unit_id, &unit);
    if (err == ERR_NOT_FOUND)
        return fail_field(cx, field, "Chọn đơn vị trong phạm vi quản lý");
    TRY(err);
    if (unit.to_day <= day_from_instant(cx->now))
        return fail_field(cx, field, STR_FMT " đã kết thúc hoạt động", STR_ARG(unit.full_name));
    *ret_unit = unit;
    return OK;
}

static enum err record(struct ctx *cx, enum person_fact kind, const struct person *person,
                       const void *body)
{
    return fact_record(cx, &person_fact_list[kind], person->unit_id, person->id, body, NULL);
}

/* ---- Values as people type them ---- */

/* "0900.000.123", "+84 900 000 123" and what Excel leaves of it, "900000123", are one number. */
static enum err clean_phone(struct ctx *cx, struct str typed, struct str *ret_phone)
{
    struct buf digits;
    buf_init(&digits, &cx->arena);
    for (size_t i = 0; i < typed.len; i++) {
        char c = typed.at[i];
        if (c >= '0' && c <= '9')
            buf_put_char(&digits, c);
        else if (c != ' ' && c != '.' && c != '-' && c != '(' && c != ')' &&
                 !(c == '+' && digits.len == 0))
            return fail_field(cx, "phone", "Số điện thoại chỉ gồm chữ số");
    }
    struct str phone = buf_str(&digits);
    if (str_starts(phone, STR("84")) && phone.len == 11)
        phone = str_format(&cx->arena, "0" STR_FMT, STR_ARG(str_sub(phone, 2, SIZE_MAX)));
    if (phone.len == 9 && phone.at[0] != '0')
        phone = str_format(&cx->arena, "0" STR_FMT, STR_ARG(phone));
    if (phone.len != 0 && (phone.len < 10 || phone.len > 11 || phone.at[0] != '0'))
        return fail_field(cx, "phone", "Số điện thoại gồm 10 hoặc 11 chữ số, bắt đầu bằng 0");
    *ret_phone = phone;
    return OK;
}

static enum err check_mail(struct ctx *cx, struct str mail)
{
    struct str rest = mail;
    struct str name = str_cut(&rest, '@');
    bool is_mail = name.len > 0 && str_find(rest, STR(".")) < rest.len &&
                   str_find(mail, STR(" ")) == mail.len && str_find(rest, STR("@")) == rest.len;
    if (mail.len > 0 && !is_mail)
        return fail_field(cx, "mail", "Địa chỉ thư điện tử chưa đúng, ví dụ: ten@donvi.gov.vn");
    return OK;
}

/* The name's parts: as they usually stand, or with the given name that the person named. */
static void split_name(struct arena *arena, const struct person_values *values,
                       struct person_written *written)
{
    struct viet_name name = viet_name_split(arena, viet_clean(arena, values->full_name));
    struct str full_name = viet_name_join(arena, &name);
    struct str given = viet_clean(arena, values->given);
    size_t at = str_find(full_name, given);
    if (given.len > 0 && at < full_name.len) {
        /* What stands before it is family and middle name, what stands behind it the clan. */
        struct str before = str_trim(str_sub(full_name, 0, at));
        struct str behind = str_trim(str_sub(full_name, at + given.len, SIZE_MAX));
        struct str rest = before;
        name.family = behind.len > 0 ? behind : str_cut(&rest, ' ');
        name.middle = rest;
        name.given = given;
    }
    written->family = name.family;
    written->middle = name.middle;
    written->given = name.given;
    written->full_name = full_name;
}

static enum err written_of(struct ctx *cx, const struct person_values *values,
                           struct person_written *ret_written)
{
    struct person_written written = { .title = STR(""),
                                      .from_day = DAY_NONE,
                                      .birth_day = values->birth_day,
                                      .sex = values->sex,
                                      .mail = viet_clean(&cx->arena, values->mail) };
    split_name(&cx->arena, values, &written);
    if (written.full_name.len == 0)
        return fail_field(cx, "full_name", "Nhập họ và tên");
    TRY(clean_phone(cx, values->phone, &written.phone));
    TRY(check_mail(cx, written.mail));
    *ret_written = written;
    return OK;
}

/* ---- Changes ---- */

enum err person_create(struct ctx *cx, int64_t unit_id, const struct person_values *values,
                       struct str title, int32_t from_day, int64_t *ret_id)
{
    struct unit unit = { .id = 0 };
    struct person_written written = { .from_day = DAY_NONE };
    TRY(find_own_unit(cx, unit_id, "unit_id", &unit));
    TRY(written_of(cx, values, &written));
    written.title = viet_clean(&cx->arena, title);
    written.from_day = written.title.len > 0 ? from_day : DAY_NONE;
    return fact_record(cx, &person_fact_list[PERSON_FACT_CREATED], unit.id, 0, &written, ret_id);
}

enum err person_update(struct ctx *cx, int64_t id, const struct person_values *values)
{
    struct person person = { .id = 0 };
    struct person_written written = { .from_day = DAY_NONE };
    TRY(person_get(cx, id, &person));
    TRY(written_of(cx, values, &written));
    return record(cx, PERSON_FACT_UPDATED, &person, &written);
}

enum err person_transfer(struct ctx *cx, int64_t id, int64_t to_unit_id)
{
    struct person person = { .id = 0 };
    struct unit unit = { .id = 0 };
    TRY(person_get(cx, id, &person));
    TRY(find_own_unit(cx, to_unit_id, "to_unit_id", &unit));
    if (unit.id == person.unit_id)
        return fail_field(cx, "to_unit_id", "Hồ sơ đang do đơn vị này quản lý");
    struct person_transferred transferred = { .to_unit_id = unit.id };
    return record(cx, PERSON_FACT_TRANSFERRED, &person, &transferred);
}

enum err person_add_post(struct ctx *cx, int64_t id, int64_t unit_id, struct str title,
                         int32_t from_day)
{
    struct person person = { .id = 0 };
    struct unit unit = { .id = 0 };
    TRY(person_get(cx, id, &person));
    TRY(find_own_unit(cx, unit_id, "unit_id", &unit));
    struct person_post_added added = { .unit_id = unit.id,
                                       .title = viet_clean(&cx->arena, title),
                                       .from_day = from_day };
    return record(cx, PERSON_FACT_POST_ADDED, &person, &added);
}

enum err person_close_post(struct ctx *cx, int64_t id, int64_t post_id, int32_t to_day)
{
    struct person person = { .id = 0 };
    TRY(person_get(cx, id, &person));
    struct person_post_closed closed = { .post_id = post_id, .to_day = to_day };
    return record(cx, PERSON_FACT_POST_CLOSED, &person, &closed);
}

/* Twice the same number among those the actor reaches is one person entered twice; beyond them
 * nothing is told. */
static enum err refuse_known_citizen_id(struct ctx *cx, const struct person *person,
                                        struct bytes mark)
{
    SQL(find_same_citizen_id,
        "SELECT p.full_name, u.full_name FROM person p JOIN unit u ON u.id = p.unit_id"
        " WHERE p.citizen_mark = $1 AND p.id <> $2 AND u.path >= $3 AND u.path < $4");

    const struct scope *scope = &cx->actor->scope;
    struct str name = STR(""), unit_name = STR("");
    struct rows rows = db_rows(cx, &find_same_citizen_id,
                               BIND(V(mark), V(person->id), V(scope->path_lo), V(scope->path_hi)));
    if (rows_next(&rows)) {
        name = rows_str(&rows);
        unit_name = rows_str(&rows);
    }
    TRY(rows_end(&rows));
    if (name.len > 0)
        return fail(cx, ERR_CONFLICT, "Số định danh này đã có trong hồ sơ " STR_FMT ", " STR_FMT,
                    STR_ARG(name), STR_ARG(unit_name));
    return OK;
}

enum err person_set_citizen_id(struct ctx *cx, int64_t id, struct str typed)
{
    struct person person = { .id = 0 };
    struct str digits = STR("");
    TRY(person_get(cx, id, &person));
    if (!person_citizen_digits(&cx->arena, typed, &digits))
        return fail_field(cx, "citizen_id",
                          "Số định danh cá nhân gồm đúng 12 chữ số, giữ cả số 0 ở đầu");
    struct bytes mark = person_citizen_mark(cx, digits);
    TRY(refuse_known_citizen_id(cx, &person, mark));
    struct bytes seal = person_citizen_seal(cx, id, digits);
    struct person_citizen_id_set set = { .seal = str_from_bytes_hex(&cx->arena, seal.at, seal.len),
                                         .mark = str_from_bytes_hex(&cx->arena, mark.at, mark.len),
                                         .tail = str_sub(digits, digits.len - 3, 3) };
    return record(cx, PERSON_FACT_CITIZEN_ID_SET, &person, &set);
}

enum err person_reveal_citizen_id(struct ctx *cx, int64_t id, struct str reason,
                                  struct str *ret_digits)
{
    SQL(find_seal, "SELECT citizen_seal FROM person WHERE id = $1");

    struct person person = { .id = 0 };
    TRY(person_get(cx, id, &person));
    if (!actor_may(cx->actor, PERMISSION_PERSON_REVEAL))
        return fail(cx, ERR_FORBIDDEN, "Đồng chí chưa được giao quyền xem số định danh cá nhân");
    struct person_reasoned revealed = { .reason = viet_clean(&cx->arena, reason) };
    if (revealed.reason.len == 0)
        return fail_field(cx, "reason", "Ghi rõ lý do cần xem số định danh cá nhân");
    struct bytes seal = { NULL, 0 };
    struct rows rows = db_rows(cx, &find_seal, BIND(V(id)));
    if (rows_next(&rows))
        seal = rows_bytes(&rows);
    TRY(rows_end(&rows));
    if (seal.len == 0)
        return fail(cx, ERR_NOT_FOUND, "Hồ sơ chưa có số định danh cá nhân");
    TRY(record(cx, PERSON_FACT_CITIZEN_ID_REVEALED, &person, &revealed));
    return person_citizen_open(cx, id, seal, ret_digits);
}

/* Circular 07/2016/TT-BCA: place of registration, century and sex, two figures of the year of
 * birth, six at random. */
struct str person_citizen_doubt(struct arena *arena, struct str typed, int32_t birth_day,
                                struct str sex)
{
    struct str digits = STR("");
    if (!person_citizen_digits(arena, typed, &digits))
        return STR("");
    int century = digits.at[3] - '0';
    bool says_woman = century % 2 == 1;
    int year = 1900 + 100 * (century / 2) + 10 * (digits.at[4] - '0') + (digits.at[5] - '0');
    if (sex.len > 0 && says_woman != str_eq(sex, STR("nu")))
        return STR("Số định danh cho thấy giới tính khác với hồ sơ");
    if (birth_day != DAY_NONE && day_to_civil(birth_day).year != year)
        return str_format(arena, "Số định danh cho thấy năm sinh %d, khác với hồ sơ", year);
    return STR("");
}

enum err person_erase(struct ctx *cx, int64_t id, struct str reason)
{
    struct person person = { .id = 0 };
    TRY(person_get(cx, id, &person));
    struct person_reasoned erased = { .reason = viet_clean(&cx->arena, reason) };
    if (erased.reason.len == 0)
        return fail_field(cx, "reason", "Ghi rõ lý do xóa thông tin cá nhân");
    return record(cx, PERSON_FACT_ERASED, &person, &erased);
}
