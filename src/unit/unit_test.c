#include "check/check_store.h"

#include "unit/unit.h"
#include "unit/unit_base.h"
#include "unit/unit_import.h"
#include "viet/viet.h"

#include <stdio.h>
#include <stdlib.h>

static const struct fact_kinds *kinds_under_test(size_t *ret_len)
{
    static struct fact_kinds rooms[1];
    rooms[0] = unit_facts;
    *ret_len = LEN(rooms);
    return rooms;
}

/* The two provinces most tests need: Quảng Ngãi, and Đồng Nai with its changes of 30/4/2026. */
static int open_two_provinces(void **state)
{
    if (check_store_open(state) != 0)
        return 1;
    struct check_store *check = *state;
    static const struct str codes[] = { STR_INIT("51"), STR_INIT("75") };
    check->cx.now = day_time(day_from_civil(2026, 5, 21), 9, 0);
    enum err err = unit_load_provinces(&check->cx, check->store, codes, LEN(codes));
    if (err != OK)
        print_error("%s: %s\n", check->cx.fault.words, check->cx.fault.detail);
    return err != OK;
}

static struct unit by_code(struct check_store *check, const char *code)
{
    struct unit unit = { .id = 0 };
    assert_ok(&check->cx, unit_find_code(&check->cx, str_from(code), &unit));
    return unit;
}

static struct unit body_of(struct check_store *check, const char *code, const char *sort)
{
    struct unit unit = { .id = 0 };
    assert_ok(&check->cx,
              unit_find_body(&check->cx, by_code(check, code).id, str_from(sort), &unit));
    return unit;
}

/* Writers run on the writer: what a test wants changed, and when. */
struct change {
    enum err (*run)(struct ctx *cx, const struct change *change);
    int64_t id, other_id;
    struct str text;
    enum unit_kind kind;
    int32_t day;
    int64_t made_id;
};

static enum err run_change(struct ctx *cx, void *what)
{
    struct change *change = what;
    return change->run(cx, change);
}

static enum err change(struct check_store *check, struct change *change)
{
    return check_write(check, run_change, change);
}

static enum err do_rename(struct ctx *cx, const struct change *c)
{
    return unit_rename(cx, c->id, c->text, c->day, STR("Nghị quyết thử"));
}
static enum err do_change_kind(struct ctx *cx, const struct change *c)
{
    return unit_change_kind(cx, c->id, c->kind, c->day, STR("Nghị quyết thử"));
}
static enum err do_move(struct ctx *cx, const struct change *c)
{
    return unit_move(cx, c->id, c->other_id, c->day, STR("Nghị quyết thử"));
}
static enum err do_merge(struct ctx *cx, const struct change *c)
{
    return unit_merge(cx, c->id, c->other_id, c->day, STR("Nghị quyết thử"));
}
static enum err do_split(struct ctx *cx, const struct change *c)
{
    return unit_split(cx, c->id, c->other_id, c->day, STR("Nghị quyết thử"));
}
static enum err do_close(struct ctx *cx, const struct change *c)
{
    return unit_close(cx, c->id, c->day, STR("Nghị quyết thử"));
}
static enum err do_create(struct ctx *cx, const struct change *c)
{
    int64_t id = 0;
    return unit_create(cx,
                       &(struct unit_new){ .parent_id = c->id,
                                           .kind = c->kind,
                                           .code = STR("99999"),
                                           .name = c->text,
                                           .from_day = c->day,
                                           .cause = STR("Nghị quyết thử"),
                                           .with_bodies = true },
                       &id);
}

/* ---- The map ---- */

