#include "document/document_fact.h"

#include <assert.h>
#include <stdarg.h>

static const struct choice regime_choices[] = {
    { STR_INIT("party"), STR_INIT("Văn bản của Đảng") },
    { STR_INIT("state"), STR_INIT("Văn bản hành chính nhà nước") },
};
static const struct choice relation_choices[] = {
#define X(name, stored, down, up) { STR_INIT(stored), STR_INIT(down) },
    DOCUMENT_RELATION_LIST(X)
#undef X
};
static const struct choice kind_choices[] = {
#define X(name, stored, shown, state_abbreviation, party_abbreviation) \
    { STR_INIT(stored), STR_INIT(shown) },
    DOCUMENT_KIND_LIST(X)
#undef X
};

/* clang-format off */
#define CHOICES(list) .choices = (list), .choices_len = LEN(list)

/* Lengths: Decree 30/2020, annex VI (CodeNumber 11, CodeNotation 30, OrganName 200, Subject 500, FullName 50), with room. */
static const struct field drafted_fields[] = {
    { "kind", "Loại văn bản", FIELD_CHOICE, FIELD_OF(struct document_drafted, kind), CHOICES(kind_choices), .required = true },
    { "number", "Số", FIELD_TEXT, FIELD_OF(struct document_drafted, number), .len_max = 11 },
    { "symbol", "Ký hiệu", FIELD_TEXT, FIELD_OF(struct document_drafted, symbol), .len_max = 40 },
    { "regime", "Thể thức", FIELD_CHOICE, FIELD_OF(struct document_drafted, regime), CHOICES(regime_choices), .required = true },
    { "term", "Nhiệm kỳ", FIELD_TEXT, FIELD_OF(struct document_drafted, term), .len_max = 20 },
    { "issuer_name", "Cơ quan ban hành", FIELD_TEXT, FIELD_OF(struct document_drafted, issuer_name), .len_max = 300, .required = true },
    { "place", "Địa danh", FIELD_TEXT, FIELD_OF(struct document_drafted, place), .len_max = 100 },
    { "issued_day", "Ngày ban hành", FIELD_DAY, FIELD_OF(struct document_drafted, issued_day) },
    { "title", "Trích yếu", FIELD_TEXT, FIELD_OF(struct document_drafted, title), .len_max = 1000 },
    { "signer_name", "Người ký", FIELD_TEXT, FIELD_OF(struct document_drafted, signer_name), .len_max = 100 },
    { "signer_title", "Chức vụ người ký", FIELD_TEXT, FIELD_OF(struct document_drafted, signer_title), .len_max = 200 },
    { "signer_authority", "Quyền hạn ký", FIELD_TEXT, FIELD_OF(struct document_drafted, signer_authority), .len_max = 200 },
    { "replaces_invitation", "Thay giấy mời", FIELD_BOOL, FIELD_OF(struct document_drafted, replaces_invitation) },
    { "is_received", "Văn bản đến", FIELD_BOOL, FIELD_OF(struct document_drafted, is_received) },
    { "content", "Nội dung", FIELD_LINES, FIELD_OF(struct document_drafted, content), .len_max = DOCUMENT_CONTENT_MAX },
    { "paragraphs", "Các đoạn", FIELD_LINES, FIELD_OF(struct document_drafted, paragraphs), .len_max = 2 * DOCUMENT_CONTENT_MAX },
    { "recipients", "Nơi nhận", FIELD_LINES, FIELD_OF(struct document_drafted, recipients), .len_max = DOCUMENT_CONTENT_MAX },
    { "relations", "Văn bản liên quan", FIELD_LINES, FIELD_OF(struct document_drafted, relations), .len_max = DOCUMENT_CONTENT_MAX },
};
static const struct field recipient_set_fields[] = {
    { "ordinal", "Thứ tự", FIELD_ID, FIELD_OF(struct document_recipient_set, ordinal), .required = true },
    { "text", "Nơi nhận", FIELD_TEXT, FIELD_OF(struct document_recipient_set, text), .len_max = 4000 },
    { "sort", "Loại cơ quan", FIELD_TEXT, FIELD_OF(struct document_recipient_set, sort), .len_max = 60 },
    { "unit_id", "Đơn vị", FIELD_I64, FIELD_OF(struct document_recipient_set, unit_id) },
    { "scope_unit_id", "Trong phạm vi", FIELD_I64, FIELD_OF(struct document_recipient_set, scope_unit_id) },
};
static const struct field related_fields[] = {
    { "relation", "Quan hệ", FIELD_CHOICE, FIELD_OF(struct document_related, relation), CHOICES(relation_choices), .required = true },
    { "number", "Số, ký hiệu", FIELD_TEXT, FIELD_OF(struct document_related, number), .len_max = 60 },
    { "kind", "Loại văn bản", FIELD_TEXT, FIELD_OF(struct document_related, kind), .len_max = 20 },
    { "day", "Ngày", FIELD_DAY, FIELD_OF(struct document_related, day) },
    { "issuer", "Cơ quan ban hành", FIELD_TEXT, FIELD_OF(struct document_related, issuer), .len_max = 4000 },
    { "text", "Nội dung", FIELD_TEXT, FIELD_OF(struct document_related, text), .len_max = 4000 },
    { "to_document_id", "Văn bản", FIELD_I64, FIELD_OF(struct document_related, to_document_id) },
};
static const struct field marked_fields[] = {
    { "note", "Ghi chú", FIELD_TEXT, FIELD_OF(struct document_marked, note) },
};
static const struct field recalled_fields[] = {
    { "reason", "Lý do thu hồi", FIELD_LINES, FIELD_OF(struct document_recalled, reason), .len_max = 1000, .required = true },
};
static const struct field changed_fields[] = {
    { "by_document_id", "Văn bản sửa đổi hoặc thay thế", FIELD_ID, FIELD_OF(struct document_changed, by_document_id), .required = true },
};
static const struct field attached_fields[] = {
    { "document_id", "Văn bản", FIELD_ID, FIELD_OF(struct material_attached, document_id), .required = true },
    { "name", "Tên tài liệu", FIELD_TEXT, FIELD_OF(struct material_attached, name), .len_max = 300, .required = true },
    { "content_type", "Loại tệp", FIELD_TEXT, FIELD_OF(struct material_attached, content_type), .len_max = 120 },
    { "digest", "Mã kiểm tra", FIELD_TEXT, FIELD_OF(struct material_attached, digest), .len_max = 64, .is_file = true },
    { "link", "Địa chỉ", FIELD_TEXT, FIELD_OF(struct material_attached, link), .len_max = 500 },
    { "bytes", "Dung lượng", FIELD_I64, FIELD_OF(struct material_attached, bytes), .min = 0, .max = MATERIAL_BYTES_MAX },
    { "deliver_before", "Chuyển trước", FIELD_INSTANT, FIELD_OF(struct material_attached, deliver_before) },
};

