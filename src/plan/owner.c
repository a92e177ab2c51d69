#include "plan/owner.h"

#include "viet/viet.h"

/*
 * How the words are read. The text is cut into words, each folded (lower case, no diacritics), so that "Uỷ", "Ủy" and
 * "ủy" are one. From left to right the longest phrase of the dictionary that begins at a word is taken; commas and
 * slashes inside a phrase do not count, which keeps names with commas whole. What stands between phrases is either a
 * small word ("các", "và"), a qualifier of the body before it ("được giao tổ chức lớp"), or a body nobody knows.
 */

enum entry_kind {
    ENTRY_BODY,     /* one sort, whatever follows */
    ENTRY_NAMED,    /* one sort, with a proper name behind it */
    ENTRY_HEAD,     /* a sort per level; the level may stand behind several heads */
    ENTRY_COMMUNE,  /* a level */
    ENTRY_PROVINCE, /* a level */
    ENTRY_GROUP,    /* several sorts */
    ENTRY_HOLDERS,  /* who the paper is for */
    ENTRY_PERSONS,  /* persons, not bodies */
    ENTRY_VAGUE,    /* names nobody: "các cơ quan liên quan" */
    ENTRY_POST,     /* a post: whoever heads the body that follows answers in person */
};

/* Sorts are parted by blanks. A head's first sort is that of the province, its second that of the commune. */
struct entry {
    const char *phrase; /* folded words, one blank between */
    enum entry_kind kind;
    const char *sorts;
};

/* clang-format off */
#define PROVINCIAL_DEPARTMENTS \
    "so_noi_vu so_tai_chinh so_xay_dung so_nong_nghiep_moi_truong so_khoa_hoc_cong_nghe so_van_hoa_the_thao_du_lich so_cong_thuong " \
    "so_dan_toc_ton_giao so_tu_phap so_ngoai_vu so_y_te so_giao_duc_dao_tao thanh_tra_tinh van_phong_ubnd_tinh " \
    "ban_quan_ly_kkt_kcn"
#define PROVINCIAL_PARTY_BOARDS \
    "van_phong_tu ban_to_chuc_tu uy_ban_kiem_tra_tu ban_tuyen_giao_dan_van_tu ban_noi_chinh_tu"

