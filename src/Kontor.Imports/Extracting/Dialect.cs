namespace Kontor.Imports.Extracting;

/// <summary>How fields and rows of delimited text are told apart.</summary>
/// <param name="Delimiter">A sign of ASCII.</param>
/// <param name="Quote">Null: quotes are text like any other.</param>
/// <param name="LineEnd">LF (with or without CR before it), or CR alone as old Macs wrote it.</param>
sealed record Dialect(byte Delimiter, byte? Quote, byte LineEnd = (byte)'\n')
{
    static readonly byte[] Candidates = ",;\t|"u8.ToArray();

    /// <summary>The dialect in which the first rows have the same number of fields, and most of them.</summary>
    public static Dialect Detect(ReadOnlySpan<byte> sample, byte? delimiter, byte? quote, bool isComplete)
    {
        var lineEnd = sample.Contains((byte)'\n') || !sample.Contains((byte)'\r') ? (byte)'\n' : (byte)'\r';
        if (delimiter is { } known)
            return new(known, quote, lineEnd);
        var (best, bestScore) = (Candidates[0], 0.0);
        foreach (var candidate in Candidates)
            if (Score(sample, new(candidate, quote, lineEnd), isComplete) is var score && score > bestScore)
                (best, bestScore) = (candidate, score);
        return new(best, quote, lineEnd);
    }

    /// <summary>Fields a row, weighed by how many rows agree with the most frequent number of fields.</summary>
    static double Score(ReadOnlySpan<byte> sample, Dialect dialect, bool isComplete)
    {
        var record = new DelimitedRecord();
        Dictionary<int, int> rowsByFields = [];
        var rows = 0;
        for (; rows < 200 && sample.Length > 0; rows++)
        {
            if (record.Read(sample, dialect, isComplete) != RecordState.Whole)
                break;
            rowsByFields[record.FieldCount] = rowsByFields.GetValueOrDefault(record.FieldCount) + 1;
            sample = sample[record.Length..];
        }
        if (rows == 0)
            return 0;
        var (fields, agreeing) = rowsByFields.MaxBy(pair => pair.Value);
        return fields < 2 ? 0 : Math.Sqrt(fields) * agreeing * agreeing / rows / rows;
    }
}
