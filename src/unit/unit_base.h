/*
 * unit_base: the map the program carries: the areas of 1/7/2025 out of the npm package, made by tools/unitsc.c, and
 * what the package lacks or has wrong.
 */
#ifndef UNIT_UNIT_BASE_H
#define UNIT_UNIT_BASE_H

#include "unit/unit.h"

/* A row as the package has it: the name without its kind, not yet brought to one form. Provinces come first. */
struct unit_area {
    struct str code;
    struct str parent_code; /* "" for provinces */
    enum unit_kind kind;
    struct str name;
};
extern const struct unit_area unit_areas[];
extern const size_t unit_areas_len;

/* One form for names of areas: clean, the tone placement of the decisions (Hòa, Thủy), the plain apostrophe (M'Drắk). */
struct str unit_clean_name(struct arena *arena, struct str name);

#endif
