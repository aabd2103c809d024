-- no transaction
-- The slugs that products have. Locks: rows of products against being deleted, until the statement's end; readers and
-- writers go on. May be begun again.

insert into slugs (slug, product) select slug, id from products on conflict do nothing;
