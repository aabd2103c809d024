-- The channel that a cart was opened in. Locks: carts against everything, for a moment; nothing is rewritten. A process of the
-- version before opens carts of no channel.

alter table carts add column channel text;
comment on column carts.channel is 'Catalog''s key of it; nothing here looks whether it exists. Decides upon prices.';
