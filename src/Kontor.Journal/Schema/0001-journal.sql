-- The journal of one service, in that service's schema (DESIGN, one journal). Locks: none, all tables are new.

create table streams (
    id      text primary key,
    version bigint not null check (version > 0),
    last_id bigint not null default 0
);
comment on table streams is 'A stream''s version, moved on by compare-and-set in the transaction that appends, and the insertion id of its last event.';

create table journal (
    id       bigint generated always as identity (cache 1) primary key,
    stream   text not null,
    version  bigint not null,
    type     text not null,
    time     timestamptz not null,
    body     jsonb not null,
    sequence bigint,
    constraint journal_stream_version_once unique (stream, version)
);
comment on column journal.id is 'Insertion id: handed out before commit, so no reader may follow it.';
comment on column journal.sequence is 'Dense place in the total order, given by the sequencer after commit; null until then, never changed after.';
create unique index journal_sequence on journal (sequence) where sequence is not null;
create index journal_unnumbered on journal (id) where sequence is null;

create table head (
    one         boolean primary key default true check (one),
    head        bigint not null default 0,
    mark        bigint not null default 0,
    epoch       bigint not null default 0,
    incarnation text not null,
    system_identifier text not null default '',
    timeline    int not null default 0
);
comment on column head.mark is 'Insertion id at or below which every event is numbered or was rolled back.';
insert into head (incarnation) values (substr(md5(random()::text || clock_timestamp()::text || pg_backend_pid()::text), 1, 8));

create table incarnations (
    ordinal     int primary key,
    incarnation text not null unique,
    fork        bigint not null,
    began       timestamptz not null default clock_timestamp()
);
comment on column incarnations.fork is 'The head found when this incarnation began: the last sequence shared with the one before it.';
insert into incarnations (ordinal, incarnation, fork) select 1, incarnation, 0 from head;

create table leases (
    role          text primary key,
    holder        text,
    epoch         bigint not null default 0,
    expires       timestamptz not null default '-infinity',
    pid           int,
    backend_start timestamptz
);
insert into leases (role) values ('sequencer');

create table subscriptions (
    name        text not null,
    source      text not null,
    incarnation text not null default '',
    sequence    bigint not null default 0,
    primary key (name, source)
);
comment on table subscriptions is 'Durable checkpoints of named readers; a reader of another service''s journal keeps its checkpoint here, in its own schema.';

create table parked (
    name     text not null,
    source   text not null,
    stream   text not null,
    sequence bigint not null,
    event    jsonb not null,
    attempts int not null default 0,
    error    text not null,
    parked_at timestamptz not null default clock_timestamp(),
    retry_at  timestamptz not null default clock_timestamp(),
    primary key (name, source, sequence)
);
create index parked_streams on parked (name, source, stream, sequence);
