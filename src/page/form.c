#include "page/page.h"
#include "page/parts.h"

enum { RADIO_CHOICES_MAX = 4, TEXT_LEN_USUAL = 200 };

static int64_t read_i64(const void *values, const struct field *field)
{
    int64_t value = 0;
    memcpy(&value, (const char *)values + field->offset, sizeof value);
    return value;
}

static struct str value_as_text(struct arena *arena, const void *values, const struct field *field)
{
    const char *at = (const char *)values + field->offset;
    switch (field->type) {
    case FIELD_I64: {
        struct html h = page_begin(arena);
        html_put_i64(&h, read_i64(values, field));
        return page_end(&h).markup;
    }
    case FIELD_ID: {
        int64_t id = read_i64(values, field);
        return id > 0 ? str_format(arena, "%lld", (long long)id) : STR("");
    }
    case FIELD_BOOL: {
        bool is_set = false;
        memcpy(&is_set, at, sizeof is_set);
        return is_set ? STR("1") : STR("");
    }
    case FIELD_DAY: {
        int32_t day = 0;
        memcpy(&day, at, sizeof day);
        return day == DAY_NONE ? STR("") : day_format(arena, day);
    }
    case FIELD_INSTANT: {
        int64_t instant = read_i64(values, field);
        return instant == 0 ? STR("") : instant_format(arena, instant);
    }
    case FIELD_TEXT:
    case FIELD_LINES:
    case FIELD_CHOICE: {
        struct str text = { 0 };
        memcpy(&text, at, sizeof text);
        return text.at ? text : STR("");
    }
    }
    return STR("");
}

/* What browsers may fill in by themselves, by the field's name; the names are those our rooms use.
 */
static const struct input_habit {
    const char *name;
    const char *type;
    const char *input_mode;
    const char *autocomplete;
} habits[] = {
    { "login", "text", NULL, "username" },
    { "password", "password", NULL, "current-password" },
    { "new_password", "password", NULL, "new-password" },
    { "password_again", "password", NULL, "new-password" },
    { "code", "text", NULL, "one-time-code" },
    { "phone", "tel", "tel", "tel" },
    { "email", "email", "email", "email" },
    { "search", "search", "search", "off" },
};

static const struct input_habit *find_habit(const char *name)
{
    for (size_t i = 0; i < LEN(habits); i++)
        if (strcmp(habits[i].name, name) == 0)
            return &habits[i];
    return NULL;
}

static void choose_kind(const struct field *field, struct input_view *input)
{
    switch (field->type) {
    case FIELD_ID:
        input->kind = input->choices_len > 0 ? INPUT_SELECT : INPUT_HIDDEN;
        return;
    case FIELD_CHOICE:
        input->kind = input->choices_len > RADIO_CHOICES_MAX ? INPUT_SELECT : INPUT_RADIO;
        return;
    case FIELD_BOOL:
        input->kind = INPUT_CHECK;
        return;
    case FIELD_LINES:
        input->kind = INPUT_LINES;
        return;
    case FIELD_I64:
    case FIELD_DAY:
    case FIELD_INSTANT:
    case FIELD_TEXT:
        input->kind = INPUT_LINE;
        return;
    }
}

/* One line of text: its width says how much is expected, and a phone shows the right keys. */
static void describe_line(struct arena *arena, const struct field *field, struct input_view *input)
{
    const struct input_habit *habit = find_habit(field->name);
    input->type = habit ? habit->type : "text";
    input->input_mode = habit ? habit->input_mode : NULL;
    input->autocomplete = habit ? habit->autocomplete : "off";
    input->size = "";
    if (field->type == FIELD_I64 || field->type == FIELD_DAY) {
        input->input_mode = field->type == FIELD_I64 ? "numeric" : NULL;
        input->size = "short";
    } else if (field->type == FIELD_INSTANT) {
        input->size = "middle";
    } else {
        input->len_max = field->len_max > 0 ? field->len_max : TEXT_LEN_USUAL;
        if (input->len_max <= 40)
            input->size = "middle";
        if (input->choices_len > 0)
            input->list_id = str_format(arena, STR_FMT "-goi-y", STR_ARG(input->id));
    }
}

static struct str help_of(const struct field *field)
{
    if (field->help)
        return str_from(field->help);
    if (field->type == FIELD_DAY)
        return STR("Ngày/tháng/năm, ví dụ 21/11/2026");
    if (field->type == FIELD_INSTANT)
        return STR("Giờ và ngày, ví dụ 08:00 ngày 21/11/2026");
    return STR("");
}

