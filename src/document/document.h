/*
 * document: papers, how they relate, to whom they go, and who has them.
 *
 * A paper is drafted, then issued. A draft binds nobody: only issuing delivers it and lets duties
 * and classes come of it. An issued paper is never edited (Decree 30/2020, article 18): another
 * paper amends or replaces it, or it is recalled with a reason. What a paper orders stands in
 * numbered paragraphs, so that whatever comes of it can point at the place that ordered it. Its
 * content is kept as plan/1 JSON, which this room carries and does not read: `plan` reads it and
 * hands the paragraphs, recipients and relations over with the draft.
 *
 * Numbers: a Party paper's number is used once per issuer, kind and term of the committee; a State
 * paper's once per issuer, year and symbol (domain.md 4.2). A paper without number or date cannot
 * be issued.
 *
 * Who sees a paper: the units at or above its issuer, and the units it was delivered to with those
 * above them. A draft is its issuer's alone, and only the issuer acts on its papers: whoever is
 * above reads them and orders by a paper of his own. What one may not see is NOT_FOUND, like what
 * does not exist.
 *
 * A paper that came on paper from a body that does not work here is entered as received
 * (is_received): the unit that enters it stands as its issuer_unit_id and answers for it, issuer_name
 * is the body in its letterhead. Nobody acts in that body's name: the entry binds only bodies in the
 * area of the unit that entered it, goes to no central body, and its number is no number of the
 * unit's own series, so that two provinces may each enter the same paper. A citation finds the paper
 * its issuer put here itself before any entry, and an entry only from within its area.
 */
#ifndef DOCUMENT_DOCUMENT_H
#define DOCUMENT_DOCUMENT_H

#include "base/ctx.h"
#include "base/day.h"
#include "page/html.h"
#include "store/fact.h"
#include "unit/unit.h"

enum {
    DOCUMENT_PARAGRAPHS_MAX = 1000,
    DOCUMENT_RECIPIENTS_MAX = 200,
    DOCUMENT_RELATIONS_MAX = 200,
    DOCUMENT_CONTENT_MAX = 1000000, /* code points of plan/1 JSON */
    DOCUMENT_LIST_MAX = 500,        /* papers of one page */
};

/* X(NAME, as stored, as shown, State abbreviation, Party abbreviation): the kinds of plan/1;
 * abbreviations domain.md 4.2 */
#define DOCUMENT_KIND_LIST(X)                                     \
    X(KE_HOACH, "ke_hoach", "Kế hoạch", "KH", "KH")               \
    X(GIAY_MOI, "giay_moi", "Giấy mời", "GM", "GM")               \
    X(THONG_BAO, "thong_bao", "Thông báo", "TB", "TB")            \
    X(CONG_VAN, "cong_van", "Công văn", "", "CV")                 \
    X(QUYET_DINH, "quyet_dinh", "Quyết định", "QĐ", "QĐ")         \
    X(KET_LUAN, "ket_luan", "Kết luận", "KL", "KL")               \
    X(NGHI_QUYET, "nghi_quyet", "Nghị quyết", "NQ", "NQ")         \
    X(CHI_THI, "chi_thi", "Chỉ thị", "CT", "CT")                  \
    X(HUONG_DAN, "huong_dan", "Hướng dẫn", "HD", "HD")            \
    X(CHUONG_TRINH, "chuong_trinh", "Chương trình", "CTr", "CTr") \
    X(QUY_DINH, "quy_dinh", "Quy định", "QyĐ", "QĐ")              \
    X(NGHI_DINH, "nghi_dinh", "Nghị định", "NĐ", "")              \
    X(THONG_TU, "thong_tu", "Thông tư", "TT", "")                 \
    X(TO_TRINH, "to_trinh", "Tờ trình", "TTr", "TTr")             \
    X(DE_AN, "de_an", "Đề án", "ĐA", "ĐA")                        \
    X(LUAT, "luat", "Luật", "", "")                               \
    X(KHAC, "khac", "Văn bản", "", "")

struct str document_kind_name(struct str kind); /* "Kế hoạch"; "Văn bản" for an unknown one */
bool document_kind_is_known(struct str kind);
/* What a symbol of this kind begins with: "KH"; "" when it has none, as a State letter. */
struct str document_abbreviation(struct str kind, struct str regime);

/* States as stored. */
#define DOCUMENT_STATE_DRAFT STR("draft")
#define DOCUMENT_STATE_ISSUED STR("issued")
#define DOCUMENT_STATE_AMENDED STR("amended")     /* in force, with changes another paper made */
#define DOCUMENT_STATE_RECALLED STR("recalled")   /* binds nobody any more */
#define DOCUMENT_STATE_REPLACED STR("replaced")   /* another paper stands in its place */
struct str document_state_name(struct str state); /* "Dự thảo", "Đã ban hành", ... */

