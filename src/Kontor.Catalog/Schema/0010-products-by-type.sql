-- no transaction
-- What 0005 left to be done beside the shop: products by their type. Locks: products, share update exclusive, for as long
-- as the build takes: readers and writers go on, only another schema change, vacuum or analyze of the table waits. The
-- build also waits for transactions that began before it. May be begun again from its first statement.

drop index concurrently if exists products_type;

create index concurrently products_type on products (type, id);