static void a_body_is_called_after_its_place(void **state)
{
    struct check_store *check = *state;
    assert_str_equal(body_of(check, "51", "tinh_uy").full_name, "Tỉnh ủy Quảng Ngãi");
    assert_str_equal(body_of(check, "51", "ban_to_chuc_tu").full_name,
                     "Ban Tổ chức Tỉnh ủy Quảng Ngãi");
    assert_str_equal(body_of(check, "51", "so_noi_vu").full_name, "Sở Nội vụ tỉnh Quảng Ngãi");
    assert_str_equal(body_of(check, "51", "bao_ptth").full_name,
                     "Báo và Phát thanh, Truyền hình Quảng Ngãi");
    assert_str_equal(body_of(check, "VN", "hoc_vien").full_name,
                     "Học viện Chính trị quốc gia Hồ Chí Minh");
    struct arena *arena = &check->cx.arena;
    const struct unit_sort *committee = unit_sort_find(STR("tinh_uy"));
    assert_str_equal(unit_sort_full_name(arena, committee, UNIT_CITY, STR("Hải Phòng")),
                     "Thành ủy Hải Phòng");
    assert_str_equal(unit_sort_full_name(arena, committee, UNIT_CITY, STR("Hồ Chí Minh")),
                     "Thành ủy Thành phố Hồ Chí Minh");
    assert_str_equal(unit_area_full_name(arena, UNIT_SPECIAL_ZONE, STR("Lý Sơn")),
                     "đặc khu Lý Sơn");
    assert_null(unit_sort_find(STR("")));
}

static void each_body_answers_along_its_line(void **state)
{
    struct check_store *check = *state;
    struct unit_list communes = { .len = 0 };
    struct unit province = by_code(check, "51");
    assert_ok(&check->cx,
              unit_find_by_sort(&check->cx, STR("dang_uy_xa"), province.path, &communes));
    assert_int_equal(communes.len, 96);
    assert_int_equal(communes.at[0].superior_id, body_of(check, "51", "tinh_uy").id);
    assert_int_equal(body_of(check, "51", "tinh_uy").superior_id,
                     body_of(check, "VN", "trung_uong_dang").id);
    assert_int_equal(body_of(check, "51", "so_noi_vu").superior_id,
                     body_of(check, "51", "ubnd_tinh").id);
    /* The tree is another relation: the body hangs on its place, so that a place's subtree holds
     * it. */
    assert_int_equal(communes.at[0].parent_id, communes.at[0].place_id);
    assert_true(str_starts(communes.at[0].path, province.path));
}

static void every_sort_names_a_superior_that_exists(void **state)
{
    (void)state;
    for (size_t i = 0; i < unit_sorts_len; i++) {
        if (unit_sorts[i].superior.len > 0 && !unit_sort_find(unit_sorts[i].superior))
            fail_msg(STR_FMT " answers to " STR_FMT ", which is not in the table",
                     STR_ARG(unit_sorts[i].sort), STR_ARG(unit_sorts[i].superior));
        assert_ptr_equal(unit_sort_find(unit_sorts[i].sort), &unit_sorts[i]);
    }
}

static void dong_nai_is_a_province_until_30_april_2026_and_then_a_city(void **state)
{
    struct check_store *check = *state;
    struct unit province = by_code(check, "75"), then = { .id = 0 };
    assert_int_equal(province.kind, UNIT_CITY);
    assert_str_equal(body_of(check, "75", "tinh_uy").full_name, "Thành ủy Đồng Nai");
    assert_str_equal(body_of(check, "75", "ban_to_chuc_tu").name, "Ban Tổ chức Thành ủy");

    int32_t before = day_from_civil(2026, 4, 29), on = day_from_civil(2026, 4, 30);
    assert_ok(&check->cx, unit_find_on(&check->cx, province.id, before, &then));
    assert_str_equal(then.full_name, "tỉnh Đồng Nai");
    assert_ok(&check->cx, unit_find_on(&check->cx, province.id, on, &then));
    assert_str_equal(then.full_name, "thành phố Đồng Nai");
    assert_ok(&check->cx,
              unit_find_on(&check->cx, body_of(check, "75", "tinh_uy").id, before, &then));
    assert_str_equal(then.full_name, "Tỉnh ủy Đồng Nai");
    assert_ok(&check->cx,
              unit_find_on(&check->cx, body_of(check, "26368", "dang_uy_xa").id, before, &then));
    assert_str_equal(then.full_name, "Đảng ủy xã Long Thành");
    assert_str_equal(body_of(check, "26368", "dang_uy_xa").full_name, "Đảng ủy phường Long Thành");
    assert_err(ERR_NOT_FOUND,
               unit_find_on(&check->cx, province.id, day_from_civil(2025, 6, 30), &then));

    struct unit_versions versions = { .len = 0 };
    assert_ok(&check->cx, unit_find_versions(&check->cx, province.id, &versions));
    assert_int_equal(versions.len, 2);
    assert_str_equal(versions.at[1].cause, "Nghị quyết 30/2026/QH16");
    assert_int_equal(versions.at[0].to_day, on);
}

