namespace Kontor.Imports.Tests;

public sealed class DraftTests
{
    [Fact]
    public void A_place_is_its_file_and_line() => Assert.NotEqual(new RowAt(0, 7), new RowAt(1, 7));
}
