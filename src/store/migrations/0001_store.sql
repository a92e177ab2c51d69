-- The facts themselves, what stands beside them, and the sums kept from them.

-- seq counts from 1 without gaps. A table without an index on anything but seq and id stays cheap to append to.
CREATE TABLE fact (
    seq        BIGINT PRIMARY KEY,
    id         BYTEA NOT NULL UNIQUE,
    kind       TEXT NOT NULL,
    at         BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    unit_id    BIGINT NOT NULL,
    subject_id BIGINT NOT NULL,
    body       TEXT NOT NULL,
    hash       BYTEA NOT NULL
);

-- Personal values of a fact. Erasing a row leaves the chain valid: the fact's body holds only the salted digest.
CREATE TABLE fact_private (
    seq  BIGINT PRIMARY KEY REFERENCES fact (seq),
    salt BYTEA NOT NULL,
    body TEXT NOT NULL
);

-- Sums along the unit tree. A row of value 0 means the same as no row.
CREATE TABLE counter (
    kind       TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    unit_id    BIGINT NOT NULL,
    value      BIGINT NOT NULL,
    PRIMARY KEY (kind, subject_id, unit_id)
) /*without rowid*/ /*often updated*/;

CREATE TABLE store_setting (
    name  TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (name)
) /*without rowid*/;