static void a_second_nation_is_refused(void **state)
{
    struct check_store *check = *state;
    static const struct str codes[] = { STR_INIT("42") };
    assert_err(ERR_CONFLICT, unit_load_provinces(&check->cx, check->store, codes, LEN(codes)));
    struct unit unit = { .id = 0 };
    assert_err(ERR_NOT_FOUND, unit_find_code(&check->cx, STR("42"), &unit));
}

/* ---- Changes ---- */

static void a_renamed_commune_takes_its_bodies_along_and_keeps_its_history(void **state)
{
    struct check_store *check = *state;
    struct unit commune = by_code(check, "26368");
    int32_t day = day_from_civil(2026, 7, 1);
    struct change rename = {
        .run = do_rename, .id = commune.id, .text = STR("Hoà Long"), .day = day
    };
    assert_ok(&check->cx, change(check, &rename));
    assert_str_equal(by_code(check, "26368").full_name, "phường Hòa Long");
    assert_str_equal(body_of(check, "26368", "ubnd_xa").full_name,
                     "Ủy ban nhân dân phường Hòa Long");
    struct unit then = { .id = 0 };
    assert_ok(&check->cx, unit_find_on(&check->cx, commune.id, day - 1, &then));
    assert_str_equal(then.name, "Long Thành");

    struct unit_list found = { .len = 0 };
    struct unit_query query = { .text = STR("hoa long dong nai"), .kind = STR("ward") };
    assert_ok(&check->cx, unit_search(&check->cx, &query, &found));
    assert_int_equal(found.total, 1);
    /* A change before the newest one would rewrite history. */
    struct change earlier = {
        .run = do_rename, .id = commune.id, .text = STR("Long An"), .day = day - 10
    };
    assert_err(ERR_INVALID, change(check, &earlier));
    assert_string_equal(check->cx.fault.field, "from_day");
}

static void a_school_with_a_name_of_its_own_keeps_it(void **state)
{
    struct check_store *check = *state;
    struct unit province = by_code(check, "51");
    struct change rename = { .run = do_change_kind,
                             .id = province.id,
                             .kind = UNIT_CITY,
                             .day = day_from_civil(2027, 1, 1) };
    assert_ok(&check->cx, change(check, &rename));
    assert_str_equal(body_of(check, "51", "truong_chinh_tri").full_name,
                     "Trường Chính trị thành phố Quảng Ngãi");
    struct change back = { .run = do_change_kind,
                           .id = province.id,
                           .kind = UNIT_WARD,
                           .day = day_from_civil(2027, 2, 1) };
    assert_err(ERR_INVALID, change(check, &back));
    struct change same = { .run = do_change_kind,
                           .id = province.id,
                           .kind = UNIT_CITY,
                           .day = day_from_civil(2027, 2, 1) };
    assert_err(ERR_INVALID, change(check, &same));
}

static void merged_communes_end_and_what_lies_below_ends_with_them(void **state)
{
    struct check_store *check = *state;
    struct unit one = by_code(check, "26368"), other = by_code(check, "26485");
    int64_t committee_id = body_of(check, "26368", "dang_uy_xa").id;
    int32_t day = day_from_civil(2026, 8, 1);
    struct change merge = { .run = do_merge, .id = one.id, .other_id = other.id, .day = day };
    assert_ok(&check->cx, change(check, &merge));
    struct unit unit = { .id = 0 };
    assert_err(ERR_NOT_FOUND, unit_find_body(&check->cx, one.id, STR("dang_uy_xa"), &unit));
    assert_ok(&check->cx, unit_find_on(&check->cx, committee_id, day - 1, &unit));
    assert_err(ERR_NOT_FOUND, unit_find_on(&check->cx, committee_id, day, &unit));
    SQL(successors, "SELECT successor_id FROM unit_successor WHERE unit_id = $1");
    assert_int_equal(check_i64(check, &successors, BIND(V(one.id))), other.id);

    struct change again = { .run = do_rename, .id = one.id, .text = STR("Mới"), .day = day + 1 };
    assert_err(ERR_CONFLICT, change(check, &again));
    /* A province with communes cannot end before they are elsewhere. */
    struct change end = { .run = do_close, .id = by_code(check, "75").id, .day = day };
    assert_err(ERR_CONFLICT, change(check, &end));
    struct change with_itself = {
        .run = do_merge, .id = other.id, .other_id = other.id, .day = day
    };
    assert_err(ERR_INVALID, change(check, &with_itself));
}

