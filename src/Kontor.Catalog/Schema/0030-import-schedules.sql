-- Imports that come by themselves. Locks: none of old tables but import_runs, share row exclusive for a moment, for the
-- reference of last_run.

create table import_schedules (
    id                  uuid primary key,
    mapping             text not null,
    supplier            text not null,
    address             text,
    file                text,
    cron                text not null,
    time_zone           text not null,
    is_approved         boolean not null,
    is_paused           boolean not null,
    alert_above_percent int not null constraint import_schedule_alert check (alert_above_percent between 0 and 100),
    due                 timestamptz not null,
    taken_until         timestamptz,
    tag                 text,
    modified            text,
    sha256              bytea,
    last_run            uuid references import_runs on delete set null,
    is_watched          boolean not null default false,
    fetched_at          timestamptz,
    error               text,
    error_because       text,
    created_by          text not null,
    version             bigint not null check (version > 0),
    constraint import_schedule_source check (num_nonnulls(address, file) = 1)
);
create index import_schedules_last_run on import_schedules (last_run);
comment on column import_schedules.taken_until is 'A process fetches for it; after this moment, whatever became of that, another may.';
comment on column import_schedules.sha256 is 'Of the file that was imported last: the same again is no import.';
comment on column import_schedules.is_watched is 'What became of last_run is still to be judged.';
comment on column import_schedules.version is 'Counts changes by people: the ETag. Its rounds do not move it.';
