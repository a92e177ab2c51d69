#include "viet/viet.h"

/*
 * Forms of address, degrees and ranks that rosters put in front of names, in lower case and with
 * their marks: "ba" is not "bà", and Bá is a family name.
 */
static const struct str honorifics[] = {
    STR_INIT("đồng chí"),     STR_INIT("đ/c"),         STR_INIT("đc."),
    STR_INIT("ông"),          STR_INIT("bà"),          STR_INIT("gs"),
    STR_INIT("pgs"),          STR_INIT("tskh"),        STR_INIT("ts"),
    STR_INIT("ths"),          STR_INIT("bsckii"),      STR_INIT("bscki"),
    STR_INIT("bs"),           STR_INIT("ls"),          STR_INIT("ks"),
    STR_INIT("cn"),           STR_INIT("ngnd"),        STR_INIT("ngưt"),
    STR_INIT("phó giáo sư"),  STR_INIT("giáo sư"),     STR_INIT("tiến sĩ"),
    STR_INIT("tiến sỹ"),      STR_INIT("thạc sĩ"),     STR_INIT("thạc sỹ"),
    STR_INIT("bác sĩ"),       STR_INIT("bác sỹ"),      STR_INIT("luật sư"),
    STR_INIT("kỹ sư"),        STR_INIT("cử nhân"),     STR_INIT("đại tướng"),
    STR_INIT("thượng tướng"), STR_INIT("trung tướng"), STR_INIT("thiếu tướng"),
    STR_INIT("đại tá"),       STR_INIT("thượng tá"),   STR_INIT("trung tá"),
    STR_INIT("thiếu tá"),     STR_INIT("đại úy"),      STR_INIT("thượng úy"),
    STR_INIT("trung úy"),     STR_INIT("thiếu úy"),
};

/* Clans of the Ê Đê that close a name, folded. */
static const struct str clans[] = {
    STR_INIT("nie"),     STR_INIT("eban"),       STR_INIT("mlo"),      STR_INIT("ayun"),
    STR_INIT("bya"),     STR_INIT("kbuor"),      STR_INIT("kdoh"),     STR_INIT("enuol"),
    STR_INIT("buon ya"), STR_INIT("buon krong"), STR_INIT("nie kdam"), STR_INIT("hwing"),
    STR_INIT("adrong"),  STR_INIT("knul"),       STR_INIT("ktla"),     STR_INIT("ksor"),
    STR_INIT("hmok"),    STR_INIT("kpa"),
};

enum { NAME_WORDS_MAX = 16 };

static struct str without_blanks_before(struct str text)
{
    while (text.len > 0 && (text.at[0] == ' ' || text.at[0] == '.' || text.at[0] == ','))
        text = str_sub(text, 1, SIZE_MAX);
    return text;
}

/*
 * The bytes of `text` that one honorific takes, its dot included; 0 when it begins with none. Cut
 * by code points: the two cases of a letter may differ in bytes.
 */
static size_t honorific_bytes(struct arena *arena, struct str text)
{
    for (size_t i = 0; i < LEN(honorifics); i++) {
        struct str rest = text;
        for (size_t points = str_count_code_points(honorifics[i]); points > 0 && rest.len > 0;
             points--)
            str_next_code_point(&rest);
        struct str head = str_sub(text, 0, text.len - rest.len);
        if (!str_eq(viet_lower(arena, viet_tone_key(arena, head)), honorifics[i]))
            continue;
        bool has_dot = str_ends(head, STR(".")) || str_starts(rest, STR("."));
        if (!has_dot && !str_starts(rest, STR(" ")) && !str_starts(rest, STR(",")))
            continue;
        /* A name keeps at least one word. */
        struct str name = without_blanks_before(rest);
        if (name.len > 0)
            return text.len - name.len;
    }
    return 0;
}