static void a_commune_that_moves_takes_its_bodies_and_answers_to_the_new_province(void **state)
{
    struct check_store *check = *state;
    struct unit commune = by_code(check, "26368"), target = by_code(check, "51");
    int32_t day = day_from_civil(2026, 8, 1);
    struct change move = { .run = do_move, .id = commune.id, .other_id = target.id, .day = day };
    assert_ok(&check->cx, change(check, &move));
    struct unit committee = body_of(check, "26368", "dang_uy_xa");
    assert_true(str_starts(committee.path, target.path));
    assert_int_equal(committee.superior_id, body_of(check, "51", "tinh_uy").id);
    struct unit_list then = { .len = 0 };
    assert_ok(&check->cx, unit_list_children(&check->cx, by_code(check, "75").id, day - 1, &then));
    size_t communes = 0;
    for (size_t i = 0; i < then.len; i++)
        communes += unit_kind_is_commune(then.at[i].kind);
    assert_int_equal(communes, 95);
    struct change into_a_commune = {
        .run = do_move, .id = commune.id, .other_id = by_code(check, "26485").id, .day = day
    };
    assert_err(ERR_INVALID, change(check, &into_a_commune));
}

static void a_commune_split_off_is_remembered_where_it_came_from(void **state)
{
    struct check_store *check = *state;
    struct unit province = by_code(check, "51"), old = { .id = 0 };
    struct unit_list children = { .len = 0 };
    int32_t day = day_from_civil(2026, 9, 1);
    assert_ok(&check->cx, unit_list_children(&check->cx, province.id, day, &children));
    old = children.at[children.len - 1];
    struct change create = { .run = do_create,
                             .id = province.id,
                             .kind = UNIT_COMMUNE,
                             .text = STR("Bình Thử"),
                             .day = day };
    assert_ok(&check->cx, change(check, &create));
    struct unit part = by_code(check, "99999");
    assert_str_equal(body_of(check, "99999", "mttq_xa").full_name,
                     "Ủy ban Mặt trận Tổ quốc Việt Nam xã Bình Thử");
    struct change split = { .run = do_split, .id = old.id, .other_id = part.id, .day = day };
    assert_ok(&check->cx, change(check, &split));
    /* The code is taken now, and so is the name within the province. */
    assert_err(ERR_CONFLICT, change(check, &create));
    struct change in_a_commune = {
        .run = do_create, .id = part.id, .kind = UNIT_COMMUNE, .text = STR("Bình Khác"), .day = day
    };
    assert_err(ERR_CONFLICT, change(check, &in_a_commune));
}

/* ---- Scope and search ---- */

static void a_province_sees_its_own_and_nothing_beside_it(void **state)
{
    struct check_store *check = *state;
    struct ctx *cx = &check->cx;
    struct unit own = by_code(check, "51"), foreign = by_code(check, "75"), unit = { .id = 0 };
    struct actor officer = { .kind = ACTOR_PERSON,
                             .unit_id = own.id,
                             .scope = unit_scope(&cx->arena, own.path) };
    cx->actor = &officer;
    assert_ok(cx, unit_get(cx, own.id, &unit));
    assert_err(ERR_NOT_FOUND, unit_get(cx, foreign.id, &unit));
    assert_err(ERR_NOT_FOUND, unit_get(cx, own.parent_id, &unit));
    struct unit_list list = { .len = 0 };
    assert_ok(cx, unit_list_children(cx, foreign.id, day_from_civil(2026, 5, 21), &list));
    assert_int_equal(list.len, 0);
    struct unit_query query = { .text = STR("dong nai") };
    assert_ok(cx, unit_search(cx, &query, &list));
    assert_int_equal(list.total, 0);
    struct change rename = {
        .run = do_rename, .id = foreign.id, .text = STR("Khác"), .day = day_from_civil(2027, 1, 1)
    };
    assert_err(ERR_NOT_FOUND, change(check, &rename));
    struct actor nobody = { .kind = ACTOR_NOBODY };
    cx->actor = &nobody;
    assert_err(ERR_NOT_FOUND, unit_get(cx, own.id, &unit));
    assert_ok(cx, unit_search(cx, &(struct unit_query){ .text = STR("") }, &list));
    assert_int_equal(list.total, 0);
    cx->actor = &check->actor;
}

