-- no transaction
drop index concurrently if exists things_name;
create index concurrently things_name on things (name);