/* Regimes as stored: which house style, numbering and key of uniqueness. */
#define DOCUMENT_REGIME_PARTY STR("party")
#define DOCUMENT_REGIME_STATE STR("state")

struct document {
    int64_t id; /* the seq of its first fact */
    struct str kind;
    struct str number; /* figures as printed, "09"; "" in a draft that has none */
    struct str symbol; /* "KH/HVCTQG", "KH-UBND" */
    struct str regime;
    struct str term; /* of the committee, "2025-2030"; Party papers */
    int64_t issuer_unit_id;
    struct str issuer_path; /* that unit's path when it was drafted */
    struct str issuer_name; /* as in the letterhead */
    struct str place;
    int32_t issued_day; /* the date it bears; DAY_NONE in a draft that has none */
    struct str title;
    struct str signer_name;
    struct str signer_title;
    struct str signer_authority; /* "T/M BAN THƯỜNG VỤ", "TM. ỦY BAN NHÂN DÂN" */
    struct str state;
    struct str content; /* plan/1 JSON; "" when read by a list */
    bool replaces_invitation;
    bool is_received; /* another body's paper, entered by issuer_unit_id */
    int64_t drafted_at;
    int64_t issued_at;      /* when it was sent; 0 for a draft */
    struct str reason;      /* why it was recalled */
    int64_t replaced_by_id; /* the paper that replaces it; 0 */
};

struct document_paragraph {
    int64_t ordinal;  /* from 1, in reading order */
    struct str place; /* as printed: "mục IV.3, đoạn 2"; without one "nhiệm vụ thứ 6" */
    struct str
        section; /* "obligation", "schedule", "topic" ...: which part of plan/1 it came from */
    struct str heading; /* the heading it stands under */
    struct str text;
};
struct document_paragraphs {
    struct document_paragraph *at;
    size_t len;
};

/* A line of "Nơi nhận". It goes to one unit, or to every unit of a sort in a unit's subtree; to
 * nobody while neither is set. */
struct document_recipient {
    int64_t ordinal;
    struct str text;       /* as printed */
    struct str sort;       /* a sort of unit (unit/unit.h), "" when none */
    int64_t unit_id;       /* one unit, 0 when none */
    int64_t scope_unit_id; /* with sort: within this unit's subtree; 0 is the whole country */
    int64_t sent;          /* read only: how many units it resolves to today */
};
struct document_recipients {
    struct document_recipient *at;
    size_t len;
};

/* X(NAME, as stored, how the lower paper says it, how the upper one says it) */
#define DOCUMENT_RELATION_LIST(X)                                              \
    X(BASED_ON, "based_on", "Căn cứ", "Được viện dẫn bởi")                     \
    X(CARRIES_OUT, "carries_out", "Thực hiện", "Được thực hiện bởi")           \
    X(AMENDS, "amends", "Sửa đổi, bổ sung", "Được sửa đổi, bổ sung bởi")       \
    X(REPLACES, "replaces", "Thay thế", "Được thay thế bởi")                   \
    X(STANDS_IN, "stands_in_for_invitation", "Thay giấy mời", "Được thay bởi") \
    X(SEPARATE_TO_FOLLOW, "separate_plan_to_follow", "Sẽ có kế hoạch riêng",   \
      "Là kế hoạch riêng của")                                                 \
    X(SEPARATE_OF, "separate_plan_of", "Là kế hoạch riêng của", "Có kế hoạch riêng")

/* What a paper says of another one. Papers nobody has entered yet stay with to_document_id 0 and
 * are linked when they are issued. */
struct document_relation {
    int64_t document_id;
    int64_t ordinal;
    struct str relation;
    struct str number; /* with its symbol, as printed: "664-KH/HVCTQG" */
    struct str kind;
    int32_t day; /* DAY_NONE when not given */
    struct str issuer;
    struct str text; /* what is to follow, for separate_plan_to_follow */
    int64_t to_document_id;
};
struct document_relations {
    struct document_relation *at;
    size_t len;
};

/* One unit's copy. */
struct document_delivery {
    int64_t document_id;
    int64_t unit_id;
    struct str unit_name;
    struct str province_name; /* "" for central bodies */
    int64_t sent_at;
    int64_t acknowledged_at; /* 0: not yet */
    struct str acknowledged_by;
};

/* A file that goes with a paper: a lecture's text, slides. Its bytes are files/<digest> of the data
 * folder. */
