/*
 * field: describes the members of a struct once, for the form, the JSON interface, the fact's body and the
 * spreadsheet column alike.
 */
#ifndef BASE_FIELD_H
#define BASE_FIELD_H

#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

enum field_type {
    FIELD_I64,     /* int64_t; limits in min and max when max > 0 */
    FIELD_ID,      /* int64_t > 0 */
    FIELD_BOOL,    /* bool; a form sends "1" or nothing */
    FIELD_DAY,     /* int32_t, DAY_NONE when empty; typed dd/mm/yyyy, stored yyyy-mm-dd */
    FIELD_INSTANT, /* int64_t ms, 0 when empty; stored as a number */
    FIELD_TEXT,    /* struct str; NFC, one line: control characters refused */
    FIELD_LINES,   /* struct str; NFC, may hold line ends */
    FIELD_CHOICE,  /* struct str: one of `choices` */
};

struct choice {
    struct str value; /* as stored */
    struct str label; /* as shown */
};

struct field {
    const char *name;  /* snake_case: the key in forms and JSON */
    const char *label; /* Vietnamese */
    enum field_type type;
    size_t offset;
    size_t len_max; /* code points of a text; 0 is 200 */
    int64_t min, max;
    const struct choice *choices;
    size_t choices_len;
    const char *help; /* one Vietnamese sentence under the input, or NULL */
    bool required;
    bool is_private; /* personal: kept outside the chained body, only a salted digest inside (DESIGN 4) */
    bool is_file;    /* the name (BLAKE2b-256, in hex) of a file in files/ that belongs to the fact; "" for none */
};

struct field_table {
    const struct field *at;
    size_t len;
    size_t struct_bytes;
};

/* { "reason", "Lý do", FIELD_TEXT, FIELD_OF(struct close_form, reason), .len_max = 500 } */
#define FIELD_OF(type, member) .offset = offsetof(type, member)
#define FIELD_TABLE(type, fields)                                                                      \
    {                                                                                                  \
        (fields), LEN(fields), sizeof(type)                                                            \
    }

#endif
