-- Runs of imports: what was sent, what it says, what it would change, what it changed. Locks: none of old tables but
-- products, share row exclusive for a moment, for the reference of import_products: writers of products wait for it.

create table import_runs (
    id               uuid primary key,
    supplier         text not null,
    mapping          text not null,
    withdraws        boolean not null,
    max_loss_percent int not null check (max_loss_percent between 0 and 100),
    max_faults       bigint not null check (max_faults >= 0),
    is_approved      boolean not null,
    state            text not null constraint import_run_state check (state in ('receiving', 'staging', 'planning', 'planned',
        'loading', 'withdrawing', 'undoing', 'done', 'undone', 'failed', 'cancelled')),
    position         text collate "C" not null default '',
    counts           jsonb not null,
    held             text,
    held_because     text,
    created_by       text not null,
    created_at       timestamptz not null,
    updated_at       timestamptz not null,
    version          bigint not null check (version > 0)
);
comment on column import_runs.position is 'How far the present step has come: the key that its last committed batch ended with.';
comment on column import_runs.held is 'The code of why it waits or has failed; held_because says it for a person.';
create index import_runs_active on import_runs (created_at) where state in ('staging', 'planning', 'loading', 'withdrawing', 'undoing');

create table import_files (
    run    uuid not null references import_runs on delete cascade,
    place  int not null check (place between 0 and 99),
    sent   uuid not null,
    name   text not null,
    bytes  bigint not null,
    sha256 bytea not null,
    primary key (run, place)
);
comment on column import_files.sent is 'Which sending of the file counts: the last that came to its end.';

create table import_chunks (
    run   uuid not null references import_runs on delete cascade,
    sent  uuid not null,
    at    bigint not null,
    bytes bytea not null,
    primary key (run, sent, at)
);
comment on table import_chunks is 'The files themselves, until the run has ended: whichever process works the run off can read them.';

create table import_parts (
    run     uuid not null,
    key     text collate "C" not null,
    file    int not null,
    line    bigint not null,
    product text not null
);
create index import_parts_in_order on import_parts (run, key, file, line);
comment on table import_parts is 'What rows say of products, until the run has ended. Of one key: parts of one product.';

create table import_faults (
    run     uuid not null references import_runs on delete cascade,
    at      bigint generated always as identity,
    file    int not null,
    line    bigint not null,
    key     text,
    field   text,
    value   text,
    code    text not null,
    message text not null,
    hint    text,
    fatal   boolean not null,
    step    text not null,
    source  text,
    primary key (run, at)
);
comment on column import_faults.step is 'The step that found it: a step that is begun anew forgets what it had found.';

create table import_plans (
    run     uuid not null references import_runs on delete cascade,
    key     text collate "C" not null,
    kind    text not null constraint import_plan_kind check (kind in ('created', 'changed', 'unchanged', 'withdrawn', 'refused')),
    product uuid,
    seen    bigint not null,
    changes jsonb,
    moved   boolean not null default false,
    primary key (run, key)
);
create index import_plans_by_kind on import_plans (run, kind, key);
comment on column import_plans.seen is 'The product''s version when it was planned; 0: there was none.';
comment on column import_plans.moved is 'The product was another when it was to be loaded, and is planned anew.';

create table import_products (
    supplier  text not null,
    key       text collate "C" not null,
    product   uuid not null references products on delete cascade,
    version   bigint not null,
    hash      bytea not null,
    run       uuid not null references import_runs,
    lineage   jsonb not null,
    withdrawn text,
    primary key (supplier, key)
);
create index import_products_product on import_products (product);
create index import_products_run on import_products (run);
comment on table import_products is 'What a supplier has delivered: which product it is, and from which rows of which run.';
comment on column import_products.hash is 'Of what the supplier said last; empty where the product is to be looked at again.';
comment on column import_products.version is 'The product''s version when it stood as the supplier said.';
comment on column import_products.withdrawn is 'The state of publication that an import took it from; null where it is delivered.';

create table import_changes (
    run            uuid not null references import_runs on delete cascade,
    key            text collate "C" not null,
    product        uuid not null,
    version_before bigint not null,
    version_after  bigint not null,
    before         jsonb,
    undone         boolean,
    primary key (run, key)
);
comment on table import_changes is 'What a run changed, for its undoing: the product as it was; null where it was not there.';
comment on column import_changes.undone is 'False: somebody has changed it since, and it was left alone.';
