/*
 * verify: what can be said about a database by reading it: its chain, its head, its rows. For check and backup.
 */
#ifndef STORE_VERIFY_H
#define STORE_VERIFY_H

#include "store/engine.h"
#include "store/store.h"

enum { VERIFY_FINDINGS_MAX = 50 };

/* A list of findings in the context's arena; more than the limit are counted, not kept. */
struct verify_list {
    struct str at[VERIFY_FINDINGS_MAX];
    size_t len;
    size_t left_out;
};
void verify_add(struct ctx *cx, struct verify_list *list, const char *format, ...) PRINTF_LIKE(3, 4);

struct verify_head {
    int64_t facts;
    unsigned char hash[FACT_HASH_BYTES];
};

/* Every fact in its order: numbered without gaps, tied to the one before, its private values as digested. The first
   broken entry is named first. Reads on cx->db. */
enum err verify_chain(struct ctx *cx, struct verify_list *list, struct verify_head *ret_head) MUST_CHECK;

/* The engine's own checks, as findings. */
enum err verify_engine(struct ctx *cx, enum verify what, struct verify_list *list) MUST_CHECK;

#endif