struct material {
    int64_t id;
    int64_t document_id;
    struct str name;
    struct str content_type;
    struct str digest; /* BLAKE2b-256, hex */
    struct str link;   /* instead of a file: a film's address (https) */
    int64_t bytes;
    int64_t deliver_before; /* the instant the paper sets; 0 none */
    int64_t delivered_at;   /* 0: not yet */
    int64_t received;       /* how many units have confirmed it */
    int64_t sent;
    bool is_mine;           /* delivered to the actor's unit */
    int64_t my_received_at; /* by the actor's unit */
};

/* Everything a draft says. Lists may be empty; the issuer defaults to the actor's unit. */
struct document_draft {
    struct str kind, number, symbol, regime, term;
    int64_t issuer_unit_id;
    struct str issuer_name, place;
    int32_t issued_day;
    struct str title, signer_name, signer_title, signer_authority;
    struct str content;
    bool replaces_invitation;
    bool is_received;
    struct document_paragraphs paragraphs;
    struct document_recipients recipients;
    struct document_relations relations;
};

/* ---- What rooms below hang on a paper: called inside apply, in the order in which they were added
 * ---- */

/* Lines of the page that asks "issue?": a number of units or duties, or a warning. */
struct document_foresight {
    struct str *at; /* Vietnamese sentences, in the arena */
    bool *is_warning;
    size_t len;
};
enum { DOCUMENT_FORESIGHT_MAX = 100 };
void document_foresight_add(struct ctx *cx, struct document_foresight *foresight, bool is_warning,
                            const char *format, ...) PRINTF_LIKE(4, 5);

/*
 * Any member may be NULL. The first group runs inside apply and must keep apply's rule: only the
 * fact and tables that facts made. `document` carries its content. The second group runs on a
 * reader, for pages.
 */
struct document_listener {
    enum err (*issued)(struct ctx *cx, const struct fact *fact, const struct document *document);
    enum err (*amended)(struct ctx *cx, const struct fact *fact, const struct document *document,
                        int64_t by_document_id);
    enum err (*replaced)(struct ctx *cx, const struct fact *fact, const struct document *document,
                         int64_t by_document_id);
    enum err (*recalled)(struct ctx *cx, const struct fact *fact, const struct document *document);
    enum err (*acknowledged)(struct ctx *cx, const struct fact *fact, int64_t document_id,
                             int64_t unit_id);
    enum err (*material_delivered)(struct ctx *cx, const struct fact *fact,
                                   const struct material *material);
    enum err (*material_received)(struct ctx *cx, const struct fact *fact, int64_t document_id,
                                  int64_t material_id, int64_t unit_id);

    /* What issuing this draft would do, and what looks wrong in it. */
    enum err (*foresee)(struct ctx *cx, const struct document *document,
                        struct document_foresight *foresight);
    /* A block beside the paper: what was read from it, what came of it. Empty markup shows nothing.
     */
    enum err (*show)(struct ctx *cx, const struct document *document, struct safe_html *ret_block);
};
enum { DOCUMENT_LISTENERS_MAX = 8 };
/* Once at start, before any connection; listeners are static. A second time with the same listener
 * changes nothing. */
void document_listen(const struct document_listener *listener);
/* Those who listen, as they were added. */
const struct document_listener *const *document_listeners(size_t *ret_len);

/* ---- Drafts ---- */

/* ERR_INVALID with the field; needs PERMISSION_DOCUMENT_DRAFT over the issuer. */
enum err document_create_draft(struct ctx *cx, const struct document_draft *draft,
                               int64_t *ret_id) MUST_CHECK;
/* The same for a draft that is there: everything it said is replaced. ERR_CONFLICT once it is
 * issued. */
enum err document_revise_draft(struct ctx *cx, int64_t document_id,
                               const struct document_draft *draft) MUST_CHECK;
/* Says to whom one line of "Nơi nhận" goes. Drafts only. */
enum err document_set_recipient(struct ctx *cx, int64_t document_id,
                                const struct document_recipient *recipient) MUST_CHECK;
/* Adds what a draft says of another paper. */
enum err document_relate(struct ctx *cx, int64_t document_id,
                         const struct document_relation *relation) MUST_CHECK;

/* ---- Issuing and after ---- */

/* Sends it. Refused in words when number, date or recipients are missing, or the number is used up.
 */
enum err document_issue(struct ctx *cx, int64_t document_id) MUST_CHECK;
enum err document_recall(struct ctx *cx, int64_t document_id, struct str reason) MUST_CHECK;
/* The actor's unit has received it. A second time is a success; *ret_first_at is when it was first
 * acknowledged. */
