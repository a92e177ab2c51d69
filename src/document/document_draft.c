#include "document/document_fact.h"

#include "unit/unit.h"
#include "viet/viet.h"

/* ---- Numbers in one spelling ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

struct str document_cite_key_of(struct arena *arena, struct str printed)
{
    struct buf key;
    buf_init(&key, arena);
    size_t i = 0;
    while (i < printed.len && !is_digit(printed.at[i])) /* "Số: " */
        i++;
    while (i < printed.len && printed.at[i] == '0') /* 09-KH/TU is number 9 */
        i++;
    size_t digits = i;
    while (i < printed.len && is_digit(printed.at[i]))
        buf_put_char(&key, printed.at[i++]);
    if (i == digits)
        return STR("");
    buf_put_char(&key, '|');
    bool is_first = true;
    struct str symbol = viet_lower(arena, viet_nfc(arena, str_sub(printed, i, SIZE_MAX)));
    for (size_t k = 0; k < symbol.len; k++) {
        char c = symbol.at[k];
        bool is_mark = c == '-' || c == '/';
        if (c == ' ' || (is_mark && is_first))
            continue; /* blanks around marks come from the typesetter; the first mark only parts
                         number and symbol */
        is_first = false;
        buf_put_char(&key, c);
    }
    return buf_str(&key);
}

struct str document_cite_key(struct arena *arena, struct str number, struct str symbol)
{
    if (number.len == 0)
        return STR("");
    return document_cite_key_of(
        arena, str_format(arena, STR_FMT "-" STR_FMT, STR_ARG(number), STR_ARG(symbol)));
}

/* ---- Reach ---- */

bool document_is_own(const struct actor *actor, int64_t issuer_unit_id, struct str issuer_path)
{
    bool is_reached = unit_scope_holds(&actor->scope, issuer_path);
    return is_reached && (actor->kind == ACTOR_PROGRAM || actor->unit_id == issuer_unit_id);
}

enum err document_must_own(struct ctx *cx, int64_t issuer_unit_id, struct str issuer_path,
                           enum permission permission)
{
    if (!document_is_own(cx->actor, issuer_unit_id, issuer_path))
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy văn bản này");
    if (!actor_may(cx->actor, permission))
        return fail(cx, ERR_FORBIDDEN,
                    "Đồng chí chưa được giao quyền thực hiện việc này với văn bản");
    return OK;
}

/* ---- Decide ---- */

enum err document_decide_drafted(struct ctx *cx, const struct fact *fact, const void *body)
{
    (void)body;
    struct unit issuer = { 0 };
    TRY(unit_find(cx, fact->unit_id, &issuer));
    return document_must_own(cx, issuer.id, issuer.path, PERMISSION_DOCUMENT_DRAFT);
}

enum err document_decide_draft_change(struct ctx *cx, const struct fact *fact, const void *body)
{
    (void)body;
    struct document document = { 0 };
    TRY(document_find(cx, fact->subject_id, &document));
    TRY(document_must_own(cx, document.issuer_unit_id, document.issuer_path,
                          PERMISSION_DOCUMENT_DRAFT));
    if (!str_eq(document.state, DOCUMENT_STATE_DRAFT))
        return fail(cx, ERR_CONFLICT,
                    "Văn bản đã ban hành thì không sửa được; xin ban hành văn bản sửa đổi, thay "
                    "thế hoặc thu hồi");
    return OK;
}

/* ---- Apply ---- */

static enum err write_paragraphs(struct ctx *cx, int64_t document_id, struct str text)
{
    SQL(add_paragraph,
        "INSERT INTO document_paragraph (document_id, ordinal, place, section, heading, text)"
        " VALUES ($1, $2, $3, $4, $5, $6)");

    struct document_paragraphs list = { 0 };
    TRY(document_read_paragraphs(cx, text, &list));
    for (size_t i = 0; i < list.len; i++) {
        const struct document_paragraph *p = &list.at[i];
        TRY(db_run(cx, &add_paragraph,
                   BIND(V(document_id), V(p->ordinal), V(p->place), V(p->section), V(p->heading),
                        V(p->text))));
    }
    return OK;
}

