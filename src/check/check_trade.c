#include "check/check_trade.h"

#include "check/check_store.h"

/* clang-format off */
const char check_trade_schema[] =
    "CREATE TABLE box (id BIGINT PRIMARY KEY, title TEXT NOT NULL, slips_max BIGINT NOT NULL,"
    " unit_path TEXT NOT NULL, phone TEXT NOT NULL);"
    "CREATE TABLE slip (box_id BIGINT NOT NULL REFERENCES box (id), number BIGINT NOT NULL,"
    " day BIGINT NOT NULL, note TEXT NOT NULL, PRIMARY KEY (box_id, number)) /*without rowid*/;";
/* clang-format on */

static const struct field box_fields[] = {
    { "title", "Tên hộp", FIELD_TEXT, FIELD_OF(struct box_opened, title), .required = true },
    { "slips_max", "Số phiếu tối đa", FIELD_I64, FIELD_OF(struct box_opened, slips_max) },
    { "unit_path", "Đơn vị", FIELD_TEXT, FIELD_OF(struct box_opened, unit_path) },
    { "owner_phone", "Điện thoại", FIELD_TEXT, FIELD_OF(struct box_opened, owner_phone), .is_private = true },
};

static const struct field slip_fields[] = {
    { "number", "Số phiếu", FIELD_I64, FIELD_OF(struct slip_added, number) },
    { "day", "Ngày", FIELD_DAY, FIELD_OF(struct slip_added, day) },
    { "is_late", "Muộn", FIELD_BOOL, FIELD_OF(struct slip_added, is_late) },
    { "note", "Ghi chú", FIELD_LINES, FIELD_OF(struct slip_added, note), .len_max = 2000 },
    { "file", "Tệp kèm theo", FIELD_TEXT, FIELD_OF(struct slip_added, file), .len_max = 64, .is_file = true },
};

static enum err apply_box(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(add_box, "INSERT INTO box (id, title, slips_max, unit_path, phone) VALUES ($1, $2, $3, $4, $5)");

    const struct box_opened *box = body;
    return db_run(cx, &add_box,
                  BIND(V(fact->seq), V(box->title), V(box->slips_max), V(box->unit_path), V(box->owner_phone)));
}

struct box_row {
    int64_t slips_max;
    struct str unit_path;
};

static enum err find_box(struct ctx *cx, int64_t id, struct box_row *ret_box)
{
    SQL(find_box, "SELECT slips_max, unit_path FROM box WHERE id = $1 /*row of box $1*/");

    struct rows rows = db_rows(cx, &find_box, BIND(V(id)));
    bool found = rows_next(&rows);
    if (found)
        *ret_box = (struct box_row){ rows_i64(&rows), rows_str(&rows) };
    TRY(rows_end(&rows));
    return found ? OK : fail(cx, ERR_NOT_FOUND, "Không có hộp này");
}

static enum err decide_slip(struct ctx *cx, const struct fact *fact, const void *body)
{
    (void)body;
    struct box_row box = { 0 };
    TRY(find_box(cx, fact->subject_id, &box));
    if (box.slips_max > 0 && count_slips(cx, fact->subject_id) >= box.slips_max)
        return fail(cx, ERR_CONFLICT, "Hộp đã đủ số phiếu");
    return OK;
}

static enum err apply_slip(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(add_slip, "INSERT INTO slip (box_id, number, day, note) VALUES ($1, $2, $3, $4)");

    const struct slip_added *slip = body;
    struct box_row box = { 0 };
    TRY(find_box(cx, fact->subject_id, &box));
    counter_add(cx, "slip", fact->subject_id, box.unit_path, 1);
    if (slip->is_late)
        counter_add(cx, "slip.late", fact->subject_id, box.unit_path, 1);
    enum err err = db_run(cx, &add_slip,
                          BIND(V(fact->subject_id), V(slip->number), V((int64_t)slip->day), V(slip->note)));
    if (err == ERR_CONFLICT)
        return fail(cx, ERR_CONFLICT, "Phiếu này đã có trong hộp");
    return err;
}

const struct fact_kind box_opened_kind = { STR_INIT("box.opened"), STR_INIT("Mở hộp"),
                                           FIELD_TABLE(struct box_opened, box_fields), NULL, apply_box };
const struct fact_kind slip_added_kind = { STR_INIT("slip.added"), STR_INIT("Bỏ phiếu"),
                                           FIELD_TABLE(struct slip_added, slip_fields), decide_slip, apply_slip };

void check_trade_register(void)
{
    static struct fact_kind kinds[2];
    static struct fact_kinds rooms[] = { { kinds, LEN(kinds) } };
    kinds[0] = box_opened_kind;
    kinds[1] = slip_added_kind;
    fact_register(rooms, LEN(rooms));
}

int check_trade_open(void **state)
{
    check_trade_register();
    return check_store_open_with(state, str_from(check_trade_schema));
}

enum err box_open(struct ctx *cx, int64_t unit_id, const struct box_opened *box, int64_t *ret_id)
{
    return fact_record(cx, &box_opened_kind, unit_id, 0, box, ret_id);
}

enum err slip_add(struct ctx *cx, int64_t unit_id, int64_t box_id, const struct slip_added *slip, int64_t *ret_id)
{
    return fact_record(cx, &slip_added_kind, unit_id, box_id, slip, ret_id);
}

static int64_t read_one(struct ctx *cx, struct sql *sql, struct db_bind bind)
{
    int64_t value = 0;
    return db_i64(cx, sql, bind, &value) == OK ? value : 0;
}

int64_t count_boxes(struct ctx *cx)
{
    SQL(count_boxes, "SELECT count(*) FROM box /*scan*/");
    return read_one(cx, &count_boxes, NO_BIND);
}

int64_t count_slips(struct ctx *cx, int64_t box_id)
{
    SQL(count_slips, "SELECT count(*) FROM slip WHERE box_id = $1");
    return read_one(cx, &count_slips, BIND(V(box_id)));
}

int64_t counted_slips(struct ctx *cx, int64_t box_id, int64_t unit_id)
{
    SQL(find_counter, "SELECT value FROM counter WHERE kind = 'slip' AND subject_id = $1 AND unit_id = $2");
    return read_one(cx, &find_counter, BIND(V(box_id), V(unit_id)));
}