static const struct entry dictionary[] = {
    /* Central level (664-KH/HVCTQG). */
    { "hoc vien chinh tri quoc gia ho chi minh", ENTRY_BODY, "hoc_vien" },
    { "hoc vien", ENTRY_BODY, "hoc_vien" },
    { "van phong trung uong dang", ENTRY_BODY, "van_phong_tw" },
    { "van phong trung uong", ENTRY_BODY, "van_phong_tw" },
    { "ban to chuc trung uong", ENTRY_BODY, "ban_to_chuc_tw" },
    { "uy ban kiem tra trung uong", ENTRY_BODY, "uy_ban_kiem_tra_tw" },
    { "ban tuyen giao va dan van trung uong", ENTRY_BODY, "ban_tuyen_giao_dan_van_tw" },
    { "ban noi chinh trung uong", ENTRY_BODY, "ban_noi_chinh_tw" },
    { "van phong chinh phu", ENTRY_BODY, "van_phong_chinh_phu" },
    { "bo noi vu", ENTRY_BODY, "bo_noi_vu" },
    { "bo tai chinh", ENTRY_BODY, "bo_tai_chinh" },
    { "bo xay dung", ENTRY_BODY, "bo_xay_dung" },
    { "bo nong nghiep va moi truong", ENTRY_BODY, "bo_nong_nghiep_moi_truong" },
    { "bo khoa hoc va cong nghe", ENTRY_BODY, "bo_khoa_hoc_cong_nghe" },
    { "bo van hoa the thao va du lich", ENTRY_BODY, "bo_van_hoa_the_thao_du_lich" },
    { "bo cong thuong", ENTRY_BODY, "bo_cong_thuong" },
    { "bo tu phap", ENTRY_BODY, "bo_tu_phap" },
    { "bo y te", ENTRY_BODY, "bo_y_te" },
    { "bo giao duc va dao tao", ENTRY_BODY, "bo_giao_duc_dao_tao" },
    { "bo dan toc va ton giao", ENTRY_BODY, "bo_dan_toc_ton_giao" },
    /* The province's Party committee; the central paper means every one. */
    { "tinh uy thanh uy dang uy truc thuoc trung uong", ENTRY_BODY, "tinh_uy" },
    { "tinh uy thanh uy dang uy truc thuoc tw", ENTRY_BODY, "tinh_uy" },
    { "tinh uy thanh uy truc thuoc trung uong", ENTRY_BODY, "tinh_uy" },
    { "tinh uy thanh uy truc thuoc tw", ENTRY_BODY, "tinh_uy" },
    { "tinh uy thanh uy", ENTRY_BODY, "tinh_uy" },
    { "ban thuong vu tinh uy thanh uy", ENTRY_BODY, "tinh_uy" },
    { "ban thuong vu tinh uy", ENTRY_BODY, "tinh_uy" },
    { "ban thuong vu thanh uy", ENTRY_BODY, "tinh_uy" },
    { "thuong truc tinh uy thanh uy", ENTRY_BODY, "tinh_uy" },
    { "thuong truc tinh uy", ENTRY_BODY, "tinh_uy" },
    { "thuong truc thanh uy", ENTRY_BODY, "tinh_uy" },
    { "tinh uy", ENTRY_NAMED, "tinh_uy" },
    { "thanh uy", ENTRY_NAMED, "tinh_uy" },
    /* Its boards and Party committees (domain.md 2.3). */
    { "ban to chuc tinh uy thanh uy", ENTRY_BODY, "ban_to_chuc_tu" },
    { "ban to chuc tinh uy", ENTRY_NAMED, "ban_to_chuc_tu" },
    { "ban to chuc thanh uy", ENTRY_NAMED, "ban_to_chuc_tu" },
    { "van phong tinh uy thanh uy", ENTRY_BODY, "van_phong_tu" },
    { "van phong tinh uy", ENTRY_NAMED, "van_phong_tu" },
    { "van phong thanh uy", ENTRY_NAMED, "van_phong_tu" },
    { "vptu", ENTRY_BODY, "van_phong_tu" },
    { "uy ban kiem tra tinh uy", ENTRY_NAMED, "uy_ban_kiem_tra_tu" },
    { "uy ban kiem tra thanh uy", ENTRY_NAMED, "uy_ban_kiem_tra_tu" },
    { "ban tuyen giao va dan van tinh uy", ENTRY_NAMED, "ban_tuyen_giao_dan_van_tu" },
    { "ban tuyen giao va dan van thanh uy", ENTRY_NAMED, "ban_tuyen_giao_dan_van_tu" },
    { "ban noi chinh tinh uy", ENTRY_NAMED, "ban_noi_chinh_tu" },
    { "ban noi chinh thanh uy", ENTRY_NAMED, "ban_noi_chinh_tu" },
    { "dang uy cac co quan dang tinh", ENTRY_BODY, "dang_uy_co_quan_dang" },
    { "dang uy cac co quan dang thanh pho", ENTRY_BODY, "dang_uy_co_quan_dang" },
    { "dang uy uy ban nhan dan tinh", ENTRY_BODY, "dang_uy_ubnd_tinh" },
    { "dang uy uy ban nhan dan thanh pho", ENTRY_BODY, "dang_uy_ubnd_tinh" },
    { "dang uy ubnd tinh", ENTRY_BODY, "dang_uy_ubnd_tinh" },
    { "dang uy ubnd thanh pho", ENTRY_BODY, "dang_uy_ubnd_tinh" },
    { "co quan chuyen trach tham muu giup viec tinh uy", ENTRY_GROUP, PROVINCIAL_PARTY_BOARDS },
    { "co quan chuyen trach tham muu giup viec thanh uy", ENTRY_GROUP, PROVINCIAL_PARTY_BOARDS },
    { "co quan tham muu giup viec tinh uy", ENTRY_GROUP, PROVINCIAL_PARTY_BOARDS },
    { "co quan tham muu giup viec thanh uy", ENTRY_GROUP, PROVINCIAL_PARTY_BOARDS },
    /* The province's departments: names that hold commas or "và" stand here whole. */
    { "so noi vu", ENTRY_BODY, "so_noi_vu" },
    { "so tai chinh", ENTRY_BODY, "so_tai_chinh" },
    { "so xay dung", ENTRY_BODY, "so_xay_dung" },
    { "so nong nghiep va moi truong", ENTRY_BODY, "so_nong_nghiep_moi_truong" },
    { "so khoa hoc va cong nghe", ENTRY_BODY, "so_khoa_hoc_cong_nghe" },
    { "so van hoa the thao va du lich", ENTRY_BODY, "so_van_hoa_the_thao_du_lich" },
    { "so van hoa va the thao", ENTRY_BODY, "so_van_hoa_the_thao_du_lich" },
    { "so cong thuong", ENTRY_BODY, "so_cong_thuong" },
    { "so dan toc va ton giao", ENTRY_BODY, "so_dan_toc_ton_giao" },
    { "so tu phap", ENTRY_BODY, "so_tu_phap" },
    { "so ngoai vu", ENTRY_BODY, "so_ngoai_vu" },
    { "so y te", ENTRY_BODY, "so_y_te" },
    { "so giao duc va dao tao", ENTRY_BODY, "so_giao_duc_dao_tao" },
    { "thanh tra tinh", ENTRY_BODY, "thanh_tra_tinh" },
    { "thanh tra thanh pho", ENTRY_BODY, "thanh_tra_tinh" },
    { "van phong uy ban nhan dan", ENTRY_BODY, "van_phong_ubnd_tinh" },
    { "van phong ubnd", ENTRY_BODY, "van_phong_ubnd_tinh" },
    { "ban quan ly khu kinh te va cac khu cong nghiep", ENTRY_BODY, "ban_quan_ly_kkt_kcn" },
    { "ban quan ly khu kinh te", ENTRY_BODY, "ban_quan_ly_kkt_kcn" },
    { "co quan thuoc hoi dong nhan dan tinh", ENTRY_BODY, "cac_ban_hdnd_tinh" },
    { "co quan thuoc hoi dong nhan dan thanh pho", ENTRY_BODY, "cac_ban_hdnd_tinh" },
    { "co quan uy ban mat tran to quoc viet nam", ENTRY_HEAD, "mttq_tinh mttq_xa" },
    { "to chuc chinh tri - xa hoi", ENTRY_HEAD, "mttq_tinh mttq_xa" },
    { "so ban nganh", ENTRY_GROUP, PROVINCIAL_DEPARTMENTS },
    { "so ban ban nganh", ENTRY_GROUP, PROVINCIAL_DEPARTMENTS },
    { "ban so nganh", ENTRY_GROUP, PROVINCIAL_PARTY_BOARDS " " PROVINCIAL_DEPARTMENTS },
    { "so nganh", ENTRY_GROUP, PROVINCIAL_DEPARTMENTS },
    /* Schools, press, utilities. */
    { "truong chinh tri", ENTRY_NAMED, "truong_chinh_tri" },
    { "bao va phat thanh truyen hinh", ENTRY_NAMED, "bao_ptth" },
    { "vien thong", ENTRY_NAMED, "vien_thong" },
    { "dien luc", ENTRY_NAMED, "dien_luc" },
    { "cong ty dien luc", ENTRY_NAMED, "dien_luc" },
    /* Bodies that exist at both levels; the level stands behind, once for all before it. */
    { "thuong truc dang uy", ENTRY_HEAD, "tinh_uy dang_uy_xa" },
    { "ban thuong vu dang uy", ENTRY_HEAD, "tinh_uy dang_uy_xa" },
    { "ban chap hanh dang bo", ENTRY_HEAD, "tinh_uy dang_uy_xa" },
    { "dang uy", ENTRY_HEAD, "tinh_uy dang_uy_xa" },
    { "cap uy", ENTRY_HEAD, "tinh_uy dang_uy_xa" },
    { "thuong truc hoi dong nhan dan", ENTRY_HEAD, "hdnd_tinh hdnd_xa" },
    { "thuong truc hdnd", ENTRY_HEAD, "hdnd_tinh hdnd_xa" },
    { "hoi dong nhan dan", ENTRY_HEAD, "hdnd_tinh hdnd_xa" },
    { "hdnd", ENTRY_HEAD, "hdnd_tinh hdnd_xa" },
    { "uy ban nhan dan", ENTRY_HEAD, "ubnd_tinh ubnd_xa" },
    { "ubnd", ENTRY_HEAD, "ubnd_tinh ubnd_xa" },
    { "uy ban mat tran to quoc viet nam", ENTRY_HEAD, "mttq_tinh mttq_xa" },
    { "uy ban mat tran to quoc", ENTRY_HEAD, "mttq_tinh mttq_xa" },
    { "uy ban mttq viet nam", ENTRY_HEAD, "mttq_tinh mttq_xa" },
    { "uy ban mttq", ENTRY_HEAD, "mttq_tinh mttq_xa" },
    { "mat tran to quoc viet nam", ENTRY_HEAD, "mttq_tinh mttq_xa" },
    { "mttq viet nam", ENTRY_HEAD, "mttq_tinh mttq_xa" },
    { "mttq", ENTRY_HEAD, "mttq_tinh mttq_xa" },
    { "cap xa", ENTRY_COMMUNE, "" },
    { "xa", ENTRY_COMMUNE, "" },
    { "phuong", ENTRY_COMMUNE, "" },
    { "dac khu", ENTRY_COMMUNE, "" },
    { "cap tinh", ENTRY_PROVINCE, "" },
    { "tinh", ENTRY_PROVINCE, "" },
    { "thanh pho", ENTRY_PROVINCE, "" },
    /* Who the paper itself is for, persons, and words that name nobody. */
    { "co quan don vi", ENTRY_HOLDERS, "" },
    { "co quan don vi dia phuong", ENTRY_HOLDERS, "" },
    { "don vi", ENTRY_HOLDERS, "" },
    { "can bo cong chuc", ENTRY_PERSONS, "" },
    { "can bo", ENTRY_PERSONS, "" },
    { "hoc vien tham du lop", ENTRY_PERSONS, "" },
    { "co quan co lien quan", ENTRY_VAGUE, "" },
    { "co quan lien quan", ENTRY_VAGUE, "" },
    { "co quan don vi co lien quan", ENTRY_VAGUE, "" },
    { "co quan don vi lien quan", ENTRY_VAGUE, "" },
    { "dia phuong", ENTRY_VAGUE, "" },
    { "bo ban nganh trung uong", ENTRY_VAGUE, "" },
    { "ban bo nganh trung uong", ENTRY_VAGUE, "" },
    /* Posts. */
    { "chu tich", ENTRY_POST, "" },
    { "bi thu", ENTRY_POST, "" },
    { "giam doc", ENTRY_POST, "" },
    { "truong ban", ENTRY_POST, "" },
    { "nguoi dung dau", ENTRY_POST, "" },
};
/* clang-format on */
#undef PROVINCIAL_DEPARTMENTS
#undef PROVINCIAL_PARTY_BOARDS

