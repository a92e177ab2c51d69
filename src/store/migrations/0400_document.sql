-- Papers, to whom they go, and who has them.

-- issued_day is -2147483648 while a paper has no date. series_key is what may stand once (domain.md 4.2); NULL while a
-- draft. is_received: the paper of another body, entered by issuer_unit_id. cite is the number and symbol in one spelling, for finding what others cite. fold is the search key.
CREATE TABLE document (
    id                  BIGINT PRIMARY KEY,
    kind                TEXT NOT NULL,
    number              TEXT NOT NULL,
    symbol              TEXT NOT NULL,
    regime              TEXT NOT NULL CHECK (regime IN ('party', 'state')),
    term                TEXT NOT NULL,
    issuer_unit_id      BIGINT NOT NULL,
    issuer_path         TEXT NOT NULL,
    issuer_name         TEXT NOT NULL,
    place               TEXT NOT NULL,
    issued_day          BIGINT NOT NULL,
    title               TEXT NOT NULL,
    signer_name         TEXT NOT NULL,
    signer_title        TEXT NOT NULL,
    signer_authority    TEXT NOT NULL,
    state               TEXT NOT NULL CHECK (state IN ('draft', 'issued', 'amended', 'recalled', 'replaced')),
    content             TEXT NOT NULL,
    replaces_invitation BIGINT NOT NULL,
    is_received         BIGINT NOT NULL,
    drafted_at          BIGINT NOT NULL,
    issued_at           BIGINT NOT NULL,
    reason              TEXT NOT NULL,
    replaced_by_id      BIGINT NOT NULL,
    series_key          TEXT UNIQUE,
    cite                TEXT NOT NULL,
    fold                TEXT NOT NULL
);
CREATE INDEX document_issuer ON document (issuer_path, issued_at);
CREATE INDEX document_issuer_unit ON document (issuer_unit_id, issued_at);
CREATE INDEX document_cite ON document (cite);

CREATE TABLE document_paragraph (
    document_id BIGINT NOT NULL REFERENCES document (id),
    ordinal     BIGINT NOT NULL,
    place       TEXT NOT NULL,
    section     TEXT NOT NULL,
    heading     TEXT NOT NULL,
    text        TEXT NOT NULL,
    PRIMARY KEY (document_id, ordinal)
) /*without rowid*/;

CREATE TABLE document_recipient (
    document_id   BIGINT NOT NULL REFERENCES document (id),
    ordinal       BIGINT NOT NULL,
    text          TEXT NOT NULL,
    sort          TEXT NOT NULL,
    unit_id       BIGINT NOT NULL,
    scope_unit_id BIGINT NOT NULL,
    PRIMARY KEY (document_id, ordinal)
) /*without rowid*/;

-- unit_path is the unit's path, kept here so that what lies in a subtree is one range; it follows a unit that moves.
-- acknowledged_by is the account.
CREATE TABLE document_delivery (
    document_id     BIGINT NOT NULL REFERENCES document (id),
    unit_id         BIGINT NOT NULL,
    unit_path       TEXT NOT NULL,
    sent_at         BIGINT NOT NULL,
    acknowledged_at BIGINT NOT NULL,
    acknowledged_by BIGINT NOT NULL,
    PRIMARY KEY (document_id, unit_id)
) /*without rowid*/ /*often updated*/;
CREATE INDEX document_delivery_path ON document_delivery (document_id, unit_path);
CREATE INDEX document_delivery_unit ON document_delivery (unit_id, sent_at);

CREATE TABLE document_relation (
    document_id    BIGINT NOT NULL REFERENCES document (id),
    ordinal        BIGINT NOT NULL,
    relation       TEXT NOT NULL,
    number         TEXT NOT NULL,
    kind           TEXT NOT NULL,
    day            BIGINT NOT NULL,
    issuer         TEXT NOT NULL,
    text           TEXT NOT NULL,
    cite           TEXT NOT NULL,
    to_document_id BIGINT NOT NULL,
    PRIMARY KEY (document_id, ordinal)
) /*without rowid*/;
CREATE INDEX document_relation_cite ON document_relation (cite);
CREATE INDEX document_relation_to ON document_relation (to_document_id);

CREATE TABLE material (
    id             BIGINT PRIMARY KEY,
    document_id    BIGINT NOT NULL REFERENCES document (id),
    name           TEXT NOT NULL,
    content_type   TEXT NOT NULL,
    digest         TEXT NOT NULL,
    link           TEXT NOT NULL,
    bytes          BIGINT NOT NULL,
    deliver_before BIGINT NOT NULL,
    delivered_at   BIGINT NOT NULL
);
CREATE INDEX material_document ON material (document_id);

CREATE TABLE material_receipt (
    material_id  BIGINT NOT NULL REFERENCES material (id),
    unit_id      BIGINT NOT NULL,
    unit_path    TEXT NOT NULL,
    delivered_at BIGINT NOT NULL,
    received_at  BIGINT NOT NULL,
    PRIMARY KEY (material_id, unit_id)
) /*without rowid*/;
CREATE INDEX material_receipt_unit ON material_receipt (unit_id, received_at);
