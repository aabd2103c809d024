using Kontor.Sandbox;

namespace Kontor.Ordering.Tests.Sandbox;

/// <summary>The books of a sandbox that runs are read as they stood at opening.</summary>
public sealed class BookReaderTests
{
    [Fact]
    public async Task What_stands_in_whole_lines_is_read_and_the_rest_is_left()
    {
        await using var sandbox = await PlaySandbox.Start();
        for (var i = 0; i < 50; i++)
            await sandbox.Authorise($"kéy-{i}");
        await File.AppendAllTextAsync(SandboxServer.BooksIn(sandbox.Folder), """{"no":51,"kind":"bo""");

        var books = await BookReader.FromFile(sandbox.Folder, TestContext.Current.CancellationToken);

        Assert.Equal(50, books.Count);
        Assert.All(books, booked => Assert.Equal(("authorised", 200), (booked.State, booked.Amount)));
        Assert.All(books, booked => Assert.True(booked.BookedAt >= books[0].BookedAt));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"no\":1,\"kind\":")]
    public async Task Books_without_a_whole_line_are_empty(string text)
    {
        await using var sandbox = await PlaySandbox.Start();
        await File.WriteAllTextAsync(SandboxServer.BooksIn(sandbox.Folder), text);

        Assert.Empty(await BookReader.FromFile(sandbox.Folder, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_whole_line_that_is_no_entry_is_not_passed_over()
    {
        await using var sandbox = await PlaySandbox.Start();
        await sandbox.Authorise("k");
        await File.AppendAllTextAsync(SandboxServer.BooksIn(sandbox.Folder), "{\"no\":2,\n");

        await Assert.ThrowsAsync<InvalidDataException>(() =>
            BookReader.FromFile(sandbox.Folder, TestContext.Current.CancellationToken)
        );
    }
}