struct word {
    struct str text;   /* as printed, without the mark behind it */
    struct str folded;
    size_t from, to;   /* in the printed text */
    bool is_parted;    /* a comma, semicolon, slash or bracket stands behind it */
};

struct words {
    struct word *at;
    size_t len;
};

struct reader {
    struct arena *arena;
    struct str text;
    struct words words;
    struct owner *owner;
    size_t pending_from; /* heads from here on wait for their level */
    const struct entry *pending[OWNER_PARTS_MAX];
    size_t pending_at[OWNER_PARTS_MAX]; /* where each stands: its words in the text */
    size_t pending_len;
};

static bool is_mark(char c)
{
    return c == ',' || c == ';' || c == '/' || c == '(' || c == ')' || c == ':' || c == '.';
}

static struct words cut_words(struct arena *arena, struct str text)
{
    enum { WORDS_MAX = 400 };
    struct words words = { ARENA_NEW_ARRAY(arena, struct word, WORDS_MAX), 0 };
    size_t i = 0;
    while (i < text.len && words.len < WORDS_MAX) {
        size_t from = i;
        while (i < text.len && text.at[i] != ' ' && !is_mark(text.at[i]))
            i++;
        if (i > from) {
            struct str word = str_sub(text, from, i - from);
            words.at[words.len++] = (struct word){ word, viet_fold(arena, word), from, i, false };
        }
        if (i < text.len && is_mark(text.at[i]) && words.len > 0)
            words.at[words.len - 1].is_parted = true;
        i += i < text.len;
    }
    return words;
}

