-- Accounts, seats, personal links, interface tokens.

CREATE TABLE account (
    id            BIGINT PRIMARY KEY,
    login         TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    search        TEXT NOT NULL,          -- login and name, folded, a blank in front
    person_id     BIGINT,
    unit_id       BIGINT NOT NULL,        -- whose administrators keep it
    password_hash TEXT,
    is_disabled   BIGINT NOT NULL,
    era           BIGINT NOT NULL,        -- the fact that last ended every session: new password, disabled, signed out by others
    made_at       BIGINT NOT NULL
);
CREATE INDEX account_by_unit ON account (unit_id, login);
CREATE INDEX account_by_person ON account (person_id);

CREATE TABLE account_grant (
    id         BIGINT PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES account (id),
    role       TEXT NOT NULL,
    unit_id    BIGINT NOT NULL,           -- the body acted for
    reach      TEXT NOT NULL CHECK (reach IN ('body', 'area')),
    from_day   BIGINT NOT NULL,
    to_day     BIGINT,                    -- its last day
    revoked_at BIGINT
);
CREATE INDEX account_grant_by_account ON account_grant (account_id);
CREATE INDEX account_grant_by_unit ON account_grant (unit_id);

CREATE TABLE account_link (
    id          BIGINT PRIMARY KEY,
    token_hash  BYTEA NOT NULL UNIQUE,
    unit_id     BIGINT NOT NULL,
    subject_id  BIGINT NOT NULL,
    permissions TEXT NOT NULL,
    name        TEXT NOT NULL,
    path        TEXT NOT NULL,
    made_at     BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    revoked_at  BIGINT
);
CREATE INDEX account_link_by_unit ON account_link (unit_id);

CREATE TABLE account_token (
    id          BIGINT PRIMARY KEY,
    token_hash  BYTEA NOT NULL UNIQUE,
    account_id  BIGINT NOT NULL REFERENCES account (id),
    grant_id    BIGINT NOT NULL REFERENCES account_grant (id),
    permissions TEXT NOT NULL,
    name        TEXT NOT NULL,
    made_at     BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    revoked_at  BIGINT
);
CREATE INDEX account_token_by_account ON account_token (account_id);
CREATE INDEX account_token_by_grant ON account_token (grant_id);
