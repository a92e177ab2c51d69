#include "person/person_fact.h"

#include "store/db.h"
#include "unit/unit.h"
#include "viet/viet.h"

static const struct choice sexes[] = {
    { STR_INIT("nam"), STR_INIT("Nam") },
    { STR_INIT("nu"), STR_INIT("Nữ") },
};

/* clang-format off */
static const struct field written_fields[] = {
    { "title", "Chức vụ", FIELD_TEXT, FIELD_OF(struct person_written, title), .len_max = 300 },
    { "from_day", "Giữ chức vụ từ ngày", FIELD_DAY, FIELD_OF(struct person_written, from_day) },
    { "family", "Họ", FIELD_TEXT, FIELD_OF(struct person_written, family), .len_max = 60, .is_private = true },
    { "middle", "Tên đệm", FIELD_TEXT, FIELD_OF(struct person_written, middle), .len_max = 100, .is_private = true },
    { "given", "Tên", FIELD_TEXT, FIELD_OF(struct person_written, given), .len_max = 60, .is_private = true },
    { "full_name", "Họ và tên", FIELD_TEXT, FIELD_OF(struct person_written, full_name), .is_private = true },
    { "birth_day", "Ngày sinh", FIELD_DAY, FIELD_OF(struct person_written, birth_day), .is_private = true },
    { "sex", "Giới tính", FIELD_CHOICE, FIELD_OF(struct person_written, sex), .choices = sexes,
      .choices_len = LEN(sexes), .is_private = true },
    { "phone", "Điện thoại", FIELD_TEXT, FIELD_OF(struct person_written, phone), .len_max = 20, .is_private = true },
    { "mail", "Thư điện tử", FIELD_TEXT, FIELD_OF(struct person_written, mail), .is_private = true },
};
static const struct field post_added_fields[] = {
    { "unit_id", "Đơn vị", FIELD_ID, FIELD_OF(struct person_post_added, unit_id), .required = true },
    { "title", "Chức vụ", FIELD_TEXT, FIELD_OF(struct person_post_added, title), .len_max = 300, .required = true },
    { "from_day", "Từ ngày", FIELD_DAY, FIELD_OF(struct person_post_added, from_day), .required = true },
};
static const struct field post_closed_fields[] = {
    { "post_id", "Chức vụ", FIELD_ID, FIELD_OF(struct person_post_closed, post_id), .required = true },
    { "to_day", "Thôi giữ từ ngày", FIELD_DAY, FIELD_OF(struct person_post_closed, to_day), .required = true },
};
static const struct field transferred_fields[] = {
    { "to_unit_id", "Đơn vị mới", FIELD_ID, FIELD_OF(struct person_transferred, to_unit_id), .required = true },
};
static const struct field citizen_fields[] = {
    { "seal", "Số định danh đã mã hóa", FIELD_TEXT, FIELD_OF(struct person_citizen_id_set, seal), .is_private = true },
    { "mark", "Dấu tra cứu", FIELD_TEXT, FIELD_OF(struct person_citizen_id_set, mark), .is_private = true },
    { "tail", "Ba số cuối", FIELD_TEXT, FIELD_OF(struct person_citizen_id_set, tail), .len_max = 3,
      .is_private = true },
};
static const struct field reasoned_fields[] = {
    { "reason", "Lý do", FIELD_TEXT, FIELD_OF(struct person_reasoned, reason), .len_max = 500, .required = true },
};
/* clang-format on */

static enum err path_of_unit(struct ctx *cx, int64_t unit_id, struct str *ret_path)
{
    SQL(find_unit_path, "SELECT path FROM unit WHERE id = $1");

    struct str path = STR("");
    struct rows rows = db_rows(cx, &find_unit_path, BIND(V(unit_id)));
    if (rows_next(&rows))
        path = rows_str(&rows);
    TRY(rows_end(&rows));
    if (path.len == 0)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy đơn vị quản lý hồ sơ");
    *ret_path = path;
    return OK;
}