static void units_are_found_with_and_without_diacritics_and_by_code(void **state)
{
    struct check_store *check = *state;
    static const char *const ways[] = { "Lý Sơn đặc khu", "ly son dac khu", "LÝ SƠN DAC",
                                        "son ly dac khu" };
    for (size_t i = 0; i < LEN(ways); i++) {
        struct unit_list found = { .len = 0 };
        struct unit_query query = { .text = str_from(ways[i]), .kind = STR("special_zone") };
        assert_ok(&check->cx, unit_search(&check->cx, &query, &found));
        assert_int_equal(found.total, 1);
        assert_str_equal(found.at[0].full_name, "đặc khu Lý Sơn");
    }
    struct unit_list found = { .len = 0 };
    assert_ok(&check->cx,
              unit_search(&check->cx, &(struct unit_query){ .text = STR("26368") }, &found));
    assert_str_equal(found.at[0].full_name, "phường Long Thành");
    assert_ok(&check->cx,
              unit_search(&check->cx, &(struct unit_query){ .text = STR("100%_") }, &found));
    assert_int_equal(found.total, 0);
    struct unit_query all = { .sort = STR("dang_uy_xa"), .limit = 10, .offset = 5 };
    assert_ok(&check->cx, unit_search(&check->cx, &all, &found));
    assert_int_equal(found.total, 96 + 95);
    assert_int_equal(found.len, 10);
}

static void a_subtree_is_one_range_of_paths(void **state)
{
    struct check_store *check = *state;
    struct arena *arena = &check->cx.arena;
    struct str path = unit_path(arena, unit_path(arena, STR(""), 1), 0x2c);
    assert_str_equal(path, "00000001.0000002c.");
    struct scope scope = unit_scope(arena, path);
    assert_true(unit_scope_holds(&scope, path));
    assert_true(unit_scope_holds(&scope, unit_path(arena, path, 0xffffffff)));
    assert_false(unit_scope_holds(&scope, STR("00000001.")));
    assert_false(unit_scope_holds(&scope, STR("00000001.0000002d.")));
    assert_false(unit_scope_holds(&scope, STR("00000001.0000002b.ffffffff.")));
}

/* ---- The statistics office's list ---- */

static void the_list_is_read_by_its_headings_and_brought_to_one_form(void **state)
{
    struct check_store *check = *state;
    struct unit_import import = { .len = 0 };
    assert_ok(&check->cx,
              unit_import_read(&check->cx,
                               STR("\xEF\xBB\xBFMã;Tên;Tên Tiếng Anh;Cấp;Mã TP;Tỉnh / Thành Phố\r\n"
                                   "00352;Phường  Phương Liệt ;;Phường;01;Thành phố Hà Nội\r\n"
                                   "\r\n"
                                   "24412;\"Xã M’Drắk\";;Xã;66;Đắk Lắk\r\n"
                                   "04630;Tú Lệ;;xã;15;Lào Cai"),
                               &import));
    assert_int_equal(import.len, 3);
    assert_str_equal(import.at[0].name, "Phương Liệt");
    assert_int_equal(import.at[0].kind, UNIT_WARD);
    assert_str_equal(import.at[2].name, "M'Drắk");
    assert_str_equal(import.at[2].parent_code, "66");
    struct unit_import again = { .len = 0 };
    assert_ok(&check->cx,
              unit_import_read(&check->cx, unit_import_write(&check->cx.arena, &import), &again));
    assert_int_equal(again.len, 3);
    assert_str_equal(again.at[1].name, "Tú Lệ");
}

