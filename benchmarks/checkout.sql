-- What PostgreSQL does for one checkout of two goods paid at once, for pgbench: the same statements in the same transactions,
-- round trips joined where Kontor joins them. Taken from PostgreSQL's own log (log_statement = all) of one checkout, which
-- `./bench checkout` takes again at every run: it says how many statements and commits there are now and writes them to
-- artifacts/checkout-statements.log. Where the two numbers part, bring this file up to date. Left out: what sequencers and
-- readers of the journal do on their own, and what the provider's callback asks afterwards; the sandbox has no database.
\set nth :nth + 1
\set cart :client_id * :carts + :nth
\set a random(0, :variants - 1)
\set b :a + 1

-- The cart, and what the catalogue offers of its goods.
select c.token_hash, c.currency, c.country, c.version, c.contact, c.attempt, c.ordered, c.erased_at is not null,
    l.sku, l.title, l.quantity, l.unit_amount
from ordering.carts c left join ordering.cart_lines l on l.cart = c.id
where c.id = lpad(to_hex(:cart::bigint), 32, '0')::uuid order by l.place;
select v.sku, p.id, p.title, p.slug, r.amount,
    coalesce(s.on_hand, 0), coalesce(s.reserved, 0), coalesce(s.backorder, 0)
from catalog.variants v join catalog.products p on p.id = v.product
left join catalog.prices r on r.variant = v.id and r.currency = 'EUR'
left join lateral (
    select sum(on_hand)::bigint as on_hand, sum(reserved)::bigint as reserved, sum(backorder_limit)::bigint as backorder
    from catalog.stock where variant = v.id
) s on true
where v.sku = any(array['B-' || :a::bigint, 'B-' || :b::bigint]);

-- Submitted: the key is claimed, the cart held, the attempt written down.
\startpipeline
begin;
set local lock_timeout = '10s';
insert into ordering.idempotency (caller, method, path, key, request)
values ('guest', 'POST', '/api/v1/carts/' || :cart::bigint || '/checkout', 'bench-' || :cart::bigint, sha256('request'))
on conflict do nothing;
set local lock_timeout to default;
\endpipeline
\startpipeline
update ordering.carts set attempt = lpad(to_hex(:cart::bigint), 32, '0')::uuid
where id = lpad(to_hex(:cart::bigint), 32, '0')::uuid and version = 4 and attempt is null;
insert into ordering.orders (id, cart, status, version, currency, subtotal, discount, shipping, tax, total,
    country, lines, provider, submitted_at, moved_at, due_at)
select lpad(to_hex(:cart::bigint), 32, '0')::uuid, lpad(to_hex(:cart::bigint), 32, '0')::uuid, 'submitted', 1, 'EUR',
    3998, 0, 0, 0, 3998, 'DE',
    '[{"sku": "B-0000001", "title": "Grey wool jumper no. 1", "quantity": 1, "unitPrice": {"amount": 1999, "currency": "EUR"}, "total": {"amount": 1999, "currency": "EUR"}}, {"sku": "B-0000002", "title": "Grey wool jumper no. 2", "quantity": 1, "unitPrice": {"amount": 1999, "currency": "EUR"}, "total": {"amount": 1999, "currency": "EUR"}}]'::jsonb,
    'sandbox', now(), now(), now() + interval '10 s'
where exists (
    select from ordering.carts where id = lpad(to_hex(:cart::bigint), 32, '0')::uuid
        and attempt = lpad(to_hex(:cart::bigint), 32, '0')::uuid
);
insert into ordering.checkouts (order_id, contact, payment_token, caller, method, path, key, trace_id)
select lpad(to_hex(:cart::bigint), 32, '0')::uuid, decode(repeat('ab', 230), 'hex'), decode(repeat('cd', 40), 'hex'),
    'guest', 'POST', '/api/v1/carts/' || :cart::bigint || '/checkout', 'bench-' || :cart::bigint,
    '4bf92f3577b34da6a3ce929d0e0e4736'
