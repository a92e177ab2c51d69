/*
 * check_paper: issued papers for the tests of the rooms that live on them: the ground of units, who acts, and a plan
 * from its JSON to an issued paper. The reference plans come from the folder DIEMCAU_SHARED and may be missing.
 */
#ifndef CHECK_CHECK_PAPER_H
#define CHECK_CHECK_PAPER_H

#include "check/check_store.h"
#include "document/document.h"
#include "unit/unit.h"

/* From here on the test acts for the body of that sort at the place with that code ("" the nation), over its whole area. */
struct unit check_act(struct check_store *check, const char *code, const char *sort);
/* The same for a body in hand, with these permissions only. */
void check_act_for(struct check_store *check, const struct unit *unit, uint64_t permissions);
struct unit check_body(struct check_store *check, const char *code, const char *sort);

/* The text of a reference plan ("000_..."); the test is skipped when the folder is not there. */
struct str check_gold_plan(struct check_store *check, const char *prefix);

/*
 * A draft of the plan by whoever acts. What an unnumbered plan lacks (number, date, signer) is filled in when `number`
 * is given, because only a numbered paper can be issued.
 */
int64_t check_draft_plan(struct check_store *check, struct str json, const char *number, int32_t day);
void check_issue(struct check_store *check, int64_t document_id);
int64_t check_issue_plan(struct check_store *check, struct str json, const char *number, int32_t day);

#endif
