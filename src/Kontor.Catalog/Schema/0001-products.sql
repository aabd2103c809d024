-- Product types, categories, products, variants and prices. Locks: none, all tables are new.

create table product_types (
    key   text primary key,
    title text not null
);
insert into product_types values ('default', 'Product');

create table categories (
    id       uuid primary key,
    key      text not null constraint category_key_once unique,
    title    text not null,
    parent   uuid references categories,
    position int not null default 0
);
create index categories_parent on categories (parent);

create table products (
    id          uuid primary key,
    key         text not null constraint product_key_once unique,
    type        text not null references product_types,
    title       text not null,
    slug        text not null constraint product_slug_once unique,
    description text,
    version     bigint not null check (version > 0),
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    search      tsvector not null generated always as (
        setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', coalesce(description, '')), 'C')
    ) stored
);
comment on table products is 'Ids are UUIDv7, so a list by id is a list by age.';
create index products_search on products using gin (search);

create table product_categories (
    category uuid not null references categories,
    product  uuid not null references products on delete cascade,
    primary key (category, product)
);
create index product_categories_product on product_categories (product);

create table variants (
    id       uuid primary key,
    product  uuid not null references products on delete cascade,
    sku      text not null constraint sku_once unique,
    position int not null
);
create index variants_product on variants (product, position);

create table prices (
    variant  uuid not null references variants on delete cascade,
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    amount   bigint not null constraint price_not_negative check (amount >= 0),
    primary key (variant, currency)
);
