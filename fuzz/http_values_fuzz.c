/* A query or a form from anybody, and the struct it is filled into: what comes through is UTF-8, NFC and within limits. */
#include "http/router.h"
#include "viet/viet.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

struct any_form {
    struct str text, lines, choice;
    int64_t number, id, at;
    int32_t day;
    bool is_on;
};

static const struct choice choices[] = { { STR_INIT("co"), STR_INIT("Có") }, { STR_INIT("khong"), STR_INIT("Không") } };
static const struct field fields[] = {
    { "a", "Chữ", FIELD_TEXT, FIELD_OF(struct any_form, text), .len_max = 40 },
    { "b", "Dòng", FIELD_LINES, FIELD_OF(struct any_form, lines), .len_max = 80 },
    { "c", "Chọn", FIELD_CHOICE, FIELD_OF(struct any_form, choice), .choices = choices, .choices_len = LEN(choices) },
    { "d", "Số", FIELD_I64, FIELD_OF(struct any_form, number), .min = -5, .max = 5000 },
    { "e", "Mã", FIELD_ID, FIELD_OF(struct any_form, id) },
    { "f", "Lúc", FIELD_INSTANT, FIELD_OF(struct any_form, at) },
    { "g", "Ngày", FIELD_DAY, FIELD_OF(struct any_form, day) },
    { "h", "Đúng", FIELD_BOOL, FIELD_OF(struct any_form, is_on) },
};
static const struct field_table table = FIELD_TABLE(struct any_form, fields);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void check_form(struct ctx *cx, const struct request *req)
{
    struct any_form form;
    struct str *typed = NULL;
    if (form_fill(cx, req, &table, &form, &typed) != OK) {
        must(cx->fault.words[0] != '\0' && cx->fault.field[0] != '\0');
        return;
    }
    must(str_count_code_points(form.text) <= 40 && str_count_code_points(form.lines) <= 80);
    must(form.number == 0 || (form.number >= -5 && form.number <= 5000));
    must(form.id >= 0);
    must(form.choice.len == 0 || str_eq(form.choice, choices[0].value) || str_eq(form.choice, choices[1].value));
    for (size_t i = 0; i < form.text.len; i++)
        must((unsigned char)form.text.at[i] >= 0x20 || form.text.at[i] == '\t');
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static struct request req;
    struct ctx cx = { .env = env_real() };
    jmp_buf out;
    arena_init(&cx.arena, cx.env, 64 << 20);
    cx.arena.guard = &out;
    if (setjmp(out) == 0) {
        request_init(&req, NULL, METHOD_POST, STR("/"));
        if (request_parse_values(&cx, &req, (struct str){ (const char *)bytes, len }) == OK) {
            must(req.values_len <= REQUEST_VALUES_MAX);
            for (size_t i = 0; i < req.values_len; i++) {
                must(str_is_utf8(req.values[i].name) && str_is_utf8(req.values[i].value));
                must(str_eq(req.values[i].value, viet_nfc(&cx.arena, req.values[i].value)));
            }
            check_form(&cx, &req);
        }
    }
    arena_end(&cx.arena);
    return 0;
}
