/*
 * obligation_rows: how a duty looks in every list of this room.
 */
#ifndef OBLIGATION_OBLIGATION_ROWS_H
#define OBLIGATION_OBLIGATION_ROWS_H

#include "obligation/obligation_pages.h"

struct close_form {
    int64_t period;
    struct str note;
};
extern const struct field_table close_table;
extern const struct field close_fields[2];

/* At most `max` bytes, whole words, with an ellipsis. */
struct str clip(struct arena *arena, struct str text, size_t max);

struct safe_html duty_mark(struct arena *arena, const struct duty *duty, int64_t now);
struct safe_html close_form(struct ctx *cx, const struct request *req, const struct duty *duty, bool with_file);
/* Empty when the duty is not open, not yet to be begun, or the actor may not. */
struct safe_html duty_action(struct ctx *cx, const struct request *req, const struct duty *duty);
/* req NULL: without its action. */
struct duty_row duty_row_of(struct ctx *cx, const struct request *req, const struct duty *duty);

void awaited_fill(struct ctx *cx, const struct obligation_list *list, const char *title, struct awaited_view *view);

/*
 * A form's own fact id, from the page's: forms of one page are sent one after another, and each is a fact of its own.
 * `key` tells them apart.
 */
struct str form_own_id(struct arena *arena, const struct request *req, int64_t key);

/* A personal link shows its one record: the lists of a unit or an area do not exist for it. */
enum err refuse_link(struct ctx *cx) MUST_CHECK;

/* The handlers of obligation_who_pages.c and their forms. */
struct remind_form {
    struct str channel;
};
extern const struct field remind_fields[1];
struct owner_form {
    struct str owner;
};
extern const struct field owner_fields[1];
struct safe_html owner_form(struct ctx *cx, const struct request *req, int64_t document_id, int64_t ordinal,
                            struct str owner_text);
enum { DUTY_EXPORT_MAX = 100000, DUTY_FILE_BODY_MAX = MATERIAL_BYTES_MAX + 64 * 1024 };
enum err register_show(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err register_export(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err obligation_show_page(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err reminder_post(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err reminder_show(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err holidays_show(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err holidays_post(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
extern const struct field holiday_fields[4];
enum err reminder_print(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err reminder_export(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err orders_show(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err owner_post(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;

/* In today.html. */
void part_duty_link(struct html *h, struct url url, struct str label);
void part_duty_close(struct html *h, struct safe_html form);

#endif
