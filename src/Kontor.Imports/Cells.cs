namespace Kontor.Imports;

/// <summary>Cells of files that a spreadsheet opens: none is a formula, and each can be read back as it was.</summary>
/// <remarks>What begins like a formula, whatever apostrophes stand before it, gets one more; reading takes exactly that one
/// away.</remarks>
public static class Cells
{
    public static string Quoted(string text) => IsDangerous(text) ? $"'{text}" : text;

    public static string Plain(string cell) => cell is ['\'', ..] && IsDangerous(cell) ? cell[1..] : cell;

    static bool IsDangerous(string text) =>
        text.AsSpan().TrimStart('\'') is [('=' or '+' or '-' or '@' or '\t' or '\r' or '\n'), ..];
}
