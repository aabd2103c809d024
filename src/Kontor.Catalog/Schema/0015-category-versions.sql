-- Categories are changed. Locks: categories against everybody, a moment: the default is constant, no row is rewritten.

alter table categories add column version bigint not null default 1;
