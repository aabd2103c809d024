using System.Diagnostics.CodeAnalysis;

namespace Kontor.Kernel;

/// <summary>Either a value or the <see cref="Kernel.Rejection"/> that stands in its place.</summary>
public readonly struct Result<T>
{
    readonly T? value;

    Result(T? value, Rejection? rejection)
    {
        this.value = value;
        Rejection = rejection;
    }

    public Rejection? Rejection { get; }

    /// <summary>True with the value, or false with the rejection.</summary>
    public bool Is([MaybeNullWhen(false)] out T wanted, [NotNullWhen(false)] out Rejection? rejection)
    {
        (wanted, rejection) = (value, Rejection);
        return rejection is null;
    }

    public Result<TOther> Then<TOther>(Func<T, Result<TOther>> next) =>
        Is(out var wanted, out var rejection) ? next(wanted) : rejection;

    /// <summary>The value of a result that cannot be a rejection here; throws when it is one.</summary>
    public T Value =>
        Is(out var wanted, out var rejection)
            ? wanted
            : throw new InvalidOperationException($"Refused: {rejection.Code}");

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Rejection rejection) => new(default, rejection);
}
