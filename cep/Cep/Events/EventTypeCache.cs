using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Cep.Events;

/// <summary>
/// Gives equal declarations of a stream one event type, so that the events which one rule set has read fit the code of the next.
/// </summary>
/// <remarks>Types that nobody uses any more are let go. Safe for all threads.</remarks>
internal static class EventTypeCache
{
    private const int LeastRoom = 64;

    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, WeakReference<EventType>> Types = new(StringComparer.Ordinal);
    private static int _sweepAt = LeastRoom;

    /// <summary>The type of a declaration: the one that was made for an equal one before, or a new one.</summary>
    /// <param name="name">The stream's name.</param>
    /// <param name="fields">Its fields, in order.</param>
    /// <param name="make">Makes the type.</param>
    public static EventType Of(string name, ImmutableArray<(string Name, FieldType Type, bool IsOptional)> fields, Func<EventType> make)
    {
        var declaration = TextOf(name, fields);
        lock (Gate)
        {
            if (Types.TryGetValue(declaration, out var known) && known.TryGetTarget(out var type))
                return type;
            Sweep();
            type = make();
            Types[declaration] = new WeakReference<EventType>(type);
            return type;
        }
    }

    private static string TextOf(string name, ImmutableArray<(string Name, FieldType Type, bool IsOptional)> fields)
    {
        var text = new StringBuilder().Append(name.Length).Append('`').Append(name);
        foreach (var field in fields)
            text.Append(CultureInfo.InvariantCulture, $" {field.Name.Length}`{field.Name} {field.Type} {field.IsOptional}");
        return text.ToString();
    }

    private static void Sweep()
    {
        if (Types.Count < _sweepAt)
            return;
        foreach (var (declaration, _) in Types.Where(t => !t.Value.TryGetTarget(out _)).ToList())
            Types.Remove(declaration);
        _sweepAt = Math.Max(LeastRoom, 2 * Types.Count);
    }
}
