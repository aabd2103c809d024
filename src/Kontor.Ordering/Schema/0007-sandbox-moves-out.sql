-- The sandbox provider keeps its books itself, as a system of its own: what this table says of earlier play money is gone.
-- Locks: the table that goes, for a moment. A process of the version before that still runs beside this one can take no more
-- play money.

drop table sandbox_authorisations;
