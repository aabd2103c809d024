-- Every slug that a product had, so that an old address leads to it and no other product takes it. Locks: products against
-- writers (share row exclusive), a moment: the table is new and empty, and 0014 fills it beside the shop.
-- A trigger enters them, for the version before this one writes products too.

create table slugs (
    slug    text primary key,
    product uuid not null references products on delete cascade,
    since   timestamptz not null default now()
);
comment on table slugs is 'Those that products have now stand here too. A slug is never handed on.';
create index slugs_product on slugs (product);

-- As a violation of the constraint on products.slug: to whoever wants a slug, one that a product had is taken too.
create function enter_new_slugs() returns trigger language plpgsql set search_path from current as $$
declare
    entered bigint;
begin
    insert into slugs (slug, product) select slug, id from made order by slug
    on conflict (slug) do update set since = now() where slugs.product = excluded.product;
    get diagnostics entered = row_count;
    if entered <> (select count(*) from made) then
        raise unique_violation using message = 'a product had this slug', constraint = 'product_slug_once';
    end if;
    return null;
end $$;
create trigger new_slugs after insert on products
    referencing new table as made for each statement execute function enter_new_slugs();

create function enter_changed_slug() returns trigger language plpgsql set search_path from current as $$
begin
    -- The old one too: 0014 may not have come to it yet.
    insert into slugs (slug, product) values (old.slug, old.id) on conflict do nothing;
    insert into slugs (slug, product) values (new.slug, new.id)
    on conflict (slug) do update set since = now() where slugs.product = excluded.product;
    if not found then
        raise unique_violation using message = 'a product had this slug', constraint = 'product_slug_once';
    end if;
    return null;
end $$;
create trigger changed_slug after update of slug on products
    for each row when (old.slug <> new.slug) execute function enter_changed_slug();
