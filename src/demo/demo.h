/*
 * demo: a believable, fictitious installation in the middle of a class: the nation's units and bodies, officials,
 * accounts for every role, and the five papers (all people, signers, contacts and telephone numbers are made up).
 *
 * Everything is recorded as facts through the rooms' own functions, in the order of its days, so that a demo is as good
 * a history as a real one. What lies after the clock has not happened: with --clock 2026-05-14T07:00 the Academy's plan
 * is still a draft that somebody may issue.
 */
#ifndef DEMO_DEMO_H
#define DEMO_DEMO_H

#include "base/ctx.h"
#include "store/store.h"

enum demo_scale { DEMO_SMALL, DEMO_PROVINCE, DEMO_NATION };

struct demo_options {
    enum demo_scale scale; /* how many officials: about 9,000, 20,000, 130,000; the units are always all */
    uint64_t seed;
    int64_t clock_at; /* the moment at which the demo stands */
    bool is_for_load; /* a bench: nobody has acknowledged anything, and more papers are out */
};

/* Fills an empty store; ERR_CONFLICT when it holds facts. Writes accounts.txt, players.txt (a clerk everywhere) and officers.txt
   (one a province, for a class's rehearsal) into the data folder. */
enum err demo_build(struct ctx *cx, struct store *store, const struct demo_options *options) MUST_CHECK;

/* Every demo account's password, printed with the accounts. */
extern const struct str demo_password;

/* A paper of the demo: plan/1 JSON that the build embeds from src/demo/papers/. */
struct demo_paper {
    const char *name; /* "hoc_vien_664" */
    const char *at;
    size_t len;
};
extern const struct demo_paper demo_papers[];
extern const size_t demo_papers_len;

#endif
