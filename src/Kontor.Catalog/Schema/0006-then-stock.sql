-- no transaction
-- What 0006-stock left to be done beside the shop: its checks look at the rows that stand, levels that were there before
-- there were movements get an opening one, and stock can be listed by location. Locks: stock, share update exclusive,
-- for as long as each statement takes: readers and writers go on. The index build also waits for transactions that began
-- before it. May be begun again from its first statement: an opening is what movements do not yet add up to, read in one
-- statement with them, so that what is counted meanwhile, with its own movement, is in both or in neither.

alter table stock validate constraint incoming_not_negative;

alter table stock validate constraint safety_not_negative;

alter table stock validate constraint backorder_has_its_parts;

alter table stock validate constraint preorder_has_an_end;

insert into stock_movements (variant, sku, location, kind, on_hand, incoming, actor, at)
select coalesce(s.variant, m.variant), coalesce(s.sku, m.sku), coalesce(s.location, m.location), 'opening',
    coalesce(s.on_hand, 0) - coalesce(m.on_hand, 0), 0, 'migration', clock_timestamp()
from (
    select s.variant, v.sku, s.location, s.on_hand from stock s join variants v on v.id = s.variant
) s full join (
    select variant, location, max(sku) as sku, sum(on_hand)::bigint as on_hand from stock_movements group by variant, location
) m on m.variant = s.variant and m.location = s.location
where coalesce(s.on_hand, 0) <> coalesce(m.on_hand, 0);

drop index concurrently if exists stock_location;

create index concurrently stock_location on stock (location, variant);
