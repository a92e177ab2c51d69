#include "plan/plan.h"

#include "plan/owner.h"
#include "unit/unit.h"
#include "viet/viet.h"

/* ---- Recipients: "Nơi nhận" lines become sorts of bodies by the dictionary of owner.h ---- */

static void add_recipient(struct document_recipients *list, struct document_recipient recipient)
{
    if (list->len == DOCUMENT_RECIPIENTS_MAX)
        return;
    recipient.ordinal = (int64_t)list->len + 1;
    list->at[list->len++] = recipient;
}

/*
 * One printed line may name several sorts; each is a line of its own with the same text. A central
 * body is in no province, so its scope is the whole country; everybody else is meant within the
 * issuer's own area.
 */
static void add_recipient_line(struct ctx *cx, struct document_recipients *list, struct str text,
                               int64_t area_id)
{
    struct owner owner = owner_read(&cx->arena, text);
    size_t before = list->len;
    for (size_t i = 0; i < owner.len; i++) {
        const struct unit_sort *sort =
            owner.at[i].reach == OWNER_SORT ? unit_sort_find(owner.at[i].sort) : NULL;
        if (!sort)
            continue;
        int64_t scope = str_eq(sort->level, STR("central")) ? 0 : area_id;
        add_recipient(list, (struct document_recipient){
                                .text = text, .sort = sort->sort, .scope_unit_id = scope });
    }
    if (list->len == before)
        add_recipient(list, (struct document_recipient){ .text = text });
}

/* "Như thành phần", "Như trên", "Như Kính gửi": whom the paper itself names (GM-QN). */
static bool means_those_named(struct arena *arena, struct str text)
{
    static const struct str words[] = { STR_INIT("nhu thanh phan"), STR_INIT("nhu tren"), STR_INIT("nhu kinh gui"),
                                        STR_INIT("thanh phan du") };
    struct str folded = viet_fold(arena, text);
    for (size_t i = 0; i < LEN(words); i++) {
        if (str_starts(folded, words[i]))
            return true;
    }
    return false;
}

static bool has_sort(const struct document_recipients *list, struct str sort)
{
    for (size_t i = 0; i < list->len; i++) {
        if (str_eq(list->at[i].sort, sort))
            return true;
    }
    return false;
}

/* Bodies of one printed name, each sort once; those of the centre are not meant by a lower body's invitation. */
static void add_named(struct ctx *cx, struct document_recipients *list, struct str text, struct str name, int64_t area_id)
{
    struct owner owner = owner_read(&cx->arena, name);
    for (size_t i = 0; i < owner.len; i++) {
        const struct unit_sort *sort = owner.at[i].reach == OWNER_SORT ? unit_sort_find(owner.at[i].sort) : NULL;
        if (sort && !str_eq(sort->level, STR("central")) && !has_sort(list, sort->sort))
            add_recipient(list, (struct document_recipient){ .text = text, .sort = sort->sort, .scope_unit_id = area_id });
    }
}

/* To whom it is addressed, who holds a quota, who is to do something. */
static void add_those_named(struct ctx *cx, const struct plan *plan, struct document_recipients *list, struct str text,
                            int64_t area_id)
{
    size_t before = list->len;
    for (size_t i = 0; i < plan->document.addressees.len; i++)
        add_named(cx, list, text, plan->document.addressees.at[i], area_id);
    for (size_t i = 0; i < plan->quotas_len; i++)
        add_named(cx, list, text, plan->quotas[i].unit, area_id);
    for (size_t i = 0; i < plan->obligations_len; i++)
        add_named(cx, list, text, plan->obligations[i].owner, area_id);
    if (list->len == before)
        add_recipient(list, (struct document_recipient){ .text = text });
}

/* ---- Relations ---- */

static void add_relation(struct document_relations *list, struct document_relation relation)
{
    if (list->len == DOCUMENT_RELATIONS_MAX)
        return;
    relation.ordinal = (int64_t)list->len + 1;
    list->at[list->len++] = relation;
}

static int32_t whole_day(struct str date)
{
    int32_t day = DAY_NONE;
    return day_parse_iso(date, &day) ? day : DAY_NONE;
}

static void add_relations(const struct plan_head *head, struct document_relations *list)
{
    for (size_t i = 0; i < head->references_len; i++) {
        const struct plan_reference *reference = &head->references[i];
        bool is_amended = head->is_amending && str_eq(reference->number, head->amends.number);
        if (!is_amended)
            add_relation(list, (struct document_relation){ .relation = reference->relation,
                                                           .number = reference->number,
                                                           .kind = reference->kind,
                                                           .day = whole_day(reference->date),
                                                           .issuer = reference->issuer });
    }
    if (head->is_amending && head->amends.number.len > 0)
        add_relation(list, (struct document_relation){ .relation = STR("amends"),
                                                       .number = head->amends.number,
                                                       .day = whole_day(head->amends.date),
                                                       .issuer = head->issuer });
    for (size_t i = 0; i < head->separate_plans_len; i++)
        add_relation(list, (struct document_relation){ .relation = STR("separate_plan_to_follow"),
                                                       .day = DAY_NONE,
                                                       .text = head->separate_plans[i].text });
}

/* ---- Regime ---- */

