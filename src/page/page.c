#include "page/page.h"

#include "page/parts.h"

struct html page_begin(struct arena *arena)
{
    struct buf *out = ARENA_NEW(arena, struct buf);
    buf_init(out, arena);
    return (struct html){ .out = out };
}

struct safe_html page_end(const struct html *h)
{
    return (struct safe_html){ buf_str(h->out) };
}

struct str page_mark_name(enum state_mark mark)
{
    switch (mark) {
    case MARK_DONE:
        return STR("done");
    case MARK_DUE:
        return STR("due");
    case MARK_SOON:
        return STR("soon");
    case MARK_LATE:
        return STR("late");
    case MARK_UNKNOWN:
        return STR("unknown");
    case MARK_NOT_OWED:
        return STR("not-owed");
    }
    return STR("unknown");
}

struct url page_mark_icon(struct arena *arena, enum state_mark mark)
{
    struct str name = page_mark_name(mark);
    return (struct url){ str_format(arena, "#mark-" STR_FMT, STR_ARG(name)) };
}

struct safe_html page_mark(struct arena *arena, enum state_mark mark, struct str words)
{
    struct html h = page_begin(arena);
    part_mark(&h, page_mark_icon(arena, mark), page_mark_name(mark), words);
    return page_end(&h);
}

/* The rail: in the order of a day's work, and only what the seat may open. */
static const struct {
    struct str name;
    struct str icon;
    struct url url;
    enum permission permission;
    enum permission unless; /* who has this finds it behind another place */
} places[] = {
    { STR_INIT("Hôm nay"), STR_INIT("hom-nay"), { STR_INIT("/hom-nay") }, PERMISSION_DUTY_READ },
    { STR_INIT("Ngày học"), STR_INIT("hom-nay"), { STR_INIT("/ngay-hoc") }, PERMISSION_POINT_READ, PERMISSION_DUTY_READ },
    { STR_INIT("Theo dõi"),
      STR_INIT("theo-doi"),
      { STR_INIT("/theo-doi") },
      PERMISSION_REPORT_READ },
    { STR_INIT("Văn bản"),
      STR_INIT("van-ban"),
      { STR_INIT("/van-ban") },
      PERMISSION_DOCUMENT_READ },
    { STR_INIT("Lớp"), STR_INIT("lop"), { STR_INIT("/lop") }, PERMISSION_COURSE_READ },
    { STR_INIT("Đơn vị"), STR_INIT("don-vi"), { STR_INIT("/don-vi") }, PERMISSION_UNIT_READ },
    { STR_INIT("Cán bộ"), STR_INIT("can-bo"), { STR_INIT("/can-bo") }, PERMISSION_PERSON_READ },
    { STR_INIT("Quản trị"),
      STR_INIT("quan-tri"),
      { STR_INIT("/quan-tri") },
      PERMISSION_ACCOUNT_WRITE },
    { STR_INIT("Nhật ký"),
      STR_INIT("nhat-ky"),
      { STR_INIT("/nhat-ky") },
      PERMISSION_AUDIT_READ,
      PERMISSION_ACCOUNT_WRITE },
};

static void fill_places(struct arena *arena, const struct page *page, struct layout_view *view)
{
    struct place_view *list = ARENA_NEW_ARRAY(arena, struct place_view, LEN(places));
    for (size_t i = 0; i < LEN(places); i++) {
        bool is_elsewhere = places[i].unless != PERMISSION_NONE && actor_may(page->actor, places[i].unless);
        if (!actor_may(page->actor, places[i].permission) || is_elsewhere)
            continue;
        list[view->places_len++] =
            (struct place_view){ .name = places[i].name,
                                 .icon = places[i].icon,
                                 .url = places[i].url,
                                 .is_current = str_eq(places[i].icon, page->place) };
    }
    view->places = list;
}

void page_layout(struct html *h, const struct page *page, struct safe_html body)
{
    struct arena *arena = h->out->arena;
    struct layout_view view = {
        .page = page,
        .body = body,
        .weekday_date = day_format_long(arena, day_from_instant(page->now)),
        .time = instant_format_time(arena, page->now),
        .time_iso = instant_format_iso(arena, page->now),
        .printed_at = instant_format(arena, page->now),
        /* A personal link opens one thing; it has no rail and nothing to sign out of. */
        .is_signed_in = page->actor && page->actor->kind == ACTOR_PERSON,
    };
    fill_places(arena, page, &view);
    page_layout_view(h, &view);
}

static struct url page_url(struct arena *arena, struct url url, int64_t number)
{
    return (struct url){ str_format(arena, STR_FMT "&trang=%lld", STR_ARG(url.text),
                                    (long long)number) };
}

struct safe_html page_pager(struct arena *arena, struct url url, int64_t page_number,
                            int64_t page_rows, int64_t all_rows)
{
    struct html h = page_begin(arena);
    int64_t pages = page_rows > 0 ? (all_rows + page_rows - 1) / page_rows : 1;
    if (pages <= 1)
        return page_end(&h);
    struct pager_view view = { .page_number = page_number, .pages = pages, .rows = all_rows };
    if (page_number > 1) {
        view.first_url = page_url(arena, url, 1);
        view.previous_url = page_url(arena, url, page_number - 1);
    }
    if (page_number < pages) {
        view.next_url = page_url(arena, url, page_number + 1);
        view.last_url = page_url(arena, url, pages);
    }
    part_pager(&h, &view);
    return page_end(&h);
}
