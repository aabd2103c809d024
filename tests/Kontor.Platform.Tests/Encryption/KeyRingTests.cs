using System.Security.Cryptography;
using Kontor.Platform.Encryption;
using Xunit;

namespace Kontor.Platform.Tests.Encryption;

public sealed class KeyRingTests : IDisposable
{
    static readonly Guid Ada = new("019ad5c0-0000-7000-8000-00000000ada1");
    static readonly Guid Bo = new("019ad5c0-0000-7000-8000-0000000000b0");
    static readonly byte[] Plain = "Storgatan 1"u8.ToArray();
    static readonly byte[] Here = "here"u8.ToArray();
    static readonly byte[] There = "there"u8.ToArray();

    readonly KeyFolder folder = new();

    public KeyRingTests()
    {
        folder.Make(Ada);
        folder.Make(Bo);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_sealed_opens_in_its_place_only(bool isPersonal)
    {
        Guid? person = isPersonal ? Ada : null;
        var box = folder.Ring.Seal(person, Plain, Here);

        Assert.Equal(isPersonal, KeyRing.IsPersonal(box));
        Assert.Equal(-1, box.AsSpan().IndexOf(Plain));
        Assert.NotEqual(box, folder.Ring.Seal(person, Plain, Here));
        Assert.Equal(Plain, folder.Ring.Open(person, box, Here));
        Assert.ThrowsAny<CryptographicException>(() => folder.Ring.Open(person, box, There));
        for (var at = 0; at < box.Length; at++)
        {
            var changed = box.ToArray();
            changed[at] ^= 1;
            Assert.ThrowsAny<Exception>(() => folder.Ring.Open(person, changed, Here));
        }
    }

    [Fact]
    public void One_person_s_key_does_not_open_what_is_about_another()
    {
        var box = folder.Ring.Seal(Ada, Plain, Here);

        Assert.ThrowsAny<CryptographicException>(() => folder.Ring.Open(Bo, box, Here));
        Assert.ThrowsAny<CryptographicException>(() => folder.Ring.Open(null, box, Here));
    }

    [Fact]
    public void What_was_sealed_before_a_destruction_is_erased_and_what_is_sealed_after_it_is_nothing()
    {
        var before = folder.Ring.Seal(Ada, Plain, Here);
        var other = folder.Ring.Seal(Bo, Plain, Here);

        folder.Keys.Destroy(Ada);

        Assert.Null(folder.Ring.Open(Ada, before, Here));
        var after = folder.Ring.Seal(Ada, Plain, Here);
        Assert.Empty(after);
        Assert.Null(folder.Ring.Open(Ada, after, Here));
        Assert.Equal(Plain, folder.Ring.Open(Bo, other, Here));
    }

    /// <summary>Sealed by the version that used the installation's key itself: version 1, nonce, tag, ciphertext.</summary>
    [Fact]
    public void What_was_sealed_long_ago_still_opens()
    {
        var key = Enumerable.Repeat((byte)7, MasterKey.Bytes).ToArray();
        var box = new byte[1 + 12 + 16 + Plain.Length];
        box[0] = 1;
        RandomNumberGenerator.Fill(box.AsSpan(1, 12));
        using var aes = new AesGcm(key, 16);
        aes.Encrypt(box.AsSpan(1, 12), Plain, box.AsSpan(29), box.AsSpan(13, 16), Here);

        Assert.Equal(Plain, folder.Ring.Open(null, box, Here));
        Assert.Equal(Plain, folder.Ring.Open(Ada, box, Here));
        Assert.False(KeyRing.IsPersonal(box));
    }

    [Fact]
    public void What_is_under_another_master_key_names_it()
    {
        var other = KeyFolder.MasterOf(8);
        var box = folder.Ring.Seal(null, Plain, Here);
        var ring = new KeyRing(other, new PersonKeys(folder.Store, other));

        var said = Assert.Throws<KeyUnavailableException>(() => ring.Open(null, box, Here)).Message;

        Assert.Contains(KeyFolder.Master.Id, said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fingerprint_is_the_same_under_the_same_master_key_and_tells_no_guess_without_it()
    {
        var other = KeyFolder.MasterOf(8);
        var print = folder.Ring.Fingerprint(Plain);

        Assert.Equal(print, new KeyRing(KeyFolder.MasterOf(7), folder.Keys).Fingerprint(Plain));
        Assert.NotEqual(print, new KeyRing(other, folder.Keys).Fingerprint(Plain));
        Assert.NotEqual(print, SHA256.HashData(Plain));
    }

    public void Dispose() => folder.Dispose();
}
