using System.Security.Cryptography;
using System.Text;
using Kontor.Kernel;

namespace Kontor.Sandbox;

/// <summary>The file that says what the sandbox and its merchant share.</summary>
public static class SecretFile
{
    const string Prefix = "whsec_";
    const int LeastBytes = 16;
    const UnixFileMode Everybody = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <exception cref="IOException">It is not there, is open to everybody, or holds no secret; the message says what to do.</exception>
    public static string Read(string file)
    {
        if (!File.Exists(file))
            throw new FileNotFoundException(
                $"The sandbox's secret {file} is not there; `kontor sandbox` makes it at its first start."
            );
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Everybody) != UnixFileMode.None)
            throw new IOException(
                $"The sandbox's secret {file} may be read by everybody on this machine: `chmod o= {file}`."
            );
        var text = File.ReadAllText(file).Trim();
        return IsSecret(text)
            ? text
            : throw new IOException(
                $"{file} holds no secret, which is {Prefix} and the base64 of {LeastBytes} bytes at least; "
                    + "remove it, and `kontor sandbox` makes one at its next start."
            );
    }

    static bool IsSecret(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text[Prefix.Length..], bytes, out var length) && length >= LeastBytes;
    }
}

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
        return new(SecretFile.Read(file));
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
