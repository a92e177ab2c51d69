#include "point/point_pages.h"

#include "obligation/obligation.h"
#include "plan/plan.h"
#include "viet/viet.h"

#include <string.h>

/* ---- What a paper says of points ---- */

/* "Hội trường Tỉnh ủy (số 146 Lê Trung Đình, ...)": the room, and in brackets where it is. */
static void split_place(struct str place, struct str *ret_room, struct str *ret_address)
{
    size_t at = str_find(place, STR(" ("));
    *ret_room = place;
    *ret_address = STR("");
    if (at == place.len || !str_ends(place, STR(")")))
        return;
    *ret_room = str_sub(place, 0, at);
    *ret_address = str_sub(place, at + 2, place.len - at - 3);
}

static bool has(struct str folded, const char *words)
{
    return str_find(folded, str_from(words)) < folded.len;
}

/* "điểm cầu các tỉnh ủy", "phòng họp của các Đảng ủy (do địa phương quyết định)" name a sort of places and not one. */
static bool is_one_place(struct arena *arena, struct str place)
{
    struct str folded = viet_fold(arena, place);
    return folded.len > 0 && !str_starts(folded, STR("diem cau")) && !has(folded, " cac ") && !str_eq(place, STR("*"));
}

/* 09-KH/TU IV.3: "có thể mở rộng các điểm cầu". GM-QN 2.2 widens attendance only and must not be taken for it. */
static bool lets_add(struct str folded)
{
    return has(folded, "mo rong diem cau") || has(folded, "mo rong cac diem cau") || has(folded, "mo rong them diem cau") ||
           has(folded, "mo them diem cau") || has(folded, "bo sung diem cau") || has(folded, "them cac diem cau");
}

static enum err find_permission(struct ctx *cx, int64_t document_id, bool *ret_may, struct str *ret_place)
{
    SQL(list, "SELECT place, text FROM document_paragraph WHERE document_id = $1 ORDER BY ordinal");
    struct rows rows = db_rows(cx, &list, BIND(V(document_id)));
    *ret_may = false;
    *ret_place = STR("");
    while (!*ret_may && rows_next(&rows)) {
        struct str place = rows_str(&rows);
        *ret_may = lets_add(viet_fold(&cx->arena, rows_str(&rows)));
        if (*ret_may)
            *ret_place = place;
    }
    return rows_end(&rows);
}

/* ---- Opening ---- */

/* One paper that speaks of points: whose class, and the place its issuer works for. */
struct opening {
    const struct fact *fact;
    const struct course_whole *whole;
    int64_t root_id;
    struct unit place;
    struct scope area;
};

static void count_opened(struct ctx *cx, const struct opening *opening, struct str path, enum point_level level)
{
    counter_add(cx, "point_total", opening->root_id, path, 1);
    if (level != POINT_HUB)
        counter_add(cx, "report_total", opening->root_id, path, 1);
}

/* One room for each area of the level that has none yet: two statements however many there are. */
static enum err open_level(struct ctx *cx, const struct opening *opening, enum point_level level, const struct course_point *said)
{
    SQL(list, "SELECT u.path FROM unit u WHERE u.path >= $1 AND u.path < $2 AND u.kind <> 'body' AND u.level = $3 AND u.to_day = $4"
              " AND NOT EXISTS (SELECT 1 FROM point p WHERE p.id = $5 + u.id)");
    SQL(insert, "INSERT INTO point (id, root_id, area_id, path, level, is_main, seq, name, fold, room, address, seats, kit,"
                " chair_name, chair_title, technician_name, technician_phone, is_described, is_closed, closed_at, closed_reason,"
                " test_state, tested_at, test_opens_at, incident_open) SELECT $5 + u.id, $6, u.id, u.path, $7, 1, $8,"
                " 'Điểm cầu ' || u.full_name, '', '', '', 0, '', '', $9, '', '', 0, 0, 0, '', 0, 0, 0, 0 FROM unit u"
                " WHERE u.path >= $1 AND u.path < $2 AND u.kind <> 'body' AND u.level = $3 AND u.to_day = $4"
                " AND NOT EXISTS (SELECT 1 FROM point p WHERE p.id = $5 + u.id)");
    struct str unit_level = level == POINT_PROVINCE ? STR("province") : STR("commune");
    int64_t first = course_main_point(opening->root_id, 0);
    struct rows rows = db_rows(cx, &list, BIND(V(opening->area.path_lo), V(opening->area.path_hi), V(unit_level),
                                               V((int64_t)UNIT_DAY_OPEN), V(first)));
    while (rows_next(&rows))
        count_opened(cx, opening, rows_str(&rows), level);
    TRY(rows_end(&rows));
    return db_run(cx, &insert, BIND(V(opening->area.path_lo), V(opening->area.path_hi), V(unit_level), V((int64_t)UNIT_DAY_OPEN),
                                    V(first), V(opening->root_id), V((int64_t)level), V(opening->fact->seq),
                                    V(said->chair.len > 0 ? said->chair : STR(""))));
}