/* Items of the lists inside a draft; a recipient's and a relation's are those above. */
static const struct field paragraph_fields[] = {
    { "ordinal", "Thứ tự", FIELD_ID, FIELD_OF(struct document_paragraph, ordinal), .required = true },
    { "place", "Vị trí", FIELD_TEXT, FIELD_OF(struct document_paragraph, place), .len_max = 4000 },
    { "section", "Phần", FIELD_TEXT, FIELD_OF(struct document_paragraph, section), .len_max = 40 },
    { "heading", "Đề mục", FIELD_TEXT, FIELD_OF(struct document_paragraph, heading), .len_max = 4000 },
    { "text", "Nội dung", FIELD_TEXT, FIELD_OF(struct document_paragraph, text), .len_max = DOCUMENT_CONTENT_MAX, .required = true },
};
static const struct field recipient_fields[] = {
    { "ordinal", "Thứ tự", FIELD_ID, FIELD_OF(struct document_recipient, ordinal), .required = true },
    { "text", "Nơi nhận", FIELD_TEXT, FIELD_OF(struct document_recipient, text), .len_max = 4000 },
    { "sort", "Loại cơ quan", FIELD_TEXT, FIELD_OF(struct document_recipient, sort), .len_max = 60 },
    { "unit_id", "Đơn vị", FIELD_I64, FIELD_OF(struct document_recipient, unit_id) },
    { "scope_unit_id", "Trong phạm vi", FIELD_I64, FIELD_OF(struct document_recipient, scope_unit_id) },
};
static const struct field relation_fields[] = {
    { "ordinal", "Thứ tự", FIELD_ID, FIELD_OF(struct document_relation, ordinal), .required = true },
    { "relation", "Quan hệ", FIELD_CHOICE, FIELD_OF(struct document_relation, relation), CHOICES(relation_choices), .required = true },
    { "number", "Số, ký hiệu", FIELD_TEXT, FIELD_OF(struct document_relation, number), .len_max = 60 },
    { "kind", "Loại văn bản", FIELD_TEXT, FIELD_OF(struct document_relation, kind), .len_max = 20 },
    { "day", "Ngày", FIELD_DAY, FIELD_OF(struct document_relation, day) },
    { "issuer", "Cơ quan ban hành", FIELD_TEXT, FIELD_OF(struct document_relation, issuer), .len_max = 4000 },
    { "text", "Nội dung", FIELD_TEXT, FIELD_OF(struct document_relation, text), .len_max = 4000 },
    { "to_document_id", "Văn bản", FIELD_I64, FIELD_OF(struct document_relation, to_document_id) },
};
static const struct field_table paragraph_table = FIELD_TABLE(struct document_paragraph, paragraph_fields);
static const struct field_table recipient_table = FIELD_TABLE(struct document_recipient, recipient_fields);
static const struct field_table relation_table = FIELD_TABLE(struct document_relation, relation_fields);

