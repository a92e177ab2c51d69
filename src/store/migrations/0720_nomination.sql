-- Who is sent to the class: quotas of papers, the lists of units, names, and the learners that come of them.
-- root_id is the class, course_id the paper.

-- id is course_id * 10000 + ordinal. seats_max is -1 without a cap. taken counts the names in force.
CREATE TABLE nomination_quota (
    id             BIGINT PRIMARY KEY,
    course_id      BIGINT NOT NULL,
    root_id        BIGINT NOT NULL,
    issuer_unit_id BIGINT NOT NULL,
    unit_text      TEXT NOT NULL,
    place          TEXT NOT NULL,
    paragraph      BIGINT NOT NULL,
    seats_min      BIGINT NOT NULL,
    seats_max      BIGINT NOT NULL,
    bound          TEXT NOT NULL CHECK (bound IN ('exact', 'max', 'min', 'open')),
    is_each        BIGINT NOT NULL,
    is_unassigned  BIGINT NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('in_force', 'withdrawn')),
    taken          BIGINT NOT NULL
);
CREATE INDEX nomination_quota_of_course ON nomination_quota (course_id);
CREATE INDEX nomination_quota_of_class ON nomination_quota (root_id);

-- One unit's list for one quota; quota_id 0 for the names a unit adds of its own. names counts those in force.
CREATE TABLE nomination_roster (
    root_id             BIGINT NOT NULL,
    unit_id             BIGINT NOT NULL,
    quota_id            BIGINT NOT NULL,
    course_id           BIGINT NOT NULL,
    state               TEXT NOT NULL CHECK (state IN ('draft', 'approved', 'sent', 'withdrawn')),
    version             BIGINT NOT NULL,
    names               BIGINT NOT NULL,
    approved_at         BIGINT,
    approved_account_id BIGINT,
    sent_at             BIGINT,
    sent_account_id     BIGINT,
    returned_at         BIGINT,
    return_reason       TEXT NOT NULL,
    PRIMARY KEY (root_id, unit_id, quota_id)
) /*without rowid*/;
CREATE INDEX nomination_roster_of_quota ON nomination_roster (quota_id, unit_id);

-- A person's place in one list. Nobody is taken out: who no longer stands keeps the reason and who came instead.
CREATE TABLE nomination_name (
    id             BIGINT PRIMARY KEY,
    root_id        BIGINT NOT NULL,
    unit_id        BIGINT NOT NULL,
    quota_id       BIGINT NOT NULL,
    person_id      BIGINT NOT NULL,
    learner_id     BIGINT NOT NULL,
    title          TEXT NOT NULL,
    at             BIGINT NOT NULL,
    account_id     BIGINT,
    is_in_force    BIGINT NOT NULL,
    is_sent        BIGINT NOT NULL,
    is_widened     BIGINT NOT NULL,
    double_reason  TEXT NOT NULL,
    replaces_id    BIGINT,
    replaced_by_id BIGINT,
    ended_at       BIGINT,
    reason         TEXT NOT NULL
);
CREATE INDEX nomination_name_of_roster ON nomination_name (root_id, unit_id, quota_id);
CREATE INDEX nomination_name_of_learner ON nomination_name (learner_id);
CREATE INDEX nomination_name_of_quota ON nomination_name (quota_id);

-- A list as it was sent, and as each later change left it.
CREATE TABLE nomination_version (
    root_id    BIGINT NOT NULL,
    unit_id    BIGINT NOT NULL,
    quota_id   BIGINT NOT NULL,
    version    BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    account_id BIGINT,
    cause      TEXT NOT NULL CHECK (cause IN ('sent', 'replaced', 'withdrawn')),
    reason     TEXT NOT NULL,
    PRIMARY KEY (root_id, unit_id, quota_id, version)
) /*without rowid*/;
CREATE TABLE nomination_version_name (
    root_id  BIGINT NOT NULL,
    unit_id  BIGINT NOT NULL,
    quota_id BIGINT NOT NULL,
    version  BIGINT NOT NULL,
    name_id  BIGINT NOT NULL,
    title    TEXT NOT NULL,
    PRIMARY KEY (root_id, unit_id, quota_id, version, name_id)
) /*without rowid*/;

-- A person in a class, once. id is the first name's. unit_id, area_id and title are those of the oldest name in force.
-- point_id is 0 for the main point of the area. names counts those in force.
CREATE TABLE nomination_learner (
    id           BIGINT PRIMARY KEY,
    root_id      BIGINT NOT NULL,
    person_id    BIGINT NOT NULL,
    unit_id      BIGINT NOT NULL,
    area_id      BIGINT NOT NULL,
    title        TEXT NOT NULL,
    point_id     BIGINT NOT NULL,
    code_version BIGINT NOT NULL,
    names        BIGINT NOT NULL,
    is_sent      BIGINT NOT NULL,
    UNIQUE (root_id, person_id)
);
CREATE INDEX nomination_learner_of_point ON nomination_learner (root_id, point_id, area_id);
CREATE INDEX nomination_learner_of_unit ON nomination_learner (root_id, unit_id);
CREATE INDEX nomination_learner_double ON nomination_learner (root_id) WHERE names > 1;

-- Guests of the opening and the closing; no learners.
CREATE TABLE nomination_guest (
    id          BIGINT PRIMARY KEY,
    root_id     BIGINT NOT NULL,
    unit_id     BIGINT NOT NULL,
    person_id   BIGINT NOT NULL,
    title       TEXT NOT NULL,
    at          BIGINT NOT NULL,
    is_in_force BIGINT NOT NULL,
    reason      TEXT NOT NULL
);
CREATE INDEX nomination_guest_of_unit ON nomination_guest (root_id, unit_id);
