-- Who sat in the room. Marks commute: roll_line is a function of the set of marks of a learner's half-day, whatever order
-- they came in. Keys are ids of facts or of the trade, never the order of arrival.

-- One point in one half-day. `turn` is the newest closing or reopening, `head_count` the newest count of heads (-1: none),
-- `head_counted` what of it stands in the counters: nothing once names are called.
CREATE TABLE roll_sheet (
    point_id     BIGINT NOT NULL,
    session_key  BIGINT NOT NULL,
    area_id      BIGINT NOT NULL,
    expected     BIGINT NOT NULL,
    turn         BIGINT NOT NULL,
    is_closed    BIGINT NOT NULL,
    head_count   BIGINT NOT NULL,
    head_counted BIGINT NOT NULL,
    PRIMARY KEY (point_id, session_key)
) /*without rowid*/;

-- A learner in a half-day: what the marks come to, and (known, named) what the rule keeps of them (roll_rule.h). point_id
-- and area_id are where the winning mark was made.
CREATE TABLE roll_line (
    learner_id  BIGINT NOT NULL,
    session_key BIGINT NOT NULL,
    point_id    BIGINT NOT NULL,
    area_id     BIGINT NOT NULL,
    mark        TEXT NOT NULL,
    is_conflict BIGINT NOT NULL,
    winner      BYTEA NOT NULL,
    known       BYTEA NOT NULL,
    named       BYTEA NOT NULL,
    PRIMARY KEY (learner_id, session_key)
) /*without rowid*/;
CREATE INDEX roll_line_point ON roll_line (point_id, session_key);

-- Every mark ever taken. `at` is the corrected time; offset_ms is received less sent, of the upload that brought it; by_name
-- is whose thumb it was where another's account sent it.
CREATE TABLE roll_mark (
    learner_id   BIGINT NOT NULL,
    session_key  BIGINT NOT NULL,
    id           BYTEA NOT NULL,
    point_id     BIGINT NOT NULL,
    mark         TEXT NOT NULL,
    reason       TEXT NOT NULL,
    at           BIGINT NOT NULL,
    replaces     TEXT NOT NULL,
    device       TEXT NOT NULL,
    device_count BIGINT NOT NULL,
    device_at    BIGINT NOT NULL,
    offset_ms    BIGINT NOT NULL,
    source       TEXT NOT NULL,
    by_name      TEXT NOT NULL,
    account_id   BIGINT,
    received_at  BIGINT NOT NULL,
    PRIMARY KEY (learner_id, session_key, id)
) /*without rowid*/;
CREATE INDEX roll_mark_device ON roll_mark (point_id, device, device_count);

-- Who came and stands on no list.
CREATE TABLE roll_walk_in (
    id           BYTEA NOT NULL,
    point_id     BIGINT NOT NULL,
    session_key  BIGINT NOT NULL,
    full_name    TEXT NOT NULL,
    title        TEXT NOT NULL,
    unit_name    TEXT NOT NULL,
    at           BIGINT NOT NULL,
    device       TEXT NOT NULL,
    device_count BIGINT NOT NULL,
    device_at    BIGINT NOT NULL,
    offset_ms    BIGINT NOT NULL,
    by_name      TEXT NOT NULL,
    account_id   BIGINT,
    PRIMARY KEY (id)
) /*without rowid*/;
CREATE INDEX roll_walk_in_point ON roll_walk_in (point_id, session_key);

CREATE TABLE roll_walk_in_end (
    walk_in    BYTEA NOT NULL,
    id         BYTEA NOT NULL,
    reason     TEXT NOT NULL,
    at         BIGINT NOT NULL,
    account_id BIGINT,
    PRIMARY KEY (walk_in, id)
) /*without rowid*/;

-- What a device sent and could not be taken: kept as it came, with why.
CREATE TABLE roll_set_aside (
    id           BYTEA NOT NULL,
    point_id     BIGINT NOT NULL,
    device       TEXT NOT NULL,
    device_count BIGINT NOT NULL,
    words        TEXT NOT NULL,
    content      TEXT NOT NULL,
    at           BIGINT NOT NULL,
    account_id   BIGINT,
    PRIMARY KEY (id)
) /*without rowid*/;
CREATE INDEX roll_set_aside_point ON roll_set_aside (point_id, device, device_count);

-- Closings and reopenings, numbered by `turn`; a closing holds the figures that the officer reported.
CREATE TABLE roll_turn (
    point_id    BIGINT NOT NULL,
    session_key BIGINT NOT NULL,
    turn        BIGINT NOT NULL,
    id          BYTEA NOT NULL,
    is_closing  BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    account_id  BIGINT,
    reason      TEXT NOT NULL,
    expected    BIGINT NOT NULL,
    present     BIGINT NOT NULL,
    late        BIGINT NOT NULL,
    excused     BIGINT NOT NULL,
    absent      BIGINT NOT NULL,
    unmarked    BIGINT NOT NULL,
    walk_in     BIGINT NOT NULL,
    head_count  BIGINT NOT NULL,
    conflicts   BIGINT NOT NULL,
    PRIMARY KEY (point_id, session_key, turn, id)
) /*without rowid*/;

CREATE TABLE roll_head_count (
    point_id    BIGINT NOT NULL,
    session_key BIGINT NOT NULL,
    turn        BIGINT NOT NULL,
    id          BYTEA NOT NULL,
    heads       BIGINT NOT NULL,
    note        TEXT NOT NULL,
    at          BIGINT NOT NULL,
    account_id  BIGINT,
    PRIMARY KEY (point_id, session_key, turn, id)
) /*without rowid*/;

CREATE TABLE roll_objection (
    id          BYTEA NOT NULL,
    learner_id  BIGINT NOT NULL,
    session_key BIGINT NOT NULL,
    point_id    BIGINT NOT NULL,
    words       TEXT NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (id)
) /*without rowid*/;
CREATE INDEX roll_objection_learner ON roll_objection (learner_id, session_key);
CREATE INDEX roll_objection_point ON roll_objection (point_id, session_key);

CREATE TABLE roll_objection_answer (
    objection  BYTEA NOT NULL,
    id         BYTEA NOT NULL,
    words      TEXT NOT NULL,
    at         BIGINT NOT NULL,
    account_id BIGINT,
    PRIMARY KEY (objection, id)
) /*without rowid*/;
