-- no transaction
-- What 0018-options left to be done beside the shop: no two variants of a product have the same values. Locks: variants,
-- share update exclusive, for as long as the build takes: readers and writers go on; then against everybody (access
-- exclusive), a moment, in which the index becomes the constraint. The build also waits for transactions that began before
-- it. May be begun again from its first statement.
-- Deferrable, and so checked when a statement ends and not at each row: two variants change places in one statement.

alter table variants drop constraint if exists variant_options_once;

drop index concurrently if exists variant_options_once;

create unique index concurrently variant_options_once on variants (product, options);

alter table variants add constraint variant_options_once unique using index variant_options_once deferrable initially immediate;
