-- no transaction
-- The checks of 0011, over the rows that stand. Locks: products, share update exclusive, for one scan: readers and writers
-- go on. May be begun again from its first statement.

alter table products validate constraint product_state_known;

alter table products validate constraint product_begins_before_it_ends;
