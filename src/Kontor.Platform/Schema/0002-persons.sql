-- Whose data a kept answer holds. Locks idempotency for a moment, exclusively: a nullable column rewrites nothing.

alter table idempotency add column person uuid;
comment on column idempotency.person is 'Under whose key the body is sealed; null: under the installation''s, for it is about nobody.';
comment on column idempotency.request is 'Keyed hash (HMAC-SHA-256) over claim, query and body: another request under the same key is refused, and no guess of a body can be confirmed. Rows of before: SHA-256.';