/* The trail of a record; what made it is the record itself. */
static enum err put_trail(struct ctx *cx, const struct fact *fact, enum person_fact kind,
                          struct str more)
{
    SQL(add_person_fact,
        "INSERT INTO person_fact (person_id, seq, kind, at, account_id, words)"
        " VALUES ($1, $2, $3, $4, $5, $6)");

    struct str words = person_fact_list[kind].words;
    if (more.len > 0)
        words = str_format(&cx->arena, STR_FMT ": " STR_FMT, STR_ARG(words), STR_ARG(more));
    return db_run(cx, &add_person_fact,
                  BIND(V(fact->subject_id), V(fact->seq), V(person_fact_list[kind].name),
                       V(fact->at), V(fact->account_id), V(words)));
}

static struct db_value value_of_day(int32_t day)
{
    return (struct db_value){ .type = DB_I64, .is_null = day == DAY_NONE, .i64 = day };
}

/* With a blank in front: one pattern then finds the beginning of any word. */
static struct str fold_of(struct arena *arena, struct str text)
{
    return str_format(arena, " " STR_FMT, STR_ARG(viet_fold(arena, text)));
}

/* ---- The words a person is found by ---- */

static enum err put_words(struct ctx *cx, int64_t person_id, struct str fold)
{
    SQL(put_word, "INSERT INTO person_word (word, person_id) VALUES ($1, $2) ON CONFLICT DO NOTHING");

    while (fold.len > 0) {
        struct str word = str_cut(&fold, ' ');
        if (word.len > 0)
            TRY(db_run(cx, &put_word, BIND(V(word), V(person_id))));
    }
    return OK;
}

static enum err drop_words(struct ctx *cx, int64_t person_id)
{
    SQL(find_fold, "SELECT fold FROM person WHERE id = $1");
    SQL(drop_word, "DELETE FROM person_word WHERE word = $1 AND person_id = $2");

    struct str fold = STR("");
    struct rows rows = db_rows(cx, &find_fold, BIND(V(person_id)));
    if (rows_next(&rows))
        fold = rows_str(&rows);
    TRY(rows_end(&rows));
    while (fold.len > 0) {
        struct str word = str_cut(&fold, ' ');
        if (word.len > 0)
            TRY(db_run(cx, &drop_word, BIND(V(word), V(person_id))));
    }
    return OK;
}

/* ---- Made and changed ---- */

static enum err decide_written(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct person_written *written = body;
    (void)fact;
    if (written->full_name.len == 0 || written->given.len == 0)
        return fail_field(cx, "full_name", "Nhập họ và tên");
    if (written->birth_day != DAY_NONE && written->birth_day >= day_from_instant(cx->now))
        return fail_field(cx, "birth_day", "Ngày sinh phải trước ngày hôm nay");
    return OK;
}

static enum err decide_created(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct person_written *written = body;
    if (written->title.len > 0 && written->from_day == DAY_NONE)
        return fail_field(cx, "from_day", "Nhập ngày bắt đầu giữ chức vụ");
    return decide_written(cx, fact, body);
}

static enum err apply_created(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(put_person,
        "INSERT INTO person (id, unit_id, family, middle, given, full_name, sort_key, fold, "
        "birth_day, sex, phone, mail,"
        " citizen_tail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '')");
    SQL(put_first_post,
        "INSERT INTO post (id, person_id, unit_id, title, fold, from_day, to_day)"
        " VALUES ($1, $1, $2, $3, $4, $5, $6)");

    const struct person_written *w = body;
    TRY(db_run(cx, &put_person,
               BIND(V(fact->seq), V(fact->unit_id), V(w->family), V(w->middle), V(w->given),
                    V(w->full_name), V(viet_sort_key(&cx->arena, w->given, w->family, w->middle)),
                    V(fold_of(&cx->arena, w->full_name)), value_of_day(w->birth_day), V(w->sex),
                    V(w->phone), V(w->mail))));
    TRY(put_words(cx, fact->seq, fold_of(&cx->arena, w->full_name)));
    struct str path = STR("");
    TRY(path_of_unit(cx, fact->unit_id, &path));
    counter_add(cx, "person", 0, path, 1);
    if (w->title.len == 0)
        return OK;
    return db_run(cx, &put_first_post,
                  BIND(V(fact->seq), V(fact->unit_id), V(w->title),
                       V(fold_of(&cx->arena, w->title)), V(w->from_day), V(PERSON_DAY_OPEN)));
}

