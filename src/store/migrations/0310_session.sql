-- Sessions: no fact makes them, and a rebuild leaves them alone.

-- Only the hash of the cookie is kept. opened_at is the sign-in and stays when the seat (and with it the cookie) changes.
CREATE TABLE session_account (
    token_hash BYTEA NOT NULL,
    id         BIGINT NOT NULL UNIQUE,
    account_id BIGINT NOT NULL,
    grant_id   BIGINT NOT NULL,           -- 0 while no seat is chosen
    era        BIGINT NOT NULL,           -- of the account when it was opened; another one means it is over
    opened_at  BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,           -- at most five minutes old while in use
    peer       TEXT NOT NULL,
    PRIMARY KEY (token_hash)
) /*without rowid*/;
CREATE INDEX session_account_by_account ON session_account (account_id);
CREATE INDEX session_account_by_seen ON session_account (seen_at);

-- Raised whenever a session is ended before its time: what other programs keep in memory is old then.
CREATE TABLE session_revision (
    id    BIGINT PRIMARY KEY,
    value BIGINT NOT NULL
);
