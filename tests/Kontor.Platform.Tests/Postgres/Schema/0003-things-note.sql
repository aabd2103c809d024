-- Locks: things, for a moment, against everybody.
alter table things add column note text;
