using System.Diagnostics;

namespace Kontor.Shape;

/// <summary>The files of this repository, as they lie on the disk.</summary>
static class Repository
{
    /// <summary>What the tools write and git ignores.</summary>
    static readonly string[] Made = ["bin", "obj", "artifacts", ".git", ".kontor", ".vs", ".idea", "TestResults"];

    public static string Root { get; } = FindRoot();

    /// <summary>Every file, its path relative to the root with '/'.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. Walk(Root).Order(StringComparer.Ordinal)];

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static IEnumerable<string> Sources(string under = "") =>
        Files.Where(path =>
            path.StartsWith(under, StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal)
        );

    static IEnumerable<string> Walk(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
            if (!Made.Contains(Path.GetFileName(file), StringComparer.Ordinal))
                yield return Path.GetRelativePath(Root, file).Replace('\\', '/');
        foreach (var inner in Directory.EnumerateDirectories(folder))
            if (!Made.Contains(Path.GetFileName(inner), StringComparer.Ordinal))
                foreach (var file in Walk(inner))
                    yield return file;
    }

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Kontor.slnx")))
                return folder.FullName;
        throw new UnreachableException("The tests run inside the repository.");
    }
}
