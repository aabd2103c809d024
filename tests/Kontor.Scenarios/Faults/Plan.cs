namespace Kontor.Scenarios.Faults;

/// <summary>What goes wrong, and what the guests do meanwhile: all of it drawn from one seed.</summary>
/// <param name="Guests">Each buys once, or twice.</param>
/// <param name="Kills">Faults that are armed one list after the other: the first of a list that is passed kills.</param>
/// <param name="Sandbox">How the provider behaves.</param>
sealed record Plan(IReadOnlyList<Guest> Guests, IReadOnlyList<string> Kills, object Sandbox)
{
    const int ArmedAtOnce = 4;
    const int LastPass = 6;

    static readonly string[] Cards = ["tok_approve", "tok_decline", "tok_timeout", "tok_late", "tok_challenge"];
    static readonly string[] Mishaps = ["delay", "silence", "failAfter", "dropBefore", "dropAfter"];

    public static Plan Draw(int seed, int guests, int kills)
    {
        var random = new Random(seed);
        string[] points =
        [
            .. Journey
                .All.SelectMany(journey => journey.Points)
                .Select(point => point.Split('@')[0])
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        return new(
            [.. Enumerable.Range(0, guests).Select(_ => Guest.Draw(random, Cards))],
            [.. Enumerable.Range(0, kills).Select(_ => DrawKills(random, points))],
            new
            {
                seed,
                calls = Enumerable
                    .Range(0, guests)
                    .Select(_ => new
                    {
                        does = Mishaps[random.Next(Mishaps.Length)],
                        nth = random.Next(1, guests * 4),
                        delayMs = random.Next(100, 4_000),
                    })
                    .ToArray(),
                callbacks = new
                {
                    copies = 50,
                    delayMs = 0,
                    spreadMs = 1_500,
                },
            }
        );
    }

    /// <summary>All in one process: which one, the first decides.</summary>
    static string DrawKills(Random random, string[] points)
    {
        random.Shuffle(points);
        var isStock = IsStock(points[0]);
        return string.Join(
            ',',
            points
                .Where(point => IsStock(point) == isStock)
                .Take(ArmedAtOnce)
                .Select(point => $"{point}=kill@{random.Next(1, LastPass)}")
        );
    }

    static bool IsStock(string point) => point.StartsWith("stock.", StringComparison.Ordinal);
}

/// <summary>Somebody who buys, and how they go about it.</summary>
/// <param name="Confirms">A challenge; null where they never answer it.</param>
/// <param name="IsScarce">They want what not everybody gets.</param>
sealed record Guest(
    string Card,
    int Quantity,
    bool Insists,
    bool? Confirms,
    bool HasAnotherCard,
    bool IsErased,
    bool IsScarce
)
{
    public static Guest Draw(Random random, string[] cards) =>
        new(
            cards[random.Next(cards.Length)],
            random.Next(1, 4),
            random.Next(3) > 0,
            random.Next(3) switch
            {
                0 => null,
                1 => false,
                _ => true,
            },
            random.Next(2) == 0,
            random.Next(5) == 0,
            random.Next(3) == 0
        );

    public async Task Buy(Scene scene)
    {
        var buyer = await scene.Enter(Quantity);
        await scene.Pay(buyer, Quantity, Card);
        if (Confirms is { } confirms)
            await scene.TryAnswer(buyer, confirms);
        if (HasAnotherCard || IsErased)
            await scene.Settles(buyer);
        if (HasAnotherCard && !IsScarce && await scene.IsOpen(buyer))
            await scene.Pay(buyer, Quantity, "tok_approve");
        if (IsErased)
            await scene.Settles(buyer);
        if (IsErased && !IsScarce)
            await scene.Erase(buyer);
    }
}
