-- The rooms joined to a class: where they are, what their lines did, what they reported, what broke.

-- The main point of an area has the id class * 1000000 + area; a sub-point's counts on from class * 1000000 + 500000.
-- path is the area's, kept here so that a subtree is one range; it follows an area that moves. fold is the search key of
-- the point's own name; the area's stands at the unit. test_opens_at is the hour from which tests count.
CREATE TABLE point (
    id               BIGINT PRIMARY KEY,
    root_id          BIGINT NOT NULL,
    area_id          BIGINT NOT NULL,
    path             TEXT NOT NULL,
    level            BIGINT NOT NULL,
    is_main          BIGINT NOT NULL,
    seq              BIGINT NOT NULL,
    name             TEXT NOT NULL,
    fold             TEXT NOT NULL,
    room             TEXT NOT NULL,
    address          TEXT NOT NULL,
    seats            BIGINT NOT NULL,
    kit              TEXT NOT NULL,
    chair_name       TEXT NOT NULL,
    chair_title      TEXT NOT NULL,
    technician_name  TEXT NOT NULL,
    technician_phone TEXT NOT NULL,
    is_described     BIGINT NOT NULL,
    is_closed        BIGINT NOT NULL,
    closed_at        BIGINT NOT NULL,
    closed_reason    TEXT NOT NULL,
    test_state       BIGINT NOT NULL,
    tested_at        BIGINT NOT NULL,
    test_opens_at    BIGINT NOT NULL,
    incident_open    BIGINT NOT NULL
);
CREATE INDEX point_of_class ON point (root_id, path, id);
CREATE INDEX point_of_area ON point (area_id, root_id);

-- The papers of a class that speak of its points, each for the place its issuer works for. test_at is the paper's hour
-- of the line test; may_add tells whether it lets the communes add points, may_add_place where it says so.
CREATE TABLE point_paper (
    course_id     BIGINT PRIMARY KEY,
    root_id       BIGINT NOT NULL,
    area_id       BIGINT NOT NULL,
    test_at       BIGINT NOT NULL,
    may_add       BIGINT NOT NULL,
    may_add_place TEXT NOT NULL,
    is_in_force   BIGINT NOT NULL
);
CREATE INDEX point_paper_of_class ON point_paper (root_id);

-- What a person set for an area instead: the hour of the test, how many lines at once, and how long a turn is.
CREATE TABLE point_campaign (
    root_id      BIGINT NOT NULL,
    area_id      BIGINT NOT NULL,
    opens_at     BIGINT NOT NULL,
    running_max  BIGINT NOT NULL,
    turn_minutes BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    PRIMARY KEY (root_id, area_id)
) /*without rowid*/;

-- The conference system of an area, where it is not the paper's.
CREATE TABLE point_conference (
    root_id     BIGINT NOT NULL,
    area_id     BIGINT NOT NULL,
    system_name TEXT NOT NULL,
    system_url  TEXT NOT NULL,
    opens_at    BIGINT NOT NULL,
    PRIMARY KEY (root_id, area_id)
) /*without rowid*/;

-- Points and head-count as an area reported them, every time it did; due_at is the hour asked for then.
CREATE TABLE point_report (
    id         BIGINT PRIMARY KEY,
    root_id    BIGINT NOT NULL,
    area_id    BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    points     BIGINT NOT NULL,
    heads      BIGINT NOT NULL,
    note       TEXT NOT NULL,
    due_at     BIGINT NOT NULL,
    standing   BIGINT NOT NULL
);
CREATE INDEX point_report_of ON point_report (root_id, area_id, id);

-- Every test of a point; one before the point's test_opens_at is kept and does not count. Figures are 0 when not measured.
CREATE TABLE point_test (
    id                 BIGINT PRIMARY KEY,
    point_id           BIGINT NOT NULL,
    at                 BIGINT NOT NULL,
    account_id         BIGINT NOT NULL,
    how                TEXT NOT NULL,
    has_passed         BIGINT NOT NULL,
    words              TEXT NOT NULL,
    rtt_ms             BIGINT NOT NULL,
    rtt_p95_ms         BIGINT NOT NULL,
    loss_permille      BIGINT NOT NULL,
    down_kbps          BIGINT NOT NULL,
    up_kbps            BIGINT NOT NULL,
    camera             TEXT NOT NULL,
    microphone         TEXT NOT NULL,
    echo               TEXT NOT NULL,
    echo_rtt_ms        BIGINT NOT NULL,
    echo_loss_permille BIGINT NOT NULL
);
CREATE INDEX point_test_of ON point_test (point_id, id);

CREATE TABLE point_incident (
    id             BIGINT PRIMARY KEY,
    point_id       BIGINT NOT NULL,
    root_id        BIGINT NOT NULL,
    at             BIGINT NOT NULL,
    account_id     BIGINT NOT NULL,
    kind           TEXT NOT NULL,
    utility        TEXT NOT NULL,
    from_at        BIGINT NOT NULL,
    to_at          BIGINT NOT NULL,
    minutes_lost   BIGINT NOT NULL,
    words          TEXT NOT NULL,
    correct_reason TEXT NOT NULL,
    corrected_at   BIGINT NOT NULL
);
CREATE INDEX point_incident_of_point ON point_incident (point_id, from_at);
CREATE INDEX point_incident_of_class ON point_incident (root_id, from_at);
