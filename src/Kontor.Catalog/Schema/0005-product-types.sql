-- Attributes of product types and of the products of each. Locks: product_types, products and variants against
-- everything, readers too, from the first statement that touches each until the end of the script; nothing is rewritten,
-- no row is looked at and no index built, so that is a moment once the locks are had. All other tables are new.

alter table product_types add column definition uuid not null default '00000000-0000-0000-0000-000000000000';
alter table product_types add column version bigint not null default 1;
alter table product_types add column generation bigint not null default 0;
alter table product_types add column attributes jsonb not null default '[]';
comment on column product_types.definition is 'Another one with each change: what a process remembers a definition by.';
comment on column product_types.generation is
    'Counts migrations. Above that of a product: the product shows attributes_next (see products.generation).';

create table product_type_versions (
    type       text not null references product_types on delete cascade,
    version    bigint not null,
    title      text not null,
    attributes jsonb not null,
    changes    jsonb not null,
    created_at timestamptz not null,
    primary key (type, version)
);
insert into product_type_versions
select key, version, title, attributes, '[]', now() from product_types;

-- Values in the form of `generation` stand in attributes; in that of the next one, while the type migrates and until the
-- product is tidied, in attributes_next. Defaults stand in pg_attribute until a row is written anew.
alter table products add column attributes jsonb not null default '{}';
alter table products add column attributes_next jsonb;
alter table products add column generation bigint not null default 0;
alter table variants add column attributes jsonb not null default '{}';
alter table variants add column attributes_next jsonb;

create table unique_values (
    type       text not null,
    generation bigint not null,
    attribute  text not null,
    value      text not null,
    product    uuid not null references products on delete cascade,
    variant    uuid references variants on delete cascade,
    constraint attribute_value_once primary key (type, generation, attribute, value)
);
comment on table unique_values is 'The values of unique attributes, whose they are; written with their product.';
create index unique_values_product on unique_values (product);
create index unique_values_variant on unique_values (variant) where variant is not null;

create table product_type_migrations (
    id           uuid primary key,
    type         text not null references product_types on delete cascade,
    state        text not null constraint migration_state
        check (state in ('filling', 'tidying', 'undoing', 'done', 'cancelled', 'failed')),
    from_version bigint not null,
    generation   bigint not null,
    title        text not null,
    attributes   jsonb not null,
    steps        jsonb not null,
    changes      jsonb not null,
    reindex      jsonb not null,
    cursor       uuid not null default '00000000-0000-0000-0000-000000000000',
    products     bigint not null,
    converted    bigint not null default 0,
    tidied       bigint not null default 0,
    outcome      text check (outcome in ('cancelled', 'failed')),
    reason       text,
    started_at   timestamptz not null,
    ended_at     timestamptz
);
comment on column product_type_migrations.generation is 'That of the values it converts from; it writes the next one.';
comment on column product_type_migrations.cursor is 'The last product that the present state has dealt with.';
create unique index one_migration_of_a_type on product_type_migrations (type)
    where state in ('filling', 'tidying', 'undoing');
create index product_type_migrations_type on product_type_migrations (type, started_at);
