#include "document/document.h"

static const struct {
    struct str stored, shown, state, party;
} kinds[] = {
#define X(name, stored, shown, state_abbreviation, party_abbreviation) \
    { STR_INIT(stored), STR_INIT(shown), STR_INIT(state_abbreviation), \
      STR_INIT(party_abbreviation) },
    DOCUMENT_KIND_LIST(X)
#undef X
};

bool document_kind_is_known(struct str kind)
{
    for (size_t i = 0; i < LEN(kinds); i++) {
        if (str_eq(kinds[i].stored, kind))
            return true;
    }
    return false;
}

struct str document_kind_name(struct str kind)
{
    for (size_t i = 0; i < LEN(kinds); i++) {
        if (str_eq(kinds[i].stored, kind))
            return kinds[i].shown;
    }
    return STR("Văn bản");
}

struct str document_abbreviation(struct str kind, struct str regime)
{
    for (size_t i = 0; i < LEN(kinds); i++) {
        if (str_eq(kinds[i].stored, kind))
            return str_eq(regime, DOCUMENT_REGIME_PARTY) ? kinds[i].party : kinds[i].state;
    }
    return STR("");
}

struct str document_state_name(struct str state)
{
    static const struct {
        struct str stored, shown;
    } names[] = {
        { STR_INIT("draft"), STR_INIT("Dự thảo") },
        { STR_INIT("issued"), STR_INIT("Đã ban hành") },
        { STR_INIT("amended"), STR_INIT("Được sửa đổi") },
        { STR_INIT("recalled"), STR_INIT("Đã thu hồi") },
        { STR_INIT("replaced"), STR_INIT("Đã bị thay thế") },
    };
    for (size_t i = 0; i < LEN(names); i++) {
        if (str_eq(names[i].stored, state))
            return names[i].shown;
    }
    return STR("");
}

/* Party: hyphen after the number, slash before the issuer; State: the other way round
 * (domain.md 4.1). */
struct str document_cite(struct arena *arena, const struct document *document)
{
    struct str number = document->number.len > 0 ? document->number : STR("…");
    if (document->symbol.len == 0)
        return number;
    const char *mark = str_eq(document->regime, DOCUMENT_REGIME_PARTY) ? "-" : "/";
    return str_format(arena, STR_FMT "%s" STR_FMT, STR_ARG(number), mark,
                      STR_ARG(document->symbol));
}

struct str document_title(struct arena *arena, const struct document *document)
{
    struct str kind = document_kind_name(document->kind);
    if (document->number.len == 0)
        return str_format(arena, STR_FMT " (chưa có số)", STR_ARG(kind));
    return str_format(arena, STR_FMT " số " STR_FMT, STR_ARG(kind),
                      STR_ARG(document_cite(arena, document)));
}

struct url document_url(struct arena *arena, int64_t document_id)
{
    return url_format(arena, "/van-ban/%lld", (long long)document_id);
}

struct url document_url_paragraph(struct arena *arena, int64_t document_id, int64_t ordinal)
{
    return url_format(arena, "/van-ban/%lld#doan-%lld", (long long)document_id, (long long)ordinal);
}
