-- Orders as they are read, and what an attempt needs that no event may carry. Locks: none, all tables are new.

create sequence order_numbers start 100001;

create table orders (
    id           uuid primary key,
    cart         uuid not null references carts (id),
    status       text not null constraint status_is_known
        check (status in ('submitted', 'awaiting_payment', 'placed', 'rejected')),
    version      bigint not null check (version > 0),
    number       text constraint number_given_once unique,
    currency     text not null,
    subtotal     bigint not null,
    discount     bigint not null,
    shipping     bigint not null,
    tax          bigint not null,
    total        bigint not null check (total >= 0),
    country      text not null,
    lines        jsonb not null,
    provider     text not null,
    authorisation text,
    rejection    text,
    short_skus   text[] not null default '{}',
    submitted_at timestamptz not null,
    placed_at    timestamptz,
    rejected_at  timestamptz,
    constraint money_is_conserved check (total = subtotal - discount + shipping + tax),
    constraint placed_has_number check ((status = 'placed') = (number is not null)),
    constraint rejected_has_reason check ((status = 'rejected') = (rejection is not null))
);
comment on table orders is 'The read model of the order streams: a row moves in the transaction that appends, by compare-and-set on the stream''s version.';
create unique index one_standing_order_of_a_cart on orders (cart) where status <> 'rejected';
create index orders_newest on orders (submitted_at desc, id desc);
create index orders_of_a_status on orders (status, submitted_at desc, id desc);

create table checkouts (
    order_id      uuid primary key references orders (id),
    contact       bytea not null,
    payment_token bytea not null,
    caller        text not null,
    method        text not null,
    path          text not null,
    key           text not null,
    trace_id      text not null
);
comment on table checkouts is 'What an attempt must know to go on in any process, and its order must show, and no event may carry.';
comment on column checkouts.contact is 'E-mail and addresses as they stood in the cart, sealed; bound to the cart''s id.';
comment on column checkouts.payment_token is 'What the provider is asked with, sealed; bound to the order''s id.';
create index checkouts_under_a_key on checkouts (caller, method, path, key);