static enum err write_recipient(struct ctx *cx, int64_t document_id,
                                const struct document_recipient *recipient)
{
    SQL(put_recipient,
        "INSERT INTO document_recipient (document_id, ordinal, text, sort, unit_id, scope_unit_id)"
        " VALUES ($1, $2, $3, $4, $5, $6)"
        " ON CONFLICT (document_id, ordinal) DO UPDATE SET text = excluded.text, sort = "
        "excluded.sort,"
        " unit_id = excluded.unit_id, scope_unit_id = excluded.scope_unit_id");

    return db_run(cx, &put_recipient,
                  BIND(V(document_id), V(recipient->ordinal), V(recipient->text),
                       V(recipient->sort), V(recipient->unit_id), V(recipient->scope_unit_id)));
}

static enum err write_relation(struct ctx *cx, int64_t document_id,
                               const struct document_relation *relation)
{
    SQL(add_relation,
        "INSERT INTO document_relation (document_id, ordinal, relation, number, kind, day, issuer, "
        "text, cite,"
        " to_document_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");

    struct str cite = document_cite_key_of(&cx->arena, relation->number);
    return db_run(cx, &add_relation,
                  BIND(V(document_id), V(relation->ordinal), V(relation->relation),
                       V(relation->number), V(relation->kind), V(relation->day),
                       V(relation->issuer), V(relation->text), V(cite),
                       V(relation->to_document_id)));
}

static enum err write_lists(struct ctx *cx, int64_t document_id,
                            const struct document_drafted *drafted)
{
    struct document_recipients recipients = { 0 };
    struct document_relations relations = { 0 };
    TRY(write_paragraphs(cx, document_id, drafted->paragraphs));
    TRY(document_read_recipients(cx, drafted->recipients, &recipients));
    for (size_t i = 0; i < recipients.len; i++)
        TRY(write_recipient(cx, document_id, &recipients.at[i]));
    TRY(document_read_relations(cx, drafted->relations, &relations));
    for (size_t i = 0; i < relations.len; i++)
        TRY(write_relation(cx, document_id, &relations.at[i]));
    struct document document = { 0 };
    TRY(document_find(cx, document_id, &document));
    return document_link(cx, &document);
}

/* What the search looks in: number and symbol, title, issuer. */
static struct str search_key(struct ctx *cx, const struct document_drafted *drafted)
{
    struct document head = { .number = drafted->number,
                             .symbol = drafted->symbol,
                             .regime = drafted->regime };
    struct str text = str_format(&cx->arena, STR_FMT " " STR_FMT " " STR_FMT " " STR_FMT,
                                 STR_ARG(document_cite(&cx->arena, &head)),
                                 STR_ARG(document_kind_name(drafted->kind)),
                                 STR_ARG(drafted->title), STR_ARG(drafted->issuer_name));
    return str_format(&cx->arena, " " STR_FMT, STR_ARG(viet_fold(&cx->arena, text)));
}

enum err document_apply_drafted(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(add_document,
        "INSERT INTO document (id, kind, number, symbol, regime, term, issuer_unit_id, "
        "issuer_path, issuer_name, place,"
        " issued_day, title, signer_name, signer_title, signer_authority, state, content, "
        "replaces_invitation, drafted_at,"
        " issued_at, reason, replaced_by_id, series_key, cite, fold, is_received)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'draft', $16, "
        "$17, $18, 0, '', 0, NULL,"
        " $19, $20, $21)");

    const struct document_drafted *d = body;
    struct unit issuer = { 0 };
    TRY(unit_find(cx, fact->unit_id, &issuer));
    struct str cite = document_cite_key(&cx->arena, d->number, d->symbol);
    TRY(db_run(cx, &add_document,
               BIND(V(fact->seq), V(d->kind), V(d->number), V(d->symbol), V(d->regime), V(d->term),
                    V(issuer.id), V(issuer.path), V(d->issuer_name), V(d->place), V(d->issued_day),
                    V(d->title), V(d->signer_name), V(d->signer_title), V(d->signer_authority),
                    V(d->content), V(d->replaces_invitation), V(fact->at), V(cite),
                    V(search_key(cx, d)), V(d->is_received))));
    return write_lists(cx, fact->seq, d);
}

