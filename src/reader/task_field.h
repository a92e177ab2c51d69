/*
 * task_field: the labelled lines, columns and notes of a task (domain.md 5.6): "Cơ quan chủ trì: ...", "Thời gian hoàn
 * thành: ...", "(Sở X chủ trì; Sở Y phối hợp)". Inside the engine only.
 */
#ifndef READER_TASK_FIELD_H
#define READER_TASK_FIELD_H

#include "reader/who.h"

enum task_field { TASK_FIELD_NONE, TASK_FIELD_TASK, TASK_FIELD_OWNER, TASK_FIELD_COORDINATORS, TASK_FIELD_DUE, TASK_FIELD_OTHER };

struct task_values {
    struct reader_text owner; /* value "" none */
    struct reader_texts coordinators;
    struct reader_due due;
    struct reader_text recurring;
};

/* The label that begins at `from` and its ':', in words; 0 none. Without ':' only as the head of a column. */
size_t task_field_label(const struct words *words, size_t from, enum task_field *ret_field);
enum task_field task_field_column(struct arena *arena, struct str head);

/* Reads one field's value into `values`, over what is there. `year` is the paper's, "" unknown. */
void task_field_take(struct arena *arena, const struct outline_node *node, enum task_field field, struct str value, struct str year,
    struct task_values *values);
/* Every labelled value and note inside a text; true when the text begins with a label: it is no task of its own. */
bool task_field_read(struct arena *arena, const struct outline_node *node, struct str text, struct str year,
    struct task_values *values);
/* The deadline a text sets; kind "" when none. */
void task_field_due(struct arena *arena, const struct outline_node *node, struct str part, struct str year, struct reader_due *due,
    struct reader_text *recurring);

#endif
