-- Officials and the posts they hold. Personal values stand here in the clear for work and search, and beside the chain
-- of facts; erasing a person empties both.

-- unit_id owns the record. sort_key is the order of Vietnamese lists, fold the search key with a blank in front.
-- citizen_seal is encrypted; citizen_mark is a keyed digest, so that the same number is found again without being read.
CREATE TABLE person (
    id           BIGINT PRIMARY KEY,
    unit_id      BIGINT NOT NULL,
    family       TEXT NOT NULL,
    middle       TEXT NOT NULL,
    given        TEXT NOT NULL,
    full_name    TEXT NOT NULL,
    sort_key     BYTEA NOT NULL,
    fold         TEXT NOT NULL,
    birth_day    BIGINT,
    sex          TEXT NOT NULL,
    phone        TEXT NOT NULL,
    mail         TEXT NOT NULL,
    citizen_seal BYTEA,
    citizen_mark BYTEA,
    citizen_tail TEXT NOT NULL,
    erased_at    BIGINT
);
CREATE INDEX person_order ON person (sort_key, id);
CREATE INDEX person_unit ON person (unit_id);
CREATE INDEX person_citizen ON person (citizen_mark) WHERE citizen_mark IS NOT NULL;

-- Every word of a name without diacritics, each once a person: a search nationwide begins at the rarest word it was given
-- (a prefix is a range here, on both engines). An erased person has none.
CREATE TABLE person_word (
    word      TEXT NOT NULL,
    person_id BIGINT NOT NULL,
    PRIMARY KEY (word, person_id)
) /*without rowid*/;

-- The post a person came with has the person's id. to_day is the first day on which it is no longer held;
-- 2147483647 while it is.
CREATE TABLE post (
    id        BIGINT PRIMARY KEY,
    person_id BIGINT NOT NULL,
    unit_id   BIGINT NOT NULL,
    title     TEXT NOT NULL,
    fold      TEXT NOT NULL,
    from_day  BIGINT NOT NULL,
    to_day    BIGINT NOT NULL
);
CREATE INDEX post_person ON post (person_id, from_day);

-- What happened to a record after it was made: the facts of its trail.
CREATE TABLE person_fact (
    person_id  BIGINT NOT NULL,
    seq        BIGINT NOT NULL,
    kind       TEXT NOT NULL,
    at         BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    words      TEXT NOT NULL,
    PRIMARY KEY (person_id, seq)
) /*without rowid*/;
