#!/usr/bin/env bash
# The five-minute tour of the README: browse, search, GraphQL, import a file, buy, watch the stream.
#   samples/tour.sh [URL] [DATA_FOLDER]
# Expects a running `./kontor` (URL, default http://localhost:8080) with its data folder (default ./.kontor).
# KONTOR names the command to import with, default: the kontor script beside this folder.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
url="${1:-http://localhost:8080}"
data="${2:-$here/../.kontor}"
kontor="${KONTOR:-$here/../kontor}"
json='Content-Type: application/json'

step() { printf '\n== %s\n' "$*"; }
die() {
    printf 'The tour ended early: %s\n' "$*" >&2
    exit 1
}
# The first value of a member in a JSON text: good for this tour, not for a program.
member() { sed -n "s/.*\"$1\": *\"\{0,1\}\([^\",}]*\).*/\1/p" | head -n 1; }
call() {
    local answer
    answer="$(curl -sS --fail-with-body --max-time 20 "$@")" || die "$answer"
    printf '%s\n' "$answer"
}

step "Browse the catalogue"
call "$url/api/v1/products?limit=2"

step "Search it"
call "$url/api/v1/search?q=tea&limit=2"

step "Ask GraphQL"
call "$url/graphql" -H "$json" -d '{"query":"{ products(first: 2) { nodes { title slug } } }"}'

step "Get a token with the credentials of the first start"
client="$(member client_id <"$data/first-credentials.json")"
secret="$(member client_secret <"$data/first-credentials.json")"
token="$(call -u "$client:$secret" -d grant_type=client_credentials "$url/connect/token" | member access_token)"
[ -n "$token" ] || die "no token"
echo "a token of ${#token} characters"

step "Watch the stream from here on"
seen="$(mktemp)"
curl -sSN --max-time 120 -H "Authorization: Bearer $token" -H 'Accept: text/event-stream' \
    "$url/api/v1/stream?topics=catalog,ordering&after=ordering:0" >"$seen" &
watcher=$!
trap 'kill $watcher 2>/dev/null || true; rm -f "$seen"' EXIT

step "Import a supplier's file"
"$kontor" import "$here/imports/demo.csv" --map "$here/imports/demo.mapping.json" --yes --data "$data"

step "Open a cart, fill it, say where it goes"
cart_answer="$(call "$url/api/v1/carts" -H "$json" -d '{"currency":"EUR"}')"
cart="$(printf '%s' "$cart_answer" | member id)"
cart_token="$(printf '%s' "$cart_answer" | member token)"
call "$url/api/v1/carts/$cart/lines" -H "Kontor-Cart-Token: $cart_token" -H "$json" -d '{"sku":"OAK-BOARD-S","quantity":2}'
filled="$(call -X PUT "$url/api/v1/carts/$cart/addresses" -H "Kontor-Cart-Token: $cart_token" -H "$json" -d '{
    "email": "ada@example.com",
    "shipping": {"name": "Ada Tester", "line1": "Koberg 1", "city": "Lübeck", "postalCode": "23552", "country": "DE"}}')"
total="$(printf '%s' "$filled" | sed -n 's/.*"total": *{"amount": *\([0-9]*\).*/\1/p')"
echo "the cart comes to $total minor units"

step "Buy"
order_answer="$(call "$url/api/v1/carts/$cart/checkout" -H "Kontor-Cart-Token: $cart_token" -H "$json" \
    -H "Idempotency-Key: $(cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen)" \
    -d "{\"expectedTotal\":{\"amount\":$total,\"currency\":\"EUR\"},\"payment\":{\"provider\":\"sandbox\",\"token\":\"tok_approve\"}}")"
echo "$order_answer"
order="$(printf '%s' "$order_answer" | member id)"
[ "$(printf '%s' "$order_answer" | member status)" = placed ] || die "the order is not placed"

step "The order's own history"
call "$url/api/v1/orders/$order/events" -H "Kontor-Cart-Token: $cart_token"

step "What the stream showed of it"
tries=0
until grep -q '"type":"order.placed.v1"' "$seen" && grep -q "order-$order" "$seen"; do
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] || die "the stream did not show the order"
    kill -0 "$watcher" 2>/dev/null || die "the stream ended: $(tail -c 400 "$seen")"
    read -r -t 0.1 _ <> <(:) || true
done
grep -o '"type":"order[^"]*"' "$seen" | sort | uniq -c
printf '\nThe order %s is placed, and the stream told it in order.\n' "$order"
