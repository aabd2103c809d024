-- The sandbox payment provider's own books: no order's transaction ever writes here. Locks: none, the table is new.

create table sandbox_authorisations (
    key        text primary key,
    token      text not null,
    amount     bigint not null,
    currency   text not null,
    state      text not null check (state in ('authorised', 'declined', 'challenged', 'cancelled')),
    reference  text not null,
    asked      int not null default 1,
    answer_at  timestamptz not null,
    created_at timestamptz not null
);