/* The centre of the class, at the place its issuer works for: the Academy's for the nation, a province's for its own. */
static enum err open_hub(struct ctx *cx, const struct opening *opening, const struct course_point *said)
{
    SQL(insert, "INSERT INTO point (id, root_id, area_id, path, level, is_main, seq, name, fold, room, address, seats, kit,"
                " chair_name, chair_title, technician_name, technician_phone, is_described, is_closed, closed_at, closed_reason,"
                " test_state, tested_at, test_opens_at, incident_open) VALUES ($1, $2, $3, $4, 0, 1, $5, $6, $7, '', '', 0, '', '',"
                " $8, '', '', 0, 0, 0, '', 0, 0, 0, 0) ON CONFLICT (id) DO NOTHING");
    struct str folded = viet_fold(&cx->arena, said->place);
    struct str name = str_starts(folded, STR("diem cau ")) ? viet_upper_first(&cx->arena, said->place) : STR("Điểm cầu trung tâm");
    int64_t inserted = 0;
    TRY(db_run_count(cx, &insert,
                     BIND(V(course_main_point(opening->root_id, opening->place.id)), V(opening->root_id), V(opening->place.id),
                          V(opening->place.path), V(opening->fact->seq), V(name),
                          V(str_format(&cx->arena, " " STR_FMT, STR_ARG(viet_fold(&cx->arena, name)))),
                          V(said->chair.len > 0 ? said->chair : STR(""))), &inserted));
    if (inserted > 0)
        count_opened(cx, opening, opening->place.path, POINT_HUB);
    return OK;
}

/* What the paper says of its own area's point, unless somebody of the place has said it already. */
static enum err fill_own(struct ctx *cx, const struct opening *opening, const struct course_point *said)
{
    SQL(set, "UPDATE point SET room = $2, address = $3, is_described = 1 WHERE id = $1 AND is_described = 0");
    struct str room = STR("");
    struct str address = STR("");
    int64_t set_rows = 0;
    if (!is_one_place(&cx->arena, said->place))
        return OK;
    split_place(said->place, &room, &address);
    TRY(db_run_count(cx, &set, BIND(V(course_main_point(opening->root_id, opening->place.id)), V(room), V(address)), &set_rows));
    if (set_rows > 0)
        counter_add(cx, "point_described", opening->root_id, opening->place.path, 1);
    return OK;
}

/* Who presides, in the words of the paper, where nobody of the place has said more. */
static enum err set_chairs(struct ctx *cx, const struct opening *opening, enum point_level level, struct str chair)
{
    SQL(set, "UPDATE point SET chair_title = $5 WHERE root_id = $1 AND path >= $2 AND path < $3 AND level = $4"
             " AND chair_name = '' AND chair_title <> $5");
    if (chair.len == 0)
        return OK;
    return db_run(cx, &set, BIND(V(opening->root_id), V(opening->area.path_lo), V(opening->area.path_hi), V((int64_t)level),
                                 V(chair)));
}

static enum err take_point(struct ctx *cx, const struct opening *opening, const struct course_point *said)
{
    static const struct {
        const char *words;
        enum point_level level;
        const char *unit_level; /* of the place whose own point such an entry is */
    } levels[] = { { "central", POINT_HUB, "" }, { "province", POINT_PROVINCE, "province" }, { "commune", POINT_COMMUNE, "commune" } };
    size_t i = 0;
    while (i < LEN(levels) && !str_eq(said->level, str_from(levels[i].words)))
        i++;
    if (i == LEN(levels))
        return OK; /* a venue of a class in person */
    enum point_level level = levels[i].level;
    if (level == POINT_HUB && opening->root_id != opening->whole->course.id)
        return OK; /* the upper paper's hub is the hub */
    if (level == POINT_HUB)
        TRY(open_hub(cx, opening, said));
    else
        TRY(open_level(cx, opening, level, said));
    TRY(set_chairs(cx, opening, level, said->chair));
    bool is_own = level == POINT_HUB || str_eq(opening->place.level, str_from(levels[i].unit_level));
    return is_own ? fill_own(cx, opening, said) : OK;
}

/* The paper's earliest test counts: the campaign stays open until the class. */
static int64_t first_test(const struct course_whole *whole)
{
    int64_t first = 0;
    for (size_t i = 0; i < whole->tests_len; i++) {
        if (whole->tests[i] > 0 && (first == 0 || whole->tests[i] < first))
            first = whole->tests[i];
    }
    return first;
}

