-- no transaction
-- When a product will next come or go by itself: whoever keeps what is counted of all products asks for that moment.
-- Few products have one. Locks: products, share update exclusive, for as long as the builds take: readers and writers go
-- on, only another schema change, vacuum or analyze of the table waits. May be begun again from its first statement.

drop index concurrently if exists products_come;

create index concurrently products_come on products (publish_from) where publish_from is not null;

drop index concurrently if exists products_go;

create index concurrently products_go on products (publish_until) where publish_until is not null;
