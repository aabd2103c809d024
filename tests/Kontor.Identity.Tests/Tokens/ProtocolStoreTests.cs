using Kontor.Identity.Tokens;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Kontor.Identity.Tests.Tokens;

public sealed class ProtocolStoreTests(Office office)
{
    [Fact]
    public async Task The_schema_is_the_one_that_the_model_expects()
    {
        using var scope = office.Services.CreateScope();
        var tables = scope.ServiceProvider.GetRequiredService<ProtocolStore>().Model.GetEntityTypes();
        var expected = tables.SelectMany(table =>
            table.GetProperties().Select(c => $"{table.GetTableName()}.{c.GetColumnName()} {c.GetColumnType()}")
        );

        var found = await office.Query<string[]>(
            """
            select array_agg(relname || '.' || attname || ' ' || format_type(atttypid, atttypmod))
            from pg_attribute join pg_class on pg_class.oid = attrelid
            where relnamespace = 'identity'::regnamespace and attnum > 0 and not attisdropped
              and relname in ('clients', 'scopes', 'authorizations', 'tokens')
            """
        );

        Assert.Equal(expected.Order(), found.Order());
    }
}
