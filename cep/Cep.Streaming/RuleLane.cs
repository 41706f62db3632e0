using Cep.Streaming.Keys;
using Cep.Streaming.Matches;

namespace Cep.Streaming;

/// <summary>A rule group on one subtask: its rules at work, and the table of the keys of which they remember something. One thread only.</summary>
internal sealed class RuleLane
{
    /// <summary>How many rules remember something of the key in a slot.</summary>
    private int[] _rulesOfSlot = new int[16];
    private byte[] _keyGroupOfSlot = new byte[16];

    public RuleLane(RuleGroup group)
    {
        Keys = KeyTable.For(group.Keys);
        Group = group;
        Read(group, []);
    }

    /// <summary>What the lane looks for.</summary>
    public RuleGroup Group { get; private set; }

    public KeyTable Keys { get; }

    public MatchBuilder Builder { get; private set; } = null!;

    /// <summary>The rules that are offered the events of each stream, in the order of the set.</summary>
    public RuleReading[][] ByStream { get; private set; } = [];

    /// <summary>The rules that read each stream, stopped ones too.</summary>
    public RuleWork[][] Readers { get; private set; } = [];

    /// <summary>Offers events to these rules from here on; their keys are those of before.</summary>
    public void Read(RuleGroup group, IReadOnlyList<RuleWork> work)
    {
        if (group != Group)
            Keys.Read(group.Keys);
        Group = group;
        Builder = new MatchBuilder(group);
        Readers = group.Keys.Select((_, stream) => work.Where(w => w.Rule.Reads(stream)).ToArray()).ToArray();
        Offer();
    }

    /// <summary>Offers events to the rules that are not stopped.</summary>
    public void Offer() => ByStream = Readers
        .Select((readers, stream) => readers.Where(w => !w.IsStopped).Select(w => new RuleReading(w, FirstOf(w.Rule, stream))).ToArray())
        .ToArray();

    public int KeyGroupOf(int slot) => _keyGroupOfSlot[slot];

    /// <summary>Gives an event's key, which has none, a slot.</summary>
    public int AddKey(in StreamEvent e, int keyGroup) => Placed(Keys.Add(e), keyGroup);

    /// <summary>The slot of a key that is read from a snapshot.</summary>
    public int FindOrAddKey(Events.EventBinaryInput key, int keyGroup) => Placed(Keys.FindOrAdd(key), keyGroup);

    /// <summary>A rule begins or ceases to remember something of a key; the key of which nothing is remembered is forgotten.</summary>
    /// <returns>Whether the key still has its slot.</returns>
    public bool Count(int slot, int rules)
    {
        _rulesOfSlot[slot] += rules;
        if (_rulesOfSlot[slot] > 0)
            return true;
        Keys.Remove(slot);
        return false;
    }

    /// <summary>Gives the keys new slots without gaps.</summary>
    /// <returns>By old slot the new one; -1 for a slot without a key.</returns>
    public int[] Compact()
    {
        var moved = Keys.Compact();
        var (rules, keyGroups) = (new int[Math.Max(Keys.Count, 16)], new byte[Math.Max(Keys.Count, 16)]);
        for (var slot = 0; slot < moved.Length; slot++)
        {
            if (moved[slot] >= 0)
                (rules[moved[slot]], keyGroups[moved[slot]]) = (_rulesOfSlot[slot], _keyGroupOfSlot[slot]);
        }
        (_rulesOfSlot, _keyGroupOfSlot) = (rules, keyGroups);
        return moved;
    }

    private static AskedFirst FirstOf(CompiledRule rule, int stream) =>
        (rule.HasFilter(stream) ? AskedFirst.Filter : AskedFirst.Nothing) | (rule.Unless.Reads(stream) ? AskedFirst.Unless : AskedFirst.Nothing);

    private int Placed(int slot, int keyGroup)
    {
        if (slot >= _rulesOfSlot.Length)
        {
            Array.Resize(ref _rulesOfSlot, Math.Max(slot + 1, _rulesOfSlot.Length * 2));
            Array.Resize(ref _keyGroupOfSlot, _rulesOfSlot.Length);
        }
        _keyGroupOfSlot[slot] = (byte)keyGroup;
        return slot;
    }
}

/// <summary>What a rule asks of an event before its pattern does.</summary>
[Flags]
internal enum AskedFirst : byte
{
    /// <summary>Nothing.</summary>
    Nothing = 0,

    /// <summary>Its pre-filter.</summary>
    Filter = 1,

    /// <summary>Its <c>unless</c>.</summary>
    Unless = 2,
}

/// <summary>A rule that reads a stream, and what it asks of its events first.</summary>
internal readonly record struct RuleReading(RuleWork Work, AskedFirst First);
