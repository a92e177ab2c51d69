-- The second factor of signing in.

-- The secret is sealed; bit n of `used` says that recovery code n has been used.
CREATE TABLE account_factor (
    account_id BIGINT PRIMARY KEY REFERENCES account (id),
    seal       BYTEA NOT NULL,
    used       BIGINT NOT NULL,
    made_at    BIGINT NOT NULL
) /*without rowid*/;

-- What the installation decides for all its accounts: name "second_factor": khong, cap_tinh, tat_ca.
CREATE TABLE account_rule (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) /*without rowid*/;

-- The step of thirty seconds whose code was last used, so that none is used twice. No fact makes it.
CREATE TABLE session_factor (
    account_id BIGINT PRIMARY KEY,
    last_step  BIGINT NOT NULL
) /*without rowid*/;

-- 0 by password alone, 1 with the second factor, 2 waits for it.
ALTER TABLE session_account ADD COLUMN stage BIGINT NOT NULL DEFAULT 0;