static enum err decide_alive(struct ctx *cx, const struct fact *fact)
{
    struct person person = { .id = 0 };
    TRY(person_find(cx, fact->subject_id, &person));
    if (person.erased_at != 0)
        return fail(cx, ERR_CONFLICT, "Hồ sơ này đã được xóa thông tin cá nhân");
    return OK;
}

static enum err decide_updated(struct ctx *cx, const struct fact *fact, const void *body)
{
    TRY(decide_alive(cx, fact));
    return decide_written(cx, fact, body);
}

static enum err apply_updated(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(set_person,
        "UPDATE person SET family = $2, middle = $3, given = $4, full_name = $5, sort_key = $6, "
        "fold = $7,"
        " birth_day = $8, sex = $9, phone = $10, mail = $11 WHERE id = $1");

    const struct person_written *w = body;
    TRY(drop_words(cx, fact->subject_id));
    TRY(put_words(cx, fact->subject_id, fold_of(&cx->arena, w->full_name)));
    TRY(db_run(cx, &set_person,
               BIND(V(fact->subject_id), V(w->family), V(w->middle), V(w->given), V(w->full_name),
                    V(viet_sort_key(&cx->arena, w->given, w->family, w->middle)),
                    V(fold_of(&cx->arena, w->full_name)), value_of_day(w->birth_day), V(w->sex),
                    V(w->phone), V(w->mail))));
    return put_trail(cx, fact, PERSON_FACT_UPDATED, STR(""));
}

/* ---- Where the record is kept ---- */

static enum err decide_transferred(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct person_transferred *transferred = body;
    struct unit unit = { .id = 0 };
    TRY(decide_alive(cx, fact));
    TRY(unit_find(cx, transferred->to_unit_id, &unit));
    if (unit.to_day <= day_from_instant(cx->now))
        return fail_field(cx, "to_unit_id", STR_FMT " đã kết thúc hoạt động",
                          STR_ARG(unit.full_name));
    return OK;
}

static enum err apply_transferred(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(set_person_unit, "UPDATE person SET unit_id = $2 WHERE id = $1");

    const struct person_transferred *transferred = body;
    struct person person = { .id = 0 };
    struct unit old = { .id = 0 }, new = { .id = 0 };
    TRY(person_find(cx, fact->subject_id, &person));
    TRY(unit_find(cx, person.unit_id, &old));
    TRY(unit_find(cx, transferred->to_unit_id, &new));
    TRY(db_run(cx, &set_person_unit, BIND(V(person.id), V(new.id))));
    counter_add(cx, "person", 0, old.path, -1);
    counter_add(cx, "person", 0, new.path, 1);
    return put_trail(cx, fact, PERSON_FACT_TRANSFERRED, new.full_name);
}

/* ---- Posts ---- */

static enum err decide_post_added(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(count_same_post,
        "SELECT COUNT(*) FROM post"
        " WHERE person_id = $1 AND unit_id = $2 AND title = $3 AND to_day > $4");

    const struct person_post_added *added = body;
    struct unit unit = { .id = 0 };
    TRY(decide_alive(cx, fact));
    TRY(unit_find(cx, added->unit_id, &unit));
    if (added->from_day < unit.from_day || added->from_day >= unit.to_day)
        return fail_field(cx, "from_day", STR_FMT " không hoạt động vào ngày này",
                          STR_ARG(unit.full_name));
    int64_t same = 0;
    TRY(db_i64(cx, &count_same_post,
               BIND(V(fact->subject_id), V(unit.id), V(added->title), V(added->from_day)), &same));
    if (same > 0)
        return fail_field(cx, "title", "Người này đang giữ chức vụ đó tại " STR_FMT,
                          STR_ARG(unit.full_name));
    return OK;
}