static enum err keep_paper(struct ctx *cx, const struct opening *opening)
{
    SQL(put, "INSERT INTO point_paper (course_id, root_id, area_id, test_at, may_add, may_add_place, is_in_force)"
             " VALUES ($1, $2, $3, $4, $5, $6, 1) ON CONFLICT (course_id) DO UPDATE SET root_id = excluded.root_id,"
             " test_at = excluded.test_at, may_add = excluded.may_add, may_add_place = excluded.may_add_place");
    struct str place = STR("");
    bool may = false;
    TRY(find_permission(cx, opening->whole->course.id, &may, &place));
    return db_run(cx, &put, BIND(V(opening->whole->course.id), V(opening->root_id), V(opening->place.id),
                                 V(first_test(opening->whole)), V((int64_t)may), V(place)));
}

static enum err take_course(struct ctx *cx, const struct fact *fact, int64_t course_id)
{
    struct course_whole whole = { .tests_len = 0 };
    struct opening opening = { .fact = fact, .whole = &whole };
    struct unit issuer = { .id = 0 };
    bool has_points = false;
    TRY(course_find_whole(cx, course_id, &whole));
    TRY(course_find_root(cx, course_id, &opening.root_id));
    TRY(unit_find(cx, whole.course.issuer_unit_id, &issuer));
    TRY(unit_find(cx, issuer.place_id, &opening.place));
    opening.area = unit_scope(&cx->arena, opening.place.path);
    for (size_t i = 0; i < whole.points_len; i++)
        TRY(take_point(cx, &opening, &whole.points[i]));
    TRY(point_class_has_points(cx, opening.root_id, &has_points));
    if (!has_points)
        return OK; /* a class in person */
    TRY(keep_paper(cx, &opening));
    return point_settle_hours(cx, fact, opening.root_id, opening.place.path);
}

static enum err is_course(struct ctx *cx, int64_t document_id, bool *ret_is)
{
    SQL(count, "SELECT COUNT(*) FROM course WHERE id = $1");
    int64_t found = 0;
    TRY(db_i64(cx, &count, BIND(V(document_id)), &found));
    *ret_is = found > 0;
    return OK;
}

/* Papers that were entered before the one they carry out speak for its points from now on. */
static enum err take_lower(struct ctx *cx, const struct fact *fact, int64_t root_id)
{
    enum { LOWER_MAX = 200 };
    SQL(list, "SELECT p.course_id FROM document_relation r JOIN point_paper p ON p.course_id = r.document_id"
              " WHERE r.to_document_id = $1 AND r.relation = 'carries_out' AND p.root_id <> $1 ORDER BY p.course_id LIMIT $2");
    int64_t ids[LOWER_MAX];
    size_t len = 0;
    struct rows rows = db_rows(cx, &list, BIND(V(root_id), V((int64_t)LOWER_MAX)));
    while (len < LOWER_MAX && rows_next(&rows))
        ids[len++] = rows_i64(&rows);
    TRY(rows_end(&rows));
    for (size_t i = 0; i < len; i++) {
        int64_t root_now = 0;
        TRY(course_find_root(cx, ids[i], &root_now));
        if (root_now == root_id)
            TRY(take_course(cx, fact, ids[i]));
    }
    return OK;
}

/* ---- Listening ---- */

static enum err on_issued(struct ctx *cx, const struct fact *fact, const struct document *document)
{
    bool is = false;
    TRY(is_course(cx, document->id, &is));
    if (!is)
        return OK;
    TRY(take_course(cx, fact, document->id));
    return take_lower(cx, fact, document->id);
}

static enum err on_amended(struct ctx *cx, const struct fact *fact, const struct document *document, int64_t by_document_id)
{
    bool is = false;
    (void)by_document_id;
    TRY(is_course(cx, document->id, &is));
    return is ? take_course(cx, fact, document->id) : OK;
}

/* A paper out of force no longer sets an hour or lets anybody add; what happened at the points stays. */
static enum err withdraw(struct ctx *cx, const struct fact *fact, int64_t course_id)
{
    SQL(mark, "UPDATE point_paper SET is_in_force = 0 WHERE course_id = $1");
    SQL(find, "SELECT p.root_id, u.path FROM point_paper p JOIN unit u ON u.id = p.area_id WHERE p.course_id = $1");
    int64_t root_id = 0;
    struct str path = STR("");
    struct rows rows = db_rows(cx, &find, BIND(V(course_id)));
    if (rows_next(&rows)) {
        root_id = rows_i64(&rows);
        path = rows_str(&rows);
    }
    TRY(rows_end(&rows));
    if (root_id == 0)
        return OK;
    TRY(db_run(cx, &mark, BIND(V(course_id))));
    return point_settle_hours(cx, fact, root_id, path);
}

static enum err on_recalled(struct ctx *cx, const struct fact *fact, const struct document *document)
{
    return withdraw(cx, fact, document->id);
}

