-- The place of a product among those of a category. Locks: product_categories against everybody (access exclusive), a moment:
-- the default is constant, no row is rewritten. Its index is built by 0020-then-category-order, beside the shop.
-- The version before this one puts products into categories without a place, and so behind those that have one.

alter table product_categories add column position int not null default 2147483647;
alter table product_categories add constraint place_from_1 check (position > 0) not valid;
comment on column product_categories.position is 'From 1; the greatest number there is: none, after all that have one, oldest first.';
