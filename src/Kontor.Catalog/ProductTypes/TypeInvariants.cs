using Kontor.Platform.Data;

namespace Kontor.Catalog.ProductTypes;

/// <summary>What is always true of typed products.</summary>
static class TypeInvariants
{
    public static readonly IReadOnlyList<Invariant> All =
    [
        new(
            "A_PRODUCT_STANDS_IN_THE_FORM_THAT_IS_SHOWN",
            """
            select format('product %s is of generation %s (%s), its type %s of %s', p.key, p.generation,
                case when p.attributes_next is null then 'one form' else 'two forms' end, t.key, t.generation)
            from products p join product_types t on t.key = p.type
            where p.generation > t.generation or p.generation < t.generation - 1
                or (p.generation < t.generation and p.attributes_next is null)
            """
        ),
        new(
            "TWO_FORMS_ONLY_WHILE_A_TYPE_MIGRATES",
            """
            select format('product %s has a next form, and its type %s does not migrate', p.key, p.type)
            from products p where p.attributes_next is not null and not exists (
                select from product_type_migrations m
                where m.type = p.type and m.state in ('filling', 'tidying', 'undoing')
            )
            """
        ),
        new(
            "A_UNIQUE_VALUE_IS_ENTERED",
            """
            select format('%s %s of %s is %s, entered is %s', u.type, u.attribute, coalesce(u.sku, u.key), u.value,
                coalesce((
                    select e.value from unique_values e where e.type = u.type and e.generation = u.generation
                        and e.attribute = u.attribute and e.product = u.product
                        and e.variant is not distinct from u.variant limit 1
                ), 'nothing'))
            from (
                select t.key as type, t.generation, a ->> 'key' as attribute, p.key, null as sku, p.id as product, null::uuid as variant,
                    (case when t.generation > p.generation then p.attributes_next else p.attributes end) ->> (a ->> 'key') as value
                from product_types t cross join jsonb_array_elements(t.attributes) a join products p on p.type = t.key
                where (a ->> 'unique')::boolean and coalesce(a ->> 'level', 'product') = 'product'
                union all
                select t.key, t.generation, a ->> 'key', p.key, v.sku, p.id, v.id,
                    (case when t.generation > p.generation then v.attributes_next else v.attributes end) ->> (a ->> 'key')
                from product_types t cross join jsonb_array_elements(t.attributes) a join products p on p.type = t.key
                join variants v on v.product = p.id
                where (a ->> 'unique')::boolean and a ->> 'level' = 'variant'
            ) u
            where u.value is not null and not exists (
                -- Each by its primary key: joined by their owner, a plan may go through all of them for every one.
                select from unique_values e where e.type = u.type and e.generation = u.generation
                    and e.attribute = u.attribute and e.value = u.value
                    and e.product = u.product and e.variant is not distinct from u.variant
            )
            """
        ),
    ];
}
