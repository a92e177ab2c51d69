/*
 * nomination_pages: what the templates of this room are given.
 */
#ifndef NOMINATION_NOMINATION_PAGES_H
#define NOMINATION_NOMINATION_PAGES_H

#include "nomination/nomination_inside.h"
#include "page/page.h"

/* ---- A unit's own lists ---- */

struct name_line {
    int64_t number;
    struct str name, title, birth;
    struct str notes[3]; /* "mở rộng", "trùng với ..."; */
    size_t notes_len;
    struct url url; /* where it is withdrawn or replaced; empty when the reader may not */
};
struct former_line {
    struct str name;
    struct str words; /* "rút tên lúc ...: lý do" */
};
struct version_link {
    struct str words; /* "Lần 2, 09:00 ngày 20/5/2026: thay người" */
    struct url url;
};
struct roster_section {
    struct str title;   /* "Sở Nội vụ: 05 đồng chí" */
    struct str figures; /* "Đã cử 3/5" */
    struct str paper;   /* "Giấy mời số 12-GM/TU, mục II.1.2.2" */
    struct url paper_url;
    struct str words;   /* what may be named here, of a unit's own list */
    struct str due;     /* "hạn trước 00:00 ngày 23/5/2026 (còn 2 ngày)" */
    struct safe_html mark;
    struct str returned; /* "Bị trả lại: ..."; "" */
    struct name_line *lines;
    size_t lines_len;
    struct former_line *former;
    size_t former_len;
    struct version_link *versions;
    size_t versions_len;
    struct url add_url, paste_url, print_url; /* empty when not offered */
    struct safe_html buttons[3];
    size_t buttons_len;
    struct safe_html return_form;
};
struct rosters_view {
    struct roster_section *sections;
    size_t len;
    struct url cards_url, guests_url, board_url;
    struct str empty_why;
};
void page_rosters(struct html *h, const struct rosters_view *view);

/* ---- Adding ---- */

struct found_line {
    struct str name, title, birth, unit_name;
    struct str state; /* "đã có trong danh sách"; "" may be named */
    int64_t person_id; /* of the box; 0 none */
    struct safe_html button;
    struct safe_html form; /* behind "Cử trùng" */
};
/* A row's own small form: whose list, who, and one press. */
struct row_form {
    struct url action;
    struct safe_html hidden;
    int64_t unit_id, person_id; /* person 0: the form has none */
    struct str label;
};
void part_row_form(struct html *h, const struct row_form *view);

struct add_view {
    struct url action;
    struct str unit_id; /* as it stands in the address */
    struct str search;
    struct str figures;
    struct found_line *rows;
    size_t len;
    struct str found;
    bool may_choose, may_widen;
    struct url many_action;
    struct safe_html many_hidden;
    struct safe_html new_form;
    struct url paste_url, back_url;
};
void page_add_name(struct html *h, const struct add_view *view);

struct paste_line {
    int64_t number;
    struct str typed, result;
    struct safe_html mark;
};
struct paste_view {
    struct str words;
    struct safe_html form;
    struct paste_line *lines;
    size_t len;
    struct str figures;
    struct url back_url;
};
void page_paste(struct html *h, const struct paste_view *view);
struct confirm_view {
    struct url action;
    struct str text, digest, unit_id, label;
    struct safe_html hidden;
};
void part_paste_again(struct html *h, struct safe_html form);
void part_paste_confirm(struct html *h, const struct confirm_view *view);

struct one_name_view {
    struct str title, unit_name, state;
    struct safe_html forms[4];
    struct str heads[4];
    size_t forms_len;
    struct url person_url;
};
void page_one_name(struct html *h, const struct one_name_view *view);

struct version_view {
    struct str words;
    struct name_line *lines;
    size_t len;
    struct str *added;
    size_t added_len;
    struct str *removed;
    size_t removed_len;
    bool is_first;
    struct url back_url;
};
void page_version(struct html *h, const struct version_view *view);

struct guest_line {
    struct str name, title;
    struct safe_html form;
};
struct guests_view {
    struct str *audience;
    size_t audience_len;
    struct guest_line *rows;
    size_t len;
    struct url action;
    struct str unit_id, search;
    struct found_line *found;
    size_t found_len;
    bool may_write;
};
void page_guests(struct html *h, const struct guests_view *view);

/* ---- All quotas of the class ---- */

struct quota_line {
    struct str unit_name, quota, figures, sent;
    struct url unit_url, list_url;
    struct safe_html mark;
};
struct waiting_quota {
    struct str text, seats;
    struct url url; /* empty when the reader may not assign */
};
struct double_line {
    struct str name, words;
};
struct quota_figure {
    struct str label;
    int64_t value, all; /* all 0: alone */
    struct url url;
    bool is_late;
};
struct quotas_view {
    struct quota_figure figures[5];
    size_t figures_len;
    struct waiting_quota *waiting;
    size_t waiting_len;
    struct double_line *doubles;
    size_t doubles_len;
    struct url action;
    struct str state, search;
    struct quota_line *rows;
    size_t len;
    struct str found;
    struct safe_html pager;
    struct url remind_url, alike_url;
    struct str remind_words, alike_words;
};
void page_quotas(struct html *h, const struct quotas_view *view);

