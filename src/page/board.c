#include "page/page.h"
#include "page/parts.h"

/*
 * The 34 provinces on a grid of 17 rows by 6 columns, drawn so that neighbours stay neighbours and
 * the coast runs down the right. Hoàng Sa and Trường Sa stand in the template, beside the provinces
 * they belong to.
 */
static const struct map_place {
    struct str code;
    int row, col;
    struct str short_name;
} map_places[] = {
/* clang-format off */
#define PLACE(code, row, col, short_name) { STR_INIT(code), row, col, STR_INIT(short_name) }
    PLACE("12", 0, 1, "Lai Châu"),    PLACE("15", 0, 2, "Lào Cai"),    PLACE("08", 0, 3, "Tuyên Quang"),
    PLACE("04", 0, 4, "Cao Bằng"),    PLACE("11", 1, 1, "Điện Biên"),  PLACE("14", 1, 2, "Sơn La"),
    PLACE("25", 1, 3, "Phú Thọ"),     PLACE("19", 1, 4, "Thái Nguyên"), PLACE("20", 1, 5, "Lạng Sơn"),
    PLACE("01", 2, 3, "Hà Nội"),      PLACE("24", 2, 4, "Bắc Ninh"),   PLACE("22", 2, 5, "Quảng Ninh"),
    PLACE("37", 3, 3, "Ninh Bình"),   PLACE("33", 3, 4, "Hưng Yên"),   PLACE("31", 3, 5, "Hải Phòng"),
    PLACE("38", 4, 2, "Thanh Hóa"),   PLACE("40", 5, 2, "Nghệ An"),    PLACE("42", 6, 3, "Hà Tĩnh"),
    PLACE("44", 7, 3, "Quảng Trị"),   PLACE("46", 8, 4, "Huế"),        PLACE("48", 9, 4, "Đà Nẵng"),
    PLACE("51", 10, 4, "Quảng Ngãi"), PLACE("52", 11, 4, "Gia Lai"),   PLACE("66", 12, 4, "Đắk Lắk"),
    PLACE("80", 13, 1, "Tây Ninh"),   PLACE("75", 13, 2, "Đồng Nai"),  PLACE("68", 13, 3, "Lâm Đồng"),
    PLACE("56", 13, 4, "Khánh Hòa"),  PLACE("91", 14, 0, "An Giang"),  PLACE("82", 14, 1, "Đồng Tháp"),
    PLACE("79", 14, 2, "TP.HCM"),     PLACE("92", 15, 0, "Cần Thơ"),   PLACE("86", 15, 1, "Vĩnh Long"),
    PLACE("96", 16, 0, "Cà Mau"),
#undef PLACE
    /* clang-format on */
};

static const struct map_place *find_place(struct str code)
{
    for (size_t i = 0; i < LEN(map_places); i++)
        if (str_eq(map_places[i].code, code))
            return &map_places[i];
    return NULL;
}

struct str page_province_short_name(struct str code)
{
    const struct map_place *place = find_place(code);
    return place ? place->short_name : STR("");
}

static struct tile_view tile_view_of(struct arena *arena, const struct tile *tile)
{
    return (struct tile_view){ .tile = tile,
                               .short_name = tile->name,
                               .mark_name = page_mark_name(tile->mark),
                               .icon = page_mark_icon(arena, tile->mark) };
}

struct safe_html page_tile_map(struct arena *arena, const struct tile *tiles, size_t len)
{
    struct tile_view *views = ARENA_NEW_ARRAY(arena, struct tile_view, len);
    size_t views_len = 0;
    for (size_t i = 0; i < len; i++) {
        const struct map_place *place = find_place(tiles[i].code);
        if (!place)
            continue;
        struct tile_view *view = &views[views_len++];
        *view = tile_view_of(arena, &tiles[i]);
        view->short_name = place->short_name;
        view->row = place->row;
        view->col = place->col;
    }
    struct html h = page_begin(arena);
    part_tile_map(&h, views, views_len);
    return page_end(&h);
}

struct safe_html page_unit_grid(struct arena *arena, const struct tile *tiles, size_t len)
{
    struct tile_view *views = ARENA_NEW_ARRAY(arena, struct tile_view, len);
    for (size_t i = 0; i < len; i++)
        views[i] = tile_view_of(arena, &tiles[i]);
    struct html h = page_begin(arena);
    part_unit_grid(&h, views, len);
    return page_end(&h);
}
