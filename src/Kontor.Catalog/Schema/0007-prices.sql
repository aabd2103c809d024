-- Prices beside the base prices: by country, channel, customer group, quantity, time and price list. Locks: variants against
-- writers (share row exclusive, for the foreign key of the new table), from its statement to the end of the script, a moment: all
-- tables are new and empty. Nothing that stands is read or rewritten. The table prices stays what it was: the base price
-- of a variant in a currency, with the primary key that the version before this one writes by (decisions/0008-prices.md).
--
-- btree_gist is of PostgreSQL's own contrib modules and trusted: whoever may create schemas here may create it. It stands in
-- the schema of the migrations, where no service's rights are given or taken; using an index needs no right to it.

create extension if not exists btree_gist schema kontor;

create table channels (
    key      text primary key,
    title    text not null,
    currency text check (currency ~ '^[A-Z]{3}$'),
    locale   text,
    version  bigint not null check (version > 0)
);
comment on table channels is 'Where goods are sold: a web shop, a market place, a till.';

create table customer_groups (
    key     text primary key,
    title   text not null,
    version bigint not null check (version > 0)
);

create table price_lists (
    key            text primary key,
    title          text not null,
    priority       int not null constraint price_list_priority_once unique check (priority between 1 and 1000000),
    channel        text references channels,
    customer_group text references customer_groups,
    valid_from     timestamptz,
    valid_until    timestamptz,
    version        bigint not null check (version > 0),
    constraint price_list_begins_before_it_ends check (valid_from < valid_until),
    constraint price_list_and_its_priority unique (key, priority)
);
comment on column price_lists.priority is 'The list with the lowest number stands first.';
create index price_lists_channel on price_lists (channel) where channel is not null;
create index price_lists_customer_group on price_lists (customer_group) where customer_group is not null;

create table price_rows (
    key            text primary key,
    variant        uuid not null references variants on delete cascade,
    currency       text not null check (currency ~ '^[A-Z]{3}$'),
    country        text check (country ~ '^[A-Z]{2}$'),
    channel        text references channels,
    customer_group text references customer_groups,
    price_list     text,
    priority       int,
    min_quantity   int not null check (min_quantity between 1 and 1000000),
    valid_from     timestamptz,
    valid_until    timestamptz,
    amount         bigint not null check (amount >= 0),
    compare_at     bigint,
    version        bigint not null check (version > 0),
    rank           bigint not null generated always as (
        case when priority is null then 0 else 1000001 - priority end * 8388608::bigint
        + case when customer_group is null then 0 else 4194304 end
        + case when channel is null then 0 else 2097152 end
        + case when country is null then 0 else 1048576 end
        + min_quantity
    ) stored,
    constraint price_begins_before_it_ends check (valid_from < valid_until),
    constraint price_compares_with_more check (compare_at > amount),
    constraint price_in_its_list foreign key (price_list, priority)
        references price_lists (key, priority) match full on update cascade,
    -- All that must be equal stands in one text (no key holds a space), so that no reader is planned through this index, which is
    -- slower than the one below. Judged at the end of the statement: one that moves two prices in time may move them past
    -- each other.
    constraint prices_do_not_overlap exclude using gist (
        (variant::text || ' ' || currency || ' ' || coalesce(price_list, '') || ' ' || coalesce(customer_group, '') || ' '
            || coalesce(channel, '') || ' ' || coalesce(country, '') || ' ' || min_quantity::text) with =,
        tstzrange(valid_from, valid_until) with &&
    ) deferrable
);
comment on column price_rows.rank is
    'The precedence as one number: list, then customer group, channel, country, then quantity. The highest that applies wins; base prices have 0.';
comment on column price_rows.priority is 'Its list''s, kept by the foreign key.';
create index price_rows_ranked on price_rows (variant, currency, rank desc);
create index price_rows_of_a_list on price_rows (price_list, key) where price_list is not null;
create index price_rows_channel on price_rows (channel) where channel is not null;
create index price_rows_customer_group on price_rows (customer_group) where customer_group is not null;
