-- Locations in an order of their own, what is offered beside what is there, deliveries, and a movement for every change of
-- what is on hand or announced. Locks: locations, stock and variants (its trigger) against everything, readers too, from the first statement that
-- touches each until the end of the script; nothing is rewritten, no row is looked at and no index built, so that is a
-- moment once the locks are had. What takes time is left to 0006-then-stock.

alter table locations
    add column priority int not null default 100,
    add column active boolean not null default true,
    add column version bigint not null default 1;
comment on column locations.priority is 'Lower is asked first.';

alter table stock
    add column incoming bigint not null default 0,
    add column safety_stock bigint not null default 0,
    add column owed bigint not null default 0,
    add column preorder_limit bigint not null default 0,
    add column preorder_until timestamptz,
    add constraint incoming_not_negative check (incoming >= 0) not valid,
    add constraint safety_not_negative check (safety_stock >= 0) not valid,
    add constraint backorder_has_its_parts
        check (owed >= 0 and preorder_limit >= 0 and owed + preorder_limit <= backorder_limit) not valid,
    add constraint preorder_has_an_end check ((preorder_limit > 0) = (preorder_until is not null)) not valid;
comment on column stock.incoming is 'Announced or under way to here, and not yet received.';
comment on column stock.safety_stock is 'Pieces on hand that are not offered.';
comment on column stock.backorder_limit is
    'What may be promised beyond what is on hand, in all: no_oversell looks at nothing else. Two parts of it are not always offered.';
comment on column stock.owed is 'The part that a forced count left: promised already, never offered again.';
comment on column stock.preorder_limit is 'The part that is offered only until preorder_until.';

create table stock_movements (
    number    bigint generated always as identity primary key,
    variant   uuid not null,
    sku       text not null,
    location  text not null,
    kind      text not null,
    on_hand   bigint not null,
    incoming  bigint not null,
    actor     text not null,
    reason    text,
    reference text,
    note      text,
    delivery  uuid,
    at        timestamptz not null,
    constraint movement_moves_something check (on_hand <> 0 or incoming <> 0)
);
comment on table stock_movements is
    'What was added to (or taken from) on_hand and incoming, by whom and why. No foreign keys: history stays when a variant goes.';
create index stock_movements_sku on stock_movements (sku, number);
create index stock_movements_location on stock_movements (location, number);
create index stock_movements_delivery on stock_movements (delivery) where delivery is not null;

-- Whoever writes a level has its movement written with it: no code path, old version, cascade or hand can leave it out. A
-- writer says who and why in kontor.movement for its transaction; one that does not is recorded as unrecorded. It runs with
-- its owner's rights: the version before counts too, and until the whole migration is done the service has none here.
create function record_movement() returns trigger language plpgsql security definer set search_path from current as $$
declare
    said jsonb := coalesce(nullif(current_setting('kontor.movement', true), ''), '{}')::jsonb;
    moved uuid := coalesce(new.variant, old.variant);
begin
    insert into stock_movements
        (variant, sku, location, kind, on_hand, incoming, actor, reason, reference, note, delivery, at)
    values (
        moved,
        (select sku from variants where id = moved),
        coalesce(new.location, old.location),
        case when tg_op = 'DELETE' then 'removed' else coalesce(said ->> 'kind', 'unrecorded') end,
        coalesce(new.on_hand, 0) - coalesce(old.on_hand, 0),
        coalesce(new.incoming, 0) - coalesce(old.incoming, 0),
        coalesce(said ->> 'actor', session_user),
        said ->> 'reason',
        said ->> 'reference',
        said ->> 'note',
        (said ->> 'delivery')::uuid,
        clock_timestamp()
    );
    return null;
end $$;

create trigger stock_comes after insert on stock
    for each row when (new.on_hand <> 0 or new.incoming <> 0) execute function record_movement();
create trigger stock_goes after delete on stock
    for each row when (old.on_hand <> 0 or old.incoming <> 0) execute function record_movement();
-- Not for a reservation, the hottest write: it names neither column.
create trigger stock_moves after update of on_hand, incoming on stock
    for each row when (new.on_hand <> old.on_hand or new.incoming <> old.incoming) execute function record_movement();

-- Stock goes before its variant, by hand rather than by the cascade: its last movement still finds what it was called.
create function take_stock_along() returns trigger language plpgsql set search_path from current as $$
begin
    delete from stock where variant = old.id;
    return old;
end $$;

create trigger variant_goes before delete on variants for each row execute function take_stock_along();

create table deliveries (
    id          uuid primary key,
    key         text not null constraint delivery_key_once unique,
    source      text references locations,
    destination text not null references locations,
    state       text not null constraint delivery_state check (state in ('planned', 'underWay', 'received', 'cancelled')),
    reference   text,
    note        text,
    expected_at timestamptz,
    version     bigint not null,
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    constraint delivery_goes_somewhere_else check (source <> destination)
);
comment on table deliveries is 'From a supplier, where there is no source; else from one location to another.';
create index deliveries_state on deliveries (state, id);

create table delivery_lines (
    delivery uuid not null references deliveries,
    variant  uuid not null,
    sku      text not null,
    quantity bigint not null constraint delivery_quantity check (quantity > 0),
    received bigint not null default 0 constraint delivery_not_overfull check (received between 0 and quantity),
    primary key (delivery, variant)
);
create index delivery_lines_variant on delivery_lines (variant);
