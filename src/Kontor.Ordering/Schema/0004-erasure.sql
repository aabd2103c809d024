-- no transaction
-- Guests can be erased. Locks: carts and checkouts for a moment, exclusively (nothing is rewritten); the indexes are
-- built concurrently and lock nobody out. May be begun again from its first statement.

alter table carts add column if not exists erased_at timestamptz;

comment on column carts.erased_at is 'Since when its guest is erased: the contact is gone, and the cart''s key is destroyed, or will be within the minute.';

alter table checkouts alter column contact drop not null, alter column payment_token drop not null;

comment on column checkouts.contact is 'E-mail and addresses as they stood in the cart, sealed under the cart''s key and bound to its id; null: erased.';

comment on column checkouts.payment_token is 'What the provider is asked with, sealed under the cart''s key and bound to the order''s id; null: erased.';

comment on column carts.contact is 'E-mail and addresses as JSON, sealed under the cart''s key and bound to its id.';

drop index concurrently if exists erased_carts;

create index concurrently erased_carts on carts (erased_at, id) where erased_at is not null;

drop index concurrently if exists orders_of_a_cart;

create index concurrently orders_of_a_cart on orders (cart);
