/*
 * janus: the few calls to a Janus gateway that an echo needs, over its HTTP interface. Only this program speaks to Janus
 * (its api_secret stays here); the browser sends and receives media alone. Blocking, each call bounded in time and size.
 */
#ifndef POINT_JANUS_H
#define POINT_JANUS_H

#include "base/ctx.h"

struct janus {
    char url[200];
    char secret[100];
};

enum { JANUS_CALL_MS = 3000, JANUS_ANSWER_BYTES = 64 * 1024, JANUS_OFFER_BYTES = 48 * 1024 };

/* Offer in, answer out, both SDP. *ret_session is set as soon as there is one, also on failure: then end it. */
enum err janus_echo(struct ctx *cx, const struct janus *janus, struct str offer, int64_t *ret_session, struct str *ret_answer)
    MUST_CHECK;
void janus_end(struct ctx *cx, const struct janus *janus, int64_t session);

#endif
