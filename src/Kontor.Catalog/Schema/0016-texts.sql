-- Texts of products beside title and description: rich text, what search engines are told, and translations of it all.
-- Locks: products against everybody, a moment: the default is constant, no row is rewritten.
-- The version before this one overlooks the column.

alter table products add column texts jsonb not null default '{}';
comment on column products.texts is '{body, seo: {title, description}, translations: {locale: {title, description, body, seo}}}; what there is none of is left out. Bodies are cleaned before they are stored.';