/* "KH/TU", "KH/HVCTQG": the slash stands before the issuer in the Party's symbols, a hyphen in the
 * State's (domain.md 4.1). */
static struct str regime_of(const struct plan_head *head, const struct unit *issuer)
{
    if (head->symbol.len > 0)
        return str_find(head->symbol, STR("/")) < head->symbol.len ? DOCUMENT_REGIME_PARTY
                                                                   : DOCUMENT_REGIME_STATE;
    bool is_state = str_eq(issuer->line, STR("state")) || str_eq(issuer->line, STR("council"));
    return is_state ? DOCUMENT_REGIME_STATE : DOCUMENT_REGIME_PARTY;
}

enum err plan_to_draft(struct ctx *cx, struct plan *plan, struct document_draft *ret_draft)
{
    const struct plan_head *head = &plan->document;
    struct unit issuer = { 0 };
    TRY(unit_find(cx, cx->actor->unit_id, &issuer));
    struct document_draft draft = {
        .kind = head->kind.len > 0 ? head->kind : STR("khac"),
        .number = head->number,
        .symbol = head->symbol,
        .regime = regime_of(head, &issuer),
        .issuer_unit_id = issuer.id,
        .issuer_name = head->issuer.len > 0 ? head->issuer : issuer.full_name,
        .place = head->place,
        .issued_day = whole_day(head->date),
        .title = head->title,
        .signer_name = head->signer_name,
        .signer_title = head->signer_title,
        .signer_authority = head->signer_authority,
        .content = plan_format(&cx->arena, plan),
        .replaces_invitation = head->replaces_invitation,
    };
    TRY(plan_paragraphs(cx, plan, &draft.paragraphs));
    draft.recipients.at =
        ARENA_NEW_ARRAY(&cx->arena, struct document_recipient, DOCUMENT_RECIPIENTS_MAX);
    for (size_t i = 0; i < plan->recipients.len; i++) {
        if (means_those_named(&cx->arena, plan->recipients.at[i]))
            add_those_named(cx, plan, &draft.recipients, plan->recipients.at[i], issuer.place_id);
        else
            add_recipient_line(cx, &draft.recipients, plan->recipients.at[i], issuer.place_id);
    }
    draft.relations.at =
        ARENA_NEW_ARRAY(&cx->arena, struct document_relation, DOCUMENT_RELATIONS_MAX);
    add_relations(head, &draft.relations);
    *ret_draft = draft;
    return OK;
}

/* ---- Saving ---- */

/* A line that somebody has given its sort keeps it as long as its words stay the same. */
static void keep_recipients(struct document_draft *draft, const struct document_recipients *before)
{
    for (size_t i = 0; i < draft->recipients.len; i++) {
        struct document_recipient *now = &draft->recipients.at[i];
        for (size_t k = 0; k < before->len && now->sort.len == 0; k++) {
            if (!str_eq(before->at[k].text, now->text))
                continue;
            now->sort = before->at[k].sort;
            now->unit_id = before->at[k].unit_id;
            now->scope_unit_id = before->at[k].scope_unit_id;
        }
    }
}

/* What somebody has written beside the plan about other papers stays. */
static void keep_relations(struct document_draft *draft, const struct document_relations *before)
{
    for (size_t i = 0; i < before->len && draft->relations.len < DOCUMENT_RELATIONS_MAX; i++) {
        bool is_there = false;
        for (size_t k = 0; k < draft->relations.len; k++)
            is_there |= str_eq(draft->relations.at[k].relation, before->at[i].relation) &&
                        str_eq(draft->relations.at[k].number, before->at[i].number) &&
                        str_eq(draft->relations.at[k].text, before->at[i].text);
        if (is_there)
            continue;
        struct document_relation *kept = &draft->relations.at[draft->relations.len++];
        *kept = before->at[i];
        kept->ordinal = (int64_t)draft->relations.len;
    }
}

/* No entry of a foreign paper goes to central bodies: nobody speaks for its issuer (document.h). */
static void keep_in_area(struct document_draft *draft)
{
    for (size_t i = 0; i < draft->recipients.len; i++) {
        if (draft->recipients.at[i].unit_id == 0 && draft->recipients.at[i].scope_unit_id == 0)
            draft->recipients.at[i].sort = STR("");
    }
}

enum err plan_save_draft(struct ctx *cx, struct plan *plan, struct plan_save *save)
{
    struct document_draft draft = { 0 };
    TRY(plan_to_draft(cx, plan, &draft));
    if (save->regime.len > 0)
        draft.regime = save->regime;
    draft.term = save->term;
    draft.is_received = save->is_received;
    if (save->is_received)
        keep_in_area(&draft);
    if (save->document_id == 0)
        return document_create_draft(cx, &draft, &save->document_id);
    struct document_recipients recipients = { 0 };
    struct document_relations relations = { 0 };
    struct document document = { 0 };
    TRY(document_get(cx, save->document_id, &document));
    TRY(document_get_recipients(cx, save->document_id, &recipients));
    TRY(document_get_relations(cx, save->document_id, &relations));
    draft.issuer_unit_id = document.issuer_unit_id;
    keep_recipients(&draft, &recipients);
    keep_relations(&draft, &relations);
    return document_revise_draft(cx, save->document_id, &draft);
}
