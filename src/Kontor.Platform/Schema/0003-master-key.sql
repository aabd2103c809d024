-- Which master key this service's data is under, by name. Locks: none, the table is new.

create table master_key (
    one boolean primary key default true check (one),
    id  text not null
);
comment on table master_key is 'The key itself is in no database: 16 hex digits of its SHA-256, so that a process with another key is refused.';
