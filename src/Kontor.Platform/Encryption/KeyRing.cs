using System.Security.Cryptography;

namespace Kontor.Platform.Encryption;

/// <summary>The keys of this installation: its own, for what is about nobody and must not be readable in the database, and
/// those of persons, for all that is about them.</summary>
/// <remarks>
/// What is sealed begins with a version: 1, under the master key itself (as long ago); 2, under the key derived for this
/// purpose, with the master key's id; 3, under a person's key. Nothing at all is what was sealed for somebody whose key
/// was destroyed, for nobody could open it.
/// </remarks>
public sealed class KeyRing(MasterKey master, PersonKeys persons)
{
    const byte Old = 1;
    const byte Own = 2;
    const byte Personal = 3;
    const int OwnHeadBytes = 1 + MasterKey.IdBytes;

    readonly byte[] own = master.Derive("kontor kept values v1");
    readonly byte[] prints = master.Derive("kontor request fingerprints v1");

    public PersonKeys Persons => persons;

    /// <summary>The name of the master key that all of it is under.</summary>
    public string MasterId => master.Id;

    /// <summary>Whether it is under a key of a person, as opposed to the installation's own.</summary>
    public static bool IsPersonal(ReadOnlySpan<byte> box) => box is [Personal, ..];

    /// <param name="person">Whose data it is; null: it is about nobody.</param>
    /// <param name="context">Needed again to open: where it belongs.</param>
    public byte[] Seal(Guid? person, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> context)
    {
        if (person is not { } somebody)
            return SealedBox.Seal([Own, .. master.IdOf], own, plain, context);
        if (persons.Find(somebody) is not { } key)
            return [];
        var box = SealedBox.Seal([Personal], key, plain, context);
        CryptographicOperations.ZeroMemory(key);
        return box;
    }

    /// <summary>What was sealed; null where it has been erased with the person's key.</summary>
    public byte[]? Open(Guid? person, ReadOnlySpan<byte> box, ReadOnlySpan<byte> context)
    {
        switch (box)
        {
            case []:
                return null;
            case [Old, ..]:
                return SealedBox.Open(box, 1, master.Raw, context);
            case [Own, ..] when box.Length > OwnHeadBytes:
                master.Recognise(box[1..OwnHeadBytes], "What is to be opened");
                return SealedBox.Open(box, OwnHeadBytes, own, context);
            case [Personal, ..] when person is { } somebody:
                if (persons.Find(somebody) is not { } key)
                    return null;
                var plain = SealedBox.Open(box, 1, key, context);
                CryptographicOperations.ZeroMemory(key);
                return plain;
            default:
                throw new CryptographicException("These bytes were not sealed by this program.");
        }
    }

    /// <summary>Says whether something is the same without saying what it is: who has the database alone can confirm no
    /// guess.</summary>
    public byte[] Fingerprint(ReadOnlySpan<byte> what) => HMACSHA256.HashData(prints, what);
}
