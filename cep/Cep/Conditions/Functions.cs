namespace Cep.Conditions;

/// <summary>The built-in functions as rule text calls them: names, arguments, results.</summary>
public static class Functions
{
    private static readonly Dictionary<string, Function> ByName = new(StringComparer.Ordinal)
    {
        ["abs"] = Function.Abs, ["ceil"] = Function.Ceil, ["floor"] = Function.Floor, ["round"] = Function.Round,
        ["sqrt"] = Function.Sqrt, ["pow"] = Function.Pow, ["ln"] = Function.Ln, ["exp"] = Function.Exp,
        ["greatest"] = Function.Greatest, ["least"] = Function.Least, ["coalesce"] = Function.Coalesce,
        ["lower"] = Function.Lower, ["upper"] = Function.Upper, ["trim"] = Function.Trim, ["length"] = Function.Length,
        ["substring"] = Function.Substring, ["replace"] = Function.Replace,
        ["hour"] = Function.Hour, ["minute"] = Function.Minute, ["day_of_week"] = Function.DayOfWeek,
        ["date_diff"] = Function.DateDiff, ["distance_km"] = Function.DistanceKm,
    };

    private static readonly Dictionary<Function, string> NameOf = ByName.ToDictionary(p => p.Value, p => p.Key);

    /// <summary>All names, for suggestions.</summary>
    public static IReadOnlyCollection<string> Names => ByName.Keys;

    /// <summary>Units that <see cref="Function.DateDiff"/> takes, with their milliseconds.</summary>
    public static IReadOnlyDictionary<string, long> Units { get; } = new Dictionary<string, long>(StringComparer.Ordinal)
    {
        ["ms"] = 1, ["second"] = 1_000, ["minute"] = 60_000, ["hour"] = 3_600_000, ["day"] = 86_400_000,
    };

    /// <summary>Finds a function by its name in rule text.</summary>
    public static bool TryGet(string name, out Function function) => ByName.TryGetValue(name, out function);

    /// <summary>The function's name in rule text.</summary>
    public static string Name(this Function function) => NameOf[function];

    /// <summary>How the function is called, for messages, such as <c>round(number, digits?)</c>.</summary>
    public static string Signature(Function function) => function.Name() + function switch
    {
        Function.Abs => "(number or duration)",
        Function.Ceil or Function.Floor or Function.Sqrt or Function.Ln or Function.Exp => "(number)",
        Function.Round => "(number, digits?)",
        Function.Pow => "(number, number)",
        Function.Greatest or Function.Least or Function.Coalesce => "(value, value, …)",
        Function.Lower or Function.Upper or Function.Trim or Function.Length => "(string)",
        Function.Substring => "(string, start, length?)",
        Function.Replace => "(string, from, to)",
        Function.Hour or Function.Minute or Function.DayOfWeek => "(timestamp)",
        Function.DateDiff => "(unit, timestamp, timestamp)",
        Function.DistanceKm => "(lat1, lon1, lat2, lon2)",
        _ => throw new ArgumentOutOfRangeException(nameof(function), function, null),
    };

    /// <summary>The kind of a call with arguments of these kinds, or null when the function does not take them.</summary>
    public static ValueKind? Result(Function function, IReadOnlyList<ValueKind> arguments)
    {
        bool Are(params ReadOnlySpan<ValueKind> kinds) => arguments.SequenceEqual(kinds.ToArray());
        bool AllNumeric(int count) => arguments.Count == count && arguments.All(a => a.IsNumeric());
        switch (function)
        {
            case Function.Abs:
                return AllNumeric(1) || Are(ValueKind.Duration) ? arguments[0] : null;
            case Function.Ceil or Function.Floor:
                return AllNumeric(1) ? arguments[0] : null;
            case Function.Round:
                return AllNumeric(1) || (AllNumeric(2) && arguments[1] == ValueKind.Long) ? arguments[0] : null;
            case Function.Sqrt or Function.Ln or Function.Exp:
                return AllNumeric(1) ? ValueKind.Double : null;
            case Function.Pow:
                return AllNumeric(2) ? ValueKind.Double : null;
            case Function.Greatest or Function.Least or Function.Coalesce:
                return arguments.Count == 0 || (function != Function.Coalesce && arguments.Contains(ValueKind.Bool)) ? null : CommonOf(arguments);
            case Function.Lower or Function.Upper or Function.Trim:
                return Are(ValueKind.String) ? ValueKind.String : null;
            case Function.Length:
                return Are(ValueKind.String) ? ValueKind.Long : null;
            case Function.Substring:
                return Are(ValueKind.String, ValueKind.Long) || Are(ValueKind.String, ValueKind.Long, ValueKind.Long) ? ValueKind.String : null;
            case Function.Replace:
                return Are(ValueKind.String, ValueKind.String, ValueKind.String) ? ValueKind.String : null;
            case Function.Hour or Function.Minute or Function.DayOfWeek:
                return Are(ValueKind.Timestamp) ? ValueKind.Long : null;
            case Function.DateDiff:
                return Are(ValueKind.String, ValueKind.Timestamp, ValueKind.Timestamp) ? ValueKind.Long : null;
            case Function.DistanceKm:
                return AllNumeric(4) ? ValueKind.Double : null;
            default:
                throw new ArgumentOutOfRangeException(nameof(function), function, null);
        }
    }

    internal static Expr Call(Function function, IReadOnlyList<Expr> arguments)
    {
        var kinds = arguments.Select(a => a.Kind).ToArray();
        var result = Result(function, kinds)
            ?? throw new ArgumentException($"{Signature(function)} does not take ({string.Join(", ", kinds.Select(k => k.Name()))}).", nameof(arguments));
        if (function == Function.DateDiff && arguments[0] is not LiteralExpr { Value: string unit })
            throw new ArgumentException("The unit of date_diff must be a constant text.", nameof(arguments));
        if (function == Function.DateDiff && !Units.ContainsKey((string)((LiteralExpr)arguments[0]).Value!))
            throw new ArgumentException($"The unit of date_diff is one of {string.Join(", ", Units.Keys)}.", nameof(arguments));
        Expr To(Expr e) => function switch
        {
            Function.Sqrt or Function.Ln or Function.Exp or Function.Pow or Function.DistanceKm => ExprFactory.Widen(e, ValueKind.Double),
            Function.Greatest or Function.Least or Function.Coalesce => ExprFactory.Widen(e, result),
            _ => e,
        };
        return new CallExpr(function, arguments.Select(To).ToArray(), result);
    }

    private static ValueKind? CommonOf(IReadOnlyList<ValueKind> kinds)
    {
        ValueKind? common = kinds[0];
        foreach (var kind in kinds.Skip(1))
            common = common == kind ? kind : common is { } c ? ValueKinds.Common(c, kind) : null;
        return common;
    }
}
