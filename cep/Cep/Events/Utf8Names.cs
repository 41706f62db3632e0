using System.Numerics;
using System.Text;

namespace Cep.Events;

/// <summary>A fixed list of names, found by their UTF-8 bytes. Names mostly come in the order of the list.</summary>
/// <remarks>Immutable.</remarks>
internal sealed class Utf8Names
{
    private readonly byte[][] _names;

    /// <summary>Open addressing: a position in the list + 1, or 0 for free; at most half full.</summary>
    private readonly int[] _slots;

    public Utf8Names(IEnumerable<string> names)
    {
        _names = names.Select(Encoding.UTF8.GetBytes).ToArray();
        _slots = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, _names.Length * 2))];
        for (var i = 0; i < _names.Length; i++)
        {
            var slot = SlotOf(_names[i]);
            while (_slots[slot] != 0)
                slot = (slot + 1) & (_slots.Length - 1);
            _slots[slot] = i + 1;
        }
    }

    /// <summary>The position of a name in the list, or -1.</summary>
    /// <param name="utf8">The name.</param>
    /// <param name="expected">The position tried first; any number.</param>
    public int Find(ReadOnlySpan<byte> utf8, int expected = 0)
    {
        var names = _names;
        if ((uint)expected < (uint)names.Length && utf8.SequenceEqual(names[expected]))
            return expected;
        for (var slot = SlotOf(utf8); _slots[slot] != 0; slot = (slot + 1) & (_slots.Length - 1))
        {
            if (utf8.SequenceEqual(names[_slots[slot] - 1]))
                return _slots[slot] - 1;
        }
        return -1;
    }

    private int SlotOf(ReadOnlySpan<byte> utf8) => (int)(Utf8Hash.Of(utf8) & (uint)(_slots.Length - 1));
}