#define TABLE(type, list) FIELD_TABLE(struct type, list)
const struct fact_kind document_fact_list[DOCUMENT_FACT_COUNT] = {
    [DOCUMENT_FACT_DRAFTED] = { STR_INIT("document.drafted"), STR_INIT("Soạn dự thảo văn bản"),
        TABLE(document_drafted, drafted_fields), document_decide_drafted, document_apply_drafted },
    [DOCUMENT_FACT_REVISED] = { STR_INIT("document.revised"), STR_INIT("Sửa dự thảo văn bản"),
        TABLE(document_drafted, drafted_fields), document_decide_draft_change, document_apply_revised },
    [DOCUMENT_FACT_RECIPIENT_SET] = { STR_INIT("document.recipient_set"), STR_INIT("Xác định nơi nhận"),
        TABLE(document_recipient_set, recipient_set_fields), document_decide_draft_change, document_apply_recipient_set },
    [DOCUMENT_FACT_RELATED] = { STR_INIT("document.related"), STR_INIT("Ghi văn bản liên quan"),
        TABLE(document_related, related_fields), document_decide_draft_change, document_apply_related },
    [DOCUMENT_FACT_ISSUED] = { STR_INIT("document.issued"), STR_INIT("Ban hành văn bản"),
        TABLE(document_marked, marked_fields), document_decide_issued, document_apply_issued },
    [DOCUMENT_FACT_ACKNOWLEDGED] = { STR_INIT("document.acknowledged"), STR_INIT("Tiếp nhận văn bản"),
        TABLE(document_marked, marked_fields), NULL, document_apply_acknowledged },
    [DOCUMENT_FACT_RECALLED] = { STR_INIT("document.recalled"), STR_INIT("Thu hồi văn bản"),
        TABLE(document_recalled, recalled_fields), document_decide_recalled, document_apply_recalled },
    [DOCUMENT_FACT_AMENDED] = { STR_INIT("document.amended"), STR_INIT("Văn bản được sửa đổi, bổ sung"),
        TABLE(document_changed, changed_fields), NULL, document_apply_amended },
    [DOCUMENT_FACT_REPLACED] = { STR_INIT("document.replaced"), STR_INIT("Văn bản được thay thế"),
        TABLE(document_changed, changed_fields), NULL, document_apply_replaced },
    [MATERIAL_FACT_ATTACHED] = { STR_INIT("material.attached"), STR_INIT("Thêm tài liệu kèm văn bản"),
        TABLE(material_attached, attached_fields), material_decide_attached, material_apply_attached },
    [MATERIAL_FACT_DELIVERED] = { STR_INIT("material.delivered"), STR_INIT("Chuyển tài liệu"),
        TABLE(document_marked, marked_fields), material_decide_delivered, material_apply_delivered },
    [MATERIAL_FACT_RECEIVED] = { STR_INIT("material.received"), STR_INIT("Nhận tài liệu"),
        TABLE(document_marked, marked_fields), NULL, material_apply_received },
};
/* clang-format on */