enum err document_acknowledge(struct ctx *cx, int64_t document_id,
                              int64_t *ret_first_at) MUST_CHECK;

/* ---- Materials ---- */

enum { MATERIAL_BYTES_MAX = 24 * 1024 * 1024, MATERIALS_MAX = 100 };
/* Refuses what is not PDF, DOCX, PPTX, XLSX, PNG or JPEG by its bytes and its name, macros, and
 * what is marked secret. */
enum err material_sniff(struct ctx *cx, struct str name, struct str content,
                        struct str *ret_content_type) MUST_CHECK;
/* Writes the bytes under files/ of the data folder, synced; not on the writer. */
enum err material_keep(struct ctx *cx, struct str dir, struct str content,
                       struct str *ret_digest) MUST_CHECK;
enum err material_attach(struct ctx *cx, const struct material *material,
                         int64_t *ret_id) MUST_CHECK;
/* To every unit that has the paper, which must be issued. */
enum err material_deliver(struct ctx *cx, int64_t material_id) MUST_CHECK;
enum err material_receive(struct ctx *cx, int64_t material_id) MUST_CHECK;
/* The bytes, checked against the digest: ERR_SYSTEM when the disk has lost them. */
enum err material_open(struct ctx *cx, struct str dir, const struct material *material,
                       struct str *ret_content) MUST_CHECK;
/* Not narrowed, for apply; narrowed to what the actor may see. */
enum err material_find(struct ctx *cx, int64_t material_id,
                       struct material *ret_material) MUST_CHECK;
enum err material_get(struct ctx *cx, int64_t material_id,
                      struct material *ret_material) MUST_CHECK;
/* Fills sent and received within what the actor may count. */
enum err material_count(struct ctx *cx, const struct document *document,
                        struct material *material) MUST_CHECK;
enum err material_list(struct ctx *cx, int64_t document_id, struct material **ret_list,
                       size_t *ret_len) MUST_CHECK;

/* Whether the actor acts for the paper's issuer; the program itself may, within its scope. */
bool document_is_own(const struct actor *actor, int64_t issuer_unit_id, struct str issuer_path);

/* ERR_INVALID on that field when the text bears a mark of secrecy. */
enum err document_refuse_secret(struct ctx *cx, const char *field, struct str text) MUST_CHECK;

/* ---- Reading, narrowed to what the actor may see ---- */

enum err document_get(struct ctx *cx, int64_t document_id,
                      struct document *ret_document) MUST_CHECK;
enum err document_get_paragraphs(struct ctx *cx, int64_t document_id,
                                 struct document_paragraphs *ret_list) MUST_CHECK;
enum err document_get_recipients(struct ctx *cx, int64_t document_id,
                                 struct document_recipients *ret_list) MUST_CHECK;
/* What it says of others, and what others that the actor may see say of it. */
enum err document_get_relations(struct ctx *cx, int64_t document_id,
                                struct document_relations *ret_list) MUST_CHECK;
enum err document_get_relations_to(struct ctx *cx, int64_t document_id,
                                   struct document_relations *ret_list) MUST_CHECK;

/* Not narrowed: for apply and for rooms that have already checked. With content. */
enum err document_find(struct ctx *cx, int64_t document_id,
                       struct document *ret_document) MUST_CHECK;
/* The one issued paper that is cited so, seen from a unit with this path; 0 when none or when it is
 * not clear which. */
enum err document_find_cited(struct ctx *cx, const struct document_relation *cited,
                             struct str from_path, int64_t *ret_document_id) MUST_CHECK;

/* ---- Words and addresses ---- */

/* "664-KH/HVCTQG" for Party papers, "15/QĐ-BNV" for State ones; without number "…-KH/TU". */
struct str document_cite(struct arena *arena, const struct document *document);
/* "Kế hoạch số 664-KH/HVCTQG", for a first mention. */
struct str document_title(struct arena *arena, const struct document *document);
struct url document_url(struct arena *arena, int64_t document_id);
struct url document_url_paragraph(struct arena *arena, int64_t document_id,
                                  int64_t ordinal); /* with #doan-N */

/* Hangs this room on the ones above: papers follow a unit that moves. Once at start. */
void document_start(void);

/*
 * Only in apply: a part that was split off owes something by a paper its old unit had been sent, so it gets the paper and
 * the materials not yet taken in. Nothing happens when the old unit had not been sent it, or the part has it already.
 */
enum err document_hand_on(struct ctx *cx, const struct fact *fact, int64_t document_id, const struct unit_heir *heir,
                          bool *ret_is_new) MUST_CHECK;

extern const struct fact_kinds document_facts;

#endif
