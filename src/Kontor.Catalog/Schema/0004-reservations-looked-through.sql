-- no transaction
-- What 0003 left to be done beside the shop: its checks look at the rows that stand, and the index of the reservations
-- that are to end is built. Locks: reservations, share update exclusive, for as long as each statement takes: readers
-- and writers go on, only another schema change, vacuum or analyze of that table waits. The index build also waits for
-- transactions that began before it. May be begun again from its first statement.

alter table reservations validate constraint reservation_state;

alter table reservations validate constraint reservation_ended_says_when;

drop index concurrently if exists reservations_expiring;

create index concurrently reservations_expiring on reservations (expires_at) where state = 'held' and expires_at is not null;
