-- Places, the bodies on them, and what each of them was called when.

-- The newest state. to_day is the first day on which it is no more; 2147483647 while it stands.
-- rank and sort_key give the order of lists: bodies as in the table of sorts, provinces by code, communes by name.
-- fold is the search key: full name, province and codes, without diacritics, with a blank in front.
CREATE TABLE unit (
    id          BIGINT PRIMARY KEY,
    parent_id   BIGINT NOT NULL,
    place_id    BIGINT NOT NULL,
    path        TEXT NOT NULL UNIQUE,
    kind        TEXT NOT NULL
        CHECK (kind IN ('nation', 'province', 'city', 'commune', 'ward', 'special_zone', 'body')),
    sort        TEXT NOT NULL,
    line        TEXT NOT NULL,
    level       TEXT NOT NULL CHECK (level IN ('central', 'province', 'commune')),
    code        TEXT NOT NULL,
    name        TEXT NOT NULL,
    full_name   TEXT NOT NULL,
    superior_id BIGINT NOT NULL,
    from_day    BIGINT NOT NULL,
    to_day      BIGINT NOT NULL,
    rank        BIGINT NOT NULL,
    sort_key    BYTEA NOT NULL,
    fold        TEXT NOT NULL
);
CREATE INDEX unit_place ON unit (place_id, sort);
CREATE INDEX unit_of_sort ON unit (sort, path);
CREATE INDEX unit_parent ON unit (parent_id);
CREATE INDEX unit_superior ON unit (superior_id);

CREATE TABLE unit_version (
    unit_id   BIGINT NOT NULL,
    from_day  BIGINT NOT NULL,
    to_day    BIGINT NOT NULL,
    kind      TEXT NOT NULL,
    parent_id BIGINT NOT NULL,
    name      TEXT NOT NULL,
    full_name TEXT NOT NULL,
    cause     TEXT NOT NULL,
    PRIMARY KEY (unit_id, from_day)
) /*without rowid*/;
CREATE INDEX unit_version_parent ON unit_version (parent_id);

-- Every code a unit is known by, its official one included.
CREATE TABLE unit_code (
    code    TEXT NOT NULL,
    unit_id BIGINT NOT NULL,
    PRIMARY KEY (code)
) /*without rowid*/;
CREATE INDEX unit_code_unit ON unit_code (unit_id);

-- What became of a unit that ended (successor_id 0: nothing took its place), and what was made out of one. handed_over:
-- what it still had in hand has passed on, which happens when the day has come.
CREATE TABLE unit_successor (
    unit_id      BIGINT NOT NULL,
    successor_id BIGINT NOT NULL,
    day          BIGINT NOT NULL,
    how          TEXT NOT NULL CHECK (how IN ('merged', 'split', 'closed')),
    cause        TEXT NOT NULL,
    handed_over  BIGINT NOT NULL,
    PRIMARY KEY (unit_id, successor_id)
) /*without rowid*/;
CREATE INDEX unit_successor_of ON unit_successor (successor_id);
