-- When and where a product is shown. Locks: products and channels against everybody (access exclusive, share row exclusive),
-- a moment: the columns have constant defaults, so no row is rewritten, and the checks are validated by 0012, beside the shop.
-- The version before this one writes products without these columns: what it writes is published everywhere, as it meant.

alter table products
    add column state text not null default 'published',
    add column publish_from timestamptz,
    add column publish_until timestamptz,
    add column deleted_at timestamptz,
    add column everywhere boolean not null default true,
    add constraint product_state_known check (state in ('draft', 'published', 'archived')) not valid,
    add constraint product_begins_before_it_ends check (publish_from < publish_until) not valid;
comment on column products.deleted_at is 'Key, slug and SKUs stay taken: a restored product is what it was.';
comment on column products.everywhere is 'False: only in the channels of product_channels.';

create table product_channels (
    product uuid not null references products on delete cascade,
    channel text not null constraint product_channel_exists references channels,
    primary key (product, channel)
);
create index product_channels_channel on product_channels (channel);