static enum err apply_post_added(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(put_post,
        "INSERT INTO post (id, person_id, unit_id, title, fold, from_day, to_day)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)");

    const struct person_post_added *added = body;
    TRY(db_run(cx, &put_post,
               BIND(V(fact->seq), V(fact->subject_id), V(added->unit_id), V(added->title),
                    V(fold_of(&cx->arena, added->title)), V(added->from_day), V(PERSON_DAY_OPEN))));
    return put_trail(cx, fact, PERSON_FACT_POST_ADDED, added->title);
}

static enum err find_post(struct ctx *cx, int64_t person_id, int64_t post_id, struct post *ret_post)
{
    SQL(find_post, "SELECT id, title, from_day, to_day FROM post WHERE id = $1 AND person_id = $2");

    struct post post = { .id = 0 };
    struct rows rows = db_rows(cx, &find_post, BIND(V(post_id), V(person_id)));
    if (rows_next(&rows)) {
        post.id = rows_i64(&rows);
        post.title = rows_str(&rows);
        post.from_day = (int32_t)rows_i64(&rows);
        post.to_day = (int32_t)rows_i64(&rows);
    }
    TRY(rows_end(&rows));
    if (post.id == 0)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy chức vụ này trong hồ sơ");
    *ret_post = post;
    return OK;
}

static enum err decide_post_closed(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct person_post_closed *closed = body;
    struct post post = { .id = 0 };
    TRY(find_post(cx, fact->subject_id, closed->post_id, &post));
    if (post.to_day != PERSON_DAY_OPEN)
        return fail(cx, ERR_CONFLICT, "Chức vụ này đã kết thúc từ ngày " STR_FMT,
                    STR_ARG(day_format(&cx->arena, post.to_day)));
    if (closed->to_day <= post.from_day)
        return fail_field(cx, "to_day", "Ngày thôi giữ chức vụ phải sau ngày " STR_FMT,
                          STR_ARG(day_format(&cx->arena, post.from_day)));
    return OK;
}

static enum err apply_post_closed(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(end_post, "UPDATE post SET to_day = $2 WHERE id = $1");

    const struct person_post_closed *closed = body;
    struct post post = { .id = 0 };
    TRY(find_post(cx, fact->subject_id, closed->post_id, &post));
    TRY(db_run(cx, &end_post, BIND(V(post.id), V(closed->to_day))));
    return put_trail(cx, fact, PERSON_FACT_POST_CLOSED, post.title);
}

/* ---- The citizen id, and the end ---- */

static enum err decide_citizen(struct ctx *cx, const struct fact *fact, const void *body)
{
    (void)body;
    return decide_alive(cx, fact);
}

static struct bytes from_hex(struct arena *arena, struct str hex)
{
    unsigned char *at = arena_alloc(arena, hex.len / 2 + 1);
    bool is_hex = hex.len > 0 && str_to_bytes_hex(hex, at, hex.len / 2);
    /* Empty once it has been erased: then the column is NULL. */
    return is_hex ? (struct bytes){ at, hex.len / 2 } : (struct bytes){ NULL, 0 };
}

static enum err apply_citizen_id_set(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(set_citizen,
        "UPDATE person SET citizen_seal = $2, citizen_mark = $3, citizen_tail = $4 WHERE id = $1");

    const struct person_citizen_id_set *set = body;
    TRY(db_run(cx, &set_citizen,
               BIND(V(fact->subject_id), V(from_hex(&cx->arena, set->seal)),
                    V(from_hex(&cx->arena, set->mark)), V(set->tail))));
    return put_trail(cx, fact, PERSON_FACT_CITIZEN_ID_SET, STR(""));
}

static enum err apply_revealed(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct person_reasoned *revealed = body;
    return put_trail(cx, fact, PERSON_FACT_CITIZEN_ID_REVEALED, revealed->reason);
}

