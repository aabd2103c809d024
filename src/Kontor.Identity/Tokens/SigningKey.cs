using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace Kontor.Identity.Tokens;

/// <summary>The key that signs this installation's tokens: ECDSA on P-256, made at the first use and kept, so that tokens
/// outlive a restart and every process signs with the same one.</summary>
/// <remarks>P-256 rather than RSA: made in a millisecond, signs about ten times as fast, and its dearer check is paid once
/// a token (KnownTokens).</remarks>
sealed class SigningKey(IdentitySettings settings)
{
    readonly Lazy<ECDsaSecurityKey> current = new(() => ReadOrMake(settings.KeyFolder));

    public ECDsaSecurityKey Current => current.Value;

    /// <summary>
    /// A key is a folder with one file, and is put in place by renaming the folder. 1. Another process made the key first:
    /// rename fails, because it never replaces a folder that has content, and its key is read. 2. A process that dies
    /// midway leaves a folder of another name, which nobody reads.
    /// </summary>
    static ECDsaSecurityKey ReadOrMake(string keys)
    {
        var place = Path.Combine(keys, "signing");
        var file = Path.Combine(place, "es256.pem");
        if (!File.Exists(file))
            Make(keys, place);

        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(file));
        var security = new ECDsaSecurityKey(key);
        // RFC 7638: the name follows from the key, the same in every process.
        security.KeyId = Base64UrlEncoder.Encode(security.ComputeJwkThumbprint());
        return security;
    }

    static void Make(string keys, string place)
    {
        var draft = Path.Combine(keys, $"signing.new-{RandomNumberGenerator.GetHexString(16, lowercase: true)}");
        MakeFolder(keys);
        MakeFolder(draft);
        using (var key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
        using (var file = new FileStream(Path.Combine(draft, "es256.pem"), OwnerOnly()))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
            file.Flush(flushToDisk: true);
        }
        try
        {
            Directory.Move(draft, place);
        }
        catch (IOException) when (Directory.Exists(place))
        {
            Directory.Delete(draft, recursive: true);
        }
    }

    static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    static FileStreamOptions OwnerOnly()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }
}
