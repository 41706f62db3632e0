using System.Numerics;

namespace Cep.Evaluation;

/// <summary>What follows from the truths of some predicates: found once for each combination that occurs, and looked up after that. One thread only.</summary>
/// <typeparam name="T">What follows.</typeparam>
internal sealed class ByTruths<T>
{
    /// <summary>How many combinations are kept. Seldom are there more than a few; conditions on many fields at once could make very many.</summary>
    private const int KeptMax = 1024;

    /// <summary>Up to how many bits truths are themselves the place of what follows from them.</summary>
    private const int PlacedBits = 6;

    private readonly ulong _predicates;
    private readonly Func<ulong, T> _find;

    /// <summary>By truths; empty where they have too many bits.</summary>
    private readonly (bool IsKnown, T Value)[] _placed;
    private readonly Dictionary<ulong, T> _known = [];
    private (ulong Truths, T Value)? _last;

    /// <param name="predicates">The predicates that decide, as bits.</param>
    /// <param name="find">Finds what follows from their truths; other bits are not set.</param>
    public ByTruths(ulong predicates, Func<ulong, T> find)
    {
        (_predicates, _find) = (predicates, find);
        var bits = 64 - BitOperations.LeadingZeroCount(predicates);
        _placed = bits <= PlacedBits ? new (bool, T)[1 << bits] : [];
    }

    /// <summary>What follows.</summary>
    /// <param name="truths">Bits of other predicates mean nothing.</param>
    public T Of(ulong truths)
    {
        truths &= _predicates;
        var placed = _placed;
        if (truths < (ulong)placed.Length)
        {
            ref var place = ref placed[truths];
            return place.IsKnown ? place.Value : (place = (true, _find(truths))).Value;
        }
        if (_last is not var (lastTruths, value) || lastTruths != truths)
            _last = (truths, value = Known(truths));
        return value;
    }

    private T Known(ulong truths)
    {
        if (_known.TryGetValue(truths, out var value))
            return value;
        value = _find(truths);
        if (_known.Count == KeptMax)
            _known.Clear();
        return _known[truths] = value;
    }
}
