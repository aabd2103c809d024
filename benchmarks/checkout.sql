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
    l.sku, l.title, l.quantity, l.unit_amount, c.channel
from ordering.carts c left join ordering.cart_lines l on l.cart = c.id
where c.id = lpad(to_hex(:cart::bigint), 32, '0')::uuid order by l.place;
select v.sku, p.id, p.title, p.slug, r.amount,
    (
        select case
            when bool_or(free > 0) then 'inStock'
            when bool_or(free + beyond > 0 and preorder) then 'preorder'
            when bool_or(free + beyond > 0) then 'backorder'
            else 'outOfStock'
        end
        from (
            select on_hand - safety_stock - reserved as free, coalesce(preorder_until > now(), false) as preorder,
                backorder_limit - owed - case when preorder_until > now() then 0 else preorder_limit end as beyond
            from catalog.stock where variant = v.id
                and location = any(array(select key from catalog.locations where active))
        ) offered
    ),
    r.compare_at
from unnest(array['B-' || :a::bigint, 'B-' || :b::bigint], array[1, 1]) w(sku, quantity)
join catalog.variants v on v.sku = w.sku join catalog.products p on p.id = v.product
left join lateral (
    select c.currency,
        (array_agg(c.amount order by c.rank desc) filter (where c.valid))[1] as amount,
        (array_agg(c.compare_at order by c.rank desc) filter (where c.valid))[1] as compare_at,
        min(c.change_at) as change_at
    from (
        select b.currency, b.amount, null::bigint as compare_at, 0::bigint as rank, true as valid,
            null::timestamptz as change_at
        from catalog.prices b where b.variant = v.id and b.currency = 'EUR'
        union all
        select r.currency, r.amount, r.compare_at, r.rank,
            coalesce(greatest(r.valid_from, l.valid_from) <= moment.at, true)
                and coalesce(least(r.valid_until, l.valid_until) > moment.at, true),
            least(
                case when r.valid_from > moment.at then r.valid_from end,
                case when r.valid_until > moment.at then r.valid_until end,
                case when l.valid_from > moment.at then l.valid_from end,
                case when l.valid_until > moment.at then l.valid_until end
            )
        from catalog.price_rows r left join catalog.price_lists l on l.key = r.price_list
            cross join (select coalesce(null::timestamptz, now()) as at) moment
        where r.variant = v.id and r.currency = 'EUR'
            and r.min_quantity <= w.quantity
            and (r.country is null or r.country = 'DE')
            and (r.channel is null or r.channel = null::text)
            and (r.customer_group is null or r.customer_group = null::text)
            and (l.channel is null or l.channel = null::text)
            and (l.customer_group is null or l.customer_group = null::text)
    ) c group by c.currency
) r on true
where (p.deleted_at is null and p.state = 'published' and coalesce(p.publish_from <= now(), true)
        and coalesce(p.publish_until > now(), true))
    and (p.everywhere or exists (
        select from catalog.product_channels shown where shown.product = p.id and shown.channel = null::text
    ));

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
insert into ordering.streams (id, version, last_id) values ('order-' || :cart::bigint, 1, -1) on conflict do nothing returning version;
with added as (
    insert into ordering.journal (stream, version, type, time, body)
    select s.id, s.version - later, type, now(), body::jsonb
    from unnest(
        array['order-' || :cart::bigint], array[0::bigint], array['order.submitted.v1'],
        array['{"order": "01932f5e-0000-7000-8000-000000000001", "cart": "01932f5e-0000-7000-8000-000000000002", "lines": [{"sku": "B-0000001", "title": "Grey wool jumper no. 1", "quantity": 1, "unitPrice": {"amount": 1999, "currency": "EUR"}, "total": {"amount": 1999, "currency": "EUR"}}, {"sku": "B-0000002", "title": "Grey wool jumper no. 2", "quantity": 1, "unitPrice": {"amount": 1999, "currency": "EUR"}, "total": {"amount": 1999, "currency": "EUR"}}], "totals": {"total": {"amount": 3998, "currency": "EUR"}}, "country": "DE", "provider": "sandbox"}']
    ) with ordinality as e(stream, later, type, body, place)
    join ordering.streams s on s.id = e.stream and s.last_id = -1
    order by place
    returning id, stream
), moved as (
    update ordering.streams set last_id = last.id
    from (select stream, max(id) as id from added group by stream) last
    where streams.id = last.stream
)
select count(*), max(id), (select incarnation from ordering.incarnations order by ordinal desc limit 1) from added;
\endpipeline
commit;