where exists (select from ordering.orders where id = lpad(to_hex(:cart::bigint), 32, '0')::uuid);
\endpipeline
\startpipeline
insert into ordering.streams (id, version) values ('order-' || :cart::bigint, 1) on conflict do nothing returning version;
with added as (
    insert into ordering.journal (stream, version, type, time, body)
    select stream, version, type, now(), body::jsonb
    from unnest(
        array['order-' || :cart::bigint], array[1::bigint], array['order.submitted.v1'],
        array['{"order": "01932f5e-0000-7000-8000-000000000001", "cart": "01932f5e-0000-7000-8000-000000000002", "lines": [{"sku": "B-0000001", "title": "Grey wool jumper no. 1", "quantity": 1, "unitPrice": {"amount": 1999, "currency": "EUR"}, "total": {"amount": 1999, "currency": "EUR"}}, {"sku": "B-0000002", "title": "Grey wool jumper no. 2", "quantity": 1, "unitPrice": {"amount": 1999, "currency": "EUR"}, "total": {"amount": 1999, "currency": "EUR"}}], "totals": {"total": {"amount": 3998, "currency": "EUR"}}, "country": "DE", "provider": "sandbox"}']
    ) with ordinality as e(stream, version, type, body, place)
    order by place
    on conflict (stream, version) do nothing
    returning id, stream
), moved as (
    update ordering.streams set last_id = last.id
    from (select stream, max(id) as id from added group by stream) last
    where streams.id = last.stream
)
select max(id), (select incarnation from ordering.incarnations order by ordinal desc limit 1), count(*) from added;
\endpipeline
commit;

-- Reserved, in the catalogue: a batch of one demand.
\startpipeline
begin;
select set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
    set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
    set_config('plan_cache_mode', 'force_generic_plan', true), set_config('lock_timeout', '1000ms', true);
select id, state, expires_at from catalog.reservations
where id = any(array[lpad(to_hex(:cart::bigint), 32, '0')::uuid]) order by id for update;
select reservation, variant, location, sku, quantity from catalog.reservation_lines
where reservation = any(array[lpad(to_hex(:cart::bigint), 32, '0')::uuid]) order by reservation, variant, location;
select s.variant, v.sku, s.location, s.on_hand, s.reserved, s.backorder_limit
from (
    select id from catalog.variants where sku = any(array['B-' || :a::bigint, 'B-' || :b::bigint])
    union
    select variant from catalog.reservation_lines where reservation = any(array[lpad(to_hex(:cart::bigint), 32, '0')::uuid])
) wanted(variant)
join catalog.stock s on s.variant = wanted.variant join catalog.variants v on v.id = s.variant
order by s.variant, s.location for update of s;
\endpipeline
with made as (
    insert into catalog.reservations (id, state, created_at)
    values (lpad(to_hex(:cart::bigint), 32, '0')::uuid, 'held', now()) on conflict do nothing returning 1
), wanted as (
    select * from unnest(
        array[lpad(to_hex(:a::bigint), 32, '0')::uuid, lpad(to_hex(:b::bigint), 32, '0')::uuid],
        array['main', 'main'], array['B-' || :a::bigint, 'B-' || :b::bigint], array[1::bigint, 1::bigint]
    ) w(variant, location, sku, quantity)
), lines as (
    insert into catalog.reservation_lines (reservation, variant, location, sku, quantity)
    select lpad(to_hex(:cart::bigint), 32, '0')::uuid, variant, location, sku, quantity from wanted
)
update catalog.stock s set reserved = s.reserved + w.quantity from wanted w
where s.variant = w.variant and s.location = w.location;
\startpipeline
insert into catalog.streams (id, version) values ('stock-B-' || :a::bigint, 1)
on conflict (id) do update set version = streams.version + excluded.version returning version;
insert into catalog.streams (id, version) values ('stock-B-' || :b::bigint, 1)
on conflict (id) do update set version = streams.version + excluded.version returning version;
with added as (
    insert into catalog.journal (stream, version, type, time, body)
    select stream, (select version from catalog.streams s where s.id = e.stream), type, now(), body::jsonb
    from unnest(
        array['stock-B-' || :a::bigint, 'stock-B-' || :b::bigint],
        array['stock.changed.v1', 'stock.changed.v1'],
        array['{"sku": "B-0000001", "location": "main", "onHand": 1000000000, "reserved": 1, "availability": "inStock", "before": "inStock", "reason": "reserved"}', '{"sku": "B-0000002", "location": "main", "onHand": 1000000000, "reserved": 1, "availability": "inStock", "before": "inStock", "reason": "reserved"}']
    ) with ordinality as e(stream, type, body, place)
    order by place
    on conflict (stream, version) do nothing
    returning id, stream
), moved as (
    update catalog.streams set last_id = last.id
    from (select stream, max(id) as id from added group by stream) last
    where streams.id = last.stream
)
select max(id), (select incarnation from catalog.incarnations order by ordinal desc limit 1), count(*) from added;
\endpipeline
commit;

