-- Stock by variant and location, and what is held of it. Locks: none, all tables are new.

create table locations (
    key   text primary key,
    title text not null
);
insert into locations values ('main', 'Main warehouse');

create table stock (
    variant         uuid not null references variants on delete cascade,
    location        text not null references locations,
    on_hand         bigint not null default 0 constraint on_hand_not_negative check (on_hand >= 0),
    reserved        bigint not null default 0 constraint reserved_not_negative check (reserved >= 0),
    backorder_limit bigint not null default 0 constraint backorder_not_negative check (backorder_limit >= 0),
    primary key (variant, location),
    constraint no_oversell check (reserved <= on_hand + backorder_limit)
);

create table reservations (
    id         uuid primary key,
    state      text not null check (state in ('held', 'released')),
    created_at timestamptz not null,
    ended_at   timestamptz
);

create table reservation_lines (
    reservation uuid not null references reservations,
    variant     uuid not null,
    location    text not null references locations,
    sku         text not null,
    quantity    bigint not null check (quantity > 0),
    primary key (reservation, variant, location)
);
comment on column reservation_lines.variant is 'No foreign key: a variant may go when nothing of it is held, its history stays.';
create index reservation_lines_variant on reservation_lines (variant);