-- Reserved, in the catalogue: a batch of one demand.
\startpipeline
begin;
select set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
    set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
    set_config('plan_cache_mode', 'force_generic_plan', true), set_config('lock_timeout', '1000ms', true);
select id, owner, state, expires_at from catalog.reservations
where id = any(array[lpad(to_hex(:cart::bigint), 32, '0')::uuid]) order by id for update;
select reservation, variant, location, sku, quantity from catalog.reservation_lines
where reservation = any(array[lpad(to_hex(:cart::bigint), 32, '0')::uuid]) order by reservation, variant, location;
select s.variant, v.sku, s.location, l.priority, l.active
        and (p.deleted_at is null and p.state = 'published' and coalesce(p.publish_from <= now(), true)
            and coalesce(p.publish_until > now(), true)),
    s.on_hand, s.reserved, s.backorder_limit, s.incoming, s.safety_stock, s.owed, s.preorder_limit, s.preorder_until
from (
    select id from catalog.variants where sku = any(array['B-' || :a::bigint, 'B-' || :b::bigint])
    union
    select variant from catalog.reservation_lines where reservation = any(array[lpad(to_hex(:cart::bigint), 32, '0')::uuid])
) wanted(variant)
join catalog.stock s on s.variant = wanted.variant join catalog.variants v on v.id = s.variant
join catalog.locations l on l.key = s.location join catalog.products p on p.id = v.product
order by s.variant, s.location for update of s;
select count(*) from catalog.reservations where id = any(array[lpad(to_hex(:cart::bigint), 32, '0')::uuid]);
\endpipeline
with made as (
    insert into catalog.reservations (id, state, created_at, ended_at, expires_at, owner)
    select id, state, now(), case when state in ('released', 'expired') then now() end, expires_at, owner
    from unnest(
        array[lpad(to_hex(:cart::bigint), 32, '0')::uuid], array['held'], array[null::timestamptz], array['checkout']
    ) r(id, state, expires_at, owner)
    on conflict do nothing returning 1
), lines as (
    insert into catalog.reservation_lines (reservation, variant, location, sku, quantity)
    select lpad(to_hex(:cart::bigint), 32, '0')::uuid, w.* from unnest(
        array[lpad(to_hex(:a::bigint), 32, '0')::uuid, lpad(to_hex(:b::bigint), 32, '0')::uuid],
        array['main', 'main'], array['B-' || :a::bigint, 'B-' || :b::bigint], array[1::bigint, 1::bigint]
    ) w
    on conflict do nothing
), moved as (
    update catalog.reservations r set state = m.state,
        ended_at = case when m.state in ('released', 'expired') then now() end
    from unnest(array[]::uuid[], array[]::text[]) m(id, state) where r.id = m.id
), taken as (
    -- Kontor writes the number that it decided on; here each client adds to what it has locked.
    update catalog.stock s set reserved = s.reserved + t.quantity
    from unnest(
        array[lpad(to_hex(:a::bigint), 32, '0')::uuid, lpad(to_hex(:b::bigint), 32, '0')::uuid],
        array['main', 'main'], array[1::bigint, 1::bigint]
    ) t(variant, location, quantity)
    where s.variant = t.variant and s.location = t.location
)
select count(*) from made;
\startpipeline
insert into catalog.streams (id, version, last_id) values ('stock-B-' || :a::bigint, 1, -1)
on conflict (id) do update set version = streams.version + excluded.version, last_id = -1 returning version;
insert into catalog.streams (id, version, last_id) values ('stock-B-' || :b::bigint, 1, -1)
on conflict (id) do update set version = streams.version + excluded.version, last_id = -1 returning version;
with added as (
    insert into catalog.journal (stream, version, type, time, body)
    select s.id, s.version - later, type, now(), body::jsonb
    from unnest(
        array['stock-B-' || :a::bigint, 'stock-B-' || :b::bigint], array[0::bigint, 0::bigint],
        array['stock.changed.v1', 'stock.changed.v1'],
        array['{"sku": "B-0000001", "location": "main", "onHand": 1000000000, "reserved": 1, "before": "inStock", "after": "inStock", "reason": "reserved", "incoming": 0}', '{"sku": "B-0000002", "location": "main", "onHand": 1000000000, "reserved": 1, "before": "inStock", "after": "inStock", "reason": "reserved", "incoming": 0}']
    ) with ordinality as e(stream, later, type, body, place)
    join catalog.streams s on s.id = e.stream and s.last_id = -1
    order by place
    returning id, stream
), moved as (
    update catalog.streams set last_id = last.id
    from (select stream, max(id) as id from added group by stream) last
    where streams.id = last.stream
)
select count(*), max(id), (select incarnation from catalog.incarnations order by ordinal desc limit 1) from added;
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
update ordering.streams set version = version + 1, last_id = -1 where id = 'order-' || :cart::bigint and version = 1 returning version;
with added as (
    insert into ordering.journal (stream, version, type, time, body)
    select s.id, s.version - later, type, now(), body::jsonb
    from unnest(
        array['order-' || :cart::bigint], array[0::bigint], array['order.payment-requested.v1'],
        array['{"order": "01932f5e-0000-7000-8000-000000000001", "key": "01932f5e-0000-7000-8000-000000000001-1"}']
    ) with ordinality as e(stream, later, type, body, place)
    join ordering.streams s on s.id = e.stream and s.last_id = -1
    order by place
    returning id, stream
), moved as (
    update ordering.streams set last_id = last.id
    from (select stream, max(id) as id from added group by stream) last
    where streams.id = last.stream
)
select count(*), max(id), (select incarnation from ordering.incarnations order by ordinal desc limit 1) from added;
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
insert into ordering.streams (id, version, last_id) values ('cart-' || :cart::bigint, 1, -1)
on conflict (id) do update set version = streams.version + excluded.version, last_id = -1 returning version;
update ordering.streams set version = version + 1, last_id = -1 where id = 'order-' || :cart::bigint and version = 2 returning version;
with added as (
    insert into ordering.journal (stream, version, type, time, body)
    select s.id, s.version - later, type, now(), body::jsonb
    from unnest(
        array['order-' || :cart::bigint, 'cart-' || :cart::bigint], array[0::bigint, 0::bigint],
        array['order.placed.v1', 'cart.ordered.v1'],
        array['{"order": "01932f5e-0000-7000-8000-000000000001", "number": "100001", "authorisation": "d41d8cd98f00b204e9800998ecf8427e", "placedAt": "2026-01-01T00:00:00Z"}', '{"cart": "01932f5e-0000-7000-8000-000000000002", "order": "01932f5e-0000-7000-8000-000000000001"}']
    ) with ordinality as e(stream, later, type, body, place)
    join ordering.streams s on s.id = e.stream and s.last_id = -1
    order by place
    returning id, stream
), moved as (
    update ordering.streams set last_id = last.id
    from (select stream, max(id) as id from added group by stream) last
    where streams.id = last.stream
)
select count(*), max(id), (select incarnation from ordering.incarnations order by ordinal desc limit 1) from added;
\endpipeline
update ordering.idempotency
set status = 201, headers = '{"ETag": "\"3\"", "Location": "/api/v1/orders/01932f5e", "Kontor-Position": "ordering:0a1b2c3d~12345"}'::jsonb,
    body = decode(repeat('ef', 1500), 'hex'), person = null
where caller = 'guest' and method = 'POST' and path = '/api/v1/carts/' || :cart::bigint || '/checkout'
    and key = 'bench-' || :cart::bigint and body is null;
commit;
