-- GraphQL documents that staff registered, by the SHA-256 of their text. Locks: none, the table is new.

create table graphql_documents (
    id         text primary key constraint graphql_document_is_its_hash check (id = encode(sha256(convert_to(document, 'UTF8')), 'hex')),
    document   text not null,
    operations text[] not null,
    created_at timestamptz not null
);
comment on column graphql_documents.operations is 'The names of its operations, for whoever looks through the list.';
