/*
 * reminder: one action that writes the message for those still silent, each with its own link, hour and contact.
 *
 * The program writes; a person sends, by Zalo, SMS, mail or on paper, because those are the channels officials answer.
 * Every round is a fact and keeps whom it reached; the next round reaches only those still silent then. From the
 * nation the word goes to the provinces, and each province reminds its communes (capability B17).
 */
#ifndef OBLIGATION_REMINDER_H
#define OBLIGATION_REMINDER_H

#include "obligation/obligation.h"

enum { REMINDER_SMS_CHARACTERS = 160, REMINDER_NAMES_MAX = 12 };

struct reminder {
    int64_t id;
    int64_t obligation_id, period;
    int64_t round;
    int64_t at;
    struct str by_name;
    struct str channel; /* zalo, sms, mail, print */
    int64_t sent;       /* how many units it reached */
    int64_t silent;     /* how many of them are silent still */
};
struct reminder_list {
    struct reminder *at;
    size_t len;
};

/* One message: to a silent unit, or to the province above silent communes. */
struct reminder_message {
    int64_t unit_id; /* to whom */
    struct str unit_name;
    struct str link;  /* absolute: where the duty is met */
    struct str text;  /* for Zalo, mail and print */
    struct str task, due, source, contact; /* the same in parts, for a letter of its own; contact is "" when none is named */
    struct str names; /* to a province: who is still silent there; "" to a unit */
    struct str sms;   /* without diacritics, so that 160 letters are one part */
    int64_t sms_parts;
    bool has_no_account; /* a utility: its link must be a personal one */
    bool is_met;         /* has answered since */
};
struct reminder_messages {
    struct reminder_message *at;
    size_t len;
};

/* On the writer. ERR_CONFLICT when nobody is silent. *ret_id is the round's. */
enum err reminder_send(struct ctx *cx, int64_t obligation_id, struct str channel, int64_t *ret_id) MUST_CHECK;

/* The rounds of an obligation by the actor's own unit, newest first. */
enum err reminder_rounds(struct ctx *cx, int64_t obligation_id, struct reminder_list *ret_list) MUST_CHECK;

/*
 * The messages of a round; `base` is the program's address ("https://diemcau.vn"). With `to_provinces` the silent
 * communes are gathered under their province's Party committee.
 */
enum err reminder_write(struct ctx *cx, int64_t reminder_id, struct str base, bool to_provinces,
                        struct reminder_messages *ret_messages) MUST_CHECK;

/* Text as telephones of every age take it: no diacritics, capitals kept. */
struct str reminder_plain(struct arena *arena, struct str text);
/* How many parts an SMS of this text is: 160 letters alone, 153 in each of several. */
int64_t reminder_parts(struct str plain);

extern const struct fact_kinds reminder_facts;

#endif
