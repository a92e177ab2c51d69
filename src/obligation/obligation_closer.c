#include "obligation/obligation_inside.h"

/*
 * Which fact of the trade meets which duty. Filled at start, before any connection, and only read after; the program's
 * one table of them, owned here because rooms below this one add their own.
 */
static struct {
    const struct obligation_closer *at[OBLIGATION_CLOSERS_MAX];
    size_t len;
} closers;

void obligation_register_closer(const struct obligation_closer *closer)
{
    for (size_t i = 0; i < closers.len; i++) {
        if (str_eq(closers.at[i]->name, closer->name))
            return;
    }
    if (closers.len < OBLIGATION_CLOSERS_MAX)
        closers.at[closers.len++] = closer;
}

const struct obligation_closer *obligation_find_closer(struct str name)
{
    for (size_t i = 0; i < closers.len; i++) {
        if (str_eq(closers.at[i]->name, name))
            return closers.at[i];
    }
    return NULL;
}

static bool has(struct str folded, const char *words)
{
    return str_find(folded, str_from(words)) < folded.len;
}

/* "... nội dung các chuyên đề bồi dưỡng, chuyển đến các địa phương": something to read is sent to others. */
static bool asks_for_materials(struct str folded)
{
    bool is_sent = has(folded, "chuyen den") || has(folded, "gui den") || has(folded, "gui tai lieu");
    return is_sent && (has(folded, "tai lieu") || has(folded, "noi dung cac chuyen de"));
}

static struct url paper_page(struct arena *arena, int64_t document_id, int64_t unit_id)
{
    (void)unit_id;
    return document_url(arena, document_id);
}

void obligation_start(void)
{
    static const struct obligation_closer own[] = {
        { STR_INIT("paper_acknowledged"), STR_INIT("Tiếp nhận"), paper_page, NULL },
        { STR_INIT("material_delivered"), STR_INIT("Gửi tài liệu"), paper_page, asks_for_materials },
        { STR_INIT("material_received"), STR_INIT("Mở tài liệu"), paper_page, NULL },
    };
    for (size_t i = 0; i < LEN(own); i++)
        obligation_register_closer(&own[i]);
    document_listen(&obligation_listener);
    unit_listen_succeeded(obligation_follow_succession);
}
