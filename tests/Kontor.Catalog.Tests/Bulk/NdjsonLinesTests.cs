using System.Text;
using CsCheck;
using Kontor.Catalog.Bulk;

namespace Kontor.Catalog.Tests.Bulk;

public sealed class NdjsonLinesTests
{
    const int Longest = 40;

    // Clearly within and clearly beyond: a CR and the mark of the first line count where the limit is near.
    static readonly Gen<string> Line = Gen.OneOf(
        Gen.String[Gen.Char["abc é\t"], 0, 17],
        Gen.String[Gen.Char["abc é\t"], 45, 120]
    );

    [Fact]
    public async Task However_a_body_arrives_its_lines_are_the_same_and_long_ones_are_told() =>
        await Gen.Select(Line.Array[0, 8], Gen.Int[1, 90], Gen.Bool.Select(crlf => crlf ? "\r\n" : "\n"), Gen.Bool)
            .SampleAsync(
                async (lines, piece, end, marked) =>
                {
                    var body = (marked ? "\uFEFF" : "") + string.Concat(lines.Select(line => line + end)) + "last";
                    var read = new List<string?>();
                    var bytes = new Pieces(Encoding.UTF8.GetBytes(body), piece);
                    var feed = new NdjsonLines(bytes, Longest);
                    while (await feed.Next(TestContext.Current.CancellationToken) is { } line)
                        read.Add(line.IsTooLong ? null : Encoding.UTF8.GetString(line.Text.Span));

                    Assert.Equal(
                        lines.Append("last").Select(line => Encoding.UTF8.GetByteCount(line) > Longest ? null : line),
                        read
                    );
                }
            );

    /// <summary>A body that comes in pieces of at most so many bytes.</summary>
    sealed class Pieces(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer.Length > piece ? buffer[..piece] : buffer, cancellationToken);
    }
}