static void a_list_that_is_none_is_refused_with_its_line(void **state)
{
    struct check_store *check = *state;
    static const struct {
        const char *csv, *words;
    } wrong[] = {
        { "", "Dòng 1 phải có các cột" },
        { "Tên,Mã tỉnh\nBa Đình,01\n", "Dòng 1 phải có các cột" },
        { "code,name,kind,parent_code\n", "không có đơn vị nào" },
        { "code,name,kind,parent_code\n4,Ba Đình,ward,01\n", "Dòng 2: mã phải gồm" },
        { "code,name,kind,parent_code\n00004,Ba Đình,ward,1\n", "Dòng 2: mã tỉnh" },
        { "code,name,kind,parent_code\n00004,Ba Đình,quận,01\n", "Dòng 2: không rõ loại" },
        { "code,name,kind,parent_code\n00004,,ward,01\n", "Dòng 2: thiếu tên" },
        { "code,name,kind,parent_code\n00004,A,ward,01\n00008,B,ward,01\n00004,C,ward,01\n",
          "có ở cả dòng" },
        { "code,name\xFF,kind,parent_code\n", "CSV UTF-8" },
        { "code,name,kind,parent_code\n00004,\"Ba Đình,ward,01\n", "Dòng 2:" },
    };
    for (size_t i = 0; i < LEN(wrong); i++) {
        struct unit_import import = { .len = 0 };
        assert_err(ERR_INVALID, unit_import_read(&check->cx, str_from(wrong[i].csv), &import));
        if (!strstr(check->cx.fault.words, wrong[i].words))
            fail_msg("%s, expected %s", check->cx.fault.words, wrong[i].words);
    }
    struct str large = { arena_alloc(&check->cx.arena, UNIT_IMPORT_BYTES_MAX + 1),
                         UNIT_IMPORT_BYTES_MAX + 1 };
    struct unit_import import = { .len = 0 };
    assert_err(ERR_LIMIT, unit_import_read(&check->cx, large, &import));
}

/* The standing tree of a province as a list. */
static struct unit_import list_of(struct check_store *check, const char *code)
{
    struct unit_list children = { .len = 0 };
    int32_t today = day_from_instant(check->cx.now);
    struct unit province = by_code(check, code);
    assert_ok(&check->cx, unit_list_children(&check->cx, province.id, today, &children));
    struct unit_import import = { .at = ARENA_NEW_ARRAY(&check->cx.arena, struct unit_import_row,
                                                        children.len + 2) };
    for (size_t i = 0; i < children.len; i++)
        if (children.at[i].kind != UNIT_BODY)
            import.at[import.len++] = (struct unit_import_row){ .code = children.at[i].code,
                                                                .name = children.at[i].name,
                                                                .kind = children.at[i].kind,
                                                                .parent_code = province.code };
    /* Read as a person sends it, so that it is in order. */
    assert_ok(&check->cx,
              unit_import_read(&check->cx, unit_import_write(&check->cx.arena, &import), &import));
    return import;
}

struct import_job {
    struct unit_import *import;
    int32_t day;
    size_t changes;
};

static enum err run_import(struct ctx *cx, void *what)
{
    struct import_job *job = what;
    return unit_import_apply(cx, job->import, job->day, STR("Nghị quyết thử"), &job->changes);
}

