-- Who owes what by when: what a paper orders, one duty for each unit that owes it, and what was done about it.

-- id is document_id * 10000 + ordinal: ordinal 0 is the acknowledgement of the paper itself, 1 and on the paper's own
-- paragraphs, 9000 and on the receipt of its materials. due_at, opens_at and period are the newest instance's.
CREATE TABLE obligation (
    id             BIGINT PRIMARY KEY,
    document_id    BIGINT NOT NULL,
    ordinal        BIGINT NOT NULL,
    paragraph      BIGINT NOT NULL,
    material_id    BIGINT,
    issuer_unit_id BIGINT NOT NULL,
    issuer_name    TEXT NOT NULL,
    source         TEXT NOT NULL,
    place          TEXT NOT NULL,
    text           TEXT NOT NULL,
    owner_text     TEXT NOT NULL,
    coordinators   TEXT NOT NULL,
    head           TEXT NOT NULL,
    addressee      TEXT NOT NULL,
    due_kind       TEXT NOT NULL,
    due_value      TEXT NOT NULL,
    due_relation   TEXT NOT NULL,
    recurring      TEXT NOT NULL,
    issued_day     BIGINT NOT NULL,
    event_day      BIGINT,
    until_day      BIGINT,
    due_words      TEXT NOT NULL,
    due_at         BIGINT,
    opens_at       BIGINT,
    period         BIGINT NOT NULL,
    closes_by      TEXT NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('in_force', 'withdrawn')),
    state_at       BIGINT,
    state_reason   TEXT NOT NULL,
    old_due_words  TEXT NOT NULL,
    old_text       TEXT NOT NULL,
    changed_by_id  BIGINT,
    UNIQUE (document_id, ordinal)
);
CREATE INDEX obligation_of_issuer ON obligation (issuer_unit_id);

-- What must be done before this can be: the communes' figures before the province's digest.
CREATE TABLE obligation_wait (
    obligation_id BIGINT NOT NULL,
    waits_for_id  BIGINT NOT NULL,
    PRIMARY KEY (obligation_id, waits_for_id)
) /*without rowid*/;
CREATE INDEX obligation_wait_back ON obligation_wait (waits_for_id);

-- One unit's duty in one period (yyyymmdd of its last day; 0 for what comes once).
CREATE TABLE duty (
    obligation_id BIGINT NOT NULL,
    unit_id       BIGINT NOT NULL,
    period        BIGINT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('open', 'done', 'withdrawn')),
    due_at        BIGINT,
    opens_at      BIGINT,
    done_at       BIGINT,
    closed_by     TEXT NOT NULL,
    account_id    BIGINT,
    note          TEXT NOT NULL,
    PRIMARY KEY (obligation_id, unit_id, period)
) /*without rowid*/ /*often updated*/;
-- Without the state: what closes a duty then changes its row and no index. A page of one unit reads that unit's duties.
CREATE INDEX duty_of_unit ON duty (unit_id, due_at);

-- What was said of a duty, in order: closings and reopenings, all of them, and from whom or to whom it passed when a
-- unit ended.
CREATE TABLE duty_event (
    obligation_id BIGINT NOT NULL,
    unit_id       BIGINT NOT NULL,
    period        BIGINT NOT NULL,
    seq           BIGINT NOT NULL,
    at            BIGINT NOT NULL,
    account_id    BIGINT,
    kind          TEXT NOT NULL CHECK (kind IN ('closed', 'reopened', 'handed_over', 'taken_over')),
    note          TEXT NOT NULL,
    file_digest   TEXT NOT NULL,
    file_name     TEXT NOT NULL,
    file_bytes    BIGINT NOT NULL,
    PRIMARY KEY (obligation_id, unit_id, period, seq)
) /*without rowid*/;

-- Days off, or days worked on, that the Government or the province declares beside those of the law (base/holiday.h).
CREATE TABLE holiday_declared (
    day    BIGINT PRIMARY KEY,
    is_off BIGINT NOT NULL,
    name   TEXT NOT NULL,
    source TEXT NOT NULL
);

-- Whom a draft's paragraph means, where its own words do not tell.
CREATE TABLE obligation_owner (
    document_id BIGINT NOT NULL,
    ordinal     BIGINT NOT NULL,
    owner_text  TEXT NOT NULL,
    PRIMARY KEY (document_id, ordinal)
) /*without rowid*/;

-- One round of reminding those still silent.
CREATE TABLE reminder (
    id            BIGINT PRIMARY KEY,
    obligation_id BIGINT NOT NULL,
    period        BIGINT NOT NULL,
    round         BIGINT NOT NULL,
    at            BIGINT NOT NULL,
    account_id    BIGINT,
    unit_id       BIGINT NOT NULL,
    channel       TEXT NOT NULL,
    sent          BIGINT NOT NULL
);
CREATE INDEX reminder_of_obligation ON reminder (obligation_id, period);
CREATE TABLE reminder_unit (
    reminder_id BIGINT NOT NULL,
    unit_id     BIGINT NOT NULL,
    PRIMARY KEY (reminder_id, unit_id)
) /*without rowid*/;
CREATE INDEX reminder_unit_of ON reminder_unit (unit_id, reminder_id);