/* How many words from `at` on the phrase covers; 0 when it does not stand there. */
static size_t match_phrase(const struct words *words, size_t at, const char *phrase)
{
    struct str rest = str_from(phrase);
    size_t len = 0;
    while (rest.len > 0) {
        struct str want = str_cut(&rest, ' ');
        if (at + len >= words->len || !str_eq(words->at[at + len].folded, want))
            return 0;
        len++;
    }
    return len;
}

static const struct entry *find_entry(const struct words *words, size_t at, size_t *ret_len)
{
    const struct entry *found = NULL;
    size_t longest = 0;
    for (size_t i = 0; i < LEN(dictionary); i++) {
        size_t len = match_phrase(words, at, dictionary[i].phrase);
        if (len > longest) {
            longest = len;
            found = &dictionary[i];
        }
    }
    *ret_len = longest;
    return found;
}

static bool is_one_of(struct str word, const char *words)
{
    struct str rest = str_from(words);
    while (rest.len > 0) {
        if (str_eq(word, str_cut(&rest, ' ')))
            return true;
    }
    return false;
}

static bool is_small_word(struct str folded)
{
    return is_one_of(folded, "cac moi giao va cung nhung tung toan the tap dong chi voi de nghi");
}

/* What follows describes the body before it and names no other: "nơi cử", "được giao", "liên quan". */
static bool is_qualifier(struct str folded)
{
    return is_one_of(folded, "noi duoc theo thuoc tai lap gui co lien truc trong chu tri thuc hien");
}

