using System.Text;
using Kontor.Shape.Tidiness;

namespace Kontor.Shape.Contracts;

/// <summary>The contracts that people read: who may come through which door, and what is refused.</summary>
static class Tables
{
    public static string OfDoors(IEnumerable<Door> doors)
    {
        var text = new StringBuilder(
            """
            # Every door and who may come through it

            Made from the running program; a change here is a change of policy. `catalog:write` is a scope that the access token
            must have.

            | method | path | name | who |
            |---|---|---|---|

            """
        );
        foreach (var door in doors)
            text.Append(
                $"| {door.Method} | `{door.Path}` | {door.Name} | {Cell(string.Join(" and ", door.Rules))} |\n"
            );
        return text.ToString();
    }

    public static string OfRejections()
    {
        var text = new StringBuilder(
            """
            # Every refusal

            Made from the running program. A problem (RFC 9457) carries the code; codes are never reused or reworded.

            """
        );
        foreach (
            var room in Written
                .All.GroupBy(written => written.Room, StringComparer.Ordinal)
                .OrderBy(r => r.Key, StringComparer.Ordinal)
        )
        {
            text.Append($"\n## {room.Key["Kontor.".Length..]}\n\n| code | status | message |\n|---|---|---|\n");
            foreach (
                var rejection in room.Select(written => written.Rejection).OrderBy(r => r.Code, StringComparer.Ordinal)
            )
                text.Append($"| `{rejection.Code}` | {rejection.Status} | {Cell(rejection.Message)} |\n");
        }
        return text.ToString();
    }

    static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
