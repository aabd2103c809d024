namespace Kontor.Shape.Tidiness;

public sealed class SizeTests
{
    const int MaxLines = 300;
    const int MaxFiles = 20;
    const int MaxRootEntries = 30;
    const int MaxDependencies = 5;

    [Fact]
    public void No_source_file_is_longer_than_a_reader_will_read() =>
        Assert.Equal(
            [],
            Repository
                .Files.Where(path =>
                    path.EndsWith(".cs", StringComparison.Ordinal) || path.EndsWith(".sql", StringComparison.Ordinal)
                )
                .Select(path => (path, Lines: Repository.Read(path).Count(letter => letter == '\n')))
                .Where(file => file.Lines > MaxLines)
                .Select(file => $"{file.path} has {file.Lines} lines.")
        );

    [Fact]
    public void No_folder_holds_more_files_than_an_eye_takes_in() =>
        Assert.Equal(
            [],
            Repository
                .Files.Where(path =>
                    path.StartsWith("src/", StringComparison.Ordinal)
                    || path.StartsWith("tests/", StringComparison.Ordinal)
                )
                // What one reads; the project's own files stand beside.
                .Where(path => !path.EndsWith(".csproj", StringComparison.Ordinal))
                .Where(path => !path.EndsWith("packages.lock.json", StringComparison.Ordinal))
                // Scripts only join, and are run by number.
                .Where(path => !path.EndsWith(".sql", StringComparison.Ordinal))
                .GroupBy(path => path[..path.LastIndexOf('/')], StringComparer.Ordinal)
                .Where(folder => folder.Count() > MaxFiles)
                .Select(folder => $"{folder.Key} holds {folder.Count()} files.")
        );

    [Fact]
    public void The_root_stays_a_short_list() =>
        Assert.InRange(
            Repository.Files.Select(path => path.Split('/')[0]).Distinct(StringComparer.Ordinal).Count(),
            1,
            MaxRootEntries
        );

    [Fact]
    public void No_class_depends_on_more_than_five_things() =>
        Assert.Equal(
            [],
            from type in Rooms.Types
            where !Rooms.IsRecord(type) && !typeof(Delegate).IsAssignableFrom(type)
            from constructor in type.GetConstructors(Rooms.Everything)
            where constructor.GetParameters().Length > MaxDependencies
            select $"{type} takes {constructor.GetParameters().Length} parameters."
        );
}