static bool is_capital(struct arena *arena, struct str word)
{
    return word.len > 0 && str_eq(viet_upper_first(arena, word), word) &&
           !str_eq(viet_lower_first(arena, word), word);
}

static struct str printed(const struct reader *reader, size_t from_word, size_t to_word)
{
    size_t from = reader->words.at[from_word].from;
    return str_sub(reader->text, from, reader->words.at[to_word - 1].to - from);
}

/* One body once, however often the paper says it. */
static void add_part(struct reader *reader, enum owner_reach reach, struct str sort, struct str name,
                     struct str text)
{
    struct owner *owner = reader->owner;
    for (size_t i = 0; i < owner->len; i++) {
        if (owner->at[i].reach == reach && reach != OWNER_UNKNOWN &&
            str_eq(owner->at[i].sort, sort) && str_eq(owner->at[i].name, name))
            return;
    }
    if (owner->len < OWNER_PARTS_MAX)
        owner->at[owner->len++] = (struct owner_part){ reach, sort, name, text };
}

static void add_sorts(struct reader *reader, const char *sorts, struct str text)
{
    struct str rest = str_from(sorts);
    while (rest.len > 0)
        add_part(reader, OWNER_SORT, str_cut(&rest, ' '), STR(""), text);
}

/* Gives every waiting head the level that stands behind it. */
static void settle_heads(struct reader *reader, bool is_commune)
{
    for (size_t i = 0; i < reader->pending_len; i++) {
        struct str sorts = str_from(reader->pending[i]->sorts);
        struct str province = str_cut(&sorts, ' ');
        struct str text = reader->words.at[reader->pending_at[i]].text;
        size_t len = match_phrase(&reader->words, reader->pending_at[i], reader->pending[i]->phrase);
        if (len > 0)
            text = printed(reader, reader->pending_at[i], reader->pending_at[i] + len);
        add_part(reader, OWNER_SORT, is_commune ? sorts : province, STR(""), text);
    }
    reader->pending_len = 0;
}