-- Recorded: the stock is reserved, the payment is about to be asked for.
\startpipeline
begin;
update ordering.orders
set status = 'submitted', version = 2, number = null, authorisation = null, rejection = null, short_skus = '{}',
    placed_at = null, rejected_at = null, moved_at = now(), due_at = now() + interval '10 s'
where id = lpad(to_hex(:cart::bigint), 32, '0')::uuid and version = 1;
\endpipeline
\startpipeline
update ordering.streams set version = version + 1 where id = 'order-' || :cart::bigint and version = 1 returning version;
with added as (
    insert into ordering.journal (stream, version, type, time, body)
    select stream, version, type, now(), body::jsonb
    from unnest(
        array['order-' || :cart::bigint], array[2::bigint], array['order.payment-requested.v1'],
        array['{"order": "01932f5e-0000-7000-8000-000000000001", "key": "01932f5e-0000-7000-8000-000000000001-1"}']
    ) with ordinality as e(stream, version, type, body, place)
    order by place
    on conflict (stream, version) do nothing
    returning id, stream
), moved as (
    update ordering.streams set last_id = last.id
    from (select stream, max(id) as id from added group by stream) last
    where streams.id = last.stream
)
select max(id), (select incarnation from ordering.incarnations order by ordinal desc limit 1), count(*) from added;
\endpipeline
commit;

-- Placed: the number, the order, the cart, the events, the answer.
\startpipeline
begin;
select nextval('ordering.order_numbers');
\endpipeline
\startpipeline
update ordering.orders
set status = 'placed', version = 3, number = :cart::bigint::text, authorisation = md5(:cart::bigint::text),
    rejection = null, short_skus = '{}', placed_at = now(), rejected_at = null, moved_at = now(), due_at = null
where id = lpad(to_hex(:cart::bigint), 32, '0')::uuid and version = 2;
update ordering.carts set ordered = true, version = version + 1, changed_at = now()
where id = lpad(to_hex(:cart::bigint), 32, '0')::uuid and attempt = lpad(to_hex(:cart::bigint), 32, '0')::uuid
    and exists (select from ordering.orders where id = lpad(to_hex(:cart::bigint), 32, '0')::uuid and version = 3);
\endpipeline
\startpipeline
insert into ordering.streams (id, version) values ('cart-' || :cart::bigint, 1)
on conflict (id) do update set version = streams.version + excluded.version returning version;
update ordering.streams set version = version + 1 where id = 'order-' || :cart::bigint and version = 2 returning version;
with added as (
    insert into ordering.journal (stream, version, type, time, body)
    select stream, version, type, now(), body::jsonb
    from unnest(
        array['order-' || :cart::bigint, 'cart-' || :cart::bigint], array[3::bigint, 5::bigint],
        array['order.placed.v1', 'cart.ordered.v1'],
        array['{"order": "01932f5e-0000-7000-8000-000000000001", "number": "100001", "authorisation": "d41d8cd98f00b204e9800998ecf8427e", "placedAt": "2026-01-01T00:00:00Z"}', '{"cart": "01932f5e-0000-7000-8000-000000000002", "order": "01932f5e-0000-7000-8000-000000000001"}']
    ) with ordinality as e(stream, version, type, body, place)
    order by place
    on conflict (stream, version) do nothing
    returning id, stream
), moved as (
    update ordering.streams set last_id = last.id
    from (select stream, max(id) as id from added group by stream) last
    where streams.id = last.stream
)
select max(id), (select incarnation from ordering.incarnations order by ordinal desc limit 1), count(*) from added;
\endpipeline
update ordering.idempotency
set status = 201, headers = '{"ETag": "\"3\"", "Location": "/api/v1/orders/01932f5e", "Kontor-Position": "ordering:0a1b2c3d~12345"}'::jsonb,
    body = decode(repeat('ef', 1500), 'hex')
where caller = 'guest' and method = 'POST' and path = '/api/v1/carts/' || :cart::bigint || '/checkout'
    and key = 'bench-' || :cart::bigint and body is null;
commit;
