using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Kontor.Kernel;

/// <summary>The currencies of ISO 4217 that goods are sold in, with the digits of their minor unit.</summary>
public static class Currencies
{
    static readonly FrozenDictionary<string, int> DigitsByCode = Read();

    public static bool Exists([NotNullWhen(true)] string? code) => code is not null && DigitsByCode.ContainsKey(code);

    /// <summary>How many decimal digits the minor unit has: 2 for EUR, 0 for JPY, 3 for KWD.</summary>
    public static int Digits(string code) => DigitsByCode[code];

    static FrozenDictionary<string, int> Read()
    {
        const string None = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
        const string Two =
            "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC "
            + "CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR "
            + "JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD "
            + "NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN "
            + "SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG";
        const string Three = "BHD IQD JOD KWD LYD OMR TND";
        var digits = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (codes, count) in new[] { (None, 0), (Two, 2), (Three, 3) })
        foreach (var code in codes.Split(' '))
            digits.Add(code, count);
        return digits.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
