-- The axes along which a product's variants differ, and where on them each variant stands. Locks: products and variants
-- against everybody (access exclusive), a moment: columns without a default, no row is rewritten. That no two variants of a
-- product stand at one place is held by 0018-then-options-once, built beside the shop.
-- The version before this one writes products without these columns: what it writes has no options, and what it changes
-- keeps those that it has.

alter table products add column options jsonb;
comment on column products.options is 'In order: [{key, title, values: [{key, title}]}]; null: none.';

alter table variants add column options jsonb;
comment on column variants.options is 'The key of a value by the key of its option, one for each option of the product; null: it has none.';
