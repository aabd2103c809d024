-- Titles of categories in other languages. Locks: categories against everybody, a moment: the default is constant, no row
-- is rewritten.

alter table categories add column translations jsonb not null default '{}';
comment on column categories.translations is '{locale: {title}}; canonical BCP 47, never the shop''s own language.';
