#include "paper/raster.h"

#include <math.h>

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

/* ------------------------------------------------------------------------------------------ ink */

/*
 * Ink has a colour where its strongest channel stands clear of its weakest. A coloured dot that is not dark is a
 * stamp's or a pen's; a dark one is a black letter with colour over it.
 */
enum { COLOUR_MIN = 45, COLOURED_LIGHT = 105 };

static bool is_coloured(const unsigned char *dot)
{
    int most = dot[0] > dot[1] ? dot[0] : dot[1];
    most = dot[2] > most ? dot[2] : most;
    int least = dot[0] < dot[1] ? dot[0] : dot[1];
    least = dot[2] < least ? dot[2] : least;
    return most - least > COLOUR_MIN && most > COLOURED_LIGHT;
}

void raster_take_ink(const unsigned char *rgb, struct raster *raster)
{
    size_t dots = (size_t)raster->width * (size_t)raster->height;
    for (size_t i = 0; i < dots; i++) {
        const unsigned char *dot = rgb + 3 * i;
        raster->at[i] = is_coloured(dot) ? 255 : (unsigned char)((2 * dot[0] + 5 * dot[1] + dot[2]) / 8);
    }
}

void raster_take_colour(const unsigned char *rgb, struct raster *raster)
{
    size_t dots = (size_t)raster->width * (size_t)raster->height;
    for (size_t i = 0; i < dots; i++)
        raster->at[i] = is_coloured(rgb + 3 * i) ? 0 : 255;
}

size_t raster_count_ink(const struct raster *raster)
{
    size_t count = 0;
    size_t dots = (size_t)raster->width * (size_t)raster->height;
    for (size_t i = 0; i < dots; i++)
        count += raster->at[i] < DARK;
    return count;
}

/* ------------------------------------------------------------------------------------------ skew */

/* Every third dot in both directions shows the lines well enough. */
enum { SKEW_STEP = 3, SKEW_DOTS_MAX = 200000 };

struct ink_dots {
    short *xs, *ys;
    size_t len;
    int height;
    unsigned *rows;
};

static void collect_ink(struct arena *arena, const struct raster *raster, struct ink_dots *dots)
{
    dots->xs = ARENA_NEW_ARRAY(arena, short, SKEW_DOTS_MAX);
    dots->ys = ARENA_NEW_ARRAY(arena, short, SKEW_DOTS_MAX);
    dots->height = raster->height / SKEW_STEP + 1;
    for (int y = 0; y < raster->height; y += SKEW_STEP) {
        const unsigned char *row = raster->at + (size_t)y * (size_t)raster->width;
        for (int x = 0; x < raster->width && dots->len < SKEW_DOTS_MAX; x += SKEW_STEP) {
            if (row[x] >= DARK)
                continue;
            dots->xs[dots->len] = (short)(x / SKEW_STEP);
            dots->ys[dots->len++] = (short)(y / SKEW_STEP);
        }
    }
}

/* How unevenly ink falls into rows that rise by `slope`: most when they are the page's own lines. */
static double fullness(const struct ink_dots *dots, double slope)
{
    memset(dots->rows, 0, (size_t)dots->height * sizeof *dots->rows);
    for (size_t i = 0; i < dots->len; i++) {
        int row = (int)(dots->ys[i] + slope * dots->xs[i] + 0.5);
        if (row >= 0 && row < dots->height)
            dots->rows[row]++;
    }
    double sum = 0;
    for (int i = 0; i < dots->height; i++)
        sum += (double)dots->rows[i] * dots->rows[i];
    return sum;
}

static double find_skew(struct arena *arena, const struct raster *raster)
{
    const double degree = 0.017453292519943295;
    struct ink_dots dots = { .len = 0 };
    collect_ink(arena, raster, &dots);
    dots.rows = ARENA_NEW_ARRAY(arena, unsigned, (size_t)dots.height);
    if (dots.len < 500)
        return 0;
    double best = 0;
    for (double step = 0.5; step > 0.04; step /= 5) {
        double middle = best;
        double most = fullness(&dots, tan(best * degree));
        int reach = step > 0.4 ? 6 : 5;
        for (int i = -reach; i <= reach; i++) {
            double angle = middle + i * step;
            double full = fullness(&dots, tan(angle * degree));
            if (full > most) {
                most = full;
                best = angle;
            }
        }
    }
    return best * degree;
}

double raster_skew(struct ctx *cx, const struct raster *raster)
{
    struct arena scratch; /* a megabyte a page is not for the paper to keep */
    arena_init(&scratch, cx->env, 4 << 20);
    scratch.guard = cx->arena.guard;
    double skew = find_skew(&scratch, raster);
    arena_end(&scratch);
    return skew;
}

void raster_level(const struct raster *from, double skew, struct raster *to)
{
    const double cosine = cos(skew);
    const double sine = sin(skew);
    const double middle_x = from->width / 2.0;
    const double middle_y = from->height / 2.0;
    const size_t width = (size_t)from->width;
    for (int y = 0; y < to->height; y++) {
        unsigned char *row = to->at + (size_t)y * width;
        double from_x = middle_x - middle_x * cosine + (y - middle_y) * sine;
        double from_y = middle_y + middle_x * sine + (y - middle_y) * cosine;
        for (int x = 0; x < to->width; x++, from_x += cosine, from_y -= sine) {
            int left = (int)from_x;
            int top = (int)from_y;
            if (from_x < 0 || from_y < 0 || left + 1 >= from->width || top + 1 >= from->height) {
                row[x] = 255;
                continue;
            }
            /* The four dots around, weighed in 1/16 steps. */
            int right_share = (int)(16 * (from_x - left));
            int low_share = (int)(16 * (from_y - top));
            const unsigned char *at = from->at + (size_t)top * width + (size_t)left;
            int upper = at[0] * (16 - right_share) + at[1] * right_share;
            int lower = at[width] * (16 - right_share) + at[width + 1] * right_share;
            row[x] = (unsigned char)((upper * (16 - low_share) + lower * low_share) / 256);
        }
    }
}

/* ------------------------------------------------------------------------------------------ rulings away */

void raster_erase_rules(struct raster *raster, double points_per_dot, const struct leaf *leaf)
{
    for (size_t i = 0; i < leaf->rules_len; i++) {
        const struct leaf_rule *rule = &leaf->rules[i];
        int left = (int)(rule->left / points_per_dot) - 2;
        int right = (int)(rule->right / points_per_dot) + 2;
        int top = (int)(rule->top / points_per_dot) - 2;
        int bottom = (int)(rule->bottom / points_per_dot) + 2;
        for (int y = top < 0 ? 0 : top; y <= bottom && y < raster->height; y++) {
            for (int x = left < 0 ? 0 : left; x <= right && x < raster->width; x++)
                raster->at[(size_t)y * (size_t)raster->width + (size_t)x] = 255;
        }
    }
}
