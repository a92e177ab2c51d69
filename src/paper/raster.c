#include "paper/raster.h"

/*
 * A ruling is a run of dark dots longer than any stroke of a letter, over one or a few rows of dots; a slanted or
 * broken one is several runs that overlap on neighbouring rows. Upright rulings are the same, seen from the side.
 */
enum { DARK = 150, RUN_GAP = 2 };

struct finder {
    const struct raster *raster;
    struct leaf_rule *rules; /* in dots; left and right along the run */
    size_t len, room;
    bool is_level;
    int run_min, thick_max;
};

static bool is_dark(const struct finder *finder, int line, int at)
{
    size_t width = (size_t)finder->raster->width;
    size_t place = finder->is_level ? (size_t)line * width + (size_t)at : (size_t)at * width + (size_t)line;
    return finder->raster->at[place] < DARK;
}

/* A run joins the ruling that ends on the line before and lies over or under it. */
static void add_run(struct finder *finder, int line, int from, int to)
{
    for (size_t i = finder->len; i-- > 0;) {
        struct leaf_rule *rule = &finder->rules[i];
        if (rule->bottom < line - 2)
            continue;
        if (rule->left > to || rule->right < from)
            continue;
        rule->left = from < rule->left ? from : rule->left;
        rule->right = to > rule->right ? to : rule->right;
        rule->bottom = line;
        return;
    }
    if (finder->len < finder->room)
        finder->rules[finder->len++] = (struct leaf_rule){ .left = from, .top = line, .right = to, .bottom = line };
}

static void find_along(struct finder *finder)
{
    int lines = finder->is_level ? finder->raster->height : finder->raster->width;
    int length = finder->is_level ? finder->raster->width : finder->raster->height;
    for (int line = 0; line < lines; line++) {
        int from = -1;
        int last = -1;
        for (int at = 0; at <= length; at++) {
            bool is_on = at < length && is_dark(finder, line, at);
            if (is_on && from < 0)
                from = at;
            if (is_on)
                last = at;
            if (from >= 0 && (at == length || at - last > RUN_GAP)) {
                if (last - from >= finder->run_min)
                    add_run(finder, line, from, last);
                from = -1;
            }
        }
    }
    /* A thick one is a filled field or a picture. */
    size_t kept = 0;
    for (size_t i = 0; i < finder->len; i++) {
        if (finder->rules[i].bottom - finder->rules[i].top <= finder->thick_max)
            finder->rules[kept++] = finder->rules[i];
    }
    finder->len = kept;
}

static void add_rules(const struct finder *finder, double points_per_dot, struct leaf *leaf)
{
    for (size_t i = 0; i < finder->len && leaf->rules_len < LEAF_RULES_MAX; i++) {
        struct leaf_rule rule = finder->rules[i];
        if (!finder->is_level)
            rule = (struct leaf_rule){ rule.top, rule.left, rule.bottom, rule.right };
        leaf->rules[leaf->rules_len++] = (struct leaf_rule){ rule.left * points_per_dot, rule.top * points_per_dot,
                                                             rule.right * points_per_dot,
                                                             rule.bottom * points_per_dot };
    }
}

void raster_find_rules(struct ctx *cx, const struct raster *raster, double points_per_dot, struct leaf *leaf)
{
    leaf->rules = ARENA_NEW_ARRAY(&cx->arena, struct leaf_rule, LEAF_RULES_MAX);
    leaf->rules_len = 0;
    struct finder finder = { .raster = raster, .room = LEAF_RULES_MAX,
                             .thick_max = (int)(5 / points_per_dot) };
    struct leaf_rule *scratch = ARENA_NEW_ARRAY(&cx->arena, struct leaf_rule, LEAF_RULES_MAX);
    for (int pass = 0; pass < 2; pass++) {
        finder.rules = scratch;
        finder.len = 0;
        finder.is_level = pass == 0;
        finder.run_min = (int)((pass == 0 ? 24 : 13) / points_per_dot);
        find_along(&finder);
        add_rules(&finder, points_per_dot, leaf);
    }
}
