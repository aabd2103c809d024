namespace Kontor.Kernel;

/// <summary>Named places in the code where a fault can be made to happen: a process that dies, stands still or fails.</summary>
/// <remarks>Off unless armed, which costs one look at a field. Names are <c>noun.moment</c>
/// (<c>checkout.before-reserve</c>) and written as literals where they are passed, so that a harness can list them.</remarks>
public static class FaultPoint
{
    static Action<string>? armed;

    /// <summary>From now on every pass is told to <paramref name="happens"/>, which may throw or end the process.</summary>
    /// <remarks>Once for a process, before it serves; null disarms.</remarks>
    public static void Arm(Action<string>? happens) => Volatile.Write(ref armed, happens);

    public static void Pass(string name) => armed?.Invoke(name);
}
