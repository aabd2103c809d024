-- Products that a product leads to, by kind and in order. Locks: products against writers (share row exclusive, for the
-- foreign keys of the new table), a moment: the table is new and empty.

create table product_relations (
    product  uuid not null references products on delete cascade,
    kind     text not null constraint relation_kind_known check (kind in ('related', 'upsell', 'crossSell', 'accessory', 'replacement')),
    target   uuid not null references products on delete cascade,
    position int not null,
    primary key (product, kind, target),
    constraint relation_leads_elsewhere check (product <> target)
);
comment on table product_relations is 'A target that is deleted or not shown stays: it is shown again when it comes back.';
create index product_relations_target on product_relations (target);
