-- Pictures, and which products show them. Locks: products against writers (share row exclusive, for the foreign key of the
-- new table), from its statement to the end of the script, a moment: all tables are new and empty.

create table media (
    key          text primary key,
    file         uuid not null constraint media_file_once unique,
    digest       bytea not null,
    width        int not null check (width > 0),
    height       int not null check (height > 0),
    widths       int[] not null check (cardinality(widths) > 0),
    alt          text,
    version      bigint not null check (version > 0),
    created_at   timestamptz not null,
    updated_at   timestamptz not null
);
comment on column media.file is 'Names its files in the store; another one with each upload, so that an address never shows another picture.';
comment on column media.digest is 'SHA-256 of what was uploaded: the same bytes again change nothing.';
comment on column media.widths is 'Of the renditions that there are, in pixels.';

create table media_leftovers (
    file  uuid primary key,
    since timestamptz not null
);
comment on table media_leftovers is
    'Files that no media row names: noted before they are written, taken out with the row that names them, put back when it no longer does. They are removed an hour later.';
create index media_leftovers_since on media_leftovers (since);

create table product_media (
    product  uuid not null references products on delete cascade,
    media    text not null references media,
    position int not null,
    primary key (product, media)
);
create index product_media_media on product_media (media);
