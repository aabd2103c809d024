-- Answers kept under the callers' idempotency keys, in each service's own schema. Locks: none, the table is new.

create table idempotency (
    caller     text not null,
    method     text not null,
    path       text not null,
    key        text not null,
    request    bytea not null,
    status     int,
    headers    jsonb,
    body       bytea,
    created_at timestamptz not null default clock_timestamp(),
    primary key (caller, method, path, key)
);
comment on column idempotency.request is 'SHA-256 over query and body: another request under the same key is refused.';
comment on column idempotency.body is 'The answer''s bytes, sealed; null while an attempt of several transactions has none yet.';
create index idempotency_age on idempotency (created_at);