static enum err apply_erased(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(empty_person,
        "UPDATE person SET family = '', middle = '', given = '', full_name = '', sort_key = $2, "
        "fold = '',"
        " birth_day = NULL, sex = '', phone = '', mail = '', citizen_seal = NULL, citizen_mark = "
        "NULL,"
        " citizen_tail = '', erased_at = $3 WHERE id = $1");
    SQL(forget_values,
        "DELETE FROM fact_private WHERE seq = $1"
        " OR seq IN (SELECT seq FROM person_fact WHERE person_id = $1)");

    const struct person_reasoned *erased = body;
    struct person person = { .id = 0 };
    struct str path = STR("");
    TRY(person_find(cx, fact->subject_id, &person));
    TRY(path_of_unit(cx, person.unit_id, &path));
    counter_add(cx, "person", 0, path, -1);
    TRY(drop_words(cx, fact->subject_id));
    struct bytes no_key = { (const unsigned char *)"", 0 };
    TRY(db_run(cx, &empty_person, BIND(V(fact->subject_id), V(no_key), V(fact->at))));
    TRY(fact_append_now(cx)); /* what the same batch recorded of this person is forgotten too */
    TRY(db_run(cx, &forget_values, BIND(V(fact->subject_id))));
    return put_trail(cx, fact, PERSON_FACT_ERASED, erased->reason);
}

/* Reading is nobody's to refuse here: the page has been shown by its own permission. */
static enum err decide_list_read(struct ctx *cx, const struct fact *fact, const void *body)
{
    (void)cx;
    (void)fact;
    (void)body;
    return OK;
}

static enum err apply_nothing(struct ctx *cx, const struct fact *fact, const void *body)
{
    (void)cx;
    (void)fact;
    (void)body;
    return OK;
}

static const struct choice reading_choices[] = {
#define X(name, stored, shown) { STR_INIT(stored), STR_INIT(shown) },
    PERSON_READING_LIST(X)
#undef X
};
static const struct field list_read_fields[] = {
    { "list", "Danh sách", FIELD_CHOICE, FIELD_OF(struct person_list_read, list), .choices = reading_choices,
      .choices_len = LEN(reading_choices), .required = true },
};

/* clang-format off */
const struct fact_kind person_fact_list[] = {
    [PERSON_FACT_CREATED] = { STR_INIT("person.created"), STR_INIT("Lập hồ sơ"),
        FIELD_TABLE(struct person_written, written_fields), decide_created, apply_created },
    [PERSON_FACT_UPDATED] = { STR_INIT("person.updated"), STR_INIT("Cập nhật hồ sơ"),
        FIELD_TABLE(struct person_written, written_fields), decide_updated, apply_updated },
    [PERSON_FACT_TRANSFERRED] = { STR_INIT("person.transferred"), STR_INIT("Chuyển hồ sơ"),
        FIELD_TABLE(struct person_transferred, transferred_fields), decide_transferred, apply_transferred },
    [PERSON_FACT_POST_ADDED] = { STR_INIT("person.post_added"), STR_INIT("Bổ sung chức vụ"),
        FIELD_TABLE(struct person_post_added, post_added_fields), decide_post_added, apply_post_added },
    [PERSON_FACT_POST_CLOSED] = { STR_INIT("person.post_closed"), STR_INIT("Thôi giữ chức vụ"),
        FIELD_TABLE(struct person_post_closed, post_closed_fields), decide_post_closed, apply_post_closed },
    [PERSON_FACT_CITIZEN_ID_SET] = { STR_INIT("person.citizen_id_set"), STR_INIT("Nhập số định danh cá nhân"),
        FIELD_TABLE(struct person_citizen_id_set, citizen_fields), decide_citizen, apply_citizen_id_set },
    [PERSON_FACT_CITIZEN_ID_REVEALED] = { STR_INIT("person.citizen_id_revealed"),
        STR_INIT("Xem số định danh cá nhân"),
        FIELD_TABLE(struct person_reasoned, reasoned_fields), decide_citizen, apply_revealed },
    [PERSON_FACT_ERASED] = { STR_INIT("person.erased"), STR_INIT("Xóa thông tin cá nhân"),
        FIELD_TABLE(struct person_reasoned, reasoned_fields), decide_citizen, apply_erased },
    [PERSON_FACT_LIST_READ] = { STR_INIT("person.list_read"), STR_INIT("Xem danh sách người"),
        FIELD_TABLE(struct person_list_read, list_read_fields), decide_list_read, apply_nothing },
};
/* clang-format on */
const struct fact_kinds person_facts = { person_fact_list, LEN(person_fact_list) };
