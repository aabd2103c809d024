namespace Kontor.Shape.Endpoints;

/// <summary>No body breaks a feature: each is taken, or refused with a code that says why.</summary>
public sealed class BodyTests(House house)
{
    /// <summary>Whatever the rest says, a body of this kind is the caller's fault.</summary>
    static readonly Dictionary<string, int[]> Wanted = new(StringComparer.Ordinal)
    {
        ["half of one"] = [400],
        ["words"] = [400],
        ["a list"] = [400],
        ["null"] = [400],
        ["two values"] = [400],
        ["an unknown member"] = [400],
        ["100,000 lists deep"] = [400],
        ["100,000 objects deep"] = [400],
        ["2 MB"] = [413],
        ["text/plain"] = [415],
        ["application/xml"] = [415],
        ["not UTF-8"] = [400],
        ["a member twice"] = [400],
        ["a member of other case"] = [400],
    };

    [Fact]
    public async Task A_hostile_body_is_a_refusal_with_a_code_everywhere()
    {
        var doors = house.Doors.Where(door => door.IsApi && door.TakesBody).ToList();
        Assert.NotEmpty(doors);
        var faults = new List<string>();
        foreach (var door in doors)
        foreach (var (name, body) in Bodies.HostileOf(house, door))
        {
            var answer = await house.Ask(door.Method, door.Address, house.FullToken, body());
            if (answer.Status >= 500 || (answer.Status >= 400 && answer.Code is null))
                faults.Add($"{door}, {name}: {answer}");
            else if (Wanted.TryGetValue(name, out var statuses) && !statuses.Contains(answer.Status))
                faults.Add($"{door}, {name}: wanted {string.Join(" or ", statuses)}: {answer}");
            else if (name.StartsWith("U+0000", StringComparison.Ordinal) && answer.Status != 400)
                faults.Add($"{door}, {name}: wanted 400: {answer}");
        }

        Assert.Equal([], faults);
    }

    [Fact]
    public async Task The_token_door_breaks_upon_no_body_either()
    {
        string[] bodies =
        [
            "",
            "grant_type=%00",
            "grant_type=client_credentials&client_id=%FF",
            new string('a', 2 << 20),
            "{}",
        ];
        var faults = new List<string>();
        foreach (var text in bodies)
        foreach (var type in (string[])["application/x-www-form-urlencoded", "application/json", "text/plain"])
        {
            var answer = await house.Ask(
                "POST",
                "/connect/token",
                body: Asking.Json(System.Text.Encoding.UTF8.GetBytes(text), type)
            );
            if (answer.Status is < 400 or >= 500)
                faults.Add($"{type} {text[..Math.Min(20, text.Length)]}: {answer}");
        }

        Assert.Equal([], faults);
    }
}
