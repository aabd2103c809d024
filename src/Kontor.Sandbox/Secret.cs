using System.Security.Cryptography;
using System.Text;
using Kontor.Kernel;

namespace Kontor.Sandbox;

/// <summary>What the sandbox and its merchant share: the bearer of every call, and the key of every callback.</summary>
sealed class Secret(string text)
{
    readonly byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));

    /// <summary>Reads the secret's file, or makes it (mode 0600) at the first start. It appears by a move that only one
    /// of two processes can make.</summary>
    public static Secret OpenOrMake(string file)
    {
        if (!File.Exists(file))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            var fresh = $"{file}.{Environment.ProcessId}.new";
            using (var stream = new FileStream(fresh, Private()))
                stream.Write(Encoding.UTF8.GetBytes($"{WebhookSignature.NewSecret()}\n"));
            try
            {
                File.Move(fresh, file, overwrite: false);
            }
            catch (IOException) when (File.Exists(file))
            {
                File.Delete(fresh);
            }
        }
        return new(File.ReadAllText(file).Trim());
    }

    /// <summary>Whether a header says it. Hashes of one length are compared, so that time tells nothing.</summary>
    public bool IsBorneBy(string? authorization)
    {
        const string Scheme = "Bearer ";
        return authorization?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) == true
            && CryptographicOperations.FixedTimeEquals(
                SHA256.HashData(Encoding.UTF8.GetBytes(authorization[Scheme.Length..])),
                hash
            );
    }

    public string Sign(string id, string timestamp, ReadOnlySpan<byte> body) =>
        WebhookSignature.Sign(text, id, timestamp, body);

    static FileStreamOptions Private() =>
        OperatingSystem.IsWindows()
            ? new() { Mode = FileMode.Create, Access = FileAccess.Write }
            : new()
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
}
