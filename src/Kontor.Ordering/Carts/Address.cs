using System.ComponentModel.DataAnnotations;

namespace Kontor.Ordering.Carts;

/// <summary>A postal address.</summary>
/// <remarks>Declared public, because the framework's validation passes over types that are not, without a word.</remarks>
public sealed record Address(
    [property: Required, MaxLength(Address.MaxLength)] string Name,
    [property: Required, MaxLength(Address.MaxLength)] string Line1,
    [property: Required, MaxLength(Address.MaxLength)] string City,
    [property: Required, MaxLength(20)] string PostalCode,
    [property: Country] string Country,
    [property: MaxLength(Address.MaxLength)] string? Line2 = null,
    [property: MaxLength(Address.MaxLength)] string? Region = null
)
{
    public const int MaxLength = 200;
}

/// <summary>A country of ISO 3166-1, two upper-case letters.</summary>
[AttributeUsage(AttributeTargets.Property)]
sealed class CountryAttribute() : ValidationAttribute("Two upper-case letters of ISO 3166-1: SE, DE, US.")
{
    static readonly HashSet<string> Codes =
    [
        .. (
            "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ "
            + "CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO "
            + "FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE "
            + "JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO "
            + "MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW "
            + "PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM "
            + "TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
        ).Split(' '),
    ];

    public override bool IsValid(object? value) => value is null || value is string code && Codes.Contains(code);
}

/// <summary>A currency of ISO 4217, three upper-case letters.</summary>
[AttributeUsage(AttributeTargets.Property)]
sealed class CurrencyAttribute() : ValidationAttribute("Three upper-case letters of ISO 4217: EUR, SEK, USD.")
{
    public override bool IsValid(object? value) => value is string code && Kernel.Currencies.Exists(code);
}

/// <summary>An address that mail can be sent to, as far as its form tells; only a letter that arrives proves more.</summary>
[AttributeUsage(AttributeTargets.Property)]
sealed class EmailAttribute() : ValidationAttribute("An e-mail address of at most 254 characters: name@example.org.")
{
    public override bool IsValid(object? value)
    {
        if (value is not string { Length: >= 3 and <= 254 } email || email.Any(char.IsWhiteSpace))
            return false;
        var at = email.IndexOf('@', StringComparison.Ordinal);
        var host = email.AsSpan(at + 1);
        return at is > 0 and <= 64
            && !host.Contains('@')
            && host.IndexOf('.') > 0
            && host[^1] != '.'
            && !email.Any(char.IsControl)
            && !host.Contains("..", StringComparison.Ordinal);
    }
}
