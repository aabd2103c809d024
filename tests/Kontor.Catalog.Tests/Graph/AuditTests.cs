using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Kontor.Catalog.Tests.Graph;

/// <summary>The checks that the GraphQL-over-HTTP working group publishes, against this door: tests/graphql-audit.</summary>
public sealed partial class AuditTests(Shop shop) : IClassFixture<Shop>
{
    const int Rules = 61;
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact, Trait("Kind", "slow")]
    public async Task The_public_audit_passes_whole()
    {
        var url = new Uri(shop.Http.BaseAddress!, "/graphql");
        var folder = await Installed();

        var (code, said) = await Run("node", folder, "audit.js", url.ToString());

        Assert.True(code == 0, said);
        Assert.Equal($"{Rules} of {Rules} ok", said.Trim());
    }

    /// <summary>The audit with its packages, in a folder of the build's.</summary>
    static async Task<string> Installed()
    {
        var root = Root();
        var (from, to) = (
            Path.Combine(root, "tests", "graphql-audit"),
            Path.Combine(root, "artifacts", "graphql-audit")
        );
        Directory.CreateDirectory(to);
        var isNew = false;
        foreach (var name in (string[])["package.json", "package-lock.json", ".npmrc", "audit.js"])
        {
            var (source, target) = (Path.Combine(from, name), Path.Combine(to, name));
            var text = await File.ReadAllTextAsync(source, TestContext.Current.CancellationToken);
            if (
                File.Exists(target)
                && await File.ReadAllTextAsync(target, TestContext.Current.CancellationToken) == text
            )
                continue;
            isNew = true;
            await File.WriteAllTextAsync(target, text, TestContext.Current.CancellationToken);
        }
        var (code, said) = await Run("node", to, "--version");
        Assert.SkipUnless(
            code == 0,
            $"The audit is a program for Node, which is not here and which only this test needs: {said}"
        );
        if (!isNew && Directory.Exists(Path.Combine(to, "node_modules", "graphql-http")))
            return to;
        (code, said) = await Run("npm", to, "ci", "--no-progress", "--loglevel=error");
        Assert.SkipUnless(
            code == 0,
            $"The audit's packages cannot be had from a registry, and are not shipped: {said}"
        );
        return to;
    }

    static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Kontor.slnx")))
            folder = folder.Parent ?? throw new InvalidOperationException("The repository is not above the tests.");
        return folder.FullName;
    }

    /// <summary>What a program ends with and said; -1 where there is no such program.</summary>
    static async Task<(int Code, string Said)> Run(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        Process? process = null;
        try
        {
            process = Process.Start(start)!;
            var (output, errors) = (
                process.StandardOutput.ReadToEndAsync(limit.Token),
                process.StandardError.ReadToEndAsync(limit.Token)
            );
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, Address.Replace($"{await output}{await errors}", "…"));
        }
        catch (Win32Exception missing)
        {
            return (-1, missing.Message);
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            process?.Kill(entireProcessTree: true);
            return (-1, $"{program} did not end.");
        }
        finally
        {
            process?.Dispose();
        }
    }

    /// <summary>Where packages come from is the machine's affair, and tells nothing about the audit.</summary>
    [GeneratedRegex(@"https?://(?!127\.0\.0\.1)\S+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address { get; }
}
