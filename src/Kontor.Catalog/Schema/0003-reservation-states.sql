-- Reservations that are sold, and reservations that end by themselves. Locks: reservations, reservation_lines and
-- locations against everything, readers too, from the first statement that touches each until the end of the script;
-- nothing is rewritten, no row is looked at and no index built, so that is a moment once the locks are had. The checks
-- hold for every row written from here on; 0004 looks at those that stand.

alter table reservations add column expires_at timestamptz;
comment on column reservations.expires_at is 'When a held one ends by itself; null: only whoever made it ends it.';

-- The default stands in pg_attribute until a row is written anew. It also owns what the version before this one writes while
-- both run: that one takes reservations from the checkout only.
alter table reservations add column owner text not null default 'checkout';
comment on column reservations.owner is
    'Who made it, and alone commits, releases or repeats it: checkout, or client:<subject of the token>.';

alter table reservations drop constraint reservations_state_check;
alter table reservations add constraint reservation_state
    check (state in ('held', 'committed', 'released', 'expired')) not valid;
alter table reservations add constraint reservation_ended_says_when
    check ((state in ('released', 'expired')) = (ended_at is not null)) not valid;

-- All three are paid for each line of each reservation, in the middle of the hottest transaction (measured: a third of its
-- rate). A line is written by the statement that writes its reservation, and `kontor verify` looks for one without; its
-- location is that of the stock row it was taken from, which references locations; and nothing asks for lines by variant.
alter table reservation_lines drop constraint reservation_lines_reservation_fkey;
alter table reservation_lines drop constraint reservation_lines_location_fkey;
drop index reservation_lines_variant;