static void describe_notes(struct arena *arena, struct input_view *input)
{
    input->help_id = str_format(arena, STR_FMT "-giup", STR_ARG(input->id));
    input->error_id = str_format(arena, STR_FMT "-sua", STR_ARG(input->id));
    const struct str both[] = { input->error_id, input->help_id };
    if (input->error.len > 0)
        input->described_by = str_join(arena, both, input->help.len > 0 ? 2 : 1, STR(" "));
    else
        input->described_by = input->help.len > 0 ? input->help_id : STR("");
}

static const struct form_options *find_options(const struct form_view *form, const char *name)
{
    for (size_t i = 0; i < form->options_len; i++)
        if (strcmp(form->options[i].field, name) == 0)
            return &form->options[i];
    return NULL;
}

static struct input_view input_of_field(struct arena *arena, const struct form_view *form,
                                        size_t index)
{
    const struct field *field = &form->fields->at[index];
    struct input_view input = { .name = str_from(field->name),
                                .label = str_from(field->label),
                                .help = help_of(field),
                                .is_required = field->required };
    input.id = str_format(arena, "f-" STR_FMT "%s", STR_ARG(form->id_prefix), field->name);
    if (form->typed)
        input.value = form->typed[index];
    else if (form->values)
        input.value = value_as_text(arena, form->values, field);
    if (form->error_words.len > 0 && str_eq(form->error_field, input.name))
        input.error = form->error_words;
    const struct form_options *options = find_options(form, field->name);
    input.choices = options ? options->choices : field->choices;
    input.choices_len = options ? options->len : field->choices_len;
    choose_kind(field, &input);
    describe_line(arena, field, &input);
    if (input.kind == INPUT_LINES)
        input.len_max = field->len_max > 0 ? field->len_max : TEXT_LEN_USUAL;
    /* A password is typed anew: it never stands in a page. */
    if (strcmp(input.type, "password") == 0)
        input.value = STR("");
    input.is_checked = field->type == FIELD_BOOL && input.value.len > 0;
    describe_notes(arena, &input);
    return input;
}

static struct input_view input_of_file(struct arena *arena, const struct form_view *form,
                                       const struct form_file *file)
{
    struct input_view input = { .kind = INPUT_FILE,
                                .name = str_from(file->name),
                                .label = str_from(file->label),
                                .help = str_from(file->help),
                                .accept = file->accept,
                                .is_required = file->required };
    input.id = str_format(arena, "f-" STR_FMT "%s", STR_ARG(form->id_prefix), file->name);
    if (form->error_words.len > 0 && str_eq(form->error_field, input.name))
        input.error = form->error_words;
    describe_notes(arena, &input);
    return input;
}

static struct form_parts form_parts_of(struct arena *arena, const struct form_view *form)
{
    size_t fields_len = form->fields ? form->fields->len : 0;
    struct input_view *inputs =
        ARENA_NEW_ARRAY(arena, struct input_view, fields_len + form->files_len + 1);
    struct form_parts parts = { .form = form,
                                .inputs = inputs,
                                .is_multipart = form->has_file || form->files_len > 0 };
    for (size_t i = 0; i < fields_len; i++)
        inputs[parts.inputs_len++] = input_of_field(arena, form, i);
    for (size_t i = 0; i < form->files_len; i++)
        inputs[parts.inputs_len++] = input_of_file(arena, form, &form->files[i]);
    parts.has_trouble = form->error_words.len > 0;
    for (size_t i = 0; i < parts.inputs_len; i++)
        if (inputs[i].error.len > 0 && inputs[i].kind != INPUT_HIDDEN)
            parts.has_trouble = false;
    return parts;
}

struct safe_html page_form(struct arena *arena, const struct form_view *form)
{
    struct form_parts parts = form_parts_of(arena, form);
    struct html h = page_begin(arena);
    page_form_parts(&h, &parts);
    return page_end(&h);
}

struct safe_html page_form_fields(struct arena *arena, const struct form_view *form)
{
    struct form_parts parts = form_parts_of(arena, form);
    struct html h = page_begin(arena);
    part_form_inputs(&h, parts.inputs, parts.inputs_len);
    return page_end(&h);
}

struct safe_html page_form_hidden(struct arena *arena, struct str csrf, struct str fact_id)
{
    struct html h = page_begin(arena);
    part_form_hidden(&h, csrf, fact_id);
    return page_end(&h);
}

struct safe_html page_button(struct arena *arena, struct url action, struct str label, bool is_main,
                             struct str confirm, struct str csrf, struct str fact_id)
{
    struct form_view form = { .action = action,
                              .submit_label = label,
                              .confirm = confirm,
                              .csrf = csrf,
                              .fact_id = fact_id };
    struct html h = page_begin(arena);
    part_form_button(&h, &form, is_main);
    return page_end(&h);
}
