-- Locks: none, the table is new.
create table things (id int primary key, name text not null);
insert into things select n, 'thing ' || n from generate_series(1, 100) n;