static void a_new_list_shows_what_would_change_and_then_changes_it(void **state)
{
    struct check_store *check = *state;
    struct unit_import import = list_of(check, "51");
    struct unit_import_changes changes = { .len = 0 };
    int32_t day = day_from_civil(2027, 1, 1);
    assert_ok(&check->cx,
              unit_import_preview(&check->cx, &import, day_from_instant(check->cx.now), &changes));
    assert_int_equal(changes.len, 0);

    struct str closed = import.at[0].code, renamed = import.at[1].code,
               rekinded = import.at[2].code;
    import.at[1].name = STR("Tên Mới");
    import.at[2].kind = import.at[2].kind == UNIT_WARD ? UNIT_COMMUNE : UNIT_WARD;
    import.at[3].parent_code = STR("75");
    import.at[import.len++] = (struct unit_import_row){ .code = STR("99998"),
                                                        .name = STR("Thành Lập"),
                                                        .kind = UNIT_COMMUNE,
                                                        .parent_code = STR("51") };
    import.at++;
    import.len--;
    assert_ok(&check->cx,
              unit_import_read(&check->cx, unit_import_write(&check->cx.arena, &import), &import));
    assert_ok(&check->cx, unit_import_preview(&check->cx, &import, day, &changes));
    assert_int_equal(changes.counts[UNIT_ADDED], 1);
    assert_int_equal(changes.counts[UNIT_RENAMED], 1);
    assert_int_equal(changes.counts[UNIT_REKINDED], 1);
    assert_int_equal(changes.counts[UNIT_MOVED], 1);
    assert_int_equal(changes.counts[UNIT_CLOSED], 1);

    struct import_job job = { .import = &import, .day = day };
    assert_ok(&check->cx, check_write(check, run_import, &job));
    assert_int_equal(job.changes, 5);
    assert_ok(&check->cx, unit_import_preview(&check->cx, &import, day, &changes));
    assert_int_equal(changes.len, 0);
    struct unit unit = by_code(check, str_to_c(&check->cx.arena, closed));
    assert_int_equal(unit.to_day, day);
    unit = by_code(check, str_to_c(&check->cx.arena, renamed));
    assert_str_equal(unit.name, "Tên Mới");
    unit = by_code(check, str_to_c(&check->cx.arena, rekinded));
    assert_ok(&check->cx, unit_find_on(&check->cx, unit.id, day - 1, &unit));
    assert_str_equal(body_of(check, "99998", "dang_uy_xa").full_name, "Đảng ủy xã Thành Lập");
    /* Đồng Nai was not in the list but for the commune that moved there: its own communes stay. */
    assert_int_equal(by_code(check, "26485").to_day, UNIT_DAY_OPEN);
}

/* ---- The whole nation, against the reference list where it is at hand ---- */

static struct str read_shared(struct ctx *cx, const char *name)
{
    const char *dir = getenv("DIEMCAU_SHARED");
    const char *path =
        str_to_c(&cx->arena, str_format(&cx->arena, "%s/data/%s", dir ? dir : "../shared", name));
    FILE *file = fopen(path, "rb");
    struct buf text;
    buf_init(&text, &cx->arena);
    if (!file)
        return STR("");
    char part[4096];
    for (size_t len = fread(part, 1, sizeof part, file); len > 0;
         len = fread(part, 1, sizeof part, file))
        buf_put(&text, (struct str){ part, len });
    fclose(file);
    return buf_str(&text);
}

static int64_t count_on(struct check_store *check, const char *kind, int32_t day)
{
    SQL(count_on_day,
        "/*scan*/ SELECT COUNT(*) FROM unit_version WHERE kind = $1 AND from_day <= $2 AND to_day "
        "> $2");
    return check_i64(check, &count_on_day, BIND(V(str_from(kind)), V(day)));
}

static void assert_counts(struct check_store *check, int32_t day, const int64_t expected[5])
{
    static const char *const kinds[] = { "province", "city", "commune", "ward", "special_zone" };
    for (size_t i = 0; i < LEN(kinds); i++)
        assert_int_equal(count_on(check, kinds[i], day), expected[i]);
}

