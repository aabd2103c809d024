-- API clients, and what OpenIddict keeps about them. Locks: none, all tables are new.
-- The columns are those of OpenIddict's model (see Tokens/ProtocolStore.cs); a test compares the two.

create table clients (
    id                        uuid primary key,
    application_type          varchar(50),
    client_id                 varchar(100),
    client_secret             text,
    client_type               varchar(50),
    concurrency_token         varchar(50),
    consent_type              varchar(50),
    display_name              text,
    display_names             text,
    json_web_key_set          text,
    permissions               text,
    post_logout_redirect_uris text,
    properties                text,
    redirect_uris             text,
    requirements              text,
    settings                  text,
    constraint clients_secret_is_hashed check (client_secret is null or client_secret like 'sha256:%')
);
comment on table clients is 'Programs that may ask for tokens.';
comment on column clients.client_secret is 'sha256: and the base64url hash of 256 random bits; never the secret.';
create unique index clients_client_id on clients (client_id);

create table scopes (
    id                uuid primary key,
    concurrency_token varchar(50),
    description       text,
    descriptions      text,
    display_name      text,
    display_names     text,
    name              varchar(200),
    properties        text,
    resources         text
);
comment on table scopes is 'Empty: the scopes are those of the program. OpenIddict''s model has the table.';
create unique index scopes_name on scopes (name);

create table authorizations (
    id                uuid primary key,
    client            uuid references clients (id) on delete cascade,
    concurrency_token varchar(50),
    creation_date     timestamptz,
    properties        text,
    scopes            text,
    status            varchar(50),
    subject           varchar(400),
    type              varchar(50)
);
create index authorizations_client_status_subject_type on authorizations (client, status, subject, type);

create table tokens (
    id                uuid primary key,
    client            uuid references clients (id) on delete cascade,
    "authorization"   uuid references authorizations (id) on delete cascade,
    concurrency_token varchar(50),
    creation_date     timestamptz,
    expiration_date   timestamptz,
    payload           text,
    properties        text,
    redemption_date   timestamptz,
    reference_id      varchar(100),
    status            varchar(50),
    subject           varchar(400),
    type              varchar(150)
);
comment on table tokens is 'Tokens that must be looked up. Access tokens of clients are not here: their signature speaks for them.';
create index tokens_client_status_subject_type on tokens (client, status, subject, type);
create index tokens_authorization on tokens ("authorization");
create unique index tokens_reference_id on tokens (reference_id);
