namespace Cep.Explain;

/// <summary>Small pieces of English: spans, lists, the number of a noun.</summary>
internal static class Wording
{
    private static readonly (string Unit, long Ms)[] Units =
    [
        ("day", 86_400_000), ("hour", 3_600_000), ("minute", 60_000), ("second", 1_000), ("millisecond", 1),
    ];

    /// <summary>A span in words, such as <c>1 hour and 30 minutes</c>.</summary>
    /// <param name="ms">Milliseconds; at least 0.</param>
    public static string Duration(long ms)
    {
        var parts = new List<string>();
        foreach (var (unit, size) in Units)
        {
            if (ms / size > 0)
                parts.Add(Count(ms / size, unit));
            ms %= size;
        }
        return parts.Count == 0 ? "0 seconds" : List(parts);
    }

    /// <summary>A number with its noun: <c>1 state</c>, <c>2 states</c>.</summary>
    public static string Count(long count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>A list with <c>and</c> before its last item.</summary>
    public static string List(IReadOnlyList<string> items) =>
        items.Count < 2 ? string.Concat(items) : $"{string.Join(", ", items.Take(items.Count - 1))} and {items[^1]}";

    /// <summary>The text as the beginning of a sentence.</summary>
    public static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
