-- When an attempt last moved, and when somebody is to look after it. Locks: orders, for the moment of the new columns and
-- while the index is built on the rows that are not settled; rows of unsettled orders are written once.

alter table orders
    add column moved_at timestamptz,
    add column due_at timestamptz;
-- A process of the version before writes neither; what it begins is looked after all the same.
alter table orders alter column due_at set default now() + interval '10 seconds';
update orders set moved_at = submitted_at, due_at = now() where status in ('submitted', 'awaiting_payment');
comment on column orders.moved_at is 'When the attempt last moved; null where that was before this column was.';
comment on column orders.due_at is 'When the takeover looks at the attempt, if it stands still until then; null once it is settled.';
create index orders_that_stand on orders (due_at) where due_at is not null;