/* Heads without any level ("UBND"): nobody can tell which, so the words stay. */
static void give_up_heads(struct reader *reader)
{
    for (size_t i = 0; i < reader->pending_len; i++) {
        size_t at = reader->pending_at[i];
        size_t len = match_phrase(&reader->words, at, reader->pending[i]->phrase);
        add_part(reader, OWNER_UNKNOWN, STR(""), STR(""), printed(reader, at, at + len));
    }
    reader->pending_len = 0;
}

/* Words from `at` on that describe the body before, up to the next body after a comma or "và"; where they end. */
static size_t skip_qualifier(const struct words *words, size_t at)
{
    for (; at < words->len; at++) {
        if (at == 0)
            continue;
        bool after_break = words->at[at - 1].is_parted || str_eq(words->at[at - 1].folded, STR("va"));
        size_t next = at;
        while (next < words->len && is_small_word(words->at[next].folded))
            next++;
        size_t len = 0;
        const struct entry *entry = next < words->len ? find_entry(words, next, &len) : NULL;
        bool is_joined = next > at && str_eq(words->at[at].folded, STR("va"));
        if (entry && entry->kind != ENTRY_PERSONS && entry->kind != ENTRY_POST &&
            (after_break || is_joined) && !is_qualifier(words->at[at].folded))
            return at;
    }
    return at;
}

/* The proper name behind a body: capitalised words up to the next mark or body. "Tĩnh" of Hà Tĩnh is no level. */
static size_t skip_name(struct reader *reader, size_t at)
{
    const struct words *words = &reader->words;
    while (at < words->len && (at == 0 || !words->at[at - 1].is_parted) &&
           is_capital(reader->arena, words->at[at].text)) {
        size_t len = 0;
        const struct entry *entry = find_entry(words, at, &len);
        if (entry && entry->kind != ENTRY_PROVINCE && entry->kind != ENTRY_COMMUNE)
            break;
        at++;
    }
    return at;
}

/* A body nobody knows: up to the next mark; where it ends. */
static size_t read_unknown(struct reader *reader, size_t at)
{
    const struct words *words = &reader->words;
    size_t end = at;
    while (end < words->len) {
        size_t len = 0;
        if (end > at && is_qualifier(words->at[end].folded)) {
            end = skip_qualifier(words, end);
            break;
        }
        if (end > at && (words->at[end - 1].is_parted || is_small_word(words->at[end].folded)) &&
            find_entry(words, end + is_small_word(words->at[end].folded), &len))
            break;
        end++;
        if (words->at[end - 1].is_parted)
            break;
    }
    add_part(reader, OWNER_UNKNOWN, STR(""), STR(""), printed(reader, at, end));
    return end;
}

/* "Các cơ quan, đơn vị" is who the paper is for; with a condition behind it, it is only some of them. */
static size_t read_limited(struct reader *reader, const struct entry *entry, size_t at, size_t end)
{
    const struct words *words = &reader->words;
    bool is_limited = end < words->len && !words->at[end - 1].is_parted &&
                      is_qualifier(words->at[end].folded);
    size_t behind = is_limited ? skip_qualifier(words, end) : end;
    struct str text = printed(reader, at, behind);
    if (is_limited)
        add_part(reader, OWNER_UNKNOWN, STR(""), STR(""), text);
    else if (entry->kind == ENTRY_GROUP)
        add_sorts(reader, entry->sorts, text);
    else
        add_part(reader, OWNER_HOLDERS, STR(""), STR(""), text);
    return behind;
}

static bool is_level(const struct entry *entry)
{
    return entry->kind == ENTRY_COMMUNE || entry->kind == ENTRY_PROVINCE;
}

/* "xã, phường, đặc khu" is one level said three times. */
static size_t skip_places(const struct words *words, size_t at)
{
    size_t len = 0;
    const struct entry *entry = NULL;
    while (at < words->len && (entry = find_entry(words, at, &len)) != NULL && is_level(entry))
        at += len;
    return at;
}

