namespace Cep.Streaming;

/// <summary>A set of slots, as bits. One thread only.</summary>
internal sealed class SlotSet
{
    private ulong[] _words = [];

    /// <summary>One more than the greatest slot there is room for.</summary>
    public int Room => _words.Length * 64;

    public bool Contains(int slot) => (uint)(slot >> 6) < (uint)_words.Length && (_words[slot >> 6] & (1UL << (slot & 63))) != 0;

    public void Add(int slot)
    {
        if (slot >> 6 >= _words.Length)
            Array.Resize(ref _words, Math.Max((slot >> 6) + 1, _words.Length * 2));
        _words[slot >> 6] |= 1UL << (slot & 63);
    }

    /// <returns>Whether it was there.</returns>
    public bool Remove(int slot)
    {
        if (!Contains(slot))
            return false;
        _words[slot >> 6] &= ~(1UL << (slot & 63));
        return true;
    }

    /// <summary>The least slot from one on; -1 for none.</summary>
    public int Next(int from)
    {
        for (var word = from >> 6; word < _words.Length; word++)
        {
            var bits = word == from >> 6 ? _words[word] & (ulong.MaxValue << (from & 63)) : _words[word];
            if (bits != 0)
                return word * 64 + System.Numerics.BitOperations.TrailingZeroCount(bits);
        }
        return -1;
    }

    public void Clear() => _words = [];

    /// <summary>Adds all slots below a number.</summary>
    public void Fill(int slots)
    {
        _words = new ulong[(slots + 63) / 64];
        Array.Fill(_words, ulong.MaxValue);
    }

    /// <summary>Gives the slots other numbers.</summary>
    /// <param name="moved">By old slot the new one; -1 for a slot that is no more.</param>
    public void Move(int[] moved)
    {
        var old = new SlotSet { _words = _words };
        _words = [];
        for (var slot = old.Next(0); slot >= 0 && slot < moved.Length; slot = old.Next(slot + 1))
        {
            if (moved[slot] >= 0)
                Add(moved[slot]);
        }
    }
}
