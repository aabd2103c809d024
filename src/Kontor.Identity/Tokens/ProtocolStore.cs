using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using OpenIddict.EntityFrameworkCore.Models;

namespace Kontor.Identity.Tokens;

/// <summary>The tables that OpenIddict keeps, by the names of <c>Schema/0001-clients.sql</c>. The only use of Entity
/// Framework in the house; its model is built at the first token request, not at start.</summary>
sealed partial class ProtocolStore(DbContextOptions<ProtocolStore> options) : DbContext(options)
{
    public const string Schema = "identity";

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.UseOpenIddict<Guid>();
        modelBuilder.Entity<OpenIddictEntityFrameworkCoreApplication<Guid>>().ToTable("clients");
        modelBuilder.Entity<OpenIddictEntityFrameworkCoreScope<Guid>>().ToTable("scopes");
        modelBuilder.Entity<OpenIddictEntityFrameworkCoreAuthorization<Guid>>().ToTable("authorizations");
        modelBuilder.Entity<OpenIddictEntityFrameworkCoreToken<Guid>>().ToTable("tokens");
        foreach (var column in modelBuilder.Model.GetEntityTypes().SelectMany(table => table.GetProperties()))
            column.SetColumnName(NameOf(column.Name));
    }

    /// <summary><c>RedirectUris</c> is redirect_uris; a reference is called by what it refers to.</summary>
    static string NameOf(string property) =>
        property switch
        {
            "ApplicationId" => "client",
            "AuthorizationId" => "authorization",
            _ => WordStart().Replace(property, "_").ToLowerInvariant(),
        };

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WordStart();
}
