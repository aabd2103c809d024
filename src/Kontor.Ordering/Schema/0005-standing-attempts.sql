-- When an attempt last moved, and when somebody is to look after it. Locks: orders, exclusively, for a moment: new columns
-- that are null rewrite and read no row.

alter table orders
    add column moved_at timestamptz,
    add column due_at timestamptz;
-- A process of the version before writes neither; what it begins is looked after all the same.
alter table orders alter column due_at set default now() + interval '10 seconds';
comment on column orders.moved_at is 'When the attempt last moved; null where that was before this column was.';
comment on column orders.due_at is 'When the takeover looks at the attempt, if it stands still until then; null once it is settled.';
