namespace Cep.Conditions;

/// <summary>What a run remembers of its events for the conditions and measures that read them, in slots laid out by a <see cref="RegisterLayout"/>.</summary>
/// <remarks>Changed only between <see cref="Clone"/> and the moment it is given to a run; runs that branch share it.</remarks>
public sealed class Registers
{
    private Registers(long[] longs, double[] doubles, decimal[] decimals, object?[] objects) =>
        (Longs, Doubles, Decimals, Objects) = (longs, doubles, decimals, objects);

    internal Registers(int longs, int doubles, int decimals, int objects) : this(
        longs == 0 ? [] : new long[longs],
        doubles == 0 ? [] : new double[doubles],
        decimals == 0 ? [] : new decimal[decimals],
        objects == 0 ? [] : new object?[objects])
    {
    }

    // Fields, because compiled conditions read them.
    internal readonly long[] Longs;
    internal readonly double[] Doubles;
    internal readonly decimal[] Decimals;
    internal readonly object?[] Objects;

    internal Registers Clone() => new(Copy(Longs), Copy(Doubles), Copy(Decimals), Copy(Objects));

    private static T[] Copy<T>(T[] slots) => slots.Length == 0 ? slots : slots.AsSpan().ToArray();
}
