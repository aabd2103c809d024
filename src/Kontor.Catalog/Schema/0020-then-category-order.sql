-- no transaction
-- What 0020-category-order left to be done beside the shop: the products of a category in its order. Locks:
-- product_categories, share update exclusive, for as long as the build takes: readers and writers go on. The build also waits
-- for transactions that began before it. May be begun again from its first statement.

drop index concurrently if exists product_categories_order;

create index concurrently product_categories_order on product_categories (category, position, product);

alter table product_categories validate constraint place_from_1;