static enum err on_replaced(struct ctx *cx, const struct fact *fact, const struct document *document, int64_t by_document_id)
{
    (void)by_document_id;
    return withdraw(cx, fact, document->id);
}

/* Before a paper is issued: how many rooms it opens. The class is not there yet, so the plan itself is read. */
static enum err foresee(struct ctx *cx, const struct document *document, struct document_foresight *foresight)
{
    SQL(count, "SELECT COUNT(*) FROM unit u WHERE u.path >= $1 AND u.path < $2 AND u.kind <> 'body' AND u.to_day = $3 AND u.level = $4");
    struct plan plan = { .points_len = 0 };
    struct unit issuer = { .id = 0 };
    struct unit place = { .id = 0 };
    int64_t rooms = 0;
    if (document->content.len == 0)
        return OK;
    TRY(plan_parse(cx, document->content, &plan));
    TRY(unit_find(cx, document->issuer_unit_id, &issuer));
    TRY(unit_find(cx, issuer.place_id, &place));
    struct scope area = unit_scope(&cx->arena, place.path);
    for (size_t i = 0; i < plan.points_len; i++) {
        int64_t found = 0;
        if (plan.points[i].level == PLAN_CENTRAL)
            found = 1;
        else if (plan.points[i].level == PLAN_PROVINCE || plan.points[i].level == PLAN_COMMUNE)
            TRY(db_i64(cx, &count, BIND(V(area.path_lo), V(area.path_hi), V((int64_t)UNIT_DAY_OPEN),
                                        V(plan.points[i].level == PLAN_PROVINCE ? STR("province") : STR("commune"))), &found));
        rooms += found;
    }
    if (rooms > 0)
        document_foresight_add(cx, foresight, false, STR_FMT " điểm cầu thuộc văn bản này; nơi đã có điểm cầu theo văn bản cấp trên thì giữ nguyên",
                               STR_ARG(viet_number(&cx->arena, rooms)));
    return OK;
}

const struct document_listener point_listener = {
    .issued = on_issued,
    .amended = on_amended,
    .replaced = on_replaced,
    .recalled = on_recalled,
    .foresee = foresee,
};

/* ---- Set up ---- */

/* "báo cáo số lượng điểm cầu, đại biểu" (09-KH/TU IV.3). That somebody gathers what others report is another duty. */
static bool asks_for_report(struct str folded)
{
    bool is_of_points = has(folded, "so luong diem cau") || has(folded, "so diem cau") || has(folded, "so luong cac diem cau");
    return is_of_points && has(folded, "bao cao") && !has(folded, "theo doi, tong hop");
}

/* "kiểm tra đường truyền" (GM-QN IV.2), "kết nối và kiểm tra hệ thống kỹ thuật" (09-KH/TU IV.3), "chạy thử". */
static bool asks_for_test(struct str folded)
{
    return has(folded, "kiem tra duong truyen") || has(folded, "kiem tra, ket noi he thong") || has(folded, "kiem tra he thong") ||
           has(folded, "kiem tra ket noi") || has(folded, "chay thu");
}

/* The area's own point in the class of that paper: the page where it is reported and tested. */
static struct url class_page(struct arena *arena, int64_t document_id, int64_t unit_id)
{
    return url_format(arena, "/lop/%lld/diem-cau?co-quan=%lld", (long long)document_id, (long long)unit_id);
}
static struct url test_page(struct arena *arena, int64_t document_id, int64_t unit_id)
{
    return url_format(arena, "/lop/%lld/diem-cau?co-quan=%lld&viec=kiem-tra", (long long)document_id, (long long)unit_id);
}

static enum err follow_move(struct ctx *cx, struct str old_path, struct str new_path)
{
    SQL(move, "UPDATE point SET path = $1 || SUBSTR(path, CAST($2 AS INTEGER)) WHERE id IN (SELECT p.id FROM unit u"
              " JOIN point p ON p.area_id = u.id WHERE u.path >= $5 AND u.path < $6) AND path >= $3 AND path < $4");
    struct scope old = unit_scope(&cx->arena, old_path);
    struct scope new = unit_scope(&cx->arena, new_path);
    return db_run(cx, &move, BIND(V(new_path), V((int64_t)old_path.len + 1), V(old.path_lo), V(old.path_hi), V(new.path_lo),
                                  V(new.path_hi)));
}

void point_start(void)
{
    static const struct obligation_closer closers[] = {
        { STR_INIT("points_reported"), STR_INIT("Báo cáo ngay"), class_page, asks_for_report },
        { STR_INIT("line_tested"), STR_INIT("Mở kiểm tra"), test_page, asks_for_test },
    };
    for (size_t i = 0; i < LEN(closers); i++)
        obligation_register_closer(&closers[i]);
    document_listen(&point_listener);
    course_register_block(point_show_block);
    unit_listen_moved(follow_move);
}
