/*
 * person_pages: the list of officials, one official with posts and trail, and the forms: routes and what they show.
 */
#ifndef PERSON_PERSON_PAGES_H
#define PERSON_PERSON_PAGES_H

#include "http/http.h"
#include "page/page.h"
#include "person/person.h"

struct person_row {
    struct url url;
    struct str name;
    struct str title;
    struct str unit_name;
    struct str birth; /* a year: what tells namesakes apart at a glance */
    struct str phone;
    struct url phone_url; /* empty when there is no number */
};

struct person_list_view {
    struct url action;
    struct str text, title;
    struct str unit_name; /* when the list is of one unit's subtree; "" otherwise */
    struct str unit_id;   /* as typed in the address, kept by the filter */
    struct url all_url;   /* the list without the unit */
    struct str found;
    struct person_row *rows;
    size_t len;
    struct safe_html pager;
};
void page_person_list(struct html *h, const struct person_list_view *view);

struct post_row {
    struct str title;
    struct str unit_name;
    struct url unit_url; /* empty outside the reader's scope */
    struct str days;
    bool is_held;
    struct url close_url; /* empty when it cannot be closed here */
};
struct trail_row {
    struct str at;
    struct str words;
};

struct person_one_view {
    const struct person *person;
    struct str birth, sex, citizen;
    struct url phone_url, mail_url, unit_url;
    struct url citizen_url; /* empty without the permission to write or reveal */
    struct post_row *posts;
    size_t posts_len;
    struct trail_row *trail;
    size_t trail_len;
};
void page_person_one(struct html *h, const struct person_one_view *view);

struct person_actions_view {
    struct url post_url, transfer_url, erase_url, edit_url;
};
void part_person_actions(struct html *h, const struct person_actions_view *view);
void part_person_list_actions(struct html *h, struct url add_url);

/* A page that is one form, with a sentence above it. */
struct person_form_view {
    struct str words;
    struct safe_html form;
};
void page_person_form(struct html *h, const struct person_form_view *view);

struct person_citizen_view {
    struct str masked; /* "" when none is kept */
    struct str digits; /* only just after it was revealed */
    struct str doubt;
    struct safe_html set_form, reveal_form; /* empty without the permission */
};
void page_person_citizen(struct html *h, const struct person_citizen_view *view);

extern const struct route_table person_routes;

#endif
