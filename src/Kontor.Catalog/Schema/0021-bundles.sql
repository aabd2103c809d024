-- Variants made of the stock of others, and what a reservation took for them. Locks: variants (two columns with constant
-- defaults, no row rewritten; the new table's references) against everything, stock (its trigger) against writers, from the
-- statement that touches each until the end of the script: a moment, for no row is looked at. The version before this one
-- knows no bundles: what it is asked to reserve of one is short, since a bundle has no stock.

alter table variants
    add column is_bundle boolean not null default false,
    add column bundle_version bigint not null default 0;
comment on column variants.is_bundle is 'It has rows in bundle_components, and none in stock.';
comment on column variants.bundle_version is 'Counts changes of its components, their removal too, so that no ETag comes twice while the variant stands.';

create table bundle_components (
    bundle    uuid not null references variants on delete cascade,
    component uuid not null constraint bundle_component_stands references variants,
    quantity  int not null constraint component_quantity check (quantity > 0),
    position  int not null,
    primary key (bundle, component),
    constraint bundle_is_not_its_component check (bundle <> component)
);
create index bundle_components_component on bundle_components (component);

create table reservation_bundles (
    reservation uuid not null,
    sku         text not null,
    quantity    bigint not null check (quantity > 0),
    component   text not null,
    pieces      bigint not null check (pieces > 0),
    primary key (reservation, sku, component)
);
comment on table reservation_bundles is
    'Of what the bundles of a reservation were made when it was granted: quantity times the bundle sku took pieces each of component; '
    'the pieces stand in reservation_lines. No foreign keys, as there: this is written in the hottest transaction.';

-- Whoever counts, delivers or imports: a bundle that had stock of its own would be offered by one number and taken from
-- another. It runs with its owner's rights, as record_movement does.
create function refuse_stock_of_bundle() returns trigger language plpgsql security definer set search_path from current as $$
begin
    if (select is_bundle from variants where id = new.variant) then
        raise exception 'a bundle has no stock of its own'
            using errcode = 'check_violation', constraint = 'bundle_has_no_stock', table = 'stock';
    end if;
    return new;
end $$;

create trigger stock_is_of_no_bundle before insert on stock for each row execute function refuse_stock_of_bundle();
