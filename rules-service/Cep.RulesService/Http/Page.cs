namespace Cep.RulesService.Http;

/// <summary>A part of a list.</summary>
/// <param name="Items">From the newest on.</param>
/// <param name="Next">What to give as <c>before</c> for the part after this one; null at the end.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, long? Next)
{
    /// <summary>How many items a part has that asks for none of its own.</summary>
    public const int LengthByDefault = 50;

    /// <summary>The most that a part has.</summary>
    public const int LengthMax = 500;

    /// <summary>A part of at most so many items.</summary>
    /// <param name="limit">As asked for; null for the default. Held within 1 and <see cref="LengthMax"/>.</param>
    /// <param name="read">Reads at most so many.</param>
    /// <param name="placeOf">By what <c>before</c> names an item.</param>
    public static Page<T> Of(int? limit, Func<int, IReadOnlyList<T>> read, Func<T, long> placeOf)
    {
        var length = Math.Clamp(limit ?? LengthByDefault, 1, LengthMax);
        var items = read(length + 1);
        return items.Count <= length ? new Page<T>(items, null) : new Page<T>(items.Take(length).ToList(), placeOf(items[length - 1]));
    }
}
