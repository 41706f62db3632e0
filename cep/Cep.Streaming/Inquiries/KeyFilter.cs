using Cep.Engine.Keys;
using Cep.Rules;
using Cep.Streaming.Keys;

namespace Cep.Streaming.Inquiries;

/// <summary>Lets through the events of one key of a rule, and counts the others.</summary>
internal sealed class KeyFilter(RuleGroup group, Rule rule, IReadOnlyList<object?> key, Func<StreamEvent, bool> isAsked) : Partitioner<StreamEvent>
{
    private const int KeysMax = 100_000;

    private readonly HashSet<string> _others = new(StringComparer.Ordinal);

    public long Events { get; private set; }

    public long EventsOfKey { get; private set; }

    public long WithoutKey { get; private set; }

    public long? NewestMs { get; private set; }

    /// <summary>Other keys, until the key itself is seen.</summary>
    public IReadOnlyCollection<string> OtherKeys => _others;

    public override bool TryRoute(StreamEvent value, int lane, out ulong hash)
    {
        hash = 0;
        if (group.Keys[value.Stream] is not { } reader || !isAsked(value))
            return false;
        Events++;
        NewestMs = Math.Max(NewestMs ?? long.MinValue, group.TimeOf(value));
        var values = reader.Values(value.Value);
        if (values.SequenceEqual(key))
        {
            EventsOfKey++;
            return true;
        }
        if (values.Contains(null))
            WithoutKey++;
        else if (EventsOfKey == 0 && _others.Count < KeysMax)
            _others.Add(KeyText.Of(rule.Inputs[0], values));
        return false;
    }
}
