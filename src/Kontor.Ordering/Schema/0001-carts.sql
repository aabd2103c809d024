-- Carts and their lines. Locks: none, all tables are new.

create table carts (
    id         uuid primary key,
    token_hash bytea not null constraint token_is_a_sha256 check (octet_length(token_hash) = 32),
    currency   text not null,
    country    text,
    version    bigint not null default 1 check (version > 0),
    contact    bytea,
    attempt    uuid,
    ordered    boolean not null default false,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    constraint ordered_by_an_attempt check (not ordered or attempt is not null)
);
comment on column carts.token_hash is 'SHA-256 of the guest''s token; the token itself is kept nowhere.';
comment on column carts.version is 'Moved by compare-and-set with every change that the buyer makes; the ETag.';
comment on column carts.contact is 'E-mail and addresses as JSON, sealed; bound to the cart''s id.';
comment on column carts.attempt is 'The order that is being made, or was made, of this cart; while it stands the cart takes no change.';

create table cart_lines (
    cart        uuid not null references carts (id) on delete cascade,
    sku         text not null,
    place       int not null,
    title       text not null,
    quantity    int not null constraint quantity_of_a_line check (quantity between 1 and 999),
    unit_amount bigint not null constraint price_not_negative check (unit_amount >= 0),
    primary key (cart, sku)
);
comment on column cart_lines.unit_amount is 'What the buyer was shown when the line was last changed, in minor units of the cart''s currency.';