struct assign_view {
    struct str text, seats, paper;
    struct url paper_url, action;
    struct str search;
    struct found_line *rows;
    size_t len;
    struct str *assigned;
    size_t assigned_len;
    struct url back_url;
};
void page_assign(struct html *h, const struct assign_view *view);

/* ---- Paper ---- */

struct printed_roster {
    struct str unit_name, class_title, days, basis, state;
    struct name_line *lines;
    size_t len;
    struct str total, place_day;
};
void page_printed_roster(struct html *h, const struct printed_roster *view);

struct learner_card {
    struct str name, title, unit_name, code;
    struct url qr, url;
};
struct cards_view {
    struct str class_title, days, words;
    struct learner_card *cards;
    size_t len;
};
void page_cards(struct html *h, const struct cards_view *view);

struct sign_line {
    int64_t number;
    struct str name, title, unit_name;
};
struct session_link {
    struct str words;
    struct url url;
    bool is_current;
};
struct signing_view {
    struct str class_title, session, place;
    struct session_link *sessions;
    size_t sessions_len;
    struct sign_line *lines;
    size_t len;
};
void page_signing(struct html *h, const struct signing_view *view);

/* ---- The learner's own page ---- */

struct half_day_line {
    struct str day, half, hours;
};
struct material_line {
    struct str name, size;
    struct url url;
    bool is_outside; /* a film's address, written out: the policy lets no page lead away unseen */
};
struct learner_view {
    struct str name, title, unit_name, class_title, days, organiser, in_place;
    struct half_day_line *half_days;
    size_t half_days_len;
    struct safe_html blocks[LEARNER_BLOCKS_MAX];
    size_t blocks_len;
    struct material_line *materials;
    size_t materials_len;
    struct url calendar_url, qr;
    struct str code;
};
void page_learner(struct html *h, const struct learner_view *view);

struct class_block {
    struct str *lines;
    struct url *urls;
    struct safe_html *marks;
    size_t len;
    struct url board_url;
    struct str board_words;
};
void part_class_block(struct html *h, const struct class_block *view);

/* ---- What the files of pages share ---- */

/* The class and the unit that a request asks about; both within the actor's reach. */
struct asked {
    struct course course;
    int64_t root_id;
    struct unit unit;
    int64_t quota_id;
    bool may_write, may_approve;
};
enum err asked_class(struct ctx *cx, const struct request *req, struct asked *ret_asked) MUST_CHECK;
/* Also the unit: of the form, else "don-vi", else the actor's own. */
enum err asked_unit(struct ctx *cx, const struct request *req, int64_t form_unit_id, struct asked *ret_asked) MUST_CHECK;
/* Also the list: the second parameter is a quota's id, or "rieng" for the unit's own. */
enum err asked_list(struct ctx *cx, const struct request *req, int64_t form_unit_id, struct asked *ret_asked) MUST_CHECK;

struct url list_url(struct arena *arena, const struct asked *asked, const char *what);
struct url unit_lists_url(struct arena *arena, const struct asked *asked);
struct str class_days(struct arena *arena, const struct course *course);
/* As it is read out: "ABCD EFGH". */
struct str code_words(struct arena *arena, struct str code);
struct str birth_words(struct arena *arena, int32_t birth_day);
/* "3/5", "3" where there is no cap. */
struct str taken_words(struct arena *arena, const struct nomination_quota *quota);
/* Where a list stands, with its deadline. */
struct safe_html roster_mark(struct ctx *cx, const struct nomination_roster *roster);

/* Who has this person in the class besides this list: "Sở Tư pháp (09:00 ngày 16/5/2026)"; "" nobody. */
enum err named_elsewhere(struct ctx *cx, int64_t root_id, int64_t person_id, int64_t unit_id, int64_t quota_id,
                         struct str *ret_words) MUST_CHECK;

struct roster_form {
    int64_t unit_id, person_id;
    struct str title, reason, double_reason, full_name, sex, text, digest;
    int32_t birth_day;
    bool is_widened;
};

/* A QR code as a picture that stands in the page itself. */
struct url qr_picture(struct arena *arena, struct str text);

enum err show_paste(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err prepare_paste(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err post_preview(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err post_paste(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
extern const struct field paste_fields[2], paste_done_fields[3];

enum err show_quotas(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err export_quotas(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err show_assign(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err post_assign(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
extern const struct field assign_fields[1];

enum err show_printed(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err show_cards(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err show_signing(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;

enum err show_guests(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err post_guest(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err post_guest_out(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;

enum err show_one_name(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err post_withdraw(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err post_replace(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err post_title(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err post_renew(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
extern const struct field replace_fields[2], title_fields[1], reason_fields[1];
enum err show_version(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;

enum err show_learner(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err show_learner_calendar(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err show_learner_material(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;

/* The list of persons of the unit that match; of a commune-level unit, of its whole commune. */
struct person_list;
enum err own_people(struct ctx *cx, const struct unit *unit, struct str search, int64_t limit, struct person_list *ret_list)
    MUST_CHECK;

/* A list's last moment as papers say it: "trước ngày 23/5/2026", "trước 09:00 ngày 21/11/2025". */
struct str roster_due_words(struct arena *arena, int64_t due_at);

#endif