/* A place alone ("các xã, phường") is no body: Party committee or People's Committee, the paper does not say. */
static size_t read_places(struct reader *reader, size_t at)
{
    size_t end = skip_places(&reader->words, at);
    add_part(reader, OWNER_UNKNOWN, STR(""), STR(""), printed(reader, at, end));
    return end;
}

static size_t read_entry(struct reader *reader, const struct entry *entry, size_t at, size_t len)
{
    size_t end = at + len;
    switch (entry->kind) {
    case ENTRY_BODY:
    case ENTRY_NAMED: {
        size_t behind = skip_name(reader, end);
        struct str name = behind > end ? printed(reader, end, behind) : STR("");
        add_part(reader, OWNER_SORT, str_from(entry->sorts), name, printed(reader, at, behind));
        return behind;
    }
    case ENTRY_HEAD:
        if (reader->pending_len < OWNER_PARTS_MAX) {
            reader->pending[reader->pending_len] = entry;
            reader->pending_at[reader->pending_len++] = at;
        }
        return end;
    case ENTRY_COMMUNE:
    case ENTRY_PROVINCE:
        settle_heads(reader, entry->kind == ENTRY_COMMUNE);
        return skip_places(&reader->words, end);
    case ENTRY_GROUP:
    case ENTRY_HOLDERS:
        return read_limited(reader, entry, at, end);
    case ENTRY_PERSONS:
        end = skip_qualifier(&reader->words, end);
        add_part(reader, OWNER_PERSONS, STR(""), STR(""), printed(reader, at, end));
        return end;
    case ENTRY_VAGUE:
        add_part(reader, OWNER_UNKNOWN, STR(""), STR(""), printed(reader, at, end));
        return end;
    case ENTRY_POST:
        reader->owner->head = reader->text;
        return end;
    }
    return end;
}

struct owner owner_read(struct arena *arena, struct str text)
{
    struct owner owner = { .at = ARENA_NEW_ARRAY(arena, struct owner_part, OWNER_PARTS_MAX) };
    struct reader *reader = ARENA_NEW(arena, struct reader);
    reader->arena = arena;
    reader->text = str_trim(text);
    reader->owner = &owner;
    reader->words = cut_words(arena, reader->text);
    const struct words *words = &reader->words;
    size_t at = 0;
    bool has_body = false;
    while (at < words->len) {
        size_t len = 0;
        const struct entry *entry = find_entry(words, at, &len);
        if (entry && is_level(entry) && reader->pending_len == 0 &&
            (!has_body || words->at[at - 1].is_parted || is_small_word(words->at[at - 1].folded))) {
            at = read_places(reader, at);
            has_body = true;
        } else if (entry) {
            if (!is_level(entry) && entry->kind != ENTRY_HEAD)
                give_up_heads(reader);
            at = read_entry(reader, entry, at, len);
            has_body = true;
        } else if (is_small_word(words->at[at].folded)) {
            at++;
        } else if (has_body && is_qualifier(words->at[at].folded)) {
            at = skip_qualifier(words, at);
        } else {
            at = read_unknown(reader, at);
            has_body = true;
        }
    }
    give_up_heads(reader);
    return owner;
}

bool owner_is_doubtful(const struct owner *owner)
{
    for (size_t i = 0; i < owner->len; i++) {
        if (owner->at[i].reach == OWNER_UNKNOWN)
            return true;
    }
    return owner->len == 0;
}

size_t owner_sorts(struct arena *arena, struct str **ret_sorts)
{
    enum { SORTS_MAX = 1000 };
    struct str *sorts = ARENA_NEW_ARRAY(arena, struct str, SORTS_MAX);
    size_t len = 0;
    for (size_t i = 0; i < LEN(dictionary); i++) {
        struct str rest = str_from(dictionary[i].sorts);
        while (rest.len > 0 && len < SORTS_MAX)
            sorts[len++] = str_cut(&rest, ' ');
    }
    *ret_sorts = sorts;
    return len;
}
