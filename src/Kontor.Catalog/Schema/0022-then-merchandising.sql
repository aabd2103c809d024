-- Words that mean the same, and rules of what a search shows first. Locks: none, both tables are new.

create table synonyms (
    key     text primary key,
    locale  text,
    sources text[] not null,
    words   text[] not null,
    version bigint not null check (version > 0),
    constraint synonyms_lead_somewhere check (cardinality(words) between 1 and 100 and cardinality(sources) <= 100)
);
comment on column synonyms.locale is 'Only for searches in this language or a narrower one; null: in all.';
comment on column synonyms.sources is 'Words that find the others and are not found by them; none: all words find each other.';

create table search_rules (
    key         text primary key,
    title       text not null,
    priority    int not null check (priority between 1 and 1000000),
    texts       text[] not null,
    is_part     boolean not null,
    category    text,
    channel     text,
    locale      text,
    valid_from  timestamptz,
    valid_until timestamptz,
    pins        uuid[] not null,
    boosts      jsonb not null,
    version     bigint not null check (version > 0),
    constraint search_rule_begins_before_it_ends check (valid_from < valid_until),
    constraint search_rule_is_bounded check (cardinality(texts) <= 20 and cardinality(pins) <= 100 and jsonb_array_length(boosts) <= 100)
);
comment on table search_rules is 'What a rule names (category, channel, products) may go before the rule does: it then has no effect.';
comment on column search_rules.is_part is 'The texts may stand within what is looked for; else they are all of it.';
