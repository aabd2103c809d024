-- The sandbox provider keeps its books itself, as a system of its own. Locks: the table that goes. A process of the version
-- before that still runs beside this one can take no more play money.

drop table sandbox_authorisations;