enum err document_apply_revised(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(revise_document,
        "UPDATE document SET kind = $2, number = $3, symbol = $4, regime = $5, term = $6, "
        "issuer_name = $7, place = $8,"
        " issued_day = $9, title = $10, signer_name = $11, signer_title = $12, signer_authority = "
        "$13, content = $14,"
        " replaces_invitation = $15, cite = $16, fold = $17, is_received = $18 WHERE id = $1");
    SQL(drop_paragraphs, "DELETE FROM document_paragraph WHERE document_id = $1");
    SQL(drop_recipients, "DELETE FROM document_recipient WHERE document_id = $1");
    SQL(drop_relations, "DELETE FROM document_relation WHERE document_id = $1");

    const struct document_drafted *d = body;
    int64_t id = fact->subject_id;
    struct str cite = document_cite_key(&cx->arena, d->number, d->symbol);
    TRY(db_run(cx, &revise_document,
               BIND(V(id), V(d->kind), V(d->number), V(d->symbol), V(d->regime), V(d->term),
                    V(d->issuer_name), V(d->place), V(d->issued_day), V(d->title),
                    V(d->signer_name), V(d->signer_title), V(d->signer_authority), V(d->content),
                    V(d->replaces_invitation), V(cite), V(search_key(cx, d)), V(d->is_received))));
    TRY(db_run(cx, &drop_paragraphs, BIND(V(id))));
    TRY(db_run(cx, &drop_recipients, BIND(V(id))));
    TRY(db_run(cx, &drop_relations, BIND(V(id))));
    return write_lists(cx, id, d);
}

enum err document_apply_recipient_set(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct document_recipient_set *set = body;
    struct document_recipient recipient = { .ordinal = set->ordinal,
                                            .text = set->text,
                                            .sort = set->sort,
                                            .unit_id = set->unit_id,
                                            .scope_unit_id = set->scope_unit_id };
    return write_recipient(cx, fact->subject_id, &recipient);
}

enum err document_apply_related(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(last_ordinal,
        "SELECT COALESCE(MAX(ordinal), 0) FROM document_relation WHERE document_id = $1");

    const struct document_related *related = body;
    int64_t last = 0;
    TRY(db_i64(cx, &last_ordinal, BIND(V(fact->subject_id)), &last));
    struct document_relation relation = { .ordinal = last + 1,
                                          .relation = related->relation,
                                          .number = related->number,
                                          .kind = related->kind,
                                          .day = related->day,
                                          .issuer = related->issuer,
                                          .text = related->text,
                                          .to_document_id = related->to_document_id };
    TRY(write_relation(cx, fact->subject_id, &relation));
    struct document document = { 0 };
    TRY(document_find(cx, fact->subject_id, &document));
    return document_link(cx, &document);
}

/* ---- What the rest of the program asks ---- */

