using System.Net;

namespace Kontor.Shape.Endpoints;

/// <summary>What the API promises of every route alike: parameters, methods, addresses.</summary>
public sealed class ConventionTests(House house)
{
    static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    [Fact]
    public async Task An_unknown_parameter_is_refused_by_every_feature()
    {
        var faults = new List<string>();
        foreach (var door in house.Doors.Where(door => door.IsApi))
        {
            var answer = await house.Ask(
                door.Method,
                $"{door.Address}?kontorNoSuchParameter=1",
                house.FullToken,
                Bodies.FittingOf(house, door)
            );
            if (!answer.Is(HttpStatusCode.BadRequest, "UNKNOWN_PARAMETER"))
                faults.Add($"{door}: {answer}");
        }

        Assert.Equal([], faults);
    }

    [Fact]
    public async Task A_wrong_method_is_told_the_right_ones()
    {
        var faults = new List<string>();
        foreach (
            var address in house.Doors.Where(door => door.IsApi).GroupBy(door => door.Address, StringComparer.Ordinal)
        )
        {
            var right = house.Doors.Where(door => Matches(door, address.First())).Select(door => door.Method).ToList();
            foreach (var wrong in Methods.Except(right, StringComparer.Ordinal))
            {
                var answer = await house.Ask(wrong, address.Key, house.FullToken);
                if (
                    !answer.Is(HttpStatusCode.MethodNotAllowed, "METHOD_NOT_ALLOWED")
                    || right.Except(answer.Allow, StringComparer.Ordinal).Any()
                )
                    faults.Add($"{wrong} {address.Key}: {answer} Allow: {string.Join(", ", answer.Allow)}");
            }
        }

        Assert.Equal([], faults);
    }

    [Theory]
    [InlineData("/api/v1/no-such-thing")]
    [InlineData("/api/v2/products")]
    [InlineData("/no-such-thing")]
    public async Task An_address_with_nothing_behind_it_is_a_problem_too(string address) =>
        Assert.True((await house.Ask("GET", address)).Is(HttpStatusCode.NotFound, "ROUTE_NOT_FOUND"));

    [Fact]
    public async Task No_address_breaks_a_feature()
    {
        string[] odd =
        [
            "%00",
            "%FF%FE",
            "..%2f..",
            new string('a', 4000),
            "%F0%9F%A6%86",
            "'; drop table products; --",
        ];
        var faults = new List<string>();
        foreach (var door in house.Doors.Where(door => door.IsApi && door.Path.Contains('{', StringComparison.Ordinal)))
        foreach (var part in odd)
        {
            var address = door.Address.Replace(Door.SomeId, part, StringComparison.Ordinal);
            var answer = await house.Ask(door.Method, address, house.FullToken, Bodies.FittingOf(house, door));
            if (answer.Status >= 500)
                faults.Add($"{door} at {address}: {answer}");
        }

        Assert.Equal([], faults);
    }

    /// <summary>Another route of the same shape takes the address too ({a} and {b}).</summary>
    static bool Matches(Door door, Door other) =>
        door.Address.Split('/') is var one
        && other.Address.Split('/') is var two
        && one.Length == two.Length
        && one.Zip(two).All(pair => pair.First == pair.Second || pair.First == Door.SomeId);
}
