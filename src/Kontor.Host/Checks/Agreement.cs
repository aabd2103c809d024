using Kontor.Catalog.Stock;
using Kontor.Host.Serving;
using Kontor.Ordering;
using Kontor.Ordering.Orders;
using Kontor.Platform.Data;
using Kontor.Sandbox;

namespace Kontor.Host.Checks;

/// <summary>A check that cannot be asked here, and why.</summary>
sealed record Unasked(string Rule, string Why);

/// <summary>Which checks hold the services, and the provider, against each other.</summary>
static class Agreement
{
    /// <param name="present">The services whose data this command reaches.</param>
    public static void AddChecks(this IServiceCollection services, IReadOnlyList<string> present, Place place)
    {
        if (!present.Contains("ordering", StringComparer.Ordinal))
            return;
        services.AddOrderChecks();
        services.AddSingleton<SettledOrders>();
        if (present.Contains("catalog", StringComparer.Ordinal))
        {
            services.AddSingleton<ReservationFacts>();
            services.AddSingleton<ICheck, StockOfOrders>();
        }
        else
            services.AddSingleton(
                new Unasked("STOCK_IS_HELD_FOR_PLACED_ORDERS", "catalog's data is not reached from here")
            );
        if (BooksOf(place) is { } books)
        {
            services.AddSingleton(books);
            services.AddSingleton<ICheck, BooksOfOrders>();
        }
        else
            services.AddSingleton(new Unasked("PROVIDER_TOOK_WHAT_ORDERS_SAY", "there are no sandbox books here"));
    }

    /// <summary>The sandbox that is configured, else the books that one inside this installation has written.</summary>
    static ReadBooks? BooksOf(Place place)
    {
        if (Payments.Configured(place.Configuration) is { } account)
            return async stop =>
            {
                var (url, secret) = account();
                return await BookReader.FromServer(url, secret, stop);
            };
        var folder = Payments.FolderIn(place.Installation.Folder);
        return File.Exists(SandboxServer.BooksIn(folder)) ? stop => BookReader.FromFile(folder, stop) : null;
    }
}
