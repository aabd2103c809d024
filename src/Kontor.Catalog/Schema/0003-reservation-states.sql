-- Reservations that are sold, and reservations that end by themselves. Locks: reservations against everything for the
-- moment of each alter (the new checks look at no row then), against writers while the index is built; reservation_lines
-- against everything for a moment.

alter table reservations add column expires_at timestamptz;
comment on column reservations.expires_at is 'When a held one ends by itself; null: only whoever made it ends it.';

alter table reservations drop constraint reservations_state_check;
alter table reservations add constraint reservation_state
    check (state in ('held', 'committed', 'released', 'expired')) not valid;
alter table reservations add constraint reservation_ended_says_when
    check ((state in ('released', 'expired')) = (ended_at is not null)) not valid;
alter table reservations validate constraint reservation_state;
alter table reservations validate constraint reservation_ended_says_when;

create index reservations_expiring on reservations (expires_at) where state = 'held' and expires_at is not null;

-- All three are paid for each line of each reservation, in the middle of the hottest transaction (measured: a third of its
-- rate). A line is written by the statement that writes its reservation, and `kontor verify` looks for one without; its
-- location is that of the stock row it was taken from, which references locations; and nothing asks for lines by variant.
alter table reservation_lines drop constraint reservation_lines_reservation_fkey;
alter table reservation_lines drop constraint reservation_lines_location_fkey;
drop index reservation_lines_variant;