static bool is_letter(struct str text, size_t at)
{
    if (at >= text.len)
        return false;
    unsigned char c = (unsigned char)text.at[at];
    return c >= 0x80 || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/*
 * Papers that must not be here at all (domain.md 3.6). The marks are MẬT, TỐI MẬT, TUYỆT MẬT,
 * always in capitals; BẢO MẬT in a heading is about security and no mark. Text is NFC.
 */
enum err document_refuse_secret(struct ctx *cx, const char *field, struct str text)
{
    static const struct str mark = STR_INIT("MẬT"), security = STR_INIT("BẢO ");
    for (size_t i = 0; i + mark.len <= text.len; i++) {
        if (!str_eq(str_sub(text, i, mark.len), mark) || is_letter(text, i + mark.len) ||
            (i > 0 && is_letter(text, i - 1)))
            continue;
        if (!str_ends(str_sub(text, 0, i), security))
            return fail_field(cx, field,
                              "Hệ thống không tiếp nhận văn bản, tài liệu có đóng dấu chỉ độ mật; "
                              "xin gửi qua mạng riêng");
    }
    return OK;
}

static enum err refuse_secret(struct ctx *cx, const struct document_draft *draft)
{
    TRY(document_refuse_secret(cx, "title", draft->title));
    return document_refuse_secret(cx, "content", draft->content);
}

/*
 * Numbers of a committee run over its term (HD 36-HD/VPTW), from 01 after a congress. The
 * congresses of communes and provinces fall between June and October of the years that end in 0 and
 * 5, so the middle of that time is the default; who drafts may write the term himself.
 */
static struct str term_of(struct ctx *cx, const struct document_draft *draft)
{
    if (draft->term.len > 0 || !str_eq(draft->regime, DOCUMENT_REGIME_PARTY) ||
        draft->issued_day == DAY_NONE)
        return draft->term;
    struct civil c = day_to_civil(draft->issued_day);
    int from = c.year - c.year % 5;
    if (c.year == from && c.month < 8)
        from -= 5;
    return str_format(&cx->arena, "%d-%d", from, from + 5);
}

static struct document_drafted body_of(struct ctx *cx, const struct document_draft *draft)
{
    return (struct document_drafted){
        .kind = draft->kind,
        .number = draft->number,
        .symbol = draft->symbol,
        .regime = draft->regime,
        .term = term_of(cx, draft),
        .issuer_name = draft->issuer_name,
        .place = draft->place,
        .issued_day = draft->issued_day,
        .title = draft->title,
        .signer_name = draft->signer_name,
        .signer_title = draft->signer_title,
        .signer_authority = draft->signer_authority,
        .replaces_invitation = draft->replaces_invitation,
        .is_received = draft->is_received,
        .content = draft->content,
        .paragraphs = document_write_paragraphs(cx, &draft->paragraphs),
        .recipients = document_write_recipients(cx, &draft->recipients),
        .relations = document_write_relations(cx, &draft->relations),
    };
}

enum err document_create_draft(struct ctx *cx, const struct document_draft *draft, int64_t *ret_id)
{
    TRY(refuse_secret(cx, draft));
    struct document_drafted body = body_of(cx, draft);
    int64_t issuer = draft->issuer_unit_id ? draft->issuer_unit_id : cx->actor->unit_id;
    return fact_record(cx, &document_fact_list[DOCUMENT_FACT_DRAFTED], issuer, 0, &body, ret_id);
}

/* The owning unit of what is done to a paper: its issuer. */
static enum err issuer_of(struct ctx *cx, int64_t document_id, int64_t *ret_unit_id)
{
    struct document document = { 0 };
    TRY(document_find(cx, document_id, &document));
    *ret_unit_id = document.issuer_unit_id;
    return OK;
}

enum err document_revise_draft(struct ctx *cx, int64_t document_id,
                               const struct document_draft *draft)
{
    int64_t issuer = 0;
    TRY(refuse_secret(cx, draft));
    TRY(issuer_of(cx, document_id, &issuer));
    struct document_drafted body = body_of(cx, draft);
    return fact_record(cx, &document_fact_list[DOCUMENT_FACT_REVISED], issuer, document_id, &body,
                       NULL);
}

enum err document_set_recipient(struct ctx *cx, int64_t document_id,
                                const struct document_recipient *recipient)
{
    int64_t issuer = 0;
    TRY(issuer_of(cx, document_id, &issuer));
    if (recipient->sort.len > 0 && !unit_sort_find(recipient->sort))
        return fail_field(cx, "sort", "Không có loại cơ quan này trong danh mục");
    struct document_recipient_set body = { recipient->ordinal, recipient->text, recipient->sort,
                                           recipient->unit_id, recipient->scope_unit_id };
    return fact_record(cx, &document_fact_list[DOCUMENT_FACT_RECIPIENT_SET], issuer, document_id,
                       &body, NULL);
}

enum err document_relate(struct ctx *cx, int64_t document_id,
                         const struct document_relation *relation)
{
    int64_t issuer = 0;
    TRY(issuer_of(cx, document_id, &issuer));
    struct document target = { 0 };
    if (relation->to_document_id != 0)
        TRY(document_get(cx, relation->to_document_id, &target));
    struct document_related body = { relation->relation,      relation->number, relation->kind,
                                     relation->day,           relation->issuer, relation->text,
                                     relation->to_document_id };
    return fact_record(cx, &document_fact_list[DOCUMENT_FACT_RELATED], issuer, document_id, &body,
                       NULL);
}
