-- The classes that issued papers open: days, half-days, topics, points. id is the paper's id.

CREATE TABLE course (
    id                     BIGINT PRIMARY KEY,
    issuer_unit_id         BIGINT NOT NULL,
    issuer_name            TEXT NOT NULL,
    source                 TEXT NOT NULL,
    title                  TEXT NOT NULL,
    mode                   TEXT NOT NULL,
    start_text             TEXT NOT NULL,
    end_text               TEXT NOT NULL,
    start_day              BIGINT,
    end_day                BIGINT,
    days_tenths            BIGINT NOT NULL,
    check_in_at            BIGINT,
    opening_at             BIGINT,
    closing_at             BIGINT,
    official_connection_at BIGINT,
    arrive_before_minutes  BIGINT NOT NULL,
    online_system          TEXT NOT NULL,
    online_url             TEXT NOT NULL,
    meeting_id             TEXT NOT NULL,
    passcode               TEXT NOT NULL,
    learners_min           BIGINT NOT NULL,
    learners_max           BIGINT NOT NULL,
    classes_min            BIGINT NOT NULL,
    classes_max            BIGINT NOT NULL,
    state                  TEXT NOT NULL CHECK (state IN ('in_force', 'withdrawn')),
    state_reason           TEXT NOT NULL,
    sequence               BIGINT NOT NULL,
    changed_at             BIGINT NOT NULL,
    changed_by_id          BIGINT
);
CREATE INDEX course_start ON course (start_day);

CREATE TABLE course_connection_test (
    course_id BIGINT NOT NULL,
    ordinal   BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (course_id, ordinal)
) /*without rowid*/;

-- A half-day. Minutes of the day; -1 where the paper gives no hour.
CREATE TABLE course_session (
    course_id   BIGINT NOT NULL,
    ordinal     BIGINT NOT NULL,
    day         BIGINT NOT NULL,
    half        TEXT NOT NULL CHECK (half IN ('morning', 'afternoon', 'evening')),
    from_minute BIGINT NOT NULL,
    to_minute   BIGINT NOT NULL,
    PRIMARY KEY (course_id, ordinal)
) /*without rowid*/;

CREATE TABLE course_programme (
    course_id    BIGINT NOT NULL,
    number       BIGINT NOT NULL,
    title        TEXT NOT NULL,
    audience     TEXT NOT NULL,
    learners_min BIGINT NOT NULL,
    learners_max BIGINT NOT NULL,
    classes_min  BIGINT NOT NULL,
    classes_max  BIGINT NOT NULL,
    PRIMARY KEY (course_id, number)
) /*without rowid*/;

CREATE TABLE course_venue (
    course_id BIGINT NOT NULL,
    ordinal   BIGINT NOT NULL,
    programme BIGINT NOT NULL,
    place     TEXT NOT NULL,
    classes   BIGINT NOT NULL,
    batches   BIGINT NOT NULL,
    PRIMARY KEY (course_id, ordinal)
) /*without rowid*/;

-- A dated class of a plan with several.
CREATE TABLE course_run (
    course_id    BIGINT NOT NULL,
    ordinal      BIGINT NOT NULL,
    programme    BIGINT NOT NULL,
    label        TEXT NOT NULL,
    start_day    BIGINT,
    end_day      BIGINT,
    place        TEXT NOT NULL,
    learners_min BIGINT NOT NULL,
    learners_max BIGINT NOT NULL,
    PRIMARY KEY (course_id, ordinal)
) /*without rowid*/;

CREATE TABLE course_topic (
    course_id BIGINT NOT NULL,
    ordinal   BIGINT NOT NULL,
    programme BIGINT NOT NULL,
    number    BIGINT NOT NULL,
    title     TEXT NOT NULL,
    speaker   TEXT NOT NULL,
    minutes   BIGINT NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('topic', 'discussion', 'visit', 'test')),
    paragraph BIGINT NOT NULL,
    PRIMARY KEY (course_id, ordinal)
) /*without rowid*/;

CREATE TABLE course_point (
    course_id BIGINT NOT NULL,
    ordinal   BIGINT NOT NULL,
    level     TEXT NOT NULL,
    place     TEXT NOT NULL,
    chair     TEXT NOT NULL,
    paragraph BIGINT NOT NULL,
    PRIMARY KEY (course_id, ordinal)
) /*without rowid*/;

-- Who is at a point. Guests come to the opening and the closing and are no learners.
CREATE TABLE course_attendee (
    course_id BIGINT NOT NULL,
    ordinal   BIGINT NOT NULL,
    point     BIGINT NOT NULL,
    text      TEXT NOT NULL,
    is_guest  BIGINT NOT NULL,
    PRIMARY KEY (course_id, ordinal)
) /*without rowid*/;

-- Seats as the paper gives them, for the room that names learners. Without a count a unit comes whole.
CREATE TABLE course_quota (
    course_id BIGINT NOT NULL,
    ordinal   BIGINT NOT NULL,
    unit_text TEXT NOT NULL,
    count_min BIGINT NOT NULL,
    count_max BIGINT NOT NULL,
    is_each   BIGINT NOT NULL,
    bound     TEXT NOT NULL CHECK (bound IN ('exact', 'max', 'min')),
    PRIMARY KEY (course_id, ordinal)
) /*without rowid*/;

CREATE TABLE course_phase (
    course_id BIGINT NOT NULL,
    ordinal   BIGINT NOT NULL,
    name      TEXT NOT NULL,
    from_text TEXT NOT NULL,
    to_text   TEXT NOT NULL,
    PRIMARY KEY (course_id, ordinal)
) /*without rowid*/;

CREATE TABLE course_phase_item (
    course_id BIGINT NOT NULL,
    ordinal   BIGINT NOT NULL,
    phase     BIGINT NOT NULL,
    text      TEXT NOT NULL,
    duration  TEXT NOT NULL,
    PRIMARY KEY (course_id, ordinal)
) /*without rowid*/;
