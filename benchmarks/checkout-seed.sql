-- Goods and addressed carts for checkout.sql, in a database with every service's schema. Ids are numbers written as UUIDs:
-- variant n, cart n. ./bench puts numbers for the two names that begin with a colon.

insert into catalog.products (id, key, type, title, slug, version, created_at, updated_at)
select lpad(to_hex(n), 32, '0')::uuid, 'B-' || n, 'default', 'Grey wool jumper no. ' || n, 'thing-' || n, 1, now(), now()
from generate_series(0, :variants) n;

insert into catalog.variants (id, product, sku, position)
select id, id, key, 0 from catalog.products;

insert into catalog.prices (variant, currency, amount)
select id, 'EUR', 1999 from catalog.products;

insert into catalog.stock (variant, location, on_hand)
select id, 'main', 1000000000 from catalog.products;

insert into ordering.carts (id, token_hash, currency, country, version, contact, created_at, changed_at)
select lpad(to_hex(n), 32, '0')::uuid, sha256('token'), 'EUR', 'DE', 4, decode(repeat('ab', 230), 'hex'), now(), now()
from generate_series(0, :carts) n;

insert into ordering.streams (id, version)
select 'cart-' || n, 4 from generate_series(0, :carts) n;