const struct fact_kinds document_facts = { document_fact_list, DOCUMENT_FACT_COUNT };

/* ---- Lists as lines of JSON ---- */

static struct str write_lines(struct ctx *cx, const struct field_table *table, const void *list,
                              size_t len)
{
    struct buf out;
    buf_init(&out, &cx->arena);
    for (size_t i = 0; i < len; i++) {
        if (i > 0)
            buf_put_char(&out, '\n');
        buf_put(&out, fact_body_format(cx, table, (const char *)list + i * table->struct_bytes));
    }
    return buf_str(&out);
}

static enum err read_lines(struct ctx *cx, const struct field_table *table, struct str text,
                           size_t len_max, void **ret_list, size_t *ret_len)
{
    char *list = arena_alloc_array(&cx->arena, len_max, table->struct_bytes);
    size_t len = 0;
    while (text.len > 0) {
        if (len == len_max)
            return fail(cx, ERR_LIMIT, "Danh sách trong văn bản có quá %zu mục", len_max);
        TRY(fact_body_parse(cx, table, str_cut(&text, '\n'), STR(""),
                            list + len * table->struct_bytes));
        len++;
    }
    *ret_list = list;
    *ret_len = len;
    return OK;
}

struct str document_write_paragraphs(struct ctx *cx, const struct document_paragraphs *list)
{
    return write_lines(cx, &paragraph_table, list->at, list->len);
}

struct str document_write_recipients(struct ctx *cx, const struct document_recipients *list)
{
    return write_lines(cx, &recipient_table, list->at, list->len);
}

struct str document_write_relations(struct ctx *cx, const struct document_relations *list)
{
    return write_lines(cx, &relation_table, list->at, list->len);
}

enum err document_read_paragraphs(struct ctx *cx, struct str text,
                                  struct document_paragraphs *ret_list)
{
    void *list = NULL;
    TRY(read_lines(cx, &paragraph_table, text, DOCUMENT_PARAGRAPHS_MAX, &list, &ret_list->len));
    ret_list->at = list;
    return OK;
}

enum err document_read_recipients(struct ctx *cx, struct str text,
                                  struct document_recipients *ret_list)
{
    void *list = NULL;
    TRY(read_lines(cx, &recipient_table, text, DOCUMENT_RECIPIENTS_MAX, &list, &ret_list->len));
    ret_list->at = list;
    return OK;
}

enum err document_read_relations(struct ctx *cx, struct str text,
                                 struct document_relations *ret_list)
{
    void *list = NULL;
    TRY(read_lines(cx, &relation_table, text, DOCUMENT_RELATIONS_MAX, &list, &ret_list->len));
    ret_list->at = list;
    return OK;
}

/* ---- Listeners ---- */

/* Set at start, before any connection, and only read after: the one list of this room. */
static const struct document_listener *listeners[DOCUMENT_LISTENERS_MAX];
static size_t listeners_len;

void document_listen(const struct document_listener *listener)
{
    for (size_t i = 0; i < listeners_len; i++) {
        if (listeners[i] == listener)
            return;
    }
    assert(listeners_len < DOCUMENT_LISTENERS_MAX);
    listeners[listeners_len++] = listener;
}

const struct document_listener *const *document_listeners(size_t *ret_len)
{
    *ret_len = listeners_len;
    return listeners;
}

void document_foresight_add(struct ctx *cx, struct document_foresight *foresight, bool is_warning,
                            const char *format, ...)
{
    if (foresight->len == DOCUMENT_FORESIGHT_MAX)
        return;
    va_list args;
    va_start(args, format);
    char words[1000];
    int len = vsnprintf(words, sizeof words, format, args);
    va_end(args);
    size_t kept = len < 0 ? 0 : (size_t)len;
    if (kept >= sizeof words) {
        kept = sizeof words - 1;
        while (kept > 0 && ((unsigned char)words[kept] & 0xc0) == 0x80) /* never half a letter */
            kept--;
    }
    foresight->at[foresight->len] = str_copy(&cx->arena, (struct str){ words, kept });
    foresight->is_warning[foresight->len++] = is_warning;
}
