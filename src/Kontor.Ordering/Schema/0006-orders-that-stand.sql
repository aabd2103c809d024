-- no transaction
-- The attempts that stand are found by an index and are due at once. Locks: the rows of attempts that stand, while they are
-- written, once; the table is read through meanwhile, and again twice for the index, which is built concurrently and locks
-- nobody out, but waits for the transactions that are open. May be begun again from its first statement.

update orders set moved_at = coalesce(moved_at, submitted_at), due_at = now()
where status in ('submitted', 'awaiting_payment') and due_at is null;

drop index concurrently if exists orders_that_stand;

create index concurrently orders_that_stand on orders (due_at) where due_at is not null;