static void the_nation_is_what_the_statistics_office_lists(void **state)
{
    struct check_store *check = *state;
    struct ctx *cx = &check->cx;
    int64_t started = env_monotonic(cx->env);
    assert_ok(cx, unit_load_nation(cx, check->store));
    int64_t ms = (env_monotonic(cx->env) - started) / 1000;
    print_message("the nation was loaded in %lld ms\n", (long long)ms);

    int32_t first = day_from_civil(2025, 7, 1), now = day_from_civil(2026, 4, 30);
    assert_counts(check, first, (int64_t[]){ 28, 6, 2621, 687, 13 });
    assert_counts(check, now - 1, (int64_t[]){ 28, 6, 2621, 687, 13 });
    assert_counts(check, now, (int64_t[]){ 27, 7, 2611, 697, 13 });
    assert_int_equal(by_code(check, "06970").id, by_code(check, "06978").id);
    struct unit none = { .id = 0 };
    assert_err(ERR_NOT_FOUND, unit_find_code(cx, STR("23737"), &none));
    assert_str_equal(body_of(check, "31", "truong_chinh_tri").full_name,
                     "Trường Chính trị Tô Hiệu");
    assert_str_equal(body_of(check, "79", "ubnd_tinh").full_name,
                     "Ủy ban nhân dân Thành phố Hồ Chí Minh");

    struct str csv = read_shared(cx, "units.csv");
    if (csv.len == 0) {
        print_message("no reference list at hand: compared by counts alone\n");
        return;
    }
    cx->now = day_time(day_from_civil(2026, 5, 21), 9, 0);
    struct unit_import import = { .len = 0 };
    struct unit_import_changes changes = { .len = 0 };
    assert_ok(cx, unit_import_read(cx, csv, &import));
    assert_int_equal(import.len, 3355);
    assert_ok(cx, unit_import_preview(cx, &import, day_from_civil(2026, 5, 21), &changes));
    for (size_t i = 0; i < changes.len; i++)
        print_error(STR_FMT ": " STR_FMT ", " STR_FMT " -> " STR_FMT "\n",
                    STR_ARG(changes.at[i].code), STR_ARG(unit_change_words(changes.at[i].change)),
                    STR_ARG(changes.at[i].before), STR_ARG(changes.at[i].after));
    assert_int_equal(changes.len, 0);
}

static void the_tree_is_the_same_after_a_rebuild(void **state)
{
    struct check_store *check = *state;
    struct change merge = { .run = do_merge,
                            .id = by_code(check, "26368").id,
                            .other_id = by_code(check, "26485").id,
                            .day = day_from_civil(2026, 8, 1) };
    assert_ok(&check->cx, change(check, &merge));
    struct change move = { .run = do_move,
                           .id = by_code(check, "26485").id,
                           .other_id = by_code(check, "51").id,
                           .day = day_from_civil(2026, 9, 1) };
    assert_ok(&check->cx, change(check, &move));
    unsigned char before[32], after[32];
    assert_ok(&check->cx, store_digest(&check->cx, check->store, before));
    assert_ok(&check->cx, store_rebuild(&check->cx, check->store));
    assert_ok(&check->cx, store_digest(&check->cx, check->store, after));
    assert_memory_equal(before, after, sizeof before);
}

int main(void)
{
    size_t rooms_len = 0;
    const struct fact_kinds *rooms = kinds_under_test(&rooms_len);
    fact_register(rooms, rooms_len);
#define WITH_TWO(test) cmocka_unit_test_setup_teardown(test, open_two_provinces, check_store_close)
    const struct CMUnitTest list[] = {
        WITH_TWO(a_body_is_called_after_its_place),
        WITH_TWO(each_body_answers_along_its_line),
        cmocka_unit_test(every_sort_names_a_superior_that_exists),
        WITH_TWO(dong_nai_is_a_province_until_30_april_2026_and_then_a_city),
        WITH_TWO(a_second_nation_is_refused),
        WITH_TWO(a_renamed_commune_takes_its_bodies_along_and_keeps_its_history),
        WITH_TWO(a_school_with_a_name_of_its_own_keeps_it),
        WITH_TWO(merged_communes_end_and_what_lies_below_ends_with_them),
        WITH_TWO(a_commune_that_moves_takes_its_bodies_and_answers_to_the_new_province),
        WITH_TWO(a_commune_split_off_is_remembered_where_it_came_from),
        WITH_TWO(a_province_sees_its_own_and_nothing_beside_it),
        WITH_TWO(units_are_found_with_and_without_diacritics_and_by_code),
        WITH_TWO(a_subtree_is_one_range_of_paths),
        WITH_TWO(the_tree_is_the_same_after_a_rebuild),
        WITH_TWO(the_list_is_read_by_its_headings_and_brought_to_one_form),
        WITH_TWO(a_list_that_is_none_is_refused_with_its_line),
        WITH_TWO(a_new_list_shows_what_would_change_and_then_changes_it),
        cmocka_unit_test_setup_teardown(the_nation_is_what_the_statistics_office_lists,
                                        check_store_open, check_store_close),
    };
    return cmocka_run_group_tests(list, NULL, NULL);
}
