using System.Net;
using Kontor.Platform.Access;

namespace Kontor.Shape.Endpoints;

/// <summary>Every route that the program answers names who may come, and keeps the others out.</summary>
public sealed class AccessTests(House house)
{
    [Fact]
    public void Every_route_names_its_access_rule() =>
        Assert.Equal([], house.Doors.Where(door => door.Rules.Count == 0).Select(door => door.ToString()));

    [Fact]
    public void A_rule_says_one_thing() =>
        Assert.Equal(
            [],
            house
                .Doors.Where(door => door.Rules.Select(rule => rule.Kind).Distinct().Count() > 1)
                .Select(door => $"{door}: {string.Join("; ", door.Rules)}")
        );

    [Fact]
    public void Every_feature_has_a_name_and_a_summary_of_its_own()
    {
        var features = house.Doors.Where(door => door.IsApi).ToList();

        Assert.NotEmpty(features);
        Assert.Equal(
            [],
            features
                .Where(door => string.IsNullOrEmpty(door.Name) || string.IsNullOrEmpty(door.Summary))
                .Select(door => door.ToString())
        );
        Assert.Equal(
            [],
            features
                .GroupBy(door => door.Name, StringComparer.Ordinal)
                .Where(name => name.Select(door => door.Endpoint).Distinct().Count() > 1)
                .Select(name => name.Key)
        );
    }

    [Fact]
    public async Task A_stranger_is_sent_away_at_every_door_with_a_scope()
    {
        var faults = new List<string>();
        foreach (var door in Guarded)
            if (await Ask(door, null) is var answer && !answer.Is(HttpStatusCode.Unauthorized, "UNAUTHENTICATED"))
                faults.Add($"{door}: {answer}");

        Assert.Equal([], faults);
    }

    [Fact]
    public async Task A_forged_token_is_no_token()
    {
        var faults = new List<string>();
        foreach (var door in Guarded)
            if (
                await Ask(door, house.FullToken[..^8] + "AAAAAAAA") is var answer
                && !answer.Is(HttpStatusCode.Unauthorized, "UNAUTHENTICATED")
            )
                faults.Add($"{door}: {answer}");

        Assert.Equal([], faults);
    }

    [Fact]
    public async Task A_token_without_the_scope_is_not_enough()
    {
        var faults = new List<string>();
        foreach (var door in Guarded)
        foreach (var scope in door.Scopes)
            if (
                await Ask(door, house.TokenWithout(scope)) is var answer
                && !answer.Is(HttpStatusCode.Forbidden, "FORBIDDEN")
            )
                faults.Add($"{door} without {scope}: {answer}");

        Assert.Equal([], faults);
    }

    [Fact]
    public async Task A_door_held_by_a_secret_shows_a_stranger_nothing()
    {
        var faults = new List<string>();
        foreach (var door in house.Doors.Where(door => door.Rules.Any(rule => rule.Kind == AccessKind.HeldBy)))
            if (await Ask(door, null) is var answer && answer.Status is < 400 or >= 500)
                faults.Add($"{door}: {answer}");

        Assert.Equal([], faults);
    }

    IReadOnlyList<Door> Guarded
    {
        get
        {
            var guarded = house.Doors.Where(door => door.Scopes.Any()).ToList();
            Assert.NotEmpty(guarded);
            return guarded;
        }
    }

    Task<Answer> Ask(Door door, string? token) =>
        house.Ask(door.Method, door.Address, token, Asking.TakesContent(door.Method) ? Asking.Json("{}") : null);
}
