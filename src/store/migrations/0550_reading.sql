-- Papers handed in to be read: what the machine read of them, what persons changed, and the draft each became.

-- said is the reader's plan/1 as it came, sheet the look of its paragraphs, state the plan with all changes made so far.
-- A file is taken in once by a unit. document_id is the draft it became, 0 before.
CREATE TABLE reading (
    id          BIGINT PRIMARY KEY,
    unit_id     BIGINT NOT NULL,
    digest      TEXT NOT NULL,
    file_name   TEXT NOT NULL,
    bytes       BIGINT NOT NULL,
    format      TEXT NOT NULL,
    pages       BIGINT NOT NULL,
    said        TEXT NOT NULL,
    sheet       TEXT NOT NULL,
    state       TEXT NOT NULL,
    label       TEXT NOT NULL,
    doubts      BIGINT NOT NULL,
    taken_at    BIGINT NOT NULL,
    taken_by    BIGINT NOT NULL,
    document_id BIGINT NOT NULL,
    UNIQUE (unit_id, digest)
);
CREATE INDEX reading_unit ON reading (unit_id, taken_at);
CREATE INDEX reading_document ON reading (document_id);

CREATE TABLE reading_change (
    reading_id BIGINT NOT NULL REFERENCES reading (id),
    seq        BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    action     TEXT NOT NULL,
    path       TEXT NOT NULL,
    before     TEXT NOT NULL,
    after      TEXT NOT NULL,
    PRIMARY KEY (reading_id, seq)
) /*without rowid*/;