static bool is_clan(struct arena *arena, struct str text)
{
    struct str folded = viet_fold(arena, text);
    for (size_t i = 0; i < LEN(clans); i++)
        if (str_eq(folded, clans[i]))
            return true;
    return false;
}

static struct str join_words(struct arena *arena, const struct str *words, size_t len)
{
    return len == 0 ? STR("") : str_join(arena, words, len, STR(" "));
}

/* "Y Blim Niê", "H'Lan Mlô", "H' Lan Buôn Yă": a mark of sex, the given name, the clan of one or
 * two words. */
static bool split_clan_last(struct arena *arena, const struct str *words, size_t len,
                            struct viet_name *ret_name)
{
    struct str mark = words[0], given = STR("");
    size_t given_at = 1;
    struct str first = viet_fold(arena, mark);
    if (str_starts(first, STR("h'")) && first.len > 2) {
        struct str rest = mark;
        str_next_code_point(&rest);
        str_next_code_point(&rest);
        given = rest;
        mark = str_sub(mark, 0, mark.len - rest.len);
    } else if (!str_eq(first, STR("y")) && !str_eq(first, STR("h'"))) {
        return false;
    }

    for (size_t clan_len = 2; clan_len > 0; clan_len--) {
        size_t shortest = given_at + (given.len == 0) + clan_len;
        if (len < shortest || !is_clan(arena, join_words(arena, words + len - clan_len, clan_len)))
            continue;
        struct str more = join_words(arena, words + given_at, len - given_at - clan_len);
        if (given.len > 0 && more.len > 0)
            given = str_format(arena, STR_FMT " " STR_FMT, STR_ARG(given), STR_ARG(more));
        ret_name->family = join_words(arena, words + len - clan_len, clan_len);
        ret_name->middle = mark;
        ret_name->given = given.len > 0 ? given : more;
        return true;
    }
    return false;
}

struct viet_name viet_name_split(struct arena *arena, struct str full_name)
{
    struct viet_name name = {
        .honorific = STR(""), .family = STR(""), .middle = STR(""), .given = STR("")
    };
    struct str text = str_trim(viet_nfc(arena, full_name));
    struct str rest = text;
    for (size_t taken = honorific_bytes(arena, rest); taken > 0;
         taken = honorific_bytes(arena, rest))
        rest = str_sub(rest, taken, SIZE_MAX);
    name.honorific = str_trim(str_sub(text, 0, text.len - rest.len));

    struct str words[NAME_WORDS_MAX];
    size_t len = 0;
    while (rest.len > 0 && len < NAME_WORDS_MAX) {
        struct str word = len + 1 < NAME_WORDS_MAX ? str_cut(&rest, ' ') : rest;
        if (len + 1 == NAME_WORDS_MAX)
            rest = STR("");
        if (word.len > 0)
            words[len++] = word;
    }
    if (len == 0)
        return name;
    if (len > 1 && split_clan_last(arena, words, len, &name))
        return name;
    name.given = words[len - 1];
    if (len > 1)
        name.family = words[0];
    if (len > 2)
        name.middle = join_words(arena, words + 1, len - 2);
    return name;
}

static void put_part(struct buf *out, struct str part)
{
    if (part.len == 0)
        return;
    /* A part that ends in an apostrophe holds the next one to it: "H'" and "Lan" are "H'Lan". */
    if (out->len > 0 && out->at[out->len - 1] != '\'')
        buf_put_char(out, ' ');
    buf_put(out, part);
}

struct str viet_name_join(struct arena *arena, const struct viet_name *name)
{
    struct buf out;
    buf_init(&out, arena);
    struct str mark = viet_fold(arena, name->middle);
    bool is_clan_last =
        (str_eq(mark, STR("y")) || str_eq(mark, STR("h'"))) && is_clan(arena, name->family);
    if (!is_clan_last)
        put_part(&out, name->family);
    put_part(&out, name->middle);
    put_part(&out, name->given);
    if (is_clan_last)
        put_part(&out, name->family);
    return buf_str(&out);
}
